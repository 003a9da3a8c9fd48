//! What a token is judged by.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

use crate::crypto::key::PrivateKey;
use crate::oidc::jwt::algorithm::Algorithm;
use crate::oidc::jwt::keys::KeySet;
use crate::oidc::jwt::object::Object;
use crate::problem::Problem;

/// What a token is judged by. Nothing of it comes from the token.
#[derive(Debug)]
pub struct Expectation {
    /// The instant of judgement.
    pub at: Timestamp,
    /// By how many seconds clocks may differ.
    pub skew: i64,
    /// The application that reads it; none where none is known.
    pub reader: Option<Reader>,
    /// The client that it is for.
    pub client_id: Option<String>,
    /// Further audiences that are trusted.
    pub audiences: Vec<String>,
    /// Who issues it.
    pub issuer: Option<Issuer>,
    /// Tenants that may log in, where the issuer is a template.
    pub tenants: Vec<String>,
    /// The algorithms that the client is registered for; empty for all by pairs of keys.
    pub algorithms: Vec<&'static Algorithm>,
    /// The keys of the issuer; none where no set is at hand.
    pub keys: Option<KeySet>,
    /// What kept the keys away that somebody asked for; none where nobody asked.
    pub keys_kept_away: Option<String>,
    /// The client secret.
    pub secret: Option<Secret>,
    /// Private keys to decrypt with.
    pub decryption_keys: Vec<PrivateKey>,
    /// Whether keys wrapped with RSA 1.5 are unwrapped.
    pub allows_rsa15: bool,
    /// The nonce of the request.
    pub nonce: Option<String>,
    /// How many seconds ago the person may have logged in.
    pub max_age: Option<i64>,
    /// Classes of authentication of which one was asked for.
    pub acr: Vec<String>,
    /// The answer of the userinfo endpoint.
    pub userinfo: Option<Object>,
    /// What came with the token.
    pub beside: Beside,
    /// Whether everything must be checked.
    pub requires_all: bool,
}

/// Who issues tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    /// The issuer.
    pub value: String,
    /// Whether it is only the address in a configuration, which the provider's discovery document
    /// may correct.
    pub is_address: bool,
}

/// The client secret, which shows nothing of itself.
#[derive(Clone, Debug)]
pub struct Secret(SecretSlice<u8>);

impl Secret {
    /// A secret of these bytes.
    pub fn new(bytes: Vec<u8>) -> Self {
        Self(SecretSlice::from(bytes))
    }

    /// The bytes of it.
    pub fn length(&self) -> usize {
        self.0.expose_secret().len()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.0.expose_secret()
    }
}

/// An application that reads tokens, in so far as it differs from the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    /// By how many seconds its clock may be ahead of the end of a token.
    pub expiry_skew: i64,
    /// Claims that it does not look at.
    pub passes_over: &'static [&'static str],
    /// Whether it sends a nonce.
    pub sends_nonce: bool,
    /// Whether it refuses a `jti` that it has seen.
    pub remembers_jti: bool,
    /// Whether it trusts the token endpoint in place of the signature.
    pub passes_over_signature: bool,
}

impl Reader {
    /// CVAT, whose tokens django-allauth reads (65.16 to 65.18).
    pub const CVAT: Self = Self {
        name: "CVAT",
        expiry_skew: 0,
        passes_over: &["azp", "iat", "nbf", "nonce", "auth_time", "acr", "at_hash"],
        sends_nonce: false,
        remembers_jti: true,
        passes_over_signature: true,
    };

    /// The reader of an application's id.
    pub fn of(app: &str) -> Option<Self> {
        [("cvat", Self::CVAT)].into_iter().find(|(id, _)| *id == app).map(|(_, reader)| reader)
    }

    /// Whether a problem was noted as one that it does not stop at.
    pub fn passes(&self, problem: &Problem) -> bool {
        let claims = self.passes_over.iter().map(|claim| self.looks_away(claim));
        let mut remarks = claims.chain([self.lets_audiences_through()]);
        remarks.any(|remark| problem.notes.contains(&remark))
    }

    /// The note on a claim that it does not look at.
    fn looks_away(&self, claim: &str) -> String {
        format!("{} does not look at {claim}", self.name)
    }

    /// The note on audiences besides its own.
    pub(super) fn lets_audiences_through(&self) -> String {
        format!("{} lets further audiences through", self.name)
    }
}

/// What came with a token.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// The access token.
    pub access_token: Option<SecretString>,
    /// The authorization code.
    pub code: Option<SecretString>,
    /// The state of the request.
    pub state: Option<SecretString>,
    /// Whether all came from the authorization endpoint, where hashes are required.
    pub is_front_channel: bool,
}

impl Expectation {
    /// One that knows nothing but the time.
    pub fn at(at: Timestamp) -> Self {
        Self {
            at,
            skew: SKEW,
            reader: None,
            client_id: None,
            audiences: Vec::new(),
            issuer: None,
            tenants: Vec::new(),
            algorithms: Vec::new(),
            keys: None,
            keys_kept_away: None,
            secret: None,
            decryption_keys: Vec::new(),
            allows_rsa15: false,
            nonce: None,
            max_age: None,
            acr: Vec::new(),
            userinfo: None,
            beside: Beside::default(),
            requires_all: false,
        }
    }

    /// Whether an algorithm is one that the client is registered for.
    pub(super) fn allows(&self, algorithm: &'static Algorithm) -> bool {
        if self.algorithms.is_empty() {
            let secrets = Algorithm::of_secrets().filter(|_| self.secret.is_some());
            return Algorithm::of_pairs().chain(secrets).any(|one| one == algorithm);
        }
        self.algorithms.contains(&algorithm)
    }

    /// What the application does otherwise about a claim, as a note.
    pub(super) fn told(&self, claim: &str) -> Option<String> {
        let reader = self.reader.filter(|reader| reader.passes_over.contains(&claim))?;
        Some(reader.looks_away(claim))
    }
}

/// Seconds by which clocks may differ, unless somebody says otherwise.
pub const SKEW: i64 = 180;

/// The name of a part of an input, as messages show it.
pub(super) fn part(name: &str, part: &str) -> Arc<str> {
    Arc::from(format!("{name} ({part})"))
}
