//! What headers say: identifiers that must not be used, the tool's own columns, ways to divide
//! respondents. Owns the lists of words; it sees headers and no cell.

mod divisions;

use crate::config::fold;
use divisions::DIVISIONS;
pub(super) use divisions::Division;

/// The words of a header, folded.
#[derive(Debug, Clone)]
pub(super) struct Words(Vec<String>);

impl Words {
    /// Cuts a header into words.
    pub(super) fn of(header: &str) -> Self {
        let mut spaced = String::new();
        let mut before = ' ';
        for c in header.chars() {
            // "RecipientEmail" is two words, "IPAddress" and "UK" are what they are.
            if c.is_uppercase() && before.is_lowercase() {
                spaced.push(' ');
            }
            spaced.push(c);
            before = c;
        }
        let folded = fold(&spaced).replace('\'', "");
        let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        Words(words.map(String::from).collect())
    }

    /// How many words there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether these words stand in it, side by side.
    pub(super) fn has(&self, phrase: &str) -> bool {
        let phrase: Vec<&str> = phrase.split(' ').collect();
        self.0.windows(phrase.len()).any(|w| w.iter().zip(&phrase).all(|(a, b)| a == b))
    }

    /// Whether it begins with this word.
    pub(super) fn begins(&self, word: &str) -> bool {
        self.0.first().is_some_and(|w| w == word)
    }

    /// Whether it consists of these words.
    pub(super) fn is(&self, phrase: &str) -> bool {
        self.0.join(" ") == phrase || self.0.concat() == phrase.replace(' ', "")
    }

    fn any(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|p| self.has(p))
    }

    fn any_whole(&self, phrases: &[&str]) -> bool {
        phrases.iter().any(|p| self.is(p))
    }
}

/// What a header says must not be used, and why.
struct Personal {
    why: &'static str,
    /// The header is one of these.
    whole: &'static [&'static str],
    /// The header has one of these, and no more words than `words`.
    inside: &'static [&'static str],
    words: usize,
}

const PERSONAL: [Personal; 8] = [
    Personal {
        why: "an email address",
        whole: &["email", "e mail", "mail"],
        inside: &["email", "e mail", "email address"],
        words: 12,
    },
    Personal {
        why: "a network address",
        whole: &["ip", "ip address", "ipaddr"],
        inside: &["ip address", "ipaddress"],
        words: 4,
    },
    Personal {
        why: "a name",
        whole: &["name", "names", "child", "pupil"],
        inside: &[
            "your name",
            "first name",
            "last name",
            "full name",
            "surname",
            "forename",
            "firstname",
            "lastname",
            "childs name",
            "parents name",
            "name of your",
            "organisation name",
            "organization name",
            "school name",
            "company name",
            "name of organisation",
            "name of organization",
            "name of school",
            "name of the school",
            "username",
            "signature",
        ],
        words: 14,
    },
    Personal {
        why: "the name of a school",
        whole: &["school", "my school"],
        inside: &["which school do you", "what school do you", "which school are you", "name of your school"],
        words: 14,
    },
    Personal {
        why: "a telephone number",
        whole: &["phone", "mobile", "telephone", "tel"],
        inside: &["phone number", "telephone number", "mobile number", "contact number", "contact details"],
        words: 12,
    },
    Personal {
        why: "a postcode or address",
        whole: &["address", "postcode", "post code", "postal code", "zip", "zip code", "zipcode"],
        inside: &[
            "your postcode",
            "your address",
            "home address",
            "full postcode",
            "postal address",
            "postcode",
        ],
        words: 12,
    },
    Personal {
        why: "coordinates",
        whole: &["lat", "lon", "lng", "long", "location accuracy", "coordinates"],
        inside: &["latitude", "longitude", "location latitude", "location longitude"],
        words: 4,
    },
    Personal {
        why: "a date of birth or an official number",
        whole: &["dob", "upn", "uln", "nhs number", "birthday"],
        inside: &["date of birth", "nhs number", "unique pupil number", "national insurance", "birth date"],
        words: 12,
    },
];

/// Why a header's column must not be used, if it must not.
pub(super) fn personal(words: &Words) -> Option<&'static str> {
    let says = |p: &&Personal| words.any_whole(p.whole) || (words.len() <= p.words && words.any(p.inside));
    PERSONAL.iter().find(says).map(|p| p.why)
}

const TIMES: [&str; 19] = [
    "start date",
    "end date",
    "recorded date",
    "timestamp",
    "date submitted",
    "time started",
    "start time",
    "completion time",
    "last modified time",
    "date created",
    "date modified",
    "datestamp",
    "submitdate",
    "startdate",
    "date started",
    "date last action",
    "submitted at",
    "created at",
    "completed at",
];
const TOOL: [&str; 36] = [
    "status",
    "progress",
    "finished",
    "duration",
    "duration in seconds",
    "response set",
    "collector id",
    "distribution channel",
    "user language",
    "external reference",
    "external data reference",
    "custom data 1",
    "last page",
    "lastpage",
    "start language",
    "startlanguage",
    "seed",
    "refurl",
    "referer",
    "referrer",
    "session id",
    "link name",
    "contact id",
    "legacy comments",
    "comments and tags",
    "tags",
    "score",
    "user agent",
    "browser",
    "operating system",
    "resolution",
    "total time",
    "row",
    "index",
    "unnamed 0",
    "collector",
];

/// Why a header's column is the survey tool's own, if it is.
pub(super) fn bookkeeping(words: &Words) -> Option<&'static str> {
    if words.any_whole(&TIMES) {
        return Some("when it was filled in");
    }
    words.any_whole(&TOOL).then_some("kept by the survey tool")
}

/// Names of a respondent's id, the surest first.
const IDS: [&str; 18] = [
    "response id",
    "respondent id",
    "record id",
    "v1 response id",
    "participant id",
    "submission id",
    "case id",
    "response uuid",
    "unique id",
    "uuid",
    "id response id",
    "person id",
    "child id",
    "id",
    "respondent",
    "reference",
    "ref",
    "serial",
];

/// Ranks below this are names of a respondent's id and of nothing else.
pub(super) const SURE_IDS: usize = 13;

/// How surely a header names the respondent's id: 0 is surest. Other headers that end in "id" come last.
pub(super) fn id_rank(words: &Words) -> Option<usize> {
    let known = IDS.iter().position(|id| words.is(id));
    let last = words.0.last().map(String::as_str);
    let ends = matches!(last, Some("id" | "ids" | "uid" | "guid" | "key")) && words.len() <= 4;
    known.or(ends.then_some(IDS.len()))
}

/// Whether a header names a survey weight.
pub(super) fn is_weight(words: &Words) -> bool {
    let named = ["weight", "weights", "wt", "wgt", "weighting", "w8", "rimweight", "pweight"];
    words.len() <= 3 && named.iter().any(|n| words.has(n))
}

/// Whether a header asks for what is behind the answer "other".
pub(super) fn is_other_box(header: &str) -> bool {
    let words = Words::of(header);
    let asks = [
        "please specify",
        "other specify",
        "please state",
        "please say what",
        "please describe other",
        "write in",
        "other please",
    ];
    words.any(&asks) || words.is("other") || header.trim_end().to_ascii_uppercase().ends_with("_TEXT")
}

/// Whether a header asks for words.
pub(super) fn asks_for_words(words: &Words) -> bool {
    words.any(&[
        "why",
        "explain",
        "tell us",
        "in your own words",
        "comments",
        "comment",
        "free text",
        "anything else",
        "please describe",
        "what do you think",
        "what would you",
        "what one thing",
        "suggestions",
        "feedback",
        "open ended",
    ])
}

/// Words of a question rather than of a heading: "Do you like school?" is about no division.
const ASKING: [&str; 16] = [
    "do", "does", "did", "you", "i", "my", "rate", "rating", "how", "feel", "like", "is", "are", "should",
    "can", "would",
];

/// The division that a header is about.
pub(super) fn division(words: &Words) -> Option<&'static Division> {
    let heading = words.len() <= 4 && !words.any(&ASKING);
    let about = |d: &&Division| words.any(d.inside) || (heading && words.any(d.short));
    DIVISIONS.iter().find(about)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_that_ask_who_somebody_is() {
        for (header, why) in [
            ("IPAddress", Some("a network address")),
            ("RecipientEmail", Some("an email address")),
            ("RecipientLastName", Some("a name")),
            ("What is your name?", Some("a name")),
            ("Organisation name", Some("a name")),
            ("LocationLatitude", Some("coordinates")),
            ("Child's date of birth", Some("a date of birth or an official number")),
            ("Your postcode", Some("a postcode or address")),
            ("What would make your name day better for you and all of your friends at home or school?", None),
            ("Can you name three things that matter?", None),
            ("Do you feel safe?", None),
        ] {
            assert_eq!(personal(&Words::of(header)), why, "{header}");
        }
    }

    #[test]
    fn headers_of_divisions_ids_and_weights() {
        let id = |h: &str| division(&Words::of(h)).map(|d| d.id);
        assert_eq!(id("How old are you?"), Some("age"));
        assert_eq!(id("age_band"), Some("age"));
        assert_eq!(id("US Region"), Some("region"));
        assert_eq!(id("Who do you live with most of the time?"), Some("care_status"));
        assert_eq!(id("What kind of care would help children who feel alone?"), None);
        assert_eq!(id("I like my school because it is in my area"), None);
        assert_eq!(id("Rate our school"), None);
        assert_eq!(id("School phase"), Some("school"));
        assert_eq!(id_rank(&Words::of("ResponseId")), Some(0));
        assert!(id_rank(&Words::of("TWIN_ID")).is_some() && id_rank(&Words::of("I did it")).is_none());
        assert!(is_weight(&Words::of("wt")) && !is_weight(&Words::of("Do you worry about your weight?")));
        assert!(bookkeeping(&Words::of("Duration (in seconds)")).is_some());
        assert!(bookkeeping(&Words::of("StartDate")).is_some());
        assert!(is_other_box("Q8_4_TEXT") && is_other_box("Other (please specify)"));
    }
}
