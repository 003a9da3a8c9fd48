//! Keys and kinds of values in the sheet itself.

use std::collections::HashSet;

use crate::apps::calabi::{NESTED, cards};
use crate::apps::meant_card;
use crate::model::{Kind, SettingCard, is_unknown};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, edits};
use crate::source::{KeyPath, printable};
use crate::syntax::tree::{self, NodeRef};

pub(in crate::rules) static UNKNOWN_KEY: Lint = lint!(
    "CAL044",
    "unknown-sheet-key",
    Warning,
    "a key that the sheet does not have",
    Check::Settings(shape)
);
pub(in crate::rules) static WRONG_TYPE: Lint = lint!(
    "CAL045",
    "wrong-sheet-value",
    Error,
    "a value of another kind than the sheet has there",
    Check::Elsewhere
);
pub(in crate::rules) static MISSING_SETTING: Lint = lint!(
    "CAL046",
    "missing-sheet-setting",
    Error,
    "a field of the form that must be filled in, and is not in the sheet",
    Check::Elsewhere
);

/// A map of the sheet that is still to be looked at.
struct Open<'t> {
    name: &'static str,
    map: NodeRef<'t>,
    path: KeyPath,
}

fn shape(cx: &Subject<'_>, out: &mut Findings) {
    let Some(root) = cx.config.root else { return };
    let path = KeyPath::default().key("calabi");
    let Some((key, sheet)) = root.entry("calabi").filter(|(_, sheet)| sheet.entries().is_some())
    else {
        let problem = Problem::new("the sheet has no section calabi", cx.place(root.span(), path))
            .why("everything that is recorded of Calabi stands below it")
            .remedy("calabi: at the beginning of a line, and everything else indented below it");
        out.report(&MISSING_SETTING.rule, problem);
        return;
    };
    missing(cx, "calabi", sheet, key, &path, out);
    beside(cx, root, out);
    let mut seen = HashSet::new();
    let mut open = vec![Open { name: "calabi", map: sheet, path }];
    while let Some(next) = open.pop() {
        if seen.insert(next.map.id) {
            map(cx, &next, &mut open, out);
        }
    }
}

/// Settings that stand beside `calabi` instead of below it.
fn beside(cx: &Subject<'_>, root: NodeRef<'_>, out: &mut Findings) {
    for (key, _) in root.pairs().into_iter().flatten() {
        let Some(name) = key.key_text().filter(|name| *name != "calabi") else { continue };
        if cards("calabi").iter().all(|card| card.key != name) {
            continue;
        }
        let place = cx.place(key.span(), KeyPath::default().key(name));
        let problem = Problem::new(format!("{name} stands beside calabi, not below it"), place)
            .why("nothing outside of calabi is looked at")
            .remedy("two more blanks before it and before what belongs to it");
        out.report(&UNKNOWN_KEY.rule, problem);
    }
}

fn map<'t>(cx: &Subject<'_>, at: &Open<'t>, open: &mut Vec<Open<'t>>, out: &mut Findings) {
    let cards = cards(at.name);
    for (key, value) in at.map.pairs().into_iter().flatten() {
        let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
        let Some(card) = cards.iter().find(|card| card.key == name) else {
            unknown(cx, at, cards, key, out);
            continue;
        };
        let path = at.path.key(name);
        if value.is_null() || is_unknown(value) {
            continue;
        }
        if !is_of_kind(card, value) {
            wrong_kind(cx, card, value, path, out);
            continue;
        }
        let nested = NESTED.iter().find(|nested| nested.outer == at.name && nested.key == name);
        let Some(nested) = nested else { continue };
        if value.entries().is_some() {
            open.push(Open { name: nested.name, map: value, path });
            continue;
        }
        for (index, item) in value.items().into_iter().flatten().enumerate() {
            row(cx, nested.name, item, path.index(index), open, out);
        }
    }
}

fn row<'t>(
    cx: &Subject<'_>,
    name: &'static str,
    item: NodeRef<'t>,
    path: KeyPath,
    open: &mut Vec<Open<'t>>,
    out: &mut Findings,
) {
    if item.entries().is_some() {
        missing(cx, name, item, item, &path, out);
        open.push(Open { name, map: item, path });
    } else if !is_unknown(item) {
        let keys: Vec<&str> = cards(name).iter().map(|card| card.key.as_str()).collect();
        let problem = Problem::new(format!("{path} must be a map"), cx.place(item.span(), path))
            .why("each entry of this list has keys of its own")
            .remedy(format!("an entry with {}", keys.join(", ")));
        out.report(&WRONG_TYPE.rule, problem);
    }
}

fn missing(
    cx: &Subject<'_>,
    name: &str,
    map: NodeRef<'_>,
    at: NodeRef<'_>,
    path: &KeyPath,
    out: &mut Findings,
) {
    let (_, needed) = NEEDED.iter().find(|(of, _)| *of == name).unwrap_or(&("", &[]));
    for (key, why) in *needed {
        let is_blank = |value: NodeRef<'_>| {
            value.is_null() || value.scalar().is_some_and(|scalar| scalar.text.trim().is_empty())
        };
        let entry = map.entry(key);
        let means = |(other, _): (NodeRef<'_>, NodeRef<'_>)| {
            let other =
                other.key_text().filter(|other| cards(name).iter().all(|card| card.key != *other));
            other
                .and_then(|other| meant_card(cards(name), other))
                .is_some_and(|card| card.key == *key)
        };
        let is_misspelt = || map.pairs().into_iter().flatten().any(means);
        if entry.is_some_and(|(_, value)| !is_blank(value)) || (entry.is_none() && is_misspelt()) {
            continue;
        }
        let first = map.pairs().into_iter().flatten().next().map(|(key, _)| key.span());
        let own = if at.id == map.id { first } else { None };
        let span = entry.map(|(key, _)| key.span()).or(own).unwrap_or(at.span());
        let what = if entry.is_some() { "is empty" } else { "is missing" };
        let problem = Problem::new(format!("{key} {what}"), cx.place(span, path.key(key)))
            .why(*why)
            .remedy(format!("{key}: as the form has it"));
        out.report(&MISSING_SETTING.rule, problem);
    }
}

fn unknown(
    cx: &Subject<'_>,
    at: &Open<'_>,
    cards: &'static [SettingCard],
    key: NodeRef<'_>,
    out: &mut Findings,
) {
    let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
    if name.starts_with("x-") {
        return;
    }
    let shown = printable(name);
    let place = cx.place(key.span(), at.path.key(name));
    let problem = Problem::new(format!("the sheet has no key `{shown}` in {}", at.path), place)
        .why("what stands under it is not looked at");
    let free = meant_card(cards, name).filter(|card| at.map.entry(&card.key).is_none());
    let Some(card) = free else {
        let keys: Vec<&str> = cards.iter().map(|card| card.key.as_str()).collect();
        out.report(
            &UNKNOWN_KEY.rule,
            problem.remedy(format!("one of {}; x- before a key of your own", keys.join(", "))),
        );
        return;
    };
    let problem = problem.remedy(format!("did you mean {}?", card.key));
    let source = cx.document().map(|document| &document.source);
    let edit = source.and_then(|source| edits::text(source, key, &card.key));
    out.report(
        &UNKNOWN_KEY.rule,
        match edit {
            Some(edit) => problem.unsafe_fix(format!("write {}", card.key), edit),
            None => problem,
        },
    );
}

fn is_of_kind(card: &SettingCard, value: NodeRef<'_>) -> bool {
    // A token in plain text has a rule of its own.
    if card.key == "token" && value.scalar().is_some() {
        return true;
    }
    match card.kind {
        Kind::List => value.items().is_some(),
        Kind::Map => value.entries().is_some(),
        Kind::Boolean => {
            value.scalar().is_some_and(|scalar| matches!(scalar.kind, tree::Kind::Bool(_)))
        }
        Kind::Integer => {
            value.scalar().is_some_and(|scalar| matches!(scalar.kind, tree::Kind::Int(_)))
        }
        _ => value.scalar().is_some_and(|scalar| scalar.kind == tree::Kind::Text),
    }
}

fn wrong_kind(
    cx: &Subject<'_>,
    card: &SettingCard,
    value: NodeRef<'_>,
    path: KeyPath,
    out: &mut Findings,
) {
    let expected = match card.kind {
        Kind::List => "a list, each entry with a - before it",
        Kind::Map => "a map",
        Kind::Boolean => "true or false",
        Kind::Integer => "a whole number",
        _ => "text",
    };
    let got = match (value.scalar(), value.items().is_some()) {
        (None, true) => "a list".to_owned(),
        (None, false) => "a map".to_owned(),
        (Some(_), _) => {
            cx.document().map_or_else(String::new, |document| document.source.quote(value.span()))
        }
    };
    let is_plain = value.scalar().is_some_and(|scalar| scalar.style == tree::Style::Plain);
    let span = value.span();
    let message = format!("{} must be {expected}, got {got}", card.key);
    let problem = Problem::new(message, cx.place(span, path))
        .why("it is read as something else, and so not compared with anything")
        .remedy(format!("{}: {expected}", card.key));
    let is_time = ["lifetime", "idle_timeout", "refresh_lifetime"].contains(&card.key.as_str());
    out.report(
        &WRONG_TYPE.rule,
        match (expected, is_time) {
            ("text", true) => {
                problem.remedy(format!("{}: a number with its unit, such as 8h", card.key))
            }
            ("text", false) if is_plain && !span.is_empty() => {
                problem.remedy("quotes around it").safe_fix("put it in quotes", edits::quote(span))
            }
            _ => problem,
        },
    );
}

/// Keys that must be there, and why.
const NEEDED: [(&str, &[(&str, &str)]); 4] = [
    ("calabi", &[("domain", "every address to register is built from it")]),
    ("provider", &[("display_name", "the form needs it: it is the text of the button")]),
    (
        "mapping",
        &[
            ("group", "a row maps one group to one role"),
            ("role", "a row maps one group to one role"),
        ],
    ),
    ("sent", &[("name", "an attribute is known by its name")]),
];
