//! Words for what does not fit where it stands.

use crate::source::Span;
use crate::syntax::yaml::cursor::Cursor;
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::parser::Open;
use crate::syntax::yaml::token::{Peek, TokenKind};

/// What an open bracket is called beside an error.
pub(super) const OPEN: &str = "the bracket that is open here";

/// A character that starts no token.
pub(super) fn nothing_starts(cursor: &Cursor<'_>) -> YamlError {
    let before = cursor.text_since(cursor.line());
    let message = match cursor.byte(0) {
        b'\t' if before.trim().is_empty() => "a tab cannot indent",
        b'\t' => "a tab cannot stand here, spaces can",
        b'@' => "`@` cannot start a plain value; quote it",
        b'`' => "a backtick cannot start a plain value; quote it",
        b'%' => "`%` cannot start a plain value; quote it",
        b'|' | b'>' => "a block of text cannot start between brackets",
        _ => "no value can start with this character; quote it",
    };
    YamlError::syntax(message, cursor.here())
}

/// A bracket that is open where the document ends.
pub(super) fn never_closed(bracket: TokenKind, span: Span) -> YamlError {
    let message = match bracket {
        TokenKind::FlowMappingStart => "this `{` is never closed",
        _ => "this `[` is never closed",
    };
    YamlError::syntax(message, span)
}

/// A text from `start` on that stands where only a key can, without its `:`.
pub(super) fn not_a_key(cursor: &Cursor<'_>, start: usize) -> YamlError {
    let text = &cursor.text()[start..cursor.at()];
    let line = text.split(['\n', '\r']).next().unwrap_or(text).trim_end();
    if let Some(colon) = tight_colon(line) {
        return no_space(start + colon);
    }
    let key = Span::new(start, start + line.len());
    YamlError::syntax("expected `:` after this key", key)
}

/// A `:`, `?` or `-` that cannot start a key or an item; `value` is the scalar before it.
pub(super) fn not_here(cursor: &Cursor<'_>, value: Option<Span>) -> YamlError {
    let here = cursor.here();
    let line = cursor.text_since(cursor.line());
    let message = match cursor.byte(0) {
        b'-' => "a list cannot start behind other text on its line",
        b'?' => "a key cannot start behind other text on its line; quote text with `?`",
        _ if value.is_some_and(|value| value.start < cursor.line()) => {
            return continued(cursor, value.unwrap_or(here));
        }
        _ if line.contains(": ") => "a second `: ` on this line; a value with `: ` needs quotes",
        _ => "a key cannot stand here",
    };
    YamlError::syntax(message, here)
}

/// A `:` on a line that goes on with the value of a line before.
fn continued(cursor: &Cursor<'_>, value: Span) -> YamlError {
    let text = cursor.text();
    let line_start = text[..value.start].rfind('\n').map_or(0, |at| at + 1);
    let first = text[value.range()].lines().next().unwrap_or("");
    if text[line_start..value.start].trim().is_empty()
        && let Some(colon) = tight_colon(first)
    {
        return no_space(value.start + colon);
    }
    let message = "this line goes on with the value above, so no key can stand in it";
    YamlError::syntax(message, cursor.here()).within("the value", value)
}

fn no_space(colon: usize) -> YamlError {
    let span = Span::new(colon, colon + 1);
    YamlError::syntax("expected a space after `:`", span)
}

/// The `:` in plain text that may lack its space.
fn tight_colon(line: &str) -> Option<usize> {
    if line.starts_with(['"', '\'', '[', '{']) {
        return None;
    }
    line.find(':')
}

/// A token among the entries of a block map or list, or behind the value of a document.
pub(super) fn misfit(found: Peek, open: Option<&Open>) -> YamlError {
    let in_list = open.is_some_and(|open| open.kind == TokenKind::BlockSequenceStart);
    let message = match found.kind {
        TokenKind::BlockMappingStart | TokenKind::BlockSequenceStart if open.is_none() => {
            "this stands further left than the text above"
        }
        TokenKind::BlockMappingStart | TokenKind::BlockSequenceStart => {
            "the indentation fits no open block"
        }
        TokenKind::BlockEntry if open.is_some() => "a list item stands among keys",
        TokenKind::Key | TokenKind::Value if in_list => "a key stands among list items",
        _ => "text behind the end of the value; quote the whole value",
    };
    let what = if in_list { "the list" } else { "the map" };
    within(YamlError::syntax(message, found.written), what, open)
}

/// A token right behind a closing quote: that quote was meant as text, or to open.
pub(super) fn behind_quotes(text: &str, found: Peek, quoted: Option<Span>) -> Option<YamlError> {
    let quoted = quoted.filter(|quoted| quoted.end == found.span.start)?;
    let opening = Span::new(quoted.start, quoted.start + 1);
    let closing = Span::new(quoted.end - 1, quoted.end);
    if text[quoted.range()].contains(['\n', '\r']) {
        let message = "this quote closes only on a later line";
        let error = YamlError::syntax(message, opening);
        return Some(error.within("the quote that closes it", closing));
    }
    let message = if text[closing.range()].starts_with('"') {
        "the value ends at this quote; within it a quote is written `\\\"`"
    } else {
        "the value ends at this quote; within it a quote is written `''`"
    };
    Some(YamlError::syntax(message, closing))
}

/// A token between brackets that is neither `,` nor the closing bracket.
pub(super) fn no_separator(text: &str, found: Peek, open: Option<&Open>) -> YamlError {
    let is_map = open.is_some_and(|open| open.kind == TokenKind::FlowMappingStart);
    let next_key = open.filter(|open| {
        found.kind == TokenKind::Value
            && text[open.span.start..found.span.start].contains(['\n', '\r'])
    });
    if let Some(open) = next_key {
        let message = if is_map {
            "this `{` is not closed before the next key"
        } else {
            "this `[` is not closed before the next key"
        };
        return YamlError::syntax(message, open.span).within("the next key", found.written);
    }
    let message = if is_map { "expected `,` or `}`" } else { "expected `,` or `]`" };
    within(YamlError::syntax(message, found.written), OPEN, open)
}

/// A token where a value was to stand.
pub(super) fn no_value(found: Peek, open: Option<&Open>) -> YamlError {
    let message = match found.kind {
        TokenKind::BlockEntry => "a list cannot start here",
        TokenKind::FlowEntry => "expected a value before `,`",
        _ => "expected a value",
    };
    within(YamlError::syntax(message, found.written), "what is open here", open)
}

fn within(error: YamlError, what: &'static str, open: Option<&Open>) -> YamlError {
    match open {
        Some(open) => error.within(what, open.span),
        None => error,
    }
}
