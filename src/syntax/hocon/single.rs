//! Single values and substitutions: pieces that hold no others.

use crate::syntax::hocon::concat::{Content, Piece};
use crate::syntax::hocon::error::HoconError;
use crate::syntax::hocon::prepared::Prepared;
use crate::syntax::hocon::{concat, lexer, number, period};
use crate::syntax::tree::{Kind, Scalar, Style};

type Found = Option<(Piece, usize)>;

/// The piece that starts at a place, and the place behind it and its spaces.
pub(super) fn piece(source: &Prepared, at: usize) -> Result<Found, HoconError> {
    let text = source.text.as_str();
    if let Some(found) = substitution(text, at) {
        return Ok(Some(found));
    }
    if let Some((period, end)) = period::at(text, at) {
        let period = period.map_err(|kind| HoconError::new(kind, source.span(at, end)))?;
        let kind = Kind::Duration(period.in_words());
        let piece = Piece::typed((at, end), &text[at..end], kind, period.printed());
        return Ok(Some((piece, end)));
    }
    Ok(number(text, at).or_else(|| word(text, at)).or_else(|| string(text, at)))
}

fn substitution(text: &str, at: usize) -> Found {
    let (end, behind) = lexer::substitution(text, at)?;
    let inside = &text[at + 2..end - 1];
    let name = inside.strip_prefix('?').filter(|name| !name.is_empty()).unwrap_or(inside);
    let gap = text[end..behind].to_owned();
    let content = Content::Substitution { name: name.to_owned(), gap };
    Some((Piece { start: at, end, content }, behind))
}

fn number(text: &str, at: usize) -> Found {
    let end = lexer::number(text, at)?;
    let written = &text[at..end];
    let kind = number::read(written);
    let scalar = Scalar { text: written.to_owned(), style: Style::Plain, kind: kind.clone() };
    let printed = concat::printed(&scalar, str::to_owned).unwrap_or_default();
    Some((Piece::typed((at, end), written, kind, printed), end))
}

fn word(text: &str, at: usize) -> Found {
    let words = [
        ("true", Kind::Bool(true), "True"),
        ("false", Kind::Bool(false), "False"),
        ("null", Kind::Null, PRINTED_NULL),
    ];
    words.into_iter().find_map(|(word, kind, printed)| {
        let end = lexer::keyword_in_any_case(text, at, word)?;
        Some((Piece::typed((at, end), &text[at..end], kind, printed.to_owned()), end))
    })
}

fn string(text: &str, at: usize) -> Found {
    let no_gap = String::new;
    if let Some(end) = lexer::triple_quoted(text, at) {
        let inside = text[at + 3..end - 3].to_owned();
        return Some((Piece::text((at, end), inside, Style::DoubleQuoted, no_gap()), end));
    }
    if let Some((end, behind)) = lexer::quoted(text, at) {
        let inside = unescaped(&text[at + 1..end - 1]);
        let gap = text[end..behind].to_owned();
        return Some((Piece::text((at, end), inside, Style::DoubleQuoted, gap), behind));
    }
    let (end, behind) = lexer::unquoted(text, at)?;
    let inside = unescaped(&text[at..behind]);
    Some((Piece::text((at, end), inside, Style::Plain, no_gap()), behind))
}

/// The text with pyhocon's escapes replaced; a backslash before any other character stays.
fn unescaped(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        if c != '\\' {
            found.push(c);
            continue;
        }
        match characters.next() {
            Some('n') => found.push('\n'),
            Some('r') => found.push('\r'),
            Some('t') => found.push('\t'),
            Some(same @ ('\\' | '=' | '#' | '!' | '"')) => found.push(same),
            other => {
                found.push('\\');
                found.extend(other);
            }
        }
    }
    found
}

/// What nothing becomes among other pieces; Python prints an address besides.
const PRINTED_NULL: &str = "<pyhocon.config_tree.NoneValue object>";
