//! Pieces of a value, and what they make together.

use crate::source::Span;
use crate::syntax::hocon::error::{HoconError, HoconErrorKind};
use crate::syntax::hocon::number;
use crate::syntax::tree::{Kind, NodeId, Scalar, Style};

/// A piece of a value and its place in the text without tabs, spaces behind it excluded.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    /// First byte.
    pub(super) start: usize,
    /// One past the last byte.
    pub(super) end: usize,
    /// What it is.
    pub(super) content: Content,
}

/// What a piece of a value is.
#[derive(Clone, Debug)]
pub(super) enum Content {
    /// Text, a number, true, false, nothing or a duration.
    Single {
        /// What it is when it stands alone.
        scalar: Scalar,
        /// What joins other pieces, as `str` prints it.
        printed: String,
        /// Spaces behind it that count where another piece follows.
        gap: String,
    },
    /// A list.
    List(NodeId),
    /// A map.
    Map(NodeId),
    /// `${name}` or `${?name}`.
    Substitution {
        /// The path it names.
        name: String,
        /// Spaces behind it that count where another piece follows.
        gap: String,
    },
    /// What a file holds that the text includes.
    Include,
}

/// What pieces make together.
#[derive(Debug)]
pub(super) enum Made {
    /// A single value.
    Single(Scalar),
    /// Lists, to be joined in this order.
    Lists(Vec<NodeId>),
    /// Maps, to be merged in this order.
    Maps(Vec<NodeId>),
    /// A value that depends on a substitution.
    Substitution,
    /// A value that another file brings.
    Include,
}

impl Piece {
    /// A single value that prints as it reads.
    pub(super) fn text(range: (usize, usize), text: String, style: Style, gap: String) -> Self {
        let scalar = Scalar { text: text.clone(), style, kind: Kind::Text };
        let content = Content::Single { scalar, printed: text, gap };
        Self { start: range.0, end: range.1, content }
    }

    /// A single value without quotes that is no text.
    pub(super) fn typed(range: (usize, usize), text: &str, kind: Kind, printed: String) -> Self {
        let scalar = Scalar { text: text.to_owned(), style: Style::Plain, kind };
        let content = Content::Single { scalar, printed, gap: String::new() };
        Self { start: range.0, end: range.1, content }
    }
}

/// Joins pieces; `place` gives the span of a piece that does not fit.
pub(super) fn join(pieces: &[Piece], place: impl Fn(&Piece) -> Span) -> Result<Made, HoconError> {
    let has = |wanted: fn(&Content) -> bool| pieces.iter().any(|piece| wanted(&piece.content));
    if has(|content| matches!(content, Content::Substitution { .. })) {
        return Ok(Made::Substitution);
    }
    let kinds = pieces.iter().map(|piece| std::mem::discriminant(&family(&piece.content)));
    let Some(first) = kinds.clone().next() else { return Ok(Made::Single(nothing())) };
    if let Some(misfit) = kinds.clone().position(|kind| kind != first) {
        return Err(HoconError::new(HoconErrorKind::MixedKinds, place(&pieces[misfit])));
    }
    if has(|content| matches!(content, Content::Include)) {
        return Ok(Made::Include);
    }
    Ok(family_of(pieces))
}

/// The three kinds that do not mix.
enum Family {
    /// Lists.
    List,
    /// Maps.
    Map,
    /// Single values, and what may become one.
    Single,
}

fn family(content: &Content) -> Family {
    match content {
        Content::List(_) => Family::List,
        Content::Map(_) => Family::Map,
        Content::Include | Content::Single { .. } | Content::Substitution { .. } => Family::Single,
    }
}

fn family_of(pieces: &[Piece]) -> Made {
    let nodes = |pieces: &[Piece]| {
        let id = |piece: &Piece| match piece.content {
            Content::List(id) | Content::Map(id) => Some(id),
            _ => None,
        };
        pieces.iter().filter_map(id).collect()
    };
    match family(&pieces[0].content) {
        Family::List => Made::Lists(nodes(pieces)),
        Family::Map => Made::Maps(nodes(pieces)),
        Family::Single => Made::Single(joined(pieces)),
    }
}

/// Single values as one.
pub(super) fn joined(pieces: &[Piece]) -> Scalar {
    if let [Piece { content: Content::Single { scalar, .. }, .. }] = pieces {
        return without_end(scalar.clone());
    }
    let mut text = String::new();
    let mut style = Style::Plain;
    for (index, piece) in pieces.iter().enumerate() {
        let Content::Single { scalar, printed, gap } = &piece.content else { continue };
        if index == 0 {
            style = scalar.style;
        }
        if index + 1 < pieces.len() {
            text.push_str(printed);
            text.push_str(gap);
        } else {
            let last = Scalar { text: printed.clone(), ..scalar.clone() };
            text.push_str(&without_end(last).text);
        }
    }
    Scalar { text, style, kind: Kind::Text }
}

/// A last piece: spaces at the end of text without quotes do not count.
fn without_end(mut scalar: Scalar) -> Scalar {
    if scalar.style == Style::Plain && scalar.kind == Kind::Text {
        scalar.text.truncate(scalar.text.trim_end_matches([' ', '\t']).len());
    }
    scalar
}

/// A value of no characters.
fn nothing() -> Scalar {
    Scalar { text: String::new(), style: Style::Plain, kind: Kind::Text }
}

/// A value as `str` prints it; none for nothing, which vanishes between pieces.
pub(super) fn printed(scalar: &Scalar, duration: impl Fn(&str) -> String) -> Option<String> {
    match &scalar.kind {
        Kind::Bool(value) => Some(if *value { "True" } else { "False" }.to_owned()),
        Kind::Float(value) => Some(number::printed(*value)),
        Kind::Int(digits) => Some(digits.clone()),
        Kind::Duration(_) => Some(duration(&scalar.text)),
        Kind::Null => None,
        Kind::Binary | Kind::Text | Kind::Timestamp(_) => Some(scalar.text.clone()),
    }
}
