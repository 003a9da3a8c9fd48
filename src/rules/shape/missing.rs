//! Keys that are missing.

use crate::model::{Role, State, nearest};
use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::rules::Subject;
use crate::rules::cvat::shape_cards as cards;
use crate::rules::shape::Spot;
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;

pub(super) fn missing(
    cx: &Subject<'_>,
    spot: &Spot<'_>,
    property: &str,
    schema: &str,
) -> Option<(&'static Rule, Problem)> {
    let path = spot.path.key(property);
    if spot.keys.is_empty() {
        return missing_section(cx);
    }
    let setting = spot.settings(cx).find(|setting| setting.is_at(&path));
    if setting.is_some_and(|setting| setting.state == State::Misspelt) {
        return None;
    }
    let place = match setting.and_then(|setting| setting.entry) {
        Some((key, _)) => cx.place(key.span(), path),
        None => Place { path, ..missing_place(cx, spot) },
    };
    let is_empty = setting.is_some_and(|setting| setting.entry.is_some());
    let what = match setting.and_then(|setting| setting.entry).filter(|_| is_empty) {
        Some((key, value)) => emptied_by(cx, key, value),
        None => "is missing",
    };
    if schema.contains("some_endpoint") {
        return Some((&cards::NO_SAML_ENDPOINT.rule, no_endpoint(place)));
    }
    if schema.contains("whole_endpoint") {
        return half_endpoint(spot, property, place);
    }
    if property == "attribute_mapping" {
        return Some((
            &cards::MISSING_ATTRIBUTE_MAPPING.rule,
            no_mapping(format!("attribute_mapping {what}"), place),
        ));
    }
    let (why, remedy) = needed(property);
    let problem = Problem::new(format!("{property} {what}"), place).why(why).remedy(remedy);
    Some((&cards::MISSING_SETTING.rule, problem))
}

/// Why a value is empty: what stands behind the key may be a comment, an anchor or a tag.
fn emptied_by(cx: &Subject<'_>, key: NodeRef<'_>, value: NodeRef<'_>) -> &'static str {
    let Some(document) = cx.document().filter(|_| value.span().is_empty()) else {
        return "is empty";
    };
    let text = &document.source.text()[key.span().end..];
    let line = text.lines().next().unwrap_or_default();
    let behind = line.trim_start_matches([':', '"', '\'', ' ']);
    match behind.chars().next() {
        Some('#') if !behind.starts_with("# ") => {
            "is empty: from the # on it is a comment; quotes keep it"
        }
        Some('&') => "is empty: what begins with & is an anchor; quotes keep it",
        Some('!') => "is empty: what begins with ! is a tag; quotes keep it",
        _ => "is empty",
    }
}

pub(super) fn missing_section(cx: &Subject<'_>) -> Option<(&'static Rule, Problem)> {
    let root = cx.config.root;
    if root
        .is_some_and(|root| root.get("social_account").is_some_and(|map| map.entries().is_some()))
    {
        return None;
    }
    let near = root
        .and_then(NodeRef::pairs)
        .into_iter()
        .flatten()
        .find_map(|(key, _)| nearest(key.key_text()?, ["sso"]).map(|_| key));
    let place = match near {
        Some(key) => cx.place(key.span(), KeyPath::default()),
        None => cx.section_place(),
    };
    let empty = root.and_then(|root| root.entry("sso"));
    let message = match (root, empty) {
        (None, _) => "the file is empty",
        (Some(root), _) if root.entries().is_none() => {
            "the file is no map; `sso` must be a key at its top"
        }
        (_, Some((_, value))) if value.is_null() => "the section `sso` is empty",
        (_, Some(_)) => "`sso` is no map of settings",
        (_, None) => "the file has no section `sso`",
    };
    let problem = Problem::new(message, place)
        .why("CVAT finds no SSO configuration, and the login page shows no SSO button")
        .remedy("sso: at the beginning of a line, and everything else indented below it");
    Some((&cards::MISSING_SSO_BLOCK.rule, problem))
}

fn missing_place(cx: &Subject<'_>, spot: &Spot<'_>) -> Place {
    let span = match (spot.entry, spot.provider) {
        (Some((key, _)), _) => key.span(),
        (None, Some(provider)) => provider.anchor(),
        (None, None) => spot.value.map_or_else(Default::default, NodeRef::span),
    };
    cx.place(span, spot.path.clone())
}

fn no_endpoint(place: Place) -> Problem {
    Problem::new("neither metadata_url nor sso_url with x509_cert is set", place)
        .why("CVAT then knows neither where to send people nor whose signature to trust")
        .remedy("metadata_url: the address of the identity provider's SAML metadata")
}

fn half_endpoint(
    spot: &Spot<'_>,
    property: &str,
    place: Place,
) -> Option<(&'static Rule, Problem)> {
    let other = if property == "sso_url" { Role::Certificate } else { Role::SsoUrl };
    let present = spot.provider?.setting(other)?;
    let key = &present.card.key;
    let span = present.entry?.0.span();
    let problem = Problem::new(format!("{key} is set without {property}"), Place { span, ..place })
        .why("without metadata_url CVAT needs both: where to send people, and whose signature to trust")
        .remedy(format!("{property} as well, or metadata_url instead of both"));
    Some((&cards::INCOMPLETE_INLINE_ENDPOINT.rule, problem))
}

pub(super) fn no_mapping(message: String, place: Place) -> Problem {
    Problem::new(message, place)
        .why("CVAT then reads no attribute at all; its library's own defaults do not apply")
        .remedy("attribute_mapping with at least uid, email and username, each with the name of an attribute")
}

pub(super) fn needed(property: &str) -> (&'static str, &'static str) {
    let row = NEEDED.iter().find(|(key, ..)| *key == property);
    row.map_or(
        ("CVAT needs it for this protocol", "the value from the identity provider's console"),
        |(_, why, remedy)| (*why, *remedy),
    )
}

/// Whether a setting is needed in any case.
pub(super) fn is_required(key: &str) -> bool {
    NEEDED.iter().any(|(needed, ..)| *needed == key)
}

/// Why a setting is needed, and what to write.
const NEEDED: [(&str, &str, &str); 9] = [
    ("enabled", "what CVAT does without it is not documented", "enabled: true"),
    (
        "identity_providers",
        "single sign-on is switched on, and there is nobody to ask",
        "identity_providers: with one entry for each identity provider",
    ),
    ("id", "it is part of every callback URL", "id: a short name such as acme-oidc"),
    ("name", "people see it when they choose", "name: what people call this login"),
    (
        "protocol",
        "CVAT does not know how to speak to this provider",
        "protocol: OIDC, or protocol: SAML",
    ),
    (
        "client_id",
        "the identity provider tells its clients apart by it",
        "client_id: from the identity provider's console",
    ),
    (
        "client_secret",
        "CVAT proves itself with it at the token endpoint",
        "client_secret: from the identity provider's console",
    ),
    (
        "server_url",
        "CVAT looks up everything else below this address",
        "server_url: the issuer, without /.well-known/openid-configuration",
    ),
    (
        "entity_id",
        "CVAT compares it with the sender of every answer, byte for byte",
        "entity_id: the identity provider's own entity id",
    ),
];
