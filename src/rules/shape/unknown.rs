//! Keys that nobody knows.

use crate::libraries::allauth;
use crate::model::{Nearness, Provider, Role, Setting, State, nearest};
use crate::problem::{Place, Problem};
use crate::rule::{Rule, Severity};
use crate::rules::cvat::shape_cards as cards;
use crate::rules::shape::Spot;
use crate::rules::shape::missing::is_required;
use crate::rules::{Subject, edits};
use crate::source::{bare_name, printable};
use crate::syntax::tree::NodeRef;

pub(super) fn unknown_key(
    cx: &Subject<'_>,
    spot: &Spot<'_>,
    key: &str,
    (name, value): (NodeRef<'_>, NodeRef<'_>),
) -> Option<(&'static Rule, Problem)> {
    let is_top = spot.keys.is_empty();
    let belongs_below =
        || cx.app.settings.iter().chain(&cx.app.provider_settings).any(|card| card.key == key);
    if is_top && spot.value?.get("sso").is_none() && belongs_below() {
        return None;
    }
    if is_top && (TOP_LEVEL_HOLDERS.contains(&key) || key.starts_with("x-") || key.starts_with('.'))
    {
        return None;
    }
    let path = spot.path.key(key);
    let place = cx.place(name.span(), path);
    if spot.keys.last().is_some_and(|last| last == "attribute_mapping") {
        return Some((
            &cards::UNKNOWN_ACCOUNT_FIELD.rule,
            unknown_field(cx, spot, key, (name, value), place),
        ));
    }
    let shown = printable(bare_name(key));
    let mut problem = Problem::new(format!("CVAT does not read `{shown}`"), place);
    problem = match (meant(cx, spot, key), beside(cx, spot, key)) {
        (Some(("sso", _)), _) if is_top => return None,
        (Some((meant, is_slip)), _) => {
            let problem = renamed(problem, (name, value), meant, is_slip);
            if is_needed(spot, meant) {
                let why = format!(
                    "an unknown key is passed over without a word, so {meant} counts as missing"
                );
                problem.severity(Severity::Error).why(why)
            } else {
                problem
            }
        }
        (None, Some(note)) => problem.note(note),
        (None, None) => problem,
    };
    let known = known_keys(cx, spot).join(", ");
    let remedy =
        if known.is_empty() { "take it out".to_owned() } else { format!("one of {known}") };
    if problem.remedy.is_none() {
        problem = problem.remedy(remedy);
    }
    if problem.why.is_none() {
        problem = problem.why("an unknown key is passed over without a word, and so is its value");
    }
    Some((&cards::UNKNOWN_KEY.rule, problem))
}

/// Whether nothing works without a key.
fn is_needed(spot: &Spot<'_>, key: &str) -> bool {
    let has_inline = || {
        spot.provider
            .is_some_and(|provider| provider.has(Role::SsoUrl) || provider.has(Role::Certificate))
    };
    match key {
        "attribute_mapping" => true,
        "metadata_url" => !has_inline(),
        key => is_required(key),
    }
}

fn unknown_field(
    cx: &Subject<'_>,
    spot: &Spot<'_>,
    key: &str,
    entry: (NodeRef<'_>, NodeRef<'_>),
    place: Place,
) -> Problem {
    let shown = printable(bare_name(key));
    let problem = Problem::new(format!("CVAT's accounts have no field `{shown}`"), place);
    if let Some((meant, is_slip)) = meant(cx, spot, key) {
        return renamed(problem, entry, meant, is_slip)
            .why("the attribute is read and thrown away, and the field stays empty");
    }
    problem
        .why("the attribute is read and thrown away; CVAT gives out groups, roles and organizations itself, never by SSO")
        .remedy(format!("one of {}", known_keys(cx, spot).join(", ")))
}

/// A problem with the right name in place of a wrong one.
fn renamed(
    problem: Problem,
    (name, _): (NodeRef<'_>, NodeRef<'_>),
    meant: &str,
    is_slip: bool,
) -> Problem {
    let problem =
        problem.label(format!("did you mean `{meant}`?")).remedy(format!("rename it to {meant}"));
    let inside = edits::text(&problem.place.source, name, meant);
    let edit = inside.unwrap_or_else(|| vec![(name.span(), meant.to_owned())]);
    let title = format!("rename to {meant}");
    if is_slip { problem.safe_fix(title, edit) } else { problem.unsafe_fix(title, edit) }
}

/// The absent key that an unknown one means, and whether it is only a slip of the pen.
fn meant<'c>(cx: &'c Subject<'_>, spot: &Spot<'_>, key: &str) -> Option<(&'c str, bool)> {
    let claimed = spot.settings(cx).find(|setting| {
        setting.state == State::Misspelt && *setting.parent == spot.path && named(setting, key)
    });
    if let Some(setting) = claimed {
        let is_slip = nearest(key, [setting.card.key.as_str()]).is_some();
        return Some((setting.card.key.as_str(), is_slip));
    }
    let others = OTHER_KEYS.iter().filter(|(parent, _)| spot.keys.join(".") == *parent);
    let names = others.flat_map(|(_, names)| names.iter().copied());
    let absent = names.filter(|name| spot.value.is_none_or(|map| map.get(name).is_none()));
    let (name, nearness) = nearest(key, absent)?;
    Some((name, matches!(nearness, Nearness::SameLetters | Nearness::Slip)))
}

fn named(setting: &Setting<'_>, key: &str) -> bool {
    setting.entry.is_some_and(|(name, _)| name.key_text() == Some(key))
}

/// What else is to be said of a key that is unknown here.
fn beside(cx: &Subject<'_>, spot: &Spot<'_>, key: &str) -> Option<String> {
    if allauth::UNDOCUMENTED_KEYS.contains(&key) {
        return Some(
            "django-allauth knows such a setting, but CVAT does not document that it hands it on"
                .to_owned(),
        );
    }
    if let Some((near, _)) = nearest(key, known_keys(cx, spot)) {
        return Some(format!("{near} stands beside it already"));
    }
    let belongs = cx.app.provider_settings.iter().any(|card| card.key == key);
    if belongs && spot.provider.is_none() {
        return Some(format!("{key} belongs into an entry of identity_providers"));
    }
    let is_common = cx.app.settings.iter().any(|card| card.key == key);
    is_common.then(|| format!("{key} belongs directly under sso"))
}

/// The keys that can stand in a map.
fn known_keys<'c>(cx: &'c Subject<'_>, spot: &Spot<'_>) -> Vec<&'c str> {
    let cards = match (spot.keys.len(), spot.provider) {
        (0, _) => return vec!["sso", "social_account"],
        (1, _) if spot.keys[0] == "sso" => cx.app.settings.iter().collect(),
        (3, Some(provider)) => {
            let fits = |card: &&_| fits(card, provider);
            cx.app.provider_settings.iter().filter(fits).collect::<Vec<_>>()
        }
        (4, Some(_)) => cx.app.fields.iter().collect(),
        (2, _) => cx.app.social.iter().collect(),
        _ => Vec::new(),
    };
    cards.into_iter().map(|card| card.key.as_str()).collect()
}

fn fits(card: &crate::model::SettingCard, provider: &Provider<'_>) -> bool {
    card.protocol.is_none() || provider.protocol.is_none() || card.protocol == provider.protocol
}

/// Sections that other tools keep in the same file.
const TOP_LEVEL_HOLDERS: [&str; 1] = ["sops"];
/// Keys that have no card of their own, by the map they stand in.
const OTHER_KEYS: [(&str, &[&str]); 2] = [
    ("", &["sso", "social_account"]),
    ("social_account", &["enabled", "google", "github", "amazon_cognito"]),
];
