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
/// touches is left for the next round. Where the result is not accepted, the fixes are tried one by
/// one, and those after which it is not accepted are left out.
pub fn apply(
    report: &Report,
    name: &str,
    text: &str,
    also_unsafe: bool,
    accepts: impl Fn(&str) -> bool,
) -> Fixed {
    let mut edits = Edits::new();
    let mut count = 0;
    for fix in fixes(report, name, also_unsafe) {
        count += usize::from(add(&mut edits, fix, text));
    }
    let fixed = Fixed { text: applied(&edits, text), count };
    if count == 0 || accepts(&fixed.text) {
        return fixed;
    }
    let (mut kept, mut best) = (Edits::new(), Fixed { text: text.to_owned(), count: 0 });
    for fix in fixes(report, name, also_unsafe) {
        let mut next = kept.clone();
        let is_added = add(&mut next, fix, text);
        let tried = applied(&next, text);
        if is_added && accepts(&tried) {
            kept = next;
            best = Fixed { text: tried, count: best.count + 1 };
        }
    }
    best
}

type Edits<'f> = BTreeMap<Span, &'f str>;

/// Adds the edits of a fix, all or none.
fn add<'f>(edits: &mut Edits<'f>, fix: &'f Fix, text: &str) -> bool {
    let spans = || fix.edits.iter().map(|edit| edit.span);
    let is_inside = spans().all(|span| text.get(span.range()).is_some());
    let fits = is_inside && spans().all(|span| is_free(edits, span));
    if fits {
        edits.extend(fix.edits.iter().map(|edit| (edit.span, edit.text.as_str())));
    }
    fits
}

fn applied(edits: &Edits<'_>, text: &str) -> String {
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    for (span, replacement) in edits {
        fixed.push_str(&text[at..span.start]);
        fixed.push_str(replacement);
        at = span.end;
    }
    fixed.push_str(&text[at..]);
    fixed
}

/// Whether an edit meets none of those that are made already; they do not meet each other.
fn is_free(edits: &Edits<'_>, span: Span) -> bool {
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
