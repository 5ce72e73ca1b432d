//! The words that answers are made of: data/*.txt, read once. Owns the form of those files; it
//! chooses nothing.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

use super::people::Flags;
use super::phrase::{Notation, Part, Phrase};

/// All words.
pub struct Vocabulary {
    /// Lists that phrases draw on.
    pub lists: Vec<Vec<Phrase>>,
    /// The codebook's themes, in the order of the files.
    pub themes: Vec<Theme>,
    /// The codebook's concerns.
    pub concerns: Vec<Theme>,
    /// How clauses become sentences.
    pub frames: Frames,
    /// Short answers of many, commonest first.
    pub common: Vec<&'static str>,
    /// Answers that say nothing, commonest first.
    pub nothing: Vec<&'static str>,
    /// Answers in other languages, a list a language.
    pub languages: Vec<Vec<&'static str>>,
    /// Sentences that carry an identifier, by its kind.
    pub plants: Vec<PlantFrames>,
    /// What invented names are made from.
    pub names: Names,
    /// How children spell.
    pub spelling: Spelling,
}

/// A theme or concern.
pub struct Theme {
    /// How often it is written about.
    pub weight: f32,
    /// What multiplies that.
    pub factors: Vec<(Flags, f32)>,
    /// Clauses and topics by part, in the order of [`Part::ALL`].
    pub clauses: [Vec<Clause>; 8],
}

/// A clause or topic.
pub struct Clause {
    /// Its number among all.
    pub id: u32,
    /// Who can say it.
    pub needs: Flags,
    /// The words.
    pub phrase: Phrase,
}

/// Frames by what they hold.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Frames {
    pub demand: Vec<Clause>,
    pub so: Vec<Clause>,
    pub opinion: Vec<Clause>,
    pub story: Vec<Clause>,
    pub praise: Vec<Clause>,
    pub parent: Vec<Clause>,
    pub short: Vec<Clause>,
    pub reason: Vec<Clause>,
    pub join: Vec<Clause>,
    pub extra: Vec<Clause>,
    pub turn: Vec<Clause>,
    pub close: Vec<Clause>,
    pub open: Vec<Clause>,
}

/// Sentences that carry identifiers of one kind.
pub struct PlantFrames {
    /// How often this kind is planted.
    pub weight: f32,
    /// For the beginning of an answer (B), its end (E) or either (A).
    pub frames: Vec<(char, Phrase)>,
}

/// Lists of invented names.
#[derive(Default)]
#[allow(missing_docs)]
pub struct Names {
    pub given: Vec<&'static str>,
    pub family: Vec<&'static str>,
    pub towns: Vec<&'static str>,
    pub street_names: Vec<&'static str>,
    pub street_types: Vec<&'static str>,
    pub school_names: Vec<&'static str>,
    pub primary_types: Vec<&'static str>,
    pub school_types: Vec<&'static str>,
    pub handle_words: Vec<&'static str>,
    pub reference_offices: Vec<&'static str>,
}

/// Something by word. Nothing is ever read in the table's own order.
pub type Words<T> = HashMap<&'static str, T, BuildHasherDefault<Fnv>>;

/// The Fowler-Noll-Vo hash (FNV-1a): quick for short words, and these are ours.
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Fnv(0xCBF2_9CE4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for b in bytes {
            self.0 = (self.0 ^ u64::from(*b)).wrapping_mul(0x100_0000_01B3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// What becomes of words, all by the word in lower case.
#[derive(Default)]
pub struct Spelling {
    /// Misspellings.
    pub wrong: Words<Vec<&'static str>>,
    /// With its capitals.
    pub capitals: Words<&'static str>,
    /// As typed on a phone.
    pub textspeak: Words<&'static str>,
    /// What is added at the end.
    pub emoji: Vec<&'static str>,
}

static VOCABULARY: LazyLock<Vocabulary> = LazyLock::new(|| read().0);

/// The files of themes.
const THEMES: [&str; 6] = [
    include_str!("data/themes_family.txt"),
    include_str!("data/themes_school.txt"),
    include_str!("data/themes_community.txt"),
    include_str!("data/themes_health.txt"),
    include_str!("data/themes_care.txt"),
    include_str!("data/themes_world.txt"),
];
const CONCERNS: &str = include_str!("data/concerns.txt");

/// The words, read at the first call.
pub fn vocabulary() -> &'static Vocabulary {
    &VOCABULARY
}

/// Headers and the lines below each, without comments.
fn sections(text: &'static str) -> Vec<(&'static str, Vec<&'static str>)> {
    let mut out: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in text.lines().filter(|l| !l.starts_with("# ") && !l.trim().is_empty()) {
        match line.strip_prefix('[') {
            Some(head) if out.is_empty() || !part_like(line) => out.push((head, Vec::new())),
            _ => {
                if let Some((_, lines)) = out.last_mut() {
                    lines.push(line.trim());
                }
            }
        }
    }
    out
}

/// `[y] text`, a frame that only some can say, is no header.
fn part_like(line: &str) -> bool {
    line.split_once("] ").is_some_and(|(flags, _)| needs(flags.trim_start_matches('[')).is_some())
}

fn needs(flags: &str) -> Option<Flags> {
    flags.split(',').map(Flags::of).try_fold(Flags(0), |all, f| f.map(|f| Flags(all.0 | f.0)))
}

fn lines(text: &'static str) -> Vec<&'static str> {
    text.lines().filter(|l| !l.starts_with("# ") && !l.is_empty()).collect()
}

fn entries(line: &'static str) -> impl Iterator<Item = &'static str> {
    line.split(';').map(str::trim).filter(|e| !e.is_empty())
}

/// Numbers the clauses and collects what is not understood.
#[derive(Default)]
struct Reader {
    notation: Notation,
    problems: Vec<&'static str>,
    next: u32,
}

impl Reader {
    fn clause(&mut self, needs: Flags, text: &'static str) -> Clause {
        self.next += 1;
        Clause { id: self.next, needs, phrase: self.notation.phrase(text) }
    }

    fn lists(&mut self) -> Vec<Vec<Phrase>> {
        let mut out = Vec::new();
        for (head, lines) in sections(include_str!("data/lists.txt")) {
            let list: Vec<Phrase> =
                lines.into_iter().flat_map(entries).map(|e| self.notation.phrase(e)).collect();
            let words = list.iter().map(|p| p.words).sum::<f32>() / list.len().max(1) as f32;
            self.notation.lists.push((head.trim_end_matches(']'), words));
            out.push(list);
        }
        out
    }

    fn themes(&mut self, text: &'static str) -> Vec<Theme> {
        sections(text).into_iter().map(|(head, lines)| self.theme(head, lines)).collect()
    }

    fn theme(&mut self, head: &'static str, lines: Vec<&'static str>) -> Theme {
        let (_, rest) = head.split_once(']').unwrap_or((head, ""));
        let mut theme = Theme { weight: 1.0, factors: Vec::new(), clauses: Default::default() };
        for word in rest.split_whitespace() {
            match (word.parse(), factor(word)) {
                (Ok(weight), _) => theme.weight = weight,
                (_, Some(f)) => theme.factors.push(f),
                _ => self.problems.push(word),
            }
        }
        for line in lines {
            self.line(line, &mut theme.clauses);
        }
        theme
    }

    /// `S[flags] text`, or topics separated by `;`.
    fn line(&mut self, line: &'static str, clauses: &mut [Vec<Clause>; 8]) {
        let (head, text) = line.split_once(' ').unwrap_or((line, ""));
        let (letter, flags) = head.split_once('[').unwrap_or((head, ""));
        let flags = flags.trim_end_matches(']');
        let who = if flags.is_empty() { Some(Flags(0)) } else { needs(flags) };
        let (Some(part), Some(who)) = (Part::of(letter), who) else {
            self.problems.push(line);
            return;
        };
        let Some(list) = clauses.get_mut(part as usize) else { return };
        if matches!(part, Part::More | Part::Less | Part::Word) {
            list.extend(entries(text).map(|e| self.clause(who, e)));
        } else {
            list.push(self.clause(who, text));
        }
    }

    fn frames(&mut self) -> Frames {
        let mut frames = Frames::default();
        self.notation.frames = true;
        for (head, lines) in sections(include_str!("data/frames.txt")) {
            let name = head.trim_end_matches(']');
            let list = match name {
                "demand" => &mut frames.demand,
                "so" => &mut frames.so,
                "opinion" => &mut frames.opinion,
                "story" => &mut frames.story,
                "praise" => &mut frames.praise,
                "parent" => &mut frames.parent,
                "short" => &mut frames.short,
                "reason" => &mut frames.reason,
                "join" => &mut frames.join,
                "extra" => &mut frames.extra,
                "turn" => &mut frames.turn,
                "close" => &mut frames.close,
                "open" => &mut frames.open,
                _ => {
                    self.problems.push(name);
                    continue;
                }
            };
            list.extend(lines.into_iter().map(|line| self.frame(line)));
        }
        self.notation.frames = false;
        frames
    }

    /// `text` or `[flags] text`.
    fn frame(&mut self, line: &'static str) -> Clause {
        match line.strip_prefix('[').and_then(|l| l.split_once("] ")) {
            Some((flags, text)) => self.clause(needs(flags).unwrap_or_default(), text),
            None => self.clause(Flags(0), line),
        }
    }

    fn plants(&mut self) -> Vec<PlantFrames> {
        let mut out = Vec::new();
        for (head, lines) in sections(include_str!("data/plants.txt")) {
            let weight = head.split_once(']').and_then(|(_, w)| w.trim().parse().ok()).unwrap_or(1.0);
            let frames = lines
                .into_iter()
                .filter_map(|l| l.split_once(' '))
                .map(|(at, text)| (at.chars().next().unwrap_or('A'), self.notation.phrase(text)))
                .collect();
            out.push(PlantFrames { weight, frames });
        }
        out
    }

    fn names(&mut self) -> Names {
        let mut names = Names::default();
        for (head, lines) in sections(include_str!("data/names.txt")) {
            let list: Vec<&str> = lines.into_iter().flat_map(entries).collect();
            match head.trim_end_matches(']') {
                "given" => names.given = list,
                "family" => names.family = list,
                "town" => names.towns = list,
                "streetname" => names.street_names = list,
                "streettype" => names.street_types = list,
                "schoolname" => names.school_names = list,
                "primarytype" => names.primary_types = list,
                "schooltype" => names.school_types = list,
                "handleword" => names.handle_words = list,
                "office" => names.reference_offices = list,
                other => self.problems.push(other),
            }
        }
        names
    }

    fn spelling(&mut self) -> Spelling {
        let mut spelling = Spelling::default();
        for (head, lines) in sections(include_str!("data/spelling.txt")) {
            let pairs = lines.iter().filter_map(|l| l.split_once(' '));
            match head.trim_end_matches(']') {
                "misspelled" => {
                    spelling.wrong = pairs.map(|(w, all)| (w, all.split(' ').collect())).collect();
                }
                "capitals" => spelling.capitals = pairs.collect(),
                "textspeak" => spelling.textspeak = pairs.collect(),
                "emoji" => spelling.emoji = lines,
                other => self.problems.push(other),
            }
        }
        spelling
    }
}

/// `flag*number`.
fn factor(word: &str) -> Option<(Flags, f32)> {
    let (flag, number) = word.split_once('*')?;
    Some((Flags::of(flag)?, number.parse().ok()?))
}

/// The words, and what the files have that is not understood; a test asks that there be nothing.
fn read() -> (Vocabulary, Vec<&'static str>) {
    let mut reader = Reader::default();
    let lists = reader.lists();
    let themes = THEMES.iter().flat_map(|text| reader.themes(text)).collect();
    let concerns = reader.themes(CONCERNS);
    let frames = reader.frames();
    let plants = reader.plants();
    let names = reader.names();
    let spelling = reader.spelling();
    let mut problems = reader.problems;
    problems.append(&mut reader.notation.unknown);
    let words = Vocabulary {
        lists,
        themes,
        concerns,
        frames,
        common: lines(include_str!("data/common.txt")),
        nothing: lines(include_str!("data/nothing.txt")),
        languages: sections(include_str!("data/languages.txt")).into_iter().map(|(_, l)| l).collect(),
        plants,
        names,
        spelling,
    };
    (words, problems)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Codebook;

    #[test]
    fn the_files_are_understood() {
        assert_eq!(read().1, Vec::<&str>::new());
    }

    /// The heads of the sections of files, without their weights.
    fn ids(texts: &[&'static str]) -> Vec<&'static str> {
        let heads = texts.iter().flat_map(|t| sections(t)).map(|(head, _)| head);
        let mut ids: Vec<&str> = heads.map(|h| h.split(']').next().unwrap()).collect();
        ids.sort_unstable();
        ids
    }

    #[test]
    fn themes_are_the_codebooks() {
        let book = Codebook::load(None).unwrap();
        let mut themes: Vec<&str> = book.themes.iter().map(|t| t.id.as_str()).collect();
        let mut concerns: Vec<&str> = book.concerns.iter().map(|c| c.id.as_str()).collect();
        themes.sort_unstable();
        concerns.sort_unstable();
        assert_eq!(ids(&THEMES), themes);
        assert_eq!(ids(&[CONCERNS]), concerns);
    }

    /// Whoever comes to a theme finds something to say.
    #[test]
    fn every_theme_has_clauses_for_anybody() {
        for (i, theme) in vocabulary().themes.iter().enumerate() {
            for part in Part::ALL {
                let list = &theme.clauses[part as usize];
                let open = list.iter().filter(|c| c.needs == Flags(0)).count();
                let needed = !matches!(part, Part::Story | Part::Praise);
                assert!(!needed || open > 0, "theme {i} has no {part:?} for anybody");
            }
        }
        let clauses: usize = vocabulary().themes.iter().flat_map(|t| &t.clauses).map(Vec::len).sum();
        assert!(clauses > 1500, "{clauses}");
    }
}
