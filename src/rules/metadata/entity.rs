//! One entity: its end, its name, its signature, its endpoints.

use jiff::ToSpan as _;
use url::Url;

use crate::rule::{Findings, Severity};
use crate::rules::captured::certificates::day;
use crate::rules::metadata::MetadataSubject;
use crate::saml::binding::saml_parameter;
use crate::saml::cards::meta;
use crate::saml::dsig::algorithm;
use crate::saml::metadata::{Endpoint, Entity, POST, REDIRECT};
use crate::source::Spanned;

pub(super) fn judge(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    validity(cx, entity, out);
    name(cx, entity, out);
    signature(cx, entity, out);
    endpoints(cx, entity, out);
    role(cx, entity, out);
}

fn validity(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    let Some(end) = entity.valid_until() else {
        if entity.ends.is_empty() {
            let problem = cx
                .problem("the metadata says no end of its validity", entity.span)
                .why("a saved copy is believed for ever, also after a key was replaced");
            out.report(&meta::VALIDITY, problem);
        }
        return;
    };
    let Some(instant) = end.instant else { return };
    if instant <= cx.at {
        let problem = cx
            .problem(
                format!("this metadata is valid until {}, which is past", day(instant)),
                end.span,
            )
            .why("whoever wrote it vouches for it no longer, and careful libraries refuse it")
            .remedy("metadata fetched anew from the identity provider");
        out.report(&meta::EXPIRED, problem);
        return;
    }
    let far = cx.at.checked_add((LONGEST_DAYS * 24).hours()).ok();
    if far.is_some_and(|far| instant > far) {
        let problem = cx
            .problem(format!("this metadata is valid until {}", day(instant)), end.span)
            .why("an end so far away is none: a saved copy is believed also after a key was replaced");
        out.report(&meta::VALIDITY, problem);
    }
}

fn name(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    let id = &entity.entity_id;
    // A missing name is a departure from the schema, and told as one.
    if id.value.is_empty() {
        return;
    }
    let message = if id.value.contains(char::is_whitespace) {
        "the entityID has white space in it"
    } else if id.value.chars().count() > 1024 {
        "the entityID is longer than 1024 characters"
    } else if Url::parse(&id.value).is_err() {
        "the entityID is no absolute URI"
    } else {
        return;
    };
    let severity =
        if id.value.contains(char::is_whitespace) { Severity::Warning } else { Severity::Info };
    let problem = cx
        .problem(message, id.span)
        .severity(severity)
        .why("names are compared byte for byte in every message, and one like this is easily typed otherwise")
        .remedy("an absolute URI without blanks");
    out.report(&meta::ENTITY_ID, problem);
}

fn signature(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    if !entity.has_signature {
        let problem = cx
            .problem("the metadata has no signature", entity.span)
            .why("it is as trustworthy as the way it came: good over https from the identity provider's own address, else not");
        out.report(&meta::UNSIGNED, problem);
        return;
    }
    let weak = entity.signature_methods.iter().find(|method| algorithm::is_weak(&method.value));
    if let Some(method) = weak {
        let problem = cx
            .problem(format!("the metadata is signed with {}", algorithm::name(&method.value)), method.span)
            .why("two documents of the same SHA-1 can be made, and newer libraries refuse the signature")
            .remedy("a signature with RSA-SHA256 over a SHA-256 digest");
        out.report(&meta::WEAK_SIGNATURE, problem);
    }
}

fn endpoints(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    let idp = entity.idp.iter().flat_map(|idp| idp.sso.iter().chain(&idp.slo));
    let sp = entity.sp.iter().flat_map(|sp| sp.acs.iter().chain(&sp.slo));
    for endpoint in idp.chain(sp) {
        address(cx, endpoint, out);
        query(cx, endpoint, out);
    }
    let Some(idp) = &entity.idp else { return };
    if entity.sso(REDIRECT).is_none() && entity.sso(POST).is_none() {
        let problem = cx
            .problem(
                "the identity provider has no single sign-on over HTTP-Redirect or HTTP-POST",
                idp.span,
            )
            .why("a browser reaches nothing else")
            .remedy("the endpoint switched on at the identity provider, and metadata saved anew");
        out.report(&meta::NO_ENDPOINT, problem);
    }
}

fn address(cx: &MetadataSubject<'_>, endpoint: &Endpoint, out: &mut Findings) {
    let location = &endpoint.location;
    let url = Url::parse(location.value.trim());
    let (severity, message) = match &url {
        Ok(url) if url.scheme() == "https" => return,
        Ok(url) if url.scheme() == "http" && is_loopback(url) => {
            (Severity::Info, "the endpoint is plain http to the own machine".to_owned())
        }
        Ok(url) if url.scheme() == "http" => {
            (Severity::Error, "the endpoint is plain http".to_owned())
        }
        Ok(url) => (Severity::Error, format!("the endpoint is a {}: address", url.scheme())),
        Err(_) => (Severity::Error, "the endpoint is no absolute address".to_owned()),
    };
    let problem = cx
        .problem(message, location.span)
        .severity(severity)
        .why("a browser follows it with the request or the assertion in its hands")
        .remedy("the endpoint's https address");
    out.report(&meta::URL_SCHEME, problem);
}

/// That the address leaves the parameters of SAML to whoever sends a message there.
fn query(cx: &MetadataSubject<'_>, endpoint: &Endpoint, out: &mut Findings) {
    let location = &endpoint.location;
    let Some(name) = saml_parameter(location.value.trim()) else { return };
    let problem = cx
        .problem(format!("the endpoint's address already carries {name}"), location.span)
        .why(
            "whoever appends a message gets the parameter twice, and which one is read depends on \
             the reader",
        )
        .remedy("the endpoint's address without parameters of SAML");
    out.report(&meta::ENDPOINT_QUERY, problem);
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn role(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    let Some(idp) = &entity.idp else { return };
    if idp.speaks_saml1 {
        let problem = cx.problem("the identity provider also offers SAML 1", idp.span);
        out.report(&meta::SAML1, problem);
    }
    let wants = idp.want_authn_requests_signed.as_ref().filter(|wants| wants.value);
    if let Some(Spanned { span, .. }) = wants {
        let problem = cx.problem("the identity provider wants requests signed", *span).why(
            "an application that cannot sign is turned away with `Invalid requester` or the like",
        );
        out.report(&meta::REQUESTS_SIGNED, problem);
    }
}

/// An end further away than ten years says nothing.
const LONGEST_DAYS: i64 = 3653;
