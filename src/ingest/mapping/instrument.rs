//! Which instrument a file belongs to. Owns file-name patterns; it looks at names, not into files.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use crate::config::{Plan, Source};
use crate::error::Problem;

/// The one source (index) whose patterns match the file's name, whatever its case.
///
/// # Errors
/// A problem that lists the patterns, if none matches or several do.
pub(in crate::ingest) fn instrument(plan: &Plan, path: &Path) -> Result<u16, Problem> {
    let name = path.file_name().map(|n| n.to_string_lossy().to_lowercase()).unwrap_or_default();
    let matching: Vec<usize> =
        (0..plan.sources.len()).filter(|&i| plan.sources.get(i).is_some_and(|s| takes(s, &name))).collect();
    match matching.as_slice() {
        [one] => Ok(u16::try_from(*one).unwrap_or(u16::MAX)),
        [] => Err(Problem::new(
            format!("no [[source]] takes this file; their patterns are {}", patterns(&plan.sources)),
            path.display().to_string(),
            "Add a pattern for it to files of its [[source]], or leave the file out.",
        )),
        several => Err(Problem::new(
            format!(
                "{} sources take this file: {}",
                several.len(),
                patterns(several.iter().filter_map(|&i| plan.sources.get(i)))
            ),
            path.display().to_string(),
            "Make the patterns of files narrower, so that each file belongs to one instrument.",
        )),
    }
}

/// A problem for every file that is given twice, under one name or two.
pub(in crate::ingest) fn check_distinct(paths: &[PathBuf]) -> Vec<Problem> {
    let mut seen: HashMap<PathBuf, &PathBuf> = HashMap::new();
    let mut problems = Vec::new();
    for path in paths {
        let real = std::fs::canonicalize(path).unwrap_or_else(|_| path.clone());
        if let Some(before) = seen.insert(real, path) {
            let what = match before == path {
                true => "is given twice".to_string(),
                false => format!("is the same file as {}", before.display()),
            };
            problems.push(Problem::new(
                what,
                path.display().to_string(),
                "Give each file once; its respondents would count double.",
            ));
        }
    }
    problems
}

fn takes(source: &Source, name: &str) -> bool {
    let name: Vec<char> = name.chars().collect();
    let fits = |pattern: &String| wildcard(&pattern.to_lowercase().chars().collect::<Vec<_>>(), &name);
    source.files.is_empty() || source.files.iter().any(fits)
}

fn patterns<'a>(sources: impl IntoIterator<Item = &'a Source>) -> String {
    let one = |s: &Source| match s.files.as_slice() {
        [] => format!("{} (every file)", s.id),
        files => format!("{} (\"{}\")", s.id, files.join("\", \"")),
    };
    sources.into_iter().map(one).collect::<Vec<_>>().join(", ")
}

/// `*` is any run of characters, `?` is one; everything else is itself.
fn wildcard(pattern: &[char], name: &[char]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(&c) if c == '?' || Some(&c) == name.get(n) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((at, taken)) => {
                    star = Some((at, taken + 1));
                    p = at + 1;
                    n = taken + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(|&c| c == '*'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, name: &str) -> bool {
        wildcard(&pattern.chars().collect::<Vec<_>>(), &name.chars().collect::<Vec<_>>())
    }

    #[test]
    fn patterns_match_whole_names() {
        for (pattern, name, expected) in [
            ("*easy*9-12*.csv", "big ask easy read 9-12 wave 2.csv", true),
            ("*easy*9-12*.csv", "easy 9-12.csv.gz", false),
            ("wave?.csv", "wave1.csv", true),
            ("wave?.csv", "wave10.csv", false),
            ("*", "", true),
            ("a*a*a", "aa", false),
            ("a**b", "ab", true),
            ("*.csv", "\u{1f9d2}.csv", true),
        ] {
            assert_eq!(fits(pattern, name), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_file_given_twice_is_a_problem_under_any_name() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.csv");
        std::fs::write(&file, "x\n1\n").unwrap();
        let dotted = folder.path().join(".").join("a.csv");
        assert!(check_distinct(std::slice::from_ref(&file)).is_empty());
        assert_eq!(check_distinct(&[file.clone(), file.clone()]).len(), 1);
        assert_eq!(check_distinct(&[file, dotted]).len(), 1);
    }
}
