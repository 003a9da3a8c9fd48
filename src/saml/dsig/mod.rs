//! Signatures of SAML documents (XML Signature as saml-core-2.0-os section 5.4 narrows it, and the
//! detached ones of the bindings).
//!
//! [`shape`] judges what the signatures of a document look like, before any cryptography. [`verify`]
//! checks one with the pinned keys. What it gives, a [`Verified`], is made nowhere else and holds
//! the very bytes that were hashed: whoever reads those reads what was signed.

pub mod algorithm;
mod detached;
mod diagnosis;
mod fault;
mod head;
mod ids;
mod key_info;
mod place;
mod proof;
mod remark;
mod shape;
mod signed_info;
pub mod stream;
mod value;
mod verify;
mod wording;

pub use self::detached::{Detached, detached};
pub use self::fault::{Change, Fault, FaultKind, Signer, SignerCertificate};
pub(super) use self::ids::looks_like_id;
pub use self::remark::Remark;
pub use self::shape::{Shape, Signature, is_signature, shape};
pub use self::signed_info::Named;
pub(super) use self::signed_info::base64;
pub use self::value::KeyWeakness;
pub use self::verify::{Verified, verify};

use crate::xml::Limits;

/// What is let through although it is weak, and how far reading goes.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Whether SHA-1 is let through, with a remark.
    pub allows_sha1: bool,
    /// How far canonical bytes are read again: as far as the received document was.
    pub limits: Limits,
}

/// The namespace of XML Signature.
pub(super) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
/// The namespace of SAML messages.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of SAML assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of SAML metadata.
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
