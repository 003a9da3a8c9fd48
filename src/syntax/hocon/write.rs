//! Text as pyhocon reads it back.

use crate::source::Span;
use crate::syntax::hocon::{lexer, value};
use crate::syntax::tree::{Kind, Value};

/// The text in double quotes, escaped so that pyhocon reads exactly this text.
pub fn quoted(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for c in text.chars() {
        match c {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            c => written.push(c),
        }
    }
    written.push('"');
    written
}

/// Whether a text without quotes is read as the very same text.
pub fn reads_as_text(text: &str) -> bool {
    let Ok(tree) = value(text) else { return false };
    let Some(root) = tree.root.map(|root| tree.node(root)) else { return false };
    match &root.value {
        Value::Scalar(scalar) => {
            root.tag.is_none() && scalar.kind == Kind::Text && scalar.text == text
        }
        Value::List(_) | Value::Map(_) => false,
    }
}

/// The first character that text without quotes cannot have or that is no text there: brackets,
/// `,` and `#`, a backslash, `//` at the start of a word, white space other than spaces.
pub fn unquoted_trouble(text: &str) -> Option<(Span, char)> {
    let mut before = ' ';
    let mut characters = text.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let is_comment =
            c == '/' && before == ' ' && characters.peek().is_some_and(|(_, next)| *next == '/');
        if c != ' ' && lexer::is_special(c) || is_comment {
            return Some((Span::new(at, at + c.len_utf8()), c));
        }
        before = c;
    }
    None
}
