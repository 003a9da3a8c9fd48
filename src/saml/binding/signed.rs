//! What a signature covers that travels beside a message.

use crate::saml::binding::encoding::{base64, percent_encoded};
use crate::saml::binding::parameters::{Field, Parameters};
use crate::saml::binding::{Parameter, Remark};
use crate::saml::cards::bind::{BIND_REDIRECT_SIGNATURE, BIND_SIGALG};
use crate::verdict::Weight;

/// A signature beside a message, and the bytes that it has to cover. It is not verified.
#[derive(Clone, Debug)]
pub struct SignedQuery {
    /// How it travels.
    pub kind: Detached,
    /// The bytes that were received, in the order of the binding.
    pub octets: Vec<u8>,
    /// The URI of the algorithm; empty where none came.
    pub algorithm: String,
    /// The signature.
    pub signature: Vec<u8>,
    /// Other bytes that the sender may have signed, for telling why the signature does not hold.
    pub others: Vec<(Escaping, Vec<u8>)>,
}

/// How a signature travels beside a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Detached {
    /// In the query of an address (saml-bindings-2.0-os section 3.4.4.1).
    Redirect,
    /// In a form field (POST-SimpleSign).
    SimpleSign,
}

/// How bytes that the sender may have signed differ from those that were received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Escaping {
    /// Percent-encoding with small hex digits.
    Lower,
    /// Percent-encoding with small hex digits, and a plus for each space.
    LowerPlus,
    /// Percent-encoding with capital hex digits.
    Upper,
    /// Percent-encoding with capital hex digits, and a plus for each space.
    UpperPlus,
    /// No percent-encoding at all.
    Plain,
    /// As received, without RelayState.
    WithoutRelayState,
}

impl Escaping {
    /// What the sender did, for a sentence: "the sender signed the query with ...".
    pub fn name(self) -> &'static str {
        match self {
            Self::Lower => "small hex digits in its percent-encoding",
            Self::LowerPlus => "small hex digits in its percent-encoding and a plus for each space",
            Self::Upper => "capital hex digits in its percent-encoding",
            Self::UpperPlus => {
                "capital hex digits in its percent-encoding and a plus for each space"
            }
            Self::Plain => "nothing percent-encoded",
            Self::WithoutRelayState => "no RelayState",
        }
    }
}

/// The signature beside a message, if one came; what is wrong with how it came is added to the
/// remarks.
pub(super) fn beside(
    parameters: &Parameters,
    parameter: Parameter,
    kind: Detached,
    xml: &str,
    remarks: &mut Vec<Remark>,
) -> Result<Option<SignedQuery>, Remark> {
    let (signature, algorithm) = (parameters.only("Signature")?, parameters.only("SigAlg")?);
    if signature.is_none() && algorithm.is_none() {
        return Ok(None);
    }
    let signature = match signature {
        Some(field) => base64(&field.value()?).unwrap_or_default(),
        None => Vec::new(),
    };
    if signature.is_empty() {
        let message = "the signature beside the message is empty or is no base64";
        remarks.push(Remark::new(&BIND_REDIRECT_SIGNATURE, Weight::Reject, message).why(
            "the sender says that it signed; a reader that takes this for unsigned can be fooled",
        ));
    }
    let algorithm = algorithm.map_or_else(|| Ok(String::new()), Field::value)?;
    if !KNOWN.contains(&algorithm.as_str()) {
        remarks.push(unknown_algorithm(&algorithm));
    }
    let pieces = Pieces::of(parameters, parameter, &algorithm)?;
    let (octets, others) = match kind {
        Detached::Redirect => (pieces.received(true), pieces.others()),
        Detached::SimpleSign => {
            let plain = pieces.plain(Some(xml), true);
            (plain, vec![(Escaping::WithoutRelayState, pieces.plain(Some(xml), false))])
        }
    };
    let others = others.into_iter().filter(|(_, other)| *other != octets).collect();
    Ok(Some(SignedQuery { kind, octets, algorithm, signature, others }))
}

fn unknown_algorithm(algorithm: &str) -> Remark {
    let message = if algorithm.is_empty() {
        "the signature beside the message names no algorithm".to_owned()
    } else {
        format!("{algorithm} is no signature algorithm")
    };
    Remark::new(&BIND_SIGALG, Weight::Reject, message)
        .why("a reader that guesses one lets the sender choose the weakest")
}

/// What the bytes that are signed are made of: names, values as received, values decoded.
struct Pieces {
    message: (&'static str, String, String),
    relay_state: Option<(String, String)>,
    algorithm: (String, String),
}

impl Pieces {
    fn of(parameters: &Parameters, parameter: Parameter, algorithm: &str) -> Result<Self, Remark> {
        let raw = |name| Ok(parameters.only(name)?.map(|field| field.raw.clone()));
        let value = |name| parameters.only(name)?.map(Field::value).transpose();
        let relay_state = raw("RelayState")?.zip(value("RelayState")?);
        Ok(Self {
            message: (
                parameter.name(),
                raw(parameter.name())?.unwrap_or_default(),
                value(parameter.name())?.unwrap_or_default(),
            ),
            relay_state,
            algorithm: (raw("SigAlg")?.unwrap_or_default(), algorithm.to_owned()),
        })
    }

    fn received(&self, with_relay_state: bool) -> Vec<u8> {
        let relay_state = self.relay_state.as_ref().map(|(raw, _)| raw.as_str());
        let relay_state = relay_state.filter(|_| with_relay_state);
        joined(self.message.0, &self.message.1, relay_state, &self.algorithm.0)
    }

    fn plain(&self, message: Option<&str>, with_relay_state: bool) -> Vec<u8> {
        let relay_state = self.relay_state.as_ref().map(|(_, value)| value.as_str());
        let relay_state = relay_state.filter(|_| with_relay_state);
        joined(self.message.0, message.unwrap_or(&self.message.2), relay_state, &self.algorithm.1)
    }

    fn encoded(&self, is_upper: bool, space_is_plus: bool) -> Vec<u8> {
        let encode = |text: &str| percent_encoded(text, is_upper, space_is_plus);
        let relay_state = self.relay_state.as_ref().map(|(_, value)| encode(value));
        let message = encode(&self.message.2);
        joined(self.message.0, &message, relay_state.as_deref(), &encode(&self.algorithm.1))
    }

    fn others(&self) -> Vec<(Escaping, Vec<u8>)> {
        vec![
            (Escaping::Upper, self.encoded(true, false)),
            (Escaping::Lower, self.encoded(false, false)),
            (Escaping::UpperPlus, self.encoded(true, true)),
            (Escaping::LowerPlus, self.encoded(false, true)),
            (Escaping::Plain, self.plain(None, true)),
            (Escaping::WithoutRelayState, self.received(false)),
        ]
    }
}

fn joined(name: &str, message: &str, relay_state: Option<&str>, algorithm: &str) -> Vec<u8> {
    let relay_state = relay_state.map_or_else(String::new, |value| format!("&RelayState={value}"));
    format!("{name}={message}{relay_state}&SigAlg={algorithm}").into_bytes()
}

/// The signature algorithms that SAML 2.0 implementations know (RFC 6931, RFC 9231).
const KNOWN: [&str; 17] = [
    "http://www.w3.org/2000/09/xmldsig#dsa-sha1",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha224",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha224",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2007/05/xmldsig-more#sha1-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1",
    "http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1",
    "http://www.w3.org/2009/xmldsig11#dsa-sha256",
    "http://www.w3.org/2021/04/xmldsig-more#eddsa-ed25519",
];
