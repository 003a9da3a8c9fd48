//! The keys of an issuer, ready to verify with.

use std::sync::Arc;

use crate::crypto::key::{self, KeyError, PublicKey};
use crate::oidc::Unreadable;
use crate::oidc::jwt::algorithm::{Algorithm, Means};
use crate::oidc::key_numbers::{bytes, private_parts, public_key};
use crate::oidc::unreadable::object;
use crate::source::{Source, Span};
use crate::syntax::json;
use crate::syntax::tree::NodeRef;

/// A set of keys, and where it comes from.
#[derive(Clone, Debug)]
pub struct KeySet {
    /// Its text, with private parts masked.
    pub source: Arc<Source>,
    /// What people call it: a file, an address.
    pub origin: String,
    /// The keys, in the order of the text.
    pub(super) keys: Vec<Key>,
}

/// A key of a set.
#[derive(Clone, Debug)]
pub(super) struct Key {
    /// Where its name stands, or its beginning.
    pub(super) span: Span,
    /// Its name (`kid`).
    pub(super) id: Option<String>,
    /// Its type (`kty`).
    pub(super) family: String,
    /// Its curve (`crv`).
    pub(super) curve: Option<String>,
    /// What it is for (`use`).
    pub(super) purpose: Option<String>,
    /// The algorithm that it is for (`alg`).
    pub(super) algorithm: Option<String>,
    /// What may be done with it (`key_ops`).
    pub(super) operations: Option<Vec<String>>,
    /// Whether private or symmetric parts are published with it.
    pub(super) is_private: bool,
    /// The key itself; none where its kind is not known or something is missing.
    pub(super) public: Option<Result<PublicKey, KeyError>>,
    /// Whether its modulus comes from a generator whose keys can be factored.
    pub(super) is_roca: bool,
}

impl KeySet {
    /// Reads a key set, or says what the text is instead.
    pub fn read(source: &Arc<Source>, origin: &str) -> Result<Self, Unreadable> {
        let json = object(source.text(), &LIMITS, &["keys"])?;
        let root = json.tree.root().expect("an object was found");
        let keys = root.get("keys").and_then(NodeRef::items);
        let keys = keys.into_iter().flatten().filter(|one| one.entries().is_some());
        Ok(Self {
            source: Arc::clone(source),
            origin: origin.to_owned(),
            keys: keys.map(Key::of).collect(),
        })
    }

    /// How many keys there are.
    pub fn count(&self) -> usize {
        self.keys.len()
    }
}

impl Key {
    /// The key of a JSON object.
    pub(super) fn of(object: NodeRef<'_>) -> Self {
        let text = |name: &str| object.get(name).and_then(NodeRef::key_text).map(str::to_owned);
        let operations = object.get("key_ops").and_then(NodeRef::items);
        let mut key = Self {
            span: object.get("kid").map_or_else(|| opening(object.span()), NodeRef::span),
            id: text("kid"),
            family: text("kty").unwrap_or_default(),
            curve: text("crv"),
            purpose: text("use"),
            algorithm: text("alg"),
            operations: operations
                .map(|all| all.filter_map(NodeRef::key_text).map(str::to_owned).collect()),
            is_private: private_parts(object).next().is_some(),
            public: public_key(object),
            is_roca: false,
        };
        key.is_roca =
            key.family == "RSA" && bytes(object, "n").is_some_and(|n| key::is_factorable(&n));
        key
    }

    /// Whether it is a secret, which has no place in a key set.
    pub(super) fn is_symmetric(&self) -> bool {
        self.family == "oct"
    }

    /// Why it does not make signatures of an algorithm; none where it does.
    pub(super) fn misfit(&self, algorithm: &Algorithm) -> Option<String> {
        let Means::Pair(_, key_type, curve) = algorithm.means else { return None };
        let name = algorithm.name;
        if self.family != key_type {
            return Some(format!("it is of type {}, and {name} needs {key_type}", self.family));
        }
        if curve.is_some() && self.curve.as_deref() != curve {
            let own = self.curve.as_deref().unwrap_or("no curve");
            return Some(format!("it is on {own}, and {name} needs {}", curve.unwrap_or_default()));
        }
        if let Some(own) = self.purpose.as_deref().filter(|own| *own != "sig") {
            return Some(format!("its use is {own}, not sig"));
        }
        let is_for = |operations: &&Vec<String>| operations.iter().any(|one| one == "verify");
        if self.operations.as_ref().is_some_and(|operations| !is_for(&operations)) {
            return Some("its key_ops do not have verify".to_owned());
        }
        let same = |own: &str| own == name || [own, name].iter().all(|one| EDDSA.contains(one));
        let other = self.algorithm.as_deref().filter(|own| !same(own))?;
        Some(format!("it is for {other}, and the token is signed with {name}"))
    }

    /// Why nobody may rely on it; none where it is sound.
    pub(super) fn weakness(&self) -> Option<String> {
        match &self.public {
            _ if self.is_roca => {
                Some("comes from a generator whose keys can be factored (ROCA)".to_owned())
            }
            None => Some("lacks numbers, or is of a kind that is not known here".to_owned()),
            Some(Err(KeyError::TooSmall(bits))) => Some(format!("has {bits} bits only")),
            Some(Err(error)) => Some(format!("cannot be used: {error}")),
            Some(Ok(key)) if self.family == "RSA" && key.bits() < SMALLEST => {
                Some(format!("has {} bits only", key.bits()))
            }
            Some(Ok(_)) => None,
        }
    }
}

fn opening(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 1))
}

/// Two names of one algorithm (RFC 9864).
const EDDSA: [&str; 2] = ["EdDSA", "Ed25519"];
/// The fewest bits of an RSA key.
const SMALLEST: usize = 2048;
/// How large a key set may be.
const LIMITS: json::Options = json::Options { bytes: 256 << 10, depth: 16, nodes: 10_000 };
