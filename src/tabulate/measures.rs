//! What is counted: the measures of each question, where their sums lie, which measures are tied to
//! one another, and what a respondent adds. It holds no count.

use std::ops::Range;

use crate::classify::{Codebook, Record};
use crate::config::{Choice, Kind, Net, Plan, ThemeBase};
use crate::ingest::Answer;

/// The kinds of measure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MeasureKind {
    /// Children whose text carries a theme.
    Theme,
    /// Children whose text carries any theme of a pillar.
    Pillar,
    /// Children who gave an option.
    Option,
    /// Children who gave any option of a net.
    Net,
    /// The mean of a scale's scores (1 for its first option) or of a number.
    Mean,
}

impl MeasureKind {
    /// The value of `measure_kind`.
    pub fn id(self) -> &'static str {
        match self {
            MeasureKind::Theme => "theme",
            MeasureKind::Pillar => "pillar",
            MeasureKind::Option => "option",
            MeasureKind::Net => "net",
            MeasureKind::Mean => "mean",
        }
    }
}

/// A measure of a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Measure {
    /// Index into [`Plan::questions`].
    pub question: usize,
    /// The question's id.
    pub question_id: String,
    /// What is measured.
    pub kind: MeasureKind,
    /// The value of `measure`.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// The pillar of a theme or pillar.
    pub pillar: Option<String>,
    /// Where its sums lie.
    pub recipe: Recipe,
}

/// Where a measure's sums lie among a cell's slots.
#[derive(Debug, Clone, PartialEq)]
pub enum Recipe {
    /// The sum of these slots.
    Slots(Vec<usize>),
    /// The mean of 1, 2, 3, ... over these slots.
    Scores(Range<usize>),
    /// The mean of a number: an index among the cell's moments.
    Moments(usize),
}

/// How measures of one question are tied in every cell. Indices into [`Measures::list`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relation {
    /// The total (`None`: the base) is the sum of the parts.
    Sum {
        /// The measure that is the sum; `None`: the question's base.
        total: Option<usize>,
        /// The measures summed.
        parts: Vec<usize>,
    },
    /// The parent counts the children who are in any part; children may be in several.
    Union {
        /// The pillar, or the net of a multiple question.
        parent: usize,
        /// Its themes or options.
        parts: Vec<usize>,
    },
}

/// A question's measures.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Index into [`Plan::questions`].
    pub question: usize,
    /// Its measures in [`Measures::list`].
    pub measures: Range<usize>,
    /// The slots whose sum is the base: the children who answered.
    pub base: Vec<usize>,
    /// How its measures are tied.
    pub relations: Vec<Relation>,
    reader: Reader,
}

/// All measures of a plan, in the order of the rows: questions in the plan's order; within a text
/// question each pillar followed by its themes in the codebook's order; within a closed question
/// the options, the nets and the mean in the plan's order.
#[derive(Debug, Clone, PartialEq)]
pub struct Measures {
    /// The measures.
    pub list: Vec<Measure>,
    /// One per question, in order.
    pub items: Vec<Item>,
    /// Slots a cell has. The first is everyone.
    pub slots: usize,
    /// Moments a cell has: one per number question.
    pub moments: usize,
}

/// What of a record one question reads.
#[derive(Debug, Clone, PartialEq)]
enum Reader {
    Text { text: usize, asked: bool, base: usize, themes: Range<usize>, pillars: Vec<(usize, u64)> },
    One { closed: usize, options: Range<usize> },
    Many { closed: usize, base: usize, options: Range<usize>, nets: Vec<(usize, Vec<u16>)> },
    Number { closed: usize, base: usize, moments: usize },
}

/// What a respondent adds to every cell they are in.
#[derive(Debug, Default)]
pub struct Hits {
    /// Slots that grow by the respondent.
    pub slots: Vec<usize>,
    /// Moments that grow by a number.
    pub numbers: Vec<(usize, f64)>,
}

impl Measures {
    /// The measures of a plan.
    pub fn new(plan: &Plan, codebook: &Codebook) -> Self {
        let mut build = Builder::default();
        let (mut text, mut closed) = (0, 0);
        for (index, question) in plan.questions.iter().enumerate() {
            build.question = (index, question.id.clone());
            build.start = build.out.list.len();
            match &question.kind {
                Kind::Text { .. } => {
                    build.text(text, plan.breakdown.theme_base == ThemeBase::Asked, codebook);
                    text += 1;
                    continue;
                }
                Kind::Likert { options, nets, .. } => build.one(closed, options, nets, true),
                Kind::Single { options, nets, .. } => build.one(closed, options, nets, false),
                Kind::Multiple { options, nets, .. } => build.many(closed, options, nets),
                Kind::Number { .. } => build.number(closed),
            }
            closed += 1;
        }
        build.out
    }

    /// What a record adds.
    pub fn hits(&self, record: &Record) -> Hits {
        let mut hits = Hits { slots: Vec::with_capacity(2 * self.items.len() + 1), numbers: Vec::new() };
        hits.slots.push(0);
        for item in &self.items {
            item.reader.read(record, &mut hits);
        }
        hits
    }
}

impl Reader {
    fn read(&self, record: &Record, into: &mut Hits) {
        match self {
            Reader::Text { text, asked, base, themes, pillars } => {
                let coded = record.texts.get(*text).and_then(Option::as_ref).filter(|t| t.content);
                let shown = record.asked.get(*text).copied().unwrap_or(false);
                if coded.is_some() || (*asked && shown) {
                    into.slots.push(*base);
                }
                let set = coded.map_or(0, |t| t.scores.theme_set);
                into.slots.extend(themes.clone().enumerate().filter(|(i, _)| set >> i & 1 == 1).map(|t| t.1));
                into.slots.extend(pillars.iter().filter(|(_, mask)| set & mask != 0).map(|p| p.0));
            }
            Reader::One { closed, options } => {
                if let Some(Answer::One(o)) = record.closed.answers.get(*closed) {
                    into.slots.extend(options.clone().nth(usize::from(*o)));
                }
            }
            Reader::Many { closed, base, options, nets } => {
                if let Some(Answer::Many(chosen)) = record.closed.answers.get(*closed) {
                    into.slots.push(*base);
                    into.slots.extend(chosen.iter().filter_map(|&o| options.clone().nth(usize::from(o))));
                    let any = |net: &[u16]| chosen.iter().any(|o| net.contains(o));
                    into.slots.extend(nets.iter().filter(|(_, net)| any(net)).map(|n| n.0));
                }
            }
            Reader::Number { closed, base, moments } => {
                if let Some(Answer::Number(x)) = record.closed.answers.get(*closed)
                    && x.is_finite()
                {
                    into.slots.push(*base);
                    into.numbers.push((*moments, *x));
                }
            }
        }
    }
}

struct Builder {
    out: Measures,
    question: (usize, String),
    start: usize,
}

impl Default for Builder {
    fn default() -> Self {
        let out = Measures { list: Vec::new(), items: Vec::new(), slots: 1, moments: 0 };
        Builder { out, question: (0, String::new()), start: 0 }
    }
}

impl Builder {
    fn slots(&mut self, many: usize) -> Range<usize> {
        let first = self.out.slots;
        self.out.slots += many;
        first..self.out.slots
    }

    fn measure(&mut self, kind: MeasureKind, id: &str, label: &str, recipe: Recipe) -> usize {
        let (question, question_id) = self.question.clone();
        let (id, label) = (id.to_string(), label.to_string());
        self.out.list.push(Measure { question, question_id, kind, id, label, pillar: None, recipe });
        self.out.list.len() - 1
    }

    fn finish(&mut self, base: Vec<usize>, relations: Vec<Relation>, reader: Reader) {
        let measures = self.start..self.out.list.len();
        self.out.items.push(Item { question: self.question.0, measures, base, relations, reader });
    }

    fn text(&mut self, text: usize, asked: bool, codebook: &Codebook) {
        let base = self.slots(1).start;
        let themes = self.slots(codebook.themes.len());
        let mut pillars = Vec::new();
        let mut relations = Vec::new();
        for pillar in codebook.pillars() {
            let slot = self.slots(1).start;
            let parent =
                self.measure(MeasureKind::Pillar, pillar, &titled(pillar), Recipe::Slots(vec![slot]));
            let mut parts = Vec::new();
            let mut mask = 0;
            for (i, theme) in codebook.themes.iter().enumerate().filter(|(_, t)| t.pillar == pillar) {
                mask |= 1u64 << i;
                let recipe = Recipe::Slots(vec![themes.start + i]);
                parts.push(self.measure(MeasureKind::Theme, &theme.id, &theme.label, recipe));
            }
            for m in self.out.list.iter_mut().skip(parent) {
                m.pillar = Some(pillar.to_string());
            }
            pillars.push((slot, mask));
            relations.push(Relation::Union { parent, parts });
        }
        self.finish(vec![base], relations, Reader::Text { text, asked, base, themes, pillars });
    }

    fn options(&mut self, options: &[Choice], slots: &Range<usize>) -> Vec<usize> {
        let measure = |(o, slot): (&Choice, usize)| {
            self.measure(MeasureKind::Option, &o.id, &o.label, Recipe::Slots(vec![slot]))
        };
        options.iter().zip(slots.clone()).map(measure).collect()
    }

    fn one(&mut self, closed: usize, options: &[Choice], nets: &[Net], scored: bool) {
        let slots = self.slots(options.len());
        let singles = self.options(options, &slots);
        let mut sums = vec![(None, (0..options.len()).collect::<Vec<_>>())];
        for net in nets {
            let members: Vec<usize> = net.options.iter().map(|&o| usize::from(o)).collect();
            let recipe = Recipe::Slots(members.iter().filter_map(|&o| slots.clone().nth(o)).collect());
            let measure = self.measure(MeasureKind::Net, &net.id, &net_label(net, options), recipe);
            sums.push((Some(measure), members));
        }
        if scored {
            self.measure(MeasureKind::Mean, "mean", "Mean score", Recipe::Scores(slots.clone()));
        }
        let base = slots.clone().collect();
        self.finish(base, sums_of_options(&sums, &singles), Reader::One { closed, options: slots });
    }

    fn many(&mut self, closed: usize, options: &[Choice], nets: &[Net]) {
        let base = self.slots(1).start;
        let slots = self.slots(options.len());
        let singles = self.options(options, &slots);
        let mut relations = Vec::new();
        let mut any = Vec::new();
        for net in nets {
            let slot = self.slots(1).start;
            let parent =
                self.measure(MeasureKind::Net, &net.id, &net_label(net, options), Recipe::Slots(vec![slot]));
            let parts = net.options.iter().filter_map(|&o| singles.get(usize::from(o)).copied()).collect();
            relations.push(Relation::Union { parent, parts });
            any.push((slot, net.options.clone()));
        }
        self.finish(vec![base], relations, Reader::Many { closed, base, options: slots, nets: any });
    }

    fn number(&mut self, closed: usize) {
        let base = self.slots(1).start;
        let moments = self.out.moments;
        self.out.moments += 1;
        self.measure(MeasureKind::Mean, "mean", "Mean", Recipe::Moments(moments));
        self.finish(vec![base], Vec::new(), Reader::Number { closed, base, moments });
    }
}

/// `social_care` as `Social care`.
fn titled(id: &str) -> String {
    let words = id.replace('_', " ");
    let mut chars = words.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// `Agree or Strongly agree`.
fn net_label(net: &Net, options: &[Choice]) -> String {
    let labels: Vec<&str> =
        net.options.iter().filter_map(|&o| options.get(usize::from(o))).map(|o| o.label.as_str()).collect();
    labels.join(" or ")
}

/// Most nets of a question whose combinations are followed.
const MOST_NETS: usize = 6;

/// Every way in which the base or a net is the sum of nets that share no option and of options.
///
/// `sets` are the base (`None`, with every option) and the nets with their options; `singles` the
/// measure of each option.
fn sums_of_options(sets: &[(Option<usize>, Vec<usize>)], singles: &[usize]) -> Vec<Relation> {
    let mut out = Vec::new();
    for (i, (total, members)) in sets.iter().enumerate() {
        let inside: Vec<&(Option<usize>, Vec<usize>)> = sets
            .iter()
            .enumerate()
            .filter(|&(j, (measure, set))| {
                let smaller = set.len() < members.len() || (total.is_some() && set.len() == members.len());
                j != i && measure.is_some() && !set.is_empty() && smaller
            })
            .map(|(_, s)| s)
            .filter(|(_, set)| set.iter().all(|o| members.contains(o)))
            .take(MOST_NETS)
            .collect();
        for mask in 0..1u32 << inside.len() {
            let chosen = inside.iter().enumerate().filter(|(k, _)| mask >> k & 1 == 1).map(|(_, s)| *s);
            out.extend(sum_of(*total, members, chosen, singles));
        }
    }
    out
}

/// The sum with these nets, unless two of them share an option.
fn sum_of<'a>(
    total: Option<usize>,
    members: &[usize],
    nets: impl Iterator<Item = &'a (Option<usize>, Vec<usize>)>,
    singles: &[usize],
) -> Option<Relation> {
    let mut rest: Vec<usize> = members.to_vec();
    let mut parts = Vec::new();
    for (measure, set) in nets {
        if !set.iter().all(|o| rest.contains(o)) {
            return None;
        }
        rest.retain(|o| !set.contains(o));
        parts.extend(*measure);
    }
    parts.extend(rest.iter().filter_map(|&o| singles.get(o).copied()));
    (!parts.is_empty()).then_some(Relation::Sum { total, parts })
}
