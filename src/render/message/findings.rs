//! What speaks against a message, and what is only worth knowing.

use std::io::{self, Write};

use colored::Colorize as _;

use crate::problem::Comparison;
use crate::render::message::line::{around, shortened, wrapped};
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
    let shown = |told: &Told| style.verbose || told.0.finding.severity != Severity::Info;
    let mut findings = report.told_once().into_iter().filter(shown);
    let verdict = judgement.verdict.as_ref();
    let is_decided = verdict.is_none_or(|verdict| verdict.code.is_some());
    if is_decided && let Some(first) = findings.next() {
        writeln!(out)?;
        one(first, style, out)?;
    }
    let rest: Vec<Told> = findings.collect();
    if !rest.is_empty() {
        writeln!(out, "\n{}", "Also seen".bold())?;
    }
    for finding in rest.iter().copied() {
        one(finding, style, out)?;
    }
    let Some(verdict) = verdict else { return Ok(()) };
    let alone = verdict.code.is_some() && rest.is_empty();
    let lead = match alone {
        true if is_closed(judgement, verdict) => "Nothing else could be looked at. ",
        true => "Also seen: nothing else would stop it. ",
        false => "",
    };
    let hidden = match report.count(Severity::Info) {
        count if count > 0 && !style.verbose => format!(". {} (-v)", words::counted(count, "note")),
        _ => String::new(),
    };
    writeln!(
        out,
        "\n{}",
        wrapped(&format!("{lead}{}{hidden}", checks(verdict)), 0, 2, style.columns)
    )
}

/// Whether the message could not be read to its end, so that nothing is known of the rest.
fn is_closed(judgement: &Judgement, verdict: &VerdictView) -> bool {
    let encryption = judgement.message.iter().flat_map(|message| &message.encryption);
    let is_token = judgement.noun() == "token";
    let is_whole = |part: &str| is_token || part == "assertion";
    let is_encrypted = encryption.into_iter().any(|one| !one.decrypted && is_whole(&one.part));
    is_encrypted || verdict.passed == 0 || matches!(verdict.class, "malformed" | "limit")
}

/// How much was checked, and what was not, by what to give for it.
fn checks(verdict: &VerdictView) -> String {
    let passed = words::counted(verdict.passed, "check");
    if verdict.how.is_empty() {
        return format!("{passed} passed");
    }
    let mut groups: Vec<(&str, Vec<String>)> = Vec::new();
    for (item, how) in &verdict.how {
        let item = item.replace('-', " ");
        match groups.iter_mut().find(|(known, _)| known == how) {
            Some((_, items)) => items.push(item),
            None => groups.push((how, vec![item])),
        }
    }
    let groups = groups.into_iter().map(|(how, items)| match how {
        "" => items.join(", "),
        how => format!("{}: {how}", items.join(", ")),
    });
    let groups: Vec<String> = groups.collect();
    format!("{passed} passed, {} not made ({})", verdict.how.len(), groups.join("; "))
}

fn one((reported, times): Told, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let finding = &reported.finding;
    let head = format!("{}[{}]", finding.severity, finding.rule.code);
    let head = match finding.severity {
        Severity::Error => head.red().bold(),
        Severity::Warning => head.yellow().bold(),
        Severity::Info => head.blue().bold(),
    };
    let problem = &finding.problem;
    let width = finding.severity.word().len() + finding.rule.code.len() + 4;
    writeln!(out, "{head}: {}", wrapped(&problem.message, width, 3, style.columns))?;
    if let Some(comparison) = &problem.comparison {
        compared(comparison, style, out)?;
    }
    let lines = [("why", &problem.why), ("fix", &problem.remedy)];
    for (name, text) in lines.into_iter().filter_map(|(name, text)| Some((name, text.as_ref()?))) {
        let text = shortened(text, style);
        writeln!(out, "   = {name}: {}", wrapped(&text, 6 + name.len(), 10, style.columns))?;
    }
    for note in &problem.notes {
        writeln!(out, "   = {}", wrapped(note, 5, 5, style.columns))?;
    }
    if times > 1 {
        writeln!(out, "   = seen {times} times")?;
    }
    Ok(())
}

/// A finding and how often it is there.
type Told<'a> = (&'a ReportedFinding, usize);

/// The two texts below each other, with a mark under the place where they part.
fn compared(comparison: &Comparison, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Comparison { expected, got, difference } = comparison;
    let pairs = expected.chars().zip(got.chars());
    let at = pairs.take_while(|(one, other)| one == other).count();
    let is_near = difference.is_some() || at > 0;
    let width = if style.verbose { usize::MAX } else { style.columns.saturating_sub(INDENT + 1) };
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

/// Columns before a value.
const INDENT: usize = 13;
