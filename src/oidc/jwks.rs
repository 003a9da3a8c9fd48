//! A provider's key set (RFC 7517).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::digest::{Hash, digest};
use crate::oidc::key_numbers::private_parts;
use crate::oidc::members::Members;
use crate::oidc::unreadable::object;
use crate::oidc::{Misfit, Unreadable};
use crate::source::{Span, Spanned};
use crate::syntax::json;
use crate::syntax::tree::NodeRef;

/// A set of keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Jwks {
    /// Where the object stands.
    pub span: Span,
    /// The keys, in the order of the text.
    pub keys: Vec<JsonWebKey>,
    /// Members that are not of the kind that they are to be.
    pub misfits: Vec<Misfit>,
}

/// A key (RFC 7517 section 4), without its numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonWebKey {
    /// Where the key stands.
    pub span: Span,
    /// Its type: `RSA`, `EC`, `OKP`, `oct`.
    pub key_type: Option<Spanned<String>>,
    /// Its name, by which tokens call it.
    pub key_id: Option<Spanned<String>>,
    /// What it is for: `sig` or `enc`; none for anything.
    pub key_use: Option<Spanned<String>>,
    /// The algorithm that it is for.
    pub algorithm: Option<Spanned<String>>,
    /// What it is by its public numbers alone (RFC 7638); none where they are missing, or where it
    /// is a secret, of which not even a digest is kept.
    pub thumbprint: Option<String>,
    /// Its certificates in base64 DER, its own first.
    pub x5c: Vec<Spanned<String>>,
    /// Where private or symmetric parts stand, which must never be published.
    pub private_parts: Vec<Span>,
}

impl Jwks {
    /// Reads a key set, or says what the text is instead.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let json = object(text, &LIMITS, &["keys"])?;
        let root = json.tree.root().expect("an object was found");
        let mut set = Self { span: root.span(), ..Self::default() };
        let Some(keys) = root.get("keys") else { return Ok(set) };
        let objects = keys.items().map(Iterator::collect::<Vec<_>>);
        let Some(objects) = objects.filter(|all| all.iter().all(|one| one.entries().is_some()))
        else {
            let expected = "a list of objects";
            set.misfits.push(Misfit { name: "keys", expected, span: keys.span() });
            return Ok(set);
        };
        for object in objects {
            let (key, misfits) = JsonWebKey::of(object);
            set.keys.push(key);
            set.misfits.extend(misfits);
        }
        Ok(set)
    }
}

impl JsonWebKey {
    /// Whether tokens may be signed with it.
    pub fn signs(&self) -> bool {
        self.key_use.as_ref().is_none_or(|key_use| key_use.value == "sig")
    }

    fn of(object: NodeRef<'_>) -> (Self, Vec<Misfit>) {
        let mut members = Members::of(object);
        let key = Self {
            span: object.span(),
            key_type: members.text("kty"),
            key_id: members.text("kid"),
            key_use: members.text("use"),
            algorithm: members.text("alg"),
            thumbprint: thumbprint(object),
            x5c: members.list("x5c").unwrap_or_default(),
            private_parts: private_parts(object).map(NodeRef::span).collect(),
        };
        (key, members.misfits)
    }
}

/// The digest of the members that make a public key, in the order of their names and without white
/// space (RFC 7638 section 3). Padding, which some write, is no difference.
fn thumbprint(object: NodeRef<'_>) -> Option<String> {
    let text = |name: &str| object.get(name).and_then(NodeRef::key_text);
    let family = text("kty")?;
    let (_, names) = PUBLIC.iter().find(|(known, _)| *known == family)?;
    let members: Option<Vec<String>> = names
        .iter()
        .map(|name| {
            let value = serde_json::to_string(text(name)?.trim_end_matches('=')).ok()?;
            Some(format!("\"{name}\":{value}"))
        })
        .collect();
    let canonical = format!("{{{}}}", members?.join(","));
    Some(URL_SAFE_NO_PAD.encode(digest(Hash::Sha256, canonical.as_bytes())))
}

/// The members that make a public key of each type (RFC 7638 section 3.2, RFC 8037 section 2; those
/// of ML-DSA besides).
const PUBLIC: [(&str, &[&str]); 4] = [
    ("AKP", &["alg", "kty", "pub"]),
    ("EC", &["crv", "kty", "x", "y"]),
    ("OKP", &["crv", "kty", "x"]),
    ("RSA", &["e", "kty", "n"]),
];

/// How large a key set may be.
const LIMITS: json::Options = json::Options { bytes: 256 << 10, depth: 16, nodes: 10_000 };

#[cfg(test)]
mod tests {
    use super::Jwks;

    /// The key of RFC 7638 section 3.1, whose thumbprint stands there.
    #[test]
    fn the_thumbprint_is_that_of_the_standard_whatever_else_a_key_says() {
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let of = |rest: &str| {
            let text = format!(r#"{{"keys": [{{"kty": "RSA", "e": "AQAB", "n": "{n}"{rest}}}]}}"#);
            Jwks::read(&text).expect("a set").keys[0].thumbprint.clone()
        };
        assert_eq!(of("").as_deref(), Some("NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"));
        assert_eq!(of(r#", "kid": "2011-04-29", "use": "sig""#), of(""));
    }

    #[test]
    fn of_a_secret_and_of_a_key_without_numbers_there_is_no_thumbprint() {
        for key in [r#"{"kty": "oct", "k": "c2VjcmV0"}"#, r#"{"kty": "RSA", "e": "AQAB"}"#, "{}"] {
            let set = Jwks::read(&format!(r#"{{"keys": [{key}]}}"#)).expect("a set");
            assert_eq!(set.keys[0].thumbprint, None, "{key}");
        }
    }
}
