//! Words of answer scales: adjectives and their opposites, degrees, and scales with steps of their own.
//! It holds lists and nothing that reads them.

/// Folded values that say nothing about the question: they are missing.
pub(super) const NOTHING: [&str; 34] = [
    "-99",
    "-999",
    "don't know",
    "dont know",
    "do not know",
    "i don't know",
    "i dont know",
    "don't know / not sure",
    "don't know/not sure",
    "don't know / no opinion",
    "not sure",
    "i'm not sure",
    "im not sure",
    "unsure",
    "can't say",
    "cannot say",
    "no opinion",
    "prefer not to say",
    "prefer not to answer",
    "i'd prefer not to say",
    "i would prefer not to say",
    "i'd rather not say",
    "rather not say",
    "i don't want to say",
    "i do not want to say",
    "not applicable",
    "does not apply",
    "doesn't apply",
    "doesn't apply to me",
    "not applicable to me",
    "n/a",
    "na",
    "no answer",
    "refused",
];

/// A scale whose steps are an adjective, more or less of it, or its opposite.
pub(super) struct Adjective {
    pub name: &'static str,
    pub up: &'static [&'static str],
    pub down: &'static [&'static str],
    /// Whether the opposite may stand for the word itself, to complete a scale.
    pub mirrored: bool,
}

pub(super) const ADJECTIVES: [Adjective; 22] = [
    adjective("agree", &["agree"], &["disagree"], true),
    adjective("satisfied", &["satisfied"], &["dissatisfied", "unsatisfied"], true),
    adjective("likely", &["likely"], &["unlikely"], true),
    adjective("support", &["support"], &["oppose"], true),
    adjective("happy", &["happy"], &["unhappy", "sad"], false),
    adjective("important", &["important"], &["unimportant"], false),
    adjective("worried", &["worried", "concerned", "anxious"], &[], false),
    adjective("safe", &["safe"], &["unsafe"], true),
    adjective("useful", &["useful", "helpful"], &["unhelpful", "useless"], false),
    adjective("easy", &["easy"], &["difficult", "hard"], true),
    adjective("good", &["good", "well"], &["bad", "poor", "badly", "poorly"], false),
    adjective("positive", &["positive"], &["negative"], true),
    adjective("true", &["true"], &["untrue", "false"], false),
    adjective("better", &["better", "improved"], &["worse"], true),
    adjective("confident", &["confident"], &[], false),
    adjective("comfortable", &["comfortable"], &["uncomfortable"], true),
    adjective("interested", &["interested"], &["uninterested"], false),
    adjective("like", &["like", "love"], &["dislike", "hate"], false),
    adjective("clear", &["clear"], &["unclear"], true),
    adjective("fair", &["fair"], &["unfair"], true),
    adjective("aware", &["aware", "familiar"], &["unaware", "unfamiliar"], false),
    adjective("effective", &["effective"], &["ineffective"], true),
];

const fn adjective(
    name: &'static str,
    up: &'static [&'static str],
    down: &'static [&'static str],
    mirrored: bool,
) -> Adjective {
    Adjective { name, up, down, mirrored }
}

/// How much of it a word makes.
pub(super) const DEGREES: [(&str, i32); 35] = [
    ("slightly", 10),
    ("little", 10),
    ("bit", 10),
    ("partly", 12),
    ("partially", 12),
    ("somewhat", 15),
    ("tend", 15),
    ("rather", 15),
    ("some", 15),
    ("moderately", 18),
    ("fairly", 20),
    ("reasonably", 20),
    ("quite", 22),
    ("pretty", 22),
    ("mostly", 25),
    ("mainly", 25),
    ("generally", 25),
    ("usually", 25),
    ("probably", 25),
    ("really", 40),
    ("much", 43),
    ("very", 45),
    ("strongly", 45),
    ("highly", 45),
    ("greatly", 45),
    ("lot", 45),
    ("extremely", 55),
    ("definitely", 58),
    ("certainly", 58),
    ("completely", 60),
    ("totally", 60),
    ("entirely", 60),
    ("fully", 60),
    ("absolutely", 60),
    ("wholly", 60),
];
/// The degree of the adjective alone.
pub(super) const PLAIN: i32 = 30;

/// Words that change nothing.
pub(super) const FILLERS: [&str; 21] = [
    "i", "i'm", "im", "am", "feel", "it", "it's", "is", "a", "an", "of", "with", "this", "to", "the", "my",
    "about", "so", "extent", "that", "way",
];

/// The middle of any scale.
pub(super) const NEUTRAL: [&str; 17] = [
    "neither",
    "neutral",
    "in the middle",
    "in between",
    "ok",
    "okay",
    "mixed",
    "undecided",
    "about the same",
    "the same",
    "stayed the same",
    "no change",
    "no difference",
    "average",
    "it depends",
    "neither one nor the other",
    "so-so",
];

/// A scale with steps of its own, lowest first.
pub(super) struct Steps {
    pub name: &'static str,
    pub steps: &'static [&'static [&'static str]],
}

pub(super) const STEPS: [Steps; 6] = [
    Steps {
        name: "often",
        steps: &[
            &["never", "not at all"],
            &["almost never", "hardly ever", "very rarely", "nearly never"],
            &["rarely", "seldom", "not often", "not very often", "not much"],
            &["occasionally", "once in a while", "now and then"],
            &["sometimes", "some of the time", "half of the time", "about half the time", "a bit"],
            &["often", "frequently", "regularly", "a lot", "a lot of the time", "quite often"],
            &["usually", "very often", "most of the time", "mostly", "very frequently"],
            &["almost always", "nearly always"],
            &["always", "all the time", "all of the time", "every day"],
        ],
    },
    Steps {
        name: "how many times",
        steps: &[
            &["never", "not at all"],
            &["once a year", "once or twice a year", "a few times a year", "less than once a month"],
            &["once a month", "monthly", "once or twice a month", "about once a month"],
            &["a few times a month", "two or three times a month", "less than once a week"],
            &["once a week", "weekly", "once or twice a week", "about once a week"],
            &["a few times a week", "two or three times a week", "several times a week"],
            &["most days", "nearly every day", "almost every day"],
            &["every day", "daily", "once a day"],
            &["more than once a day", "several times a day"],
        ],
    },
    Steps {
        name: "quality",
        steps: &[
            &["very poor", "very bad", "terrible", "awful"],
            &["poor", "bad", "not good"],
            &["fair", "ok", "okay", "average", "adequate", "acceptable", "so-so", "satisfactory"],
            &["good"],
            &["very good"],
            &["excellent", "great", "outstanding", "brilliant"],
        ],
    },
    Steps {
        name: "amount",
        steps: &[
            &["not at all", "none", "nothing", "none at all", "nothing at all"],
            &["very little", "hardly at all", "hardly any"],
            &["a little", "a little bit", "a bit", "slightly", "not much", "a small amount"],
            &["somewhat", "some", "moderately", "to some extent", "a moderate amount", "a fair amount"],
            &["quite a bit", "quite a lot", "mostly", "to a large extent"],
            &["a lot", "very much", "a great deal", "very", "lots"],
            &["completely", "extremely", "totally", "entirely", "fully"],
        ],
    },
    Steps {
        name: "level",
        steps: &[
            &["very low", "very small"],
            &["low", "small"],
            &["medium", "moderate", "middle"],
            &["high", "large"],
            &["very high", "very large"],
        ],
    },
    Steps {
        name: "yes",
        steps: &[
            &["definitely not", "no, definitely not"],
            &["probably not", "no, probably not", "no, not really"],
            &["maybe", "perhaps", "possibly"],
            &["probably", "yes, probably", "yes, sometimes", "yes, a bit"],
            &["definitely", "yes, definitely", "yes, a lot"],
        ],
    },
];
