//! Making hostile text fit for a terminal: nothing that moves the cursor, hides or turns around.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that could act on a terminal or deceive a reader written as an
/// escape (`\u{202e}`). Line feeds are escaped too: a message is one line.
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unprintable) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        push_printable(&mut shown, c);
    }
    Cow::Owned(shown)
}

/// Adds one character, escaped where it must be.
pub(super) fn push_printable(shown: &mut String, c: char) {
    match c {
        '\n' => shown.push_str("\\n"),
        '\r' => shown.push_str("\\r"),
        '\t' => shown.push_str("\\t"),
        c if is_unprintable(c) => {
            write!(shown, "\\u{{{:x}}}", u32::from(c)).expect("a String takes every write");
        }
        c => shown.push(c),
    }
}

/// Whether a character acts instead of showing: controls, bidirectional marks, invisible spaces,
/// line and paragraph separators, tag characters.
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn escape_sequences_and_bidi_marks_are_written_out() {
        assert_eq!(printable("a\u{1b}[31mb\u{202e}c\nd"), "a\\u{1b}[31mb\\u{202e}c\\nd");
    }

    #[test]
    fn honest_text_is_left_alone() {
        assert_eq!(
            printable("Zoë 東京 😀 https://idp.acme.test/"),
            "Zoë 東京 😀 https://idp.acme.test/"
        );
    }
}
