//! The company in which users are created, and hints that were left in.

use crate::apps::clearml::{Entry, Given, Value};
use crate::model::{Placeholder, placeholder};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::context::Context;
use crate::rules::{Check, Lint};

pub(in crate::rules) static NONE: Lint = lint!(
    "CLR050",
    "no-default-company",
    Info,
    "without a default company nobody is created at sign-in",
    Check::Elsewhere
);
pub(in crate::rules) static OF_OTHER: Lint = lint!(
    "CLR051",
    "company-of-other-provider",
    Error,
    "default_company is set on another provider",
    Check::Elsewhere
);
pub(in crate::rules) static ODD_ID: Lint = lint!(
    "CLR052",
    "odd-company-id",
    Warning,
    "a company id is not 32 hexadecimal characters",
    Check::Elsewhere
);
pub(in crate::rules) static PLACEHOLDER: Lint = lint!(
    "CLR053",
    "clearml-placeholder",
    Error,
    "a placeholder of the guide is left",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for given in &cx.server.providers {
        if is_stray(cx, given) {
            of_other(cx, given, out);
        } else if cx.server.setting(given, KEY).is_none() && !has_stray(cx) {
            let problem = cx
                .at_provider(format!("{} has no default_company", given.key), given)
                .why("only people who were invited or whose address is on the list of allowed ones can sign in")
                .remedy("default_company with the id of the company, or leave it so on purpose");
            out.report(&NONE.rule, problem);
        }
    }
    for entry in cx.server.entries.iter().filter(|entry| entry.spot.rest == KEY) {
        odd_id(cx, entry, out);
    }
}

/// Whether a provider has a company and nothing else, while another one lacks it.
pub(super) fn is_stray(cx: &Context<'_>, given: &Given) -> bool {
    let is_alone = given.entries.iter().all(|&at| cx.server.entries[at].spot.rest == KEY);
    is_alone && lacking(cx, given).is_some()
}

/// The provider that is set up without a company.
fn lacking<'c>(cx: &'c Context<'_>, stray: &Given) -> Option<&'c Given> {
    cx.server.providers.iter().find(|other| {
        let is_other = (other.family, &other.key) != (stray.family, &stray.key);
        is_other && cx.server.setting(other, KEY).is_none()
    })
}

fn has_stray(cx: &Context<'_>) -> bool {
    cx.server.providers.iter().any(|given| is_stray(cx, given))
}

fn of_other(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let Some(other) = lacking(cx, given) else { return };
    let problem = cx
        .at_provider(
            format!("default_company is set for {}, and {} is set up", given.key, other.key),
            given,
        )
        .why("the provider that people use has no company, so no users are created")
        .remedy(format!(
            "CLEARML__secure__login__sso__{}__{}__default_company",
            other.family.word(),
            Context::shown(&other.key)
        ));
    out.report(&OF_OTHER.rule, problem);
}

fn odd_id(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let (Some(id), Some(card)) = (entry.value.text(), entry.card()) else { return };
    let is_hint = matches!(placeholder(&card.card, id), Some(Placeholder::Hint(_)));
    let is_sound = id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sound || is_hint || id.trim().is_empty() {
        return;
    }
    let problem = cx
        .at_value("this is no usual id of a company: 32 hexadecimal characters", entry)
        .why("with the id of no company sign-in fails for everybody new")
        .remedy("the id of the company, as ClearML shows it, without dashes");
    out.report(&ODD_ID.rule, problem);
}

/// Hints of the guides where values belong.
pub(super) fn placeholders(cx: &Context<'_>, out: &mut Findings) {
    for entry in &cx.server.entries {
        let Some(card) = entry.card() else { continue };
        let texts: Vec<&str> = match &entry.value {
            Value::Text(text, _) => vec![text.as_str()],
            Value::List(items) => items.iter().flatten().map(String::as_str).collect(),
            _ => continue,
        };
        let found = texts.iter().find_map(|text| {
            let is_bracketed = text.trim().starts_with('<') && text.trim().ends_with('>');
            placeholder(&card.card, text)
                .or(is_bracketed.then_some(Placeholder::Hint("a hint in brackets")))
        });
        let (message, severity) = match found {
            Some(Placeholder::Hint(hint)) => {
                (format!("{} is {hint}, not a value", entry.spot.rest), Severity::Error)
            }
            Some(Placeholder::ReservedName) => (
                format!("{} has a name that is reserved for documentation", entry.spot.rest),
                Severity::Warning,
            ),
            None => continue,
        };
        let problem = cx
            .at_value(message, entry)
            .severity(severity)
            .why("no login can work with it")
            .remedy("the value of your own installation");
        out.report(&PLACEHOLDER.rule, problem);
    }
}

const KEY: &str = "default_company";
