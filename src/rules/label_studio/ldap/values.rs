//! The distinguished names in a value, each with its place.

use crate::apps::label_studio_environment::{LsKind, LsVariable};
use crate::source::Span;
use crate::syntax::json;
use crate::syntax::tree::NodeRef;

/// A text that stands for a distinguished name.
#[derive(Debug)]
pub(super) struct NameText {
    /// The text, blanks around it left out.
    pub(super) text: String,
    /// Where it stands in the value; none where it stands nowhere as it is.
    pub(super) span: Option<Span>,
}

/// The distinguished names that a variable holds; names of Active Directory are none.
pub(super) fn names(set: &LsVariable<'_>) -> Vec<NameText> {
    let Some((text, fact)) = set.text().zip(set.fact) else { return Vec::new() };
    match fact.kind {
        LsKind::Name => trimmed(text, 0, text.len()).into_iter().collect(),
        LsKind::BindName | LsKind::NameTemplate => {
            let is_account = !text.contains('=') && text.contains(['@', '\\']);
            let is_template = fact.kind == LsKind::NameTemplate && !text.contains('=');
            let is_name = !is_account && !is_template;
            trimmed(text, 0, text.len()).into_iter().filter(|_| is_name).collect()
        }
        LsKind::Names => pieces(text),
        LsKind::Workspaces => in_workspaces(text),
        _ => Vec::new(),
    }
}

/// The names between `;` that no backslash stands before.
fn pieces(text: &str) -> Vec<NameText> {
    let mut found = Vec::new();
    let (mut start, mut is_escaped) = (0, false);
    for (at, c) in text.char_indices() {
        if c == ';' && !is_escaped {
            found.extend(trimmed(text, start, at));
            start = at + 1;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    found.extend(trimmed(text, start, text.len()));
    found
}

fn trimmed(text: &str, start: usize, end: usize) -> Option<NameText> {
    let piece = &text[start..end];
    let start = start + (piece.len() - piece.trim_start().len());
    let text = piece.trim().to_owned();
    let span = Some(Span::new(start, start + text.len()));
    (!text.is_empty()).then_some(NameText { text, span })
}

fn in_workspaces(text: &str) -> Vec<NameText> {
    let Ok(read) = json::read(text, &json::Options::default()) else { return Vec::new() };
    let pairs = read.tree.root().and_then(NodeRef::pairs).into_iter().flatten();
    let names = pairs.filter_map(|(_, value)| Some((value.span(), value.scalar()?)));
    let names = names.flat_map(|(span, scalar)| {
        let inside = Span::new(span.start + 1, span.end.saturating_sub(1).max(span.start + 1));
        let is_linear = text.get(inside.range()) == Some(scalar.text.as_str());
        pieces(&scalar.text).into_iter().map(move |piece| {
            let place = |part: Span| Span::new(inside.start + part.start, inside.start + part.end);
            NameText { span: piece.span.filter(|_| is_linear).map(place).or(Some(span)), ..piece }
        })
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::{in_workspaces, pieces};

    #[test]
    fn lists_are_cut_at_semicolons_without_a_backslash() {
        let found = pieces(r"ou=a\;b,dc=x; ou=c,dc=x ;");
        let texts: Vec<_> = found.iter().map(|name| name.text.as_str()).collect();
        assert_eq!(texts, [r"ou=a\;b,dc=x", "ou=c,dc=x"]);
    }

    #[test]
    fn names_in_the_table_of_workspaces_have_their_places() {
        let text = r#"{"A": "cn=a,dc=x;cn=b,dc=x"}"#;
        let found = in_workspaces(text);
        let places: Vec<_> =
            found.iter().filter_map(|name| Some(&text[name.span?.range()])).collect();
        assert_eq!(places, ["cn=a,dc=x", "cn=b,dc=x"]);
    }
}
