//! What has changed since answers were kept: keys, endpoints, certificates.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::Timestamp;
use url::Url;

use crate::commands::Failure;
use crate::commands::check::{at_name, recording};
use crate::fetch::cards as net;
use crate::fetch::{Fetch as _, Recorder, Request};
use crate::oidc::discovery::Discovery;
use crate::oidc::jwks::Jwks;
use crate::problem::Problem;
use crate::rule::{Finding, Findings, Severity};
use crate::rules::answers::days_between;
use crate::saml::metadata::{self, Certificate};
use crate::source::Spanned;

/// The differences between what is answered now and what was kept.
pub(super) fn findings(
    folder: &Path,
    now: &Recorder<'_>,
    at: Timestamp,
) -> Result<Vec<Finding>, Failure> {
    let before = recording::open(folder)?;
    let mut out = Findings::default();
    for address in before.urls() {
        let Ok(url) = Url::parse(address) else { continue };
        let Ok(old) = before.fetch(&Request::get(url)) else { continue };
        let Some(new) = now.answered(address) else { continue };
        let (Some(old), Ok(new)) = (old.text(), std::str::from_utf8(&new)) else { continue };
        for message in differences(old, new, at) {
            let problem = Problem::new(message, at_name(address)).severity(Severity::Warning);
            out.report(
                &net::CHANGED,
                problem.remedy("look whether the change was meant, then record anew"),
            );
        }
    }
    Ok(out.0)
}

/// What differs between two versions of one document, in words.
fn differences(old: &str, new: &str, at: Timestamp) -> Vec<String> {
    if old == new {
        return Vec::new();
    }
    if let (Ok(old), Ok(new)) = (Discovery::read(old), Discovery::read(new)) {
        return of_discovery(&old, &new);
    }
    if let (Ok(old), Ok(new)) = (Jwks::read(old), Jwks::read(new)) {
        return of_sets("key", &key_ids(&old), &key_ids(&new));
    }
    let limits =
        |text: &str| crate::xml::Limits { bytes: text.len(), ..crate::xml::Limits::default() };
    let metadata = (metadata::read(old, limits(old)), metadata::read(new, limits(new)));
    if let (Ok(old), Ok(new)) = metadata {
        let mut found = of_sets("endpoint", &endpoints(&old), &endpoints(&new));
        found.extend(of_sets(
            "signing certificate",
            &certificates(&old, at),
            &certificates(&new, at),
        ));
        return found;
    }
    vec!["the document has changed".to_owned()]
}

fn of_discovery(old: &Discovery, new: &Discovery) -> Vec<String> {
    let pairs = [
        ("issuer", &old.issuer, &new.issuer),
        ("authorization_endpoint", &old.authorization_endpoint, &new.authorization_endpoint),
        ("token_endpoint", &old.token_endpoint, &new.token_endpoint),
        ("userinfo_endpoint", &old.userinfo_endpoint, &new.userinfo_endpoint),
        ("jwks_uri", &old.jwks_uri, &new.jwks_uri),
    ];
    let text = |value: &Option<Spanned<String>>| {
        value.as_ref().map_or_else(|| "nothing".to_owned(), |value| value.value.clone())
    };
    let changed = pairs.iter().filter(|(_, old, new)| text(old) != text(new));
    changed
        .map(|(name, old, new)| format!("{name} was {} and is {}", text(old), text(new)))
        .collect()
}

fn of_sets(what: &str, old: &BTreeSet<String>, new: &BTreeSet<String>) -> Vec<String> {
    let gone = old.difference(new).map(|one| format!("{what} {one} is gone"));
    let come = new.difference(old).map(|one| format!("{what} {one} is new"));
    gone.chain(come).collect()
}

fn key_ids(set: &Jwks) -> BTreeSet<String> {
    let name = |(at, key): (usize, &crate::oidc::jwks::JsonWebKey)| {
        key.key_id.as_ref().map_or_else(|| format!("number {}", at + 1), |id| id.value.clone())
    };
    set.keys.iter().enumerate().map(name).collect()
}

fn endpoints(document: &metadata::Metadata) -> BTreeSet<String> {
    let roles = document.identity_providers().filter_map(|entity| entity.idp.as_ref());
    roles.flat_map(|idp| &idp.sso).map(|endpoint| endpoint.location.value.clone()).collect()
}

fn certificates(document: &metadata::Metadata, at: Timestamp) -> BTreeSet<String> {
    let roles = document.identity_providers().filter_map(|entity| entity.idp.as_ref());
    let all = roles.flat_map(|idp| idp.signing());
    all.filter_map(|one| described(one, at)).collect()
}

fn described(certificate: &Certificate, at: Timestamp) -> Option<String> {
    let fingerprint = crate::crypto::key::fingerprint(&certificate.der()?);
    let days = days_between(at, certificate.read()?.not_after);
    Some(format!("{} ({days} days left)", &fingerprint[..11]))
}
