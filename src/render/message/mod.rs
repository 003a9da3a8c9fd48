//! A message and its verdict, as text for people.

mod attributes;
mod findings;
mod headline;
mod line;
mod sent;

use std::io::{self, Write};

use crate::render::Style;
use crate::report::Report;

/// Writes the verdict, what speaks for it, and what was sent.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(style.colour);
    let Some(judgement) = report.judgement.as_deref() else { return Ok(()) };
    let is_accepted = judgement.verdict.as_ref().is_some_and(|verdict| verdict.class == "accept");
    if style.quiet && is_accepted && !report.fails() {
        return Ok(());
    }
    headline::render(judgement, out)?;
    findings::render(report, judgement, style, out)?;
    if let Some(message) = &judgement.message {
        sent::render(report, judgement, message, style, out)?;
    }
    for hint in &judgement.hints {
        writeln!(out, "hint: {}", crate::source::printable(hint))?;
    }
    Ok(())
}
