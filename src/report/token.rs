//! What a token holds, as machines read it. Nothing here is a promise: whether it may be relied on
//! stands in the verdict.

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::report::message::{EncryptionView, SignatureView};

/// What a token holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct TokenView {
    /// What it is: `ID token`.
    pub kind: String,
    /// What was taken off around it, the outermost first.
    pub layers: Vec<String>,
    /// Whether the claims are those of bytes whose signature held, and the verdict is to accept.
    pub verified: bool,
    /// Who says that it issued it.
    pub issuer: Option<String>,
    /// Whom it is about: only together with the issuer is that somebody.
    pub subject: Option<String>,
    /// For whom it is.
    pub audience: Vec<String>,
    /// The header of the signature.
    pub header: Map<String, Json>,
    /// The claims.
    pub claims: Map<String, Json>,
    /// The answer of the userinfo endpoint; none where it was not given.
    pub userinfo: Option<Map<String, Json>>,
    /// Its signature.
    pub signatures: Vec<SignatureView>,
    /// How it was encrypted.
    pub encryption: Vec<EncryptionView>,
}
