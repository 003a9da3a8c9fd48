//! Keys with dots, taken apart as pyhocon does it.

use std::ops::Range;

use crate::syntax::tree::{NodeId, Tree, Value};

/// A step of a key: as pyhocon stores it, and where it stands in the key as written.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// The name; with its quotes where it has a special character.
    pub(super) name: String,
    /// Its bytes within the key.
    pub(super) range: Range<usize>,
}

/// The steps of a key, `most` of them at most.
pub(super) fn parts(key: &str, most: usize) -> Vec<Part> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(first) = key[at..].chars().next().filter(|_| found.len() < most) {
        let rest = &key[at..];
        let quoted = rest.strip_prefix('"').and_then(|inner| inner.find('"')).filter(|n| *n > 0);
        let length = match quoted {
            Some(length) => length + 2,
            None => rest.find(SPECIAL).unwrap_or(rest.len()),
        };
        if length > 0 {
            found.push(Part { name: stored(&rest[..length]), range: at..at + length });
        }
        at += length.max(if length == 0 { first.len_utf8() } else { 0 });
    }
    found
}

fn stored(part: &str) -> String {
    if part.contains(SPECIAL) { part.to_owned() } else { part.trim_matches('"').to_owned() }
}

/// The steps below the first one as pyhocon writes them into a map of their own: each in quotes,
/// then taken apart once more.
pub(super) fn rest(parts: &[Part]) -> Vec<Part> {
    let whole = parts.first().map_or(0, |part| part.range.start)
        ..parts.last().map_or(0, |part| part.range.end);
    let written: Vec<String> = parts.iter().map(|part| format!("\"{}\"", part.name)).collect();
    let mut again = self::parts(&written.join("."), usize::MAX);
    let is_same = again.len() == parts.len();
    for (index, part) in again.iter_mut().enumerate() {
        part.range = if is_same { parts[index].range.clone() } else { whole.clone() };
    }
    again
}

/// The name under which pyhocon stores a step whose quotes were taken off.
pub(super) fn stored_name(text: &str) -> String {
    if text.contains(SPECIAL) { format!("\"{text}\"") } else { text.to_owned() }
}

/// The value that counts under a step of a key.
pub(super) fn value_under(tree: &Tree, map: NodeId, part: &Part) -> Option<NodeId> {
    let Value::Map(entries) = &tree.node(map).value else { return None };
    let mut counting = entries.iter().filter(|entry| !entry.hidden);
    counting.find(|entry| is_named(tree, entry.key, part)).map(|entry| entry.value)
}

fn is_named(tree: &Tree, key: NodeId, part: &Part) -> bool {
    let key = tree.node(key);
    let Value::Scalar(scalar) = &key.value else { return false };
    key.tag.is_none() && scalar.text == part.name.trim_matches('"')
}

/// Characters that end a step of a key outside quotes.
const SPECIAL: [char; 16] =
    ['$', '}', '[', ']', ':', '=', '+', '#', '`', '^', '?', '!', '@', '*', '&', '.'];
