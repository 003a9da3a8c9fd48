//! Values that the server's reader takes for another kind than the setting wants.

use crate::apps::clearml::{Entry, Value};
use crate::model::{Kind, Placeholder, placeholder};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::clearml::context::{Context, with_safe_fix};
use crate::rules::{Check, Lint};
use crate::source::Span;
use crate::syntax::hocon;

pub(in crate::rules) static OTHER_TYPE: Lint = lint!(
    "CLR012",
    "string-read-as-other-type",
    Error,
    "an unquoted value becomes a number, boolean or null where text is needed",
    Check::Elsewhere
);
pub(in crate::rules) static NO_LIST: Lint =
    lint!("CLR013", "list-expected", Error, "a list setting holds one text", Check::Elsewhere);
pub(in crate::rules) static NO_BOOLEAN: Lint = lint!(
    "CLR014",
    "boolean-expected",
    Warning,
    "a switch holds text that is not true or false",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for entry in cx.server.entries.iter().filter(|entry| entry.is_read()) {
        let Some(card) = entry.card() else { continue };
        match card.card.kind {
            Kind::Boolean => no_boolean(cx, entry, out),
            Kind::List => no_list(cx, entry, out),
            kind if kind.is_text() && entry.cut.is_none() => other_type(cx, entry, out),
            _ => {}
        }
    }
}

fn other_type(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let kind = match &entry.value {
        Value::Boolean(_) => "a boolean",
        Value::Odd(kind) => kind,
        Value::List(_) => "a list",
        Value::Map => "a map",
        _ => return,
    };
    let key = Context::shown(&entry.spot.rest);
    let problem = cx
        .at_value(format!("{key} is read as {kind}, and has to be text"), entry)
        .why("without quotes HOCON decides what a value is: leading zeros and final digits get lost, words become true or false")
        .remedy("quotes that reach the server: the carrier takes the outer ones off");
    let edits = cx.quoted(entry);
    let problem = with_safe_fix(problem, "put the value in the quotes of HOCON", edits);
    out.report(&OTHER_TYPE.rule, problem);
}

fn no_list(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let kind = match &entry.value {
        Value::Boolean(_) => "a boolean",
        Value::Odd(kind) if *kind != "null" => kind,
        Value::Text(..) => "one text",
        Value::Map => "a map",
        _ => return,
    };
    let card = entry.card().map(|card| &card.card);
    let is_hint = card
        .zip(entry.value.text())
        .is_some_and(|(card, text)| matches!(placeholder(card, text), Some(Placeholder::Hint(_))));
    if is_hint {
        return;
    }
    let key = Context::shown(&entry.spot.rest);
    let problem = cx
        .at_value(format!("{key} is {kind}, and has to be a list"), entry)
        .why("the server goes through the value item by item, and a text has no items of its own")
        .remedy("[\"one\", \"two\"]");
    let problem = with_safe_fix(problem, "make it a list of one", in_brackets(cx, entry));
    out.report(&NO_LIST.rule, problem);
}

fn in_brackets(cx: &Context<'_>, entry: &Entry<'_>) -> Option<Vec<(Span, String)>> {
    let variable = cx.server.variable(entry)?;
    let Value::Text(text, is_quoted) = &entry.value else { return None };
    if text.contains([',', ';']) || text.trim().is_empty() {
        return None;
    }
    if *is_quoted {
        return cx.wrapped(variable, entry, "[", "]");
    }
    let is_plain = hocon::quoted(text) == format!("\"{text}\"") && variable.known() == Some(text);
    if is_plain { cx.wrapped(variable, entry, "[\"", "\"]") } else { None }
}

fn no_boolean(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let kind = match &entry.value {
        Value::Odd(kind) if *kind != "null" => kind,
        Value::Text(text, _) if !text.trim().is_empty() => "text",
        Value::List(_) => "a list",
        Value::Map => "a map",
        _ => return,
    };
    let key = Context::shown(&entry.spot.rest);
    let problem = cx
        .at_value(format!("{key} is {kind}, and has to be true or false"), entry)
        .why("HOCON knows true and false without quotes; yes, on and \"true\" are text")
        .remedy("true or false, without inner quotes");
    let word = entry.value.text().map(|text| text.trim().to_ascii_lowercase());
    let meant = word.and_then(|word| match word.as_str() {
        "true" | "yes" | "on" => Some("true"),
        "false" | "no" | "off" => Some("false"),
        _ => None,
    });
    let variable = cx.server.variable(entry);
    let edits = variable.zip(meant).and_then(|(variable, meant)| variable.rewrite(meant));
    let problem = match edits {
        Some(edits) => problem.unsafe_fix("write the boolean", edits),
        None => problem,
    };
    out.report(&NO_BOOLEAN.rule, problem);
}
