//! Environment files: dotenv lines (`NAME=value`, as Docker Compose reads them) and the `export`
//! lines of a shell script. Other lines of a script are passed over.

mod compose;
mod docker;
mod lines;
mod shell;

pub use lines::{Assignment, Dialect, Lines, Odd, OddKind, Part, lines};

use crate::source::Span;
use crate::syntax::tree::{Comment, Entry, Kind, Node, NodeId, Origin, Scalar, Style, Tree, Value};

/// A quote that is never closed: where it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnclosedQuote(pub Span);

/// Reads the variables into a map of texts; a name set twice is there twice, the last one counts.
/// Values in single quotes have [`Style::SingleQuoted`]: references in them are not replaced.
pub fn read(text: &str) -> Result<Tree, UnclosedQuote> {
    let mut reader = Reader { text, at: 0, tree: Tree::default(), entries: Vec::new() };
    while reader.at < text.len() {
        reader.line()?;
    }
    reader.hide_earlier();
    let Reader { mut tree, entries, .. } = reader;
    tree.root = Some(push(&mut tree, Span::new(0, text.len()), Value::Map(entries)));
    Ok(tree)
}

struct Reader<'s> {
    text: &'s str,
    at: usize,
    tree: Tree,
    entries: Vec<Entry>,
}

impl Reader<'_> {
    fn line(&mut self) -> Result<(), UnclosedQuote> {
        let start = self.at;
        let end = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |n| start + n);
        let line = &self.text[start..end];
        self.at = (end + 1).min(self.text.len());
        let trimmed = line.trim_start().trim_start_matches('\u{feff}');
        if trimmed.starts_with('#') {
            let span = Span::new(end - trimmed.len(), end);
            self.tree.comments.push(Comment { span, alone: true });
            return Ok(());
        }
        let Some((name, value_at)) = assignment(line) else { return Ok(()) };
        let value = start + value_at;
        let name = Span::new(start + name.start, start + name.end);
        let (scalar, span) = self.value(value)?;
        let key = scalar_of(self.text[name.range()].to_owned(), Style::Plain);
        let key = push(&mut self.tree, name, Value::Scalar(key));
        let value = push(&mut self.tree, span, Value::Scalar(scalar));
        self.entries.push(Entry { key, value, origin: Origin::Own, hidden: false });
        Ok(())
    }

    /// The value that starts at a place; leaves the reader on the next line.
    fn value(&mut self, start: usize) -> Result<(Scalar, Span), UnclosedQuote> {
        match self.text[start..].chars().next() {
            Some('"') => self.double_quoted(start),
            Some('\'') => self.single_quoted(start),
            _ => Ok(self.unquoted(start)),
        }
    }

    fn unquoted(&mut self, start: usize) -> (Scalar, Span) {
        let line_end = self.text[start..].find(['\n', '\r']).map_or(self.text.len(), |n| start + n);
        let line = &self.text[start..line_end];
        let comment = [" #", "\t#"].iter().filter_map(|mark| line.find(mark)).min();
        if let Some(at) = comment {
            let span = Span::new(start + at + 1, line_end);
            self.tree.comments.push(Comment { span, alone: false });
        }
        let value = line[..comment.unwrap_or(line.len())].trim_end();
        (scalar_of(value.to_owned(), Style::Plain), Span::new(start, start + value.len()))
    }

    fn single_quoted(&mut self, start: usize) -> Result<(Scalar, Span), UnclosedQuote> {
        let inside = start + 1;
        let len = self.text[inside..].find('\'').ok_or(self.unclosed(start))?;
        let value = self.text[inside..inside + len].to_owned();
        let span = Span::new(start, inside + len + 1);
        self.skip_line(span.end);
        Ok((scalar_of(value, Style::SingleQuoted), span))
    }

    fn double_quoted(&mut self, start: usize) -> Result<(Scalar, Span), UnclosedQuote> {
        let mut value = String::new();
        let mut chars = self.text[start + 1..].char_indices();
        while let Some((at, c)) = chars.next() {
            match c {
                '"' => {
                    let span = Span::new(start, start + at + 2);
                    self.skip_line(span.end);
                    return Ok((scalar_of(value, Style::DoubleQuoted), span));
                }
                '\\' => match chars.next() {
                    Some((_, 'n')) => value.push('\n'),
                    Some((_, '\n')) | None => {}
                    Some((_, next @ ('"' | '\\' | '$' | '`'))) => value.push(next),
                    Some((_, next)) => value.extend(['\\', next]),
                },
                c => value.push(c),
            }
        }
        Err(self.unclosed(start))
    }

    fn unclosed(&self, quote: usize) -> UnclosedQuote {
        let len = self.text[quote..].find(['\n', '\r']).unwrap_or(self.text.len() - quote);
        UnclosedQuote(Span::new(quote, quote + len))
    }

    /// Goes to the line after a closing quote, keeping the comment behind it.
    fn skip_line(&mut self, from: usize) {
        let end = self.text[from..].find(['\n', '\r']).map_or(self.text.len(), |n| from + n);
        if let Some(at) = self.text[from..end].find('#') {
            self.tree.comments.push(Comment { span: Span::new(from + at, end), alone: false });
        }
        self.at = (end + 1).min(self.text.len());
    }

    fn hide_earlier(&mut self) {
        let mut seen = std::collections::HashSet::new();
        for entry in self.entries.iter_mut().rev() {
            let key = match &self.tree.node(entry.key).value {
                Value::Scalar(scalar) => scalar.text.clone(),
                Value::List(_) | Value::Map(_) => String::new(),
            };
            entry.hidden = !seen.insert(key);
        }
    }
}

/// The name and the start of the value, if the line sets a variable.
fn assignment(line: &str) -> Option<(Span, usize)> {
    let equals = line.find('=')?;
    let before = line[..equals].trim_end();
    let name = before.rsplit([' ', '\t', '\u{feff}']).next()?;
    let command = before[..before.len() - name.len()].trim_matches([' ', '\t', '\u{feff}']);
    let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let sets = matches!(command, "" | "export" | "declare -x" | "set" | "readonly" | "-");
    if !is_name || !sets {
        return None;
    }
    let blank = line[equals + 1..].len() - line[equals + 1..].trim_start_matches([' ', '\t']).len();
    Some((Span::new(before.len() - name.len(), before.len()), equals + 1 + blank))
}

fn scalar_of(text: String, style: Style) -> Scalar {
    Scalar { text, style, kind: Kind::Text }
}

fn push(tree: &mut Tree, span: Span, value: Value) -> NodeId {
    tree.nodes.push(Node { span, tag: None, value });
    NodeId(u32::try_from(tree.nodes.len() - 1).expect("a text of 4 GiB is never read"))
}

#[cfg(test)]
mod tests {
    use super::{Tree, read};

    fn value<'t>(tree: &'t Tree, name: &str) -> Option<&'t str> {
        Some(tree.root()?.get(name)?.scalar()?.text.as_str())
    }

    #[test]
    fn exports_quotes_comments_and_many_lines_are_read() {
        let text = "#!/bin/sh\nexport A=\"x y\" # c\nB='it # is'\nC = plain # c\nD=\"one\\ntwo\nthree\"\nE=a#b\nset -a\ndocker compose up\n";
        let tree = read(text).expect("it is sound");
        assert_eq!(value(&tree, "A"), Some("x y"));
        assert_eq!(value(&tree, "B"), Some("it # is"));
        assert_eq!(value(&tree, "C"), Some("plain"));
        assert_eq!(value(&tree, "D"), Some("one\ntwo\nthree"));
        assert_eq!(value(&tree, "E"), Some("a#b"));
    }

    #[test]
    fn the_last_of_two_counts() {
        let tree = read("A=1\nA=2\r\n").expect("it is sound");
        assert_eq!(value(&tree, "A"), Some("2"));
    }

    #[test]
    fn an_unclosed_quote_is_an_error_where_it_opens() {
        let error = read("A=1\nB=\"x\nC=2\n").expect_err("the quote is open");
        assert_eq!(error.0.start, 6);
    }

    #[test]
    fn no_truncation_panics() {
        let text = "export A=\"é\\\"x\" # c\nB='é'\nC= é # é\n\u{feff}D=\\\n";
        for end in (0..=text.len()).filter(|&end| text.is_char_boundary(end)) {
            drop(read(&text[..end]));
        }
    }
}
