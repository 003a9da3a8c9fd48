//! A provider's key set (RFC 7517).

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
            x5c: members.list("x5c").unwrap_or_default(),
            private_parts: private_parts(object).map(NodeRef::span).collect(),
        };
        (key, members.misfits)
    }
}

/// How large a key set may be.
const LIMITS: json::Options = json::Options { bytes: 256 << 10, depth: 16, nodes: 10_000 };
