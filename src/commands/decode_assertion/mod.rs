//! `ssoctl decode-assertion`: what a SAML message is, and what the application would make of it.

mod answer;
mod args;
mod console;
mod delivery;
mod expected;
mod input;
mod judging;
mod mask;
mod parts;
mod trust;
mod view;

pub use args::Args;
pub(in crate::commands) use expected::{Reading, app_view, reading};
pub(in crate::commands) use input::{missing, standard_input};
pub(in crate::commands) use mask::{Mask, Veil};
pub(in crate::commands) use trust::{key_of_file, read_file};
pub(in crate::commands) use view::changed;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::commands::{Failure, Outcome};
use crate::problem::Place;
use crate::render::message::{MessageFormat, page};
use crate::render::{self, Style};
use crate::report::Report;
use crate::report::judgement::{Judgement, VerdictView};
use crate::saml::binding::Remark;
use crate::source::{KeyPath, Source, Span, printable};
use crate::verdict::{Class, Verdict};
use crate::world::{World, disk};

use self::input::Input;

/// Reads, judges and shows a message.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let input = input::read(args, world)?;
    let at = args.at.or(input.recorded_at()).unwrap_or(world.now);
    let reading = reading(args, world)?;
    let report = match &input.message {
        Err((remark, layers)) => unreadable(args, &input, at, remark, layers),
        Ok(received) => judging::report(args, &input.name, received, reading.as_ref(), at)?,
    };
    write(args, &report, world)?;
    Ok(outcome(&report))
}

/// A report on a message that could not be taken out of what was around it.
fn unreadable(
    args: &Args,
    input: &Input,
    at: jiff::Timestamp,
    remark: &Remark,
    layers: &[String],
) -> Report {
    let files = args.files().filter(|_| args.mask);
    let veil = Veil::new(&[]).without_folders(files);
    let reason = remark.at(place(&veil.filed(&input.name)));
    let verdict = Verdict::decide(vec![reason], Vec::new(), Vec::new(), false);
    let message = (!layers.is_empty()).then(|| crate::report::message::MessageView {
        kind: "nothing that can be read".to_owned(),
        layers: layers.to_vec(),
        ..crate::report::message::MessageView::default()
    });
    let judgement = Judgement {
        path: veil.filed(&input.name),
        verdict: Some(verdict_view(&verdict, Vec::new())),
        message,
        token: None,
        app: None,
        hints: Vec::new(),
    };
    Report::of_message(COMMAND, at, judgement, verdict.findings(), args.strict)
}

/// A verdict as it is shown; without an account.
pub(in crate::commands) fn verdict_view(verdict: &Verdict, signed: Vec<String>) -> VerdictView {
    VerdictView {
        class: verdict.class().word(),
        code: verdict.decisive().map(|rule| rule.code),
        signed,
        unchecked: verdict.unchecked().iter().map(|one| one.item).collect(),
        account: None,
        how: verdict.unchecked().iter().map(|one| (one.item, one.how)).collect(),
        passed: verdict.passed().len(),
        is_passed_over: false,
    }
}

fn place(name: &str) -> Place {
    let source = Arc::new(Source::new(name, ""));
    Place { source, span: Span::at(0), path: KeyPath::default() }
}

/// The exit code: of the verdict, or of the findings on a message that logs nobody in.
pub(in crate::commands) fn outcome(report: &Report) -> Outcome {
    let judgement = report.judgement.as_deref();
    let class = judgement.and_then(|one| one.verdict.as_ref()).map(|verdict| verdict.class);
    match class {
        Some(word) if word == Class::Undecided.word() => Outcome::Undecided,
        Some(word) if word != Class::Accept.word() => Outcome::Findings,
        _ if report.fails() => Outcome::Findings,
        _ => Outcome::Clean,
    }
}

pub(in crate::commands) fn write(
    args: &Args,
    report: &Report,
    world: &mut World<'_>,
) -> Result<(), Failure> {
    let path = args.output.as_deref().filter(|path| *path != Path::new("-"));
    let mut text = Vec::new();
    match args.format.format() {
        Some(format) => {
            let colour = path.is_none() && world.uses_colour();
            let (verbose, quiet, columns) = (args.verbose, args.quiet, world.columns());
            let style = Style { format, colour, verbose, quiet, columns };
            render::render(report, style, &mut text)?;
        }
        None => page::render(report, &mut text)?,
    }
    let Some(path) = path else { return Ok(world.stdout.write_all(&text)?) };
    let name = path.to_string_lossy();
    disk::write(path, &text).map_err(|error| Failure::file("write", &name, &error))?;
    drop(writeln!(world.stderr, "wrote {}", printable(&name)));
    if let Some(wanted) = other_form(path, args.format) {
        drop(writeln!(
            world.stderr,
            "hint: it holds plain text; --format {wanted} writes {wanted}"
        ));
    }
    Ok(())
}

/// The form that the name of a file promises, where plain text was written into it.
fn other_form(path: &Path, format: MessageFormat) -> Option<&'static str> {
    let ending = path.extension()?.to_str()?.to_ascii_lowercase();
    let promised = ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, form)| *form);
    promised.filter(|_| format == MessageFormat::Text)
}

/// Endings of files and the form that each promises.
const ENDINGS: [(&str, &str); 5] =
    [("htm", "html"), ("html", "html"), ("json", "json"), ("md", "markdown"), ("sarif", "sarif")];
const COMMAND: &str = "decode-assertion";
