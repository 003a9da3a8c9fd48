//! The naive verdict: any signature anywhere, over anything that has the ID, by any way of looking
//! that some real verifier had; then any name of any assertion.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::canonical::{How, canonical};
use super::dom::{Dom, local};
use crate::attacks::keys::{self, Hash, Method};

/// Whether some signature in it holds, by a trusted key or, with `embedded`, by any known one.
pub(crate) fn accepts(text: &str, trusted: &[&str], embedded: bool) -> bool {
    let Some(dom) = Dom::read(text) else { return false };
    let keys: Vec<&str> = if embedded { EVERYONE.to_vec() } else { trusted.to_vec() };
    dom.anywhere(0, "Signature").into_iter().any(|signature| holds(&dom, signature, &keys))
}

/// The canonical form of the only element of an ID, without its own signature.
pub(crate) fn covered(text: &str, id: &str) -> Option<String> {
    let dom = Dom::read(text)?;
    let found = targets(&dom, &format!("#{id}"));
    let [target] = found[..] else { return None };
    let own = dom.anywhere(target, "Signature").first().copied();
    let omit: Vec<usize> = own.into_iter().collect();
    canonical(&dom, target, &omit, &How::from_uri("exc-c14n", ""))
}

/// Every name that a careless reader might take for the user's.
pub(crate) fn names(text: &str) -> Vec<String> {
    let Some(dom) = Dom::read(text) else { return Vec::new() };
    let mut names = Vec::new();
    for assertion in dom.anywhere(0, "Assertion") {
        for name in dom.anywhere(assertion, "NameID") {
            let texts = dom.texts(name);
            names.extend(texts.iter().copied().map(str::to_owned));
            names.push(texts.concat());
        }
    }
    names.iter().map(|name| name.trim().to_owned()).collect()
}

fn holds(dom: &Dom, signature: usize, keys: &[&str]) -> bool {
    let infos = dom.anywhere(signature, "SignedInfo");
    infos.iter().any(|info| is_signed(dom, signature, *info, keys))
        && infos.iter().any(|info| {
            let references = dom.anywhere(*info, "Reference");
            references.is_empty()
                || references.iter().any(|reference| refers(dom, signature, *reference))
        })
}

fn is_signed(dom: &Dom, signature: usize, info: usize, keys: &[&str]) -> bool {
    let Some(method) = algorithm(dom, info, "SignatureMethod").and_then(Method::from_uri) else {
        return false;
    };
    let uri = algorithm(dom, info, "CanonicalizationMethod").unwrap_or("");
    let prefixes = dom.anywhere(info, "CanonicalizationMethod").first().map_or("", |method| {
        let listed = dom.anywhere(*method, "InclusiveNamespaces");
        listed.first().and_then(|list| dom.attribute(*list, "PrefixList")).unwrap_or("")
    });
    let Some(bytes) = canonical(dom, info, &[], &How::from_uri(uri, prefixes)) else {
        return false;
    };
    dom.anywhere(signature, "SignatureValue").into_iter().any(|value| {
        let Some(value) = decoded(&dom.texts(value).concat()) else { return false };
        keys.iter().any(|key| keys::verifies(method, key, bytes.as_bytes(), &value))
    })
}

fn refers(dom: &Dom, signature: usize, reference: usize) -> bool {
    let hash = match algorithm(dom, reference, "DigestMethod") {
        Some(uri) => HASHES.into_iter().find(|hash| hash.uri() == uri),
        None => None,
    };
    let hash = hash.unwrap_or(Hash::Sha256);
    let values = dom.anywhere(reference, "DigestValue");
    let texts: Vec<&str> = values.iter().flat_map(|value| dom.texts(*value)).collect();
    let whole = texts.concat();
    let wanted: Vec<Vec<u8>> =
        texts.iter().copied().chain([whole.as_str()]).filter_map(decoded).collect();
    let uri = dom.attribute(reference, "URI").unwrap_or("");
    if uri.contains(':') && !uri.starts_with('#') {
        return true;
    }
    targets(dom, uri).into_iter().any(|target| {
        let forms = forms(dom, signature, reference, target);
        forms.iter().any(|form| wanted.contains(&hash.of(form.as_bytes())))
    })
}

/// What the URI might mean: the first, the last and every other element of that ID.
fn targets(dom: &Dom, uri: &str) -> Vec<usize> {
    let fragment = uri.trim_start_matches('#');
    let fragment = fragment.split(['\'', '"']).nth(1).unwrap_or(fragment);
    let mut elements = dom.below(0);
    elements.retain(|id| !dom.name(*id).is_empty());
    if fragment.is_empty() || uri.contains(" or ") || uri.contains("xpointer(/)") {
        return elements;
    }
    let is_meant = |id: &usize| {
        let mut attributes = dom.attributes(*id).iter();
        attributes.any(|(name, value)| {
            let name = local(name).to_ascii_lowercase();
            (name == "id" || name == "assertionid") && value.trim() == fragment.trim()
        })
    };
    elements.retain(is_meant);
    elements
}

/// The canonical forms that careless transforms come to.
fn forms(dom: &Dom, signature: usize, reference: usize, target: usize) -> Vec<String> {
    let transforms = dom.anywhere(reference, "Transform");
    let uris: Vec<&str> =
        transforms.iter().filter_map(|id| dom.attribute(*id, "Algorithm")).collect();
    let listed = dom.anywhere(reference, "InclusiveNamespaces");
    let prefixes = listed.first().and_then(|list| dom.attribute(*list, "PrefixList")).unwrap_or("");
    let last = uris.iter().rev().find(|uri| uri.contains("c14n"));
    let how = How::from_uri(last.copied().unwrap_or("exc-c14n"), prefixes);
    let value = |id: &usize| {
        let values = dom.anywhere(*id, "SignatureValue");
        values.first().map(|value| dom.texts(*value).concat())
    };
    let all = dom.anywhere(target, "Signature");
    let same: Vec<usize> =
        all.iter().copied().filter(|other| value(other) == value(&signature)).collect();
    let wanted: [&[usize]; 4] = [&[signature], &all, &same, &[]];
    let form = |omit: &[usize]| canonical(dom, target, omit, &how).unwrap_or_default();
    wanted.into_iter().map(form).collect()
}

fn algorithm<'a>(dom: &'a Dom, below: usize, name: &str) -> Option<&'a str> {
    let found = dom.anywhere(below, name);
    found.last().and_then(|id| dom.attribute(*id, "Algorithm"))
}

fn decoded(text: &str) -> Option<Vec<u8>> {
    let text: String = text.split_whitespace().collect();
    LENIENT.decode(text).ok()
}

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);
const HASHES: [Hash; 4] = [Hash::Sha1, Hash::Sha256, Hash::Sha384, Hash::Sha512];
const EVERYONE: [&str; 7] =
    ["attacker", "attacker-p256", "idp-p256", "idp-p384", "idp-rsa", "idp-weak", "other-idp"];
