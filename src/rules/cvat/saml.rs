//! Where a SAML provider is found, and how a login may begin.

use crate::model::{Protocol, Role};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::urls::{is_single_label, parts};
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static IGNORED_INLINE_ENDPOINT: Lint = lint!(
    "CVAT021",
    "ignored-inline-endpoint",
    Warning,
    "`sso_url` or `x509_cert` beside a `metadata_url`, which makes them dead text",
    Check::Provider(ignored_inline_endpoint)
);
pub(in crate::rules) static SINGLE_LABEL_HOST: Lint = lint!(
    "CVAT028",
    "single-label-host",
    Error,
    "a host name without a dot, which CVAT's SAML library refuses",
    Check::Provider(single_label_host)
);
pub(in crate::rules) static IDP_INITIATED: Lint = lint!(
    "CVAT064",
    "idp-initiated-login",
    Info,
    "logins that begin at the identity provider are refused",
    Check::Provider(idp_initiated)
);

fn ignored_inline_endpoint(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if !cx.speaks(Protocol::Saml) || !cx.provider.has(Role::MetadataUrl) {
        return;
    }
    let inline = [Role::SsoUrl, Role::Certificate].map(|role| cx.provider.setting(role));
    let mut ignored: Vec<_> =
        inline.into_iter().flatten().filter(|setting| setting.is_present()).collect();
    ignored.sort_by_key(|setting| setting.entry.map(|(key, _)| key.span()));
    let Some(first) = ignored.first() else { return };
    let keys: Vec<&str> = ignored.iter().map(|setting| setting.card.key.as_str()).collect();
    let verb = if keys.len() == 1 { "is" } else { "are" };
    let message = format!("{} {verb} ignored, because metadata_url is set", keys.join(" and "));
    let mut problem = Problem::new(message, cx.subject.key_place(first))
        .why("CVAT's library takes everything from the metadata; the values here mislead whoever renews the certificate")
        .remedy("keep metadata_url alone, or take it out and keep sso_url with x509_cert");
    if let Some(metadata) = cx.provider.setting(Role::MetadataUrl) {
        problem = problem.related(cx.subject.key_place(metadata), "this one is used");
    }
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let lines: Option<Vec<_>> = ignored
        .iter()
        .filter_map(|setting| setting.entry)
        .map(|(key, value)| edits::lines_of(source, key.span(), value.span()))
        .collect();
    out.report(
        &IGNORED_INLINE_ENDPOINT.rule,
        match lines {
            Some(lines) => {
                let cut = lines.into_iter().map(|span| (span, String::new())).collect();
                problem.unsafe_fix("take the ignored settings out", cut)
            }
            None => problem,
        },
    );
}

fn single_label_host(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if !cx.speaks(Protocol::Saml) {
        return;
    }
    let role = if cx.provider.has(Role::MetadataUrl) { Role::MetadataUrl } else { Role::SsoUrl };
    if let Some((setting, url)) = cx.text(role)
        && let Some(host) = parts(url).map(|parts| parts.host).filter(|host| is_single_label(host))
        && !publishes_other_host(cx, host)
    {
        let problem = cx.value_problem(format!("host name `{host}` has no dot"), setting);
        out.report(&SINGLE_LABEL_HOST.rule, explained(problem));
    }
    let Some(variable) = cx.subject.config.environment.variable("CVAT_BASE_URL") else { return };
    let host = variable.known().and_then(parts).map(|parts| parts.host);
    if let Some(host) = host.filter(|host| is_single_label(host)) {
        let message = format!("host name `{host}` has no dot, and a provider speaks SAML");
        let problem = cx.subject.variable_problem(message, variable);
        out.report(&SINGLE_LABEL_HOST.rule, explained(problem));
    }
}

/// Whether the entity id shows that the identity provider calls itself by another host than the
/// one from which its metadata is fetched.
fn publishes_other_host(cx: &ProviderSubject<'_>, host: &str) -> bool {
    let entity_host = cx.provider.text(Role::EntityId).and_then(parts).map(|parts| parts.host);
    entity_host.is_some_and(|entity_host| !entity_host.eq_ignore_ascii_case(host))
        && cx.provider.has(Role::MetadataUrl)
}

fn explained(problem: Problem) -> Problem {
    problem
        .why("python3-saml refuses addresses on such a host (idp_sso_url_invalid, sp_acs_url_invalid), unless it is localhost or an IP address")
        .remedy("the full host name, such as sso.corp.internal")
}

fn idp_initiated(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.setting(Role::Protocol) else { return };
    if !cx.speaks(Protocol::Saml) {
        return;
    }
    let id = cx.provider.label().unwrap_or("{id}");
    let start = format!("{}/api/auth/saml/{id}/login/", cx.subject.base_url().unwrap_or("…"));
    let problem = cx
        .value_problem("logins that begin at the identity provider are refused", setting)
        .why("CVAT's library accepts only answers to its own requests, so an app tile ends in an error")
        .remedy(format!("hide the tile, or let it open {start}"));
    out.report(&IDP_INITIATED.rule, problem);
}
