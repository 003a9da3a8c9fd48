//! The numbers of a JSON Web Key (RFC 7518 section 6), read in one way wherever a key is looked at.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::key::{KeyError, PublicKey};
use crate::syntax::tree::NodeRef;

/// The bytes of a member in base64url; padding behind it is overlooked.
pub fn bytes(object: NodeRef<'_>, name: &str) -> Option<Vec<u8>> {
    let text = object.get(name)?.key_text()?;
    URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
}

/// The key itself; none where its kind is not known or something is missing.
pub fn public_key(object: NodeRef<'_>) -> Option<Result<PublicKey, KeyError>> {
    let text = |name: &str| object.get(name).and_then(NodeRef::key_text);
    let bytes = |name: &str| bytes(object, name);
    Some(match (text("kty")?, text("crv")) {
        ("RSA", _) => PublicKey::from_rsa_components(&bytes("n")?, &bytes("e")?),
        ("EC", Some(curve)) => {
            let (_, field) = CURVES.iter().find(|(name, _)| *name == curve)?;
            PublicKey::from_ec_point(*field, &bytes("x")?, &bytes("y")?)
        }
        ("OKP", Some("Ed25519")) => {
            let point = <[u8; 32]>::try_from(bytes("x")?);
            point.map_or(Err(KeyError::Unsound), |point| PublicKey::ed25519(&point))
        }
        _ => return None,
    })
}

/// The private or symmetric parts of a key, which must never be published (RFC 7518 sections 6.2.2,
/// 6.3.2 and 6.4.1).
pub fn private_parts(object: NodeRef<'_>) -> impl Iterator<Item = NodeRef<'_>> {
    PRIVATE.iter().filter_map(move |name| object.get(name)).filter(|value| !value.is_null())
}

/// Curves of `EC` keys whose points are checked, and the bits of their fields.
pub const CURVES: [(&str, usize); 3] = [("P-256", 256), ("P-384", 384), ("P-521", 521)];
const PRIVATE: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];
