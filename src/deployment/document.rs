//! A text that was read, or could not be.

use std::sync::Arc;

use crate::deployment::FileKind;
use crate::deployment::secrets::secrets;
use crate::problem::Place;
use crate::source::{KeyPath, Source, Span};
use crate::syntax::dotenv::{self, UnclosedQuote};
use crate::syntax::tree::Tree;
use crate::syntax::yaml::{self, YamlError};
use crate::syntax::{hocon, json};

/// A text that was read.
#[derive(Debug)]
pub struct Document {
    /// The text.
    pub source: Arc<Source>,
    /// What it says.
    pub tree: Tree,
    /// The first place at which a strict JSON reader refuses it, where it is JSON.
    pub departure: Option<(json::Departure, Span)>,
}

/// A text that could not be read, and why.
#[derive(Clone, Debug)]
pub struct Unreadable {
    /// The text, as far as it is text.
    pub source: Arc<Source>,
    /// Why.
    pub fault: Fault,
}

/// Why a text could not be read.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Larger than is read at all: so many bytes.
    Large(u64),
    /// The bytes are not UTF-8.
    NotUtf8 {
        /// Where the first wrong byte would stand.
        span: Span,
        /// What the bytes look like instead.
        looks_like: &'static str,
    },
    /// A quote in an environment file is never closed.
    Quote(UnclosedQuote),
    /// The JSON reader refused it.
    Json(json::JsonError),
    /// The HOCON reader refused it.
    Hocon(hocon::HoconError),
    /// The YAML reader refused it.
    Yaml(YamlError),
}

impl Document {
    /// Reads a text in the way of its kind.
    pub fn read(
        kind: FileKind,
        name: &str,
        text: Arc<str>,
        options: &yaml::Options<'_>,
    ) -> Result<Self, Unreadable> {
        match kind {
            FileKind::Environment => Self::environment(name, text),
            FileKind::Hocon => Self::hocon(name, text),
            _ if kind.is_json() && is_json(name, &text) => Self::json(name, text),
            _ => Self::yaml(name, text, options),
        }
    }

    /// Reads a YAML text as PyYAML does.
    pub fn yaml(
        name: &str,
        text: Arc<str>,
        options: &yaml::Options<'_>,
    ) -> Result<Self, Unreadable> {
        match yaml::read(&text, options) {
            Ok(tree) => Ok(Self::new(name, text, tree)),
            Err(error) => Err(Unreadable::new(name, text, Fault::Yaml(error))),
        }
    }

    /// Reads a JSON text; comments and final commas are told, not refused.
    pub fn json(name: &str, text: Arc<str>) -> Result<Self, Unreadable> {
        match json::read(&text, &json::Options::default()) {
            Ok(json) => {
                let departure = json.first_departure();
                Ok(Self { departure, ..Self::new(name, text, json.tree) })
            }
            Err(error) => Err(Unreadable::new(name, text, Fault::Json(error))),
        }
    }

    /// Reads a JSON text that can be the export of a whole realm.
    pub fn export(name: &str, text: Arc<str>) -> Result<Self, (json::JsonError, Arc<Source>)> {
        match json::read(&text, &json::Options::EXPORT) {
            Ok(json) => Ok(Self::new(name, text, json.tree)),
            Err(error) => Err((error, hidden(name, text))),
        }
    }

    /// Reads a HOCON text as pyhocon does.
    pub fn hocon(name: &str, text: Arc<str>) -> Result<Self, Unreadable> {
        match hocon::read(&text, &hocon::Options::default()) {
            Ok(tree) => Ok(Self::new(name, text, tree)),
            Err(error) => Err(Unreadable::new(name, text, Fault::Hocon(error))),
        }
    }

    /// Reads an environment file.
    pub fn environment(name: &str, text: Arc<str>) -> Result<Self, Unreadable> {
        match dotenv::read(&text) {
            Ok(tree) => Ok(Self::new(name, text, tree)),
            Err(error) => Err(Unreadable::new(name, text, Fault::Quote(error))),
        }
    }

    fn new(name: &str, text: Arc<str>, tree: Tree) -> Self {
        let (spans, values) = secrets(&tree, &text);
        let comments: Vec<Span> = tree.comments.iter().map(|comment| comment.span).collect();
        let source = Source::understood(name, text, spans, &comments, values);
        Self { source: Arc::new(source), tree, departure: None }
    }

    /// A place in this document.
    pub fn place(&self, span: Span, path: KeyPath) -> Place {
        Place { source: Arc::clone(&self.source), span, path }
    }
}

impl Unreadable {
    /// A text with the reason why it cannot be read.
    pub fn new(name: &str, text: Arc<str>, fault: Fault) -> Self {
        Self { source: Arc::new(Source::new(name, text)), fault }
    }
}

/// A text of which nothing is shown: nobody can tell where its secrets stand.
pub(super) fn hidden(name: &str, text: Arc<str>) -> Arc<Source> {
    let whole = vec![Span::new(0, text.len())];
    Arc::new(Source::understood(name, text, whole, &[], Vec::new()))
}

/// Whether a text is meant as JSON: by its name, else by how it begins.
fn is_json(name: &str, text: &str) -> bool {
    let is_yaml = [".yml", ".yaml"].iter().any(|end| name.to_ascii_lowercase().ends_with(end));
    !is_yaml && text.trim_start_matches('\u{feff}').trim_start().starts_with('{')
}
