//! How a provider is chosen, and what has no say in it.

use crate::model::{Provider, Role, Setting};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject};

pub(in crate::rules) static SETTING_WITHOUT_EFFECT: Lint = lint!(
    "CVAT044",
    "setting-without-effect",
    Info,
    "`weight` or `email_domain` in the mode that does not read it",
    Check::Provider(setting_without_effect)
);
pub(in crate::rules) static EQUAL_LOWEST: Lint = lint!(
    "CVAT045",
    "equal-lowest-weights",
    Warning,
    "two providers share the lowest weight",
    Check::Settings(equal_lowest)
);

/// How a provider is chosen for a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// By the domain of the user's e-mail address: the default.
    EmailAddress,
    /// The one with the lowest weight, for everybody.
    LowestWeight,
}

/// The mode that is in force; none where the file does not tell.
pub(super) fn mode(cx: &Subject<'_>) -> Option<Mode> {
    let setting = cx.config.setting(Role::SelectionMode)?;
    match setting.text() {
        Some("email_address") => Some(Mode::EmailAddress),
        Some("lowest_weight") => Some(Mode::LowestWeight),
        Some(_) => None,
        None => (!setting.is_present()).then_some(Mode::EmailAddress),
    }
}

fn setting_without_effect(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let (role, mode, other) = match mode(cx.subject) {
        Some(Mode::EmailAddress) => (Role::Weight, "email_address", "lowest_weight"),
        Some(Mode::LowestWeight) => (Role::EmailDomain, "lowest_weight", "email_address"),
        None => return,
    };
    let Some(setting) = cx.provider.setting(role).filter(|setting| setting.is_present()) else {
        return;
    };
    let key = &setting.card.key;
    let problem = Problem::new(
        format!("{key} has no effect in the mode {mode}"),
        cx.subject.key_place(setting),
    )
    .why(format!("only {other} reads it"))
    .remedy(format!("leave {key} out, or set selection_mode: {other}"));
    out.report(&SETTING_WITHOUT_EFFECT.rule, problem);
}

fn equal_lowest(cx: &Subject<'_>, out: &mut Findings) {
    if mode(cx) != Some(Mode::LowestWeight) {
        return;
    }
    let weights: Option<Vec<i128>> = cx.config.providers.iter().map(weight).collect();
    let Some(weights) = weights else { return };
    let Some(lowest) = weights.iter().min() else { return };
    let mut tied = cx.config.providers.iter().zip(&weights).filter(|(_, weight)| *weight == lowest);
    let Some((first, _)) = tied.next() else { return };
    for (provider, _) in tied {
        let mut problem = Problem::new(format!("two providers share the lowest weight, {lowest}"), place(cx, provider))
            .related(place(cx, first), "the other one")
            .why("the provider with the lowest weight is asked for everybody; of two equal ones it is not documented which")
            .remedy("different weights; an absent weight counts as 10");
        problem.provider = provider.label().map(str::to_owned);
        out.report(&EQUAL_LOWEST.rule, problem);
    }
}

/// The weight in force; none where it cannot be told.
fn weight(provider: &Provider<'_>) -> Option<i128> {
    let setting = provider.setting(Role::Weight)?;
    if setting.is_present() { setting.integer() } else { Some(DEFAULT_WEIGHT) }
}

fn place(cx: &Subject<'_>, provider: &Provider<'_>) -> crate::problem::Place {
    let setting = provider.setting(Role::Weight).filter(|setting| Setting::is_present(setting));
    setting.map_or_else(
        || cx.place(provider.anchor(), (*provider.path).clone()),
        |setting| cx.value_place(setting),
    )
}

/// From CVAT's guide.
const DEFAULT_WEIGHT: i128 = 10;
