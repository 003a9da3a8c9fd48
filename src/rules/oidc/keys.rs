//! The keys of a set (RFC 7517, RFC 7518).

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::crypto::digest::{Hash, digest};
use crate::crypto::key::{KeyError, PublicKey};
use crate::oidc::cards::jwks as cards;
use crate::oidc::key_numbers::{CURVES, private_parts, public_key};
use crate::pki::Certificate;
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::oidc::KeySet;
use crate::source::{KeyPath, Span, Step, printable};
use crate::syntax::tree::NodeRef;

/// Everything that is wrong with a key set, or worth knowing of it.
pub fn judge(set: &KeySet<'_>, out: &mut Findings) {
    let Some(items) = set.root.get("keys").and_then(NodeRef::items) else {
        let found = set.problem("keys is no list", set.root.span(), None);
        return out.report(&cards::NO_KEYS, found.remedy("a key set: {\"keys\": [...]}"));
    };
    let keys: Vec<Key<'_>> = items.enumerate().map(|(at, node)| Key { set, node, at }).collect();
    if keys.is_empty() {
        let found = set
            .problem("there is no key in the set", set.root.span(), None)
            .why("no ID token can be verified")
            .remedy(
                "give the provider a signing key; in a cluster, look whether this node has them",
            );
        return out.report(&cards::NO_KEYS, found);
    }
    for key in &keys {
        for check in CHECKS {
            check(key, out);
        }
    }
    names(set, &keys, out);
    covers(set, &keys, out);
    size(set, &keys, out);
}

/// A look at one key.
type Check = fn(&Key<'_>, &mut Findings);

const CHECKS: [Check; 7] = [private, shape, numbers, algorithm, purpose, certificates, key_issuer];

/// A key of a set.
struct Key<'k> {
    set: &'k KeySet<'k>,
    node: NodeRef<'k>,
    at: usize,
}

impl<'k> Key<'k> {
    fn text(&self, name: &str) -> Option<&'k str> {
        self.node.get(name)?.key_text()
    }

    fn kind(&self) -> &'k str {
        self.text("kty").unwrap_or_default()
    }

    /// What it is called: its name, or its place in the set.
    fn label(&self) -> String {
        match self.text("kid") {
            Some(id) => format!("key {}", printable(id)),
            None => format!("key number {}", self.at + 1),
        }
    }

    fn problem(&self, what: &str, member: &str) -> Problem {
        let span = self.node.get(member).map_or_else(|| opening(self.node.span()), NodeRef::span);
        self.set.problem(format!("{} {what}", self.label()), span, Some(self.at))
    }

    /// Whether it signs tokens.
    fn signs(&self) -> bool {
        self.text("use").is_none_or(|purpose| purpose == "sig")
    }

    /// The key itself; none where its kind is not known or something is missing.
    fn public(&self) -> Option<Result<PublicKey, KeyError>> {
        public_key(self.node)
    }
}

impl KeySet<'_> {
    fn problem(&self, message: impl Into<String>, span: Span, at: Option<usize>) -> Problem {
        let steps = at.map(|at| vec![Step::Key("keys".to_owned()), Step::Index(at)]);
        let path = KeyPath(steps.unwrap_or_default());
        let place = Place { source: Arc::clone(self.source), span, path };
        let mut problem = Problem::new(message, place);
        problem.provider = self.provider.map(str::to_owned);
        problem
    }
}

fn private(key: &Key<'_>, out: &mut Findings) {
    let is_symmetric = key.kind() == "oct";
    if private_parts(key.node).next().is_none() && !is_symmetric {
        return;
    }
    let what = if is_symmetric { "is symmetric" } else { "is published with its private part" };
    // The place is the key's name, not the part: nothing of it is shown.
    let found = key
        .problem(what, "kty")
        .why("whoever reads this address can sign tokens in the provider's name")
        .remedy("replace the key at once and publish its public part alone");
    out.report(&cards::PRIVATE_IN_SET, found);
}

fn shape(key: &Key<'_>, out: &mut Findings) {
    let needed: &[&str] = match key.kind() {
        "RSA" => &["n", "e"],
        "EC" => &["crv", "x", "y"],
        "OKP" => &["crv", "x"],
        "oct" => return,
        "" => &["kty"],
        other => {
            let what = format!("is of the unknown type {}", printable(other));
            return out.report(&cards::UNKNOWN_KEY, key.problem(&what, "kty"));
        }
    };
    for name in needed.iter().filter(|name| key.text(name).is_none()) {
        let found = key
            .problem(&format!("has no {name}"), "kty")
            .why("libraries leave such a key out without a word, and tokens signed with it fail");
        out.report(&cards::INCOMPLETE_KEY, found);
    }
    let curve = key.text("crv").filter(|_| ["EC", "OKP"].contains(&key.kind()));
    let is_known = |curve: &str| {
        CURVES.iter().any(|(name, _)| *name == curve) || OTHER_CURVES.contains(&curve)
    };
    if let Some(curve) = curve.filter(|curve| !is_known(curve)) {
        let what = format!("is on the unknown curve {}", printable(curve));
        out.report(&cards::UNKNOWN_KEY, key.problem(&what, "crv"));
    }
}

fn numbers(key: &Key<'_>, out: &mut Findings) {
    for name in ["n", "e", "x", "y"] {
        let Some(text) = key.text(name) else { continue };
        let is_plain = URL_SAFE_NO_PAD.decode(text).is_ok_and(|bytes| {
            !["n", "e"].contains(&name) || bytes.first().is_some_and(|first| *first != 0)
        });
        if !is_plain {
            let what = format!("has a {name} that is not base64url of the shortest length");
            out.report(&cards::ODD_ENCODING, key.problem(&what, name));
        }
    }
    let (what, is_idle) = match key.public() {
        Some(Ok(public)) if key.kind() == "RSA" && public.bits() < 2048 => {
            (format!("has {} bits only", public.bits()), true)
        }
        Some(Err(KeyError::TooSmall(bits))) => (format!("has {bits} bits only"), true),
        Some(Err(KeyError::TooLarge(bits))) => {
            (format!("has {bits} bits, which no one computes"), true)
        }
        Some(Err(_)) => ("is made of numbers that are no key".to_owned(), false),
        _ => return,
    };
    let found = key
        .problem(&what, if key.kind() == "RSA" { "n" } else { "x" })
        .why("RSA below 2048 bits is refused by many clients, and can be broken")
        .remedy("a new key: RSA 2048 or more, or EC P-256");
    let found = if is_idle { found } else { found.severity(Severity::Error) };
    out.report(&cards::WEAK_KEY, found);
}

fn algorithm(key: &Key<'_>, out: &mut Findings) {
    let Some(algorithm) = key.text("alg") else { return };
    let fits: &[&str] = match (key.kind(), key.text("crv")) {
        ("RSA", _) => &[
            "RS256",
            "RS384",
            "RS512",
            "PS256",
            "PS384",
            "PS512",
            "RSA1_5",
            "RSA-OAEP",
            "RSA-OAEP-256",
            "RSA-OAEP-384",
            "RSA-OAEP-512",
        ],
        ("EC", Some("P-256")) => &["ES256"],
        ("EC", Some("P-384")) => &["ES384"],
        ("EC", Some("P-521")) => &["ES512"],
        ("EC", Some("secp256k1")) => &["ES256K"],
        ("OKP", Some("Ed25519")) => &["EdDSA", "Ed25519"],
        ("OKP", Some("Ed448")) => &["EdDSA", "Ed448"],
        _ => return,
    };
    let is_agreement = algorithm.starts_with("ECDH-ES");
    if fits.contains(&algorithm) || is_agreement {
        return;
    }
    let what = format!("names the algorithm {}, which does not fit it", printable(algorithm));
    let found =
        key.problem(&what, "alg").why("clients leave the key out, and tokens signed with it fail");
    let found = found.remedy(format!("one of {}", fits.join(", ")));
    out.report(&cards::WRONG_ALGORITHM, found);
}

fn purpose(key: &Key<'_>, out: &mut Findings) {
    let operations: Vec<&str> = match key.node.get("key_ops").and_then(NodeRef::items) {
        Some(items) => items.filter_map(NodeRef::key_text).collect(),
        None => return,
    };
    let Some(purpose) = key.text("use") else { return };
    let of_purpose: &[&str] = match purpose {
        "sig" => &["sign", "verify"],
        "enc" => &["encrypt", "decrypt", "wrapKey", "unwrapKey", "deriveKey", "deriveBits"],
        _ => return,
    };
    if operations.iter().any(|one| !of_purpose.contains(one)) {
        let what =
            format!("is for {} by use and for {} by key_ops", purpose, operations.join(", "));
        out.report(&cards::UNCLEAR_USE, key.problem(&printable(&what), "key_ops"));
    }
}

fn certificates(key: &Key<'_>, out: &mut Findings) {
    let Some(first) = key.node.get("x5c").and_then(|list| list.items()?.next()) else { return };
    let der = first.key_text().and_then(|text| STANDARD.decode(text).ok());
    let read = der.as_deref().and_then(Certificate::from_der);
    let (Some(der), Some(certificate)) = (der, read) else {
        let found = key.problem("has a certificate that cannot be read", "x5c");
        return out.report(&cards::WRONG_CERTIFICATE, found.remedy("x5c in plain base64 of DER"));
    };
    let same = match (PublicKey::from_certificate(&der), key.public()) {
        (Ok(of_certificate), Some(Ok(own))) => of_certificate == own,
        _ => true,
    };
    if !same {
        let found = key
            .problem("has the certificate of another key", "x5c")
            .why("some clients take the key out of the certificate, others the bare one: half of them fail");
        out.report(&cards::WRONG_CERTIFICATE, found);
    }
    for (name, hash) in THUMBPRINTS {
        let Some(written) = key.text(name) else { continue };
        if written.trim_end_matches('=') != URL_SAFE_NO_PAD.encode(digest(hash, &der)) {
            let found = key
                .problem(&format!("has an {name} that is not its certificate's"), name)
                .why("clients that find the key by its certificate's thumbprint find none");
            out.report(&cards::WRONG_CERTIFICATE, found.severity(Severity::Info));
        }
    }
    if certificate.not_after < key.set.at || key.set.at < certificate.not_before {
        let found = key
            .problem("has a certificate outside its dates", "x5c")
            .why("clients of OpenID Connect do not look at them");
        out.report(&cards::EXPIRED_CERTIFICATE, found);
    }
}

fn key_issuer(key: &Key<'_>, out: &mut Findings) {
    if let Some(issuer) = key.text("issuer") {
        let what = format!("carries the issuer {}", printable(issuer));
        let found = key
            .problem(&what, "issuer")
            .why("a client of several tenants must compare it with the token's issuer");
        out.report(&cards::FOREIGN_KEY_ISSUER, found);
    }
}

fn names(set: &KeySet<'_>, keys: &[Key<'_>], out: &mut Findings) {
    let mut seen: BTreeMap<&str, &Key<'_>> = BTreeMap::new();
    let signing = keys.iter().filter(|key| key.signs()).count();
    for key in keys {
        let Some(id) = key.text("kid") else {
            let found = key
                .problem("has no kid", "kty")
                .why("with two keys clients cannot tell which one signed, and allauth's login by token asks for it");
            let severity = if signing > 1 && set.idp.is_generic() {
                Severity::Warning
            } else {
                Severity::Info
            };
            out.report(&cards::NO_KEY_ID, found.severity(severity));
            continue;
        };
        if let Some(first) = seen.insert(id, key) {
            let same = first.kind() == key.kind() && first.signs() == key.signs();
            let found = key
                .problem("has the name of another one", "kid")
                .why("clients that take the first key of a name fail for tokens of the other")
                .severity(if same { Severity::Warning } else { Severity::Info });
            out.report(&cards::DUPLICATE_KEY_ID, found);
        }
    }
    let encrypts = keys.iter().any(|key| key.text("use") == Some("enc"));
    let unclear = keys.iter().find(|key| key.text("use").is_none());
    if let Some(key) = unclear.filter(|_| encrypts) {
        let found = key.problem("has no use, and the set holds keys for encryption too", "kty");
        out.report(&cards::UNCLEAR_USE, found);
    }
}

/// Each announced algorithm has a key that makes it.
fn covers(set: &KeySet<'_>, keys: &[Key<'_>], out: &mut Findings) {
    let announced = set.algorithms.iter().flatten();
    let missing: Vec<&str> = announced
        .map(String::as_str)
        .filter(|algorithm| !algorithm.starts_with("HS") && *algorithm != "none")
        .filter(|algorithm| !keys.iter().any(|key| key.signs() && makes(key, algorithm)))
        .collect();
    if missing.is_empty() {
        return;
    }
    let message = format!("no key makes {}", printable(&missing.join(", ")));
    let found = set.problem(message, opening(set.root.span()), None);
    let is_all = missing.len() == set.algorithms.iter().flatten().count();
    let severity = if is_all { Severity::Warning } else { Severity::Info };
    let found = found
        .why("tokens signed so could not be verified; many providers announce more than they use")
        .severity(severity);
    out.report(&cards::NO_KEY_FOR_ALGORITHM, found);
}

fn makes(key: &Key<'_>, algorithm: &str) -> bool {
    if key.text("alg").is_some_and(|own| own != algorithm) {
        return false;
    }
    match (algorithm, key.kind(), key.text("crv")) {
        ("ES256", "EC", Some("P-256"))
        | ("ES384", "EC", Some("P-384"))
        | ("ES512", "EC", Some("P-521"))
        | ("ES256K", "EC", Some("secp256k1"))
        | ("EdDSA", "OKP", _)
        | ("Ed25519", "OKP", Some("Ed25519")) => true,
        (rsa, "RSA", _) => rsa.starts_with("RS") || rsa.starts_with("PS"),
        _ => false,
    }
}

fn size(set: &KeySet<'_>, keys: &[Key<'_>], out: &mut Findings) {
    if keys.len() > MANY {
        let message = format!("there are {} keys", keys.len());
        out.report(&cards::LARGE_SET, set.problem(message, opening(set.root.span()), None));
    }
}

fn opening(span: Span) -> Span {
    Span::new(span.start, span.end.min(span.start + 1))
}

/// Curves that are known and not checked.
const OTHER_CURVES: [&str; 5] = ["Ed25519", "Ed448", "X25519", "X448", "secp256k1"];
/// Thumbprints of certificates (RFC 7517 sections 4.8 and 4.9), and their hashes.
const THUMBPRINTS: [(&str, Hash); 2] = [("x5t", Hash::Sha1), ("x5t#S256", Hash::Sha256)];
const MANY: usize = 20;
