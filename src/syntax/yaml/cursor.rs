//! A place in a text, and steps from there.

use crate::source::Span;
use crate::syntax::yaml::error::YamlError;

/// Result of reading.
pub(super) type Result<T> = std::result::Result<T, YamlError>;

/// The byte order mark, which takes no column.
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// A place in a text.
///
/// Past the end every byte reads as NUL, which the text itself cannot hold: it is not printable.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    counted: Counted,
}

/// The last place whose column is known.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    at: usize,
    column: usize,
}

impl<'t> Cursor<'t> {
    /// The start of a text; a byte order mark there is skipped by the scanner.
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, line: 0, counted: Counted::default() }
    }

    /// The offset in bytes.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The offset of the line's first byte.
    pub(super) fn line(&self) -> usize {
        self.line
    }

    /// Characters since the start of the line.
    pub(super) fn column(&mut self) -> usize {
        let passed = &self.text[self.counted.at..self.at];
        let column = self.counted.column + width(passed);
        self.counted = Counted { at: self.at, column };
        column
    }

    /// Whether no character stands before this place on its line.
    pub(super) fn starts_line(&mut self) -> bool {
        self.column() == 0
    }

    /// The byte `ahead` bytes from here.
    pub(super) fn byte(&self, ahead: usize) -> u8 {
        let bytes = self.text.as_bytes();
        bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// The character here.
    pub(super) fn character(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// The place of the character here; empty at the end of the text.
    pub(super) fn here(&self) -> Span {
        let length = self.character().map_or(0, char::len_utf8);
        Span::new(self.at, self.at + length)
    }

    /// The bytes since `start`.
    pub(super) fn since(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// The text since `start`.
    pub(super) fn text_since(&self, start: usize) -> &'t str {
        &self.text[start..self.at]
    }

    /// The whole text.
    pub(super) fn text(&self) -> &'t str {
        self.text
    }

    /// Steps over `length` bytes, which end before a character and hold no line break.
    pub(super) fn skip(&mut self, length: usize) {
        self.at += length;
    }

    /// Steps over a byte order mark that opens the text.
    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.at == 0 && self.text.starts_with(BYTE_ORDER_MARK) {
            self.at = BYTE_ORDER_MARK.len_utf8();
        }
    }

    /// Steps over bytes as long as they fit.
    pub(super) fn skip_while(&mut self, fits: impl Fn(u8) -> bool) {
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|&byte| !fits(byte));
        self.at += length.unwrap_or(rest.len());
    }

    /// Steps over spaces, not tabs.
    pub(super) fn skip_spaces(&mut self) {
        self.skip_while(|byte| byte == b' ');
    }

    /// Steps to the end of the line and gives what it passed.
    pub(super) fn rest_of_line(&mut self) -> &'t str {
        let start = self.at;
        while self.byte(0) != 0 && self.break_length(0) == 0 {
            self.at += 1;
            self.skip_while(|byte| !may_break(byte));
        }
        self.text_since(start)
    }

    /// The length of the line break `ahead` bytes from here (YAML 1.1, `b-generic`), or 0.
    pub(super) fn break_length(&self, ahead: usize) -> usize {
        match self.byte(ahead) {
            b'\r' if self.byte(ahead + 1) == b'\n' => 2,
            b'\n' | b'\r' => 1,
            0xC2 if self.byte(ahead + 1) == 0x85 => 2,
            0xE2 if self.byte(ahead + 1) == 0x80 && matches!(self.byte(ahead + 2), 0xA8 | 0xA9) => {
                3
            }
            _ => 0,
        }
    }

    /// Steps over a line break and gives what it stands for; empty where there is none.
    pub(super) fn line_break(&mut self) -> &'static str {
        let length = self.break_length(0);
        let stands_for = match (length, self.byte(2)) {
            (0, _) => return "",
            (3, 0xA8) => "\u{2028}",
            (3, _) => "\u{2029}",
            _ => "\n",
        };
        self.at += length;
        self.line = self.at;
        self.counted = Counted { at: self.at, column: 0 };
        stands_for
    }

    /// Whether a space, a tab, a line break or the end stands `ahead` bytes from here.
    pub(super) fn blank(&self, ahead: usize) -> bool {
        self.byte(ahead) == b'\t' || self.space_or_end(ahead)
    }

    /// Whether a space, a line break or the end stands `ahead` bytes from here.
    pub(super) fn space_or_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == b' ' || self.line_end(ahead)
    }

    /// Whether a line break or the end stands `ahead` bytes from here.
    pub(super) fn line_end(&self, ahead: usize) -> bool {
        self.byte(ahead) == 0 || self.break_length(ahead) > 0
    }

    /// Whether three of `mark` and a blank stand here, as `---` and `...` do.
    pub(super) fn three(&self, mark: u8) -> bool {
        (0..3).all(|ahead| self.byte(ahead) == mark) && self.blank(3)
    }

    /// Whether a mark between documents stands here, if this is the start of a line.
    pub(super) fn separates_documents(&self) -> bool {
        self.three(b'-') || self.three(b'.')
    }
}

/// The columns that a text takes.
fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.len();
    }
    text.chars().filter(|&c| c != BYTE_ORDER_MARK).count()
}

/// Whether a line break may start with the byte.
pub(super) fn may_break(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r' | 0xC2 | 0xE2)
}

/// Whether the byte may stand in the name of an anchor, a handle or a directive
/// (YAML 1.1, `ns-word-char`, and `_`).
pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// The first character that YAML 1.1 does not call printable (`c-printable`).
pub(super) fn first_unprintable(text: &str) -> Option<Span> {
    let bytes = text.as_bytes();
    let mut at = 0;
    loop {
        // Whole chunks first: this the compiler turns into instructions for many bytes at once.
        let chunks = bytes[at..].chunks_exact(CHUNK);
        at += CHUNK * chunks.take_while(|chunk| !any_suspect(chunk)).count();
        at += bytes[at..].iter().position(|&byte| is_suspect(byte))?;
        let c = text[at..].chars().next()?;
        let length = c.len_utf8();
        if !is_printable(c) {
            return Some(Span::new(at, at + length));
        }
        at += length;
    }
}

/// How many bytes are looked at together.
const CHUNK: usize = 64;

fn any_suspect(chunk: &[u8]) -> bool {
    chunk.iter().fold(false, |found, &byte| found | is_suspect(byte))
}

/// Whether an unprintable character may start with the byte: a control character, DEL, or the
/// first byte of U+0080..U+00BF and U+F000..U+FFFF.
fn is_suspect(byte: u8) -> bool {
    byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r') || matches!(byte, 0x7F | 0xC2 | 0xEF)
}

/// YAML 1.1, `c-printable`.
fn is_printable(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{FFFD}' | '\u{10000}'..)
}
