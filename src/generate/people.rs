//! Respondents: who they are, how they feel, how they write. Owns the shares and the links between
//! circumstances; it writes no word of an answer.

use super::Instrument;
use super::random::Draw;

/// Circumstances that decide what somebody writes about, as bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Flags(pub u32);

macro_rules! flags {
    ($($(#[$doc:meta])* $constant:ident = $name:literal),* $(,)?) => {
        const NAMES: &[&str] = &[$($name),*];
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Bit { $($constant),* }
        impl Flags {
            $($(#[$doc])* pub const $constant: Flags = Flags(1 << Bit::$constant as u32);)*
        }
    };
}

flags! {
    /// Up to 8 years old.
    YOUNG = "y",
    /// 9 to 11.
    MIDDLE = "m",
    /// 9 and older.
    GROWN = "g",
    /// 12 and older.
    OLDER = "o",
    /// 15 and older.
    TEEN = "t",
    /// Says she is a girl.
    GIRL = "girl",
    /// Says he is a boy.
    BOY = "boy",
    /// In care, of whatever kind.
    CARE = "care",
    /// With a foster family.
    FOSTER = "foster",
    /// In a children's home.
    HOME = "home",
    /// With kinship carers.
    KIN = "kin",
    /// With an adoptive family.
    ADOPTED = "adopted",
    /// In care and 16 or older.
    LEAVER = "leaver",
    /// In custody or a secure children's home.
    SECURE = "secure",
    /// In a mental health hospital.
    WARD = "ward",
    /// Has special educational needs or a disability.
    SEND = "send",
    /// In a family with little money.
    POOR = "poor",
    /// Feels low.
    LOW = "low",
    /// Looks after somebody at home.
    CARER = "carer",
    /// Of a minority ethnic group.
    MINORITY = "minority",
    /// Came from another country.
    MIGRANT = "migrant",
    /// A parent writes for the child.
    PARENT = "parent",
}

impl Flags {
    /// The flag of a name in data/*.txt.
    pub fn of(name: &str) -> Option<Flags> {
        NAMES.iter().position(|n| *n == name).map(|i| Flags(1 << i))
    }

    /// Whether all of `needs` are set.
    pub fn has(self, needs: Flags) -> bool {
        self.0 & needs.0 == needs.0
    }

    fn set(&mut self, flag: Flags, on: bool) {
        if on {
            self.0 |= flag.0;
        }
    }
}

/// A category: a place in the value lists of `columns`; `None` is a blank.
pub type Category = Option<u8>;

/// Somebody who answers.
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Years, 4 to 18; asked of everyone and sometimes left blank.
    pub age: u32,
    /// Whether the age was left blank.
    pub age_blank: bool,
    /// Girl, boy, non-binary, in another way, doesn't want to say.
    pub gender: Category,
    /// The nine regions of England.
    pub region: Category,
    /// The census's five groups, then doesn't want to say.
    pub ethnicity: Category,
    /// Who they live with.
    pub live_with: Category,
    /// Secure settings, then none.
    pub setting: Category,
    /// Yes, no, don't know.
    pub send: Category,
    /// Free school meals: yes, no, don't know.
    pub meals: Category,
    /// All that decides what is written.
    pub flags: Flags,
    /// How life goes: about standard normal among those without difficulties.
    pub mood: f32,
    /// Post-stratification weight, mean 1.
    pub weight: f64,
}

/// Shares per age 4 to 18 of those who answer, and of the children there are.
const AGES: [(f32, f32); 15] = [
    (1.5, 6.6),
    (2.0, 6.6),
    (5.0, 6.7),
    (7.0, 6.7),
    (9.0, 6.8),
    (11.0, 6.8),
    (12.0, 6.9),
    (12.0, 6.9),
    (10.0, 6.9),
    (9.0, 6.8),
    (7.5, 6.7),
    (6.0, 6.6),
    (4.0, 6.5),
    (3.0, 6.4),
    (1.0, 6.1),
];
/// The easy-read questionnaire was offered from 9.
const EASY_AGES: [f32; 15] =
    [0.0, 0.0, 0.0, 0.0, 0.0, 10.0, 12.0, 13.0, 13.0, 12.0, 11.0, 10.0, 8.0, 7.0, 4.0];
const GENDERS: [f32; 5] = [50.5, 43.5, 1.3, 0.9, 3.8];
/// Girls and boys among all children; the others weigh 1.
const GENDER_SHARES: [f32; 2] = [48.8, 51.2];
const REGIONS: [(f32, f32); 9] = [
    (6.5, 4.5),
    (15.0, 13.2),
    (12.0, 9.8),
    (8.0, 8.4),
    (9.5, 10.8),
    (9.0, 11.1),
    (12.0, 15.9),
    (16.0, 16.6),
    (12.0, 9.7),
];
const ETHNICITIES: [f32; 6] = [68.0, 12.5, 6.0, 7.0, 2.5, 4.0];
/// Mum and dad; mum; dad; between the two; parent and step-parent; kinship; adoptive; foster;
/// children's home; supported accommodation and with a partner or friends (both from 16); doesn't want
/// to say.
const HOMES: [f32; 12] = [59.0, 18.0, 2.6, 7.6, 7.0, 1.1, 0.5, 0.95, 0.3, 0.5, 0.6, 2.8];
/// Young offender institution (from 15); secure children's home; secure school or training centre;
/// mental health hospital: percent of those aged 11 to 14, and of those who are older.
const SETTINGS: [[f32; 4]; 2] = [[0.0, 0.16, 0.1, 0.28], [0.9, 0.2, 0.15, 0.55]];

/// The weights of a cell, so that the shares of those who answer become those of all children.
fn cell_weight(sample: f32, all: f32, sample_sum: f32, all_sum: f32) -> f64 {
    if sample > 0.0 { f64::from(all / all_sum) / f64::from(sample / sample_sum) } else { 1.0 }
}

impl Person {
    /// The next respondent of a stream.
    pub fn new(instrument: Instrument, draw: &mut Draw) -> Person {
        let easy = instrument == Instrument::EasyRead;
        let mut p = Person { weight: 1.0, ..Person::default() };
        p.age_and_gender(easy, draw);
        p.place_and_origin(draw);
        p.home(draw);
        p.secure_setting(easy, draw);
        p.needs(easy, draw);
        p.feelings(draw);
        p.weight = (p.weight * 1e4).round() / 1e4;
        p
    }

    fn age_and_gender(&mut self, easy: bool, draw: &mut Draw) {
        let shares: [f32; 15] = if easy { EASY_AGES } else { AGES.map(|a| a.0) };
        let i = draw.weighted(shares.into_iter());
        self.age = 4 + i as u32;
        self.age_blank = draw.chance(0.012);
        if let (false, false, Some((sample, all))) = (easy, self.age_blank, AGES.get(i)) {
            let sum = |f: fn(&(f32, f32)) -> f32| AGES.iter().map(f).sum::<f32>();
            self.weight *= cell_weight(*sample, *all, sum(|a| a.0), sum(|a| a.1)).clamp(0.3, 4.0);
        }
        let gender = draw.weighted(GENDERS.into_iter());
        self.gender = (!draw.chance(0.01)).then_some(gender as u8);
        if let (Some(sample), Some(all), Some(_)) =
            (GENDERS.get(gender), GENDER_SHARES.get(gender), self.gender)
        {
            let [girls, boys, ..] = GENDERS;
            self.weight *= cell_weight(*sample, *all, girls + boys, 100.0);
        }
        self.flags.set(Flags::YOUNG, self.age <= 8);
        self.flags.set(Flags::MIDDLE, (9..=11).contains(&self.age));
        self.flags.set(Flags::GROWN, self.age >= 9);
        self.flags.set(Flags::OLDER, self.age >= 12);
        self.flags.set(Flags::TEEN, self.age >= 15);
        self.flags.set(Flags::GIRL, gender == 0);
        self.flags.set(Flags::BOY, gender == 1);
        self.flags.set(Flags::PARENT, draw.chance(if self.age <= 5 { 0.6 } else { 0.0 }));
    }

    fn place_and_origin(&mut self, draw: &mut Draw) {
        let region = draw.weighted(REGIONS.iter().map(|r| r.0));
        self.region = (!draw.chance(0.015)).then_some(region as u8);
        if let (Some((sample, all)), Some(_)) = (REGIONS.get(region), self.region) {
            self.weight *= cell_weight(*sample, *all, 100.0, 100.0);
        }
        let ethnicity = draw.weighted(ETHNICITIES.into_iter());
        self.ethnicity = (!draw.chance(0.02)).then_some(ethnicity as u8);
        let minority = (1..=4).contains(&ethnicity);
        self.flags.set(Flags::MINORITY, minority);
        self.flags.set(Flags::MIGRANT, draw.chance(if minority { 0.05 } else { 0.005 }));
    }

    fn home(&mut self, draw: &mut Draw) {
        let mut home = draw.weighted(HOMES.into_iter());
        if (9..=10).contains(&home) && self.age < 16 {
            home = 0;
        }
        self.live_with = (!draw.chance(0.01)).then_some(home as u8);
        let care = (7..=9).contains(&home);
        self.flags.set(Flags::KIN, home == 5);
        self.flags.set(Flags::ADOPTED, home == 6);
        self.flags.set(Flags::FOSTER, home == 7);
        self.flags.set(Flags::HOME, home == 8);
        self.flags.set(Flags::CARE, care);
        self.flags.set(Flags::LEAVER, care && self.age >= 16);
        let poor = match home {
            1 => 0.42,
            5 => 0.4,
            0 => 0.17,
            _ => 0.25,
        };
        self.flags.set(Flags::POOR, draw.chance(poor));
    }

    fn secure_setting(&mut self, easy: bool, draw: &mut Draw) {
        const NONE: u8 = 4;
        let [younger, older] = SETTINGS;
        let shares = if self.age < 15 { younger } else { older };
        let p = shares.iter().sum::<f32>() / 100.0 * if easy { 4.0 } else { 1.0 };
        let mut setting = NONE;
        if self.age >= 11 && draw.chance(p) {
            setting = draw.weighted(shares.into_iter()) as u8;
        }
        self.setting = (setting != NONE || !draw.chance(0.02)).then_some(setting);
        self.flags.set(Flags::SECURE, setting < 3);
        self.flags.set(Flags::WARD, setting == 3);
    }

    fn needs(&mut self, easy: bool, draw: &mut Draw) {
        let base = if easy { 0.7 } else { 0.15 };
        let more = [(Flags::CARE, 0.35), (Flags::SECURE, 0.4), (Flags::BOY, 0.05), (Flags::POOR, 0.05)];
        let p = more.iter().filter(|(f, _)| self.flags.has(*f)).fold(base, |p: f32, (_, q)| p + q);
        let send = draw.chance(p.min(0.9));
        self.flags.set(Flags::SEND, send);
        self.send = match (send, draw.unit()) {
            (_, x) if x < 0.012 => None,
            (true, x) if x < 0.9 => Some(0),
            (false, x) if x < 0.9 => Some(1),
            _ => Some(2),
        };
        let meals = draw.chance(if self.flags.has(Flags::POOR) { 0.72 } else { 0.07 });
        self.meals = match draw.unit() {
            x if x < 0.02 => None,
            x if x < 0.08 => Some(2),
            _ => Some(if meals { 0 } else { 1 }),
        };
        let carer = if self.flags.has(Flags::POOR) { 0.07 } else { 0.03 };
        self.flags.set(Flags::CARER, self.age >= 7 && draw.chance(carer));
    }

    fn feelings(&mut self, draw: &mut Draw) {
        let less = [
            (Flags::CARE, 0.35),
            (Flags::SECURE, 0.7),
            (Flags::WARD, 1.4),
            (Flags::SEND, 0.3),
            (Flags::POOR, 0.3),
            (Flags::CARER, 0.2),
            (Flags::TEEN, 0.3),
            (Flags::OLDER, 0.2),
        ];
        let low = less.iter().filter(|(f, _)| self.flags.has(*f)).fold(0.0, |sum, (_, x)| sum + x);
        let girl = if self.flags.has(Flags::GIRL) && self.age >= 12 { 0.2 } else { 0.0 };
        self.mood = draw.normal() - low - girl;
        self.flags.set(Flags::LOW, self.mood < -0.9);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn crowd(n: usize) -> Vec<Person> {
        let mut draw = Draw::new(5, 0, 0);
        (0..n).map(|_| Person::new(Instrument::Main, &mut draw)).collect()
    }

    fn share(people: &[Person], f: impl Fn(&Person) -> bool) -> f64 {
        people.iter().filter(|p| f(p)).count() as f64 / people.len() as f64
    }

    #[test]
    fn circumstances_have_their_shares() {
        let people = crowd(100_000);
        let near = |flag: Flags, want: f64| {
            let got = share(&people, |p| p.flags.has(flag));
            assert!((got - want).abs() < want * 0.2, "{flag:?}: {got}, not {want}");
        };
        near(Flags::CARE, 0.0125);
        near(Flags::FOSTER, 0.0095);
        near(Flags(0), 1.0);
        near(Flags::SEND, 0.19);
        let setting = share(&people, |p| p.setting.is_some_and(|s| s < 4));
        assert!((setting - 0.005).abs() < 0.001, "{setting}");
    }

    #[test]
    fn weights_have_mean_1() {
        let people = crowd(100_000);
        let mean = people.iter().map(|p| p.weight).sum::<f64>() / people.len() as f64;
        assert!((mean - 1.0).abs() < 0.03, "{mean}");
        assert!(people.iter().all(|p| p.weight > 0.1 && p.weight < 10.0));
    }

    #[test]
    fn feelings_follow_circumstances() {
        let people = crowd(100_000);
        let low = |flag| {
            let some: Vec<Person> = people.iter().filter(|p| p.flags.has(flag)).cloned().collect();
            share(&some, |p| p.flags.has(Flags::LOW))
        };
        assert!(low(Flags::WARD) > low(Flags::CARE) && low(Flags::CARE) > low(Flags(0)) * 1.2);
    }
}
