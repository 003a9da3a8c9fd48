//! A message and its verdict, as text for people.

mod attributes;
mod findings;
mod headline;
mod line;
pub mod page;
mod sent;
mod signed;

use std::io::{self, Write};

use crate::render::{Format, Style};
use crate::report::Report;

/// The form of a report on a message.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum MessageFormat {
    /// For people, in a terminal.
    #[default]
    Text,
    /// For programs: the contract's own form.
    Json,
    /// One page that opens from disk, for showing to others.
    Html,
    /// SARIF 2.1.0: the findings.
    Sarif,
    /// Workflow commands of GitHub Actions: the findings.
    Github,
    /// JUnit XML: the findings.
    Junit,
    /// Markdown: the findings.
    Markdown,
}

impl MessageFormat {
    /// The form of the report; none for the page, which is written by [`page::render`].
    pub fn format(self) -> Option<Format> {
        match self {
            Self::Text => Some(Format::Text),
            Self::Json => Some(Format::Json),
            Self::Html => None,
            Self::Sarif => Some(Format::Sarif),
            Self::Github => Some(Format::Github),
            Self::Junit => Some(Format::Junit),
            Self::Markdown => Some(Format::Markdown),
        }
    }
}

/// Writes the verdict, what speaks for it, and what was sent.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(style.colour);
    let Some(judgement) = report.judgement.as_deref() else { return Ok(()) };
    let is_accepted = judgement.verdict.as_ref().is_some_and(|verdict| verdict.class == "accept");
    if style.quiet && is_accepted && !report.fails() {
        return Ok(());
    }
    headline::render(judgement, style, out)?;
    if let Some(at) = judgement.message.as_ref().and_then(|message| message.recorded) {
        writeln!(out, "  judged as of {at}, when it was recorded; --at judges at another time")?;
    }
    findings::render(report, judgement, style, out)?;
    if let Some(message) = &judgement.message {
        sent::render(report, judgement, message, style, out)?;
    }
    for hint in &judgement.hints {
        let hint = crate::source::printable(hint);
        writeln!(out, "hint: {}", line::wrapped(&hint, 6, 6, style.columns))?;
    }
    Ok(())
}
