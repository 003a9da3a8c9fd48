//! The answers file: what the identity provider's administrator hands over, name to value.
//!
//! ```yaml
//! client_id: "0oa1b2c3d4e5f6g7h8i9"
//! x509_cert: |-
//!   -----BEGIN CERTIFICATE-----
//!   ...
//! ```

mod entries;
mod judge;
mod kind;
mod write;

use std::fmt;
use std::sync::Arc;

pub use write::{template, write};

use crate::problem::Problem;
use crate::rule::Severity;
use crate::sheet::Wanted;
use crate::source::{Source, Span, printable};

/// What was handed over, in the order of the file.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Answers {
    answers: Vec<Answer>,
}

/// One answer and where it stands.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The name that the sheet asks for.
    pub name: String,
    /// The value: exactly as written for text and secrets, without white space around it for the
    /// rest.
    pub value: String,
    /// Where the value stands.
    pub span: Span,
}

/// An answers file as it was read.
#[derive(Debug)]
pub struct Reading {
    /// The text; it masks what is secret in it.
    pub source: Arc<Source>,
    /// The answers that can be used: asked for, and of the right kind.
    pub answers: Answers,
    /// What is wrong, each with its severity. An error keeps a setup from being made.
    pub problems: Vec<Problem>,
}

/// Reads an answers file, YAML or JSON, against what is asked for.
///
/// A secret that is missing is a warning only: it may travel another way.
pub fn read(file_name: &str, text: impl Into<Arc<str>>, wanted: &[Wanted]) -> Reading {
    let text = text.into();
    match entries::read(&text) {
        Ok(document) => judge::judged(file_name, text, &document, wanted),
        Err(error) => judge::unreadable(file_name, text, &error),
    }
}

/// A problem of an answers file in one line: place, what is wrong, what to write.
pub fn in_words(problem: &Problem) -> String {
    let place = &problem.place;
    let at = place.source.location(place.span.start);
    let name = printable(place.source.name());
    let remedy = problem.remedy.as_ref().map(|remedy| format!("; {remedy}")).unwrap_or_default();
    let text = place.source.scrub(&format!("{}{remedy}", problem.message));
    format!("{name}:{}:{}: {text}", at.line, at.column)
}

impl Answers {
    /// The value under a name, if it was handed over.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.answer(name).map(|answer| answer.value.as_str())
    }

    /// The answer under a name, with its place.
    pub fn answer(&self, name: &str) -> Option<&Answer> {
        self.answers.iter().find(|answer| answer.name == name)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Answer> {
        self.answers.iter()
    }

    /// Whether nothing usable was handed over.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty()
    }
}

impl Reading {
    /// Whether something keeps a setup from being made.
    pub fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Some(Severity::Error))
    }
}

/// Names only: any value may be a secret.
impl fmt::Debug for Answers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.answers).finish()
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer").field("name", &self.name).finish_non_exhaustive()
    }
}
