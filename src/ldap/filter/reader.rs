//! The reader of filters: parentheses and what joins the tests.

use crate::ldap::filter::{Filter, FilterError, FilterErrorKind, Item, Node, NodeKind, Test, item};
use crate::source::{Span, Spanned};

/// Reads a whole text.
pub(super) fn read(text: &str) -> Result<Filter, FilterError> {
    if let Some(at) = text.find('\0') {
        return Err(error(FilterErrorKind::Nul, at, at + 1));
    }
    if text.is_empty() {
        return Ok(Filter { nodes: vec![any_entry()], is_parenthesised: true });
    }
    if !text.starts_with('(') {
        return bare(text);
    }
    let mut reader = Reader { text, at: 0, nodes: Vec::new(), open: Vec::new() };
    loop {
        reader.part()?;
        if reader.open.is_empty() {
            break;
        }
    }
    if reader.at < text.len() {
        return Err(error(FilterErrorKind::SurroundingText, reader.at, text.len()));
    }
    Ok(Filter { nodes: reader.nodes, is_parenthesised: true })
}

/// A text that does not begin with a parenthesis: one test.
fn bare(text: &str) -> Result<Filter, FilterError> {
    let Some(start) = text.find(|c| c != ' ') else {
        return Err(error(FilterErrorKind::Blank, 0, text.len()));
    };
    if text[start..].starts_with('(') {
        return Err(error(FilterErrorKind::SurroundingText, 0, start));
    }
    if text.starts_with(['&', '|', '!']) {
        return Err(error(FilterErrorKind::MissingParenthesis, 0, text.len()));
    }
    if start > 0 {
        return Err(error(FilterErrorKind::SurroundingText, 0, start));
    }
    let span = Span::new(0, text.len());
    let kind = NodeKind::Item(item::read(text, span)?);
    Ok(Filter { nodes: vec![Node { kind, span }], is_parenthesised: false })
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    nodes: Vec<Node>,
    /// The `&`, `|` and `!` that are still open.
    open: Vec<Open>,
}

/// A part whose closing parenthesis is still to come.
struct Open {
    start: usize,
    mark: u8,
    parts: Vec<usize>,
}

impl Reader<'_> {
    /// Reads one opening of a part, one whole test, or one closing.
    fn part(&mut self) -> Result<(), FilterError> {
        let start = self.at;
        self.skip_blanks();
        match self.peek() {
            Some(b'(') => self.opening(),
            Some(b')') => self.closing(start),
            Some(_) => {
                let len = self.text[self.at..].find(['(', ')']);
                let end = len.map_or(self.text.len(), |len| self.at + len);
                Err(error(FilterErrorKind::MissingParenthesis, self.at, end))
            }
            None => {
                let start = self.open.last().map_or(0, |open| open.start);
                Err(error(FilterErrorKind::Unclosed, start, start + 1))
            }
        }
    }

    fn opening(&mut self) -> Result<(), FilterError> {
        let start = self.at;
        self.at += 1;
        self.skip_blanks();
        match self.peek() {
            Some(mark @ (b'&' | b'|' | b'!')) => {
                if self.open.len() == MAX_DEPTH {
                    return Err(error(FilterErrorKind::TooDeep, start, start + 1));
                }
                self.at += 1;
                self.open.push(Open { start, mark, parts: Vec::new() });
                Ok(())
            }
            Some(b'(') => Err(error(FilterErrorKind::SuperfluousParenthesis, self.at, self.at + 1)),
            _ => self.test(start),
        }
    }

    fn test(&mut self, start: usize) -> Result<(), FilterError> {
        let inside = self.at;
        let Some(end) = item::end(self.text, inside) else {
            return Err(error(FilterErrorKind::Unclosed, start, start + 1));
        };
        let kind = NodeKind::Item(item::read(self.text, Span::new(inside, end))?);
        self.at = end + 1;
        self.push(kind, start);
        Ok(())
    }

    /// Reads a closing parenthesis; `from` is where the blanks before it begin.
    fn closing(&mut self, from: usize) -> Result<(), FilterError> {
        let open = self.open.pop().expect("a filter begins with a parenthesis and ends with it");
        self.at += 1;
        let kind = match (open.mark, open.parts.as_slice()) {
            (b'&', _) => NodeKind::And(open.parts),
            (b'|', _) => NodeKind::Or(open.parts),
            (_, &[part]) if self.at == from + 1 => NodeKind::Not(part),
            _ => return Err(error(FilterErrorKind::OneOperand, open.start, self.at)),
        };
        self.push(kind, open.start);
        Ok(())
    }

    fn push(&mut self, kind: NodeKind, start: usize) {
        if let Some(open) = self.open.last_mut() {
            open.parts.push(self.nodes.len());
        }
        self.nodes.push(Node { kind, span: Span::new(start, self.at) });
    }

    fn skip_blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }
}

/// What libldap sends for an empty filter.
fn any_entry() -> Node {
    let name = Spanned { value: "objectClass".to_owned(), span: Span::at(0) };
    let item = Item { attribute: Some(name), test: Test::Presence, value_span: Span::at(0) };
    Node { kind: NodeKind::Item(item), span: Span::at(0) }
}

fn error(kind: FilterErrorKind, start: usize, end: usize) -> FilterError {
    FilterError { kind, span: Span::new(start, end) }
}

/// Parts within parts that are read. People nest a handful.
const MAX_DEPTH: usize = 1000;
