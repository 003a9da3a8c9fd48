//! Which attribute fills what.

use crate::apps::label_studio_saml::{Preset, facts};
use crate::idps;
use crate::model::{Nearness, Role, Setting, State, nearest};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::is_whole;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static UNRENAMED_GROUPS_CLAIM: Lint = lint!(
    "LS010",
    "unrenamed-groups-claim",
    Warning,
    "a short name for Entra's group claim, which keeps its URI",
    Check::Provider(unrenamed_groups_claim)
);
pub(in crate::rules) static MIXED_NAMES: Lint = lint!(
    "LS011",
    "mixed-attribute-names",
    Warning,
    "claim URIs beside the short names that pysaml2 makes of them",
    Check::Provider(mixed_names)
);
pub(in crate::rules) static OTHER_THAN_PRESET: Lint = lint!(
    "LS012",
    "other-than-preset",
    Warning,
    "an attribute name or a preset that nearly is a known one, or another one",
    Check::Provider(other_than_preset)
);
pub(in crate::rules) static NO_EMAIL: Lint = lint!(
    "LS013",
    "no-email-mapping",
    Error,
    "nothing says which attribute holds the e-mail address",
    Check::Provider(no_email)
);

fn unrenamed_groups_claim(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, "groups")) = mapped(cx, "mapping_groups") else { return };
    if cx.idp.id != "entra" {
        return;
    }
    let person: Vec<&str> = PERSON.iter().filter_map(|key| Some(mapped(cx, key)?.1)).collect();
    let has_uri = person.iter().any(|name| is_claim_uri(name));
    let is_short = mapped(cx, "mapping_email").is_some_and(|(_, name)| name == "emailAddress");
    let problem = if has_uri {
        cx.value_problem("groups matches nothing: Entra sends this claim under its URI", setting)
    } else if is_short {
        cx.value_problem("groups matches only if the claim was renamed in Entra", setting)
            .severity(Severity::Info)
    } else {
        return;
    };
    let uri = GROUPS_URI;
    let problem = problem
        .why("pysaml2 has short names for the claims of a person, but none for Entra's group claim")
        .remedy(format!("{uri}; or, in Entra, Customize the name of the group claim: groups, without a namespace"));
    out.report(&UNRENAMED_GROUPS_CLAIM.rule, problem);
}

fn mixed_names(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let person: Vec<(&Setting<'_>, &str)> =
        PERSON.iter().filter_map(|key| mapped(cx, key)).collect();
    let uri = person.iter().find(|(_, name)| is_claim_uri(name));
    let short = person
        .iter()
        .find(|(_, name)| facts().renamed_claims.short.iter().any(|short| short == name));
    let (Some((uri, _)), Some((short, name))) = (uri, short) else { return };
    let problem = cx
        .value_problem(format!("{name} is a short name beside a claim URI"), short)
        .related(cx.subject.value_place(uri), "the URI")
        .why("pysaml2 gives all these claims short names or none, as the assertion's NameFormat has it, so one of the two stays empty")
        .remedy("URIs for all three, or short names for all three; a login shows which");
    out.report(&MIXED_NAMES.rule, problem);
}

fn other_than_preset(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let key = cx.text(Role::Preset);
    if let Some((setting, key)) = key {
        preset_key(cx, setting, key, out);
    }
    let presets: Vec<&Preset> = facts()
        .presets
        .iter()
        .filter(|preset| key.is_some_and(|(_, key)| preset.key.eq_ignore_ascii_case(key)))
        .collect();
    let mut others: Vec<(&Setting<'_>, &str)> = Vec::new();
    for setting in &cx.provider.mapping {
        let Some(name) = setting.text() else { continue };
        let own: Vec<&str> =
            presets.iter().filter_map(|preset| preset.attribute(&setting.card.key)).collect();
        if own.contains(&name) || is_sent(cx, name) {
            continue;
        }
        match misspelt(&own, &setting.card.key, name) {
            Some((meant, nearness)) => {
                out.report(&OTHER_THAN_PRESET.rule, near(cx, setting, meant, nearness));
            }
            None if !own.is_empty() => others.push((setting, name)),
            None => {}
        }
    }
    if let (Some((setting, name)), Some((_, key))) = (others.first(), key) {
        let more = match others.len() {
            1 => String::new(),
            n => format!(", and {} more names differ", n - 1),
        };
        let problem = cx
            .value_problem(format!("{name} is not what the preset {key} names{more}"), setting)
            .severity(Severity::Info)
            .why("the preset only fills in the form; the names that stand here are the ones that count")
            .remedy("nothing, if the identity provider sends these names");
        out.report(&OTHER_THAN_PRESET.rule, problem);
    }
}

/// A name of the preset, or a claim URI for the same field, that is nearly written.
fn misspelt<'p>(own: &[&'p str], field: &str, name: &str) -> Option<(&'p str, Nearness)> {
    if !name.contains("://") {
        return nearest(name, own.iter().copied())
            .filter(|(_, nearness)| *nearness == Nearness::SameLetters);
    }
    let uris = facts().presets.iter().filter_map(|preset| preset.attribute(field));
    let (meant, nearness) = nearest(name, uris.filter(|uri| uri.contains("://")))?;
    if meant == name {
        return None;
    }
    // Another claim whose name is as short, such as .../claims/name, is none of these.
    let last = |uri: &str| uri.rsplit('/').next().map(str::to_ascii_lowercase);
    let is_other = nearness == Nearness::Slip
        && last(name).is_some_and(|name| ENTRA_CLAIMS.contains(&name.as_str()))
        && last(name) != last(meant);
    (!is_other).then_some((meant, nearness))
}

fn near(
    cx: &ProviderSubject<'_>,
    setting: &Setting<'_>,
    meant: &str,
    nearness: Nearness,
) -> Problem {
    let shown = cx.subject.shown(setting);
    let problem = cx
        .value_problem(format!("{shown} is not spelt as the identity provider spells it"), setting)
        .why("attribute names are compared letter by letter, so this one stays empty")
        .remedy(meant);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    match setting.value().and_then(|value| edits::text(source, value, meant)) {
        Some(edits) if nearness == Nearness::SameLetters => {
            problem.safe_fix(format!("write {meant}"), edits)
        }
        Some(edits) => problem.unsafe_fix(format!("write {meant}"), edits),
        None => problem,
    }
}

fn preset_key(cx: &ProviderSubject<'_>, setting: &Setting<'_>, key: &str, out: &mut Findings) {
    let names = &facts().preset_keys.names;
    if names.iter().any(|name| name == key) {
        return;
    }
    let other_name = [("entra", "azure"), ("entraid", "azure"), ("azuread", "azure")];
    let plain: String = key.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    let meant = other_name.iter().find(|(name, _)| *name == plain).map(|(_, meant)| *meant);
    let near = nearest(key, names.iter().map(String::as_str));
    let problem = match meant.or(near.map(|(name, _)| name)) {
        Some(meant) => {
            let mut problem = near_key(cx, setting, key, meant);
            if near.is_none_or(|(_, nearness)| nearness == Nearness::Slip)
                && let Some(fix) = &mut problem.fix
            {
                fix.safety = crate::problem::Safety::Unsafe;
            }
            problem
        }
        None => cx
            .value_problem(format!("no preset {key} is documented"), setting)
            .severity(Severity::Info)
            .why("a preset fills in attribute names; without a known one each name has to be given")
            .remedy("okta, azure, google or custom"),
    };
    out.report(&OTHER_THAN_PRESET.rule, problem);
}

fn near_key(cx: &ProviderSubject<'_>, setting: &Setting<'_>, key: &str, meant: &str) -> Problem {
    let problem = cx
        .value_problem(format!("the preset {key} is called {meant}"), setting)
        .why("the page SSO & SAML looks presets up by this word, letter by letter")
        .remedy(meant);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    match setting.value().and_then(|value| edits::text(source, value, meant)) {
        Some(edits) => problem.safe_fix(format!("write {meant}"), edits),
        None => problem,
    }
}

fn no_email(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.mapped("mapping_email") else { return };
    let why = "the e-mail address is the key of the account; without it a login ends with HTTP 400";
    let remedy = "mapping_email: the name of the attribute that holds the address";
    let is_blank =
        setting.value().and_then(crate::syntax::tree::NodeRef::scalar).is_some_and(|scalar| {
            scalar.kind == crate::syntax::tree::Kind::Text && scalar.text.trim().is_empty()
        });
    if is_blank {
        let problem = cx.value_problem("mapping_email is empty", setting).why(why).remedy(remedy);
        out.report(&NO_EMAIL.rule, problem);
        return;
    }
    let preset = cx.provider.setting(Role::Preset);
    let has_preset = preset.is_some_and(|preset| {
        preset.is_present() && preset.text().is_none_or(|key| key != "custom")
    });
    if setting.state == State::Other {
        let problem = cx.value_problem("mapping_email is not text", setting);
        out.report(&NO_EMAIL.rule, problem.why(why).remedy(remedy));
        return;
    }
    if setting.is_present() || has_preset || !is_whole(cx.subject) {
        return;
    }
    let message = "nothing says which attribute holds the e-mail address";
    let problem = match setting.entry {
        Some(_) => cx.value_problem(message, setting),
        None => cx.problem(message),
    };
    out.report(&NO_EMAIL.rule, problem.why(why).remedy(remedy));
}

/// A mapping with its honest text.
fn mapped<'s>(cx: &ProviderSubject<'s>, key: &str) -> Option<(&'s Setting<'s>, &'s str)> {
    let setting = cx.provider.mapped(key)?;
    Some((setting, setting.text()?))
}

/// Whether the identity provider is known to send an attribute of this name.
fn is_sent(cx: &ProviderSubject<'_>, name: &str) -> bool {
    let is_entra = cx.idp.id == "entra" && name.contains("://");
    let facts = idps::by_id(if is_entra { "entra" } else { cx.idp.id }).map(idps::Idp::facts);
    facts.is_some_and(|facts| facts.attributes.sent.iter().any(|sent| sent.name == name))
}

fn is_claim_uri(name: &str) -> bool {
    name.starts_with("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/")
}

/// The settings that name a person's attributes.
const PERSON: [&str; 3] = ["mapping_email", "mapping_first_name", "mapping_last_name"];
const GROUPS_URI: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
/// Last segments of claims that are no misspelling of each other.
const ENTRA_CLAIMS: [&str; 10] = [
    "name",
    "upn",
    "role",
    "nameidentifier",
    "groups",
    "group",
    "surname",
    "givenname",
    "emailaddress",
    "displayname",
];
