//! Hints that nobody has replaced yet.

use crate::model::{Placeholder, Setting, SettingCard, State, placeholder};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;

pub(in crate::rules) static PLACEHOLDER: Lint = lint!(
    "CVAT008",
    "placeholder",
    Error,
    "a placeholder that was left in",
    Check::Deployment(placeholders)
);

fn placeholders(cx: &Subject<'_>, out: &mut Findings) {
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
        _ => None,
    };
    if let Some(found) = found {
        let mut problem =
            problem(found, &setting.card.key, &cx.shown(setting), cx.value_place(setting));
        problem.provider = provider.map(str::to_owned);
        out.report(&PLACEHOLDER.rule, problem);
    }
}

fn problem(found: Placeholder, key: &str, shown: &str, place: Place) -> Problem {
    match found {
        Placeholder::Hint(kind) => Problem::new(format!("a placeholder is left in {key}"), place)
            .label(kind)
            .why("CVAT takes it literally, so no login through it can work")
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
    for variable in &cx.config.environment.variables {
        let Some(value) = variable.known() else { continue };
        if !cx.app.recognise.variables.contains(&variable.name) {
            continue;
        }
        let Some(found) = placeholder(address_card(cx), value) else { continue };
        let place = Place {
            source: std::sync::Arc::clone(&variable.source),
            span: variable.span,
            path: KeyPath::default().key(&variable.name),
        };
        let shown = variable.source.quote(variable.span);
        out.report(&PLACEHOLDER.rule, problem(found, &variable.name, &shown, place));
    }
}

/// The card of any address.
fn address_card(cx: &Subject<'_>) -> &'static SettingCard {
    let cards = &cx.app.provider_settings;
    cards.iter().find(|card| card.kind == crate::model::Kind::Url).expect("an app has addresses")
}
