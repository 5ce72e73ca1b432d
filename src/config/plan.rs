//! The validated configuration: what every stage reads. It may not read files or know TOML.
//!
//! Indices are positions in the plan's own lists: a question's index is its place in
//! [`Plan::questions`], a group's in [`Plan::groups`], a level's in [`Group::levels`], an option's
//! in the question's options.

use std::path::PathBuf;

use serde::Serialize;

/// Everything a run needs to know, checked.
#[derive(Debug, Clone, Serialize)]
pub struct Plan {
    /// The consultation as a whole.
    pub survey: Survey,
    /// How files are read.
    pub input: Input,
    /// The instruments; at least one.
    pub sources: Vec<Source>,
    /// All questions, text and closed, in the order of the file.
    pub questions: Vec<Question>,
    /// All groups; the last is always `instrument`, whose levels are the sources.
    pub groups: Vec<Group>,
    /// What is tabulated.
    pub breakdown: Breakdown,
    /// What may be published.
    pub disclosure: Disclosure,
    /// What is redacted beyond the patterns.
    pub redact: Redact,
    /// Which model and codebook.
    pub classify: Classify,
    /// Which quotes.
    pub quotes: Quotes,
    /// What is written.
    pub output: Output,
}

/// `[survey]`
#[derive(Debug, Clone, Serialize)]
pub struct Survey {
    /// The name printed on everything.
    pub name: String,
    /// When it was asked, as printed (for instance `2024` or `2023/24`).
    pub period: String,
    /// The column that identifies a respondent; `None`: the row number.
    pub respondent_id: Option<ColumnRef>,
    /// The column with the survey weight.
    pub weight: Option<ColumnRef>,
    /// Values that mean "no answer" everywhere, folded by [`fold`](super::fold).
    pub missing: Vec<String>,
}

/// `[input]`
#[derive(Debug, Clone, Serialize)]
pub struct Input {
    /// The header dialect; `None`: detected.
    pub dialect: Option<Dialect>,
    /// The field delimiter of delimited text; `None`: detected.
    pub delimiter: Option<u8>,
    /// An encoding label (`utf-8`, `windows-1252`, `utf-16le`, ...); `None`: detected.
    pub encoding: Option<String>,
    /// The worksheet; `None`: the first with rows.
    pub sheet: Option<String>,
    /// Most cells a workbook may hold.
    pub max_cells: u64,
    /// Most bytes a compressed file or workbook may inflate to.
    pub max_inflated_bytes: u64,
    /// Most bytes one row may have; longer usually means an unclosed quote.
    pub max_record_bytes: u64,
}

/// The header forms of survey tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dialect {
    /// One header row, nothing else known.
    Plain,
    /// Three header rows: names, question texts, `{"ImportId":"..."}`.
    Qualtrics,
    /// The 2016 form: the third row in single quotes, `{'ImportId': '...'}`.
    Qualtrics2016,
    /// Two header rows: names, question texts.
    QualtricsLegacy,
    /// Two header rows: questions with blanks carried forward, answer options.
    SurveyMonkey,
    /// SurveyMonkey flattened to one header row.
    SurveyMonkeyFlat,
    /// Alchemer (SurveyGizmo): one row, `Option:Question` headers.
    Alchemer,
    /// Google Forms: `Timestamp` first, several choices joined by `, `.
    GoogleForms,
    /// Microsoft Forms: `ID`, `Start time`, ...; several choices joined by `;` with one at the end.
    MicrosoftForms,
    /// LimeSurvey: `;`, codes or `code. text` headers, `[SQ001]` sub-questions.
    LimeSurvey,
}

/// A column, as people name one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnRef {
    /// By header: question text, short name or ImportId, whichever matches exactly one column.
    Header(String),
    /// By Qualtrics ImportId.
    ImportId(String),
    /// By 1-based position.
    Position(usize),
}

/// `[[source]]`: one instrument.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// The instrument's name and its level in the group `instrument`.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// File-name patterns (`*`, `?`), matched against the whole name without folders. Empty: all.
    pub files: Vec<String>,
    /// Overrides of columns: question id, `question.option`, group id, `respondent_id` or `weight`.
    pub columns: Vec<(String, Vec<ColumnRef>)>,
    /// This file's value (folded) to the schema's value (as written), per question or group id.
    pub scales: Vec<(String, Vec<(String, String)>)>,
    /// Ids of questions and groups this instrument did not ask.
    pub not_asked: Vec<String>,
    /// Overrides [`Input::dialect`].
    pub dialect: Option<Dialect>,
    /// Overrides [`Input::encoding`].
    pub encoding: Option<String>,
}

/// `[[question]]`
#[derive(Debug, Clone, Serialize)]
pub struct Question {
    /// Short name; a column of answers.parquet and a value of `question`.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// What is asked and where it stands.
    pub kind: Kind,
    /// Values that mean "no answer" to this question (for instance "Don't know"), folded.
    pub missing: Vec<String>,
    /// Values replaced before matching: from (folded) to (as written).
    pub recode: Vec<(String, String)>,
}

/// The kinds of question.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Free text.
    Text {
        /// Its column.
        column: ColumnRef,
    },
    /// One answer on an ordered scale. Scores are 1 for the first option upwards.
    Likert {
        /// Its column.
        column: ColumnRef,
        /// The scale, lowest first.
        options: Vec<Choice>,
        /// Sums of options that are published as measures.
        nets: Vec<Net>,
    },
    /// One answer from a list.
    Single {
        /// Its column.
        column: ColumnRef,
        /// The list.
        options: Vec<Choice>,
        /// Sums of options.
        nets: Vec<Net>,
    },
    /// Any number of answers from a list.
    Multiple {
        /// Where they stand.
        layout: MultipleLayout,
        /// The list.
        options: Vec<Choice>,
        /// Respondents with at least one of these options.
        nets: Vec<Net>,
    },
    /// A number; its mean is a measure.
    Number {
        /// Its column.
        column: ColumnRef,
    },
}

/// How the answers of a multiple question lie in the file.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MultipleLayout {
    /// A column per option, in the order of the options.
    Columns(Vec<ColumnRef>),
    /// All chosen options in one column.
    Delimited {
        /// The column.
        column: ColumnRef,
        /// What stands between two options.
        delimiter: String,
    },
}

/// An option of a closed question.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// Short name: the value of `measure`.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// The cell values that mean it, folded.
    pub values: Vec<String>,
}

/// A named sum of options.
#[derive(Debug, Clone, Serialize)]
pub struct Net {
    /// Short name: the value of `measure`.
    pub id: String,
    /// Option indices, ascending.
    pub options: Vec<u16>,
}

/// `[[group]]`: a way to divide respondents.
#[derive(Debug, Clone, Serialize)]
pub struct Group {
    /// Short name; a column of every output.
    pub id: String,
    /// How it is printed.
    pub label: String,
    /// Which definition this is.
    pub version: String,
    /// The columns looked at, in order; the first that matches a level decides.
    /// Empty for `instrument`.
    pub columns: Vec<ColumnRef>,
    /// The levels, in print order.
    pub levels: Vec<Level>,
    /// The level (index) of an answered value that no level names.
    pub otherwise: Option<u16>,
    /// Values that mean "no answer", folded.
    pub missing: Vec<String>,
}

/// One level of a group.
#[derive(Debug, Clone, Serialize)]
pub struct Level {
    /// Short name: the cell of the group's column.
    pub id: String,
    /// How it is printed, in tables and attributions.
    pub label: String,
    /// The cell values that mean it, folded.
    pub values: Vec<String>,
    /// A closed interval of numbers that mean it.
    pub band: Option<(f64, f64)>,
}

/// `[breakdown]`
#[derive(Debug, Clone, Serialize)]
pub struct Breakdown {
    /// Each table: one to three group indices, ascending order not required. The empty table
    /// (everyone) is always there and not listed.
    pub tables: Vec<Vec<usize>>,
    /// What a theme's base is.
    pub theme_base: ThemeBase,
}

/// The base of a theme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ThemeBase {
    /// Respondents who wrote something with content.
    Content,
    /// Respondents who were asked.
    Asked,
}

/// `[disclosure]`
#[derive(Debug, Clone, Serialize)]
pub struct Disclosure {
    /// Counts from 1 to one less than this are hidden; so are their complements and bases.
    pub threshold: u64,
    /// Counts and bases are rounded to the nearest multiple.
    pub round_to: u64,
    /// Under this base, none and all are hidden too; also the `u` marker's bound.
    pub small_base: u64,
    /// Themes whose none and all are always hidden.
    pub sensitive_themes: Vec<String>,
}

/// `[redact]`
#[derive(Debug, Clone, Default, Serialize)]
pub struct Redact {
    /// Never redacted, whatever the case.
    pub keep: Vec<String>,
    /// Always redacted, whatever the case, as `[name]`.
    pub always: Vec<String>,
}

/// `[classify]`
#[derive(Debug, Clone, Serialize)]
pub struct Classify {
    /// The model's folder; `None`: the one that comes with the program.
    pub model: Option<PathBuf>,
    /// The codebook; `None`: the embedded one.
    pub codebook: Option<PathBuf>,
    /// Thresholds that replace the model's, by theme or concern id.
    pub thresholds: Vec<(String, f32)>,
}

/// `[quotes]`
#[derive(Debug, Clone, Serialize)]
pub struct Quotes {
    /// Respondents that must share an attribution.
    pub k: u64,
    /// Groups (indices) named in an attribution, in print order; the last is dropped first.
    pub attribution: Vec<usize>,
    /// Fewest and most words.
    pub words: (usize, usize),
    /// How far above a theme's threshold (0: just decided, 1: certain) a quote must score.
    pub margin: f32,
    /// Quotes released per question and theme.
    pub per_theme: usize,
}

/// `[output]`
#[derive(Debug, Clone, Serialize)]
pub struct Output {
    /// Whether restricted/breakdown.parquet (exact) is written.
    pub exact_breakdown: bool,
}

impl Kind {
    /// `text`, `likert`, `single`, `multiple` or `number`.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Text { .. } => "text",
            Kind::Likert { .. } => "likert",
            Kind::Single { .. } => "single",
            Kind::Multiple { .. } => "multiple",
            Kind::Number { .. } => "number",
        }
    }

    /// The options of a closed question; empty for text and number.
    pub fn options(&self) -> &[Choice] {
        match self {
            Kind::Likert { options, .. } | Kind::Single { options, .. } | Kind::Multiple { options, .. } => {
                options
            }
            Kind::Text { .. } | Kind::Number { .. } => &[],
        }
    }

    /// The nets of a closed question; empty for text and number.
    pub fn nets(&self) -> &[Net] {
        match self {
            Kind::Likert { nets, .. } | Kind::Single { nets, .. } | Kind::Multiple { nets, .. } => nets,
            Kind::Text { .. } | Kind::Number { .. } => &[],
        }
    }
}

impl Plan {
    /// Indices of the text questions, in order.
    pub fn text_questions(&self) -> impl Iterator<Item = usize> + '_ {
        self.questions.iter().enumerate().filter(|(_, q)| matches!(q.kind, Kind::Text { .. })).map(|(i, _)| i)
    }

    /// Indices of the closed questions, in order.
    pub fn closed_questions(&self) -> impl Iterator<Item = usize> + '_ {
        self.questions
            .iter()
            .enumerate()
            .filter(|(_, q)| !matches!(q.kind, Kind::Text { .. }))
            .map(|(i, _)| i)
    }

    /// The index of a group by id.
    pub fn group(&self, id: &str) -> Option<usize> {
        self.groups.iter().position(|g| g.id == id)
    }

    /// The index of a question by id.
    pub fn question(&self, id: &str) -> Option<usize> {
        self.questions.iter().position(|q| q.id == id)
    }
}
