//! `include` and what may stand behind it.

use crate::source::Span;
use crate::syntax::hocon::error::{HoconError, HoconErrorKind};
use crate::syntax::hocon::lexer;
use crate::syntax::hocon::prepared::Prepared;

/// Where the include that starts at a place ends; none if the word is something else there.
pub(super) fn end(source: &Prepared, at: usize) -> Result<Option<usize>, HoconError> {
    let Some(behind) = lexer::keyword_in_any_case(&source.text, at, "include") else {
        return Ok(None);
    };
    if let Some(end) = content(source, behind)? {
        return Ok(Some(end));
    }
    let start = lexer::skip_space(&source.text, behind);
    let Some(inside) = lexer::keyword(&source.text, start, "required") else { return Ok(None) };
    let inside = wanted(source, inside, "(")?;
    let close = content(source, inside)?.ok_or_else(|| bad(source, inside))?;
    wanted(source, close, ")").map(Some)
}

/// A name in quotes, or within `url()`, `file()` or `package()`.
fn content(source: &Prepared, at: usize) -> Result<Option<usize>, HoconError> {
    let start = lexer::skip_space(&source.text, at);
    if let Some((_, end)) = lexer::quoted(&source.text, start) {
        return Ok(Some(end));
    }
    let mut words = ["url", "file", "package"].into_iter();
    let Some(inside) = words.find_map(|word| lexer::keyword(&source.text, start, word)) else {
        return Ok(None);
    };
    let inside = wanted(source, inside, "(")?;
    let name = lexer::skip_space(&source.text, inside);
    let (_, close) = lexer::quoted(&source.text, name).ok_or_else(|| bad(source, name))?;
    wanted(source, close, ")").map(Some)
}

fn wanted(source: &Prepared, at: usize, literal: &str) -> Result<usize, HoconError> {
    lexer::literal(&source.text, at, literal).ok_or_else(|| bad(source, at))
}

fn bad(source: &Prepared, at: usize) -> HoconError {
    let length = source.text[at..].chars().next().map_or(0, char::len_utf8);
    let Span { start, end } = source.span(at, at + length);
    HoconError::new(HoconErrorKind::BadInclude, Span::new(start, end))
}
