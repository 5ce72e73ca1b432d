//! The two questionnaires: their columns, headers and the wording of values. Owns what pipeline.toml
//! must say of them; it draws nothing.

use super::{Instrument, Options};
use Field::*;

/// What stands in a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Field {
    Start,
    End,
    Progress,
    Seconds,
    Finished,
    Id,
    Age,
    Gender,
    Region,
    Ethnicity,
    LiveWith,
    Setting,
    Send,
    Meals,
    Likert(usize),
    TalkTo,
    Outside(usize),
    Area,
    Hours,
    Text(usize),
    Weight,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its short name; for questions and groups their id in pipeline.toml.
    pub tag: &'static str,
    /// The question as asked.
    pub header: &'static str,
    /// Its ImportId in the tool.
    pub import_id: &'static str,
    /// What stands in it.
    pub field: Field,
}

const fn column(tag: &'static str, import_id: &'static str, field: Field, header: &'static str) -> Column {
    Column { tag, header, import_id, field }
}

/// The questionnaire as Qualtrics exports it.
static MAIN: &[Column] = &[
    column("StartDate", "startDate", Start, "Start Date"),
    column("EndDate", "endDate", End, "End Date"),
    column("Progress", "progress", Progress, "Progress"),
    column("Duration (in seconds)", "duration", Seconds, "Duration (in seconds)"),
    column("Finished", "finished", Finished, "Finished"),
    column("ResponseId", "_recordId", Id, "Response ID"),
    column("age", "QID2_TEXT", Age, "How old are you?"),
    column("gender", "QID3", Gender, "Which of these best describes you?"),
    column("region", "QID4", Region, "Which part of England do you live in?"),
    column("ethnicity", "QID5", Ethnicity, "What is your ethnic group?"),
    column("care_status", "QID6", LiveWith, "Who do you live with?"),
    column("secure_setting", "QID7", Setting, "Are you staying in any of these places at the moment?"),
    column("send", "QID8", Send, "Do you have special educational needs or a disability (SEND)?"),
    column("school_meals", "QID9", Meals, "Do you get free school meals?"),
    column("home", "QID10_1", Likert(0), "How much do you agree? - I have a home where I feel safe"),
    column(
        "looked_after",
        "QID10_2",
        Likert(1),
        "How much do you agree? - The people I live with look after me well",
    ),
    column("money", "QID10_3", Likert(2), "How much do you agree? - My family can afford the things we need"),
    column("school", "QID10_4", Likert(3), "How much do you agree? - I enjoy going to school or college"),
    column("learning", "QID10_5", Likert(4), "How much do you agree? - I get the help I need to learn"),
    column("friends", "QID10_6", Likert(5), "How much do you agree? - I have friends I can trust"),
    column(
        "area_safe",
        "QID10_7",
        Likert(6),
        "How much do you agree? - I feel safe in the area where I live",
    ),
    column(
        "listened",
        "QID10_8",
        Likert(7),
        "How much do you agree? - People who run the country listen to children",
    ),
    column("talk_to", "QID11", TalkTo, "Who would you talk to first if something was worrying you?"),
    column(
        "outside_1",
        "QID12_1",
        Outside(0),
        "What do you do outside school at least once a week? Tick all that apply. - Sport or dance",
    ),
    column(
        "outside_2",
        "QID12_2",
        Outside(1),
        "What do you do outside school at least once a week? Tick all that apply. - Music, art or drama",
    ),
    column(
        "outside_3",
        "QID12_3",
        Outside(2),
        "What do you do outside school at least once a week? Tick all that apply. - A youth club, Scouts or Guides",
    ),
    column(
        "outside_4",
        "QID12_4",
        Outside(3),
        "What do you do outside school at least once a week? Tick all that apply. - Looking after someone in my family",
    ),
    column(
        "outside_5",
        "QID12_5",
        Outside(4),
        "What do you do outside school at least once a week? Tick all that apply. - Gaming with other people online",
    ),
    column(
        "outside_6",
        "QID12_6",
        Outside(5),
        "What do you do outside school at least once a week? Tick all that apply. - Volunteering",
    ),
    column("area_needs", "QID13", Area, "What would make your area better for children? Choose up to three."),
    column("hours_outside", "QID14_TEXT", Hours, "About how many hours did you spend outside yesterday?"),
    column(
        "lives_better",
        "QID15_TEXT",
        Text(0),
        "What do you think the government should do to make children's lives better?",
    ),
    column("anything_else", "QID16_TEXT", Text(1), "Is there anything else you want to tell us?"),
    column("wt", "wt", Weight, "wt"),
];

/// The easy-read questionnaire: typed from paper into a sheet, in other words, and not all of it.
static EASY: &[Column] = &[
    column("ResponseId", "", Id, "Number"),
    column("age", "", Age, "How old are you?"),
    column("gender", "", Gender, "Are you a girl or a boy?"),
    column("region", "", Region, "Where do you live?"),
    column("care_status", "", LiveWith, "Who looks after you at home?"),
    column("secure_setting", "", Setting, "Do you live in one of these places?"),
    column("send", "", Send, "Do you need extra help because of a disability or to learn?"),
    column("home", "", Likert(0), "Do you feel safe at home?"),
    column("looked_after", "", Likert(1), "Do the people at home look after you?"),
    column("school", "", Likert(3), "Do you like school?"),
    column("learning", "", Likert(4), "Do you get enough help to learn?"),
    column("friends", "", Likert(5), "Do you have good friends?"),
    column("area_safe", "", Likert(6), "Do you feel safe when you go out?"),
    column("outside_1", "", Outside(0), "What do you do for fun or to help out? Sport"),
    column("outside_2", "", Outside(1), "What do you do for fun or to help out? Music or art"),
    column("outside_3", "", Outside(2), "What do you do for fun or to help out? Clubs"),
    column("outside_4", "", Outside(3), "What do you do for fun or to help out? I look after someone"),
    column("outside_5", "", Outside(4), "What do you do for fun or to help out? Games online"),
    column("outside_6", "", Outside(5), "What do you do for fun or to help out? I help in my area"),
    column(
        "lives_better",
        "",
        Text(0),
        "What should the people in charge do to make life better for children?",
    ),
    column("wt", "", Weight, "Weight"),
];

/// The columns of an export, in order.
pub fn columns(o: &Options) -> Vec<Column> {
    let all = if o.instrument == Instrument::Main { MAIN } else { EASY };
    let asked = |c: &&Column| !matches!(c.field, Text(i) if i >= o.texts.clamp(1, 2));
    all.iter().filter(asked).copied().collect()
}

/// The wording of a category, by questionnaire; empty past the last.
pub fn value(field: Field, instrument: Instrument, i: u8) -> &'static str {
    let main = instrument == Instrument::Main;
    let list: &[&str] = match field {
        Gender if main => &["Girl", "Boy", "Non-binary", "In another way", "I don't want to say"],
        Gender => &["A girl", "A boy", "Something else", "Something else", "I don't want to say"],
        Region => &REGIONS,
        Ethnicity => &ETHNICITIES,
        LiveWith if main => &HOMES,
        LiveWith => &EASY_HOMES,
        Setting if main => &SETTINGS,
        Setting => &EASY_SETTINGS,
        Send | Meals => &["Yes", "No", "Don't know"],
        Likert(_) if main => &AGREEMENT,
        Likert(_) => &["No", "No", "Sometimes", "Yes", "Yes", "I don't know"],
        TalkTo => &TALK_TO,
        Area => &AREA,
        Outside(o) if main => return OUTSIDE.get(o).copied().unwrap_or(""),
        Outside(_) => &["Yes"],
        _ => &[],
    };
    list.get(usize::from(i)).copied().unwrap_or("")
}

const REGIONS: [&str; 9] = [
    "North East",
    "North West",
    "Yorkshire and the Humber",
    "East Midlands",
    "West Midlands",
    "East of England",
    "London",
    "South East",
    "South West",
];
const ETHNICITIES: [&str; 6] = [
    "White",
    "Asian or Asian British",
    "Black, Black British, Caribbean or African",
    "Mixed or multiple ethnic groups",
    "Another ethnic group",
    "I don't want to say",
];
const HOMES: [&str; 12] = [
    "Mum and dad",
    "Mum",
    "Dad",
    "Sometimes mum, sometimes dad",
    "A parent and a step-parent",
    "Grandparents, other family or friends of the family (kinship care)",
    "Adoptive family",
    "Foster family",
    "Children's home",
    "Supported accommodation for young people in care",
    "A partner, friends or on my own",
    "I don't want to say",
];
const EASY_HOMES: [&str; 12] = [
    "My mum and dad",
    "My mum",
    "My dad",
    "My mum and my dad but not together",
    "My mum or dad and a step-parent",
    "My family but not my parents",
    "My adoptive parents",
    "My foster carers",
    "Staff at my children's home",
    "Staff where I live",
    "Somebody else",
    "I don't want to say",
];
const SETTINGS: [&str; 5] = [
    "Young offender institution",
    "Secure children's home",
    "Secure school or secure training centre",
    "Mental health hospital",
    "None of these",
];
const EASY_SETTINGS: [&str; 5] =
    ["Prison for young people", "Secure home", "Secure school", "Hospital for mental health", "No"];
/// Steps of the scale, lowest first, and then "Don't know".
const AGREEMENT: [&str; 6] =
    ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree", "Don't know"];
const TALK_TO: [&str; 7] = [
    "Someone in my family",
    "A friend",
    "Someone at school or college",
    "A doctor, nurse or counsellor",
    "A social worker or youth worker",
    "Someone online",
    "Nobody",
];
const AREA: [&str; 7] = [
    "More to do after school",
    "Better parks",
    "Feeling safer",
    "Buses and trains",
    "Cheaper shops and food",
    "Better housing",
    "Less litter and traffic",
];
const OUTSIDE: [&str; 6] = [
    "Sport or dance",
    "Music, art or drama",
    "A youth club, Scouts or Guides",
    "Looking after someone in my family",
    "Gaming with other people online",
    "Volunteering",
];
