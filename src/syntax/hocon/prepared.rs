//! The text as the library's parser sees it: without tabs.

use crate::source::Span;
use crate::syntax::hocon::Options;
use crate::syntax::hocon::error::{HoconError, HoconErrorKind, LimitKind};
use crate::syntax::hocon::nowhere;

/// A text whose tabs are spaces, and the way back to the places of the text as written.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The text without tabs.
    pub(super) text: String,
    /// For each of its bytes, and its end, the byte as written; none where nothing moved.
    origins: Option<Vec<u32>>,
    /// How many bytes were put before what the author wrote.
    base: usize,
}

/// How wide a tab is at most.
const TAB: usize = 8;

impl Prepared {
    /// The text without its tabs; the first `base` bytes are not the author's.
    pub(super) fn new(text: &str, base: usize, options: &Options) -> Result<Self, HoconError> {
        let tabs = text.bytes().filter(|byte| *byte == b'\t').count();
        if text.len().saturating_add(tabs.saturating_mul(TAB - 1)) > options.bytes {
            let kind = HoconErrorKind::Limit(LimitKind::Bytes);
            return Err(HoconError::new(kind, nowhere()));
        }
        if tabs == 0 {
            return Ok(Self { text: text.to_owned(), origins: None, base });
        }
        Ok(Self::expanded(text, base))
    }

    fn expanded(text: &str, base: usize) -> Self {
        let mut found = String::with_capacity(text.len());
        let mut origins = Vec::with_capacity(text.len());
        let mut column = 0;
        for (at, c) in text.char_indices() {
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            if c == '\t' {
                let width = TAB - column % TAB;
                found.extend(std::iter::repeat_n(' ', width));
                origins.extend(std::iter::repeat_n(at, width));
                column += width;
            } else {
                found.push(c);
                origins.extend(std::iter::repeat_n(at, c.len_utf8()));
                column = if matches!(c, '\n' | '\r') { 0 } else { column + 1 };
            }
        }
        origins.push(u32::try_from(text.len()).unwrap_or(u32::MAX));
        Self { text: found, origins: Some(origins), base }
    }

    /// The place as written.
    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.written(start), self.written(end).max(self.written(start)))
    }

    fn written(&self, at: usize) -> usize {
        let at = match &self.origins {
            Some(origins) => usize::try_from(origins[at]).expect("a u32 fits into usize"),
            None => at,
        };
        at.saturating_sub(self.base)
    }
}
