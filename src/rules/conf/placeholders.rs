//! Hints that nobody has replaced yet.

use std::sync::Arc;

use crate::model::{Kind, Placeholder, Setting, SettingCard, State, is_unknown, placeholder};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;
use crate::syntax::tree::{self, NodeRef};

pub(in crate::rules) static PLACEHOLDER: Lint = lint!(
    "CONF008",
    "left-placeholder",
    Error,
    "a placeholder that was left in",
    Check::Deployment(placeholders)
);

fn placeholders(cx: &Subject<'_>, out: &mut Findings) {
    if WITH_CODES_OF_THEIR_OWN.contains(&cx.app.id.as_str()) {
        return;
    }
    for setting in &cx.config.settings {
        judge(cx, setting, None, out);
    }
    for provider in &cx.config.providers {
        for setting in provider.settings.iter().chain(&provider.mapping) {
            judge(cx, setting, provider.label(), out);
        }
    }
    if cx.deployment.judges_environment() {
        variables(cx, out);
    }
}

fn judge(cx: &Subject<'_>, setting: &Setting<'_>, provider: Option<&str>, out: &mut Findings) {
    let found = match setting.state {
        State::Placeholder(found) => Some(found),
        State::Text(text) => placeholder(setting.card, text),
        State::Other => return inside(cx, setting, provider, out),
        _ => None,
    };
    if let Some(found) = found {
        let shown = cx.shown(setting);
        let place = cx.value_place(setting);
        let problem = problem(&cx.app.name, found, &setting.card.key, &shown, place);
        let provider = provider.map(str::to_owned);
        out.report(&PLACEHOLDER.rule, Problem { provider, ..problem });
    }
}

/// The texts of a list or map, however deep the reader lets them be.
fn inside(cx: &Subject<'_>, setting: &Setting<'_>, provider: Option<&str>, out: &mut Findings) {
    let Some(value) = setting.read_value() else { return };
    let mut open: Vec<(NodeRef<'_>, KeyPath)> = vec![(value, setting.path())];
    let mut budget = MOST_VALUES;
    while let Some((node, path)) = open.pop() {
        let Some(left) = budget.checked_sub(1) else { return };
        budget = left;
        let items = node.items().into_iter().flatten().enumerate();
        open.extend(items.map(|(index, item)| (item, path.index(index))));
        for (key, value) in node.pairs().into_iter().flatten() {
            open.push((value, path.key(key.key_text().unwrap_or("?"))));
        }
        let text = node.scalar().filter(|scalar| scalar.kind == tree::Kind::Text);
        let Some(text) = text.filter(|_| !is_unknown(node)) else { continue };
        let Some(found @ Placeholder::Hint(_)) = placeholder(setting.card, &text.text) else {
            continue;
        };
        let place = Place { span: node.span(), path, ..cx.key_place(setting) };
        let shown = place.source.quote(node.span());
        let problem = problem(&cx.app.name, found, &setting.card.key, &shown, place);
        let provider = provider.map(str::to_owned);
        out.report(&PLACEHOLDER.rule, Problem { provider, ..problem });
    }
}

fn problem(app: &str, found: Placeholder, key: &str, shown: &str, place: Place) -> Problem {
    match found {
        Placeholder::Hint(kind) => Problem::new(format!("a placeholder is left in {key}"), place)
            .label(kind)
            .why(format!("{app} takes it literally, so no login through it can work"))
            .remedy("fill in the value for this installation"),
        Placeholder::ReservedName => Problem::new(
            format!("{key} uses a name that is reserved for documentation: {shown}"),
            place,
        )
        .severity(Severity::Warning)
        .why("nobody can own such a name (RFC 2606), so it was most likely copied from an example")
        .remedy("fill in the name that is used here"),
    }
}

/// Variables are judged like addresses: a hint anywhere in them counts.
fn variables(cx: &Subject<'_>, out: &mut Findings) {
    let Some(card) = address_card(cx) else { return };
    for variable in &cx.config.environment.variables {
        let is_ours = cx.app.recognise.is_variable(&variable.name)
            || cx.app.urls.base_variable.as_ref() == Some(&variable.name);
        let Some(value) = variable.known().filter(|_| is_ours) else { continue };
        let Some(found) = placeholder(card, value) else { continue };
        let place = Place {
            source: Arc::clone(&variable.source),
            span: variable.span,
            path: KeyPath::default().key(&variable.name),
        };
        let shown = variable.source.quote(variable.span);
        out.report(&PLACEHOLDER.rule, problem(&cx.app.name, found, &variable.name, &shown, place));
    }
}

/// The card of any address.
fn address_card(cx: &Subject<'_>) -> Option<&'static SettingCard> {
    cx.app.provider_settings.iter().find(|card| card.kind == Kind::Url)
}

/// Applications whose own tables have a code for it.
const WITH_CODES_OF_THEIR_OWN: [&str; 2] = ["clearml", "cvat"];
/// Values of one setting that are looked at.
const MOST_VALUES: usize = 20_000;
