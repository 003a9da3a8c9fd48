//! What somebody should know about a signature that holds.

use crate::rule::Rule;
use crate::saml::cards::sig;
use crate::saml::dsig::ids;
use crate::saml::dsig::signed_info::SignedInfo;
use crate::verdict::Weight;
use crate::xml::c14n::Method;

/// Something about a sound signature that somebody should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remark {
    /// The ID is no XML name, which some readers refuse.
    IdIsNoName,
    /// Inclusive canonicalisation: moving the element to another place breaks the signature.
    InclusiveCanonicalization,
    /// The digest is SHA-1, and that is let through.
    WeakDigest,
    /// The signature rests on SHA-1, and that is let through.
    WeakSignature,
}

impl Remark {
    /// The card of its rule; none for an ID, whose rule is not one of signatures.
    pub fn rule(self) -> Option<&'static Rule> {
        match self {
            Self::IdIsNoName => None,
            Self::InclusiveCanonicalization => Some(&sig::INCLUSIVE_C14N),
            Self::WeakDigest | Self::WeakSignature => Some(&sig::ALGORITHM_WEAK),
        }
    }

    /// What it does to a verdict.
    pub fn weight(self) -> Weight {
        match self {
            Self::InclusiveCanonicalization => Weight::Note,
            _ => Weight::Warning,
        }
    }

    /// It in words.
    pub fn message(self) -> &'static str {
        match self {
            Self::IdIsNoName => "the signed ID is no XML name, and some readers refuse that",
            Self::InclusiveCanonicalization => {
                "inclusive canonicalisation: the signature breaks where the element is moved"
            }
            Self::WeakDigest => "the digest is SHA-1, and that is let through",
            Self::WeakSignature => "the signature rests on SHA-1, and that is let through",
        }
    }
}

impl SignedInfo {
    /// What somebody should know about a signature of the element with this ID.
    pub(super) fn remarks(&self, id: &str) -> Vec<Remark> {
        let methods = [self.canonicalization.method, self.transform.method];
        let found = [
            (!ids::is_name(id), Remark::IdIsNoName),
            (
                methods.iter().any(|method| *method != Method::Exclusive),
                Remark::InclusiveCanonicalization,
            ),
            (self.digest.is_weak(), Remark::WeakDigest),
            (self.method.is_weak(), Remark::WeakSignature),
        ];
        found.into_iter().filter(|(holds, _)| *holds).map(|(_, remark)| remark).collect()
    }
}
