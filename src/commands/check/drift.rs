//! What has changed since answers were kept: keys, endpoints, certificates.

use std::collections::{BTreeMap, BTreeSet};
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
use crate::source::{Spanned, printable};

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
        return of_keys(&old, &new);
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

/// Keys by their names, and under each name what they are by their numbers: a name that stays may
/// stand for another key, and every token that was signed with the old one fails.
fn of_keys(old: &Jwks, new: &Jwks) -> Vec<String> {
    let (old, new) = (by_name(old), by_name(new));
    let names = |all: &Keys| all.keys().cloned().collect::<BTreeSet<String>>();
    let mut found = of_sets("key", &names(&old), &names(&new));
    for (name, before) in &old {
        let Some(now) = new.get(name).filter(|now| *now != before) else { continue };
        found.push(format!(
            "key {name} has the same name but other key material: its thumbprint was {} and is {}",
            told(before),
            told(now)
        ));
    }
    found
}

/// The thumbprints of the keys of each name.
type Keys = BTreeMap<String, BTreeSet<Option<String>>>;

fn by_name(set: &Jwks) -> Keys {
    let mut keys = Keys::new();
    for (at, key) in set.keys.iter().enumerate() {
        let thumbprint = key.thumbprint.clone();
        // A key without a name is called by what it is: its place says nothing.
        let name = match (&key.key_id, &thumbprint) {
            (Some(id), _) => printable(&id.value).into_owned(),
            (None, Some(thumbprint)) => format!("without a name ({})", start(thumbprint)),
            (None, None) => format!("number {}", at + 1),
        };
        keys.entry(name).or_default().insert(thumbprint);
    }
    keys
}

fn told(thumbprints: &BTreeSet<Option<String>>) -> String {
    let all = thumbprints.iter().map(|one| one.as_deref().map_or("none", start));
    all.collect::<Vec<_>>().join(", ")
}

/// Enough of a thumbprint to tell it from another.
fn start(thumbprint: &str) -> &str {
    thumbprint.get(..SHOWN).unwrap_or(thumbprint)
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

/// Characters of a thumbprint that are shown.
const SHOWN: usize = 11;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::differences;

    fn set(keys: &[(&str, &str)]) -> String {
        let keys = keys.iter().map(|(id, x)| {
            format!(r#"{{"kty": "OKP", "crv": "Ed25519", "use": "sig"{id}, "x": "{x}"}}"#)
        });
        format!(r#"{{"keys": [{}]}}"#, keys.collect::<Vec<_>>().join(", "))
    }

    fn told(old: &str, new: &str) -> Vec<String> {
        differences(old, new, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn another_key_under_the_same_name_is_a_change() {
        let (one, other) = (r#", "kid": "k1""#, r#", "kid": "k2""#);
        let old = set(&[(one, "AAAA"), (other, "BBBB")]);
        let found = told(&old, &set(&[(other, "BBBB"), (one, "CCCC")]));
        let [found] = found.as_slice() else { panic!("one change: {found:?}") };
        assert!(found.starts_with("key k1 has the same name but other key material"), "{found}");
    }

    #[test]
    fn the_order_of_keys_and_what_else_they_say_is_no_change() {
        let (one, other) = (r#", "kid": "k1""#, r#", "kid": "k2""#);
        let old = set(&[(one, "AAAA"), (other, "BBBB"), ("", "DDDD")]);
        let new = set(&[("", "DDDD"), (other, "BBBB="), (r#", "kid": "k1", "x5t": "a""#, "AAAA")]);
        assert_eq!(told(&old, &new), Vec::<String>::new());
    }

    #[test]
    fn a_key_without_a_name_that_is_replaced_is_gone_and_new() {
        let found = told(&set(&[("", "AAAA")]), &set(&[("", "BBBB")]));
        assert!(found.len() == 2 && found[0].ends_with("is gone"), "{found:?}");
    }
}
