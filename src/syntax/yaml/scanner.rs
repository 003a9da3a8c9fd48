//! From text to tokens: indentation, and keys that show only by the `:` behind them.

use std::collections::VecDeque;

use crate::source::Span;
use crate::syntax::tree::{Comment, Style};
use crate::syntax::yaml::cursor::{Cursor, Result};
use crate::syntax::yaml::error::YamlError;
use crate::syntax::yaml::token::{Before, Load, Peek, ScalarText, Token, TokenKind};
use crate::syntax::yaml::{block, plain, property, quoted, wording};

/// The tokens of a text, found as they are asked for.
#[derive(Debug)]
pub(super) struct Scanner<'t> {
    pub(super) cursor: Cursor<'t>,
    /// Comments found so far.
    pub(super) comments: Vec<Comment>,
    /// The column of the innermost open block collection.
    pub(super) indent: Option<usize>,
    /// Whether a key may start here without `?`.
    pub(super) key_allowed: bool,
    outer_indents: Vec<Option<usize>>,
    brackets: Vec<Bracket>,
    queue: VecDeque<Token<'t>>,
    taken: usize,
    candidates: VecDeque<Candidate>,
    ended: bool,
    /// The last scalar, if no mark follows it.
    value: Option<Span>,
}

/// An open `[` or `{`.
#[derive(Clone, Copy, Debug)]
struct Bracket {
    kind: TokenKind,
    span: Span,
}

/// A token that a `:` behind it would make a key (YAML 1.1, 9.1: on one line, at most 1,024
/// characters before the `:`).
#[derive(Clone, Copy, Debug)]
struct Candidate {
    /// The number of the token, counted from the start of the text.
    number: usize,
    /// How many brackets are open around it; at most one candidate each.
    level: usize,
    /// Whether nothing but a key can stand in its place.
    required: bool,
    at: usize,
    line: usize,
    column: usize,
}

/// How far a key may be from its `:`, in characters.
const KEY_CHARACTERS: usize = 1024;

/// The most bytes that a character takes.
const CHARACTER_BYTES: usize = 4;

impl<'t> Scanner<'t> {
    /// The tokens of `text`, whose characters are all printable.
    pub(super) fn new(text: &'t str) -> Self {
        Self {
            cursor: Cursor::new(text),
            comments: Vec::new(),
            indent: None,
            key_allowed: true,
            outer_indents: Vec::new(),
            brackets: Vec::new(),
            queue: VecDeque::new(),
            taken: 0,
            candidates: VecDeque::new(),
            ended: false,
            value: None,
        }
    }

    /// The next token. After the end of the text there is none.
    pub(super) fn peek(&mut self) -> Result<Peek> {
        while self.is_hungry() {
            self.fetch()?;
        }
        let token = self.queue.front();
        let token = token.expect("bug: a token was asked for after the end of the text");
        let start = Span::at(token.span.start);
        let (kind, span) = match token.before {
            Before::Key => (TokenKind::Key, start),
            Before::MappingAndKey => (TokenKind::BlockMappingStart, start),
            Before::Nothing => (token.kind, token.span),
        };
        Ok(Peek { kind, span, written: token.span })
    }

    /// Takes the token that [`Scanner::peek`] showed last.
    pub(super) fn take(&mut self) -> Token<'t> {
        let front = self.queue.front_mut();
        let token = front.expect("bug: a token was taken that was not shown");
        let kind = match token.before {
            Before::Key => {
                token.before = Before::Nothing;
                TokenKind::Key
            }
            Before::MappingAndKey => {
                token.before = Before::Key;
                TokenKind::BlockMappingStart
            }
            Before::Nothing => {
                self.taken += 1;
                let token = self.queue.pop_front();
                return token.expect("bug: a token that was shown is gone");
            }
        };
        Token::mark(kind, Span::at(token.span.start))
    }

    /// Whether `[` or `{` is open.
    pub(super) fn in_flow(&self) -> bool {
        !self.brackets.is_empty()
    }

    /// The least column of text that continues what stands here.
    pub(super) fn least_column(&self) -> usize {
        self.indent.map_or(0, |indent| indent + 1)
    }

    /// Steps over spaces and a comment behind a directive or a block's header.
    pub(super) fn rest_of_header(&mut self, what: &'static str, start: usize) -> Result<()> {
        self.cursor.skip_spaces();
        self.comment();
        if !self.cursor.line_end(0) {
            let message = "expected the end of the line";
            let error = YamlError::syntax(message, self.cursor.here());
            return Err(error.within(what, self.cursor.since(start)));
        }
        self.cursor.line_break();
        Ok(())
    }

    /// Whether no token is ready: none is found, or the first might still become a key.
    fn is_hungry(&mut self) -> bool {
        if self.ended {
            return false;
        }
        while let Some(candidate) = self.candidates.front() {
            if !self.is_far(candidate) {
                return self.queue.is_empty() || candidate.number == self.taken;
            }
            if candidate.required {
                return true;
            }
            self.candidates.pop_front();
        }
        self.queue.is_empty()
    }

    /// Whether no `:` can follow in time, whatever characters stand between.
    fn is_far(&self, candidate: &Candidate) -> bool {
        let reach = KEY_CHARACTERS * CHARACTER_BYTES;
        candidate.line != self.cursor.line() || self.cursor.at() - candidate.at > reach
    }

    /// Whether a `:` here is too late for the candidate.
    fn is_late(&self, candidate: &Candidate) -> bool {
        let between = self.cursor.text_since(candidate.at);
        self.is_far(candidate)
            || between.len() > KEY_CHARACTERS && between.chars().count() > KEY_CHARACTERS
    }

    /// Finds at least one more token.
    fn fetch(&mut self) -> Result<()> {
        self.skip_to_token();
        if let Some(candidate) = self.candidates.front().copied()
            && candidate.required
            && self.is_far(&candidate)
        {
            return Err(self.not_a_key(candidate));
        }
        if !self.in_flow() {
            let column = self.cursor.column();
            self.unwind(Some(column));
        }
        match self.cursor.byte(0) {
            b'%' if self.cursor.starts_line() => self.directive(),
            b'-' if self.cursor.three(b'-') && self.cursor.starts_line() => {
                self.document_mark(TokenKind::DocumentStart)
            }
            b'.' if self.cursor.three(b'.') && self.cursor.starts_line() => {
                self.document_mark(TokenKind::DocumentEnd)
            }
            b'[' => self.open(TokenKind::FlowSequenceStart),
            b'{' => self.open(TokenKind::FlowMappingStart),
            b']' => self.close(TokenKind::FlowSequenceEnd),
            b'}' => self.close(TokenKind::FlowMappingEnd),
            b',' => self.flow_entry(),
            b'-' if self.cursor.blank(1) => self.block_entry(),
            b'?' if self.in_flow() || self.cursor.blank(1) => self.key(),
            b':' if self.in_flow() || self.cursor.blank(1) => self.value(),
            _ => self.content(),
        }
    }

    /// Finds a property, a scalar or the end.
    fn content(&mut self) -> Result<()> {
        match self.cursor.byte(0) {
            0 => self.stream_end(),
            b'*' => self.property(TokenKind::Alias),
            b'&' => self.property(TokenKind::Anchor),
            b'!' => self.property(TokenKind::Tag),
            b'|' if !self.in_flow() => self.block_scalar(Style::Literal),
            b'>' if !self.in_flow() => self.block_scalar(Style::Folded),
            b'\'' => self.scalar(|scanner| quoted::scan(&mut scanner.cursor, Style::SingleQuoted)),
            b'"' => self.scalar(|scanner| quoted::scan(&mut scanner.cursor, Style::DoubleQuoted)),
            _ if plain::starts_here(self) => self.scalar(|scanner| Ok(plain::scan(scanner))),
            _ => Err(wording::nothing_starts(&self.cursor)),
        }
    }

    /// Steps to the next token over spaces, comments and line breaks.
    fn skip_to_token(&mut self) {
        self.cursor.skip_byte_order_mark();
        loop {
            self.cursor.skip_spaces();
            self.comment();
            if self.cursor.line_break().is_empty() {
                return;
            }
            if !self.in_flow() {
                self.key_allowed = true;
            }
        }
    }

    /// Steps over a comment, if one starts here.
    fn comment(&mut self) {
        if self.cursor.byte(0) != b'#' {
            return;
        }
        let before = self.cursor.text_since(self.cursor.line());
        let alone = before.chars().all(|c| matches!(c, ' ' | '\t' | '\u{FEFF}'));
        let start = self.cursor.at();
        self.cursor.rest_of_line();
        let span = self.cursor.since(start);
        self.comments.push(Comment { span, alone });
    }

    fn push(&mut self, kind: TokenKind, span: Span) {
        self.queue.push_back(Token::mark(kind, span));
    }

    /// Steps over a mark of `length` bytes.
    fn push_mark(&mut self, kind: TokenKind, length: usize) {
        let start = self.cursor.at();
        self.cursor.skip(length);
        self.value = None;
        self.push(kind, self.cursor.since(start));
    }

    /// Ends the blocks that stand further right than `column`.
    fn unwind(&mut self, column: Option<usize>) {
        if self.in_flow() {
            return;
        }
        while self.indent > column {
            let outer = self.outer_indents.pop();
            self.indent = outer.expect("bug: a block has no outer block");
            self.push(TokenKind::BlockEnd, Span::at(self.cursor.at()));
        }
    }

    /// Opens a block at `column`, unless one is open there.
    fn indent_to(&mut self, column: usize) -> bool {
        let deeper = self.indent < Some(column);
        if deeper {
            self.outer_indents.push(self.indent);
            self.indent = Some(column);
        }
        deeper
    }

    /// Keeps the token that starts here as a possible key.
    fn save_candidate(&mut self) -> Result<()> {
        if !self.key_allowed {
            return Ok(());
        }
        self.drop_candidate()?;
        let column = if self.in_flow() { 0 } else { self.cursor.column() };
        self.candidates.push_back(Candidate {
            number: self.taken + self.queue.len(),
            level: self.brackets.len(),
            required: !self.in_flow() && self.indent == Some(column),
            at: self.cursor.at(),
            line: self.cursor.line(),
            column,
        });
        Ok(())
    }

    /// Forgets the possible key between the innermost brackets.
    fn drop_candidate(&mut self) -> Result<()> {
        match self.take_candidate() {
            Some(candidate) if candidate.required => Err(self.not_a_key(candidate)),
            _ => Ok(()),
        }
    }

    fn take_candidate(&mut self) -> Option<Candidate> {
        let level = self.brackets.len();
        let last = self.candidates.back()?;
        if last.level == level { self.candidates.pop_back() } else { None }
    }

    fn stream_end(&mut self) -> Result<()> {
        if let Some(bracket) = self.brackets.last() {
            return Err(wording::never_closed(bracket.kind, bracket.span));
        }
        self.unwind(None);
        self.drop_candidate()?;
        self.candidates.clear();
        self.ended = true;
        self.push(TokenKind::StreamEnd, Span::at(self.cursor.at()));
        Ok(())
    }

    /// Ends all that is open before a mark between documents.
    fn end_document(&mut self) -> Result<()> {
        if let Some(bracket) = self.brackets.last() {
            return Err(wording::never_closed(bracket.kind, bracket.span));
        }
        self.unwind(None);
        self.drop_candidate()?;
        self.key_allowed = false;
        Ok(())
    }

    fn directive(&mut self) -> Result<()> {
        self.end_document()?;
        let token = property::directive(self)?;
        self.queue.push_back(token);
        Ok(())
    }

    fn document_mark(&mut self, kind: TokenKind) -> Result<()> {
        self.end_document()?;
        self.push_mark(kind, 3);
        Ok(())
    }

    fn open(&mut self, kind: TokenKind) -> Result<()> {
        self.save_candidate()?;
        let span = self.cursor.here();
        self.brackets.push(Bracket { kind, span });
        self.key_allowed = true;
        self.push_mark(kind, 1);
        Ok(())
    }

    fn close(&mut self, kind: TokenKind) -> Result<()> {
        self.drop_candidate()?;
        let here = self.cursor.here();
        let Some(bracket) = self.brackets.pop() else {
            return Err(YamlError::syntax("this bracket closes nothing", here));
        };
        let fits =
            (bracket.kind == TokenKind::FlowMappingStart) == (kind == TokenKind::FlowMappingEnd);
        if !fits {
            let error = YamlError::syntax("this bracket is of the wrong kind", here);
            return Err(error.within(wording::OPEN, bracket.span));
        }
        self.key_allowed = false;
        self.push_mark(kind, 1);
        Ok(())
    }

    fn flow_entry(&mut self) -> Result<()> {
        self.key_allowed = true;
        self.drop_candidate()?;
        self.push_mark(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn block_entry(&mut self) -> Result<()> {
        if let Some(bracket) = self.brackets.last() {
            let message = "`- ` starts no item between brackets";
            let error = YamlError::syntax(message, self.cursor.here());
            return Err(error.within(wording::OPEN, bracket.span));
        }
        self.start_in_block(TokenKind::BlockSequenceStart)?;
        self.key_allowed = true;
        self.drop_candidate()?;
        self.push_mark(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn key(&mut self) -> Result<()> {
        if !self.in_flow() {
            self.start_in_block(TokenKind::BlockMappingStart)?;
        }
        self.key_allowed = !self.in_flow();
        self.drop_candidate()?;
        self.push_mark(TokenKind::Key, 1);
        Ok(())
    }

    /// Opens a block for a mark that stands for itself.
    fn start_in_block(&mut self, block: TokenKind) -> Result<()> {
        if !self.key_allowed {
            return Err(wording::not_here(&self.cursor, self.value));
        }
        let column = self.cursor.column();
        if self.indent_to(column) {
            self.push(block, Span::at(self.cursor.at()));
        }
        Ok(())
    }

    fn value(&mut self) -> Result<()> {
        match self.take_candidate() {
            Some(candidate) if !self.is_late(&candidate) => {
                self.confirm(candidate);
                self.key_allowed = false;
            }
            Some(candidate) if candidate.required => return Err(self.not_a_key(candidate)),
            _ => {
                if !self.in_flow() {
                    self.start_in_block(TokenKind::BlockMappingStart)?;
                }
                self.key_allowed = !self.in_flow();
            }
        }
        self.push_mark(TokenKind::Value, 1);
        Ok(())
    }

    /// Makes a candidate the key that it is.
    fn confirm(&mut self, candidate: Candidate) {
        let opens = !self.in_flow() && self.indent_to(candidate.column);
        let token = self.queue.get_mut(candidate.number - self.taken);
        let token = token.expect("bug: a possible key was given away");
        token.before = if opens { Before::MappingAndKey } else { Before::Key };
    }

    /// A text that stands where only a key can, without its `:`.
    fn not_a_key(&self, candidate: Candidate) -> YamlError {
        wording::not_a_key(&self.cursor, candidate.at)
    }

    fn property(&mut self, kind: TokenKind) -> Result<()> {
        self.save_candidate()?;
        self.key_allowed = false;
        let token = match kind {
            TokenKind::Tag => property::tag(&mut self.cursor)?,
            _ => property::name(&mut self.cursor, kind)?,
        };
        self.queue.push_back(token);
        Ok(())
    }

    fn scalar(&mut self, scan: impl Fn(&mut Self) -> Result<ScalarText<'t>>) -> Result<()> {
        self.save_candidate()?;
        self.key_allowed = false;
        let scalar = scan(self)?;
        self.push_scalar(scalar.span, scalar);
        Ok(())
    }

    fn block_scalar(&mut self, style: Style) -> Result<()> {
        self.key_allowed = true;
        self.drop_candidate()?;
        let (span, scalar) = block::scan(self, style)?;
        self.push_scalar(span, scalar);
        Ok(())
    }

    fn push_scalar(&mut self, span: Span, scalar: ScalarText<'t>) {
        self.value = Some(span);
        self.queue.push_back(Token {
            load: Load::Scalar(scalar),
            ..Token::mark(TokenKind::Scalar, span)
        });
    }
}
