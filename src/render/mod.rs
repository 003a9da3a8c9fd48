//! Reports in the forms that people and machines read. Each form is one file, knows findings and
//! never rules.

mod github;
pub(crate) mod json;
mod junit;
mod markdown;
pub mod message;
mod sarif;
pub mod sheet;
mod text;
mod words;

use std::io::{self, Write};

use crate::report::Report;

/// The form of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For people, in a terminal.
    #[default]
    Text,
    /// For programs: the contract's own form.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// Workflow commands of GitHub Actions, which become annotations.
    Github,
    /// JUnit XML, for CI servers.
    Junit,
    /// Markdown, for a job summary.
    Markdown,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The form.
    pub format: Format,
    /// Whether colour may be used.
    pub colour: bool,
    /// Whether everything is told: info findings and long values.
    pub verbose: bool,
    /// Whether a run that finds nothing wrong says nothing.
    pub quiet: bool,
    /// The columns of a line.
    pub columns: usize,
}

/// Writes a report.
pub fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let write = match style.format {
        Format::Text if report.judgement.is_some() => message::render,
        Format::Text => text::render,
        Format::Json => json::render,
        Format::Sarif => sarif::render,
        Format::Github => github::render,
        Format::Junit => junit::render,
        Format::Markdown => markdown::render,
    };
    write(report, style, out)
}
