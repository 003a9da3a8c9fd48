//! What an identity provider has on record of the application.

use std::sync::Arc;

use crate::exports::{Callback, Stated, Use};
use crate::idps::Idp;
use crate::model::{Protocol, Provider, Role};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::captured::belonging::{Registered, registered};
use crate::rules::captured::differences::{described, differences, distance};
use crate::rules::captured::{Fault, rule_of};
use crate::rules::card::lint;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static CALLBACK_MISMATCH: Lint = lint!(
    "IDP010",
    "callback-mismatch",
    Error,
    "an address or entity id on record at the identity provider is not the application's",
    Check::Deployment(mismatch)
);
pub(in crate::rules) static WILDCARD_REDIRECT: Lint = lint!(
    "IDP011",
    "wildcard-redirect",
    Warning,
    "the identity provider sends answers to more addresses than one, by a wildcard",
    Check::Deployment(wildcard)
);

impl Registered<'_> {
    /// A problem with what stands in the export.
    pub(in crate::rules) fn problem<T>(
        &self,
        message: impl Into<String>,
        at: &Stated<T>,
    ) -> Problem {
        let place = Place { source: Arc::clone(self.source), span: at.span, path: at.path.clone() };
        let mut problem = Problem::new(message, place);
        problem.provider = self.provider.and_then(Provider::label).map(str::to_owned);
        problem
    }

    /// The console's own name for something.
    pub(in crate::rules) fn label(&self, what: &[&str]) -> String {
        console_label(self.export.idp, self.protocol, what)
    }
}

/// An error, unless it is not known for certain what the key in the export means.
pub(in crate::rules) fn severity<T>(stated: &Stated<T>) -> Severity {
    if stated.carries_error() { Severity::Error } else { Severity::Warning }
}

fn console_label(idp: &Idp, protocol: Protocol, what: &[&str]) -> String {
    let fields = idp.facts().labels.paste.iter();
    let mut own = fields.filter(|field| field.protocol == protocol.id());
    let name = &idp.name;
    own.find(|field| what.contains(&field.what)).map_or_else(
        || format!("in {name}"),
        |field| match field.place {
            Some(place) => format!("in {name}, {place} > {}", field.label),
            None => format!("in {name}, {}", field.label),
        },
    )
}

fn mismatch(cx: &Subject<'_>, out: &mut Findings) {
    for one in registered(cx) {
        callback(cx, &one, out);
        if one.protocol == Protocol::Saml {
            entity_id(cx, &one, out);
            recipient(cx, &one, out);
        }
    }
}

/// The address that the application names in its requests.
fn callback(cx: &Subject<'_>, one: &Registered<'_>, out: &mut Findings) {
    let Some(expected) = expected(cx, one, cx.base_url()) else { return };
    let callbacks = &one.export.callbacks;
    let admits = |callback: &&Callback| admits(cx, one, callback, &expected);
    if callbacks.iter().any(|callback| admits(&callback) && is_for_web(callback)) {
        return;
    }
    let word = word(one.protocol);
    let admitted = callbacks.iter().find(admits);
    let far = |callback: &&Callback| distance(&expected, &callback.url.value);
    let Some(nearest) = admitted.or_else(|| callbacks.iter().min_by_key(far)) else { return };
    let (idp, app) = (&one.export.idp.name, &cx.app.name);
    let url = &nearest.url;
    let problem = if admitted.is_some() {
        one.problem(format!("{expected} is on record at {idp} for another kind of client"), url)
            .label("for a page or a program on a device")
            .why(format!("{app} redeems codes on its server, which {idp} refuses for this kind"))
            .remedy(format!("{expected} as an address of a web application"))
            .severity(Severity::Warning)
    } else {
        one.problem(
            format!("expected the {word} {expected}, got {}", shown(&url.value)),
            url,
        )
        .label(described(&differences(&expected, &url.value)))
        .why(format!(
            "{app} names its own address in each login, and {idp} refuses every address that is not on record"
        ))
        .remedy(format!("{expected} {}", one.label(&["redirect_uri", "acs_url"])))
        .severity(severity(url))
    };
    let problem = match callbacks.len() {
        0 | 1 => problem,
        count => problem.note(format!("the nearest of {count} addresses on record is shown")),
    };
    out.report(&rule_of(cx.app, Fault::Callback).rule, problem);
}

/// Whether a registered address lets the application's through. Where the application's own address
/// is not known, that of the registered one is taken for it.
fn admits(cx: &Subject<'_>, one: &Registered<'_>, callback: &Callback, expected: &str) -> bool {
    let own = &callback.url.value;
    let is_told = one.provider.is_some_and(|provider| provider.has(Role::Callback));
    if is_told || (cx.base_url().is_some() && !own.starts_with('/')) {
        return callback.admits(expected);
    }
    let origin = parts(own).map_or("", |parts| &own[..own.len() - parts.path.len()]);
    let here = self::expected(cx, one, Some(origin));
    let path = self::expected(cx, one, Some("")).unwrap_or_default();
    here.is_some_and(|here| callback.admits(&here)) || own.ends_with(&path)
}

/// The address that the application names, where all of it but the base is known.
fn expected(cx: &Subject<'_>, one: &Registered<'_>, base: Option<&str>) -> Option<String> {
    if let Some(told) = one.provider.and_then(|provider| provider.text(Role::Callback)) {
        return Some(told.to_owned());
    }
    let template = match one.protocol {
        Protocol::Oidc => cx.app.urls.oidc_redirect.as_deref()?,
        Protocol::Saml => cx.app.urls.saml_acs.as_deref()?,
        Protocol::Ldap | Protocol::Scim => return None,
    };
    filled(template, base, one.id)
}

/// A template with everything in it known; an id that is not known leaves nothing.
fn filled(template: &str, base: Option<&str>, id: Option<&str>) -> Option<String> {
    let template = template.replace("{base}", base.unwrap_or("…").trim_end_matches('/'));
    let filled = match id {
        Some(id) => template.replace("{id}", id),
        None => template,
    };
    (!filled.contains('{')).then_some(filled)
}

fn is_for_web(callback: &Callback) -> bool {
    matches!(callback.used_as, Use::AssertionConsumer | Use::Redirect)
}

fn word(protocol: Protocol) -> &'static str {
    if protocol == Protocol::Saml { "assertion consumer service" } else { "redirect URI" }
}

/// The name under which the application asks for a SAML login.
fn entity_id(cx: &Subject<'_>, one: &Registered<'_>, out: &mut Findings) {
    let own = one.provider.and_then(|provider| provider.text(Role::SpEntityId));
    let template = cx.app.urls.saml_entity_id.as_deref();
    let is_address = template.is_some() && cx.app.urls.saml_entity_id == cx.app.urls.saml_acs;
    let computed = || {
        if is_address {
            expected(cx, one, cx.base_url()).or_else(|| consumer(one))
        } else {
            filled(template?, cx.base_url(), one.id)
        }
    };
    let Some(expected) = own.map(str::to_owned).or_else(computed) else { return };
    let names = &one.export.entity_ids;
    let is_own = |name: &&Stated<String>| match expected.strip_prefix('…') {
        Some(path) => name.value.ends_with(path),
        None => name.value == expected,
    };
    if names.iter().any(|name| is_own(&name)) {
        return;
    }
    let Some(nearest) = names.iter().min_by_key(|name| distance(&expected, &name.value)) else {
        return;
    };
    let (idp, app) = (&one.export.idp.name, &cx.app.name);
    let problem = one
        .problem(
            format!("expected the entity id {expected}, got {}", shown(&nearest.value)),
            nearest,
        )
        .label(described(&differences(&expected, &nearest.value)))
        .why(format!(
            "{app} asks under this name and takes only answers that are addressed to it, byte for byte; {idp} knows the application under another"
        ))
        .remedy(format!("{expected} {}", one.label(&["entity_id", "audience"])))
        .severity(severity(nearest));
    out.report(&rule_of(cx.app, Fault::Callback).rule, problem);
}

/// The one address to which answers go, by the export itself.
fn consumer(one: &Registered<'_>) -> Option<String> {
    match one.export.callbacks.as_slice() {
        [only] if is_for_web(only) && !only.is_wildcard() => Some(only.url.value.clone()),
        _ => None,
    }
}

/// A `Recipient` or `Destination` that is set once and for all.
fn recipient(cx: &Subject<'_>, one: &Registered<'_>, out: &mut Findings) {
    let Some(expected) = expected(cx, one, cx.base_url()) else { return };
    let is_own = |url: &str| match expected.strip_prefix('…') {
        Some(path) => url.ends_with(path),
        None => url == expected,
    };
    for url in one.export.recipients.iter().filter(|url| !is_own(&url.value)) {
        let problem = one
            .problem(format!("expected the recipient {expected}, got {}", shown(&url.value)), url)
            .label(described(&differences(&expected, &url.value)))
            .why(format!(
                "{} refuses an answer whose Destination or Recipient is another address",
                cx.app.name
            ))
            .remedy(format!("{expected} {}", one.label(&["acs_url"])))
            .severity(severity(url));
        out.report(&rule_of(cx.app, Fault::Callback).rule, problem);
    }
}

/// A text of somebody else, fit for a message.
pub(in crate::rules) fn shown(text: &str) -> String {
    match text.char_indices().nth(LONGEST_SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}

fn wildcard(cx: &Subject<'_>, out: &mut Findings) {
    for one in registered(cx) {
        for callback in one.export.callbacks.iter().filter(|callback| callback.is_wildcard()) {
            let remedy = match expected(cx, &one, cx.base_url()) {
                Some(address) => format!("{address} alone"),
                None => "the application's own address alone".to_owned(),
            };
            let problem = one
                .problem(
                    format!("the address {} has a wildcard", shown(&callback.url.value)),
                    &callback.url,
                )
                .why("whoever gets hold of any page below it can have codes or assertions sent there")
                .remedy(format!("{remedy} {}", one.label(&["redirect_uri", "acs_url"])));
            out.report(&WILDCARD_REDIRECT.rule, problem);
        }
    }
}

/// Characters of a foreign text that a message shows.
const LONGEST_SHOWN: usize = 200;
