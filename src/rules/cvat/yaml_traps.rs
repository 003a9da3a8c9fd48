//! Values that YAML reads as something else than was written.

use std::collections::HashMap;

use crate::model::{Kind, Setting};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, edits, maps};
use crate::source::{Span, is_secret_key};
use crate::syntax::tree::{self, Comment, Entry, NodeRef, Origin, Scalar, Style, Tree, Value};

pub(in crate::rules) static TRAP: Lint = lint!(
    "CVAT071",
    "yaml-trap",
    Warning,
    "YAML that does not say what it seems to: a repeated key, a number for text, a value cut at `#`",
    Check::Settings(traps)
);
pub(in crate::rules) static CHANGED: Lint = lint!(
    "CVAT072",
    "value-changed-by-yaml",
    Error,
    "a value that is another one once YAML has read it",
    Check::Settings(changed)
);

fn traps(cx: &Subject<'_>, out: &mut Findings) {
    let Some(document) = cx.document() else { return };
    repeated_keys(cx, &document.tree, out);
    cut_values(cx, &document.tree, out);
    for (setting, provider) in all_settings(cx) {
        let problem = match reading(cx, setting) {
            Some(Reading::SameNumber) => same_number(cx, setting),
            Some(Reading::OtherInteger(read)) => other_integer(cx, setting, &read),
            Some(Reading::OtherText(_)) | None => continue,
        };
        out.report(&TRAP.rule, Problem { provider, ..problem });
    }
}

fn changed(cx: &Subject<'_>, out: &mut Findings) {
    for (setting, provider) in all_settings(cx) {
        let Some(Reading::OtherText(read)) = reading(cx, setting) else { continue };
        let key = &setting.card.key;
        let message = if setting.card.secret {
            format!("{key} is not read as it is written: YAML takes it for {}", read.kind)
        } else {
            format!(
                "{key} is written `{}` and read as `{}`, {}",
                cx.shown(setting),
                read.value,
                read.kind
            )
        };
        let span = setting.span().expect("a value that is read stands somewhere");
        let problem = Problem { provider, ..Problem::new(message, cx.value_place(setting)) }
            .why("CVAT gets what YAML 1.1 makes of it, and the identity provider compares another text")
            .remedy("the same in quotes")
            .safe_fix("put it in quotes", edits::quote(span));
        out.report(&CHANGED.rule, problem);
    }
}

/// Every setting of the document, with the id of its provider.
fn all_settings<'c, 't>(
    cx: &'c Subject<'t>,
) -> impl Iterator<Item = (&'c Setting<'t>, Option<String>)> {
    let common = cx.config.settings.iter().map(|setting| (setting, None));
    let provided = cx.config.providers.iter().flat_map(|provider| {
        let label = provider.label().map(str::to_owned);
        provider
            .settings
            .iter()
            .chain(&provider.mapping)
            .map(move |setting| (setting, label.clone()))
    });
    common.chain(provided)
}

/// How a plain value is read.
enum Reading {
    /// As a number that prints as it is written.
    SameNumber,
    /// As a whole number other than its digits say, where a number is meant.
    OtherInteger(String),
    /// As something that prints in another way, where text is meant.
    OtherText(Read),
}

struct Read {
    value: String,
    kind: &'static str,
}

fn reading(cx: &Subject<'_>, setting: &Setting<'_>) -> Option<Reading> {
    let value = setting.read_value()?;
    let scalar = value.scalar().filter(|scalar| scalar.style == Style::Plain)?;
    if value.node().tag.is_some() {
        return None;
    }
    let written = &cx.document()?.source.text()[value.span().range()];
    match setting.card.kind {
        Kind::Integer => match &scalar.kind {
            tree::Kind::Int(digits) if digits != written.trim_start_matches('+') => {
                Some(Reading::OtherInteger(digits.clone()))
            }
            _ => None,
        },
        Kind::Choice => None,
        kind if kind.is_text() => as_text(scalar, written),
        _ => None,
    }
}

fn as_text(scalar: &Scalar, written: &str) -> Option<Reading> {
    let (value, kind) = match &scalar.kind {
        tree::Kind::Int(digits) => (digits.clone(), "a whole number"),
        tree::Kind::Float(number) => (python_float(*number), "a number with a fraction"),
        tree::Kind::Bool(true) => ("True".to_owned(), "a truth value"),
        tree::Kind::Bool(false) => ("False".to_owned(), "a truth value"),
        tree::Kind::Timestamp(text) => (text.clone(), "a date"),
        tree::Kind::Duration(text) => (text.clone(), "a duration"),
        tree::Kind::Binary => (String::new(), "bytes"),
        tree::Kind::Null | tree::Kind::Text => return None,
    };
    let is_number = matches!(scalar.kind, tree::Kind::Int(_) | tree::Kind::Float(_));
    if is_number && value == written {
        return Some(Reading::SameNumber);
    }
    Some(Reading::OtherText(Read { value, kind }))
}

/// A float as Python prints it.
fn python_float(number: f64) -> String {
    if number.is_nan() {
        return "nan".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "inf".to_owned() } else { "-inf".to_owned() };
    }
    let magnitude = number.abs();
    if magnitude != 0.0 && !(1e-4..1e16).contains(&magnitude) {
        let text = format!("{number:e}");
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let (sign, digits) =
            exponent.strip_prefix('-').map_or(("+", exponent), |digits| ("-", digits));
        return format!("{mantissa}e{sign}{digits:0>2}");
    }
    let text = number.to_string();
    if text.contains('.') { text } else { format!("{text}.0") }
}

fn same_number(cx: &Subject<'_>, setting: &Setting<'_>) -> Problem {
    let span = setting.span().expect("a value that is read stands somewhere");
    Problem::new(
        format!("{} is read as a number, and text is meant", setting.card.key),
        cx.value_place(setting),
    )
    .why(
        "this number is read unchanged, but one like 0123 or 1_000 would not be; quotes make it safe",
    )
    .remedy("the same in quotes")
    .safe_fix("put it in quotes", edits::quote(span))
}

fn other_integer(cx: &Subject<'_>, setting: &Setting<'_>, read: &str) -> Problem {
    let span = setting.span().expect("a value that is read stands somewhere");
    let message =
        format!("{} is written {} and read as {read}", setting.card.key, cx.shown(setting));
    Problem::new(message, cx.value_place(setting))
        .why("YAML 1.1 knows octal, hexadecimal and base-60 numbers")
        .remedy(format!("{read}, if that is meant"))
        .unsafe_fix(format!("write {read}"), vec![(span, read.to_owned())])
}

/// Keys that stand twice in one map: the last one counts, and nothing says so.
fn repeated_keys(cx: &Subject<'_>, tree: &Tree, out: &mut Findings) {
    let repeats = |entry: &&Entry| entry.hidden && entry.origin == Origin::Own;
    let any = tree.nodes.iter().any(|node| match &node.value {
        Value::Map(entries) => entries.iter().any(|entry| repeats(&entry)),
        Value::List(_) | Value::Scalar(_) => false,
    });
    for (map, path) in if any { maps(tree) } else { Vec::new() } {
        let entries = map.entries().unwrap_or_default();
        let winners = winners(tree, entries);
        for entry in entries.iter().filter(repeats) {
            let key = NodeRef { tree, id: entry.key };
            let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
            let Some(winner) = winners.get(&key_of(tree, entry)) else { continue };
            let problem = Problem::new(
                format!("key `{name}` stands twice in this map"),
                cx.place(winner.span(), path.key(name)),
            )
            .label("this one counts")
            .related(cx.place(key.span(), path.key(name)), "this one is dropped without a word")
            .why("PyYAML keeps the last one and says nothing")
            .remedy("keep one of them");
            out.report(&TRAP.rule, problem);
        }
    }
}

/// The keys that count in a map, by what they are.
fn winners<'t>(tree: &'t Tree, entries: &[Entry]) -> HashMap<(&'t str, bool), NodeRef<'t>> {
    let visible = entries.iter().filter(|entry| !entry.hidden && entry.origin == Origin::Own);
    visible.map(|entry| (key_of(tree, entry), NodeRef { tree, id: entry.key })).collect()
}

/// What a key is: its text, and whether it is text.
fn key_of<'t>(tree: &'t Tree, entry: &Entry) -> (&'t str, bool) {
    let key = NodeRef { tree, id: entry.key };
    (key.scalar().map_or("", |scalar| scalar.text.as_str()), key.key_text().is_some())
}

/// Values that end at a ` #` which was most likely meant to be part of them.
fn cut_values(cx: &Subject<'_>, tree: &Tree, out: &mut Findings) {
    let Some(document) = cx.document() else { return };
    let text = document.source.text();
    // Most comments begin with a blank and hold plain words: those cut nothing.
    let looks_cut = |comment: &&Comment| {
        let inside = &text[comment.span.start + 1..comment.span.end];
        let words = inside.trim();
        !inside.starts_with([' ', '\t']) || words.contains(['"', '\'']) || !words.contains(' ')
    };
    let trailing: Vec<&Comment> =
        tree.comments.iter().filter(|comment| !comment.alone).filter(looks_cut).collect();
    if trailing.is_empty() {
        return;
    }
    for (map, path) in maps(tree) {
        for (key, value) in map.pairs().into_iter().flatten() {
            let Some(scalar) = value.scalar().filter(|scalar| scalar.style == Style::Plain) else {
                continue;
            };
            let end = value.span().end;
            let behind = trailing.partition_point(|comment| comment.span.start < end);
            let Some(comment) = trailing.get(behind) else { continue };
            let gap = &text[end..comment.span.start];
            let name = key.key_text().unwrap_or_default();
            if scalar.text.is_empty() || !gap.trim().is_empty() || gap.contains('\n') {
                continue;
            }
            if is_cut(name, scalar, &text[comment.span.start + 1..comment.span.end]) {
                let span = Span::new(value.span().start, comment.span.end);
                let problem = Problem::new(format!("the value of {name} ends at the ` #`"), cx.place(span, path.key(name)))
                    .label("from the # on it is a comment")
                    .why("YAML takes a # behind a blank for the start of a comment")
                    .remedy("put the whole value in quotes, or set the comment off with a blank behind the #")
                    ;
                let whole = &text[span.range()];
                let has_comment = whole[1..].matches(" #").count() > 1;
                let quoted = edits::quote_text(span, whole).filter(|_| !has_comment);
                let problem = match quoted {
                    Some(edits) => problem.unsafe_fix("put the whole in quotes", edits),
                    None => problem,
                };
                out.report(&TRAP.rule, problem);
            }
        }
    }
}

/// Whether a comment looks like the rest of the value before it.
fn is_cut(key: &str, scalar: &Scalar, comment: &str) -> bool {
    let is_ours = comment.trim_start().starts_with("ssoctl:");
    if scalar.kind != tree::Kind::Text || comment.starts_with('#') || is_ours {
        return false;
    }
    let odd = |text: &str, quote| text.matches(quote).count() % 2 == 1;
    let is_unbalanced =
        ['"', '\''].iter().any(|&quote| odd(&scalar.text, quote) && odd(comment, quote));
    let glued = comment.starts_with(|c: char| !c.is_whitespace());
    let one_word = !comment.trim().contains(char::is_whitespace);
    let is_secret = is_secret_key(key)
        && one_word
        && comment.chars().any(|c| c.is_ascii_digit())
        && comment.chars().any(char::is_alphabetic);
    glued || is_unbalanced || is_secret
}

#[cfg(test)]
mod tests {
    use super::python_float;

    #[test]
    fn floats_print_as_in_python() {
        for (number, text) in [
            (1.1, "1.1"),
            (1500.0, "1500.0"),
            (1e16, "1e+16"),
            (1.5e-7, "1.5e-07"),
            (0.0001, "0.0001"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(python_float(number), text);
        }
    }
}
