//! Faults of signatures in words.

use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::saml::dsig::algorithm;
use crate::saml::dsig::fault::{Change, FaultKind, Signer};
use crate::saml::dsig::value::KeyWeakness;

/// A fault as a problem at its place.
pub(super) fn problem(kind: &FaultKind, place: Place) -> Problem {
    let mut problem = Problem::new(message(kind), place);
    if let Some(why) = why(kind) {
        problem = problem.why(why);
    }
    if let Some(remedy) = remedy(kind) {
        problem = problem.remedy(remedy);
    }
    if let FaultKind::KeyAlgorithmMismatch { signer: Some(signer), .. } = kind {
        problem = problem.note(format!("it was signed by {}", signed_by(signer)));
    }
    problem
}

/// What is wrong, with the data of the case; else the summary of the rule.
fn message(kind: &FaultKind) -> String {
    match kind {
        FaultKind::Algorithm(uri) if uri.is_empty() => {
            "the signature names no algorithm".to_owned()
        }
        FaultKind::Algorithm(uri) => {
            format!("the signature uses {}, which is not accepted", algorithm::name(uri))
        }
        FaultKind::AlgorithmWeak(name) => format!("the signature rests on {name}"),
        FaultKind::C14nFailed(why) => format!("the signed part has no canonical form: {why}"),
        FaultKind::C14nMethod(uri) => {
            format!("the canonicalisation {} is not allowed", quoted(algorithm::name(uri)))
        }
        FaultKind::Cardinality { part, matter } => format!("{part} {matter} in the signature"),
        FaultKind::Coverage { id, element } if id.is_empty() => {
            format!("{element} is called Signature, and signs nothing")
        }
        FaultKind::Coverage { id, element } => format!(
            "the signature covers {element} with the ID {}, which is not what is read",
            quoted(id)
        ),
        FaultKind::Differential(error) => {
            format!("the signed bytes do not read as a document: {error}")
        }
        FaultKind::DuplicateId(id) => format!("the ID {} is there twice", quoted(id)),
        FaultKind::Encoding(part) => format!("{part} is not plain base64"),
        FaultKind::Hmac(uri) => format!("{} is no signature", algorithm::name(uri)),
        FaultKind::IdAmbiguous(first, second) => {
            format!("one element carries both {first} and {second} as its ID")
        }
        FaultKind::KeyAlgorithmMismatch { method, keys, .. } => {
            format!("{method} needs another kind of key than the pinned one: {}", keys.join(", "))
        }
        FaultKind::KeySize(bits) => format!("a pinned key has {bits} bits, more than 8192"),
        FaultKind::KeyUntrusted(signer) => {
            format!("signed by a key that is not pinned: {}", signed_by(signer))
        }
        FaultKind::KeyWeak(KeyWeakness::Bits(bits)) => {
            format!("a pinned RSA key has {bits} bits, fewer than 2048")
        }
        FaultKind::KeyWeak(KeyWeakness::Factorable) => {
            "a pinned RSA key comes from a generator whose keys can be factored (ROCA)".to_owned()
        }
        FaultKind::Missing(what) if what.starts_with("neither") => format!("{what} is signed"),
        FaultKind::Missing(what) => format!("{what} is not signed"),
        kind => structure(kind),
    }
}

/// The same, for what stands in the wrong place or refers wrongly.
fn structure(kind: &FaultKind) -> String {
    match kind {
        FaultKind::DigestMismatch(Some(Change::Indented)) => {
            "white space was added between the elements after signing".to_owned()
        }
        FaultKind::DigestMismatch(Some(Change::LineEnds)) => {
            "line ends were changed after signing".to_owned()
        }
        FaultKind::Signatures(count) => format!("{count} signatures, more than are looked at"),
        FaultKind::Multiple(element) => format!("{element} carries several signatures"),
        FaultKind::Position(element) if element.is_empty() => {
            "the signature stands in nothing".to_owned()
        }
        FaultKind::Position(element) => {
            format!("the signature of {element} does not stand right after its Issuer")
        }
        FaultKind::PrefixList(count) => format!("the signature lists {count} prefixes"),
        FaultKind::ReferenceCount(0) => "the signature refers to nothing".to_owned(),
        FaultKind::ReferenceCount(count) => {
            format!("the signature has {count} references, where one belongs")
        }
        FaultKind::ReferenceUnresolved(id) => {
            format!("the signature refers to the ID {}, which no element carries", quoted(id))
        }
        FaultKind::ReferenceUri(uri) if uri.is_empty() => {
            "the signature refers to the whole document instead of an ID".to_owned()
        }
        FaultKind::ReferenceUri(uri) => {
            format!("the signature refers to {}, which is not # and a plain ID", quoted(uri))
        }
        FaultKind::Transform(what) => {
            format!("the transforms of the signature are not allowed: {what}")
        }
        FaultKind::ValueMismatch { change: Some(Change::Indented), .. } => {
            "white space was added inside the signature after signing".to_owned()
        }
        FaultKind::ValueMismatch { change: Some(Change::LineEnds), .. } => {
            "line ends were changed inside the signature after signing".to_owned()
        }
        FaultKind::ValueMismatch { embeds_pinned: true, .. } => {
            "the signature was changed after signing: its certificate is pinned, its value does not fit"
                .to_owned()
        }
        FaultKind::ValueMismatch { is_unchanged: true, .. } => {
            "the content is unchanged, but none of the pinned keys made this signature".to_owned()
        }
        kind => lower_first(kind.rule()),
    }
}

fn why(kind: &FaultKind) -> Option<&'static str> {
    Some(match kind {
        FaultKind::AlgorithmWeak(_) => {
            "two texts with the same SHA-1 can be made, so a signature over one fits the other"
        }
        FaultKind::C14nFailed(_) | FaultKind::DigestEmpty => {
            "a signature over nothing fits every message"
        }
        FaultKind::Coverage { .. } | FaultKind::Position(_) => {
            "a genuine signature beside forged content is how logins are forged"
        }
        FaultKind::DuplicateId(_) | FaultKind::IdAmbiguous(..) => {
            "one reader verifies the one element while another reads the other"
        }
        FaultKind::Hmac(_) => "its key would be the public certificate, which everybody has",
        FaultKind::KeyUntrusted(_) => {
            "anybody can sign with a key of their own and embed its certificate"
        }
        FaultKind::NoKey => "without a key of the identity provider nothing can be verified",
        FaultKind::ValueMismatch { change: Some(Change::Indented | Change::LineEnds), .. } => {
            "without that the pinned key fits, so the certificate is the right one"
        }
        FaultKind::ValueMismatch { embeds_pinned: true, .. } => {
            "the certificate is the right one; XML that was reformatted looks like this"
        }
        FaultKind::ObjectChild => "what stands in an Object is outside of what the digest covers",
        _ => return None,
    })
}

fn remedy(kind: &FaultKind) -> Option<String> {
    let remedy = match kind {
        FaultKind::AlgorithmWeak(_) => {
            "set the identity provider to sign with RSA-SHA256; --allow-sha1 lets it through"
        }
        FaultKind::Algorithm(_) | FaultKind::Hmac(_) => {
            "set the identity provider to sign with RSA-SHA256"
        }
        FaultKind::DigestMismatch(Some(_)) => AS_RECORDED,
        FaultKind::DigestMismatch(None) => {
            "capture the message again; whatever changes it on the way has to stop"
        }
        FaultKind::KeyUntrusted(_) => {
            "if this is the identity provider's new certificate, take it from its metadata or \
             console and pin it"
        }
        FaultKind::ValueMismatch { embeds_pinned: true, .. }
        | FaultKind::ValueMismatch { change: Some(Change::Indented | Change::LineEnds), .. } => {
            AS_RECORDED
        }
        FaultKind::ValueMismatch { change: Some(_), .. } => {
            "pin the certificate that the identity provider signs with now; if the XML was \
             reformatted, give the message as it was recorded"
        }
        FaultKind::KeyAlgorithmMismatch { .. } | FaultKind::ValueMismatch { .. } => {
            "pin the certificate that the identity provider signs with now"
        }
        FaultKind::KeyWeak(KeyWeakness::Bits(_)) => {
            "have the identity provider sign with an RSA key of 2048 bits"
        }
        FaultKind::KeyWeak(KeyWeakness::Factorable) => {
            "have the identity provider sign with a key that another program made"
        }
        FaultKind::NoKey => "pass --metadata or --cert with the identity provider's certificate",
        FaultKind::Missing(_) => {
            "have the identity provider sign the assertion, or response and assertion"
        }
        _ => return None,
    };
    Some(remedy.to_owned())
}

/// Whose key it was, as its certificate says.
fn signed_by(signer: &Signer) -> String {
    let fingerprint = format!("SHA-256 {}", signer.fingerprint);
    match &signer.certificate {
        Some(certificate) => format!(
            "{} ({fingerprint}; {} to {})",
            certificate.subject,
            certificate.not_before.strftime("%Y-%m-%d"),
            certificate.not_after.strftime("%Y-%m-%d"),
        ),
        None => format!("a key without a certificate ({fingerprint})"),
    }
}

fn quoted(text: &str) -> String {
    let short: String = text.chars().take(MOST_SHOWN).collect();
    let mark = if short.len() < text.len() { "…" } else { "" };
    format!("`{short}{mark}`")
}

fn lower_first(rule: &Rule) -> String {
    let mut chars = rule.summary.chars();
    let first = chars.next().map(|c| c.to_ascii_lowercase());
    first.into_iter().chain(chars).collect()
}

/// What to do about a message that was written anew after signing.
const AS_RECORDED: &str =
    "give the base64 of SAMLResponse or the HAR as recorded, not a pretty-printed copy";
/// More characters of an ID or URI than this say nothing more.
const MOST_SHOWN: usize = 120;
