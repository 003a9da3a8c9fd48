//! JSON, version 1: own structs, so that inner types can change freely.

use std::fmt::Write as _;
use std::io::{self, Write};

use serde::Serialize;

use crate::problem::{Fix, Place, Safety};
use crate::render::Style;
use crate::report::judgement::{Judgement, VerdictView};
use crate::report::message::MessageView;
use crate::report::token::TokenView;
use crate::report::{Report, ReportedFinding, Seen, TargetView};
use crate::rule::Severity;
use crate::source::{is_unprintable, printable};

/// Writes the report as one JSON document.
pub(super) fn render(report: &Report, _: Style, out: &mut dyn Write) -> io::Result<()> {
    let document = Document::new(report);
    let text = serde_json::to_string_pretty(&document).map_err(io::Error::other)?;
    writeln!(out, "{}", escaped(&text))
}

/// The same JSON without any character that acts on a terminal: such characters stand inside
/// strings only, where an escape means the same.
pub(crate) fn escaped(json: &str) -> String {
    if !json.chars().any(|c| c != '\n' && is_unprintable(c)) {
        return json.to_owned();
    }
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_unprintable(c) {
            escaped.push(c);
            continue;
        }
        for unit in c.encode_utf16(&mut [0; 2]) {
            write!(escaped, "\\u{unit:04x}").expect("a String takes every write");
        }
    }
    escaped
}

#[derive(Serialize)]
struct Document<'r> {
    version: u32,
    tool: Tool,
    command: &'r str,
    at: String,
    targets: Vec<Target<'r>>,
    findings: Vec<Finding<'r>>,
    summary: Summary,
    verdict: Option<&'r VerdictView>,
    #[serde(skip_serializing_if = "Option::is_none")]
    view: Option<View<'r>>,
}

/// What was found, beside what is wrong.
#[derive(Serialize)]
#[serde(untagged)]
enum View<'r> {
    /// In a message.
    Message(&'r MessageView),
    /// In documents and servers.
    Seen {
        /// One by one.
        seen: &'r [Seen],
    },
    /// In a token.
    Token(&'r TokenView),
}

#[derive(Serialize)]
struct Tool {
    name: &'static str,
    version: &'static str,
}

#[derive(Serialize)]
struct Target<'r> {
    path: String,
    app: Option<&'r str>,
    kind: &'r str,
    providers: Vec<&'r str>,
}

#[derive(Serialize)]
struct Finding<'r> {
    code: &'r str,
    name: &'r str,
    severity: &'r str,
    message: &'r str,
    path: String,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    key_path: Option<String>,
    provider: Option<&'r str>,
    notes: Vec<String>,
    related: Vec<Related<'r>>,
    fix: Option<FixDocument<'r>>,
    help: String,
    fingerprint: &'r str,
}

#[derive(Serialize)]
struct Related<'r> {
    path: String,
    line: usize,
    column: usize,
    message: &'r str,
}

#[derive(Serialize)]
struct FixDocument<'r> {
    title: &'r str,
    safety: &'r str,
    edits: Vec<Edit<'r>>,
}

#[derive(Serialize)]
struct Edit<'r> {
    path: String,
    start: usize,
    end: usize,
    text: &'r str,
}

#[derive(Serialize)]
struct Summary {
    errors: usize,
    warnings: usize,
    infos: usize,
    fixable: usize,
}

impl<'r> Document<'r> {
    fn new(report: &'r Report) -> Self {
        let judgement = report.judgement.as_deref();
        let targets = report.targets.iter().map(Target::new);
        let targets = targets.chain(judgement.map(Target::of_message));
        Self {
            version: 1,
            tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
            command: report.command,
            at: report.at.to_string(),
            targets: targets.collect(),
            findings: report.findings.iter().map(Finding::new).collect(),
            summary: Summary {
                errors: report.count(Severity::Error),
                warnings: report.count(Severity::Warning),
                infos: report.count(Severity::Info),
                fixable: report.fixable(),
            },
            verdict: judgement.and_then(|judgement| judgement.verdict.as_ref()),
            view: view(report),
        }
    }
}

impl<'r> Target<'r> {
    fn new(target: &'r TargetView) -> Self {
        Self {
            path: printable(&target.path).into_owned(),
            app: Some(&target.app.id),
            kind: target.kind.word(),
            providers: target.providers.iter().map(|provider| provider.id.as_str()).collect(),
        }
    }
}

fn view(report: &Report) -> Option<View<'_>> {
    let judgement = report.judgement.as_deref();
    if let Some(token) = judgement.and_then(|judgement| judgement.token.as_ref()) {
        return Some(View::Token(token));
    }
    let message = judgement.and_then(|judgement| judgement.message.as_ref());
    let seen = (!report.seen.is_empty()).then_some(View::Seen { seen: &report.seen });
    message.map(View::Message).or(seen)
}

impl<'r> Target<'r> {
    fn of_message(judgement: &'r Judgement) -> Self {
        let app = judgement.app.as_ref();
        Self {
            path: printable(&judgement.path).into_owned(),
            app: app.map(|app| app.id.as_str()),
            kind: judgement
                .message
                .as_ref()
                .map_or(judgement.noun(), |message| message.kind.as_str()),
            providers: app.and_then(|app| app.provider.as_deref()).into_iter().collect(),
        }
    }
}

impl<'r> Finding<'r> {
    fn new(reported: &'r ReportedFinding) -> Self {
        let finding = &reported.finding;
        let problem = &finding.problem;
        let place = &problem.place;
        let start = place.source.location(place.span.start);
        let end = place.source.location(place.span.end);
        let key_path = place.path.to_string();
        let related = problem.related.iter().map(|related| {
            let at = related.place.source.location(related.place.span.start);
            Related {
                path: path(&related.place),
                line: at.line,
                column: at.column,
                message: &related.message,
            }
        });
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity.word(),
            message: &problem.message,
            path: path(place),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            key_path: (!key_path.is_empty()).then(|| printable(&key_path).into_owned()),
            provider: problem.provider.as_deref(),
            notes: notes(reported),
            related: related.collect(),
            fix: problem.fix.as_ref().map(FixDocument::new),
            help: finding.rule.help(),
            fingerprint: &reported.fingerprint,
        }
    }
}

/// Why it matters, what to write, and whatever else is to be said.
pub(super) fn notes(reported: &ReportedFinding) -> Vec<String> {
    let problem = &reported.finding.problem;
    let why = problem.why.iter().cloned();
    let label = problem.label.iter().cloned();
    let remedy = problem.remedy.iter().map(|remedy| format!("fix: {remedy}"));
    let compared = problem.comparison.iter().flat_map(|comparison| {
        let both =
            [format!("expected: {}", comparison.expected), format!("got: {}", comparison.got)];
        both.into_iter().chain(comparison.difference.clone())
    });
    let place = &problem.place;
    let is_inside = place.source.is_decoded() && !place.span.is_empty();
    let decoded = is_inside.then(|| {
        let at = place.source.location(place.span.start);
        format!("line {}, column {} of the decoded message", at.line, at.column)
    });
    let notes = problem.notes.iter().cloned().chain(decoded);
    label.chain(compared).chain(why).chain(remedy).chain(notes).collect()
}

/// The path of a place, as it may be shown.
pub(super) fn path(place: &Place) -> String {
    printable(place.source.name()).into_owned()
}

impl<'r> FixDocument<'r> {
    fn new(fix: &'r Fix) -> Self {
        let edits = fix.edits.iter().map(|edit| Edit {
            path: printable(edit.source.name()).into_owned(),
            start: edit.span.start,
            end: edit.span.end,
            text: &edit.text,
        });
        let safety = match fix.safety {
            Safety::Safe => "safe",
            Safety::Unsafe => "unsafe",
        };
        Self { title: &fix.title, safety, edits: edits.collect() }
    }
}
