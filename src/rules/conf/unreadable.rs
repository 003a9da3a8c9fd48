//! Texts that cannot be read, and why.

use crate::deployment::{Fault, Unreadable};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Rule, Severity};
use crate::rules::card::lint;
use crate::rules::conf::later::FILLED_IN_LATER;
use crate::rules::{Check, Lint, Subject};
use crate::source::{KeyPath, Span};
use crate::syntax::yaml::{YamlError, YamlErrorKind};

pub(in crate::rules) static UNPARSABLE: Lint =
    lint!("CONF001", "unparsable-file", Error, "a file that does not parse", Check::Elsewhere);
pub(in crate::rules) static NOT_UTF_8: Lint =
    lint!("CONF002", "not-utf-8", Error, "a file that is not UTF-8", Check::Elsewhere);
pub(in crate::rules) static CEILING_REACHED: Lint = lint!(
    "CONF003",
    "ceiling-reached",
    Error,
    "a file that is too large, too deep, or too large once its aliases are filled in",
    Check::Elsewhere
);
pub(in crate::rules) static SEVERAL_DOCUMENTS: Lint = lint!(
    "CONF005",
    "several-documents",
    Error,
    "more than one YAML document in a file",
    Check::Elsewhere
);
pub(in crate::rules) static OBJECT_TAG: Lint =
    lint!("CONF006", "object-tag", Error, "a YAML tag that builds an object", Check::Elsewhere);
pub(in crate::rules) static BROKEN_ALIAS: Lint = lint!(
    "CONF007",
    "broken-alias",
    Error,
    "an alias without an anchor, or inside its own anchor",
    Check::Elsewhere
);

/// What keeps the texts of a deployment from being read.
pub(in crate::rules) fn report(cx: &Subject<'_>, out: &mut Findings) {
    for unreadable in cx.deployment.unreadable() {
        let (rule, problem) = judged(unreadable);
        out.report(rule, problem);
    }
    for document in cx.deployment.settings_documents() {
        if let Some((departure, span)) = document.departure {
            let problem = Problem::new(
                format!("JSON has no {}", departure.name()),
                document.place(span, KeyPath::default()),
            )
            .why(format!("{} reads JSON by the letter and refuses the whole file", cx.app.name))
            .remedy("the file without it; YAML is a form in which comments can be kept");
            out.report(&UNPARSABLE.rule, problem);
        }
    }
}

fn judged(unreadable: &Unreadable) -> (&'static Rule, Problem) {
    let at = |span, message: String| Problem::new(message, place(unreadable, span));
    match &unreadable.fault {
        Fault::Large(bytes) => (
            &CEILING_REACHED.rule,
            at(
                Span::at(0),
                if *bytes > 1 << 20 {
                    format!("the file has {bytes} bytes, more than the 1 MiB that are read")
                } else {
                    "the file goes on behind the 1 MiB that are read".to_owned()
                },
            )
            .why("no configuration of this kind is as large")
            .remedy("the right file, or one without what does not belong in it"),
        ),
        Fault::NotUtf8 { span, looks_like } => (
            &NOT_UTF_8.rule,
            at(*span, format!("the file is not UTF-8: {looks_like}"))
                .why("YAML is read as UTF-8, so the application stops at the first such byte")
                .remedy("save the file as UTF-8"),
        ),
        Fault::Quote(error) => (
            &UNPARSABLE.rule,
            at(error.0, "this quote is never closed".to_owned())
                .why("the rest of the file is taken for its value")
                .remedy("close the quote, or escape the one inside the value"),
        ),
        Fault::Json(error) => (
            &UNPARSABLE.rule,
            at(error.span, error.to_string())
                .why("the file is refused at this point, so nothing of it counts")
                .remedy("valid JSON (RFC 8259)"),
        ),
        Fault::Hocon(error) => (
            &UNPARSABLE.rule,
            at(error.span, error.to_string())
                .why("the server stops at this point and does not start")
                .remedy("quote the value: \"...\""),
        ),
        Fault::Yaml(error) => yaml(unreadable, error),
    }
}

fn place(unreadable: &Unreadable, span: Span) -> Place {
    Place { source: std::sync::Arc::clone(&unreadable.source), span, path: KeyPath::default() }
}

fn yaml(unreadable: &Unreadable, error: &YamlError) -> (&'static Rule, Problem) {
    if error.kind == YamlErrorKind::Template {
        return (&FILLED_IN_LATER.rule, template(unreadable, error.span));
    }
    let rule = rule_of(&error.kind);
    // The name of a tag or an alias can be the beginning of a secret that was not quoted.
    let message = match &error.kind {
        YamlErrorKind::ObjectTag(_) if unreadable.source.is_secret(error.span) => {
            "nothing reads this tag; a value that begins with ! needs quotes".to_owned()
        }
        YamlErrorKind::UnknownAlias(_) | YamlErrorKind::RecursiveAlias(_)
            if unreadable.source.is_secret(error.span) =>
        {
            "this is read as an alias; a value that begins with * needs quotes".to_owned()
        }
        kind => kind.to_string(),
    };
    let mut problem = Problem::new(message, place(unreadable, error.span));
    if let Some(context) = error.context {
        problem = problem.related(place(unreadable, context.span), context.what);
    }
    let (why, remedy) = advice(&error.kind);
    (rule, problem.why(why).remedy(remedy))
}

fn rule_of(kind: &YamlErrorKind) -> &'static Rule {
    match kind {
        YamlErrorKind::Limit(_) => &CEILING_REACHED.rule,
        YamlErrorKind::SeveralDocuments => &SEVERAL_DOCUMENTS.rule,
        YamlErrorKind::ObjectTag(_) => &OBJECT_TAG.rule,
        YamlErrorKind::RecursiveAlias(_) | YamlErrorKind::UnknownAlias(_) => &BROKEN_ALIAS.rule,
        _ => &UNPARSABLE.rule,
    }
}

fn advice(kind: &YamlErrorKind) -> (&'static str, &'static str) {
    match kind {
        YamlErrorKind::Limit(_) => (
            "no configuration of this kind is as large or as deep; a few lines of aliases can fill a machine's memory",
            "the file without what does not belong in it",
        ),
        YamlErrorKind::SeveralDocuments => (
            "the application loads exactly one document and refuses the file",
            "one document a file: take out the line --- and what does not belong",
        ),
        YamlErrorKind::ObjectTag(_) => (
            "the application reads with a safe loader, which has no constructor for it and refuses the file",
            "plain values without this tag",
        ),
        YamlErrorKind::RecursiveAlias(_) | YamlErrorKind::UnknownAlias(_) => (
            "an alias repeats what was marked with & before it",
            "the anchor before the alias; or, if the text itself begins with *, quotes around it",
        ),
        _ => (
            "PyYAML refuses the whole file at this point, so the application starts without it or not at all",
            "see the place above; `ssoctl explain CONF001` shows the usual slips",
        ),
    }
}

fn template(unreadable: &Unreadable, span: Span) -> Problem {
    Problem::new("this is a template, and it is no YAML before it is rendered", place(unreadable, span))
        .severity(Severity::Error)
        .why("the values that the application will get are not known yet, so nothing was judged")
        .remedy("render it first, for example: helm template . | yq 'select(.kind == \"Secret\").stringData[\"auth_config.yml\"]' | ssoctl validate --app cvat -")
}
