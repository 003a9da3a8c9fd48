//! The words of the grammar: what matches at a place, and where it ends.
//!
//! A place is a byte of the text without tabs; it lies between characters.

use crate::syntax::hocon::digits;

/// The place behind spaces.
pub(super) fn skip_space(text: &str, at: usize) -> usize {
    at + text[at..].bytes().take_while(|byte| *byte == b' ').count()
}

/// The place behind line breaks, if there are any behind spaces.
pub(super) fn eol(text: &str, at: usize) -> Option<usize> {
    run(text, at, &['\n', '\r'])
}

/// The place behind line breaks and commas, if there are any behind spaces.
pub(super) fn eol_or_comma(text: &str, at: usize) -> Option<usize> {
    run(text, at, &['\n', '\r', ','])
}

fn run(text: &str, at: usize, set: &[char]) -> Option<usize> {
    let start = skip_space(text, at);
    let rest = &text[start..];
    let length = rest.len() - rest.trim_start_matches(set).len();
    (length > 0).then_some(start + length)
}

/// Start and end of a comment that stands behind spaces.
pub(super) fn comment(text: &str, at: usize) -> Option<(usize, usize)> {
    let start = skip_space(text, at);
    let mark = match text.as_bytes().get(start..)? {
        [b'#', ..] => 1,
        [b'/', b'/', ..] => 2,
        _ => return None,
    };
    let line = text[start + mark..].split(['\n', '\r']).next().unwrap_or("");
    Some((start, start + mark + line.trim_end_matches(' ').len()))
}

/// The place behind a literal that stands behind spaces.
pub(super) fn literal(text: &str, at: usize, wanted: &str) -> Option<usize> {
    let start = skip_space(text, at);
    text[start..].starts_with(wanted).then_some(start + wanted.len())
}

/// The place behind a keyword in the case given, `at` being its first character.
pub(super) fn keyword(text: &str, at: usize, wanted: &str) -> Option<usize> {
    let end = at + wanted.len();
    (text[at..].starts_with(wanted) && stands_alone(text, at, end)).then_some(end)
}

/// The place behind a keyword (lower case) in any case, as Python's `upper` finds it.
pub(super) fn keyword_in_any_case(text: &str, at: usize, wanted: &str) -> Option<usize> {
    let rest = &text[at..];
    let first = *rest.as_bytes().first()?;
    if first.is_ascii() && !wanted.as_bytes()[..1].eq_ignore_ascii_case(&[first]) {
        return None;
    }
    let count = wanted.len();
    let end = rest.char_indices().nth(count).map_or(rest.len(), |(end, _)| end);
    let is_it = rest[..end].chars().flat_map(char::to_uppercase).eq(wanted.to_uppercase().chars());
    (is_it && stands_alone(text, at, at + end)).then_some(at + end)
}

fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let after = text[end..].chars().next();
    ![before, after].into_iter().flatten().any(is_of_keyword)
}

/// Whether a character next to a keyword makes it part of a longer word.
fn is_of_keyword(c: char) -> bool {
    let mut upper = c.to_uppercase();
    let first = upper.next().unwrap_or(c);
    upper.next().is_none() && (first.is_ascii_alphanumeric() || matches!(first, '_' | '$'))
}

/// End of the content and end with the spaces behind, of a string in double quotes.
pub(super) fn quoted(text: &str, at: usize) -> Option<(usize, usize)> {
    let end = closing_quote(text, at, &['\n'])?;
    Some((end, skip_space(text, end)))
}

/// The place behind the closing quote; the characters of `refused` cannot stand within, but for
/// CR behind a backslash.
fn closing_quote(text: &str, at: usize, refused: &[char]) -> Option<usize> {
    let rest = text[at..].strip_prefix('"')?;
    let mut characters = rest.char_indices();
    while let Some((offset, c)) = characters.next() {
        match c {
            '"' => return Some(at + 1 + offset + 1),
            '\\' if matches!(characters.next(), None | Some((_, '\n'))) => return None,
            '\\' => {}
            _ if refused.contains(&c) => return None,
            _ => {}
        }
    }
    None
}

/// The place behind a string in three double quotes; more quotes at its end belong to it.
pub(super) fn triple_quoted(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix("\"\"\"")?;
    let close = at + 3 + rest.find("\"\"\"")?;
    Some(close + text[close..].bytes().take_while(|byte| *byte == b'"').count())
}

/// The place behind the characters of text without quotes, and behind the spaces that follow.
pub(super) fn unquoted(text: &str, at: usize) -> Option<(usize, usize)> {
    let mut characters = text[at..].char_indices();
    let mut end = at;
    while let Some((offset, c)) = characters.next() {
        if c == '\\' {
            match characters.next() {
                None | Some((_, '\n')) => break,
                Some((next, escaped)) => end = at + next + escaped.len_utf8(),
            }
        } else if is_special(c) {
            break;
        } else {
            end = at + offset + c.len_utf8();
        }
    }
    (end > at).then(|| (end, skip_space(text, end)))
}

/// Whether a character cannot stand in text without quotes, unless a backslash stands before it.
pub(super) fn is_special(c: char) -> bool {
    is_space(c)
        || matches!(
            c,
            '^' | '`'
                | '+'
                | '?'
                | '!'
                | '@'
                | '*'
                | '&'
                | '"'
                | '['
                | '{'
                | ']'
                | '}'
                | '#'
                | ','
                | '='
                | '$'
                | '\\'
        )
}

/// White space as Python's regular expressions know it.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}')
}

/// The place behind `${name}`, and behind the spaces that follow; none without `}` or name.
pub(super) fn substitution(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text[at..].strip_prefix("${")?;
    let length = rest.find('}').filter(|length| *length > 0)?;
    let end = at + 2 + length + 1;
    Some((end, skip_space(text, end)))
}

/// The place behind a number that nothing follows but the end of its value.
pub(super) fn number(text: &str, at: usize) -> Option<usize> {
    let start = at + usize::from(text[at..].starts_with(['+', '-']));
    let whole = digits::run(text, start);
    let fraction = text[whole..].strip_prefix('.').map(|_| digits::run(text, whole + 1));
    let mut end = match fraction {
        Some(end) if end > whole + 1 => end,
        _ if whole > start => whole,
        _ => return None,
    };
    if text[end..].starts_with(['e', 'E']) {
        let sign = end + 1 + usize::from(text[end + 1..].starts_with(['+', '-']));
        let exponent = digits::run(text, sign);
        if exponent > sign {
            end = exponent;
        }
    }
    let next = &text[skip_space(text, end)..];
    let ends = next.starts_with(['$', '}', ']', ',', '#', '\n', '\r']) || next.starts_with("//");
    (ends || end == text.len()).then_some(end)
}

/// The place behind a key as written: in quotes, or without.
pub(super) fn key(text: &str, at: usize) -> Option<usize> {
    triple_quoted_key(text, at)
        .or_else(|| closing_quote(text, at, &['\n', '\r']))
        .or_else(|| bare_key(text, at))
}

fn triple_quoted_key(text: &str, at: usize) -> Option<usize> {
    let start = at + 3;
    let rest = text[at..].strip_prefix("\"\"\"")?;
    let mut characters = rest.char_indices();
    while let Some((offset, c)) = characters.next() {
        match c {
            '"' if rest[offset..].starts_with("\"\"\"") => return Some(start + offset + 3),
            '\n' | '\r' => return None,
            '\\' if matches!(characters.next(), None | Some((_, '\n'))) => return None,
            _ => {}
        }
    }
    None
}

fn bare_key(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let length = rest.len() - rest.trim_start_matches(is_of_key).len();
    (length > 0).then_some(at + length)
}

/// Whether a character can stand in a key without quotes.
fn is_of_key(c: char) -> bool {
    c.is_ascii_alphanumeric()
        || matches!(c, '.' | '_' | '-' | ' ' | '/')
        || matches!(c, '\u{c0}'..='\u{ff}') && !matches!(c, '\u{d7}' | '\u{f7}')
}
