//! A setup sheet: what to type where, so that one application and one identity provider know each
//! other. The contract of `ssoctl setup --format json`; it knows no application.

pub mod answers;

use serde::{Deserialize, Serialize};

use crate::model::Protocol;

/// Everything that two people have to do and to tell each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The application's id and name.
    pub app: (&'static str, &'static str),
    /// The identity provider's id and name.
    pub idp: (&'static str, &'static str),
    /// What they will speak.
    pub protocol: Protocol,
    /// The application's id for the provider, where it has one.
    pub provider: Option<String>,
    /// What to do, in order; the identity provider's side first.
    pub steps: Vec<Step>,
    /// What the identity provider's administrator must hand over.
    pub send_back: Vec<Wanted>,
    /// How to see that it works.
    pub verify: Vec<String>,
    /// What else both must know.
    pub notes: Vec<String>,
    /// Files that a console or an API imports instead of typing.
    pub imports: Vec<Import>,
}

/// One thing to do, at one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Step {
    /// From 1, counted over both sides.
    pub number: usize,
    /// Whose step it is.
    pub side: Side,
    /// The way through the console, or the file.
    pub place: String,
    /// What to type there.
    pub fields: Vec<Field>,
}

/// Whose console or file a step is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The application.
    App,
    /// The identity provider.
    Idp,
}

/// One field of a console, or one key of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    /// As it is written beside the field.
    pub label: String,
    /// What to type; none where the person chooses, or learns it from the other side.
    pub value: Option<String>,
    /// What to know about it.
    pub note: Option<String>,
    /// Why this differs from what the vendor's guide says.
    pub departs: Option<String>,
}

/// Something that the identity provider's administrator must hand over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// The name in the answers file.
    pub name: String,
    /// As the console calls it.
    pub label: String,
    /// Whether it must travel by a safe way.
    pub secret: bool,
    /// What kind of thing it is.
    pub kind: WantedKind,
    /// Where the console shows it.
    pub note: Option<String>,
    /// Whether setup works without it.
    pub optional: bool,
}

/// The kind of an answer, for a form's input field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum WantedKind {
    /// A PEM certificate: many lines.
    Certificate,
    /// A day, `2027-05-01`.
    Date,
    /// One line.
    Text,
    /// An absolute URL.
    Url,
    /// A document: many lines.
    Xml,
}

/// A file, or a command, that does some steps at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// A name for the file: `keycloak-client.json`.
    pub file_name: &'static str,
    /// Where it is imported, or what it is.
    pub place: String,
    /// Its text.
    pub text: String,
}
