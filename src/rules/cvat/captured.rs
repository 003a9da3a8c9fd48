//! CVAT's configuration against saved documents of its identity provider.

use std::sync::Arc;

use crate::exports::{Stated, is_sha1};
use crate::model::{Protocol, Role};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::captured::belonging::{
    Described, Registered, described, of_metadata, registered,
};
use crate::rules::captured::certificates::day;
use crate::rules::captured::differences::{described as in_words, differences};
use crate::rules::captured::discovery::{Published, published};
use crate::rules::captured::registration::{severity, shown};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject, inline_certificate};
use crate::source::{Span, Spanned};

pub(in crate::rules) static UNUSABLE_DISCOVERY: Lint = lint!(
    "CVAT019",
    "unusable-discovery",
    Error,
    "the discovery document lacks what CVAT needs, or is another issuer's",
    Check::Deployment(discovery)
);
pub(in crate::rules) static FOREIGN_ENTITY_ID: Lint = lint!(
    "CVAT023",
    "foreign-entity-id",
    Error,
    "`entity_id` is not the one in the metadata",
    Check::Deployment(entity_id)
);
pub(in crate::rules) static NO_REDIRECT_ENDPOINT: Lint = lint!(
    "CVAT024",
    "missing-redirect-endpoint",
    Error,
    "metadata without a single sign-on endpoint over HTTP-Redirect",
    Check::Elsewhere
);
pub(in crate::rules) static STALE_CERTIFICATE: Lint = lint!(
    "CVAT027",
    "stale-certificate",
    Warning,
    "`x509_cert` is none of the certificates in the metadata",
    Check::Deployment(stale_certificate)
);
pub(in crate::rules) static CALLBACK_MISMATCH: Lint = lint!(
    "CVAT060",
    "unregistered-callback",
    Error,
    "an address or entity id on record at the identity provider is not CVAT's",
    Check::Elsewhere
);
pub(in crate::rules) static SIGNED_REQUESTS: Lint = lint!(
    "CVAT061",
    "demanded-request-signature",
    Error,
    "the identity provider takes signed requests only, and CVAT's are not signed",
    Check::Deployment(signed_requests)
);
pub(in crate::rules) static SHA1_SIGNATURE: Lint = lint!(
    "CVAT062",
    "sha1-signature",
    Error,
    "the identity provider signs with SHA-1, which CVAT refuses",
    Check::Deployment(sha1)
);
pub(in crate::rules) static ENCRYPTED_ASSERTION: Lint = lint!(
    "CVAT063",
    "encrypted-assertion",
    Error,
    "the identity provider encrypts assertions, and CVAT has no key",
    Check::Deployment(encrypted)
);

fn discovery(cx: &Subject<'_>, out: &mut Findings) {
    for one in published(cx) {
        members(&one, out);
        auth_method(cx, &one, out);
    }
}

/// Members that allauth takes for granted.
fn members(one: &Published<'_>, out: &mut Findings) {
    let document = one.discovery;
    let needed: [(&str, &Option<Spanned<String>>); 5] = [
        ("issuer", &document.issuer),
        ("authorization_endpoint", &document.authorization_endpoint),
        ("token_endpoint", &document.token_endpoint),
        ("jwks_uri", &document.jwks_uri),
        ("userinfo_endpoint", &document.userinfo_endpoint),
    ];
    for (name, _) in needed.iter().filter(|(_, value)| value.is_none()) {
        let misfit = document.misfits.iter().find(|misfit| misfit.name == *name);
        let (message, span) = match misfit {
            Some(misfit) => (format!("{name} is not {}", misfit.expected), misfit.span),
            None => (format!("this discovery document has no {name}"), opening(document.span)),
        };
        let problem = one
            .problem(message, span)
            .why(format!("CVAT's library takes {name} out of the document at each login and fails without it (HTTP 500)"))
            .remedy("the discovery document of an OpenID Connect provider with all five: issuer, authorization_endpoint, token_endpoint, jwks_uri, userinfo_endpoint");
        out.report(&UNUSABLE_DISCOVERY.rule, problem);
    }
}

fn opening(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 1))
}

fn auth_method(cx: &Subject<'_>, one: &Published<'_>, out: &mut Findings) {
    let Some(setting) = one.provider.setting(Role::TokenAuthMethod) else { return };
    let Some(method) = setting.text().filter(|method| KNOWN_METHODS.contains(method)) else {
        return;
    };
    if one.discovery.offers_auth_method(method) {
        return;
    }
    let offered = one.discovery.token_endpoint_auth_methods_supported.iter().flatten();
    let offered: Vec<&str> = offered.map(|method| method.value.as_str()).collect();
    // Where the document names none, client_secret_basic is what the standard says.
    let (severity, offered) = match offered.as_slice() {
        [] => (Severity::Warning, "client_secret_basic, as the document names none".to_owned()),
        _ => (Severity::Error, shown(&offered.join(", "))),
    };
    let mut problem = ProviderSubject::new(cx, one.provider)
        .value_problem(
            format!("the identity provider does not offer {method}: it has {offered}"),
            setting,
        )
        .severity(severity)
        .why("the token endpoint refuses the client (invalid_client), so every login fails")
        .remedy("a method that the discovery document lists under token_endpoint_auth_methods_supported");
    problem.provider = one.provider.label().map(str::to_owned);
    out.report(&UNUSABLE_DISCOVERY.rule, problem);
}

fn entity_id(cx: &Subject<'_>, out: &mut Findings) {
    in_none_of_several(cx, out);
    for one in described(cx) {
        let Some(provider) = one.provider else { continue };
        let Some(setting) = provider.setting(Role::EntityId) else { continue };
        let Some(own) = setting.text() else { continue };
        let expected = &one.entity.entity_id.value;
        if own == expected || expected.is_empty() {
            continue;
        }
        let pieces = differences(expected, own);
        let why = if provider.has(Role::MetadataUrl) {
            "CVAT's library looks for this very text in the metadata, finds no identity provider and fails (HTTP 500)"
        } else {
            "CVAT compares the Issuer of every answer with it, byte for byte"
        };
        let mut problem = ProviderSubject::new(cx, provider)
            .value_problem(
                format!(
                    "entity_id is not the one in the metadata: expected {}, got {}",
                    shown(expected),
                    shown(own)
                ),
                setting,
            )
            .label(in_words(&pieces))
            .why(why)
            .remedy(format!("entity_id: {}", shown(expected)))
            .related(place(&one, one.entity.entity_id.span), "the entity id in the metadata");
        problem.provider = provider.label().map(str::to_owned);
        out.report(&FOREIGN_ENTITY_ID.rule, problem);
    }
}

/// Metadata of a whole federation, in which the provider is missing.
fn in_none_of_several(cx: &Subject<'_>, out: &mut Findings) {
    let found = described(cx);
    for saved in &cx.deployment.captured.metadata {
        let Some(metadata) = saved.document() else { continue };
        let count = metadata.identity_providers().count();
        for provider in of_metadata(cx, saved, metadata).into_iter().filter(|_| count > 1) {
            let is_found = found.iter().any(|one| {
                Arc::ptr_eq(one.source, &saved.source)
                    && one.provider.is_some_and(|other| std::ptr::eq(other, provider))
            });
            let setting = provider.setting(Role::EntityId);
            let Some(setting) = setting.filter(|setting| setting.text().is_some()) else {
                continue;
            };
            if is_found {
                continue;
            }
            let mut problem = ProviderSubject::new(cx, provider)
                .value_problem(
                    format!(
                        "entity_id is none of the {count} identity providers in the metadata"
                    ),
                    setting,
                )
                .why("CVAT's library looks for this very text in the metadata, finds no identity provider and fails (HTTP 500)")
                .remedy("the entity id of one of them, or the metadata of the provider that is meant");
            problem.provider = provider.label().map(str::to_owned);
            out.report(&FOREIGN_ENTITY_ID.rule, problem);
        }
    }
}

fn place(one: &Described<'_>, span: Span) -> crate::problem::Place {
    one.problem("", span).place
}

fn stale_certificate(cx: &Subject<'_>, out: &mut Findings) {
    for one in described(cx) {
        let Some(provider) = one.provider else { continue };
        let subject = ProviderSubject::new(cx, provider);
        let Some((setting, Ok(own))) = inline_certificate(&subject) else { continue };
        let listed = one.certificates();
        if listed.is_empty() || listed.iter().any(|(_, other)| *other == own) {
            continue;
        }
        let ends: Vec<String> =
            listed.iter().map(|(_, certificate)| day(certificate.not_after)).collect();
        let mut problem = subject
            .value_problem("x509_cert is none of the certificates in the metadata", setting)
            .label(format!("ends on {}, those in the metadata on {}", day(own.not_after), ends.join(", ")))
            .why("CVAT checks signatures with this certificate alone; what the identity provider signs with another one is refused")
            .remedy("the signing certificate from the metadata, or metadata_url, which follows a rollover by itself")
            .related(place(&one, one.role.span), "the identity provider's keys");
        problem.provider = provider.label().map(str::to_owned);
        out.report(&STALE_CERTIFICATE.rule, problem);
    }
}

/// What of an export concerns SAML.
fn saml<'s>(cx: &'s Subject<'s>) -> impl Iterator<Item = Registered<'s>> {
    registered(cx).into_iter().filter(|one| one.protocol == Protocol::Saml)
}

fn is_on(stated: Option<&Stated<bool>>) -> Option<&Stated<bool>> {
    stated.filter(|stated| stated.value)
}

fn signed_requests(cx: &Subject<'_>, out: &mut Findings) {
    for one in saml(cx) {
        let Some(stated) = is_on(one.export.demands_signed_requests.as_ref()) else { continue };
        let idp = &one.export.idp.name;
        let problem = one
            .problem(format!("{idp} takes signed requests only"), stated)
            .severity(severity(stated))
            .why(format!(
                "CVAT has no key and sends unsigned requests, which {idp} answers with an error"
            ))
            .remedy(format!("off {}", one.label(&["signed_requests"])));
        out.report(&SIGNED_REQUESTS.rule, problem);
    }
}

fn sha1(cx: &Subject<'_>, out: &mut Findings) {
    for one in saml(cx) {
        let algorithms = [
            ("signatures", "rsa-sha256", &one.export.signature_algorithm),
            ("digests", "sha256", &one.export.digest_algorithm),
        ];
        for (what, instead, stated) in algorithms {
            let Some(stated) = stated.as_ref().filter(|stated| is_sha1(&stated.value)) else {
                continue;
            };
            let idp = &one.export.idp.name;
            let message = if stated.is_default {
                format!("{idp} makes {what} with SHA-1 unless it is told otherwise")
            } else {
                format!("{idp} makes {what} with SHA-1")
            };
            let key = stated.path.0.last().map_or(String::new(), |_| stated.path.to_string());
            let problem = one
                .problem(message, stated)
                .severity(severity(stated))
                .why("CVAT refuses SHA-1 (\"Deprecated signature algorithm found\"), so every login fails")
                .remedy(format!("SHA-256: {key} {instead}, in the spelling of {idp}"));
            out.report(&SHA1_SIGNATURE.rule, opened(problem, stated));
        }
    }
}

/// What is not written is told at the opening of the object in which it would stand.
fn opened<T>(mut problem: Problem, stated: &Stated<T>) -> Problem {
    if stated.is_default {
        problem.place.span = opening(stated.span);
    }
    problem
}

fn encrypted(cx: &Subject<'_>, out: &mut Findings) {
    for one in saml(cx) {
        let Some(stated) = is_on(one.export.encrypts_assertions.as_ref()) else { continue };
        let idp = &one.export.idp.name;
        let problem = one
            .problem(format!("{idp} encrypts its assertions"), stated)
            .severity(severity(stated))
            .why(
                "CVAT's file has no place for a key, so it cannot read them, and every login fails",
            )
            .remedy(format!("encryption of assertions switched off in {idp}"));
        out.report(&ENCRYPTED_ASSERTION.rule, problem);
    }
}

/// Methods that CVAT knows (others are another rule's matter).
const KNOWN_METHODS: [&str; 2] = ["client_secret_basic", "client_secret_post"];
