//! A text with its name, its lines and its secrets.

use std::fmt;
use std::sync::{Arc, OnceLock};

use aho_corasick::AhoCorasick;

use super::printable::push_printable;
use super::{Location, Span, printable, secrets};

/// One text and where it came from. What is secret in it is known here, so that nothing built on
/// [`Source::excerpt`] or [`Source::quote`] can leak it.
pub struct Source {
    name: String,
    text: Arc<str>,
    line_starts: Vec<usize>,
    secrets: Vec<Span>,
    secret_values: Vec<String>,
    finder: OnceLock<AhoCorasick>,
    characters: OnceLock<Vec<usize>>,
    /// Where the text begins in a longer one.
    begins: Location,
    /// Whether it was decoded or decrypted out of what bears the name.
    is_decoded: bool,
}

/// A few whole lines fit for showing: secrets masked, dangerous characters escaped.
#[derive(Debug)]
pub struct Excerpt {
    /// Number of the first line, from 1.
    pub first_line: usize,
    /// The lines.
    pub text: String,
    /// The asked-for range within `text`, in bytes.
    pub span: Span,
    /// Where the range begins, if the line is so long that only a part of it is here.
    pub cut_from: Option<Location>,
}

impl Source {
    /// A text that no reader of a format understands, under the name that messages show, usually a
    /// path relative to the current folder. Whatever looks like a secret is masked.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        let text = text.into();
        let secrets = secrets::in_text(&text);
        Self::with_secrets(name.into(), text, secrets)
    }

    /// A part of a longer text, which begins at that place of it: lines and columns are those of the
    /// whole.
    pub fn part(name: impl Into<String>, text: impl Into<Arc<str>>, begins: Location) -> Self {
        Self { begins, ..Self::new(name, text) }
    }

    /// The same, where it was decoded or decrypted out of what bears the name: then its lines and
    /// columns are none of that file.
    #[must_use]
    pub fn decoded(mut self, is_decoded: bool) -> Self {
        self.is_decoded = is_decoded;
        self
    }

    /// Whether it was decoded or decrypted out of what bears the name.
    pub fn is_decoded(&self) -> bool {
        self.is_decoded
    }

    fn with_secrets(name: String, text: Arc<str>, secrets: Vec<Span>) -> Self {
        let mut source = Self {
            name,
            line_starts: line_starts(&text),
            text,
            secrets,
            secret_values: Vec::new(),
            finder: OnceLock::new(),
            characters: OnceLock::new(),
            begins: Location { line: 1, column: 1 },
            is_decoded: false,
        };
        source.order_secrets();
        source
    }

    /// A text of which a reader of its format knows the secrets: the ranges of secret values, and
    /// the values themselves as the application reads them. Every other place where such a value
    /// stands is hidden too.
    pub fn understood(
        name: impl Into<String>,
        text: impl Into<Arc<str>>,
        spans: Vec<Span>,
        comments: &[Span],
        values: Vec<String>,
    ) -> Self {
        let text = text.into();
        let mut secrets = secrets::in_any_text(&text);
        secrets.extend(spans);
        let mut source = Self::with_secrets(name.into(), text, secrets);
        source.hide(comments, values);
        source
    }

    fn hide(&mut self, comments: &[Span], values: Vec<String>) {
        for comment in comments {
            let text = &self.text[comment.range()];
            let found = secrets::in_text(text).into_iter().chain(secrets::in_comment(text));
            let found =
                found.map(|span| Span::new(comment.start + span.start, comment.start + span.end));
            self.secrets.extend(found.collect::<Vec<_>>());
        }
        self.secret_values =
            values.into_iter().filter(|value| value.chars().count() >= SHORTEST_SCRUBBED).collect();
        self.secret_values.sort_unstable();
        self.secret_values.dedup();
        let found = self.secret_values_in(&self.text);
        self.secrets.extend(found);
        self.order_secrets();
    }

    /// Where secret values stand in a text. Many are looked for in one pass; for a few that would
    /// cost more than it saves.
    fn secret_values_in(&self, text: &str) -> Vec<Span> {
        if self.secret_values.len() <= FEW_SECRETS {
            let values = self.secret_values.iter();
            let found = values.flat_map(|value| text.match_indices(value.as_str()));
            return found.map(|(at, found)| Span::new(at, at + found.len())).collect();
        }
        let finder = self.finder.get_or_init(|| {
            AhoCorasick::new(&self.secret_values).expect("a text of 1 MiB has room for its secrets")
        });
        let found = finder.find_overlapping_iter(text);
        found.map(|found| Span::new(found.start(), found.end())).collect()
    }

    fn order_secrets(&mut self) {
        self.secrets.retain(|span| !span.is_empty());
        self.secrets.sort_unstable();
        // Without overlaps, so that they can be searched.
        self.secrets.dedup_by(|next, before| {
            let meets = next.start <= before.end;
            if meets {
                before.end = before.end.max(next.end);
            }
            meets
        });
    }

    /// The name that messages show.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole text, secrets included: for reading and for edits, never for showing.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where a byte stands, as editors count.
    pub fn location(&self, offset: usize) -> Location {
        let here = self.location_here(offset);
        let column =
            if here.line == 1 { here.column + self.begins.column - 1 } else { here.column };
        Location { line: here.line + self.begins.line - 1, column }
    }

    /// Where a byte stands in the text itself.
    fn location_here(&self, offset: usize) -> Location {
        let line = self.line_starts.partition_point(|&start| start <= offset);
        let start = self.line_starts[line - 1];
        let column = self.characters_before(offset) - self.characters_before(start) + 1;
        Location { line, column }
    }

    /// How many characters stand before a byte. Counted from the nearest of some marks, so that a
    /// line of a megabyte costs no more than a short one.
    fn characters_before(&self, offset: usize) -> usize {
        let marks = self.characters.get_or_init(|| {
            let blocks = self.text.as_bytes().chunks(BLOCK);
            let starts = blocks.scan(0, |count, block| {
                let before = *count;
                *count += block.iter().filter(|byte| starts_character(**byte)).count();
                Some(before)
            });
            starts.collect()
        });
        let block = offset / BLOCK;
        let rest = self.text.as_bytes().get(block * BLOCK..offset).unwrap_or_default();
        let before = marks.get(block).copied().unwrap_or(0);
        before + rest.iter().filter(|byte| starts_character(**byte)).count()
    }

    /// The number of lines.
    pub fn line_count(&self) -> usize {
        self.line_starts.len()
    }

    /// The bytes of a line (from 1), without its line break.
    pub fn line(&self, line: usize) -> Span {
        let start = self.line_starts[line - 1];
        let end = self.line_starts.get(line).copied().unwrap_or(self.text.len());
        let text = &self.text[start..end];
        Span::new(start, start + text.trim_end_matches(['\n', '\r']).len())
    }

    /// The whole text, shared.
    pub fn shared_text(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// Whether any of the range must not be shown.
    pub fn is_secret(&self, span: Span) -> bool {
        let behind = self.secrets.partition_point(|secret| secret.end <= span.start);
        self.secrets.get(behind).is_some_and(|secret| secret.overlaps(span))
    }

    /// A piece of the text for use in a message.
    pub fn quote(&self, span: Span) -> String {
        if self.is_secret(span) {
            return format!("a secret of {} characters", self.text[span.range()].chars().count());
        }
        printable(&self.text[span.range()]).into_owned()
    }

    /// The text with each secret character shown as `*`.
    pub fn masked(&self) -> String {
        let mut masked = String::with_capacity(self.text.len());
        let mut secrets = SecretCursor::new(&self.secrets);
        for (at, c) in self.text.char_indices() {
            masked.push(if secrets.covers(at) && !matches!(c, '\n' | '\r') { '*' } else { c });
        }
        masked
    }

    /// Whether a text holds a secret value, or a URL with a password.
    pub fn holds_secret(&self, text: &str) -> bool {
        !self.secret_values_in(text).is_empty()
            || secrets::without_url_passwords(text.to_owned()) != text
    }

    /// Our own words with every secret value that slipped in taken out, and everything dangerous
    /// escaped: the last gate before output.
    pub fn scrub(&self, text: &str) -> String {
        let mut clean = secrets::without_url_passwords(printable(text).into_owned());
        // From the end, so that ranges stay right; overlapping ones become one.
        let mut found = self.secret_values_in(&clean);
        found.sort_unstable();
        found.dedup_by(|next, before| {
            let meets = next.overlaps(*before);
            if meets {
                before.end = before.end.max(next.end);
            }
            meets
        });
        for span in found.into_iter().rev() {
            clean.replace_range(span.range(), "[secret]");
        }
        clean
    }

    /// The lines that a range touches, the first few of them; of a very long line only what stands
    /// around the range.
    pub fn excerpt(&self, span: Span) -> Excerpt {
        let first_line = self.location_here(span.start).line;
        let last_line =
            self.location_here(span.end.max(span.start)).line.min(first_line + LONGEST_EXCERPT - 1);
        let (mut start, mut end) = (self.line(first_line).start, self.line(last_line).end);
        let is_cut = end - start > LONGEST_LINE;
        if is_cut {
            let around = |offset: usize| self.text.floor_char_boundary(offset.clamp(start, end));
            let head = around(span.start.saturating_sub(CUT_BEFORE));
            let tail = around(span.end.min(span.start + CUT_BEHIND) + CUT_BEFORE);
            (start, end) = (head, tail.max(head));
        }
        let cut_from = is_cut.then(|| self.location(span.start));
        let first_line = first_line + self.begins.line - 1;
        let mut excerpt =
            Excerpt { first_line, text: String::new(), span: Span::default(), cut_from };
        let (mut from, mut to) = (None, None);
        let mut secrets = SecretCursor::new(&self.secrets);
        for (at, c) in self.text[start..end].char_indices().map(|(at, c)| (start + at, c)) {
            if at >= span.start {
                from.get_or_insert(excerpt.text.len());
            }
            if at >= span.end {
                to.get_or_insert(excerpt.text.len());
            }
            match c {
                '\n' | '\t' => excerpt.text.push(c),
                '\r' if self.text[at..].starts_with("\r\n") => {}
                '\r' => excerpt.text.push('\n'),
                _ if secrets.covers(at) => excerpt.text.push('*'),
                _ => push_printable(&mut excerpt.text, c),
            }
        }
        let len = excerpt.text.len();
        let from = from.unwrap_or(len);
        excerpt.span = Span::new(from, to.unwrap_or(len).max(from));
        excerpt
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Answers, for rising offsets, whether a byte is secret.
struct SecretCursor<'s> {
    secrets: &'s [Span],
    next: usize,
    until: usize,
}

impl<'s> SecretCursor<'s> {
    fn new(secrets: &'s [Span]) -> Self {
        Self { secrets, next: 0, until: 0 }
    }

    fn covers(&mut self, at: usize) -> bool {
        while let Some(span) = self.secrets.get(self.next).filter(|span| span.start <= at) {
            self.until = self.until.max(span.end);
            self.next += 1;
        }
        at < self.until
    }
}

/// Whether a byte of UTF-8 begins a character.
fn starts_character(byte: u8) -> bool {
    byte & 0xc0 != 0x80
}

fn line_starts(text: &str) -> Vec<usize> {
    let bytes = text.as_bytes();
    let mut starts = vec![0];
    for (at, &byte) in bytes.iter().enumerate() {
        let lone_return = byte == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        if byte == b'\n' || lone_return {
            starts.push(at + 1);
        }
    }
    starts
}

/// Secret values shorter than this are masked where they stand but not searched for elsewhere:
/// `yes` would turn up in too many words.
const SHORTEST_SCRUBBED: usize = 6;
/// More secrets than this are looked for in one pass.
const FEW_SECRETS: usize = 16;
/// Bytes between two marks at which characters were counted.
const BLOCK: usize = 1024;
/// A longer excerpt shows only what stands around its range.
const LONGEST_LINE: usize = 2000;
const CUT_BEFORE: usize = 40;
const CUT_BEHIND: usize = 200;
/// A finding about forty lines shows where it begins.
const LONGEST_EXCERPT: usize = 2;

#[cfg(test)]
mod tests {
    use super::{Location, Source, Span};

    fn source(text: &str) -> Source {
        Source::new("auth_config.yml", text.to_owned())
    }

    #[test]
    fn columns_count_characters_and_lines_end_with_any_break() {
        let source = source("é: x\r\nb\rc\n");
        assert_eq!(source.location(4), Location { line: 1, column: 4 });
        assert_eq!(source.location(7), Location { line: 2, column: 1 });
        assert_eq!(source.location(9), Location { line: 3, column: 1 });
    }

    #[test]
    fn a_part_of_a_text_has_the_places_of_the_whole() {
        let part = Source::part("a.xml", "b <c>\n<d>", Location { line: 7, column: 4 });
        assert_eq!(part.location(2), Location { line: 7, column: 6 });
        assert_eq!(part.location(6), Location { line: 8, column: 1 });
        assert_eq!(part.excerpt(Span::new(6, 9)).first_line, 8);
    }

    #[test]
    fn an_excerpt_masks_secrets_and_keeps_the_range() {
        let text = "x: 1\nclient_secret: hushhush\n";
        let at = text.find("hushhush").expect("it is there");
        let secret = vec![Span::new(at, at + 8)];
        let source = Source::understood("a.yml", text, secret, &[], vec!["hushhush".to_owned()]);
        let excerpt = source.excerpt(Span::new(at, at + 8));
        assert_eq!(excerpt.text, "client_secret: ********");
        assert_eq!(&excerpt.text[excerpt.span.range()], "********");
        assert_eq!(source.scrub("it is hushhush"), "it is [secret]");
    }

    #[test]
    fn a_secret_is_hidden_wherever_it_stands_again() {
        let text = "client_secret: hushhush\n# was hushhush before\n";
        let secret = vec![Span::new(15, 23)];
        let source = Source::understood("a.yml", text, secret, &[], vec!["hushhush".to_owned()]);
        assert!(!source.masked().contains("hushhush"));
    }
}
