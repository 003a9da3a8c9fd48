//! The bytes under the tokeniser: counted, and cut off at the ceilings.

use std::io::{self, BufRead, Chain, Cursor, Read};

use crate::source::Span;
use crate::xml::Limits;
use crate::xml::error::{LimitKind, XmlError, XmlErrorKind};

/// A source of bytes that ends with an error at a ceiling.
pub(super) struct Input<R> {
    bytes: Chain<Cursor<Vec<u8>>, R>,
    /// How many more bytes the document may have.
    left: usize,
    /// How many more bytes the token may have.
    token_left: usize,
    /// The ceiling that was reached.
    reached: Option<LimitKind>,
}

impl<R: BufRead> Input<R> {
    /// The bytes behind the byte order mark, and the length of that mark.
    pub(super) fn new(mut bytes: R, limits: Limits) -> Result<(Self, usize), XmlError> {
        let mut head = Vec::new();
        let read = bytes.by_ref().take(HEAD).read_to_end(&mut head);
        read.map_err(|error| XmlError {
            kind: XmlErrorKind::Input(error.kind()),
            span: Span::at(0),
        })?;
        if let Some((_, name)) = WIDE.iter().find(|(start, _)| head.starts_with(start)) {
            let kind = XmlErrorKind::Encoding((*name).to_owned());
            return Err(XmlError { kind, span: Span::at(0) });
        }
        let base = if head.starts_with(MARK) { MARK.len() } else { 0 };
        head.drain(..base);
        if base > 0 && head.starts_with(MARK) {
            let span = Span::new(base, base + MARK.len());
            return Err(XmlError::trailing("a second byte order mark", span));
        }
        let left = limits.bytes.saturating_sub(base);
        let bytes = Cursor::new(head).chain(bytes);
        Ok((Self { bytes, left, token_left: 0, reached: None }, base))
    }

    /// Begins a token of at most so many bytes.
    pub(super) fn begin(&mut self, most: usize) {
        self.token_left = most;
    }

    /// The ceiling that was reached, if one was.
    pub(super) fn reached(&self) -> Option<LimitKind> {
        self.reached
    }
}

impl<R: BufRead> Read for Input<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let available = self.fill_buf()?;
        let length = available.len().min(buffer.len());
        buffer[..length].copy_from_slice(&available[..length]);
        self.consume(length);
        Ok(length)
    }
}

impl<R: BufRead> BufRead for Input<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let available = self.bytes.fill_buf()?;
        let length = available.len().min(self.left).min(self.token_left);
        if length == 0 && !available.is_empty() {
            let limit = if self.left == 0 { LimitKind::Bytes } else { LimitKind::Token };
            self.reached = Some(limit);
            return Err(io::Error::other("a ceiling"));
        }
        Ok(&available[..length])
    }

    fn consume(&mut self, amount: usize) {
        self.left -= amount;
        self.token_left -= amount;
        self.bytes.consume(amount);
    }
}

/// The byte order mark in UTF-8.
const MARK: &[u8] = b"\xef\xbb\xbf";
/// How many bytes show an encoding: two byte order marks.
const HEAD: u64 = 6;
/// How documents in other encodings begin (XML 1.0 appendix F).
const WIDE: [(&[u8], &str); 7] = [
    (b"\xff\xfe\0\0", "UTF-32"),
    (b"\0\0\xfe\xff", "UTF-32"),
    (b"\xfe\xff", "UTF-16"),
    (b"\xff\xfe", "UTF-16"),
    (b"\0<", "UTF-16"),
    (b"<\0", "UTF-16"),
    (b"\x4c\x6f\xa7\x94", "EBCDIC"),
];
