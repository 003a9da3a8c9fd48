//! The company in which users are created, and hints that were left in.

use crate::apps::clearml::{Entry, Given, Value};
use crate::model::{Kind, Placeholder, placeholder};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::context::{COMPANY, Context, at_value};
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
    let has_stray = cx.server.providers.iter().any(|given| is_stray(cx, given));
    for given in &cx.server.providers {
        if is_stray(cx, given) {
            of_other(cx, given, out);
        } else if cx.counts(given) && cx.server.setting(given, COMPANY).is_none() && !has_stray {
            let problem = cx
                .at_provider(format!("{} has no default_company", given.key), given)
                .why("only people who were invited or whose address is on the list of allowed ones can sign in")
                .remedy("default_company with the id of the company, or leave it so on purpose");
            out.report(&NONE.rule, problem);
        }
    }
    for entry in cx.server.entries.iter().filter(|entry| entry.spot.rest == COMPANY) {
        odd_id(entry, out);
    }
}

/// Whether a provider has a company and nothing else, while another one lacks it.
pub(super) fn is_stray(cx: &Context<'_>, given: &Given) -> bool {
    cx.meant_by_stray(given).is_some()
}

fn of_other(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let Some(other) = cx.meant_by_stray(given) else { return };
    let (own, key) = (Context::shown(&given.key), Context::shown(&other.key));
    let problem = cx
        .at_provider(format!("default_company is set for {own}, and {key} is set up"), given)
        .why("the provider that people use has no company, so no users are created")
        .remedy(format!(
            "CLEARML__secure__login__sso__{}__{key}__default_company",
            other.family.word()
        ));
    out.report(&OF_OTHER.rule, problem);
}

fn odd_id(entry: &Entry<'_>, out: &mut Findings) {
    let (Some(id), Some(card)) = (entry.value.text(), entry.card()) else { return };
    let is_hint = matches!(placeholder(&card.card, id), Some(Placeholder::Hint(_)));
    let is_sound = id.len() == ID_LENGTH && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_sound || is_hint || id.trim().is_empty() {
        return;
    }
    let problem = at_value("this is no usual id of a company: 32 hexadecimal characters", entry)
        .why("with the id of no company sign-in fails for everybody new")
        .remedy("the id of the company, as ClearML shows it, without dashes");
    out.report(&ODD_ID.rule, problem);
}

/// Whether a text is a hint as the guides of ClearML write them: `<company_id>`.
pub(super) fn is_hint(text: &str) -> bool {
    let text = text.trim();
    text.len() > 2 && text.starts_with('<') && text.ends_with('>')
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
        let is_list = card.card.kind == Kind::List;
        let found = texts.iter().find_map(|text| match is_hint(text) {
            true => Some(Placeholder::Hint("a hint in brackets")),
            // Brackets around a text that should be a list are no hint.
            false if is_list && entry.value.text().is_some() => None,
            false => placeholder(&card.card, text),
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
        let problem = at_value(message, entry)
            .severity(severity)
            .why("no login can work with it")
            .remedy("the value of your own installation");
        out.report(&PLACEHOLDER.rule, problem);
    }
}

/// Characters of the id of a company.
const ID_LENGTH: usize = 32;
