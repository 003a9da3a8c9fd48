//! The certificates that an entity signs with.

use crate::pki::{Certificate as Read, Key as PublicKey, cards};
use crate::rule::{Findings, Severity};
use crate::rules::answers::days_between;
use crate::rules::captured::certificates::day;
use crate::rules::metadata::{MetadataSubject, signing_keys};
use crate::saml::cards::meta;
use crate::saml::metadata::{Certificate, Entity};

pub(super) fn judge(cx: &MetadataSubject<'_>, entity: &Entity, out: &mut Findings) {
    let keys = signing_keys(entity);
    let written: Vec<&Certificate> = keys.iter().flat_map(|key| &key.certificates).collect();
    let has_value = keys.iter().any(|key| key.has_value);
    let mut read: Vec<(&Certificate, Read)> = Vec::new();
    let mut broken: Vec<&Certificate> = Vec::new();
    for &certificate in &written {
        match certificate.read() {
            Some(one) if read.iter().all(|(_, other)| *other != one) => {
                read.push((certificate, one));
            }
            Some(_) => {}
            None => broken.push(certificate),
        }
        armour(cx, certificate, out);
    }
    if read.is_empty() && !has_value {
        none(cx, entity, &broken, out);
        return;
    }
    for certificate in broken {
        let problem = cx
            .problem("this certificate cannot be read", certificate.span)
            .why("logins end on the day the identity provider signs with this one")
            .remedy("the certificate as base64, without anything around it");
        out.report(&meta::BAD_CERTIFICATE, problem);
    }
    for (written, certificate) in &read {
        one(cx, written, certificate, out);
    }
    // Any of several keys may sign: what counts is the one that lasts longest.
    if let Some((written, last)) = read.iter().max_by_key(|(_, one)| one.not_after)
        && !has_value
    {
        ends(cx, entity, written, last, out);
    }
    if let [_, (second, _), ..] = read.as_slice() {
        let problem = cx
            .problem(format!("there are {} signing certificates", read.len()), second.span)
            .why("the key is about to change, or has just changed; who keeps one certificate needs the other");
        out.report(&cards::SEVERAL, problem);
    }
}

/// No key at all. An application may do without one; an identity provider may not.
fn none(cx: &MetadataSubject<'_>, entity: &Entity, broken: &[&Certificate], out: &mut Findings) {
    let Some(idp) = &entity.idp else { return };
    let (message, span) = match broken {
        [first, ..] => ("no signing certificate of the identity provider can be read", first.span),
        [] if idp.keys.is_empty() => ("the identity provider has no key", idp.span),
        [] => ("the identity provider has no key to sign with", idp.span),
    };
    let problem = cx
        .problem(message, span)
        .why("nothing that it signs can be checked, so no login can be accepted")
        .remedy("metadata saved anew, with a signing certificate that is active");
    out.report(&meta::NO_SIGNING_KEY, problem);
}

fn armour(cx: &MetadataSubject<'_>, certificate: &Certificate, out: &mut Findings) {
    if !certificate.text.contains("-----") {
        return;
    }
    let problem = cx
        .problem("the certificate stands here with its PEM frame", certificate.span)
        .why("the element holds base64 alone, and some libraries find no key in it")
        .remedy("the base64 without the lines BEGIN CERTIFICATE and END CERTIFICATE");
    out.report(&meta::PEM_ARMOUR, problem);
}

fn one(cx: &MetadataSubject<'_>, written: &Certificate, read: &Read, out: &mut Findings) {
    if read.not_before > cx.at {
        let problem = cx
            .problem(format!("the certificate begins on {} only", day(read.not_before)), written.span)
            .why("libraries that enforce dates refuse what it signs until then; often a clock is wrong");
        out.report(&cards::NOT_YET_VALID, problem);
    }
    if let PublicKey::Rsa(bits) = read.key
        && bits < SHORTEST_RSA
    {
        let problem = cx
            .problem(format!("the certificate has an RSA key of {bits} bits"), written.span)
            .why("newer libraries refuse keys of fewer than 2048 bits")
            .remedy("a certificate with RSA of 2048 bits or more, or P-256");
        out.report(&cards::WEAK_KEY, problem);
    }
    if let Some(hash) = read.broken_signature {
        let problem = cx
            .problem(format!("the certificate is itself signed with {hash}"), written.span)
            .why("metadata trusts the key by its place, so this is only a sign of age");
        out.report(&cards::WEAK_SIGNATURE, problem);
    }
}

fn ends(
    cx: &MetadataSubject<'_>,
    entity: &Entity,
    written: &Certificate,
    last: &Read,
    out: &mut Findings,
) {
    let whose = if entity.idp.is_some() { "the identity provider's" } else { "the" };
    let days = days_between(cx.at, last.not_after);
    if last.not_after < cx.at {
        let problem = cx
            .problem(
                format!("{whose} signing certificate expired on {}", day(last.not_after)),
                written.span,
            )
            .why("most libraries ignore the date, so logins go on until the key is changed, and most change it on that day")
            .remedy("metadata saved anew, once it lists the next certificate");
        out.report(&cards::EXPIRED, problem);
    } else if days <= cx.warn_days {
        let unit = if days == 1 { "day" } else { "days" };
        let problem = cx
            .problem(
                format!("{whose} signing certificate expires in {days} {unit}, on {}", day(last.not_after)),
                written.span,
            )
            .severity(Severity::Warning)
            .why("the next one has to be known to the application before the identity provider signs with it")
            .remedy("the next certificate made now and given to the application");
        out.report(&cards::EXPIRES_SOON, problem);
    }
}

/// Bits below which an RSA key is short (NIST SP 800-57).
const SHORTEST_RSA: usize = 2048;
