//! The redacted text and the key that opens raw text. Owns the promise that everything after this
//! stage has seen only text that went through `redact`.

use serde::Serialize;

/// Opens [`RawText`](crate::ingest::RawText). Only `redact` can make one.
#[derive(Debug)]
pub struct Key(pub(in crate::redact) ());

/// Text with identifiers replaced by their type in brackets.
///
/// Only `redact` makes it:
/// ```compile_fail
/// let t = bigask::redact::RedactedText("Sam Smith".to_string(), vec![]);
/// ```
/// ```compile_fail
/// let t: bigask::redact::RedactedText = "Sam Smith".to_string().into();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RedactedText {
    text: String,
    redactions: Vec<Redaction>,
}

/// What was replaced, and where in the redacted text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Redaction {
    /// The type.
    #[serde(rename = "type")]
    pub kind: IdentifierKind,
    /// First code point of the replacement (with its bracket) in the redacted text.
    pub start: u32,
    /// One past its last code point.
    pub end: u32,
}

/// A find in a text that came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The type.
    pub kind: IdentifierKind,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// The identifier types. The replacement in text is the name in brackets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum IdentifierKind {
    Name,
    School,
    Place,
    Email,
    Url,
    Handle,
    Phone,
    Postcode,
    Address,
    NhsNumber,
    Upn,
    Uln,
    NationalInsurance,
    VehiclePlate,
    BankAccount,
    DateOfBirth,
    Date,
    /// A number or code that is an identifier of some other kind.
    Reference,
}

impl IdentifierKind {
    /// All types; where finds overlap, the one that stands first here labels them.
    pub const ALL: [IdentifierKind; 18] = [
        IdentifierKind::Email,
        IdentifierKind::Url,
        IdentifierKind::NationalInsurance,
        IdentifierKind::Upn,
        IdentifierKind::NhsNumber,
        IdentifierKind::BankAccount,
        IdentifierKind::Phone,
        IdentifierKind::Uln,
        IdentifierKind::DateOfBirth,
        IdentifierKind::Address,
        IdentifierKind::Postcode,
        IdentifierKind::VehiclePlate,
        IdentifierKind::Handle,
        IdentifierKind::Date,
        IdentifierKind::Reference,
        IdentifierKind::School,
        IdentifierKind::Place,
        IdentifierKind::Name,
    ];

    /// The type of that name.
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.id() == id)
    }

    /// The place in [`Self::ALL`]: less is more specific.
    fn rank(self) -> usize {
        Self::ALL.iter().position(|k| *k == self).unwrap_or(Self::ALL.len())
    }

    /// The more specific of two labels of one span.
    pub fn more_specific(self, other: Self) -> Self {
        if other.rank() < self.rank() { other } else { self }
    }

    /// Appends the replacement: the name in brackets.
    pub fn push_token(self, out: &mut String) {
        out.push('[');
        out.push_str(self.id());
        out.push(']');
    }

    /// The type's name, as written in brackets and in outputs.
    pub fn id(self) -> &'static str {
        match self {
            IdentifierKind::Name => "name",
            IdentifierKind::School => "school",
            IdentifierKind::Place => "place",
            IdentifierKind::Email => "email",
            IdentifierKind::Url => "url",
            IdentifierKind::Handle => "handle",
            IdentifierKind::Phone => "phone",
            IdentifierKind::Postcode => "postcode",
            IdentifierKind::Address => "address",
            IdentifierKind::NhsNumber => "nhs_number",
            IdentifierKind::Upn => "upn",
            IdentifierKind::Uln => "uln",
            IdentifierKind::NationalInsurance => "national_insurance",
            IdentifierKind::VehiclePlate => "vehicle_plate",
            IdentifierKind::BankAccount => "bank_account",
            IdentifierKind::DateOfBirth => "date_of_birth",
            IdentifierKind::Date => "date",
            IdentifierKind::Reference => "reference",
        }
    }
}

impl RedactedText {
    /// Replaces `spans` (in order, apart, on characters) by their types.
    pub(in crate::redact) fn replace(source: &str, spans: &[Span]) -> Self {
        let mut text = String::with_capacity(source.len() + 8);
        let mut redactions = Vec::with_capacity(spans.len());
        let (mut at, mut points) = (0, 0u32);
        let count = |s: &str| u32::try_from(s.chars().count()).unwrap_or(u32::MAX);
        for span in spans {
            let kept = source.get(at..span.start).unwrap_or_default();
            text.push_str(kept);
            let start = points.saturating_add(count(kept));
            span.kind.push_token(&mut text);
            points = start.saturating_add(count(span.kind.id())).saturating_add(2);
            redactions.push(Redaction { kind: span.kind, start, end: points });
            at = span.end;
        }
        text.push_str(source.get(at..).unwrap_or_default());
        RedactedText { text, redactions }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What was replaced, in order.
    pub fn redactions(&self) -> &[Redaction] {
        &self.redactions
    }
}
