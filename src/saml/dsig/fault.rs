//! Why a signature does not hold.

use std::sync::Arc;

use jiff::Timestamp;

use crate::crypto::key::KeyError;
use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::saml::cards::sig;
use crate::saml::dsig::value::KeyWeakness;
use crate::saml::dsig::wording;
use crate::source::{KeyPath, Source, Span};
use crate::verdict::{Reason, Weight};
use crate::xml::XmlError;

/// Why a signature does not hold, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where it stands in the received text.
    pub span: Span,
}

/// What is wrong with a signature. Unless it says otherwise, the message is at fault: whoever made
/// it or changed it on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// A signature or digest method that is unknown, or that nobody may accept: its URI.
    Algorithm(String),
    /// SHA-1 or MD5 in a signature or digest: its name. Of SHA-1 the provider's settings are the
    /// cause.
    AlgorithmWeak(String),
    /// A part has no canonical form: why.
    C14nFailed(String),
    /// A canonicalisation that is unknown, or that keeps comments: its URI.
    C14nMethod(String),
    /// A part of the signature is missing, repeated, unknown or out of order.
    Cardinality {
        /// The element that it is about.
        part: String,
        /// What is the matter with it: `is missing`.
        matter: &'static str,
    },
    /// What is signed is not what is read: the ID that is referred to, and where that leads.
    Coverage {
        /// The ID that the signature refers to.
        id: String,
        /// The element that carries it, or that the signature stands in.
        element: String,
    },
    /// The canonical bytes, whose signature held, do not read as the received text did.
    Differential(XmlError),
    /// The digest is that of no bytes.
    DigestEmpty,
    /// The signature holds, the content was changed: how, where that can be told.
    DigestMismatch(Option<Change>),
    /// Two elements with the same ID.
    DuplicateId(String),
    /// A base64 leaf that holds something else: the name of its element.
    Encoding(String),
    /// A symmetric method: its URI.
    Hmac(String),
    /// One element with two attributes that look like its ID: their names.
    IdAmbiguous(String, String),
    /// None of the pinned keys is of the kind that the method needs. Either the message or the
    /// choice of keys is at fault.
    KeyAlgorithmMismatch {
        /// The method, as people call it.
        method: String,
        /// The pinned keys, as they describe themselves.
        keys: Vec<String>,
        /// The embedded certificate that verifies, if one does.
        signer: Option<Box<Signer>>,
    },
    /// A pinned key of more bits than are tried: the user's own choice.
    KeySize(usize),
    /// A key that is not pinned made the signature. The choice of keys or the message is at fault.
    KeyUntrusted(Box<Signer>),
    /// A pinned RSA key that others can break: the provider's key.
    KeyWeak(KeyWeakness),
    /// What has to be signed is not: its name.
    Missing(String),
    /// Several signatures of one element.
    Multiple(String),
    /// No key is pinned: the user's settings.
    NoKey,
    /// An `Object` in the signature.
    ObjectChild,
    /// A signature that stands elsewhere than directly after the issuer of what it signs.
    Position(String),
    /// A list of prefixes longer than any honest one. A ceiling of ours.
    PrefixList(usize),
    /// References other than one.
    ReferenceCount(usize),
    /// A reference to an ID that no element carries.
    ReferenceUnresolved(String),
    /// A reference that is not `#` and an ID.
    ReferenceUri(String),
    /// More signatures than are looked at. A ceiling of ours.
    Signatures(usize),
    /// Transforms that are not allowed: which, or what is the matter.
    Transform(String),
    /// The signature value fits none of the pinned keys, and none that the message embeds.
    ValueMismatch {
        /// Whether the content is still what the digest says: then the keys are the wrong ones, or
        /// the signature itself was changed.
        is_unchanged: bool,
        /// Whether the message embeds a pinned key: then the keys are the right ones. It says
        /// nothing about who sent it, for anybody can embed a certificate.
        embeds_pinned: bool,
        /// What was done to `SignedInfo` after it was signed, where that can be told: without it a
        /// pinned key fits.
        change: Option<Change>,
    },
}

/// Whose key made a signature, by the certificate that is embedded beside it. It is told, and never
/// trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signer {
    /// SHA-256 of the certificate, pairs of hex digits with colons; of the bare key where there is
    /// no certificate.
    pub fingerprint: String,
    /// The certificate, where there is one.
    pub certificate: Option<SignerCertificate>,
}

/// What an embedded certificate says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignerCertificate {
    /// Its subject.
    pub subject: String,
    /// Its first instant.
    pub not_before: Timestamp,
    /// Its last instant.
    pub not_after: Timestamp,
}

/// What was done to a message after it was signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// White space between the elements was added: without it the digest is right.
    Indented,
    /// Carriage returns were added: without them the digest is right.
    LineEnds,
    /// There is white space between elements, which may have been added.
    MaybeIndented,
}

impl Fault {
    /// A fault at its place.
    pub fn new(kind: FaultKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The card of its rule.
    pub fn rule(&self) -> &'static Rule {
        self.kind.rule()
    }

    /// What it does to a verdict.
    pub fn weight(&self) -> Weight {
        self.kind.weight()
    }

    /// It in words, at its place in the received text.
    pub fn problem(&self, source: &Arc<Source>) -> Problem {
        let place = Place { source: Arc::clone(source), span: self.span, path: KeyPath::default() };
        wording::problem(&self.kind, place)
    }

    /// It as a reason of a verdict.
    pub fn reason(&self, source: &Arc<Source>) -> Reason {
        Reason { rule: self.rule(), weight: self.weight(), problem: self.problem(source) }
    }
}

impl FaultKind {
    /// The fault of a pinned key that is too small or too large to be read at all; none where it
    /// is no key in the first place.
    pub fn of_key(error: KeyError) -> Option<Self> {
        match error {
            KeyError::TooLarge(bits) => Some(Self::KeySize(bits)),
            KeyError::TooSmall(bits) => Some(Self::KeyWeak(KeyWeakness::Bits(bits))),
            _ => None,
        }
    }

    /// The card of its rule.
    pub fn rule(&self) -> &'static Rule {
        match self {
            Self::Algorithm(_) => &sig::ALGORITHM,
            Self::AlgorithmWeak(_) => &sig::ALGORITHM_WEAK,
            Self::C14nFailed(_) => &sig::C14N_FAILED,
            Self::C14nMethod(_) => &sig::C14N_METHOD,
            Self::Cardinality { .. } => &sig::CARDINALITY,
            Self::Coverage { .. } => &sig::COVERAGE,
            Self::Differential(_) => &crate::xml::cards::DIFFERENTIAL,
            Self::DigestEmpty => &sig::DIGEST_EMPTY,
            Self::DigestMismatch(_) => &sig::DIGEST_MISMATCH,
            Self::DuplicateId(_) => &sig::DUPLICATE_ID,
            Self::Encoding(_) => &sig::ENCODING,
            Self::Hmac(_) => &sig::HMAC,
            Self::IdAmbiguous(..) => &sig::ID_AMBIGUOUS,
            Self::KeyAlgorithmMismatch { .. } => &sig::KEY_ALG_MISMATCH,
            Self::KeySize(_) => &sig::KEY_SIZE,
            Self::KeyUntrusted(_) => &sig::KEY_UNTRUSTED,
            Self::KeyWeak(_) => &sig::KEY_WEAK,
            Self::Missing(_) => &sig::MISSING,
            Self::Multiple(_) | Self::Signatures(_) => &sig::MULTIPLE,
            Self::NoKey => &sig::NO_KEY,
            Self::ObjectChild => &sig::OBJECT_CHILD,
            Self::Position(_) => &sig::POSITION,
            Self::PrefixList(_) => &crate::xml::cards::NAMESPACES,
            Self::ReferenceCount(_) => &sig::REFERENCE_COUNT,
            Self::ReferenceUnresolved(_) => &sig::REFERENCE_UNRESOLVED,
            Self::ReferenceUri(_) => &sig::REFERENCE_URI,
            Self::Transform(_) => &sig::TRANSFORM,
            Self::ValueMismatch { .. } => &sig::VALUE_MISMATCH,
        }
    }

    /// What it does to a verdict.
    pub fn weight(&self) -> Weight {
        match self {
            Self::KeySize(_) | Self::PrefixList(_) | Self::Signatures(_) => Weight::Limit,
            Self::NoKey => Weight::Undecided,
            _ => Weight::Reject,
        }
    }

    /// The place in the order in which faults of one signature are told, the most telling first.
    pub(super) fn rank(&self) -> usize {
        let rule = self.rule();
        TELLING.iter().position(|telling| std::ptr::eq(*telling, rule)).unwrap_or(TELLING.len())
    }
}

/// Rules whose faults say more about what happened than all others of the same signature.
static TELLING: [&Rule; 10] = [
    &sig::DUPLICATE_ID,
    &sig::ID_AMBIGUOUS,
    &sig::MULTIPLE,
    &sig::OBJECT_CHILD,
    &sig::COVERAGE,
    &sig::POSITION,
    &sig::REFERENCE_COUNT,
    &sig::CARDINALITY,
    &sig::HMAC,
    &sig::KEY_UNTRUSTED,
];
