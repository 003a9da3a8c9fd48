//! From tokens to the tree.

use std::collections::HashMap;

use jsonc_parser::errors::{ParseError, ParseErrorKind};
use jsonc_parser::tokens::Token;
use jsonc_parser::{ParseStringErrorKind, Scanner, ScannerOptions};

use crate::source::Span;
use crate::syntax::json::{Json, JsonError, JsonErrorKind, LimitKind, Options};
use crate::syntax::tree::{Comment, Entry, Kind, Node, NodeId, Origin, Scalar, Style, Value};

type Result<T> = std::result::Result<T, JsonError>;

/// The one value of a text.
pub fn read(text: &str, options: &Options) -> Result<Json> {
    if text.len() > options.bytes {
        return Err(JsonError::new(JsonErrorKind::Limit(LimitKind::Bytes), Span::at(0)));
    }
    let body = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut reader = Reader {
        text,
        base: text.len() - body.len(),
        scanner: Scanner::new(body, &STRICT),
        options: *options,
        json: Json { has_byte_order_mark: text.len() != body.len(), ..Json::default() },
        frames: Vec::new(),
        end: text.len() - body.len(),
    };
    reader.value()?;
    Ok(reader.json)
}

/// A text as far as it was read.
struct Reader<'t> {
    text: &'t str,
    /// The bytes before the scanner's text.
    base: usize,
    scanner: Scanner<'t>,
    options: Options,
    json: Json,
    frames: Vec<Frame>,
    /// The end of the last token.
    end: usize,
}

/// An open list or map.
struct Frame {
    id: NodeId,
    is_map: bool,
    bracket: Span,
    /// The key whose value comes next.
    key: Option<NodeId>,
    /// What was read last.
    last: Last,
}

/// What was read last of an open list or map.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    /// A colon.
    Colon,
    /// A comma, and where.
    Comma(Span),
    /// A key.
    Key,
    /// Nothing: the bracket has only just opened.
    Nothing,
    /// A value.
    Value,
}

impl<'t> Reader<'t> {
    /// Reads the text to its end.
    fn value(&mut self) -> Result<()> {
        while let Some((token, span)) = self.token()? {
            match self.frames.last() {
                None if self.json.tree.root.is_some() => {
                    let is_closing = matches!(token, Token::CloseBrace | Token::CloseBracket);
                    let kind = if is_closing {
                        JsonErrorKind::BadBracket
                    } else {
                        JsonErrorKind::SecondValue
                    };
                    return Err(JsonError::new(kind, span));
                }
                None => self.open_or_scalar(token, span)?,
                Some(frame) if frame.is_map => self.in_map(token, span)?,
                Some(_) => self.in_list(token, span)?,
            }
        }
        let end = Span::at(self.text.len());
        match self.frames.last() {
            Some(frame) => {
                let open = Some(frame.bracket);
                Err(JsonError { kind: JsonErrorKind::UnclosedBracket, span: frame.bracket, open })
            }
            None if self.json.tree.root.is_none() => Err(JsonError::new(JsonErrorKind::Empty, end)),
            None => Ok(()),
        }
    }

    /// The next token that is no comment.
    fn token(&mut self) -> Result<Option<(Token<'t>, Span)>> {
        loop {
            let token = self.scanner.scan().map_err(|error| self.translated(&error))?;
            let span = self.span(self.scanner.token_start(), self.scanner.token_end());
            let gap = if token.is_some() { span.start } else { self.text.len() };
            self.check_gap(gap)?;
            self.end = span.end;
            match token {
                Some(Token::CommentLine(_) | Token::CommentBlock(_)) => self.comment(span),
                Some(token) => return Ok(Some((token, span))),
                None => return Ok(None),
            }
        }
    }

    /// Refuses white space that is none in JSON, between the last token and the next.
    fn check_gap(&self, end: usize) -> Result<()> {
        let gap = self.text.get(self.end..end).unwrap_or_default();
        match gap.find(|c| !matches!(c, ' ' | '\t' | '\n' | '\r')) {
            Some(at) => {
                let start = self.end + at;
                let length = gap[at..].chars().next().map_or(0, char::len_utf8);
                let span = Span::new(start, start + length);
                Err(JsonError::new(JsonErrorKind::Stray, span))
            }
            None => Ok(()),
        }
    }

    fn comment(&mut self, span: Span) {
        let span = Span::new(span.start, span.start + self.text[span.range()].trim_end().len());
        let before = self.text[..span.start].rsplit(['\n', '\r']).next().unwrap_or_default();
        let alone = before.trim_start_matches(BYTE_ORDER_MARK).trim().is_empty();
        self.json.tree.comments.push(Comment { span, alone });
    }

    fn in_map(&mut self, token: Token<'t>, span: Span) -> Result<()> {
        let frame = self.frames.last_mut().expect("a map is open");
        match (frame.last, token) {
            (Last::Colon, Token::CloseBrace | Token::Comma) => {
                Err(JsonError::new(JsonErrorKind::MissingValue, span))
            }
            (Last::Colon, token) => self.open_or_scalar(token, span),
            (Last::Key, Token::Colon) => {
                frame.last = Last::Colon;
                Ok(())
            }
            (Last::Key, _) => Err(JsonError::new(JsonErrorKind::MissingColon, span)),
            (_, Token::CloseBrace) => {
                self.close(span);
                Ok(())
            }
            (_, Token::CloseBracket) => Err(self.wrong_bracket(span)),
            (Last::Value, Token::Comma) => {
                frame.last = Last::Comma(span);
                Ok(())
            }
            (Last::Comma(_) | Last::Nothing, Token::String(key)) => self.key(key.as_ref(), span),
            (Last::Comma(_) | Last::Nothing, Token::Comma) => {
                Err(JsonError::new(JsonErrorKind::ExtraComma, span))
            }
            (Last::Comma(_) | Last::Nothing, _) => {
                Err(JsonError::new(JsonErrorKind::UnquotedKey, span))
            }
            (Last::Value, _) => Err(JsonError::new(JsonErrorKind::MissingComma, span)),
        }
    }

    fn in_list(&mut self, token: Token<'t>, span: Span) -> Result<()> {
        let frame = self.frames.last_mut().expect("a list is open");
        match (frame.last, token) {
            (_, Token::CloseBracket) => {
                self.close(span);
                Ok(())
            }
            (_, Token::CloseBrace) => Err(self.wrong_bracket(span)),
            (Last::Value, Token::Comma) => {
                frame.last = Last::Comma(span);
                Ok(())
            }
            (Last::Value, _) => Err(JsonError::new(JsonErrorKind::MissingComma, span)),
            (_, Token::Comma) => Err(JsonError::new(JsonErrorKind::ExtraComma, span)),
            (_, token) => self.open_or_scalar(token, span),
        }
    }

    fn key(&mut self, key: &str, span: Span) -> Result<()> {
        let id = self.string(key, span)?;
        let frame = self.frames.last_mut().expect("a map is open");
        frame.key = Some(id);
        frame.last = Last::Key;
        Ok(())
    }

    fn open_or_scalar(&mut self, token: Token<'t>, span: Span) -> Result<()> {
        let id = match token {
            Token::OpenBrace => return self.open(Value::Map(Vec::new()), span),
            Token::OpenBracket => return self.open(Value::List(Vec::new()), span),
            Token::String(text) => self.string(text.as_ref(), span)?,
            Token::Boolean(value) => self.plain(Kind::Bool(value), span)?,
            Token::Null => self.plain(Kind::Null, span)?,
            Token::Number(digits) => {
                let kind = number(digits).ok_or(JsonError::new(JsonErrorKind::BadNumber, span))?;
                self.plain(kind, span)?
            }
            Token::CloseBrace | Token::CloseBracket => return Err(self.wrong_bracket(span)),
            Token::Comma => return Err(JsonError::new(JsonErrorKind::ExtraComma, span)),
            Token::Word(_) => return Err(JsonError::new(JsonErrorKind::UnquotedText, span)),
            Token::Colon | Token::CommentLine(_) | Token::CommentBlock(_) => {
                return Err(JsonError::new(JsonErrorKind::Stray, span));
            }
        };
        self.attach(id);
        Ok(())
    }

    fn open(&mut self, value: Value, bracket: Span) -> Result<()> {
        if self.frames.len() >= self.options.depth {
            return Err(JsonError::new(JsonErrorKind::Limit(LimitKind::Depth), bracket));
        }
        let is_map = matches!(value, Value::Map(_));
        let id = self.push(bracket, value)?;
        self.frames.push(Frame { id, is_map, bracket, key: None, last: Last::Nothing });
        Ok(())
    }

    fn close(&mut self, span: Span) {
        let frame = self.frames.pop().expect("a list or map is open");
        if let Last::Comma(comma) = frame.last {
            self.json.trailing_commas.push(comma);
        }
        self.hide_replaced(frame.id);
        let node = self.node_mut(frame.id);
        node.span = Span::new(frame.bracket.start, span.end);
        self.attach(frame.id);
    }

    /// Puts a value that is complete where it belongs.
    fn attach(&mut self, id: NodeId) {
        let Some(frame) = self.frames.last_mut() else {
            self.json.tree.root = Some(id);
            return;
        };
        frame.last = Last::Value;
        let (key, parent) = (frame.key.take(), frame.id);
        match (&mut self.node_mut(parent).value, key) {
            (Value::List(items), _) => items.push(id),
            (Value::Map(entries), Some(key)) => {
                entries.push(Entry { key, value: id, origin: Origin::Own, hidden: false });
            }
            (Value::Map(_), None) | (Value::Scalar(_), _) => {}
        }
    }

    /// Hides every entry that a later one of the same key replaces.
    fn hide_replaced(&mut self, id: NodeId) {
        let tree = &self.json.tree;
        let Value::Map(entries) = &tree.node(id).value else { return };
        let mut last = HashMap::with_capacity(entries.len());
        let mut hidden = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let key = match &tree.node(entry.key).value {
                Value::Scalar(scalar) => scalar.text.as_str(),
                Value::List(_) | Value::Map(_) => continue,
            };
            hidden.extend(last.insert(key, index));
        }
        if let Value::Map(entries) = &mut self.node_mut(id).value {
            for index in hidden {
                entries[index].hidden = true;
            }
        }
    }

    fn string(&mut self, text: &str, span: Span) -> Result<NodeId> {
        let written = &self.text[span.range()];
        if let Some(at) = written.find(|c: char| c < ' ') {
            let span = Span::new(span.start + at, span.start + at + 1);
            return Err(JsonError::new(JsonErrorKind::ControlCharacter, span));
        }
        let (text, style, kind) = (text.to_owned(), Style::DoubleQuoted, Kind::Text);
        self.push(span, Value::Scalar(Scalar { text, style, kind }))
    }

    fn plain(&mut self, kind: Kind, span: Span) -> Result<NodeId> {
        let text = self.text[span.range()].to_owned();
        self.push(span, Value::Scalar(Scalar { text, style: Style::Plain, kind }))
    }

    fn push(&mut self, span: Span, value: Value) -> Result<NodeId> {
        let nodes = &mut self.json.tree.nodes;
        let id = u32::try_from(nodes.len()).ok().filter(|_| nodes.len() < self.options.nodes);
        let id = id.ok_or(JsonError::new(JsonErrorKind::Limit(LimitKind::Nodes), span))?;
        nodes.push(Node { span, tag: None, value });
        Ok(NodeId(id))
    }

    fn node_mut(&mut self, id: NodeId) -> &mut Node {
        let index = usize::try_from(id.0).expect("a u32 fits into usize");
        &mut self.json.tree.nodes[index]
    }

    fn wrong_bracket(&self, span: Span) -> JsonError {
        let open = self.frames.last().map(|frame| frame.bracket);
        JsonError { kind: JsonErrorKind::BadBracket, span, open }
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span::new(self.base + start, self.base + end)
    }

    /// The scanner's error in our words.
    fn translated(&self, error: &ParseError) -> JsonError {
        let range = error.range();
        let start = (self.base + range.start).min(self.text.len());
        let end = (self.base + range.end).clamp(start, self.text.len());
        let kind = match error.kind() {
            ParseErrorKind::String(ParseStringErrorKind::UnterminatedStringLiteral) => {
                JsonErrorKind::UnclosedString
            }
            ParseErrorKind::String(_) => JsonErrorKind::BadEscape,
            ParseErrorKind::SingleQuotedStringsNotAllowed => JsonErrorKind::SingleQuotes,
            ParseErrorKind::UnterminatedCommentBlock => JsonErrorKind::UnclosedComment,
            ParseErrorKind::BareDecimalPointNumbersNotAllowed
            | ParseErrorKind::ExpectedDigit
            | ParseErrorKind::ExpectedDigitFollowingNegativeSign
            | ParseErrorKind::ExpectedPlusMinusOrDigitInNumberLiteral
            | ParseErrorKind::HexadecimalNumbersNotAllowed
            | ParseErrorKind::NonFiniteNumbersNotAllowed
            | ParseErrorKind::UnaryPlusNumbersNotAllowed => JsonErrorKind::BadNumber,
            _ if self.text[start..].starts_with(char::is_alphanumeric) => {
                JsonErrorKind::UnquotedText
            }
            _ => JsonErrorKind::Stray,
        };
        JsonError::new(kind, Span::new(start, end))
    }
}

/// What digits stand for.
fn number(digits: &str) -> Option<Kind> {
    if digits.contains(['.', 'e', 'E']) {
        digits.parse().ok().map(Kind::Float)
    } else {
        Some(Kind::Int(digits.to_owned()))
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// JSON as RFC 8259 has it.
const STRICT: ScannerOptions = ScannerOptions {
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

#[cfg(test)]
mod tests {
    use super::{Json, JsonErrorKind, LimitKind, Options, read};
    use crate::source::Span;
    use crate::syntax::json::Departure;
    use crate::syntax::tree::Kind;

    fn sound(text: &str) -> Json {
        read(text, &Options::default()).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    fn fault(text: &str) -> (JsonErrorKind, Span) {
        let error = read(text, &Options::default()).expect_err(text);
        (error.kind, error.span)
    }

    #[test]
    fn values_have_their_kinds_and_places() {
        let text = r#"{"a": [1, -2.5e3, true, null, "x\n\u00e9"], "b": {}}"#;
        let json = sound(text);
        let root = json.tree.root().expect("a value");
        let list = root.get("a").expect("there");
        assert_eq!(&text[list.span().range()], r#"[1, -2.5e3, true, null, "x\n\u00e9"]"#);
        let kinds: Vec<Kind> = list
            .items()
            .expect("a list")
            .map(|item| item.scalar().expect("a scalar").kind.clone())
            .collect();
        assert_eq!(
            kinds,
            [Kind::Int("1".into()), Kind::Float(-2500.0), Kind::Bool(true), Kind::Null, Kind::Text]
        );
        let text_item = list.items().expect("a list").last().expect("an item");
        assert_eq!(text_item.scalar().expect("text").text, "x\n\u{e9}");
        assert_eq!(root.get("b").expect("there").entries().expect("a map").len(), 0);
        assert_eq!(json.first_departure(), None);
    }

    #[test]
    fn of_equal_keys_the_last_counts_and_the_earlier_stay() {
        let json = sound(r#"{"a": 1, "b": 2, "a": 3}"#);
        let root = json.tree.root().expect("a value");
        assert_eq!(root.get("a").expect("there").scalar().expect("a number").text, "3");
        let hidden: Vec<bool> =
            root.entries().expect("a map").iter().map(|entry| entry.hidden).collect();
        assert_eq!(hidden, [true, false, false]);
    }

    #[test]
    fn comments_and_trailing_commas_are_let_through_and_told() {
        let json = sound("// one\n{\"a\": [1, /* two */ 2,],\n} // three\n");
        assert!(json.has_comments());
        assert_eq!(json.tree.comments.len(), 3);
        assert!(json.tree.comments[0].alone && !json.tree.comments[1].alone);
        assert_eq!(json.trailing_commas.len(), 2);
        assert_eq!(json.first_departure().expect("one").0, Departure::Comment);
        assert_eq!(
            sound("[1,]").first_departure(),
            Some((Departure::TrailingComma, Span::new(2, 3)))
        );
        assert!(!sound(r#"{"url": "https://acme.test//x"}"#).has_comments());
    }

    #[test]
    fn what_is_no_json_is_told_where_it_is() {
        for (text, kind, start) in [
            ("", JsonErrorKind::Empty, 0),
            ("{\"a\" 1}", JsonErrorKind::MissingColon, 5),
            ("{\"a\": }", JsonErrorKind::MissingValue, 6),
            ("{\"a\": 1 \"b\": 2}", JsonErrorKind::MissingComma, 8),
            ("[1 2]", JsonErrorKind::MissingComma, 3),
            ("[,]", JsonErrorKind::ExtraComma, 1),
            ("[1,,2]", JsonErrorKind::ExtraComma, 3),
            ("{,}", JsonErrorKind::ExtraComma, 1),
            ("{a: 1}", JsonErrorKind::UnquotedKey, 1),
            ("{\"a\": yes}", JsonErrorKind::UnquotedText, 6),
            ("{'a': 1}", JsonErrorKind::SingleQuotes, 1),
            ("[1}", JsonErrorKind::BadBracket, 2),
            ("{\"a\": 1]", JsonErrorKind::BadBracket, 7),
            ("[]]", JsonErrorKind::BadBracket, 2),
            ("[] []", JsonErrorKind::SecondValue, 3),
            ("[01]", JsonErrorKind::MissingComma, 2),
            ("[.5]", JsonErrorKind::BadNumber, 1),
            ("[1", JsonErrorKind::UnclosedBracket, 0),
            ("[\"a", JsonErrorKind::UnclosedString, 1),
            ("[\"a\nb\"]", JsonErrorKind::ControlCharacter, 3),
            ("[\u{a0}1]", JsonErrorKind::Stray, 1),
            ("[] /* x", JsonErrorKind::UnclosedComment, 3),
        ] {
            let (found, span) = fault(text);
            assert_eq!((found, span.start), (kind, start), "{text:?}");
        }
        assert_eq!(fault("[\"\\x\"]").0, JsonErrorKind::BadEscape);
        assert_eq!(fault("[\"\\ud800\"]").0, JsonErrorKind::BadEscape);
    }

    #[test]
    fn a_byte_order_mark_shifts_no_place() {
        let json = sound("\u{feff}[7]");
        assert!(json.has_byte_order_mark);
        assert_eq!(json.tree.root().expect("a value").span(), Span::new(3, 6));
    }

    #[test]
    fn short_texts_are_json_exactly_where_another_reader_says_so() {
        const PIECES: [&str; 12] =
            ["[", "]", "{", "}", ",", ":", "\"a\"", "1", "-0.5", "null", " ", "x"];
        let mut texts = vec![String::new()];
        for _ in 0..4 {
            let longer = texts.iter().flat_map(|text| PIECES.map(|piece| format!("{text}{piece}")));
            texts = longer.chain([String::new()]).collect();
            for text in &texts {
                let own = read(text, &Options::default());
                let own = own.is_ok_and(|json| json.first_departure().is_none());
                let other = serde_json::from_str::<serde_json::Value>(text).is_ok();
                assert_eq!(own, other, "{text:?}");
            }
        }
    }

    #[test]
    fn what_is_nested_too_deep_is_refused() {
        for open in ["[", "{\"a\":"] {
            let text = open.repeat((1 << 20) / open.len());
            let error = read(&text, &Options::default()).expect_err("too deep");
            assert_eq!(error.kind, JsonErrorKind::Limit(LimitKind::Depth));
        }
        let deep = "[".repeat(64) + &"]".repeat(64);
        sound(&deep);
    }

    #[test]
    fn too_many_values_and_too_large_texts_are_refused() {
        let many = format!("[{}1]", "1,".repeat(100_000));
        assert_eq!(fault(&many).0, JsonErrorKind::Limit(LimitKind::Nodes));
        let large = format!("[\"{}\"]", "x".repeat(1 << 20));
        assert_eq!(fault(&large).0, JsonErrorKind::Limit(LimitKind::Bytes));
    }

    #[test]
    fn no_truncation_and_no_changed_byte_panics() {
        let text = "\u{feff}// é\n{\"é\": [1, -0.5e+1, true, null, \"\\u00e9\\\"\",], /* x */ \"é\": {\"a\": \"b\"}}";
        let bytes = text.as_bytes();
        for end in 0..bytes.len() {
            drop(read(&String::from_utf8_lossy(&bytes[..end]), &Options::default()));
            for byte in [b'"', b'\\', b'{', b']', b',', b'/', b'*', b'\'', 0, 0xff] {
                let mut changed = bytes.to_vec();
                changed[end] = byte;
                drop(read(&String::from_utf8_lossy(&changed), &Options::default()));
            }
        }
    }
}
