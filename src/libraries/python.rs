//! What Python makes of text, where another language would do it a little differently.

/// The text without what `str.strip` takes off: white space, and four control characters.
pub fn stripped(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Whether `str.isspace` holds for a character.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

/// The beginning of a text: slices count code points.
pub fn first(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(at, _)| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::{first, stripped};

    #[test]
    fn separators_count_as_space_and_slices_count_code_points() {
        assert_eq!(stripped("\x1c\u{a0} a b\u{85}\n"), "a b");
        assert_eq!((first("äöü", 2), first("ä", 2)), ("äö", "ä"));
    }
}
