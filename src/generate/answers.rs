//! Closed answers, and how somebody got through the questionnaire. Owns how answers hang together;
//! the values' wording is in `columns`.

use super::people::{Category, Flags, Person};
use super::random::Draw;

/// Items of the agreement scale.
pub const ITEMS: usize = 8;
/// The place of "Don't know" after the five steps of the scale.
pub const DONT_KNOW: u8 = 5;
/// Options of "outside school", and of "your area".
pub const OUTSIDE: usize = 6;
/// Options of "your area".
pub const AREA: usize = 7;

/// What one respondent ticked.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// Step 0 to 4, or [`DONT_KNOW`].
    pub likert: [Category; ITEMS],
    /// Whom they would talk to.
    pub talk_to: Category,
    /// A bit per option.
    pub outside: u8,
    /// A bit per option, three at most.
    pub area: u8,
    /// Half hours outside yesterday.
    pub half_hours: Option<u32>,
    /// Seconds since the questionnaire opened, and spent on it.
    pub started: u32,
    /// Seconds spent on it.
    pub seconds: u32,
    /// Percent of the questionnaire seen; what comes later is blank.
    pub progress: u32,
}

/// An item: its level, how much it follows the mood, what lowers it, and the share of "Don't know".
struct Item {
    level: f32,
    mood: f32,
    less: &'static [(Flags, f32)],
    dont_know: f32,
}

const HOME: Item = Item {
    level: 1.7,
    mood: 0.5,
    less: &[(Flags::CARE, 0.9), (Flags::POOR, 0.5), (Flags::SECURE, 1.4), (Flags::WARD, 0.6)],
    dont_know: 0.015,
};
const LOOKED_AFTER: Item = Item {
    level: 1.8,
    mood: 0.6,
    less: &[(Flags::CARE, 0.6), (Flags::SECURE, 0.9), (Flags::KIN, 0.1)],
    dont_know: 0.015,
};
const MONEY: Item = Item {
    level: 1.2,
    mood: 0.3,
    less: &[(Flags::POOR, 1.5), (Flags::CARE, 0.3), (Flags::CARER, 0.3)],
    dont_know: 0.06,
};
const SCHOOL: Item = Item {
    level: 0.6,
    mood: 0.7,
    less: &[(Flags::SEND, 0.5), (Flags::OLDER, 0.5), (Flags::SECURE, 0.7), (Flags::CARE, 0.3)],
    dont_know: 0.02,
};
const LEARNING: Item = Item {
    level: 1.0,
    mood: 0.5,
    less: &[(Flags::SEND, 0.8), (Flags::OLDER, 0.3), (Flags::SECURE, 0.5)],
    dont_know: 0.03,
};
const FRIENDS: Item = Item {
    level: 1.4,
    mood: 0.7,
    less: &[(Flags::SEND, 0.5), (Flags::CARE, 0.3), (Flags::WARD, 0.6)],
    dont_know: 0.02,
};
const SAFE: Item = Item {
    level: 0.9,
    mood: 0.5,
    less: &[(Flags::POOR, 0.5), (Flags::TEEN, 0.2), (Flags::MINORITY, 0.2), (Flags::SECURE, 0.8)],
    dont_know: 0.025,
};
const LISTENED: Item = Item {
    level: -0.6,
    mood: 0.4,
    less: &[(Flags::OLDER, 0.5), (Flags::SECURE, 0.4), (Flags::CARE, 0.2)],
    dont_know: 0.12,
};
const ALL_ITEMS: [Item; ITEMS] = [HOME, LOOKED_AFTER, MONEY, SCHOOL, LEARNING, FRIENDS, SAFE, LISTENED];

/// Where the steps of the scale begin, in units of the answer's own noise.
const STEPS: [f32; 4] = [-1.3, -0.45, 0.25, 1.25];

/// Family, friend, school, health worker, social or youth worker, somebody online, nobody.
const TALK_TO: [f32; 7] = [58.0, 17.0, 10.0, 2.5, 1.5, 2.0, 9.0];
/// Sport, music or art, youth group, caring, gaming, volunteering.
const DO_OUTSIDE: [f32; OUTSIDE] = [0.55, 0.3, 0.14, 0.06, 0.5, 0.07];
/// Things to do, parks, safety, transport, shops and food, housing, clean air and streets.
const NEEDS: [f32; AREA] = [3.2, 2.6, 2.2, 1.2, 1.1, 1.0, 1.5];

impl Answers {
    /// What this respondent answers.
    pub fn new(p: &Person, draw: &mut Draw) -> Answers {
        let mut a = Answers { progress: 100, ..Answers::default() };
        for (to, item) in a.likert.iter_mut().zip(&ALL_ITEMS) {
            *to = agreement(p, item, draw);
        }
        a.talk_to = (!draw.chance(0.025)).then(|| talk_to(p, draw));
        a.outside = outside(p, draw);
        a.area = area(p, draw);
        a.half_hours = (!draw.chance(0.06)).then(|| hours(p, draw));
        a.started = draw.between(0, 75) * 86_400 + draw.between(8 * 3600, 20 * 3600);
        a.seconds = (260.0 * (0.6 * draw.normal()).exp()) as u32 + 35;
        if draw.chance(0.035) {
            a.progress = draw.between(20, 85);
        }
        a
    }
}

fn agreement(p: &Person, item: &Item, draw: &mut Draw) -> Category {
    let roll = draw.unit();
    let noise = draw.normal();
    if roll < 0.02 {
        return None;
    }
    if roll < 0.02 + item.dont_know * if p.age <= 8 { 2.0 } else { 1.0 } {
        return Some(DONT_KNOW);
    }
    let less = item.less.iter().filter(|(f, _)| p.flags.has(*f)).fold(0.0, |sum, (_, x)| sum + x);
    let x = item.level + item.mood * p.mood - less + noise * 0.85;
    Some(STEPS.iter().filter(|s| x > **s).count() as u8)
}

fn talk_to(p: &Person, draw: &mut Draw) -> u8 {
    let mut w = TALK_TO;
    let [family, friend, school, health, worker, _, nobody] = &mut w;
    if p.flags.has(Flags::CARE) || p.flags.has(Flags::SECURE) {
        *family *= 0.3;
        *worker *= 14.0;
    }
    if p.flags.has(Flags::WARD) {
        *health *= 12.0;
    }
    if p.flags.has(Flags::OLDER) {
        *friend *= 2.0;
        *school *= 0.6;
    }
    if p.flags.has(Flags::LOW) {
        *nobody *= 2.5;
        *family *= 0.7;
    }
    draw.weighted(w.into_iter()) as u8
}

fn outside(p: &Person, draw: &mut Draw) -> u8 {
    let mut bits = 0;
    for (i, share) in DO_OUTSIDE.iter().enumerate() {
        let factor = match i {
            0..=1 if p.flags.has(Flags::POOR) => 0.7,
            3 if p.flags.has(Flags::CARER) => 14.0,
            4 if p.flags.has(Flags::BOY) => 1.4,
            5 if p.flags.has(Flags::TEEN) => 2.0,
            _ => 1.0,
        };
        if draw.chance(share * factor) {
            bits |= 1 << i;
        }
    }
    if draw.chance(0.03) { 0 } else { bits }
}

/// One to three options; none from those who skip it.
fn area(p: &Person, draw: &mut Draw) -> u8 {
    if draw.chance(0.05) {
        return 0;
    }
    let mut w = NEEDS;
    let [_, parks, safety, .., housing, _] = &mut w;
    *parks *= if p.flags.has(Flags::TEEN) { 0.6 } else { 1.2 };
    *safety *= if p.flags.has(Flags::OLDER) { 1.5 } else { 0.9 };
    *housing *= if p.flags.has(Flags::POOR) { 2.0 } else { 0.8 };
    let wanted = draw.between(1, 3);
    let mut bits = 0u8;
    while bits.count_ones() < wanted {
        bits |= 1 << draw.weighted(w.into_iter());
    }
    bits
}

fn hours(p: &Person, draw: &mut Draw) -> u32 {
    let mean = if p.flags.has(Flags::SECURE) || p.flags.has(Flags::WARD) { 1.2 } else { 4.0 };
    let x = mean + draw.normal() * 2.0 - if p.flags.has(Flags::TEEN) { 1.0 } else { 0.0 };
    x.clamp(0.0, 16.0).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::generate::Instrument;

    fn crowd(n: usize) -> Vec<(Person, Answers)> {
        let mut draw = Draw::new(8, 0, 0);
        (0..n)
            .map(|_| {
                let p = Person::new(Instrument::Main, &mut draw);
                let a = Answers::new(&p, &mut draw);
                (p, a)
            })
            .collect()
    }

    /// Pearson's correlation.
    fn correlation(pairs: &[(f64, f64)]) -> f64 {
        let n = pairs.len() as f64;
        let (mx, my) =
            (pairs.iter().map(|p| p.0).sum::<f64>() / n, pairs.iter().map(|p| p.1).sum::<f64>() / n);
        let s = |f: fn(f64, f64) -> f64| pairs.iter().map(|(x, y)| f(x - mx, y - my)).sum::<f64>();
        s(|x, y| x * y) / (s(|x, _| x * x) * s(|_, y| y * y)).sqrt()
    }

    #[test]
    fn items_hang_together() {
        let people = crowd(20_000);
        for (i, j) in [(0, 1), (3, 5), (4, 7)] {
            let pairs: Vec<(f64, f64)> = people
                .iter()
                .filter_map(|(_, a)| match (a.likert[i], a.likert[j]) {
                    (Some(x), Some(y)) if x < 5 && y < 5 => Some((f64::from(x), f64::from(y))),
                    _ => None,
                })
                .collect();
            let r = correlation(&pairs);
            assert!(r > 0.12 && r < 0.7, "items {i} and {j}: {r}");
        }
    }

    #[test]
    fn circumstances_lower_what_they_should() {
        let people = crowd(60_000);
        let agree = |item: usize, flag: Flags| {
            let some: Vec<u8> = people
                .iter()
                .filter(|(p, _)| p.flags.has(flag))
                .filter_map(|(_, a)| a.likert[item].filter(|s| *s < 5))
                .collect();
            some.iter().filter(|s| **s >= 3).count() as f64 / some.len() as f64
        };
        let everyone = Flags(0);
        assert!(agree(2, Flags::POOR) < agree(2, everyone) - 0.2);
        assert!(agree(4, Flags::SEND) < agree(4, everyone) - 0.1);
        assert!(agree(0, Flags::SECURE) < agree(0, everyone) - 0.2);
        assert!(agree(7, everyone) < 0.4 && agree(0, everyone) > 0.7);
    }

    #[test]
    fn three_needs_at_most() {
        assert!(crowd(5000).iter().all(|(_, a)| a.area.count_ones() <= 3));
    }
}
