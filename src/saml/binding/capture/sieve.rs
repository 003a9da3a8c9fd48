//! The bytes of a JSON text on their way to its reader: never more than a ceiling, never nested
//! deeper than one, no text longer than one, and without what people leave in when they edit.

use std::io::{self, BufRead, Read};

/// What a reader of JSON is given of a text.
pub(super) struct Sieve<'r> {
    inner: &'r mut dyn BufRead,
    /// The bytes that may still come.
    left: usize,
    /// What is kept of a text.
    longest: usize,
    state: State,
    depth: usize,
    /// Whether a comma waits for what comes behind it.
    has_comma: bool,
    string: Text,
    /// What was let through and not yet taken, and how much of it was.
    out: Vec<u8>,
    taken: usize,
    /// Why no more is given.
    pub(super) fault: Option<Fault>,
}

/// Why a text is not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It is nested too deep.
    Deep,
    /// It has too many bytes.
    Large,
}

/// Where in the text a byte stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between values, or in a number or word.
    Plain,
    /// In a text.
    Text,
    /// Behind a backslash in a text.
    Escape,
    /// Behind a slash that may begin a comment.
    Slash,
    /// In a comment to the end of the line.
    LineComment,
    /// In a comment with an end of its own.
    BlockComment,
    /// Behind an asterisk in such a comment.
    Asterisk,
}

/// The text that a byte belongs to.
#[derive(Default)]
struct Text {
    /// Its bytes so far.
    length: usize,
    /// Whether the rest of it is left out.
    is_cut: bool,
    /// The digits of `\u` that are still to come.
    digits: u8,
    /// The number that they make.
    unit: u32,
}

impl<'r> Sieve<'r> {
    /// A text of at most so many bytes.
    pub(super) fn new(inner: &'r mut dyn BufRead, most: usize) -> Self {
        Self {
            inner,
            left: most,
            longest: LONGEST_TEXT,
            state: State::Plain,
            depth: 0,
            has_comma: false,
            string: Text::default(),
            out: Vec::new(),
            taken: 0,
            fault: None,
        }
    }

    /// Takes the next bytes; false at the end.
    fn fill(&mut self) -> io::Result<bool> {
        self.out.clear();
        self.taken = 0;
        let chunk = self.inner.fill_buf()?;
        let piece = chunk[..chunk.len().min(PIECE)].to_vec();
        self.inner.consume(piece.len());
        let Some(left) = self.left.checked_sub(piece.len()) else {
            return Err(self.stopped(Fault::Large));
        };
        self.left = left;
        let mut out = std::mem::take(&mut self.out);
        let mut rest = piece.as_slice();
        while let Some((byte, behind)) = rest.split_first() {
            let count = self.simple(rest);
            if count > 0 {
                out.extend_from_slice(&rest[..count]);
                self.string.length += count;
                rest = &rest[count..];
                continue;
            }
            self.take(*byte, &mut out)?;
            rest = behind;
        }
        self.out = out;
        Ok(!piece.is_empty())
    }

    /// How many of the next bytes are the inside of a text and nothing else: most of a recording.
    fn simple(&self, rest: &[u8]) -> usize {
        let room = self.longest.saturating_sub(self.string.length);
        let is_inside = self.state == State::Text && self.string.digits == 0;
        if !is_inside || self.string.unit != 0 || room == 0 {
            return 0;
        }
        let rest = &rest[..rest.len().min(room)];
        rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
    }

    /// Takes one byte, and hands on what is due.
    fn take(&mut self, byte: u8, out: &mut Vec<u8>) -> io::Result<()> {
        match self.state {
            State::Plain => return self.plain(byte, out),
            State::Text => self.text(byte, out),
            State::Escape => {
                self.string.digits = if byte == b'u' { 4 } else { 0 };
                self.string.unit = 0;
                self.state = State::Text;
                self.string.push(byte, out);
            }
            State::Slash => match byte {
                b'/' => self.state = State::LineComment,
                b'*' => self.state = State::BlockComment,
                _ => {
                    // No comment: the reader tells what is wrong with it.
                    self.state = State::Plain;
                    out.extend([b'/', byte]);
                }
            },
            State::LineComment if matches!(byte, b'\n' | b'\r') => {
                self.state = State::Plain;
                out.push(byte);
            }
            State::BlockComment if byte == b'*' => self.state = State::Asterisk,
            State::Asterisk if byte == b'/' => self.state = State::Plain,
            State::Asterisk if byte != b'*' => self.state = State::BlockComment,
            State::LineComment | State::BlockComment | State::Asterisk => {}
        }
        Ok(())
    }

    fn plain(&mut self, byte: u8, out: &mut Vec<u8>) -> io::Result<()> {
        match byte {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'/' => {
                self.state = State::Slash;
                return Ok(());
            }
            // A comma before a closing bracket is left out.
            b'}' | b']' => self.has_comma = false,
            _ if std::mem::take(&mut self.has_comma) => out.push(b','),
            _ => {}
        }
        match byte {
            b',' => {
                self.has_comma = true;
                return Ok(());
            }
            b'"' => {
                self.state = State::Text;
                self.string = Text::default();
            }
            b'{' | b'[' if self.depth == MOST_DEPTH => return Err(self.stopped(Fault::Deep)),
            b'{' | b'[' => self.depth += 1,
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        out.push(byte);
        Ok(())
    }

    fn text(&mut self, byte: u8, out: &mut Vec<u8>) {
        match byte {
            b'"' => {
                self.state = State::Plain;
                out.push(byte);
                return;
            }
            _ if self.string.may_be_cut_before(byte, self.longest) => self.string.is_cut = true,
            _ => {}
        }
        if byte == b'\\' {
            self.state = State::Escape;
        }
        self.string.digit(byte);
        self.string.push(byte, out);
    }

    fn stopped(&mut self, fault: Fault) -> io::Error {
        self.fault = Some(fault);
        io::ErrorKind::InvalidData.into()
    }
}

impl Read for Sieve<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.out.len() {
            if !self.fill()? {
                return Ok(0);
            }
        }
        let left = &self.out[self.taken..];
        let count = left.len().min(buffer.len());
        buffer[..count].copy_from_slice(&left[..count]);
        self.taken += count;
        Ok(count)
    }
}

impl Text {
    fn push(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.length += 1;
        if !self.is_cut {
            out.push(byte);
        }
    }

    /// Counts a digit of `\u`.
    fn digit(&mut self, byte: u8) {
        if self.digits > 0 {
            self.digits -= 1;
            self.unit = (self.unit << 4) | char::from(byte).to_digit(16).unwrap_or_default();
        } else {
            self.unit = 0;
        }
    }

    /// Whether the text is long enough, and nothing is torn apart: no character, no escape, no pair
    /// of escapes that are one character.
    fn may_be_cut_before(&self, byte: u8, longest: usize) -> bool {
        let is_first_of_character = byte & 0xc0 != 0x80;
        let is_pair = (0xd800..0xdc00).contains(&self.unit);
        self.length >= longest && is_first_of_character && self.digits == 0 && !is_pair
    }
}

/// The lists and maps that may be open at once.
const MOST_DEPTH: usize = 120;
/// What is kept of a text: more than the longest message, so that a longer one is still told.
const LONGEST_TEXT: usize = 5 << 20;
/// What is taken at once.
const PIECE: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::{Fault, Sieve};

    const LONGEST: usize = 40;

    fn sifted(text: &[u8]) -> Vec<u8> {
        let mut all = Vec::new();
        // Pieces of a few bytes, as pipes have them.
        let mut inner = BufReader::with_capacity(3, text);
        let mut sieve = Sieve { longest: LONGEST, ..Sieve::new(&mut inner, 1 << 20) };
        sieve.read_to_end(&mut all).expect("read");
        all
    }

    #[test]
    fn sound_json_comes_through_as_it_is() {
        let text = r#" {"a": [1, -2.5e3, "x\"//\\", "/*,]*/"], "b": {}, "é": "\ud83d\ude00"} "#;
        let read = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).expect("JSON");
        assert_eq!(read(&sifted(text.as_bytes())), read(text.as_bytes()));
    }

    #[test]
    fn comments_and_final_commas_are_left_out() {
        let text = b"[1, // one, \"\n2, /* two ** */ 3 , ]";
        let found = String::from_utf8(sifted(text)).expect("text");
        assert_eq!(found.split_whitespace().collect::<String>(), "[1,2,3]");
        assert_eq!(sifted(b"{\"a\" / 1}"), b"{\"a\" / 1}");
    }

    #[test]
    fn long_texts_are_cut_where_nothing_is_torn() {
        for unit in ["x", "é", "😀", "\\n", "\\\\", "\\u0041", "\\ud83d\\ude00"] {
            for shift in 0..13 {
                let filler = "y".repeat(shift);
                let text = format!("[\"{filler}{}\",1]", unit.repeat(LONGEST));
                let found: Vec<serde_json::Value> =
                    serde_json::from_slice(&sifted(text.as_bytes())).expect("JSON");
                let length = found[0].as_str().map_or(0, str::len);
                assert!(found.len() == 2 && length > 0 && length <= LONGEST + 3, "{text}");
            }
        }
    }

    #[test]
    fn what_is_too_deep_or_too_large_ends_there() {
        for (text, most, fault) in [
            ("[".repeat(200), 1 << 20, Fault::Deep),
            ("{\"a\":".repeat(200), 1 << 20, Fault::Deep),
            (" ".repeat(200), 100, Fault::Large),
        ] {
            let mut inner = text.as_bytes();
            let mut sieve = Sieve::new(&mut inner, most);
            assert!(sieve.read_to_end(&mut Vec::new()).is_err());
            assert_eq!(sieve.fault, Some(fault));
        }
    }
}
