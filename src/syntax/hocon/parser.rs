//! The grammar: keys, separators, and the pieces of values.

use crate::source::Span;
use crate::syntax::hocon::build::{Builder, Step, joined, no_name};
use crate::syntax::hocon::concat::{Content, Made, Piece, join};
use crate::syntax::hocon::error::{HoconError, HoconErrorKind, LimitKind};
use crate::syntax::hocon::prepared::Prepared;
use crate::syntax::hocon::resolve::{Pending, resolve};
use crate::syntax::hocon::single;
use crate::syntax::hocon::{INCLUDE, Options, SUBSTITUTION, include, key, lexer};
use crate::syntax::tree::{Comment, Kind, NodeId, Style, Tree, Value};

type Result<T> = std::result::Result<T, HoconError>;

/// The tree of a text.
pub(super) fn read(source: &Prepared, options: &Options) -> Result<Tree> {
    let mut parser = Parser {
        source,
        build: Builder::new(options),
        comments: Vec::new(),
        pending: Vec::new(),
        most_depth: options.depth,
        most_pieces: options.nodes / 4,
    };
    let root = parser.document()?;
    let Parser { mut build, comments, pending, .. } = parser;
    if build.is_map(root) {
        build.forget_doubtful();
        resolve(&mut build, root, &pending, options);
    }
    Ok(Tree { nodes: build.nodes, root: Some(root), comments })
}

/// A text on its way to a tree.
#[derive(Debug)]
struct Parser<'p> {
    /// The text.
    source: &'p Prepared,
    /// The nodes so far.
    build: Builder,
    /// The comments so far.
    comments: Vec<Comment>,
    /// Values that depend on substitutions.
    pending: Vec<Pending>,
    /// How many collections may be open at once.
    most_depth: usize,
    /// How many pieces a value may have; they are gone when its node is there.
    most_pieces: usize,
}

/// How a key and its value are joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Operator {
    /// `+=`: to what is there.
    Append,
    /// `=` or `:`, or nothing before a map.
    Set,
}

impl Parser<'_> {
    fn document(&mut self) -> Result<NodeId> {
        let at = self.skip_lines(0);
        let start = lexer::skip_space(self.text(), at);
        let (root, at) = if self.text()[start..].starts_with('[') {
            self.list(start, 1)?
        } else if self.text()[start..].starts_with('{') {
            self.map(start, 1)?
        } else {
            let root = self.build.map(self.source.span(0, self.text().len()))?;
            (root, self.entries(root, at, 1)?)
        };
        let mut at = at;
        while let Some(next) = self.comment(at).or_else(|| lexer::eol_or_comma(self.text(), at)) {
            at = next;
        }
        let end = lexer::skip_space(self.text(), at);
        if end == self.text().len() { Ok(root) } else { Err(self.misfit(end, None)) }
    }

    fn text(&self) -> &str {
        &self.source.text
    }

    /// Passes a comment, and line breaks and commas before it.
    fn comment(&mut self, at: usize) -> Option<usize> {
        let start = lexer::eol_or_comma(self.text(), at).unwrap_or(at);
        let (start, end) = lexer::comment(self.text(), start)?;
        let span = self.source.span(start, end);
        let line = self.text()[..start].rsplit(['\n', '\r']).next().unwrap_or("");
        let alone = line.bytes().all(|byte| byte == b' ');
        self.comments.push(Comment { span, alone });
        Some(end)
    }

    /// Passes comments and line breaks.
    fn skip_lines(&mut self, mut at: usize) -> usize {
        loop {
            let next = match lexer::comment(self.text(), at) {
                Some(_) => self.comment(at),
                None => lexer::eol(self.text(), at),
            };
            match next {
                Some(next) => at = next,
                None => return at,
            }
        }
    }

    /// The entries of a map up to what cannot be one; the place there.
    fn entries(&mut self, map: NodeId, mut at: usize, depth: usize) -> Result<usize> {
        loop {
            if let Some(next) = self.comment(at) {
                at = next;
                continue;
            }
            let start = lexer::skip_space(self.text(), at);
            if let Some(end) = include::end(self.source, start)? {
                let written = self.text()[start..end].trim_end().to_owned();
                let span = self.source.span(start, start + written.len());
                self.build.include(map, span, &written)?;
                at = end;
            } else if let Some(end) = lexer::key(self.text(), start) {
                at = self.entry(map, start, end, depth)?;
            } else if let Some(next) = lexer::eol_or_comma(self.text(), at) {
                at = next;
            } else {
                return Ok(at);
            }
        }
    }

    /// A key with its value; the place behind.
    fn entry(&mut self, map: NodeId, start: usize, end: usize, depth: usize) -> Result<usize> {
        let key = self.text()[start..end].trim_end();
        let missing = HoconErrorKind::MissingSeparator;
        let missing = HoconError::new(missing, self.source.span(start, start + key.len()));
        let parts = key::parts(key, self.most_depth + 1);
        if parts.len() > self.most_depth {
            return Err(too_deep(missing.span));
        }
        let steps = steps(self.source, start, key, &parts);
        let rest = self::steps(self.source, start, key, &key::rest(parts.get(1..).unwrap_or(&[])));
        let depth = depth + steps.len();
        let at = self.skip_lines(end);
        let start = lexer::skip_space(self.text(), at);
        if self.text()[start..].starts_with('{') {
            let (value, end) = self.map(start, depth)?;
            self.assign(map, &steps, &rest, value, Operator::Set, missing.span)?;
            return Ok(end);
        }
        let operators = [("=", Operator::Set), (":", Operator::Set), ("+=", Operator::Append)];
        let mut found = operators.into_iter();
        let found = found.find_map(|(mark, operator)| {
            lexer::literal(self.text(), start, mark).map(|end| (operator, end))
        });
        let Some((operator, at)) = found else { return Err(self.misfit(start, Some(missing))) };
        let at = self.skip_lines(at);
        let (value, at) = self.value(at, depth)?;
        self.assign(map, &steps, &rest, value, operator, missing.span)?;
        Ok(at)
    }

    /// Puts a value under its key, as pyhocon's kinds of value go their ways.
    fn assign(
        &mut self,
        map: NodeId,
        steps: &[Step],
        rest: &[Step],
        value: NodeId,
        operator: Operator,
        span: Span,
    ) -> Result<()> {
        let Some(first) = steps.first() else { return Err(no_name(span)) };
        let is_list = self.build.is_list(value);
        let is_text = self.build.scalar(value).is_some_and(|scalar| scalar.kind == Kind::Text);
        if operator == Operator::Append && (is_list || is_text) {
            let unknown = self.build.unknown(span, SUBSTITUTION, &first.name)?;
            return self.build.put(map, steps, unknown);
        }
        if is_list {
            return self.build.put(map, steps, value);
        }
        if first.name.is_empty() {
            return Err(no_name(span));
        }
        let mut value = value;
        if steps.len() > 1 {
            let outer = self.build.map(joined(first.span, self.build.get(value).span))?;
            self.build.put(outer, rest, value)?;
            value = outer;
        }
        let is_over_list = steps.len() == 1
            && self.build.find(map, &first.name).is_some_and(|before| self.build.is_list(before));
        if self.build.is_map(value) && !is_over_list {
            self.build.put_map(map, first, value)
        } else {
            self.build.set(map, first, value)
        }
    }

    /// A map in brackets, and the place behind it.
    fn map(&mut self, start: usize, depth: usize) -> Result<(NodeId, usize)> {
        self.check_depth(start, depth)?;
        let map = self.build.map(self.source.span(start, start + 1))?;
        let at = self.entries(map, start + 1, depth + 1)?;
        self.close(map, start, at, '}')
    }

    /// A list in brackets, and the place behind it.
    fn list(&mut self, start: usize, depth: usize) -> Result<(NodeId, usize)> {
        self.check_depth(start, depth)?;
        let list = self.build.node(self.source.span(start, start + 1), Value::List(Vec::new()))?;
        let mut items = Vec::new();
        let mut at = start + 1;
        loop {
            let (item, end) = self.value(at, depth + 1)?;
            if self
                .build
                .scalar(item)
                .is_none_or(|item| item.kind != Kind::Text || !item.text.is_empty())
            {
                items.push(item);
            }
            let Some(next) = lexer::eol_or_comma(self.text(), end) else {
                at = end;
                break;
            };
            at = next;
        }
        self.build.get_mut(list).value = Value::List(items);
        self.close(list, start, at, ']')
    }

    fn close(
        &mut self,
        id: NodeId,
        start: usize,
        at: usize,
        bracket: char,
    ) -> Result<(NodeId, usize)> {
        let here = lexer::skip_space(self.text(), at);
        if !self.text()[here..].starts_with(bracket) {
            let opening = if bracket == ']' { '[' } else { '{' };
            let unclosed = HoconErrorKind::Unclosed(opening);
            let unclosed = HoconError::new(unclosed, self.source.span(start, start + 1));
            return Err(self.misfit(here, Some(unclosed)));
        }
        self.build.get_mut(id).span = self.source.span(start, here + 1);
        Ok((id, here + 1))
    }

    fn check_depth(&self, start: usize, depth: usize) -> Result<()> {
        if depth > self.most_depth {
            return Err(too_deep(self.source.span(start, start + 1)));
        }
        Ok(())
    }

    /// The value at a place, and the place behind it.
    fn value(&mut self, start: usize, depth: usize) -> Result<(NodeId, usize)> {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut at = start;
        loop {
            if let Some(next) = self.comment(at) {
                at = next;
                continue;
            }
            let here = lexer::skip_space(self.text(), at);
            if pieces.len() >= self.most_pieces {
                let kind = HoconErrorKind::Limit(LimitKind::Nodes);
                return Err(HoconError::new(kind, self.source.span(here, here)));
            }
            if let Some(end) = include::end(self.source, here)? {
                let content = Content::Include;
                pieces.push(Piece { start: here, end, content });
                at = end;
            } else if let Some((piece, end)) = self.collection(here, depth)? {
                pieces.push(piece);
                at = end;
            } else if let Some((piece, end)) = single::piece(self.source, here)? {
                pieces.push(piece);
                at = end;
            } else if self.text()[here..].starts_with('\\') {
                let kind = HoconErrorKind::LoneBackslash;
                let lone = || HoconError::new(kind, self.source.span(here, here + 1));
                at = lexer::eol(self.text(), here + 1).ok_or_else(lone)?;
            } else {
                break;
            }
        }
        Ok((self.finish(&pieces, start)?, at))
    }

    /// The list or map that starts at a place.
    fn collection(&mut self, here: usize, depth: usize) -> Result<Option<(Piece, usize)>> {
        let (content, end) = match self.text().as_bytes().get(here) {
            Some(b'{') => {
                let (id, end) = self.map(here, depth)?;
                (Content::Map(id), end)
            }
            Some(b'[') => {
                let (id, end) = self.list(here, depth)?;
                (Content::List(id), end)
            }
            _ => return Ok(None),
        };
        Ok(Some((Piece { start: here, end, content }, end)))
    }

    /// The node of all pieces together.
    fn finish(&mut self, pieces: &[Piece], start: usize) -> Result<NodeId> {
        let place = |piece: &Piece| self.source.span(piece.start, piece.end);
        let made = join(pieces, place)?;
        let start = pieces.first().map_or(start, |piece| piece.start);
        let end = pieces.last().map_or(start, |piece| piece.end);
        let span = self.source.span(start, end);
        match made {
            Made::Single(scalar) => self.build.node(span, Value::Scalar(scalar)),
            Made::Lists(lists) => Ok(self.joined_lists(&lists, span)),
            Made::Maps(maps) => {
                for other in &maps[1..] {
                    self.build.merge(maps[0], *other);
                }
                self.build.get_mut(maps[0]).span = span;
                Ok(maps[0])
            }
            Made::Include => {
                let written = self.source.text[start..end].to_owned();
                self.build.unknown(span, INCLUDE, &written)
            }
            Made::Substitution => {
                let written = self.source.text[start..end].to_owned();
                let node = self.build.unknown(span, SUBSTITUTION, &written)?;
                self.pending.push(Pending { node, pieces: pieces.to_vec() });
                Ok(node)
            }
        }
    }

    fn joined_lists(&mut self, lists: &[NodeId], span: Span) -> NodeId {
        let mut all = Vec::new();
        for list in lists {
            if let Value::List(items) = &mut self.build.get_mut(*list).value {
                all.append(items);
            }
        }
        let first = self.build.get_mut(lists[0]);
        first.value = Value::List(all);
        first.span = span;
        lists[0]
    }

    /// What is wrong with what stands where nothing fits; `open` is told at the text's end.
    fn misfit(&self, at: usize, open: Option<HoconError>) -> HoconError {
        let rest = &self.text()[at..];
        let Some(c) = rest.chars().next() else {
            let end = HoconError::new(HoconErrorKind::MissingSeparator, self.source.span(at, at));
            return open.unwrap_or(end);
        };
        let kind = match c {
            '"' => HoconErrorKind::Unclosed('"'),
            '$' if rest.starts_with("${") => HoconErrorKind::UnclosedSubstitution,
            ']' | '}' => HoconErrorKind::Unopened(c),
            '\n' | '\r' | ',' if open.is_some() => return open.expect("it is there"),
            _ => HoconErrorKind::Special(c),
        };
        HoconError::new(kind, self.source.span(at, at + c.len_utf8()))
    }
}

/// The steps of a key that starts at a place.
fn steps(source: &Prepared, start: usize, key: &str, parts: &[key::Part]) -> Vec<Step> {
    let step = |part: &key::Part| {
        let range = part.range.clone();
        let is_quoted = key[range.clone()].starts_with('"');
        let style = if is_quoted { Style::DoubleQuoted } else { Style::Plain };
        let span = source.span(start + range.start, start + range.end);
        Step { name: part.name.clone(), span, style }
    };
    parts.iter().map(step).collect()
}

fn too_deep(span: Span) -> HoconError {
    HoconError::new(HoconErrorKind::Limit(LimitKind::Depth), span)
}
