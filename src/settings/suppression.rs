//! Comments that allow a finding: `# ssoctl: allow CVAT012 reason`.

use crate::deployment::Document;
use crate::rules::EXPIRY_MARK;
use crate::source::Span;

/// A comment that allows findings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suppression {
    /// Where the comment stands.
    pub span: Span,
    /// The codes or names, as written.
    pub codes: Vec<String>,
    /// The line whose findings it allows.
    pub line: usize,
    /// Whether a reason is given.
    pub has_reason: bool,
    /// Whether the comment says something that is understood.
    pub is_understood: bool,
}

/// All such comments of a document. One behind a value is for its own line; one alone on its line
/// is for the next line that is neither blank nor a comment.
pub fn suppressions(document: &Document) -> Vec<Suppression> {
    let source = &document.source;
    // From the end, so that a long run of comments is walked over once.
    let mut next =
        NextLine { document, line: source.line_count() + 1, value: source.line_count() + 1 };
    let comments = document.tree.comments.iter().rev();
    let mut found: Vec<Suppression> = comments
        .filter_map(|comment| {
            let text = &source.text()[comment.span.range()];
            let (codes, has_reason, is_understood) = match parse(text) {
                Some((codes, has_reason)) => (codes, has_reason, true),
                None if is_misunderstood(text) => (Vec::new(), false, false),
                None => return None,
            };
            let own = source.location(comment.span.start).line;
            let line = if comment.alone { next.after(own) } else { own };
            Some(Suppression { span: comment.span, codes, line, has_reason, is_understood })
        })
        .collect();
    found.reverse();
    found
}

fn parse(comment: &str) -> Option<(Vec<String>, bool)> {
    let text = comment.trim_start_matches('#').trim_start();
    let rest = text.strip_prefix("ssoctl:")?.trim_start().strip_prefix("allow")?;
    if !rest.is_empty() && !rest.starts_with([' ', '\t', ':', ',']) {
        return None;
    }
    let rest = rest.trim_start_matches([':', ' ', '\t']);
    let mut codes = Vec::new();
    let mut words = rest.split_inclusive([' ', '\t']).peekable();
    let mut goes_on = true;
    while let Some(word) = words.next_if(|word| goes_on || is_code(word) || word.trim() == ",") {
        goes_on = word.trim_end().ends_with(',');
        let parts = word.trim().split(',').filter(|part| !part.is_empty());
        codes.extend(parts.map(str::to_owned));
    }
    let reason: String = words.collect();
    Some((codes, reason.chars().any(char::is_alphanumeric)))
}

/// Whether a comment speaks to us in words that mean nothing.
fn is_misunderstood(comment: &str) -> bool {
    let text = comment.trim_start_matches('#').trim_start();
    let is_ours = text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("ssoctl:"));
    is_ours && !text.starts_with(EXPIRY_MARK)
}

/// Capital letters and digits, as in `CVAT012`; a reason has small letters.
fn is_code(word: &str) -> bool {
    let word = word.trim().trim_end_matches(',');
    word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.ends_with(|c: char| c.is_ascii_digit())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == ',')
}

/// The first line behind another that holds more than a comment; asked for from the end.
struct NextLine<'d> {
    document: &'d Document,
    line: usize,
    value: usize,
}

impl NextLine<'_> {
    fn after(&mut self, own: usize) -> usize {
        let source = &self.document.source;
        while self.line > own + 1 {
            self.line -= 1;
            let text = source.text()[source.line(self.line).range()].trim_start();
            if !text.is_empty() && !text.starts_with('#') {
                self.value = self.line;
            }
        }
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn codes_and_reason_are_told_apart() {
        let codes = |text| parse(text).map(|(codes, reason)| (codes.join("+"), reason));
        assert_eq!(
            codes("# ssoctl: allow CVAT012 as in the sheet"),
            Some(("CVAT012".to_owned(), true))
        );
        assert_eq!(codes("# ssoctl: allow CVAT012"), Some(("CVAT012".to_owned(), false)));
        assert_eq!(
            codes("#ssoctl: allow CVAT012, IDP001 why"),
            Some(("CVAT012+IDP001".to_owned(), true))
        );
        assert_eq!(
            codes("# ssoctl: allow trailing-slash why"),
            Some(("trailing-slash".to_owned(), true))
        );
        assert_eq!(codes("# ssoctl: secret expires 2027-01-01"), None);
        assert_eq!(codes("# CVAT012 was here"), None);
        assert_eq!(codes("# ssoctl: allowed CVAT012"), None);
    }
}
