//! Why an encrypted part cannot be read.

use std::sync::Arc;

use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::saml::cards::{enc, sig};
use crate::saml::decrypt::algorithm;
use crate::source::{KeyPath, Source, Span};
use crate::verdict::{Reason, Weight};
use crate::xml::XmlError;

/// Why an encrypted part cannot be read, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub kind: FaultKind,
    /// Where it stands in the received text.
    pub span: Span,
}

/// What is wrong with an encrypted part. Unless it says otherwise, the message is at fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The algorithm of the content is missing or unknown: its URI.
    Algorithm(String),
    /// Encryption inside encryption, or keys that lead to keys. A ceiling of ours.
    Depth(&'static str),
    /// An ID of the plaintext that the message around it carries too.
    DuplicateId(String),
    /// A reference to something outside the message, which is never fetched.
    ExternalReference(String),
    /// It does not decrypt. Nothing more is said, whatever the cause.
    Failed,
    /// None of the private keys fits, or there is none. The user's choice of keys.
    KeyMissing(Box<Wanted>),
    /// More private keys were given than are tried: the user's choice.
    Keys(usize),
    /// The key is encrypted by something other than RSA-OAEP: the URI; empty where none is named.
    KeyTransport(String),
    /// The plaintext is no acceptable document.
    Plaintext(XmlError),
    /// More encrypted keys than are tried. A ceiling of ours.
    Recipients(usize),
    /// Not built as XML Encryption has it: what is the matter.
    Structure(&'static str),
}

/// What a message says of the key that it was encrypted for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The recipients that it names.
    pub recipients: Vec<String>,
    /// The certificates that it was encrypted for: SHA-256 and subject of each.
    pub certificates: Vec<String>,
    /// The names of keys that it gives.
    pub key_names: Vec<String>,
    /// How many private keys were tried.
    pub tried: usize,
}

impl Fault {
    /// A fault at its place.
    pub fn new(kind: FaultKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The card of its rule.
    pub fn rule(&self) -> &'static Rule {
        match &self.kind {
            FaultKind::Algorithm(_) => &enc::ALGORITHM,
            FaultKind::Depth(_) => &enc::DEPTH,
            FaultKind::DuplicateId(_) => &sig::DUPLICATE_ID,
            FaultKind::ExternalReference(_) => &enc::EXTERNAL_REF,
            FaultKind::Failed => &enc::FAILED,
            FaultKind::KeyMissing(_) => &enc::KEY_MISSING,
            FaultKind::Keys(_) => &enc::KEYS,
            FaultKind::KeyTransport(_) => &enc::KEYTRANSPORT,
            FaultKind::Plaintext(error) => error.rule(),
            FaultKind::Recipients(_) => &enc::RECIPIENTS,
            FaultKind::Structure(_) => &enc::STRUCTURE,
        }
    }

    /// What it does to a verdict.
    pub fn weight(&self) -> Weight {
        match &self.kind {
            FaultKind::Depth(_) | FaultKind::Keys(_) | FaultKind::Recipients(_) => Weight::Limit,
            FaultKind::KeyMissing(_) => Weight::Undecided,
            FaultKind::Plaintext(error) if error.is_limit() => Weight::Limit,
            FaultKind::Plaintext(_) => Weight::Malformed,
            _ => Weight::Reject,
        }
    }

    /// It in words, at its place in the received text.
    pub fn problem(&self, source: &Arc<Source>) -> Problem {
        let place = Place { source: Arc::clone(source), span: self.span, path: KeyPath::default() };
        let problem = Problem::new(self.message(), place);
        match self.remedy() {
            Some(remedy) => problem.remedy(remedy),
            None => problem,
        }
    }

    /// It as a reason of a verdict.
    pub fn reason(&self, source: &Arc<Source>) -> Reason {
        Reason { rule: self.rule(), weight: self.weight(), problem: self.problem(source) }
    }

    fn message(&self) -> String {
        match &self.kind {
            FaultKind::Algorithm(uri) if uri.is_empty() => {
                "the encrypted part names no algorithm".to_owned()
            }
            FaultKind::Algorithm(uri) => {
                format!("the encryption algorithm {} is unknown", algorithm::name(uri))
            }
            FaultKind::Depth(what) | FaultKind::Structure(what) => (*what).to_owned(),
            FaultKind::DuplicateId(id) => {
                format!("the decrypted part repeats the ID `{id}` of the message around it")
            }
            FaultKind::ExternalReference(uri) => {
                format!("the encrypted part refers to `{uri}`, outside the message")
            }
            FaultKind::Failed => "the encrypted part does not decrypt".to_owned(),
            FaultKind::KeyMissing(wanted) => wanted.message(),
            FaultKind::Keys(count) => {
                format!("{count} private keys are given, more than {MOST_KEYS}")
            }
            FaultKind::KeyTransport(uri) if uri.is_empty() => {
                "the encrypted key names no algorithm".to_owned()
            }
            FaultKind::KeyTransport(uri) => {
                format!("the key is encrypted with {}", algorithm::name(uri))
            }
            FaultKind::Plaintext(error) => format!("the decrypted part: {error}"),
            FaultKind::Recipients(count) => {
                format!("{count} encrypted keys, more than {MOST_KEYS}")
            }
        }
    }

    fn remedy(&self) -> Option<&'static str> {
        match &self.kind {
            FaultKind::Algorithm(_) => Some("set the identity provider to encrypt with AES-GCM"),
            FaultKind::KeyMissing(_) => Some(
                "pass the private key of the certificate that is registered at the identity \
                 provider: --key FILE",
            ),
            FaultKind::KeyTransport(_) => Some(
                "set the identity provider to RSA-OAEP; --allow-rsa15 decrypts RSA 1.5 all the \
                 same",
            ),
            _ => None,
        }
    }
}

impl Wanted {
    fn message(&self) -> String {
        let mut text = match self.tried {
            0 => "no private key is given to decrypt with".to_owned(),
            1 => "the given private key (--key) does not fit".to_owned(),
            count => format!("none of the {count} given private keys (--key) fits"),
        };
        let hints = [
            ("it was encrypted for", &self.recipients),
            ("for the certificate", &self.certificates),
            ("for the key named", &self.key_names),
        ];
        for (words, names) in hints.iter().filter(|(_, names)| !names.is_empty()) {
            text.extend(["; ", words, " ", &names.join(", ")]);
        }
        text
    }
}

/// The most encrypted keys, and the most private keys, that are tried.
pub(super) const MOST_KEYS: usize = 16;
