//! Names: variables that the server does not read, and keys that it does not know.

use std::collections::{BTreeMap, HashSet};

use crate::apps::clearml::keys::{self, Family};
use crate::apps::clearml::{Entry, PREFIXES, is_read_under, is_sound, path_of};
use crate::carriers::OddKind;
use crate::model::nearest;
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::clearml::context::{Context, at_name};
use crate::rules::{Check, Lint};
use crate::source::{Span, bare_name};

pub(in crate::rules) static UNKNOWN_KEY: Lint = lint!(
    "CLR001",
    "unknown-clearml-key",
    Warning,
    "a key that no ClearML provider knows is ignored",
    Check::Deployment(super::judge)
);
pub(in crate::rules) static WRONG_ROOT: Lint = lint!(
    "CLR002",
    "wrong-clearml-root",
    Error,
    "a key under the wrong root (secure or services) is ignored",
    Check::Elsewhere
);
pub(in crate::rules) static UNKNOWN_PROVIDER: Lint = lint!(
    "CLR003",
    "unknown-clearml-provider",
    Error,
    "a provider key that ClearML does not know has no login button",
    Check::Elsewhere
);
pub(in crate::rules) static WRONG_PREFIX: Lint = lint!(
    "CLR004",
    "wrong-variable-prefix",
    Error,
    "a variable without the exact prefix CLEARML__ is not read",
    Check::Elsewhere
);
pub(in crate::rules) static CAMEL_CASE: Lint = lint!(
    "CLR005",
    "camel-case-path",
    Warning,
    "capitals in a variable name are lower-cased by the server",
    Check::Elsewhere
);
pub(in crate::rules) static SET_TWICE: Lint = lint!(
    "CLR006",
    "path-set-twice",
    Warning,
    "one path is set in two spellings, and the later name wins",
    Check::Elsewhere
);
pub(in crate::rules) static STRAY_CHARACTER: Lint = lint!(
    "CLR007",
    "stray-character-in-name",
    Error,
    "a stray character makes the variable another one",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for entry in &cx.server.entries {
        if let Some(name) = camel_cased(cx, entry) {
            camel_case(cx, entry, &name, out);
        } else {
            unknown_key(cx, entry, out);
        }
        wrong_root(cx, entry, out);
    }
    unknown_providers(cx, out);
    unread_variables(cx, out);
    set_twice(cx, out);
    odd_pieces(cx, out);
}

/// The name of an entry's variable.
fn name<'c>(cx: &'c Context<'_>, entry: &Entry<'_>) -> Option<&'c str> {
    cx.server.variable(entry).map(|variable| variable.name.as_str())
}

/// Whether a part of a name mixes capitals and small letters.
fn camel_cased(cx: &Context<'_>, entry: &Entry<'_>) -> Option<String> {
    let name = name(cx, entry)?;
    let (prefix, rest) = name.split_once("__")?;
    let is_mixed = |part: &str| {
        part.contains(|c: char| c.is_ascii_uppercase())
            && part.contains(|c: char| c.is_ascii_lowercase())
    };
    rest.split("__").any(is_mixed).then(|| {
        let parts: Vec<String> = rest.split("__").map(snake_case).collect();
        format!("{prefix}__{}", parts.join("__"))
    })
}

fn snake_case(part: &str) -> String {
    let mut made = String::new();
    let mut was_small = false;
    for c in part.chars() {
        if c.is_ascii_uppercase() && was_small {
            made.push('_');
        }
        was_small = c.is_ascii_lowercase();
        made.push(c.to_ascii_lowercase());
    }
    made
}

fn camel_case(cx: &Context<'_>, entry: &Entry<'_>, snake: &str, out: &mut Findings) {
    let lower = name(cx, entry).and_then(|name| name.split_once("__"));
    let lower = lower.map_or_else(String::new, |(prefix, rest)| {
        format!("{prefix}__{}", rest.to_ascii_lowercase())
    });
    let is_known = |name: &str| {
        let spot = path_of(name).and_then(|path| keys::Spot::of(&path));
        spot.is_some_and(|spot| spot.card().is_some() || spot.is_open())
    };
    let better = if is_known(&lower) || !is_known(snake) { lower.as_str() } else { snake };
    let message = format!("the server reads this as {}", Context::shown(&entry.path));
    let problem = at_name(message, entry)
        .why("names of variables are put in small letters before they become a path, so no key can have capitals")
        .remedy(Context::shown(better));
    out.report(&CAMEL_CASE.rule, renamed(cx, problem, entry, better, false));
}

/// With the change of a variable's name.
fn renamed(
    cx: &Context<'_>,
    problem: Problem,
    entry: &Entry<'_>,
    new: &str,
    is_safe: bool,
) -> Problem {
    let Some(old) = name(cx, entry) else { return problem };
    // A name that somebody wrote a secret into is not shown, also not as a change of it.
    let is_whole = bare_name(old) == old;
    if !is_whole || entry.document.source.text().get(entry.name_span.range()) != Some(old) {
        return problem;
    }
    let title = format!("rename it to {new}");
    let edits = vec![(entry.name_span, new.to_owned())];
    if is_safe { problem.safe_fix(title, edits) } else { problem.unsafe_fix(title, edits) }
}

/// Whether the provider of an entry is one that the server knows.
fn is_known_provider(entry: &Entry<'_>) -> bool {
    let Some(provider) = &entry.spot.provider else { return true };
    keys::provider(provider).is_some_and(|card| card.family == entry.spot.family)
}

fn unknown_key(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let spot = &entry.spot;
    if spot.card().is_some() || spot.is_open() || !is_known_provider(entry) {
        return;
    }
    let other = [Family::Oauth, Family::Saml].into_iter().find(|family| {
        spot.provider.is_some() && keys::of(*family).any(|key| key.card.key == spot.rest)
    });
    let near = meant(spot);
    let key = Context::shown(&spot.rest);
    let message = match (&near, other) {
        (_, Some(other)) => format!("{key} is a key of {} only", other.word()),
        (Some(near), None) => format!("unknown key {key}, did you mean {near}"),
        (None, None) => format!("unknown key {key}"),
    };
    let mut known: Vec<&str> = keys::of(spot.family).map(|key| key.card.key.as_str()).collect();
    if spot.family == Family::Sso {
        known.extend([Family::Oauth.word(), Family::Saml.word()]);
    }
    let problem = at_name(message, entry).why("the server takes the setting and never asks for it");
    let Some(near) = near.filter(|_| other.is_none()) else {
        return out
            .report(&UNKNOWN_KEY.rule, problem.remedy(format!("one of {}", known.join(", "))));
    };
    let new = name(cx, entry).and_then(|name| replaced_end(name, &spot.rest, &near));
    let problem = problem.remedy(new.clone().unwrap_or_else(|| near.clone()));
    let problem = match new {
        Some(new) => renamed(cx, problem, entry, &new, false),
        None => problem,
    };
    out.report(&UNKNOWN_KEY.rule, problem);
}

/// The key that an unknown one means.
fn meant(spot: &keys::Spot) -> Option<String> {
    let other_name = keys::of(spot.family)
        .find(|key| key.card.also_known_as.contains(&spot.rest))
        .map(|key| key.card.key.as_str());
    let kinds = [Family::Oauth.word(), Family::Saml.word()];
    if spot.family == Family::Sso
        && let Some((first, rest)) = spot.rest.split_once('.')
    {
        return nearest(first, kinds).map(|(near, _)| format!("{near}.{rest}"));
    }
    let names = keys::of(spot.family).map(|key| key.card.key.as_str());
    other_name.or_else(|| nearest(&spot.rest, names).map(|(near, _)| near)).map(str::to_owned)
}

/// A variable's name with another key at its end.
fn replaced_end(name: &str, old: &str, new: &str) -> Option<String> {
    let length = old.split('.').collect::<Vec<_>>().join("__").len();
    let head = name.get(..name.len().checked_sub(length)?)?;
    Some(format!("{head}{}", new.replace('.', "__")))
}

fn wrong_root(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let Some(card) = entry.card() else { return };
    if is_read_under(card, &entry.spot.root) || !is_known_provider(entry) {
        return;
    }
    let (root, right) = (Context::shown(&entry.spot.root), card.root.as_str());
    let message = format!("{} belongs under {right}, not under {root}", card.card.key);
    let path = entry.spot.path(right);
    let problem =
        at_name(message, entry).why(format!("the server looks for {path} and finds nothing"));
    let own = name(cx, entry).and_then(|name| name.split_once("__"));
    let rest = own.and_then(|(prefix, rest)| Some((prefix, rest.split_once("__")?)));
    let is_plain = !matches!(entry.spot.family, Family::Ldap | Family::FixedUsers);
    let problem = match rest.filter(|_| is_plain) {
        Some((prefix, (old, rest))) => {
            let is_upper = old.chars().all(|c| c.is_ascii_uppercase());
            let root = if is_upper { right.to_ascii_uppercase() } else { right.to_owned() };
            let new = format!("{prefix}__{root}__{rest}");
            let is_free = cx.server.at(&path).is_none();
            renamed(cx, problem.remedy(Context::shown(&new)), entry, &new, is_free)
        }
        None => problem.remedy(path),
    };
    out.report(&WRONG_ROOT.rule, problem);
}

fn unknown_providers(cx: &Context<'_>, out: &mut Findings) {
    for given in &cx.server.providers {
        let known = keys::provider(&given.key);
        if known.is_some_and(|card| card.family == given.family) {
            continue;
        }
        let key = Context::shown(&given.key);
        let family = given.family.word();
        let of_family = keys::providers().iter().filter(|card| card.family == given.family);
        let names: Vec<&str> = of_family.map(|card| card.key.as_str()).collect();
        let near = nearest(&given.key, names.iter().copied()).map(|(near, _)| near);
        // `azure` for `azure_ad`.
        let longer = |name: &&str| name.starts_with(&format!("{}_", given.key));
        let near = near.or_else(|| names.iter().copied().find(longer));
        let (message, remedy) = match (known, near) {
            (Some(card), _) => {
                (format!("{key} is no {family}"), format!("{}.{key}", card.family.word()))
            }
            (None, Some(near)) => {
                (format!("unknown provider {key}, did you mean {near}"), near.to_owned())
            }
            (None, None) => (
                format!("unknown provider {key}"),
                format!("one of {}; others by Settings > Identity Providers", names.join(", ")),
            ),
        };
        let problem = cx
            .at_provider(message, given)
            .why("the server has no code for it, so its button never shows")
            .remedy(remedy);
        out.report(&UNKNOWN_PROVIDER.rule, problem);
    }
}

/// Letters and digits of a name, in small letters.
fn letters(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// Whether a name plainly means a setting of single sign-on.
fn means_sign_on(name: &str) -> bool {
    let letters = letters(name);
    let bare = ["clearml", "trains"].iter().find_map(|prefix| letters.strip_prefix(prefix));
    let bare = bare.unwrap_or(&letters);
    MEANT.iter().any(|start| bare.starts_with(start))
}

fn unread_variables(cx: &Context<'_>, out: &mut Findings) {
    let entries = cx.server.entries.iter();
    let read: HashSet<(usize, usize)> = entries.filter_map(|entry| entry.variable).collect();
    for (at, from) in cx.server.carryings.iter().enumerate() {
        for (index, variable) in from.carried.variables.iter().enumerate() {
            let is_read = read.contains(&(at, index));
            if variable.is_overridden || !means_sign_on(&variable.name) {
                continue;
            }
            let problem = |message: String| {
                Problem::new(
                    message,
                    from.document.place(variable.name_span, variable.path.clone()),
                )
            };
            let name = Context::shown(&variable.name);
            if !is_sound(&variable.name) {
                let clean: String = bare_name(&variable.name)
                    .chars()
                    .filter(|c| is_sound(&c.to_string()))
                    .collect();
                let problem = problem(format!("a stray character in the name {name}"))
                    .why("it is a part of the name, so the server reads another setting or none")
                    .remedy(clean);
                out.report(&STRAY_CHARACTER.rule, problem);
            } else if !is_read && !PREFIXES.iter().any(|prefix| is_whole(&variable.name, prefix)) {
                let problem = problem(format!("{name} is not read by the server"))
                    .why("only names that begin with CLEARML__ in capitals are read, and each step of the path stands between two underscores")
                    .remedy("CLEARML__secure__login__sso__... or CLEARML__services__login__sso__...");
                out.report(&WRONG_PREFIX.rule, problem);
            }
        }
    }
}

/// Whether a name ends where a section of settings begins: its value is a map.
fn is_whole(name: &str, prefix: &str) -> bool {
    name.starts_with(prefix)
        && path_of(name).is_some_and(|path| path.contains(".login.") || path.contains(".ldap"))
}

fn set_twice(cx: &Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for entry in &cx.server.entries {
        let Some(own) = name(cx, entry) else { continue };
        let Some(first) = seen.insert(entry.path.as_str(), entry) else { continue };
        let Some(other) = name(cx, first).filter(|other| *other != own) else { continue };
        let message = format!("{} is set twice, in two spellings", Context::shown(&entry.path));
        let problem = at_name(message, first)
            .related(entry.name_place(), "this one counts")
            .why(format!(
                "names become paths in small letters and are applied in the order of their bytes, so {} has no effect",
                Context::shown(other)
            ))
            .remedy("keep one of them");
        out.report(&SET_TWICE.rule, problem);
    }
}

/// Pieces of a carrier that set nothing, though they speak of a setting.
fn odd_pieces(cx: &Context<'_>, out: &mut Findings) {
    for from in &cx.server.carryings {
        for odd in &from.carried.odd {
            let message = match odd.kind {
                OddKind::BlankBehindName => "a blank between the name and the equals sign",
                OddKind::NoAssignment | OddKind::Line(_) => "this sets no variable",
                _ => continue,
            };
            let span = Span::new(odd.span.start, odd.span.end);
            let text = from.document.source.text().get(span.range()).unwrap_or_default();
            let start = text.trim_start_matches(|c: char| !c.is_ascii_alphanumeric());
            if !means_sign_on(start) {
                continue;
            }
            let problem = Problem::new(message, from.document.place(span, odd.path.clone()))
                .why("a setting is NAME=value, with nothing around the equals sign")
                .remedy("CLEARML__services__login__sso__...=value");
            out.report(&STRAY_CHARACTER.rule, problem);
        }
    }
}

/// How paths of single sign-on begin, without their separators.
const MEANT: [&str; 6] = [
    "secureloginsso",
    "servicesloginsso",
    "secureloginemailfilters",
    "servicesloginemailfilters",
    "apiserverauthfixeduserprovidersldap",
    "securefixeduserprovidersldap",
];
