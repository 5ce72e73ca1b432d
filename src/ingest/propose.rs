//! What `bigask init` prints: a commented pipeline.toml made from a look at an export. Owns the order of
//! the judgement; a value of a cell is printed only if it recurs or is on a known scale.

mod counts;
mod decide;
mod fields;
mod kinds;
mod looks;
mod names;
mod profile;
mod scales;
mod sections;
mod several;
mod sources;
mod words;
mod write;

use std::path::{Path, PathBuf};

use super::coding::Coder;
use super::mapping::{check_distinct, instrument, map_file};
use super::{Cells, Export, Row};
use crate::config::{self, Input, Plan, Source};
use crate::error::{Error, Result};
use crate::observe::check_interrupt;
use decide::{Levels, Role};
use fields::{Field, Fields};

/// Looks at all of the files and proposes a pipeline.toml that `check` and `run` accept as it is.
///
/// # Errors
/// What opening and reading an export returns; `Config` if a file is given twice or files of different
/// headers have the same name; `Data` if no column holds an answer.
pub fn propose(paths: &[PathBuf]) -> Result<String> {
    let problems = check_distinct(paths);
    if !problems.is_empty() {
        return Err(Error::Config(problems));
    }
    let fields = read(paths)?;
    let roles = roles(&fields)?;
    let text = write::proposal(&fields, &roles);
    verify(&text, &fields)?;
    Ok(text)
}

/// Reads every cell of every file.
fn read(paths: &[PathBuf]) -> Result<Fields> {
    let Some(path) = paths.first() else {
        return Err(Error::config("no export file was given", "", "Name one export file or more."));
    };
    let plan = config::parse(config::DEFAULT_TOML, "the embedded default")?;
    let Some(source) = plan.sources.first() else {
        return Err(Error::Internal(format!("no instrument for {}", path.display())));
    };
    let mut fields = Fields::default();
    for path in paths {
        read_file(path, &plan.input, source, &mut fields)?;
    }
    fields.finish();
    Ok(fields)
}

fn read_file(path: &Path, input: &Input, source: &Source, fields: &mut Fields) -> Result<()> {
    let mut export = Export::open(path, input, source)?;
    let index = fields.add(path.to_path_buf(), export.header());
    let mut cells = Cells::new();
    let places = fields.instruments.get(index).map(|i| i.fields.clone()).unwrap_or_default();
    let mut rows: u64 = 0;
    loop {
        match export.next(&mut cells)? {
            Row::Read { .. } => {
                rows += 1;
                for (column, &field) in places.iter().enumerate() {
                    if let Some(field) = fields.all.get_mut(field) {
                        field.profile.add(cells.get(column));
                    }
                }
            }
            Row::Malformed { .. } => {}
            Row::End => break,
        }
        if rows.is_multiple_of(4096) {
            check_interrupt()?;
        }
    }
    if let Some(instrument) = fields.instruments.get_mut(index) {
        instrument.rows += rows;
        instrument.facts.push(export.facts());
    }
    Ok(())
}

/// What each field is.
fn roles(fields: &Fields) -> Result<Vec<Role>> {
    let everywhere = |f: &Field| f.columns.iter().all(Option::is_some);
    let mut roles: Vec<Option<Role>> = fields.all.iter().map(|f| decide::alone(f, everywhere(f))).collect();
    one_weight(&mut roles);
    respondent_id(fields, &mut roles);
    several::join(&fields.all, &mut roles);
    let known = roles.into_iter().zip(&fields.all);
    let mut roles: Vec<Role> = known.map(|(role, f)| role.unwrap_or_else(|| decide::answer(f))).collect();
    decide::share_scales(&mut roles);
    some_question(fields, &mut roles)?;
    Ok(roles)
}

/// The first weight is the weight.
fn one_weight(roles: &mut [Option<Role>]) {
    let weights = roles.iter_mut().filter(|r| matches!(r, Some(Role::Weight)));
    weights.skip(1).for_each(|r| *r = Some(Role::Tool("another weight")));
}

/// The column that is different in every row and is most surely called an id.
fn respondent_id(fields: &Fields, roles: &mut [Option<Role>]) {
    let candidate = |(i, (role, f)): (usize, (&Option<Role>, &Field))| {
        let open = matches!(role, Some(Role::OtherId));
        (open && f.profile.is_unique(f.rows)).then(|| decide::id_rank(f).map(|rank| (rank, i)))?
    };
    let best = roles.iter().zip(&fields.all).enumerate().filter_map(candidate).min();
    if let Some(role) = best.and_then(|(_, i)| roles.get_mut(i)) {
        *role = Some(Role::RespondentId);
    }
}

/// A configuration needs a question: where nothing looks like one, the first group or free text is one.
fn some_question(fields: &Fields, roles: &mut [Role]) -> Result<()> {
    if roles.iter().any(|r| matches!(r, Role::Question(_) | Role::Several(_))) {
        return Ok(());
    }
    let group = roles.iter().position(|r| matches!(r, Role::Group(_, Levels::Values(_))));
    let other = || {
        roles
            .iter()
            .position(|r| matches!(r, Role::OtherBox | Role::FreeDivision | Role::Constant | Role::Group(..)))
    };
    match group.or_else(other) {
        Some(at) => {
            if let (Some(role), Some(field)) = (roles.get_mut(at), fields.all.get(at)) {
                *role = Role::Question(decide::as_question(field));
            }
            Ok(())
        }
        None => {
            let place =
                fields.instruments.first().and_then(|i| i.files.first()).map(|f| f.display().to_string());
            Err(Error::data(
                "no column holds an answer: they are empty, ids, or say who somebody is",
                place.unwrap_or_default(),
                "Choose the export that has one row a respondent with all answers.",
            ))
        }
    }
}

/// A proposal must be accepted as it is.
fn verify(text: &str, fields: &Fields) -> Result<()> {
    let plan = config::parse(text, "the proposal").map_err(|e| Error::Internal(e.to_string()))?;
    for proposed in &fields.instruments {
        for file in &proposed.files {
            let source = instrument(&plan, file).map_err(|p| Error::Config(vec![p]))?;
            accepted(&plan, source, proposed, file)?;
        }
    }
    Ok(())
}

fn accepted(plan: &Plan, source: u16, proposed: &fields::Instrument, file: &Path) -> Result<()> {
    let mut problems = Vec::new();
    let mapping = map_file(plan, source, &proposed.lookup, &file.display().to_string(), &mut problems);
    Coder::new(plan, &mapping, &proposed.header, &mut problems);
    let same =
        plan.sources.get(usize::from(source)).is_some_and(|s| s.id == proposed.id || plan.sources.len() == 1);
    if problems.is_empty() && same {
        return Ok(());
    }
    let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Err(Error::Internal(format!("the proposal does not fit {}: {}", file.display(), told.join("; "))))
}

#[cfg(test)]
mod tests;
