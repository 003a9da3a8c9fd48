//! Applying edits.

use std::collections::BTreeMap;

use crate::problem::{Fix, Safety};
use crate::report::Report;
use crate::source::Span;

/// How many fixes were made, and the text that they left.
#[derive(Debug, PartialEq, Eq)]
pub struct Fixed {
    /// The new text.
    pub text: String,
    /// How many fixes it took in.
    pub count: usize,
}

/// Applies all fixes of a report to one of its sources. A fix that touches what an earlier one
/// touches is left for the next round.
pub fn apply(report: &Report, name: &str, text: &str, also_unsafe: bool) -> Fixed {
    let mut edits: BTreeMap<Span, &str> = BTreeMap::new();
    let mut count = 0;
    for fix in fixes(report, name, also_unsafe) {
        let spans = || fix.edits.iter().map(|edit| edit.span);
        let is_inside = spans().all(|span| text.get(span.range()).is_some());
        if is_inside && spans().all(|span| is_free(&edits, span)) {
            edits.extend(fix.edits.iter().map(|edit| (edit.span, edit.text.as_str())));
            count += 1;
        }
    }
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in edits {
        fixed.push_str(&text[at..span.start]);
        fixed.push_str(replacement);
        at = span.end;
    }
    fixed.push_str(&text[at..]);
    Fixed { text: fixed, count }
}

/// Whether an edit meets none of those that are made already; they do not meet each other.
fn is_free(edits: &BTreeMap<Span, &str>, span: Span) -> bool {
    let before = edits.range(..=Span::new(span.end, usize::MAX)).next_back();
    before.is_none_or(|(taken, _)| !touches(*taken, span))
}

fn fixes<'r>(
    report: &'r Report,
    name: &'r str,
    also_unsafe: bool,
) -> impl Iterator<Item = &'r Fix> {
    let fixes = report.findings.iter().filter_map(|finding| finding.finding.problem.fix.as_ref());
    fixes.filter(move |fix| {
        (also_unsafe || fix.safety == Safety::Safe)
            && fix.edits.iter().all(|edit| edit.source.name() == name)
    })
}

/// Whether two edits meet: they share a byte, or one inserts where the other begins or ends.
fn touches(one: Span, other: Span) -> bool {
    one.start <= other.end && other.start <= one.end
}
