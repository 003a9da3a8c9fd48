//! Which texts belong together: an application's configuration and the environment it runs in.

use std::sync::Arc;

use crate::problem::Place;
use crate::source::{KeyPath, Source, Span, is_secret_key};
use crate::syntax::dotenv::{self, UnclosedQuote};
use crate::syntax::tree::{NodeRef, Style, Tree, Value};
use crate::syntax::yaml::{self, YamlError};

/// A text that was read.
#[derive(Debug)]
pub struct Document {
    /// The text.
    pub source: Arc<Source>,
    /// What it says.
    pub tree: Tree,
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
    /// The YAML reader refused it.
    Yaml(YamlError),
}

/// Everything about one deployment that is judged together.
#[derive(Debug, Default)]
pub struct Deployment {
    /// The application's configuration file.
    pub main: Option<Result<Document, Unreadable>>,
    /// Files that set variables of its process, in the order in which they count.
    pub environment: Vec<Arc<Result<Document, Unreadable>>>,
    /// Whether the environment is judged here; it is not where another deployment of the same
    /// folder does.
    pub judges_environment: bool,
    /// How far the configuration file lies open.
    pub exposure: Exposure,
}

/// How far a file with secrets lies open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Everybody on the machine can read it.
    pub world_readable: bool,
    /// Git keeps it.
    pub tracked: bool,
}

impl Document {
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
        Self { source: Arc::new(source), tree }
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

impl Deployment {
    /// The configuration, where there is one that can be read.
    pub fn document(&self) -> Option<&Document> {
        self.main.as_ref()?.as_ref().ok()
    }

    /// The environment files that can be read.
    pub fn environment_documents(&self) -> impl Iterator<Item = &Document> {
        self.environment.iter().filter_map(|reading| reading.as_ref().as_ref().ok())
    }

    /// Every text that could not be read.
    pub fn unreadable(&self) -> impl Iterator<Item = &Unreadable> {
        let main = self.main.as_ref().and_then(|reading| reading.as_ref().err());
        let judged = self.judges_environment;
        let rest = self.environment.iter().filter_map(|reading| reading.as_ref().as_ref().err());
        main.into_iter().chain(rest.filter(move |_| judged))
    }
}

/// Where secrets stand in a tree, and what they are: whatever stands behind a key that names a
/// secret, at any depth, so that a misplaced or misspelt key hides its value too.
fn secrets(tree: &Tree, text: &str) -> (Vec<Span>, Vec<String>) {
    let mut found = (Vec::new(), Vec::new());
    for node in &tree.nodes {
        let Value::Map(entries) = &node.value else { continue };
        for entry in entries {
            let key = NodeRef { tree, id: entry.key };
            if key.scalar().is_some_and(|scalar| is_secret_key(&scalar.text)) {
                let value = NodeRef { tree, id: entry.value };
                found.0.extend(behind_key(text, key.span(), value));
                hide_below(value, &mut found);
            }
        }
    }
    found
}

/// From the colon to the end of the line, where the key stands first on its line and the value is
/// written without quotes: a tag, an anchor or a comment there may be a piece of the secret.
fn behind_key(text: &str, key: Span, value: NodeRef<'_>) -> Option<Span> {
    let line_start = text[..key.start].rfind('\n').map_or(0, |at| at + 1);
    let is_first = text[line_start..key.start].chars().all(|c| matches!(c, ' ' | '-' | '?'));
    let is_plain = value.scalar().is_some_and(|scalar| scalar.style == Style::Plain);
    if !is_first || !is_plain {
        return None;
    }
    let end = text[key.end..].find(['\n', '\r']).map_or(text.len(), |at| key.end + at);
    let line = &text[key.end..end];
    let start = line.find(':').map_or(key.end, |at| key.end + at + 1);
    // Our own comments are no secrets.
    let end = line.find("# ssoctl:").map_or(end, |at| key.end + at);
    let kept = text[start..end.max(start)].trim_end().len();
    Some(Span::new(start, start + kept))
}

/// Hides a value whole, and remembers every scalar in it. Depth is bounded by the reader.
fn hide_below(node: NodeRef<'_>, found: &mut (Vec<Span>, Vec<String>)) {
    found.0.push(node.span());
    let mut open = vec![node];
    for _ in 0..MOST_SECRETS {
        let Some(node) = open.pop() else { break };
        if let Some(scalar) = node.scalar() {
            found.0.push(node.span());
            let written = scalar.style == Style::Plain || scalar.text.len() < LONGEST_SCRUBBED;
            found.1.extend(written.then(|| scalar.text.clone()));
            continue;
        }
        open.extend(node.items().into_iter().flatten());
        open.extend(node.pairs().into_iter().flatten().flat_map(|(key, value)| [key, value]));
    }
}

/// Scalars under one secret key that are searched for elsewhere; all are hidden where they stand.
const MOST_SECRETS: usize = 1000;
/// Longer values (keys, certificates) are masked where they stand and not searched for elsewhere.
const LONGEST_SCRUBBED: usize = 4096;
