//! Where secrets stand in a tree.

use crate::source::{Span, bare_name, is_secret_key, secrets_in_text};
use crate::syntax::tree::{Entry, NodeRef, Scalar, Style, Tree, Value};

/// Where secrets stand in a tree, and what they are: whatever stands behind a key that names a
/// secret, at any depth, so that a misplaced or misspelt key hides its value too.
pub(super) fn secrets(tree: &Tree, text: &str) -> (Vec<Span>, Vec<String>) {
    let mut found = (Vec::new(), Vec::new());
    for node in &tree.nodes {
        match &node.value {
            Value::Map(entries) => {
                for entry in entries {
                    in_entry(tree, text, *entry, &mut found);
                    in_name(text, NodeRef { tree, id: entry.key }, |key| key, &mut found);
                }
                in_pair(tree, text, entries, &mut found);
            }
            // A forgotten blank or a wrong sign: `client_secret=...` as one text.
            Value::Scalar(scalar) if can_hold_pair(scalar) => {
                let inside = secrets_in_text(&text[node.span.range()]).into_iter();
                found.0.extend(inside.map(|span| {
                    Span::new(node.span.start + span.start, node.span.start + span.end)
                }));
            }
            // Items of a list that sets variables: what stands before the sign is the name.
            Value::List(items) => {
                for id in items {
                    in_name(text, NodeRef { tree, id: *id }, before_sign, &mut found);
                }
            }
            Value::Scalar(_) => {}
        }
    }
    found
}

fn before_sign(item: &str) -> &str {
    item.split('=').next().unwrap_or_default()
}

/// Hides the secret that somebody wrote into a name.
fn in_name(
    text: &str,
    node: NodeRef<'_>,
    name: impl for<'s> Fn(&'s str) -> &'s str,
    found: &mut (Vec<Span>, Vec<String>),
) {
    let Some(name) = node.scalar().map(|scalar| name(&scalar.text)) else { return };
    let secret = name.strip_prefix(bare_name(name)).unwrap_or_default();
    let secret = secret.trim_matches(|c: char| c.is_whitespace() || ":='\"".contains(c));
    if secret.is_empty() {
        return;
    }
    let (start, written) = (node.span().start, &text[node.span().range()]);
    found.0.push(match written.find(secret) {
        Some(at) => Span::new(start + at, start + at + secret.len()),
        None => node.span(),
    });
    if secret.len() < LONGEST_SCRUBBED {
        found.1.push(secret.to_owned());
    }
}

/// Whether a text can be a key and a value by mistake; addresses and certificates are none.
fn can_hold_pair(scalar: &Scalar) -> bool {
    let text = scalar.text.as_str();
    text.contains([':', '=']) && !text.contains("://") && !text.starts_with("-----BEGIN CERT")
}

fn in_entry(tree: &Tree, text: &str, entry: Entry, found: &mut (Vec<Span>, Vec<String>)) {
    let key = NodeRef { tree, id: entry.key };
    if key.scalar().is_some_and(|scalar| is_secret_key(&scalar.text)) {
        let value = NodeRef { tree, id: entry.value };
        found.0.extend(behind_key(text, key.span(), value));
        hide_below(text, value, found);
    }
}

/// `{name: client_secret, value: ...}`.
fn in_pair(tree: &Tree, text: &str, entries: &[Entry], found: &mut (Vec<Span>, Vec<String>)) {
    let named = |name: &str| {
        let entry =
            entries.iter().find(|entry| NodeRef { tree, id: entry.key }.key_text() == Some(name));
        entry.map(|entry| NodeRef { tree, id: entry.value })
    };
    if entries.len() > MOST_IN_PAIR {
        return;
    }
    let is_secret = ["name", "key"].into_iter().any(|name| {
        named(name).and_then(NodeRef::scalar).is_some_and(|scalar| is_secret_key(&scalar.text))
    });
    if let Some(value) = named("value").filter(|_| is_secret) {
        hide_below(text, value, found);
    }
}

/// From the colon to the end of the value, a tag or an anchor before it included. Where the key
/// stands first on its line and the value has no quotes, to the end of the line: a comment there may
/// be a piece of the secret.
fn behind_key(text: &str, key: Span, value: NodeRef<'_>) -> Option<Span> {
    let line_start = text[..key.start].rfind(['\n', '\r']).map_or(0, |at| at + 1);
    // Steps of a dotted path before it are a part of the key.
    let is_key = |c: char| c.is_alphanumeric() || " \t-?._\"'".contains(c);
    let is_first = text[line_start..key.start].chars().all(is_key);
    let scalar = value.scalar()?;
    // No further than a value reaches that anybody writes on one line.
    let window = text.floor_char_boundary(key.end + LONGEST_SCRUBBED);
    let line_end = text[key.end..window].find(['\n', '\r']).map_or(window, |at| key.end + at);
    let line = &text[key.end..line_end];
    // Lines of an environment file: whatever stands there, quotes that close too early included.
    if let Some(at) =
        line.find('=').filter(|at| line[..*at].trim_matches(['"', '\'', ' ']).is_empty())
    {
        let end = line.find("# ssoctl:").unwrap_or(line.len());
        return Some(Span::new(key.end + at + 1, key.end + end.max(at + 1)));
    }
    let start = line.find(':').map_or(key.end, |at| key.end + at + 1);
    let rest = &text[start.min(line_end)..line_end];
    let start = start + (rest.len() - rest.trim_start().len());
    let end = if is_first && scalar.style == Style::Plain {
        // Our own comments are no secrets.
        line.find("# ssoctl:").map_or(line_end, |at| key.end + at)
    } else if value.span().is_empty() {
        rest.find([',', '}', ']']).map_or(line_end, |at| line_end - rest.len() + at)
    } else {
        value.span().start
    };
    let kept = text.get(start..end)?.trim_end().len();
    (kept > 0).then(|| Span::new(start, start + kept))
}

/// Hides a value whole, and remembers every scalar in it, as it reads and as it is written.
fn hide_below(text: &str, node: NodeRef<'_>, found: &mut (Vec<Span>, Vec<String>)) {
    found.0.push(node.span());
    let mut open = vec![node];
    for _ in 0..MOST_SECRETS {
        let Some(node) = open.pop() else { break };
        if let Some(scalar) = node.scalar() {
            found.0.push(node.span());
            let written = text[node.span().range()].trim_matches(['"', '\'']);
            let values = [scalar.text.as_str(), written].into_iter();
            found
                .1
                .extend(values.filter(|value| value.len() < LONGEST_SCRUBBED).map(str::to_owned));
            continue;
        }
        open.extend(node.items().into_iter().flatten());
        open.extend(node.pairs().into_iter().flatten().flat_map(|(key, value)| [key, value]));
    }
}

/// More entries are no pair of name and value.
const MOST_IN_PAIR: usize = 8;
/// Scalars under one secret key that are searched for elsewhere; all are hidden where they stand.
const MOST_SECRETS: usize = 1000;
/// Longer values (keys, certificates) are masked where they stand and not searched for elsewhere.
const LONGEST_SCRUBBED: usize = 4096;
