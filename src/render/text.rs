//! Text for people, in rustc's manner.

use std::io::{self, Write};

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Level, Message, Origin, Renderer, Snippet};
use colored::Colorize as _;

use crate::deployment::FileKind;
use crate::model::Protocol;
use crate::problem::{Comparison, Place, Problem, Safety};
use crate::render::Style;
use crate::report::{ProviderView, Report, ReportedFinding, Seen, TargetView};
use crate::rule::Severity;
use crate::source::{Span, printable};

/// Writes findings with the lines they are about, then the sum.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    colored::control::set_override(style.colour);
    let shown =
        |finding: &&ReportedFinding| style.verbose || finding.finding.severity != Severity::Info;
    let findings: Vec<&ReportedFinding> = report.findings.iter().filter(shown).collect();
    if !style.quiet || report.fails() {
        seen(report, out)?;
    }
    for finding in &findings {
        finding_text(finding, style, out)?;
    }
    let counts = report.count(Severity::Error) + report.count(Severity::Warning);
    if counts > 0 {
        return summary(report, &findings, out);
    }
    if style.quiet {
        return Ok(());
    }
    understood(report, style, out)
}

fn finding_text(reported: &ReportedFinding, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let finding = &reported.finding;
    let problem = &finding.problem;
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    };
    let excerpts = Excerpts::new(problem);
    let title = level.primary_title(&*problem.message).id(finding.rule.code);
    let is_empty = problem.place.source.text().is_empty();
    let mut group = match excerpts.main.cut_from {
        // What was asked and gave no text has a name only.
        _ if is_empty => title.element(Origin::path(&*excerpts.path)),
        Some(at) => {
            let origin = Origin::path(&*excerpts.path).line(at.line).char_column(at.column);
            title.element(origin).element(excerpts.main())
        }
        None => title.element(excerpts.main()),
    };
    for related in excerpts.elsewhere() {
        group = group.element(related);
    }
    for line in problem.comparison.iter().flat_map(compared) {
        group = group.element(line);
    }
    let lines = [("why", &problem.why), ("fix", &problem.remedy)];
    for (name, text) in lines.iter().filter_map(|(name, text)| Some((*name, text.as_deref()?))) {
        let text = broken(&shortened(text, style), name.len() + MARGIN, style);
        group = group.element(Level::NOTE.with_name(name).message(text));
    }
    for note in &problem.notes {
        group = group.element(Level::NOTE.message(broken(note, "note".len() + MARGIN, style)));
    }
    let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(style.columns);
    let text = renderer.render(&[group]);
    // A part of a long line has its place above it, and would get a second one that is empty.
    let lines: Vec<&str> = text.lines().filter(|line| !is_empty_place(line)).collect();
    writeln!(out, "{}\n", lines.join("\n"))
}

/// Whether a line is the mark of a place (`:::`) and names none, whatever its colours.
fn is_empty_place(line: &str) -> bool {
    let pieces = line.split('\u{1b}').enumerate();
    let bare = pieces.map(|(at, piece)| match piece.split_once('m') {
        Some((_, behind)) if at > 0 => behind,
        _ => piece,
    });
    bare.collect::<String>().trim() == ":::"
}

/// A sentence over several lines, each of which begins behind so many columns.
fn broken(text: &str, before: usize, style: Style) -> String {
    let room = style.columns.saturating_sub(before).max(SHORTEST);
    let mut shown = String::with_capacity(text.len());
    let mut column = 0;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column > 0 && column + length + 1 > room {
            shown.push('\n');
            column = 0;
        } else if column > 0 {
            shown.push(' ');
            column += 1;
        }
        shown.push_str(word);
        column += length;
    }
    shown
}

/// The two texts below each other, and what the difference is.
fn compared(comparison: &Comparison) -> Vec<Message<'_>> {
    let line = |name, text| Level::NOTE.with_name(name).message(text);
    let mut lines =
        vec![line("expected", comparison.expected.as_str()), line("got", comparison.got.as_str())];
    lines.extend(comparison.difference.as_deref().map(|text| line("differs", text)));
    lines
}

/// Long values are cut in the middle, unless everything is asked for.
fn shortened(text: &str, style: Style) -> String {
    let length = text.chars().count();
    let is_value = !text.contains(' ');
    if style.verbose || length <= LONGEST_VALUE || !is_value {
        return text.to_owned();
    }
    let chars: Vec<char> = text.chars().collect();
    let half = LONGEST_VALUE / 2;
    let (head, tail) = (&chars[..half], &chars[length - half..]);
    head.iter().chain(&['…']).chain(tail).collect()
}

/// The lines that a problem is about, with secrets masked.
struct Excerpts<'p> {
    problem: &'p Problem,
    main: crate::source::Excerpt,
    path: String,
    elsewhere: Vec<(crate::source::Excerpt, String, &'p str)>,
}

impl<'p> Excerpts<'p> {
    fn new(problem: &'p Problem) -> Self {
        let excerpt = |place: &Place| place.source.excerpt(place.span);
        let path = |place: &Place| printable(place.source.name()).into_owned();
        let elsewhere = problem.related.iter();
        Self {
            problem,
            main: excerpt(&problem.place),
            path: path(&problem.place),
            elsewhere: elsewhere
                .map(|related| (excerpt(&related.place), path(&related.place), &*related.message))
                .collect(),
        }
    }

    fn main(&self) -> Snippet<'_, annotate_snippets::Annotation<'_>> {
        let label = self.problem.label.as_deref();
        snippet(&self.main, &self.path, AnnotationKind::Primary, label)
    }

    fn elsewhere(&self) -> impl Iterator<Item = Snippet<'_, annotate_snippets::Annotation<'_>>> {
        self.elsewhere.iter().map(|(excerpt, path, message)| {
            snippet(excerpt, path, AnnotationKind::Context, Some(message))
        })
    }
}

fn snippet<'e>(
    excerpt: &'e crate::source::Excerpt,
    path: &'e str,
    kind: AnnotationKind,
    label: Option<&'e str>,
) -> Snippet<'e, annotate_snippets::Annotation<'e>> {
    let span = visible(&excerpt.text, excerpt.span);
    // A part of a long line would be given the wrong column: its place is said before it.
    let path = excerpt.cut_from.is_none().then_some(path);
    Snippet::source(excerpt.text.as_str())
        .line_start(excerpt.first_line)
        .path(path)
        .fold(false)
        .annotation(kind.span(span.range()).label(label))
}

/// A range of one line at most, so that forty lines of a certificate are marked where they begin.
fn visible(text: &str, span: Span) -> Span {
    let line_end = text[span.start..].find('\n').map_or(text.len(), |n| span.start + n);
    Span::new(span.start, span.end.min(line_end))
}

fn summary(report: &Report, shown: &[&ReportedFinding], out: &mut dyn Write) -> io::Result<()> {
    let mut parts = Vec::new();
    for (severity, one, many) in
        [(Severity::Error, "error", "errors"), (Severity::Warning, "warning", "warnings")]
    {
        match report.count(severity) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            n => parts.push(format!("{n} {many}")),
        }
    }
    let infos = report.count(Severity::Info);
    parts.extend((infos > 0).then(|| notes(infos)));
    let files = subjects(report);
    let fixable = match (report.fixes(Safety::Safe), report.fixes(Safety::Unsafe)) {
        (0, 0) => String::new(),
        (safe, 0) => format!("; {safe} can be fixed with --fix"),
        (0, more) => format!("; {more} can be fixed with --fix --unsafe-fixes"),
        (safe, more) => {
            format!("; {safe} can be fixed with --fix, {more} more with --unsafe-fixes")
        }
    };
    writeln!(out, "{} in {files}{fixable}", parts.join(", ").bold())?;
    if report.in_baseline > 0 {
        writeln!(out, "{} more in the baseline", report.in_baseline)?;
    }
    let first = shown.iter().map(|finding| &finding.finding).min_by_key(|finding| finding.severity);
    match first {
        Some(finding) => writeln!(out, "learn more: ssoctl explain {}", finding.rule.code),
        None => Ok(()),
    }
}

/// How many things were judged.
fn subjects(report: &Report) -> String {
    let (count, one, many) = if report.seen.is_empty() {
        (report.targets.len(), "file", "files")
    } else {
        let mut names: Vec<&str> = report.seen.iter().map(|seen| seen.of.as_str()).collect();
        names.dedup();
        (names.len(), "target", "targets")
    };
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

/// What was asked and what it said, a line each.
fn seen(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let width = |text: fn(&Seen) -> &str| {
        report.seen.iter().map(|seen| text(seen).chars().count()).max().unwrap_or(0)
    };
    let (of, what) = (width(|seen| &seen.of), width(|seen| &seen.what));
    let mut last = "";
    for seen in &report.seen {
        let name = if seen.of == last { "" } else { seen.of.as_str() };
        let state = if seen.ok { "ok    ".green() } else { "failed".red() };
        let took = seen.milliseconds.map_or_else(String::new, |took| format!("   {took} ms"));
        writeln!(
            out,
            "{:of$}  {:what$}  {state}  {}{}",
            printable(name),
            seen.what,
            said(report, seen),
            took.dimmed()
        )?;
        last = &seen.of;
    }
    if report.seen.is_empty() { Ok(()) } else { writeln!(out) }
}

/// What a line says; where a finding says the same below, only its code.
fn said(report: &Report, seen: &Seen) -> String {
    let findings = report.findings.iter().map(|one| &one.finding);
    let mut same = findings.filter(|finding| !seen.ok && finding.problem.message == seen.says);
    match same.next() {
        Some(finding) => format!("{}, see below", finding.rule.code),
        None => printable(&seen.says).into_owned(),
    }
}

fn notes(count: usize) -> String {
    if count == 1 { "1 note (-v)".to_owned() } else { format!("{count} notes (-v)") }
}

/// What was understood, where nothing is wrong.
fn understood(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let is_many = report.targets.len() > MOST_TARGETS_SHOWN;
    if !is_many || style.verbose {
        for target in &report.targets {
            target_text(target, out)?;
        }
    }
    let files = match report.targets.len().max(report.seen.len()) {
        1 => String::new(),
        _ => format!(" in {}", subjects(report)),
    };
    let infos = match report.count(Severity::Info) {
        0 => String::new(),
        n => format!(", {}", notes(n)),
    };
    let baseline = match report.in_baseline {
        0 => String::new(),
        n => format!("; {n} in the baseline"),
    };
    let hint = base_url_hint(report);
    writeln!(out, "{}{files}{infos}{baseline}{hint}", "no problems".green())
}

fn base_url_hint(report: &Report) -> &'static str {
    let wants_base = |target: &TargetView| !target.providers.is_empty() && !target.has_base_url;
    let is_few = report.targets.len() <= MOST_TARGETS_SHOWN;
    if is_few && report.targets.iter().any(wants_base) {
        ". Add --base-url to print whole URLs"
    } else {
        ""
    }
}

fn target_text(target: &TargetView, out: &mut dyn Write) -> io::Result<()> {
    let path = printable(&target.path);
    if target.kind == FileKind::Environment {
        return writeln!(out, "{path}: environment of {}", target.app.name);
    }
    let providers = match target.providers.len() {
        0 => "no providers".to_owned(),
        1 => "1 provider".to_owned(),
        n => format!("{n} providers, {}", target.chosen),
    };
    let off = if target.is_switched_off { ", switched off" } else { "" };
    writeln!(out, "{path}: {}, {providers}{off}", target.app.name)?;
    let widths = [
        width(target, |provider| &provider.id),
        width(target, |provider| provider.idp),
        width(target, |provider| &provider.chosen_by),
    ];
    for provider in &target.providers {
        provider_text(provider, widths, out)?;
    }
    Ok(())
}

fn provider_text(
    provider: &ProviderView,
    [id, idp, chosen]: [usize; 3],
    out: &mut dyn Write,
) -> io::Result<()> {
    let protocol = provider.protocol.map_or("?", Protocol::name);
    let label = if provider.protocol == Some(Protocol::Saml) { "ACS" } else { "redirect URI" };
    write!(
        out,
        "  {:id$}  {protocol:4}  {:idp$}  {:chosen$}",
        provider.id, provider.idp, provider.chosen_by
    )?;
    match &provider.callback {
        Some(callback) => writeln!(out, "  {}  {callback}", format!("{label:12}").dimmed())?,
        None => writeln!(out)?,
    }
    match &provider.entity_id {
        Some(entity_id) => {
            let indent = 2 + id + 2 + 4 + 2 + idp + 2 + chosen + 2;
            writeln!(out, "{:indent$}{}  {entity_id}", "", format!("{:12}", "entity id").dimmed())
        }
        None => Ok(()),
    }
}

fn width(target: &TargetView, text: impl Fn(&ProviderView) -> &str) -> usize {
    target.providers.iter().map(|provider| text(provider).chars().count()).max().unwrap_or(0)
}

/// Columns before and behind the name of a remark: a line number, ` = ` and `: `.
const MARGIN: usize = 8;
/// A remark is never set narrower.
const SHORTEST: usize = 20;
/// Characters of a value that is shown whole.
const LONGEST_VALUE: usize = 90;
/// More targets than this are counted, not listed.
const MOST_TARGETS_SHOWN: usize = 20;
