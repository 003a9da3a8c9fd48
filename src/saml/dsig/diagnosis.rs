//! What happened to a message whose signature does not hold: for the remedy, never for the verdict.

use crate::crypto::key::PublicKey;
use crate::crypto::signature;
use crate::saml::dsig::fault::{Change, Signer};
use crate::saml::dsig::key_info;
use crate::saml::dsig::proof::Claim;

/// Whose embedded key, not one of the pinned, made the signature value over these bytes, as they are
/// or before white space was added, if one did.
pub(super) fn signer(
    claim: &Claim<'_>,
    signed_info: &[u8],
    pinned: &[PublicKey],
) -> Option<Signer> {
    let parts = claim.parts;
    let embedded = key_info::embedded(claim.document, parts.key_info, claim.certificates);
    let scheme = parts.said.method.scheme;
    let dense = without_indentation(signed_info);
    let over = |key: &PublicKey, bytes: &[u8]| signature::verify(scheme, key, bytes, &parts.value);
    let made = |key: &PublicKey| over(key, signed_info).is_ok() || over(key, &dense).is_ok();
    let foreign = embedded.into_iter().filter(|embedded| !pinned.contains(&embedded.key));
    let mut makers = foreign.filter(|embedded| made(&embedded.key));
    makers.next().map(|embedded| embedded.signer)
}

/// Whether a signature embeds one of these keys.
pub(super) fn embeds(claim: &Claim<'_>, keys: &[PublicKey]) -> bool {
    let embedded = key_info::embedded(claim.document, claim.parts.key_info, claim.certificates);
    embedded.iter().any(|embedded| keys.contains(&embedded.key))
}

/// What was done to canonical bytes after they were signed, tried out.
pub(super) fn change(bytes: &[u8], holds: impl Fn(&[u8]) -> bool) -> Option<Change> {
    let dense = without_indentation(bytes);
    let is_indented = dense.len() < bytes.len();
    if is_indented && holds(&dense) {
        return Some(Change::Indented);
    }
    let line_ends = without_carriage_returns(bytes);
    if line_ends.len() < bytes.len() && holds(&line_ends) {
        return Some(Change::LineEnds);
    }
    is_indented.then_some(Change::MaybeIndented)
}

/// Canonical bytes without white space that stands alone between two tags. In canonical text `>` is
/// written as a reference, so one that is there ends a tag or stands in an attribute.
fn without_indentation(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut blank = 0;
    let mut is_behind_tag = false;
    let mut is_quoted = false;
    let mut is_in_tag = false;
    for &byte in bytes {
        match byte {
            b'"' if is_in_tag => is_quoted = !is_quoted,
            b'<' if is_behind_tag => kept.truncate(kept.len() - blank),
            _ => {}
        }
        let is_blank = byte.is_ascii_whitespace();
        kept.push(byte);
        match byte {
            b'<' => (is_in_tag, is_behind_tag) = (true, false),
            b'>' if is_in_tag && !is_quoted => (is_in_tag, is_behind_tag, blank) = (false, true, 0),
            _ if is_behind_tag && is_blank => blank += 1,
            _ => is_behind_tag = false,
        }
    }
    kept
}

fn without_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, behind)) = rest.split_first() {
        if let Some(behind) = rest.strip_prefix(CARRIAGE_RETURN) {
            rest = behind;
        } else {
            kept.push(first);
            rest = behind;
        }
    }
    kept
}

/// A carriage return in canonical text.
const CARRIAGE_RETURN: &[u8] = b"&#xD;";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_between_tags_goes_and_inside_text_and_attributes_stays() {
        let indented = b"<a b=\"1 > 2\">\n  <c> x y </c>\n\n  <d> </d>\n</a>";
        assert_eq!(without_indentation(indented), b"<a b=\"1 > 2\"><c> x y </c><d></d></a>");
    }

    #[test]
    fn the_change_that_makes_the_digest_right_is_told() {
        let holds = |bytes: &[u8]| bytes == b"<a><b>x\n</b></a>";
        assert_eq!(change(b"<a>\n <b>x\n</b>\n</a>", holds), Some(Change::Indented));
        assert_eq!(change(b"<a><b>x&#xD;\n</b></a>", holds), Some(Change::LineEnds));
        assert_eq!(change(b"<a>\n<b>y\n</b></a>", holds), Some(Change::MaybeIndented));
        assert_eq!(change(b"<a><b>y\n</b></a>", holds), None);
    }
}
