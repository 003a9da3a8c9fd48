//! Names and values of an answers file, whichever format it is in.

use jsonc_parser::ast::{ObjectProp, ObjectPropName, Value as Json};
use jsonc_parser::common::Ranged as _;
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, parse_to_ast};

use crate::source::Span;
use crate::syntax::tree::{Comment, NodeRef, Origin, Style, Tree, Value};
use crate::syntax::yaml::{self, Options, YamlError};

/// What a file says before anything is judged.
#[derive(Debug, Default)]
pub(super) struct Document {
    /// Names and values in the order of the text; later ones of the same name are here too.
    pub(super) entries: Vec<Entry>,
    /// The whole value, where it is no map.
    pub(super) no_map: Option<Span>,
    /// Comments, for what they give away.
    pub(super) comments: Vec<Span>,
}

/// A name and its value.
#[derive(Debug)]
pub(super) struct Entry {
    /// The name.
    pub(super) name: String,
    /// Where the name stands.
    pub(super) name_span: Span,
    /// The value.
    pub(super) value: Found,
    /// Where the value stands.
    pub(super) span: Span,
    /// A comment that begins where the value seems to go on.
    pub(super) cut: Option<Span>,
}

/// A value, as far as answers care.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A list.
    List,
    /// A map.
    Map,
    /// Nothing, or white space.
    Nothing,
    /// Anything else, as written: `0123` stays `0123`.
    Text(String),
}

/// Reads JSON as JSON, and anything else as YAML.
pub(super) fn read(text: &str) -> Result<Document, YamlError> {
    let options = Options::default();
    if text.len() <= options.bytes
        && text.trim_start().starts_with('{')
        && let Some(document) = json(text)
    {
        return Ok(document);
    }
    let tree = yaml::read(text, &options)?;
    Ok(document(&tree, text))
}

/// JSON (RFC 8259), which YAML 1.1 reads otherwise: tabs, and characters written as two surrogates.
fn json(text: &str) -> Option<Document> {
    let collect = CollectOptions { comments: CommentCollectionStrategy::Off, tokens: false };
    let parsed = parse_to_ast(text, &collect, &STRICT).ok()?;
    let Some(Json::Object(object)) = parsed.value else { return None };
    let entries = object.properties.into_iter().map(json_entry).collect();
    Some(Document { entries, ..Document::default() })
}

fn json_entry(property: ObjectProp<'_>) -> Entry {
    let range = |range: jsonc_parser::common::Range| Span::new(range.start, range.end);
    let name_span = range(match &property.name {
        ObjectPropName::String(name) => name.range(),
        ObjectPropName::Word(name) => name.range(),
    });
    let span = range(property.value.range());
    let value = match property.value {
        Json::Array(_) => Found::List,
        Json::BooleanLit(literal) => Found::Text(literal.value.to_string()),
        Json::NullKeyword(_) => Found::Nothing,
        Json::NumberLit(literal) => Found::Text(literal.value.to_owned()),
        Json::Object(_) => Found::Map,
        Json::StringLit(literal) => text_or_nothing(literal.value.into_owned()),
    };
    Entry { name: property.name.into_string(), name_span, value, span, cut: None }
}

fn document(tree: &Tree, text: &str) -> Document {
    let comments = tree.comments.iter().map(|comment| comment.span).collect();
    let Some(root) = tree.root().filter(|root| !root.is_null()) else {
        return Document { comments, ..Document::default() };
    };
    let Some(entries) = root.entries() else {
        return Document { no_map: Some(root.span()), comments, ..Document::default() };
    };
    let own = entries.iter().filter(|entry| entry.origin == Origin::Own);
    let entries = own.map(|entry| {
        let (key, value) = (NodeRef { tree, id: entry.key }, NodeRef { tree, id: entry.value });
        yaml_entry(key, value, text, &tree.comments)
    });
    Document { entries: entries.collect(), no_map: None, comments }
}

fn yaml_entry(key: NodeRef<'_>, value: NodeRef<'_>, text: &str, comments: &[Comment]) -> Entry {
    let found = match &value.node().value {
        Value::List(_) => Found::List,
        Value::Map(_) => Found::Map,
        Value::Scalar(_) if value.is_null() => Found::Nothing,
        Value::Scalar(scalar) => text_or_nothing(scalar.text.clone()),
    };
    let is_plain = value.scalar().is_some_and(|scalar| scalar.style == Style::Plain);
    Entry {
        name: key.scalar().map(|scalar| scalar.text.clone()).unwrap_or_default(),
        name_span: key.span(),
        value: found,
        span: value.span(),
        cut: is_plain.then(|| cut_behind(value.span(), text, comments)).flatten(),
    }
}

/// A comment straight behind a plain value that does not look like one: no space follows its mark.
fn cut_behind(value: Span, text: &str, comments: &[Comment]) -> Option<Span> {
    let next = comments.partition_point(|comment| comment.span.start < value.end);
    let comment = comments.get(next).filter(|comment| !comment.alone)?.span;
    let between = text.get(value.end..comment.start)?;
    let looks_meant = text[comment.range()].trim_start_matches('#').starts_with([' ', '\t']);
    (!between.contains(['\n', '\r']) && !looks_meant).then_some(comment)
}

fn text_or_nothing(text: String) -> Found {
    if text.trim().is_empty() { Found::Nothing } else { Found::Text(text) }
}

const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};
