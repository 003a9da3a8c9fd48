//! Anchors, aliases, tags and directives (YAML 1.1, 6.8 and 7.1).

use std::borrow::Cow;

use crate::source::{Span, Spanned};
use crate::syntax::yaml::cursor::{Cursor, Result, is_word};
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::scanner::Scanner;
use crate::syntax::yaml::token::{Directive, Load, Token, TokenKind};

/// What is being read, for errors.
const DIRECTIVE: &str = "a directive";

/// What is being read, for errors.
const TAG: &str = "a tag";

/// The anchor or alias that starts here.
pub(super) fn name<'t>(cursor: &mut Cursor<'t>, kind: TokenKind) -> Result<Token<'t>> {
    let start = cursor.at();
    cursor.skip(1);
    cursor.skip_while(is_word);
    let name = cursor.text_since(start + 1);
    let ends = cursor.blank(0)
        || matches!(cursor.byte(0), b'?' | b':' | b',' | b']' | b'}' | b'%' | b'@' | b'`');
    if name.is_empty() || !ends {
        let message = match kind {
            TokenKind::Alias => "`*` starts an alias here; text with `*` needs quotes",
            _ => "`&` starts an anchor here; text with `&` needs quotes",
        };
        let span = Span::new(start, cursor.here().end);
        return Err(YamlError::syntax(message, span));
    }
    Ok(Token { load: Load::Name(name), ..Token::mark(kind, cursor.since(start)) })
}

/// The tag that starts here.
pub(super) fn tag<'t>(cursor: &mut Cursor<'t>) -> Result<Token<'t>> {
    let start = cursor.at();
    let load = if cursor.byte(1) == b'<' {
        cursor.skip(2);
        let uri = uri(cursor, TAG, start)?;
        expect(cursor, cursor.byte(0) == b'>', "expected `>`", TAG, start)?;
        cursor.skip(1);
        Load::Tag(None, uri)
    } else if cursor.blank(1) {
        cursor.skip(1);
        Load::Tag(None, Cow::Borrowed("!"))
    } else {
        let handle = if has_handle(cursor) {
            handle(cursor, TAG, start)?
        } else {
            cursor.skip(1);
            "!"
        };
        Load::Tag(Some(handle), uri(cursor, TAG, start)?)
    };
    let message = "expected a space after the tag; text with `!` in front needs quotes";
    expect(cursor, cursor.space_or_end(0), message, TAG, start)?;
    Ok(Token { load, ..Token::mark(TokenKind::Tag, cursor.since(start)) })
}

/// The directive that starts here.
pub(super) fn directive<'t>(scanner: &mut Scanner<'t>) -> Result<Token<'t>> {
    let cursor = &mut scanner.cursor;
    let start = cursor.at();
    cursor.skip(1);
    cursor.skip_while(is_word);
    let name = cursor.text_since(start + 1);
    let named = !name.is_empty() && cursor.space_or_end(0);
    let message = "`%` starts a directive here; text with `%` in front needs quotes";
    expect(cursor, named, message, DIRECTIVE, start)?;
    let directive = match name {
        "YAML" => version(cursor, start)?,
        "TAG" => handle_and_prefix(cursor, start)?,
        _ => Directive::Reserved,
    };
    let span = cursor.since(start);
    if matches!(directive, Directive::Reserved) {
        cursor.rest_of_line();
    }
    scanner.rest_of_header(DIRECTIVE, start)?;
    Ok(Token { load: Load::Directive(directive), ..Token::mark(TokenKind::Directive, span) })
}

/// The version behind `%YAML`.
fn version<'t>(cursor: &mut Cursor<'t>, start: usize) -> Result<Directive<'t>> {
    cursor.skip_spaces();
    let major = number(cursor);
    let dotted = !major.is_empty() && cursor.byte(0) == b'.';
    let message = "expected a version such as 1.1";
    expect(cursor, dotted, message, DIRECTIVE, start)?;
    cursor.skip(1);
    let minor = number(cursor);
    let ends = !minor.is_empty() && cursor.space_or_end(0);
    expect(cursor, ends, message, DIRECTIVE, start)?;
    Ok(Directive::Yaml(major.trim_start_matches('0') == "1"))
}

fn number<'t>(cursor: &mut Cursor<'t>) -> &'t str {
    let start = cursor.at();
    cursor.skip_while(|byte| byte.is_ascii_digit());
    cursor.text_since(start)
}

/// The handle and the prefix behind `%TAG`.
fn handle_and_prefix<'t>(cursor: &mut Cursor<'t>, start: usize) -> Result<Directive<'t>> {
    cursor.skip_spaces();
    let handle_start = cursor.at();
    let handle = handle(cursor, DIRECTIVE, start)?;
    let span = cursor.since(handle_start);
    let message = "expected a space after the handle";
    expect(cursor, cursor.byte(0) == b' ', message, DIRECTIVE, start)?;
    cursor.skip_spaces();
    let prefix = uri(cursor, DIRECTIVE, start)?;
    let message = "expected the end of the line after the prefix";
    expect(cursor, cursor.space_or_end(0), message, DIRECTIVE, start)?;
    let value = handle;
    Ok(Directive::Tag(Spanned { value, span }, prefix))
}

/// Whether the tag here holds a second `!` before it ends.
fn has_handle(cursor: &Cursor<'_>) -> bool {
    let mut ahead = cursor.clone();
    ahead.skip(1);
    loop {
        ahead.skip_while(|byte| !matches!(byte, b'!' | b' ') && byte.is_ascii_graphic());
        match ahead.byte(0) {
            b'!' => return true,
            _ if ahead.space_or_end(0) => return false,
            _ => ahead.skip(1),
        }
    }
}

/// A handle: `!`, `!!` or `!name!` (YAML 1.1, 7.1.1).
fn handle<'t>(cursor: &mut Cursor<'t>, what: &'static str, start: usize) -> Result<&'t str> {
    let handle_start = cursor.at();
    let message = "expected a handle such as `!` or `!name!`";
    expect(cursor, cursor.byte(0) == b'!', message, what, start)?;
    cursor.skip(1);
    if cursor.byte(0) != b' ' {
        cursor.skip_while(is_word);
        expect(cursor, cursor.byte(0) == b'!', message, what, start)?;
        cursor.skip(1);
    }
    Ok(cursor.text_since(handle_start))
}

/// The rest of a tag, or a prefix, with its escapes read.
fn uri<'t>(cursor: &mut Cursor<'t>, what: &'static str, start: usize) -> Result<Cow<'t, str>> {
    let uri_start = cursor.at();
    cursor.skip_while(is_uri);
    if cursor.byte(0) != b'%' {
        let uri = cursor.text_since(uri_start);
        let message = "expected the name of a tag; text with `!` in front needs quotes";
        expect(cursor, !uri.is_empty(), message, what, start)?;
        return Ok(Cow::Borrowed(uri));
    }
    let mut uri = cursor.text_since(uri_start).to_owned();
    while cursor.byte(0) == b'%' {
        uri.push_str(&escaped(cursor, what, start)?);
        let piece = cursor.at();
        cursor.skip_while(is_uri);
        uri.push_str(cursor.text_since(piece));
    }
    Ok(Cow::Owned(uri))
}

/// Bytes in hexadecimal digits, as long as one follows the other.
fn escaped(cursor: &mut Cursor<'_>, what: &'static str, start: usize) -> Result<String> {
    let mut bytes = Vec::new();
    let first = cursor.at();
    while cursor.byte(0) == b'%' {
        let mut byte = 0;
        for ahead in 1..=2 {
            let digit = char::from(cursor.byte(ahead)).to_digit(16);
            let message = "expected two hexadecimal digits after `%`";
            expect(cursor, digit.is_some(), message, what, start)?;
            byte = byte << 4 | digit.unwrap_or(0);
        }
        bytes.push(u8::try_from(byte).unwrap_or(u8::MAX));
        cursor.skip(3);
    }
    String::from_utf8(bytes)
        .map_err(|_| YamlError::syntax("these escapes are not UTF-8", cursor.since(first)))
}

/// Whether the byte stands for itself in a tag (YAML 1.1, `ns-uri-char`).
fn is_uri(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-;/?:@&=+$,_.!~*'()[]".contains(&byte)
}

/// An error at the character here, unless it is as expected.
fn expect(
    cursor: &Cursor<'_>,
    is_so: bool,
    message: &'static str,
    what: &'static str,
    start: usize,
) -> Result<()> {
    if is_so {
        return Ok(());
    }
    let error = YamlError::syntax(message, cursor.here());
    Err(error.within(what, cursor.since(start)))
}
