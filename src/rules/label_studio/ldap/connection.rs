//! The connection to the directory.

use crate::apps::label_studio_environment::LsVariable;
use crate::ldap::url::{LdapUrl, Scheme};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::{CONTEXT_NOT_LAST, PLAIN_LDAP};
use crate::rules::urls::{Reach, reach};
use crate::source::Span;

pub(super) fn plain(cx: &Environment<'_>, out: &mut Findings) {
    let process = cx.process;
    let Some((set, text)) = process.text("AUTH_LDAP_SERVER_URI") else { return };
    let Ok(urls) = LdapUrl::parse_list(text) else { return };
    let is_plain = |url: &&LdapUrl| {
        let is_local = url.host.is_empty() || reach(&url.host) == Reach::Loopback;
        url.scheme == Scheme::Ldap && !is_local
    };
    let Some(url) = urls.iter().find(is_plain).filter(|_| !has_tls(cx)) else { return };
    let is_complete = process.is_complete || process.lookup(OPTIONS).is_some();
    if !is_complete {
        return;
    }
    let sends_password = process.has("AUTH_LDAP_BIND_PASSWORD");
    let severity = if sends_password { Severity::Error } else { Severity::Warning };
    let problem = Problem::new(
        "the directory is asked over an unencrypted connection",
        set.part_place(url.span),
    )
    .severity(severity)
    .why(
        "the password of everybody who logs in, and of the service account, can be read on the way",
    )
    .remedy(format!("ldaps://{}", url.host));
    let problem = match encrypted(&set, text, url) {
        Some(edits) => problem.unsafe_fix("write ldaps://", edits),
        None => problem,
    };
    report(&PLAIN_LDAP.rule, &set, problem, out);
}

/// Whether anything speaks of TLS, be it unknown.
fn has_tls(cx: &Environment<'_>) -> bool {
    let options = cx.process.lookup(OPTIONS);
    let speaks = |set: LsVariable<'_>| match set.text() {
        Some(text) => text.to_ascii_uppercase().contains("OPT_X_TLS"),
        None => !set.is_empty(),
    };
    let start_tls = cx.process.lookup("AUTH_LDAP_START_TLS");
    let starts = |set: LsVariable<'_>| set.boolean() != Some(false);
    options.is_some_and(speaks) || start_tls.is_some_and(starts)
}

/// An `s` behind `ldap`, where no port speaks against it.
fn encrypted(set: &LsVariable<'_>, text: &str, url: &LdapUrl) -> Option<Vec<(Span, String)>> {
    let has_prefix = text.get(url.span.start..)?.to_ascii_lowercase().starts_with("ldap://");
    let is_own = set.variable.written.is_own && has_prefix;
    let at = set.variable.place_in_source(url.span.start + 4).filter(|_| is_own)?;
    url.port.is_none().then(|| vec![(Span::at(at), "s".to_owned())])
}

pub(super) fn context_not_last(cx: &Environment<'_>, out: &mut Findings) {
    let Some((set, text)) = cx.process.text(OPTIONS) else { return };
    let mut start = 0;
    let options: Vec<(&str, Span)> = text
        .split(';')
        .map(|option| {
            let span = Span::new(start, start + option.len());
            start = span.end + 1;
            (option, span)
        })
        .filter(|(option, _)| !option.trim().is_empty())
        .collect();
    let is_context = |option: &str| {
        option.trim().split('=').next().is_some_and(|name| name.trim() == "OPT_X_TLS_NEWCTX")
    };
    let Some((_, last)) = options.split_last() else { return };
    let Some((_, span)) = last.iter().find(|(option, _)| is_context(option)) else { return };
    let (of_context, others): (Vec<&str>, Vec<&str>) =
        options.iter().map(|(option, _)| option.trim()).partition(|option| is_context(option));
    let new = [others, of_context].concat().join(";");
    let problem = Problem::new("OPT_X_TLS_NEWCTX is not the last option", set.part_place(*span))
        .why("the options before it are put into force by it; those behind it are not, so the certificate is not taken")
        .remedy(format!("{}={new}", set.variable.name));
    let problem = match set.variable.rewrite(&new) {
        Some(edits) => problem.safe_fix("move it to the end", edits),
        None => problem,
    };
    report(&CONTEXT_NOT_LAST.rule, &set, problem, out);
}

const OPTIONS: &str = "AUTH_LDAP_CONNECTION_OPTIONS";
