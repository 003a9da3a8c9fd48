//! What a text is that is not the document that was meant.

use std::fmt;

use crate::source::{Span, printable};
use crate::syntax::json::{self, Departure, Json, JsonErrorKind};
use crate::syntax::nature::Nature;
use crate::syntax::tree::{NodeRef, Value};

/// Why a text is not the document that was meant, and where that shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// What it is instead.
    pub kind: UnreadableKind,
    /// Where that shows.
    pub span: Span,
}

/// What a text is instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnreadableKind {
    /// JSON with something in it that RFC 8259 does not know, so that clients refuse it.
    Departure(Departure),
    /// Another JSON document.
    Instead(Instead),
    /// No JSON, or too large.
    Json(JsonErrorKind),
    /// It begins like something else, such as a web page.
    Nature(Nature),
}

/// Which other JSON document a text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Instead {
    /// A discovery document.
    Discovery,
    /// An error answer (RFC 6749 section 5.2): its code.
    Error(String),
    /// A set of keys.
    Jwks,
    /// A list or a single value.
    NoObject,
    /// An object of another kind.
    OtherObject,
}

impl Unreadable {
    /// Whether it is our ceiling that was reached, and not a fault of the text.
    pub fn is_limit(&self) -> bool {
        matches!(self.kind, UnreadableKind::Json(JsonErrorKind::Limit(_)))
    }

    fn new(kind: UnreadableKind, span: Span) -> Self {
        Self { kind, span }
    }
}

/// The JSON of a text whose value is an object with one of these members.
pub(super) fn object(
    text: &str,
    options: &json::Options,
    members: &[&str],
) -> Result<Json, Unreadable> {
    let nature = Nature::of(text);
    if !matches!(nature, Nature::Json | Nature::Other) {
        return Err(Unreadable::new(UnreadableKind::Nature(nature), Span::at(0)));
    }
    let json = json::read(text, options);
    let json =
        json.map_err(|error| Unreadable::new(UnreadableKind::Json(error.kind), error.span))?;
    if let Some((departure, span)) = json.first_departure() {
        return Err(Unreadable::new(UnreadableKind::Departure(departure), span));
    }
    let root = json.tree.root().expect("JSON that was read has a value");
    match root.node().value {
        Value::Map(_) if members.iter().any(|member| root.get(member).is_some()) => Ok(json),
        _ => Err(Unreadable::new(UnreadableKind::Instead(instead(root)), root.span())),
    }
}

fn instead(root: NodeRef<'_>) -> Instead {
    let error = root.get("error").and_then(NodeRef::key_text);
    match root.node().value {
        Value::Map(_) => match error {
            Some(code) => Instead::Error(code.to_owned()),
            None if root.get("keys").is_some() => Instead::Jwks,
            None if root.get("issuer").is_some() => Instead::Discovery,
            None => Instead::OtherObject,
        },
        Value::List(_) | Value::Scalar(_) => Instead::NoObject,
    }
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            UnreadableKind::Departure(departure) => {
                write!(f, "{} are no part of JSON", departure.name())
            }
            UnreadableKind::Instead(Instead::Discovery) => {
                f.write_str("this is a discovery document")
            }
            UnreadableKind::Instead(Instead::Error(code)) => {
                write!(f, "this is an error answer: {}", printable(code))
            }
            UnreadableKind::Instead(Instead::Jwks) => f.write_str("this is a set of keys"),
            UnreadableKind::Instead(Instead::NoObject) => f.write_str("this is no JSON object"),
            UnreadableKind::Instead(Instead::OtherObject) => {
                f.write_str("this is a JSON object of another kind")
            }
            UnreadableKind::Json(kind) => kind.fmt(f),
            UnreadableKind::Nature(nature) => write!(f, "this is {}", nature.name()),
        }
    }
}

impl std::error::Error for Unreadable {}
