//! What speaks against a message, and what is only worth knowing.

use std::io::{self, Write};

use colored::Colorize as _;

use crate::problem::Comparison;
use crate::render::message::line::{around, shortened};
use crate::render::{Style, words};
use crate::report::judgement::{Judgement, VerdictView};
use crate::report::{Report, ReportedFinding};
use crate::rule::Severity;

/// Writes the decisive finding, then the others, then what was checked and what was not.
pub(super) fn render(
    report: &Report,
    judgement: &Judgement,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shown =
        |finding: &&ReportedFinding| style.verbose || finding.finding.severity != Severity::Info;
    let mut findings = report.findings.iter().filter(shown);
    let verdict = judgement.verdict.as_ref();
    let is_decided = verdict.is_none_or(|verdict| verdict.code.is_some());
    if is_decided && let Some(first) = findings.next() {
        writeln!(out)?;
        one(first, style, out)?;
    }
    writeln!(out)?;
    let rest: Vec<&ReportedFinding> = findings.collect();
    let hidden = report.count(Severity::Info);
    let hidden = match hidden {
        0 => String::new(),
        _ if style.verbose => String::new(),
        count => format!(" {} (-v).", words::counted(count, "note")),
    };
    if let Some(verdict) = verdict.filter(|verdict| verdict.code.is_some() && rest.is_empty()) {
        let sum = checks(verdict);
        writeln!(out, "Also seen: nothing else would stop it.{hidden} {sum}")?;
        return Ok(());
    }
    if !rest.is_empty() {
        writeln!(out, "{}", "Also seen".bold())?;
        for finding in rest {
            one(finding, style, out)?;
        }
    }
    if let Some(verdict) = verdict {
        writeln!(out, "{}{hidden}", checks(verdict))?;
    }
    Ok(())
}

fn checks(verdict: &VerdictView) -> String {
    let passed = words::counted(verdict.passed, "check");
    if verdict.how.is_empty() {
        return format!("{passed} passed");
    }
    let items = verdict.how.iter().map(|(item, how)| {
        let item = item.replace('-', " ");
        if how.is_empty() { item } else { format!("{item}: {how}") }
    });
    let items: Vec<String> = items.collect();
    format!("{passed} passed, {} not made ({})", verdict.how.len(), items.join("; "))
}

fn one(reported: &ReportedFinding, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let finding = &reported.finding;
    let head = format!("{}[{}]", finding.severity, finding.rule.code);
    let head = match finding.severity {
        Severity::Error => head.red().bold(),
        Severity::Warning => head.yellow().bold(),
        Severity::Info => head.blue().bold(),
    };
    let problem = &finding.problem;
    writeln!(out, "{head}: {}", problem.message)?;
    if let Some(comparison) = &problem.comparison {
        compared(comparison, style, out)?;
    }
    let lines = [("why", &problem.why), ("fix", &problem.remedy)];
    for (name, text) in lines.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        writeln!(out, "   = {name}: {}", shortened(text, style))?;
    }
    for note in &problem.notes {
        writeln!(out, "   = {note}")?;
    }
    Ok(())
}

/// The two texts below each other, with a mark under the place where they part.
fn compared(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Comparison { expected, got, difference } = comparison;
    let pairs = expected.chars().zip(got.chars());
    let at = pairs.take_while(|(one, other)| one == other).count();
    let is_near = difference.is_some() || at > 0;
    let width = if style.verbose { usize::MAX } else { WIDTH };
    let (expected, _) = around(expected, at, width);
    let (got, mark) = around(got, at, width);
    writeln!(out, "   {}  {expected}", "expected".dimmed())?;
    writeln!(out, "   {}       {got}", "got".dimmed())?;
    match difference {
        Some(text) if is_near => writeln!(out, "{:1$}^ {text}", "", INDENT + mark),
        Some(text) => writeln!(out, "   {}   {text}", "differs".dimmed()),
        None => Ok(()),
    }
}

/// Columns left for a value behind its name.
const WIDTH: usize = 86;
/// Columns before a value.
const INDENT: usize = 13;
