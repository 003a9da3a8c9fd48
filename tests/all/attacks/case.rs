//! A case of the corpus: a message, how it is to be judged, and what must come of it.

use super::keys::Method;
use super::mint::{ACS, AUDIENCE, ISSUER, NOW, Protection, REQUEST, Spec};

/// What a judgement must come to, by the words of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Expected {
    /// `accept`, `reject`, `malformed`, `limit`, `undecided`.
    pub(crate) class: &'static str,
    /// The name of a finding that must be there; empty where none must.
    pub(crate) reason: &'static str,
}

/// The reason of a message about which nothing is to be found.
pub(crate) const NOTHING: &str = "nothing";

pub(crate) const ACCEPT: Expected = Expected { class: "accept", reason: "" };

pub(crate) fn accept_with(reason: &'static str) -> Expected {
    Expected { class: "accept", reason }
}

pub(crate) fn reject(reason: &'static str) -> Expected {
    Expected { class: "reject", reason }
}

pub(crate) fn malformed(reason: &'static str) -> Expected {
    Expected { class: "malformed", reason }
}

pub(crate) fn limit(reason: &'static str) -> Expected {
    Expected { class: "limit", reason }
}

pub(crate) fn undecided(reason: &'static str) -> Expected {
    Expected { class: "undecided", reason }
}

/// What the naive verifier must say for the attack to be alive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Alive {
    /// It accepts a signature of a trusted key: the content is the provider's own.
    Accepts,
    /// It accepts with the key that the message brings, and reads the forged name.
    Embedded,
    /// It accepts a signature of a trusted key, and reads the forged name.
    Forged,
    /// It reads a name; no signature is at issue.
    Reads,
    /// The row is no matter of signatures.
    Silent,
}

/// How a message is judged.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Certificates that are trusted, by name.
    pub(crate) certificates: Vec<&'static str>,
    /// Keys for decryption, by name.
    pub(crate) decryption: Vec<&'static str>,
    pub(crate) issuer: String,
    pub(crate) audience: String,
    pub(crate) acs: String,
    pub(crate) request: Option<String>,
    pub(crate) at: String,
    /// Flags as on the command line, without dashes in front.
    pub(crate) flags: Vec<&'static str>,
}

impl Settings {
    pub(crate) fn new(key: &'static str) -> Self {
        Self {
            certificates: vec![key],
            decryption: vec!["sp"],
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            acs: ACS.to_owned(),
            request: Some(REQUEST.to_owned()),
            at: NOW.to_owned(),
            flags: Vec::new(),
        }
    }

    pub(crate) fn flagged(mut self, flag: &'static str) -> Self {
        self.flags.push(flag);
        self
    }
}

/// One message of the corpus.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) settings: Settings,
    pub(crate) expected: Expected,
    pub(crate) alive: Alive,
    /// What the naive verifier sees, where it is not the message itself: its plain text.
    pub(crate) plain: Option<String>,
    /// The honest message that differs in one thing, which must be accepted.
    pub(crate) twin: Option<Twin>,
}

/// An honest twin.
#[derive(Clone, Debug)]
pub(crate) struct Twin {
    pub(crate) bytes: Vec<u8>,
    pub(crate) settings: Settings,
    pub(crate) expected: Expected,
}

impl Case {
    pub(crate) fn row(&self) -> &str {
        self.name.split('-').next().expect("a row")
    }

    /// Judged otherwise than the base.
    pub(crate) fn judged(mut self, change: impl FnOnce(Settings) -> Settings) -> Self {
        self.settings = change(self.settings);
        self
    }

    pub(crate) fn alive(mut self, alive: Alive) -> Self {
        self.alive = alive;
        self
    }

    /// The case is an honest one: there is nothing to compare it with.
    pub(crate) fn untwinned(mut self) -> Self {
        self.twin = None;
        self
    }
}

/// An honest message that attacks start from.
#[derive(Clone, Debug)]
pub(crate) struct Base {
    pub(crate) name: String,
    pub(crate) spec: Spec,
    pub(crate) text: String,
    pub(crate) settings: Settings,
}

impl Base {
    pub(crate) fn new(name: String, spec: Spec, key: &'static str) -> Self {
        let text = spec.mint();
        Self { name, text, spec, settings: Settings::new(key) }
    }

    /// A case made from it, whose twin is the base.
    pub(crate) fn case(
        &self,
        row: &str,
        variant: &str,
        bytes: impl Into<Vec<u8>>,
        expected: Expected,
    ) -> Case {
        let variant = if variant.is_empty() { String::new() } else { format!("-{variant}") };
        let settings = self.settings.clone();
        let bytes = bytes.into();
        let alive = if self.spec.encryption.is_some() { Alive::Silent } else { Alive::Accepts };
        let base = self.text.clone().into_bytes();
        let expected_twin = ACCEPT;
        let twin = Twin { bytes: base, settings: settings.clone(), expected: expected_twin };
        let name = format!("{row}{variant}-{}", self.name);
        Case { name, bytes, settings, expected, alive, plain: None, twin: Some(twin) }
    }

    /// A case that an attacker makes: the naive verifier must read the forged name.
    pub(crate) fn forgery(
        &self,
        row: &str,
        variant: &str,
        bytes: impl Into<Vec<u8>>,
        expected: Expected,
    ) -> Case {
        self.case(row, variant, bytes, expected).alive(Alive::Forged)
    }

    /// A case that the provider itself makes, from another specification.
    pub(crate) fn minted(&self, row: &str, variant: &str, spec: &Spec, expected: Expected) -> Case {
        self.case(row, variant, spec.mint(), expected)
    }

    pub(crate) fn signs_response(&self) -> bool {
        self.spec.signs_response()
    }

    pub(crate) fn signs_assertion(&self) -> bool {
        self.spec.signs_assertion()
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.spec.encryption.is_some()
    }
}

/// Every base: what is signed, by which key, plain and encrypted.
pub(crate) fn bases() -> Vec<Base> {
    let protections = [
        ("response", Protection::Response),
        ("assertion", Protection::Assertion),
        ("both", Protection::Both),
    ];
    let mut bases = Vec::new();
    for (protection_name, protection) in protections {
        for (key_name, key, method) in SIGNERS {
            let spec = Spec::new(protection, key, method);
            bases.push(Base::new(format!("{protection_name}-{key_name}"), spec.clone(), key));
            if key_name != "pss" {
                let spec = Spec { encryption: Some(super::encrypt::Encryption::default()), ..spec };
                let name = format!("{protection_name}-{key_name}-encrypted");
                bases.push(Base::new(name, spec, key));
            }
        }
    }
    bases
}

const SIGNERS: [(&str, &str, Method); 3] = [
    ("rsa", "idp-rsa", Method::RsaSha256),
    ("ec", "idp-p256", Method::EcdsaSha256),
    ("pss", "idp-rsa", Method::PssSha256),
];
