//! What keeps a text from being read, in words for its author.

use std::fmt;

use crate::source::Span;

/// Why a text cannot be read, and the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YamlError {
    /// What is wrong.
    pub kind: YamlErrorKind,
    /// The place to look at, in bytes.
    pub span: Span,
    /// What was being read when it went wrong.
    pub context: Option<Context>,
}

/// Something opened earlier that an error has to do with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Context {
    /// What it is, such as "this `[` is still open".
    pub what: &'static str,
    /// Where it began, in bytes.
    pub span: Span,
}

/// What is wrong with a text. All but [`YamlErrorKind::Limit`] are faults of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum YamlErrorKind {
    /// The value of a merge key is neither a map nor a list of maps.
    BadMerge,
    /// A scalar that its type cannot hold, such as `2026-13-45`.
    BadScalar {
        /// What the text was to be, such as "a date".
        expected: &'static str,
    },
    /// A second anchor of the same name.
    DuplicateAnchor(String),
    /// One of our ceilings was reached.
    Limit(LimitKind),
    /// A tag without a constructor in `SafeLoader`; such tags build objects elsewhere.
    ObjectTag(String),
    /// An alias inside the very value that it stands for. `PyYAML` reads it; no tree can hold it.
    RecursiveAlias(String),
    /// A second document; `safe_load` takes exactly one.
    SeveralDocuments,
    /// The text is no YAML: what was found, or what was expected.
    Syntax(&'static str),
    /// Marks of a template (`{{ x }}`, `{% if %}`) keep the text from being read.
    Template,
    /// A collection as a key, which Python cannot hash.
    UnhashableKey,
    /// An alias without its anchor.
    UnknownAlias(String),
    /// A tag that asks for another kind of value, such as `!!map` on text.
    WrongKind {
        /// What the tag asks for, such as "a map".
        expected: &'static str,
    },
}

/// The ceiling that a text reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitKind {
    /// The size of the text.
    Bytes,
    /// Collections within collections.
    Depth,
    /// Digits of one number.
    Digits,
    /// Values, each alias and merge counted as often as it is used.
    Nodes,
}

impl YamlError {
    /// An error without a context.
    pub(super) fn new(kind: YamlErrorKind, span: Span) -> Self {
        let context = None;
        Self { kind, span, context }
    }

    /// The text is no YAML.
    pub(super) fn syntax(message: &'static str, span: Span) -> Self {
        Self::new(YamlErrorKind::Syntax(message), span)
    }

    /// The same error with what was being read.
    pub(super) fn within(mut self, what: &'static str, span: Span) -> Self {
        self.context = Some(Context { what, span });
        self
    }

    /// The same error, as one about a template if its line, or the line of what was open, holds
    /// the marks of one.
    pub(super) fn or_template(self, text: &str) -> Self {
        let about_text =
            matches!(self.kind, YamlErrorKind::Syntax(_) | YamlErrorKind::UnhashableKey);
        let places = [Some(self.span), self.context.map(|context| context.span)];
        let found =
            places.into_iter().flatten().find_map(|span| template_on_line(text, span.start));
        match found {
            Some(span) if about_text => Self::new(YamlErrorKind::Template, span),
            _ => self,
        }
    }
}

/// The first `{{ x }}` or `{% x %}` on the line around `offset`.
fn template_on_line(text: &str, offset: usize) -> Option<Span> {
    let start = text[..offset].rfind('\n').map_or(0, |before| before + 1);
    let line = text[start..].split('\n').next()?;
    let (open, close) = [("{{", "}}"), ("{%", "%}")]
        .into_iter()
        .filter_map(|(open, close)| Some((line.find(open)?, close)))
        .min()?;
    let length = line[open..].find(close).map_or(line.len() - open, |found| found + close.len());
    Some(Span::new(start + open, start + open + length))
}

impl fmt::Display for YamlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind.fmt(f)
    }
}

impl std::error::Error for YamlError {}

impl fmt::Display for YamlErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BadMerge => f.write_str("`<<` takes a map or a list of maps"),
            Self::BadScalar { expected } => write!(f, "this is not {expected}"),
            Self::DuplicateAnchor(name) => write!(f, "the anchor `&{name}` is set twice"),
            Self::Limit(limit) => limit.fmt(f),
            Self::ObjectTag(name) => write!(f, "nothing reads the tag `{name}`"),
            Self::RecursiveAlias(name) => write!(f, "`*{name}` stands inside its own value"),
            Self::SeveralDocuments => f.write_str("a second document starts here"),
            Self::Syntax(message) => f.write_str(message),
            Self::Template => f.write_str("this is a template, not YAML yet"),
            Self::UnhashableKey => f.write_str("a list or map cannot be a key"),
            Self::UnknownAlias(name) => write!(f, "there is no anchor `&{name}` before this alias"),
            Self::WrongKind { expected } => write!(f, "the tag asks for {expected}"),
        }
    }
}

impl fmt::Display for LimitKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Bytes => "the text is too large",
            Self::Depth => "the values are nested too deep",
            Self::Digits => "the number has too many digits",
            Self::Nodes => "the text holds too many values, with each alias counted",
        })
    }
}
