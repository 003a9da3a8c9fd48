//! What a SAML message holds, as it is shown and written. Nothing here is a promise: whether it may
//! be relied on stands in the verdict.

use jiff::Timestamp;
use serde::ser::SerializeMap as _;
use serde::{Serialize, Serializer};

use crate::report::judgement::UnmatchedView;

/// What a message holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct MessageView {
    /// The name of its root: `Response`.
    pub kind: String,
    /// What was taken off around it, the outermost first.
    pub layers: Vec<String>,
    /// Its ID.
    pub id: Option<String>,
    /// The ID of the request that it answers.
    pub in_response_to: Option<String>,
    /// Where it was sent.
    pub destination: Option<String>,
    /// When it was made, as it is written.
    pub issue_instant: Option<String>,
    /// Who made it.
    pub issuer: Option<String>,
    /// How it went, the outermost code first.
    pub status: Option<StatusView>,
    /// Whom it is about.
    pub name_id: Option<NameView>,
    /// What is said about that person.
    #[serde(serialize_with = "attributes_as_map")]
    pub attributes: Vec<AttributeView>,
    /// When and for whom it holds.
    pub conditions: Option<ConditionsView>,
    /// Its signatures, and those beside it.
    pub signatures: Vec<SignatureView>,
    /// Its encrypted parts.
    pub encryption: Vec<EncryptionView>,
    /// The value that travelled beside it.
    pub relay_state: Option<String>,
    /// What a request asks for, name and value.
    #[serde(serialize_with = "pairs_as_map", skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<(String, String)>,
    /// All messages of the recording that it came from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub exchanges: Vec<ExchangeView>,
    /// The spans of time in which it holds.
    #[serde(skip)]
    pub windows: Vec<Window>,
    /// When it was made.
    #[serde(skip)]
    pub issued: Option<Timestamp>,
    /// When it was recorded, where it is judged as of then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recorded: Option<Timestamp>,
    /// What the application answered where it refused it: `403`.
    #[serde(skip)]
    pub refusal: Option<String>,
    /// The fingerprints that are of certificates; others are of keys.
    #[serde(skip)]
    pub certificates: Vec<String>,
    /// Mapped names that nothing sent matched.
    #[serde(skip)]
    pub unmatched: Vec<UnmatchedView>,
    /// Its elements down to what matters, for a picture of it.
    #[serde(skip)]
    pub parts: Vec<PartView>,
    /// Whether it is a token, whose parts have other names.
    #[serde(skip)]
    pub is_token: bool,
    /// Whether its values are those of bytes whose signature held, and the verdict is to accept.
    #[serde(skip)]
    pub is_verified: bool,
}

/// How it went.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StatusView {
    /// The codes, the outermost first.
    pub codes: Vec<String>,
    /// What is said about it.
    pub message: Option<String>,
}

/// The name of a person.
#[derive(Clone, Debug, Default, Serialize)]
pub struct NameView {
    /// The name.
    pub value: String,
    /// Its format.
    pub format: Option<String>,
}

/// Something said about a person.
#[derive(Clone, Debug, Default)]
pub struct AttributeView {
    /// Its name.
    pub name: String,
    /// A name for people.
    pub friendly_name: Option<String>,
    /// Its values.
    pub values: Vec<String>,
    /// The members of the account that it fills; none where no application is known.
    pub used_as: Option<Vec<String>>,
}

/// When and for whom a message holds.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ConditionsView {
    /// From when on, as it is written.
    pub not_before: Option<String>,
    /// Until when, as it is written.
    pub not_on_or_after: Option<String>,
    /// For whom.
    pub audiences: Vec<String>,
    /// Where it has to be brought.
    pub recipients: Vec<String>,
    /// When the person logged in.
    pub authn_instant: Option<String>,
    /// By what means.
    pub authn_context: Option<String>,
    /// Until when the session lasts.
    pub session_not_on_or_after: Option<String>,
}

/// A signature.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SignatureView {
    /// What it stands in, in small letters: `response`, `assertion`, `query`.
    pub over: String,
    /// Its algorithm, as people call it: `RSA-SHA256`.
    pub algorithm: String,
    /// The fingerprint of the key that verified it.
    pub key: Option<String>,
    /// Whether it holds; none where it was not verified.
    pub holds: Option<bool>,
    /// Where the key comes from: `metadata of https://idp.acme.test/`.
    pub trusted_by: Option<String>,
}

/// An encrypted part.
#[derive(Clone, Debug, Default, Serialize)]
pub struct EncryptionView {
    /// What is encrypted, in small letters: `assertion`.
    pub part: String,
    /// What encrypts the content.
    pub content: Option<String>,
    /// What encrypts the key.
    pub key_transport: Option<String>,
    /// Whether it was decrypted.
    pub decrypted: bool,
}

/// A message of a recording.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ExchangeView {
    /// Its number, from 1.
    pub number: usize,
    /// Its kind, or the parameter that carried it where it could not be read.
    pub kind: String,
    /// `GET`, `POST`.
    pub method: String,
    /// Where it went.
    pub address: String,
    /// The status of the answer.
    pub status: Option<u16>,
    /// Its ID.
    pub id: Option<String>,
    /// Whether it is the one that is judged.
    pub chosen: bool,
}

/// A span of time in which something holds.
#[derive(Clone, Debug, Default)]
pub struct Window {
    /// What holds: `conditions`, `confirmation`, `session`.
    pub name: &'static str,
    /// From when on; open where it has none.
    pub from: Option<Timestamp>,
    /// Until when; open where it has none.
    pub until: Option<Timestamp>,
}

/// An element, in document order.
#[derive(Clone, Debug, Default)]
pub struct PartView {
    /// Its name without a prefix.
    pub name: String,
    /// How many elements it stands in.
    pub depth: usize,
    /// What tells it from others: its ID, its Name, its text.
    pub label: String,
    /// Whether a signature that held covers it.
    pub is_signed: bool,
    /// Whether it was encrypted.
    pub is_encrypted: bool,
}

/// Names to values; an attribute that comes twice has the values of both.
fn attributes_as_map<S: Serializer>(
    attributes: &[AttributeView],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut merged: Vec<(&str, Vec<&str>)> = Vec::new();
    for attribute in attributes {
        let values = attribute.values.iter().map(String::as_str);
        match merged.iter_mut().find(|(name, _)| *name == attribute.name) {
            Some((_, known)) => known.extend(values),
            None => merged.push((&attribute.name, values.collect())),
        }
    }
    serializer.collect_map(merged)
}

fn pairs_as_map<S: Serializer>(
    pairs: &[(String, String)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(pairs.len()))?;
    for (name, value) in pairs {
        map.serialize_entry(name, value)?;
    }
    map.end()
}
