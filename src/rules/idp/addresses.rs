//! Addresses of something else than the identity provider.

use crate::idps;
use crate::model::{Kind, Role, Setting};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, ProviderSubject, Subject};

pub(in crate::rules) static ADMIN_CONSOLE_URL: Lint = lint!(
    "IDP001",
    "admin-console-url",
    Error,
    "the address of an admin console where the identity provider's own is meant",
    Check::Provider(admin_console_url)
);
pub(in crate::rules) static SWAPPED_PARTY_URL: Lint = lint!(
    "IDP002",
    "swapped-party-url",
    Error,
    "the application's own address where the identity provider's is meant, or the reverse",
    Check::Deployment(swapped_party_url)
);

/// The settings that name the identity provider: its addresses and its entity id.
fn idp_addresses<'s>(cx: &ProviderSubject<'s>) -> impl Iterator<Item = (&'s Setting<'s>, &'s str)> {
    let settings = cx.provider.settings.iter();
    let named = settings
        .filter(|setting| setting.card.kind == Kind::Url || setting.card.role == Role::EntityId);
    named.filter_map(|setting| Some((setting, setting.text()?)))
}

fn admin_console_url(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for (setting, url) in idp_addresses(cx) {
        let Some((idp, source)) = idps::console(url) else { continue };
        let severity = if source.carries_error() { Severity::Error } else { Severity::Warning };
        let remedy = without_admin(url).unwrap_or_else(|| {
            format!("the address that {}'s console shows for this app", idp.name)
        });
        let problem = cx
            .value_problem(
                format!("{} is the address of {}'s admin console", setting.card.key, idp.name),
                setting,
            )
            .severity(severity)
            .why("administrators work there; it answers neither discovery nor logins")
            .remedy(remedy);
        out.report(&ADMIN_CONSOLE_URL.rule, problem);
    }
}

/// `https://acme-admin.okta.com/…` as the address that users see.
fn without_admin(url: &str) -> Option<String> {
    let parts = parts(url)?;
    let host = parts.host.replacen("-admin.", ".", 1);
    (host != parts.host).then(|| format!("{}://{host}", parts.scheme))
}

fn swapped_party_url(cx: &Subject<'_>, out: &mut Findings) {
    for provider in &cx.config.providers {
        own_address(&ProviderSubject::new(cx, provider), out);
    }
    idp_address(cx, out);
}

/// The application's own address where the identity provider's is meant.
fn own_address(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let own_paths = &cx.subject.app.urls.own_paths;
    let name = &cx.subject.app.name;
    for (setting, url) in idp_addresses(cx) {
        let is_own = |path: &str| own_paths.iter().any(|own| is_below(path, own));
        if !parts(url).is_some_and(|parts| is_own(parts.path)) {
            continue;
        }
        let mut problem = cx
            .value_problem(format!("{} is an address of {name} itself", setting.card.key), setting)
            .why(format!(
                "{name} would ask itself; this address is to be registered at the identity provider"
            ))
            .remedy("the identity provider's own value, from its console");
        problem.provider = cx.provider.label().map(str::to_owned);
        out.report(&SWAPPED_PARTY_URL.rule, problem);
    }
}

/// Whether a path begins with another one, in which `*` stands for one segment.
fn is_below(path: &str, own: &str) -> bool {
    let Some((head, tail)) = own.split_once('*') else { return path.starts_with(own) };
    path.strip_prefix(head).and_then(|rest| rest.find('/').map(|at| &rest[at..])).is_some_and(
        |rest| rest.strip_prefix(tail).is_some_and(|rest| rest.is_empty() || !is_word(rest)),
    )
}

/// Whether a text goes on with a letter or digit.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphanumeric() || c == '-' || c == '_')
}

/// The identity provider's address as the application's own.
fn idp_address(cx: &Subject<'_>, out: &mut Findings) {
    let Some(variable) =
        cx.app.urls.base_variable.as_deref().and_then(|name| cx.config.environment.variable(name))
    else {
        return;
    };
    let name = &cx.app.name;
    let Some(url) = variable.known().filter(|_| cx.deployment.judges_environment()) else { return };
    let idp = idps::recognise(url);
    if idp.is_generic() {
        return;
    }
    let problem = cx
        .variable_problem(format!("{} is an address of {}", variable.name, idp.name), variable)
        .why(format!(
            "every redirect URI and SAML address of {name} would point at the identity provider"
        ))
        .remedy(format!("the address under which people open {name}"));
    out.report(&SWAPPED_PARTY_URL.rule, problem);
}
