//! The issuer (OpenID Connect Discovery 1.0 sections 3 and 4.3).

use url::{Host, Url};

use crate::oidc::cards::oidc as cards;
use crate::problem::Comparison;
use crate::rule::{Findings, Severity};
use crate::rules::captured::differences::{described, differences};
use crate::rules::oidc::{Check, Document};
use crate::source::printable;

/// What is looked at.
pub(super) const CHECKS: &[Check] = &[is_url, has_query, mismatch, template, internal];

fn is_url(document: &Document<'_>, out: &mut Findings) {
    let Some(issuer) = document.text("issuer") else {
        let found = document.problem("there is no issuer", "issuer");
        let found = found
            .why("clients compare the issuer of each ID token with this member")
            .remedy("the provider's discovery document, whole");
        return document.report(out, &cards::ISSUER_NOT_URL, found);
    };
    if is_template(issuer) {
        return;
    }
    let url = Url::parse(issuer).ok();
    let is_local = url.as_ref().is_some_and(is_loopback);
    match url.as_ref().map(Url::scheme) {
        Some("https") => {}
        Some("http") if is_local => {
            let found = document
                .problem("the issuer is plain http on this machine", "issuer")
                .severity(Severity::Info);
            document.report(out, &cards::ISSUER_NOT_URL, found);
        }
        _ => {
            let message = format!("the issuer {} is no https address", printable(issuer));
            let found = document.problem(message, "issuer").why(
                "without TLS anybody in between can answer in the provider's name, and most clients refuse it",
            );
            let found = found.remedy(
                "serve the provider under https and set its public address (hostname, external URL) to that",
            );
            document.report(out, &cards::ISSUER_NOT_URL, found);
        }
    }
}

fn has_query(document: &Document<'_>, out: &mut Findings) {
    let Some(issuer) = document.text("issuer").filter(|issuer| issuer.contains(['?', '#'])) else {
        return;
    };
    let message = format!("the issuer {} has a query or a fragment", printable(issuer));
    let found = document
        .problem(message, "issuer")
        .why("the address of the discovery document cannot be built from it")
        .remedy("an issuer without ? and #");
    document.report(out, &cards::ISSUER_WITH_QUERY, found);
}

fn mismatch(document: &Document<'_>, out: &mut Findings) {
    let (Some(issuer), Some(asked)) = (document.text("issuer"), document.asked) else { return };
    if is_template(issuer) {
        return;
    }
    let pieces = differences(asked, issuer);
    if pieces.is_empty() {
        return;
    }
    let compares = document.profile.is_none_or(|profile| profile.compares_issuer);
    let is_slash = asked.trim_end_matches('/') == issuer.trim_end_matches('/');
    let severity = match (compares, is_slash, document.profile.is_some()) {
        (true, _, true) => Severity::Error,
        (_, true, _) => Severity::Info,
        _ => Severity::Warning,
    };
    let why = match document.profile {
        Some(profile) if profile.compares_issuer => {
            format!("{} compares the two byte for byte and refuses the provider", profile.app)
        }
        Some(profile) => format!(
            "{} does not compare the two, but ID tokens carry the issuer of the document",
            profile.app
        ),
        None => "clients that follow the standard compare the two byte for byte".to_owned(),
    };
    let mut found = document
        .problem("the issuer is not the address that the document was asked for", "issuer")
        .why(why)
        .remedy(format!("configure the issuer as the document writes it: {}", printable(issuer)))
        .severity(severity);
    found.comparison = Some(Comparison {
        expected: asked.to_owned(),
        got: issuer.to_owned(),
        difference: Some(described(&pieces)),
    });
    document.report(out, &cards::ISSUER_MISMATCH, found);
}

fn template(document: &Document<'_>, out: &mut Findings) {
    let Some(issuer) = document.text("issuer").filter(|issuer| is_template(issuer)) else { return };
    let mut found = document
        .problem(format!("the issuer {} is a template", printable(issuer)), "issuer")
        .why("tokens carry the tenant's own id in its place, so a literal comparison always fails")
        .remedy("the address with the tenant's GUID instead of common or organizations");
    if document.profile.is_some() {
        found = found.severity(Severity::Error);
    }
    document.report(out, &cards::ISSUER_TEMPLATE, found);
}

fn internal(document: &Document<'_>, out: &mut Findings) {
    let Some(issuer) = document.text("issuer") else { return };
    let Some(url) = Url::parse(issuer).ok().filter(|url| !is_loopback(url)) else { return };
    let is_internal = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            !name.contains('.') || INSIDE.iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(address)) => address.is_private() || address.is_link_local(),
        Some(Host::Ipv6(address)) => address.is_unique_local(),
        None => false,
    };
    if is_internal {
        let message = format!("the issuer {} can be reached from inside only", printable(issuer));
        let found = document
            .problem(message, "issuer")
            .why("browsers are sent to endpoints of this host, so everybody outside cannot log in")
            .remedy("set the provider's public address (in Keycloak: hostname), or keep it so where all users are inside")
            .severity(Severity::Info);
        document.report(out, &cards::INTERNAL_ISSUER, found);
    }
}

/// Whether an issuer holds a part that is filled in for each tenant.
pub(super) fn is_template(issuer: &str) -> bool {
    issuer.contains('{') && issuer.contains('}')
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name.trim_end_matches('.') == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

/// Ends of host names that no public name has.
const INSIDE: [&str; 6] = [".local", ".internal", ".lan", ".home.arpa", ".svc", ".cluster.local"];
