//! Sentences from frames and clauses: which of them this writer can say, and how long they get. Owns
//! one thought at a time; `compose` decides how many there are and on what.

use super::{Composer, Prompt};
use crate::generate::people::Flags;
use crate::generate::phrase::Part;
use crate::generate::vocabulary::{Clause, Theme};

impl Composer {
    pub(super) fn thought(&mut self, prompt: Prompt, left: usize) {
        let words = self.words;
        if self.flags.has(Flags::PARENT) {
            return self.framed(&words.frames.parent, left);
        }
        let lived = if prompt == Prompt::LivesBetter { 0.25 } else { 0.45 };
        let praise = if !self.can(Part::Praise) {
            0.0
        } else if left < 12 {
            0.03
        } else {
            0.09
        };
        let story = if self.can(Part::Story) { lived } else { 0.0 };
        let opinion = if left < 12 { 0.1 } else { 0.18 };
        match self.draw.weighted([0.75 - lived, opinion, story, praise].into_iter()) {
            0 => self.wish(&words.frames.demand, left, 0.6),
            1 => self.wish(&words.frames.opinion, left, 0.35),
            2 => {
                self.framed(&words.frames.story, left);
                if left >= 18 && self.draw.chance(0.35) {
                    self.out.push_str(" so ");
                    self.wish(&words.frames.so, left / 2, 0.2);
                }
            }
            _ => self.framed(&words.frames.praise, left),
        }
    }

    /// A demand or opinion, and a reason where it has none of its own.
    fn wish(&mut self, frames: &'static [Clause], left: usize, reason: f32) {
        let from = self.out.len();
        self.framed(frames, left);
        let has_one = |s: &str| [" because ", " so ", " but ", " instead "].iter().any(|w| s.contains(w));
        if !self.out.get(from..).is_some_and(has_one) {
            self.reason(left, reason);
        }
    }

    /// Whether the theme has something left of that part for this writer.
    fn can(&self, part: Part) -> bool {
        let theme = self.words.themes.get(self.theme);
        let list = theme.and_then(|t| t.clauses.get(part as usize));
        list.is_some_and(|l| l.iter().any(|c| self.fresh(c)))
    }

    /// A frame that leaves room for its clause.
    fn framed(&mut self, frames: &'static [Clause], left: usize) {
        self.say_fitting(frames, left.saturating_sub(9).max(1));
    }

    fn reason(&mut self, left: usize, p: f32) {
        let words = self.words;
        if left < 10 || !self.draw.chance(p) {
            return;
        }
        self.out.push(' ');
        if self.draw.chance(0.62) {
            self.part(Part::Reason);
        } else {
            self.say_fitting(&words.frames.reason, 9);
        }
    }

    /// The clause that a frame asks for; another kind, where the theme has none for this writer.
    pub(super) fn part(&mut self, part: Part) {
        let words = self.words;
        let topic = matches!(part, Part::More | Part::Less | Part::Word);
        if topic && self.draw.chance(0.6) {
            self.new_theme();
        }
        let Some(theme) = words.themes.get(self.theme) else { return };
        let clause = self
            .choose(theme, part, usize::MAX)
            .or_else(|| self.choose(theme, Part::Story, usize::MAX))
            .or_else(|| self.choose(theme, Part::Opinion, usize::MAX));
        if let Some(clause) = clause {
            self.used.push(clause.id);
            clause.phrase.say(self);
        }
    }

    /// A clause that this writer can say and has not said yet, with at most `most` words if one is
    /// soon found.
    pub(super) fn choose(
        &mut self,
        theme: &'static Theme,
        part: Part,
        most: usize,
    ) -> Option<&'static Clause> {
        let list = theme.clauses.get(part as usize)?;
        let mut any = None;
        for _ in 0..9 {
            let clause = self.draw.pick(list)?;
            if !self.fresh(clause) {
                continue;
            }
            // What only some can say is what they would rather say.
            let own = clause.needs.0 & !Flags::GROWN.0 != 0 || self.draw.chance(0.5) || any.is_some();
            if own && clause.phrase.words <= most as f32 {
                return Some(clause);
            }
            any = any.or(Some(clause));
        }
        any.or_else(|| list.iter().find(|c| self.fresh(c)))
    }

    /// Whether this writer can say it and has not said it yet.
    fn fresh(&self, clause: &Clause) -> bool {
        self.flags.has(clause.needs) && !self.used.contains(&clause.id)
    }

    pub(super) fn say_fitting(&mut self, frames: &'static [Clause], most: usize) {
        let mut best: Option<&'static Clause> = None;
        for _ in 0..6 {
            let Some(frame) = self.draw.pick(frames) else { return };
            if !self.flags.has(frame.needs) {
                continue;
            }
            if best.is_none_or(|b| frame.phrase.words < b.phrase.words) {
                best = Some(frame);
            }
            if frame.phrase.words <= most as f32 {
                break;
            }
        }
        if let Some(frame) = best {
            frame.phrase.say(self);
        }
    }
}
