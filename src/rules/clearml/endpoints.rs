//! What a provider needs, and where its endpoints lie.

use url::Url;

use crate::apps::clearml::keys::{self, Family};
use crate::apps::clearml::{Entry, Given};
use crate::idps;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::companies::is_stray;
use crate::rules::clearml::context::Context;
use crate::rules::urls::{Reach, parts, reach};
use crate::rules::{Check, Lint};

pub(in crate::rules) static MISSING: Lint = lint!(
    "CLR020",
    "missing-clearml-setting",
    Error,
    "a provider lacks a key that it needs",
    Check::Elsewhere
);
pub(in crate::rules) static BAD_URL: Lint =
    lint!("CLR021", "bad-clearml-url", Error, "an endpoint is no https address", Check::Elsewhere);
pub(in crate::rules) static MIXED: Lint = lint!(
    "CLR022",
    "mixed-endpoints",
    Warning,
    "the two endpoints belong to different hosts or tenants",
    Check::Elsewhere
);
pub(in crate::rules) static ENTRA: Lint = lint!(
    "CLR023",
    "alias-entra-endpoint",
    Warning,
    "Entra endpoints of version 1 or of an alias tenant",
    Check::Elsewhere
);
pub(in crate::rules) static PKCE: Lint = lint!(
    "CLR025",
    "incomplete-pkce",
    Warning,
    "code challenge and its method go together",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for given in &cx.server.providers {
        missing(cx, given, out);
        for key in URLS {
            if let Some((entry, url)) = cx.text(given, key) {
                bad_url(cx, entry, url, out);
                entra(cx, entry, url, out);
            }
        }
        mixed(cx, given, out);
        pkce(cx, given, out);
    }
}

fn missing(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let is_known = keys::provider(&given.key).is_some_and(|card| card.family == given.family);
    if !is_known || is_stray(cx, given) {
        return;
    }
    let needed = keys::of(given.family).filter(|key| key.is_needed(&given.key));
    let is_told = |key: &str| {
        // Under the wrong section it has a finding of its own.
        let mut entries = given.entries.iter().map(|&at| &cx.server.entries[at]);
        entries.any(|entry| entry.spot.rest == key && entry.value.is_given())
    };
    let missing: Vec<String> = needed
        .filter(|key| !is_told(&key.card.key))
        .map(|key| {
            format!("{}.login.sso.{}.{}.{}", key.root, given.family.word(), given.key, key.card.key)
        })
        .collect();
    let Some(first) = missing.first() else { return };
    let is_whole = cx.is_whole(given);
    let keys: Vec<&str> =
        missing.iter().map(|path| path.rsplit('.').next().unwrap_or(path)).collect();
    let names: Vec<String> =
        missing.iter().map(|path| format!("CLEARML__{}", path.replace('.', "__"))).collect();
    let problem = cx
        .at_provider(format!("{} lacks {}", given.key, keys.join(", ")), given)
        .severity(if is_whole { Severity::Error } else { Severity::Info })
        .why("without it no login through this provider can begin")
        .remedy(names.join(", "));
    let problem = if is_whole {
        problem
    } else {
        problem.note(format!("it may stand in a file that is not at hand: {first}"))
    };
    out.report(&MISSING.rule, problem);
}

fn bad_url(cx: &Context<'_>, entry: &Entry<'_>, url: &str, out: &mut Findings) {
    let key = &entry.spot.rest;
    let parsed = Url::parse(url).ok().filter(|parsed| {
        parsed.has_host() && ["http", "https"].contains(&parsed.scheme()) && url.contains("://")
    });
    if parsed.is_none() || url.contains(char::is_whitespace) {
        let problem = cx
            .at_value(format!("{key} is not an address with https and a host"), entry)
            .why("the browser and the server are sent to it as it stands")
            .remedy("https://idp.acme.test/...");
        return out.report(&BAD_URL.rule, problem);
    }
    let Some(parts) = parts(url).filter(|parts| parts.scheme.eq_ignore_ascii_case("http")) else {
        return;
    };
    if reach(parts.host) == Reach::Loopback {
        return;
    }
    let problem = cx
        .at_value(format!("{key} is not encrypted"), entry)
        .severity(Severity::Warning)
        .why("the client secret and the codes of all logins can be read on their way")
        .remedy(format!("https{}", &url[parts.scheme.len()..]));
    out.report(&BAD_URL.rule, problem);
}

/// The part of a path that tells tenants, realms and the like apart.
fn tenant(url: &str) -> Option<(&str, String)> {
    let parts = parts(url)?;
    let mut steps = parts.path.split(['?', '#']).next()?.split('/').filter(|step| !step.is_empty());
    let first = steps.next()?;
    let tenant = match (idps::recognise(url).id, first) {
        ("entra", tenant) => tenant,
        (_, "realms" | "auth") => steps.find(|step| *step != "realms")?,
        (_, "oauth2") => steps.next().filter(|step| !step.starts_with('v'))?,
        _ => return None,
    };
    Some((parts.host, tenant.to_ascii_lowercase()))
}

fn mixed(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let texts = cx.text(given, "authorize_url").zip(cx.text(given, "access_token_url"));
    let Some(((authorize, one), (token, other))) = texts else { return };
    let Some((first, second)) = parts(one).zip(parts(other)) else { return };
    let is_internal = [first.host, second.host].iter().any(|host| reach(host) != Reach::Public);
    if is_internal || given.key == "google" {
        return;
    }
    let what = if !first.host.eq_ignore_ascii_case(second.host) {
        let known = idps::recognise(one);
        if known.id == "google" && idps::recognise(other).id == "google" {
            return;
        }
        "hosts"
    } else if tenant(one).zip(tenant(other)).is_some_and(|((_, one), (_, other))| one != other) {
        "tenants"
    } else {
        return;
    };
    let problem = cx
        .at_value(format!("the two endpoints belong to different {what}"), token)
        .related(authorize.value_place(), "the authorization endpoint")
        .why("a code is good only at the token endpoint of the server that gave it out")
        .remedy("both addresses from the same discovery document");
    out.report(&MIXED.rule, problem);
}

fn entra(cx: &Context<'_>, entry: &Entry<'_>, url: &str, out: &mut Findings) {
    if idps::recognise(url).id != "entra" {
        return;
    }
    let Some(parts) = parts(url) else { return };
    let path = parts.path.to_ascii_lowercase();
    let first = path.split('/').find(|step| !step.is_empty()).unwrap_or_default();
    let is_alias = ["common", "organizations", "consumers"].contains(&first);
    let is_old = path.contains("/oauth2/authorize") || path.contains("/oauth2/token");
    let (message, remedy) = match (is_alias, is_old) {
        (true, _) => {
            (format!("{first} stands for every tenant"), "the Directory (tenant) ID in its place")
        }
        (_, true) => (
            "this is an endpoint of version 1".to_owned(),
            "/oauth2/v2.0/authorize and /oauth2/v2.0/token",
        ),
        _ => return,
    };
    let why = if is_alias {
        "people of any organisation can sign in, or nobody whose account the alias leaves out"
    } else {
        "tokens of version 1 have other claims, issuer and audience than those the guides describe"
    };
    out.report(&ENTRA.rule, cx.at_value(message, entry).why(why).remedy(remedy));
}

fn pkce(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    if given.family != Family::Oauth {
        return;
    }
    let method = cx.server.setting(given, "code_challenge_method");
    let switch = cx.server.setting(given, "code_challenge");
    let is_on = cx.server.is_on(given, "code_challenge");
    let problem = match (switch, method) {
        (Some(switch), None) if is_on == Some(true) => cx
            .at_value("code_challenge is on without a method", switch)
            .remedy("code_challenge_method S256 beside it"),
        (_, Some(method)) if is_on == Some(false) && method.value.is_given() => cx
            .at_value("a method of code challenge, and the challenge is not on", method)
            .remedy("code_challenge true beside it"),
        _ => return,
    };
    let problem = problem.why(
        "the two work together only: one alone leaves codes unprotected or the request incomplete",
    );
    out.report(&PKCE.rule, problem);
}

const URLS: [&str; 3] = ["authorize_url", "access_token_url", "base_url"];
