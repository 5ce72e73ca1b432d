//! What single words and fixed phrases are: names, places, cues, everyday words. Owns the lists
//! under lexicon/ and how a word is looked up; it knows nothing of texts.

mod hasher;

use std::collections::HashMap;
use std::hash::BuildHasherDefault;
use std::ops::{BitOr, BitOrAssign};
use std::sync::LazyLock;

use super::phrases::Phrases;
use hasher::WordHasher;

type Words = HashMap<Box<str>, Class, BuildHasherDefault<WordHasher>>;

/// What a word can be: a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Class(u128);

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $section:literal),* $(,)?) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Index { $($name),* }
        impl Class {
            $($(#[$doc])* pub const $name: Class = Class(1 << Index::$name as u32);)*
        }
        /// The sections of the lists and what they say of a word.
        const SECTIONS: &[(&str, Class)] = &[$(($section, Class::$name)),*];
    };
}

classes! {
    /// An everyday word.
    COMMON = "common",
    /// A word that is never a name.
    FUNCTION = "function",
    /// A given name that is no word.
    GIVEN = "given",
    /// A given name that is a rare word.
    GIVEN_RARE = "given_rare_word",
    /// A given name that is an everyday word.
    GIVEN_WORD = "given_word",
    /// A family name.
    SURNAME = "surname",
    /// A family name that is an everyday word.
    SURNAME_WORD = "surname_word",
    /// A town, borough or county.
    PLACE = "place",
    /// A town that is also something else.
    PLACE_WORD = "place_word",
    /// Stays: a country, a public figure, a game, a brand.
    KEEP = "keep",
    /// Mr, Mrs, Dr.
    TITLE = "title",
    /// Miss: a title or a verb.
    MISS = "title_miss",
    /// Sir, coach: titles that are words.
    TITLE_SOFT = "title_soft",
    /// Auntie, nan: kin that stands before a name.
    KIN = "kin",
    /// Friend, teacher, brother: who is named next.
    RELATION = "relation",
    /// Dog, cat.
    PET = "pet",
    /// Boy, girl, someone.
    PERSON = "person",
    /// What a person does, in the third person.
    VERB = "verb",
    /// What stands after a name.
    FOLLOW = "follow",
    /// The, a, my.
    DET = "det",
    /// My, our, his.
    OWN = "ownership",
    /// Name, nickname.
    NAME_WORD = "name_word",
    /// Called, named.
    CALLED = "called",
    /// Is, are.
    BE = "be",
    /// Player, singer, film: what is named next is public.
    PUBLIC = "public",
    /// Watch, play, support.
    WATCH = "watch",
    /// In, from, near.
    PLACE_PREP = "place_prep",
    /// Live, moved, born.
    LIVE = "live",
    /// School, academy.
    SCHOOL_HEAD = "school_head",
    /// Primary, catholic: between a school's name and its head.
    SCHOOL_KIND = "school_kind",
    /// Words before "school" that do not name it.
    SCHOOL_GENERIC = "school_generic",
    /// House, ward, church.
    SETTING = "setting",
    /// United, rovers.
    TEAM = "team",
    /// Park, estate.
    LANDMARK = "landmark",
    /// Skate, theme: before "park" and no name.
    LANDMARK_GENERIC = "landmark_generic",
    /// Youth, council: before "club" or "house" and no name.
    SETTING_GENERIC = "setting_generic",
    /// Road, street.
    ROAD = "road",
    /// Way, hill: a road only beside a number or a cue.
    ROAD_WEAK = "road_weak",
    /// What is counted: a number before it is no house number.
    UNIT = "number_unit",
    /// January.
    MONTH = "month",
    /// Monday.
    DAY = "day",
    /// Zero, seven, double.
    DIGIT = "digit",
    /// Snapchat, roblox.
    PLATFORM = "platform",
    /// Beside a telephone number.
    PHONE_CUE = "phone_cue",
    /// Beside an NHS number.
    NHS_CUE = "nhs_cue",
    /// Beside a unique learner number.
    ULN_CUE = "uln_cue",
    /// Beside a unique pupil number.
    UPN_CUE = "upn_cue",
    /// Beside a National Insurance number.
    NI_CUE = "ni_cue",
    /// Beside a bank account or card.
    BANK_CUE = "bank_cue",
    /// Beside a vehicle plate.
    PLATE_CUE = "plate_cue",
    /// Beside a passport number.
    PASSPORT_CUE = "passport_cue",
    /// Beside a case or customer reference.
    CASE_CUE = "case_cue",
    /// Password, pin.
    SECRET_CUE = "secret_cue",
    /// Address.
    ADDRESS_CUE = "address_cue",
    /// Main, busy: before "road" and no name.
    ROAD_GENERIC = "road_generic",
    /// Go, attend: to a school.
    ATTEND = "attend",
    /// HMP, YOI.
    CUSTODY = "custody",
    /// Live, and nothing else.
    HOME = "home",
    /// North, upper: begins the name of a place.
    COMPASS = "compass",
    /// Dear, hi.
    GREETING = "greeting",
    /// Love, regards.
    CLOSING = "closing",
    /// Beside a date of birth.
    BIRTH_CUE = "birth_cue",
    /// Postcode.
    POSTCODE_CUE = "postcode_cue",
    /// Beside the first half of a postcode.
    AREA_CUE = "area_cue",
    /// St, saint.
    SAINT = "saint",
    /// Begins a phrase of several words.
    PHRASE = "",
    /// Set on tokens inside a phrase that stays.
    IN_KEEP = "",
    /// Set on tokens inside a place of several words.
    IN_PLACE = "",
}

impl Class {
    /// Nothing.
    pub const NONE: Class = Class(0);
    /// Any given name.
    pub const ANY_GIVEN: Class = Class(Class::GIVEN.0 | Class::GIVEN_RARE.0 | Class::GIVEN_WORD.0);
    /// Any family name.
    pub const ANY_SURNAME: Class = Class(Class::SURNAME.0 | Class::SURNAME_WORD.0);
    /// What can stand before a person's name.
    pub const PEOPLE_CUES: Class = Class(
        Class::NAME_WORD.0
            | Class::CALLED.0
            | Class::TITLE.0
            | Class::MISS.0
            | Class::KIN.0
            | Class::RELATION.0
            | Class::PET.0
            | Class::TITLE_SOFT.0
            | Class::GREETING.0,
    );
    /// The sections whose words need not be everyday words.
    const NAMES: Class = Class(
        Class::FUNCTION.0
            | Class::ANY_GIVEN.0
            | Class::ANY_SURNAME.0
            | Class::PLACE.0
            | Class::PLACE_WORD.0
            | Class::KEEP.0,
    );
    /// Anything that makes a word no unknown word.
    const KNOWN: Class = Class(
        Class::COMMON.0
            | Class::FUNCTION.0
            | Class::ANY_GIVEN.0
            | Class::ANY_SURNAME.0
            | Class::PLACE.0
            | Class::KEEP.0,
    );

    /// Whether it is any of `other`.
    pub fn is(self, other: Class) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the lists say neither that it is a word nor that it is a name.
    pub fn is_unknown(self) -> bool {
        !self.is(Class::KNOWN)
    }
}

impl BitOr for Class {
    type Output = Class;
    fn bitor(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

impl BitOrAssign for Class {
    fn bitor_assign(&mut self, other: Class) {
        self.0 |= other.0;
    }
}

/// The lists.
pub struct Lexicon {
    words: Words,
    /// Phrases of several words.
    pub phrases: Phrases<Class>,
}

/// The lists that come with the program.
pub static LEXICON: LazyLock<Lexicon> = LazyLock::new(|| {
    Lexicon::parse(&[
        include_str!("lexicon/common.txt"),
        include_str!("lexicon/cues.txt"),
        include_str!("lexicon/given.txt"),
        include_str!("lexicon/surnames.txt"),
        include_str!("lexicon/places.txt"),
        include_str!("lexicon/keep.txt"),
    ])
});

impl Lexicon {
    /// Reads lists: `# comment`, `[section]`, then entries, separated by commas in a list that has
    /// any, else by blanks.
    fn parse(lists: &[&str]) -> Self {
        let mut lexicon = Lexicon { words: Words::default(), phrases: Phrases::default() };
        for list in lists {
            let by_comma = list.lines().any(|l| !l.starts_with('#') && l.contains(','));
            let mut class = Class::NONE;
            for line in list.lines().filter(|l| !l.starts_with('#')) {
                if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
                    class = section(name);
                } else {
                    let is_gap = |c: char| if by_comma { c == ',' } else { c.is_whitespace() };
                    line.split(is_gap).for_each(|entry| lexicon.insert(entry.trim(), class));
                }
            }
        }
        lexicon
    }

    fn insert(&mut self, entry: &str, class: Class) {
        let words = super::phrases::words(entry);
        match words.as_slice() {
            [] => {}
            [word] => *self.words.entry(word.as_str().into()).or_default() |= class,
            [first, ..] => {
                *self.words.entry(first.as_str().into()).or_default() |= Class::PHRASE;
                self.phrases.insert(words, class);
            }
        }
    }

    /// What a word is: lower case, without apostrophes. `NONE` if no list has it.
    pub fn class(&self, word: &str) -> Class {
        self.words.get(word).copied().unwrap_or_default()
    }

    /// Whether an unlisted word is an everyday word with an ending, or drawn out ("sooo").
    pub fn derives_from_common(&self, word: &str) -> bool {
        !word.is_ascii() || word.len() < 4 && is_drawn_out(word) || self.stems(word) || self.drawn_out(word)
    }

    fn is_common(&self, word: &str) -> bool {
        word.len() > 2 && self.class(word).is(Class::COMMON)
    }

    fn stems(&self, word: &str) -> bool {
        const ENDINGS: [&str; 20] = [
            "s", "es", "ed", "d", "ing", "er", "ers", "est", "r", "ly", "ness", "less", "ful", "ment",
            "able", "ish", "ings", "nt", "ve", "ll",
        ];
        const TO_Y: [&str; 5] = ["ies", "ied", "ier", "iest", "ily"];
        const STARTS: [&str; 7] = ["un", "re", "over", "super", "non", "anti", "mis"];
        let strip = |ending: &str| word.strip_suffix(ending).filter(|base| base.len() > 2);
        ENDINGS.iter().filter_map(|e| strip(e).map(|base| (*e, base))).any(|(ending, base)| {
            let by_vowel = ending.starts_with(['e', 'i', 'a']);
            self.is_common(base)
                || by_vowel && self.is_common(&format!("{base}e"))
                || by_vowel && undouble(base).is_some_and(|b| self.is_common(b))
        }) || TO_Y.iter().filter_map(|e| strip(e)).any(|base| self.is_common(&format!("{base}y")))
            || STARTS
                .iter()
                .filter_map(|s| word.strip_prefix(s))
                .any(|base| base.len() > 3 && self.is_common(base))
    }

    /// "soooo" is "so", "pleeease" is "please".
    fn drawn_out(&self, word: &str) -> bool {
        if !is_drawn_out(word) {
            return false;
        }
        [1, 2].iter().any(|keep| {
            let short = squeeze(word, *keep);
            let class = self.class(&short);
            class.is(Class::COMMON | Class::FUNCTION) || short.len() < 3 || self.stems(&short)
        })
    }

    /// Whether an unknown word is one slip away from an everyday word.
    pub fn is_misspelt(&self, word: &str) -> bool {
        if word.len() < 4 || word.len() > 24 || !word.bytes().all(|b| b.is_ascii_lowercase()) {
            return false;
        }
        let mut scratch = String::with_capacity(word.len() + 1);
        (0..word.len()).any(|i| self.slip_at(word, i, &mut scratch))
    }

    /// One letter too many, two exchanged, one wrong or one missing at byte `i` of an ASCII word.
    fn slip_at(&self, word: &str, i: usize, scratch: &mut String) -> bool {
        let (Some(head), Some(tail)) = (word.get(..i), word.get(i + 1..)) else { return false };
        let Some(letter) = word.get(i..=i) else { return false };
        let mut known = |parts: &[&str]| {
            scratch.clear();
            parts.iter().for_each(|p| scratch.push_str(p));
            scratch.len() > 3 && self.class(scratch).is(Class::COMMON)
        };
        if known(&[head, tail]) {
            return true;
        }
        if let (Some(next), Some(rest)) = (tail.get(..1), tail.get(1..))
            && known(&[head, next, letter, rest])
        {
            return true;
        }
        const ALPHABET: &str = "abcdefghijklmnopqrstuvwxyz";
        (0..ALPHABET.len())
            .filter_map(|k| ALPHABET.get(k..=k))
            .any(|other| known(&[head, other, tail]) || known(&[head, letter, other, tail]))
    }
}

/// What a section says of its words. Every cue is an everyday word as well.
fn section(name: &str) -> Class {
    let class =
        SECTIONS.iter().find(|(section, _)| *section == name).map_or(Class::NONE, |(_, class)| *class);
    if class == Class::NONE || class.is(Class::NAMES) { class } else { class | Class::COMMON }
}

/// "stopp" to "stop".
fn undouble(base: &str) -> Option<&str> {
    let mut last = base.bytes().rev();
    (last.next() == last.next()).then(|| base.get(..base.len() - 1)).flatten()
}

fn is_drawn_out(word: &str) -> bool {
    word.as_bytes().windows(3).any(|w| matches!(w, [a, b, c] if a == b && b == c))
}

/// The word with runs of three or more of a letter cut to `keep`, and longer ends to the same.
fn squeeze(word: &str, keep: usize) -> String {
    let mut out = String::with_capacity(word.len());
    let mut run = String::new();
    for c in word.chars().chain(['\0']) {
        if !run.is_empty() && !run.ends_with(c) {
            let long = run.chars().count() > 2;
            out.extend(run.chars().take(if long { keep } else { 2 }));
            run.clear();
        }
        run.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_of_the_lists_is_known() {
        for (name, class) in SECTIONS.iter().filter(|(n, _)| !n.is_empty()) {
            assert!(section(name) != Class::NONE, "{name}");
            assert!(
                LEXICON.words.values().any(|c| c.is(*class)) || LEXICON.phrases.any(|c| c.is(*class)),
                "no list has a section {name}"
            );
        }
        assert!(SECTIONS.len() <= 128);
    }

    #[test]
    fn no_heading_of_the_lists_is_misspelt() {
        let lists = [
            include_str!("lexicon/cues.txt"),
            include_str!("lexicon/given.txt"),
            include_str!("lexicon/keep.txt"),
        ];
        for heading in
            lists.iter().flat_map(|l| l.lines()).filter_map(|l| l.strip_prefix('[')?.strip_suffix(']'))
        {
            assert!(section(heading) != Class::NONE, "{heading}");
        }
    }

    #[test]
    fn endings_and_drawn_out_words_are_everyday_words() {
        for word in
            ["parks", "stopped", "happier", "soooo", "unfriendly", "noooooo", "hugging", "pleeease", "ahhhh"]
        {
            assert!(LEXICON.class(word).is(Class::COMMON) || LEXICON.derives_from_common(word), "{word}");
        }
        for word in ["zofia", "okonkwo", "oakfield"] {
            assert!(!LEXICON.derives_from_common(word), "{word}");
        }
    }

    #[test]
    fn a_slip_is_not_a_name() {
        for word in ["exicted", "teachar", "happyy", "scoool", "freind"] {
            assert!(LEXICON.class(word).is(Class::COMMON) || LEXICON.is_misspelt(word), "{word}");
        }
        assert!(!LEXICON.is_misspelt("okonkwo"));
    }
}
