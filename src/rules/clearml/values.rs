//! Values that the carrier or the server's reader changes or refuses.

use crate::apps::clearml::{Entry, Value};
use crate::carriers::{Carrier, Expansion, OddKind};
use crate::model::Kind;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::context::{Context, at_name, at_value, quotes, with_safe_fix, wrapped};
use crate::rules::clearml::ldap::CONTRADICTION;
use crate::rules::{Check, Lint};
use crate::source::Span;
use crate::syntax::hocon::{HoconError, HoconErrorKind};
use crate::syntax::tree::Style;

pub(in crate::rules) static UNPARSABLE: Lint = lint!(
    "CLR010",
    "unparsable-hocon-value",
    Error,
    "one value that is no HOCON stops the whole server",
    Check::Elsewhere
);
pub(in crate::rules) static CUT: Lint = lint!(
    "CLR011",
    "value-cut-at-hash",
    Error,
    "HOCON cuts an unquoted value at its number sign",
    Check::Elsewhere
);
pub(in crate::rules) static UNRESOLVED: Lint = lint!(
    "CLR015",
    "unresolved-substitution",
    Error,
    "a reference in a value stays as it is or is unset",
    Check::Elsewhere
);
pub(in crate::rules) static NOT_TEXT: Lint = lint!(
    "CLR016",
    "helm-value-not-string",
    Error,
    "Kubernetes refuses an environment value that is no string",
    Check::Elsewhere
);
pub(in crate::rules) static DOLLAR: Lint = lint!(
    "CLR017",
    "undoubled-dollar",
    Warning,
    "compose replaces a single dollar sign",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for entry in &cx.server.entries {
        match &entry.value {
            Value::Unparsable(error) => unparsable(cx, entry, error, out),
            Value::NotText(kind) => not_text(cx, entry, kind, out),
            Value::Substitution(name) => unset(cx, entry, name, out),
            Value::Text(text, true) if entry.variable.is_some() => literal(entry, text, out),
            _ => {}
        }
        if is_cut(entry) {
            cut(cx, entry, out);
        }
        dollar(cx, entry, out);
    }
    for (entry, above) in cx.server.blocked() {
        let message = format!("{} has a value already that is no map", Context::shown(&above.path));
        let problem = at_name(message, entry)
            .related(above.name_place(), "set here")
            .why("the server cannot put a key below a single value, and does not start")
            .remedy("one of the two");
        out.report(&UNPARSABLE.rule, problem);
    }
    refused(cx, out);
}

fn unparsable(cx: &Context<'_>, entry: &Entry<'_>, error: &HoconError, out: &mut Findings) {
    let key = Context::shown(&entry.path);
    let mut problem = at_value(format!("the value of {key} does not parse: {error}"), entry);
    let variable = cx.server.variable(entry);
    let first = variable.and_then(|variable| variable.place_in_source(error.span.start));
    let source = entry.document.source.text();
    if let Some(first) = first
        && let Some(c) = source.get(first..).and_then(|rest| rest.chars().next())
        && c != '\n'
    {
        problem.place.span = Span::new(first, first + c.len_utf8());
    }
    let problem = problem
        .why("the server reads the value as HOCON and does not start if it cannot; this is not only about this setting");
    let problem = match entry.kind() {
        Some(Kind::List) => problem.remedy("a list of texts in quotes: [\"one\", \"two\"]"),
        Some(Kind::Boolean) => problem.remedy("true or false"),
        _ => with_safe_fix(
            problem.remedy(quotes(cx, entry)),
            "put the value in the quotes of HOCON",
            cx.quoted(entry),
        ),
    };
    // A name of the directory is almost never right without quotes.
    let is_name = ["base_dn", "dn"].contains(&entry.spot.rest.as_str());
    let rule = if is_name && error.kind == HoconErrorKind::Special('=') {
        &CONTRADICTION.rule
    } else {
        &UNPARSABLE.rule
    };
    out.report(rule, problem);
}

/// Whether a comment takes a part of a text away.
fn is_cut(entry: &Entry<'_>) -> bool {
    let takes_text = entry.kind().is_none_or(Kind::is_text);
    entry.cut.is_some()
        && takes_text
        && matches!(entry.value, Value::Text(_, false) | Value::Odd(_) | Value::Boolean(_))
}

fn cut(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let variable = cx.server.variable(entry);
    // In a file the comment stands in the text itself.
    let written = entry.cut.and_then(|cut| {
        let span = entry.value_span.start..cut.end;
        entry.document.source.text().get(span).filter(|_| variable.is_none())
    });
    let seen = variable.and_then(|variable| variable.known()).or(written).unwrap_or_default();
    let is_secret = entry.document.source.is_secret(entry.value_span)
        || entry.card().is_some_and(|card| card.card.secret)
        || variable.is_some_and(|variable| variable.holds_secret);
    let from = if variable.is_none() { entry.value_span.start } else { 0 };
    let (at, key) =
        (entry.cut.map_or(0, |cut| cut.start.saturating_sub(from)), Context::shown(&entry.path));
    let left = seen.get(..at).unwrap_or_default().trim();
    let message = if is_secret {
        format!(
            "{key} is cut to {} of its {} characters",
            left.chars().count(),
            seen.chars().count()
        )
    } else {
        format!("{key} is cut to `{}`", Context::shown(left))
    };
    let problem = at_value(message, entry)
        .why("in HOCON # begins a comment, also inside a word, and the server says nothing")
        .remedy(quotes(cx, entry));
    let edits = cx.quoted(entry);
    out.report(&CUT.rule, with_safe_fix(problem, "put the value in the quotes of HOCON", edits));
}

/// A reference in quotes of HOCON, which the server keeps as it is.
fn literal(entry: &Entry<'_>, text: &str, out: &mut Findings) {
    let has_reference = text.split_once("${").is_some_and(|(_, rest)| rest.contains('}'));
    if !has_reference {
        return;
    }
    let problem = at_value("this reference stays as it is: it stands in quotes", entry)
        .why("HOCON replaces ${NAME} outside of quotes only, and nothing replaced it before")
        .remedy("valueFrom with a secretKeyRef, or ${NAME} without the inner quotes");
    out.report(&UNRESOLVED.rule, problem);
}

/// A reference without quotes, which the server replaces from its environment.
fn unset(cx: &Context<'_>, entry: &Entry<'_>, name: &str, out: &mut Findings) {
    let Some((at, own)) = entry.variable else { return };
    let carried = &cx.server.carryings[at].carried;
    let group = carried.variables[own].group;
    let mut others = carried.variables.iter().filter(|other| other.group == group);
    if !cx.knows_all(entry) || others.any(|other| other.name == name) {
        return;
    }
    let problem = at_value(format!("{} is not set for the server", Context::shown(name)), entry)
        .why("the server replaces the reference from its own environment and does not start without it")
        .remedy("set the variable for the same container, or use valueFrom with a secretKeyRef");
    out.report(&UNRESOLVED.rule, problem);
}

fn not_text(cx: &Context<'_>, entry: &Entry<'_>, kind: &str, out: &mut Findings) {
    let problem = at_value(format!("the value is a {kind}, not text"), entry)
        .why("variables are text, so the file is refused as a whole")
        .remedy("the same in single quotes: 'true', '[\"one\", \"two\"]'");
    let variable = cx.server.variable(entry);
    let is_plain = ["boolean", "number"].contains(&kind);
    let edits = variable.filter(|_| is_plain).and_then(|variable| wrapped(variable, entry, "", ""));
    out.report(&NOT_TEXT.rule, with_safe_fix(problem, "put the value in quotes", edits));
}

/// A dollar sign that compose takes for the beginning of a reference nobody meant.
fn dollar(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let Some(variable) = cx.server.variable(entry) else { return };
    let is_literal = variable.carrier == Carrier::EnvironmentFile
        && variable.written.style == Style::SingleQuoted;
    if variable.written.expansion != Expansion::Compose || is_literal {
        return;
    }
    let text = entry.document.source.text();
    let written = text.get(entry.value_span.range()).unwrap_or_default();
    let Some(at) = lone_dollar(written) else { return };
    let start = entry.value_span.start + at;
    let mut problem = at_value("compose takes this dollar sign for a reference", entry);
    problem.place.span = Span::at(start);
    problem.place.span.end = start + 1;
    let problem = problem
        .why("the name behind it is replaced by nothing where no such variable is set")
        .remedy("$$ for one dollar sign");
    let edits = vec![(Span::at(start), "$".to_owned())];
    out.report(&DOLLAR.rule, problem.unsafe_fix("double it", edits));
}

/// The first dollar sign that is neither doubled nor the start of `${...}` or `$UPPER_CASE`.
fn lone_dollar(written: &str) -> Option<usize> {
    let bytes = written.as_bytes();
    let mut at = 0;
    while let Some(next) = written[at..].find('$') {
        let dollar = at + next;
        match bytes.get(dollar + 1) {
            Some(b'$') => at = dollar + 2,
            Some(b'{') => at = dollar + 1,
            Some(c) if c.is_ascii_uppercase() || *c == b'_' => {
                let name = written[dollar + 1..].split(|c: char| !is_of_name(c)).next();
                let is_upper =
                    name.is_some_and(|name| !name.contains(|c: char| c.is_ascii_lowercase()));
                if !is_upper {
                    return Some(dollar);
                }
                at = dollar + 1;
            }
            Some(c) if c.is_ascii_lowercase() => return Some(dollar),
            // What compose refuses or leaves alone is told elsewhere.
            _ => at = dollar + 1,
        }
    }
    None
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// References that compose cannot replace: it refuses the whole file.
fn refused(cx: &Context<'_>, out: &mut Findings) {
    for from in &cx.server.carryings {
        for odd in &from.carried.odd {
            let OddKind::Substitution(_) = &odd.kind else { continue };
            let text = from.document.source.text().get(odd.span.range()).unwrap_or_default();
            if !text.contains("__login__sso") && !odd.path.to_string().contains("__login__sso") {
                continue;
            }
            let problem = Problem::new(
                "compose cannot replace the dollar sign in this value",
                from.document.place(odd.span, odd.path.clone()),
            )
            .severity(Severity::Error)
            .why("it takes it for the beginning of a reference and refuses the whole file")
            .remedy("$$ for one dollar sign");
            out.report(&DOLLAR.rule, problem);
        }
    }
}
