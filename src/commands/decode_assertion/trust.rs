//! Keys: certificates and metadata of the identity provider, private keys of the application.

use std::io::BufRead;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::commands::Failure;
use crate::crypto::key::{KeyError, PrivateKey};
use crate::saml::dsig::Policy;
use crate::saml::expectation::Expectation;
use crate::saml::metadata::{self, Entity};
use crate::world::disk;
use crate::xml::Limits;

/// Trusts the certificates of a file.
pub(super) fn certificates(path: &Path, expectation: &mut Expectation) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    let bytes = read_file(path, LARGEST_KEY)?;
    let found = ders(&bytes);
    if found.is_empty() {
        let text = String::from_utf8_lossy(&bytes);
        let hint = if text.contains("PRIVATE KEY") {
            "that is a private key; the identity provider's certificate is public"
        } else if text.contains("EntityDescriptor") {
            "that is metadata: --metadata FILE"
        } else {
            "export the signing certificate at the identity provider again, in PEM form (base64)"
        };
        return Err(Failure::new(format!("{name} holds no certificate")).hint(hint));
    }
    for der in found {
        expectation.pin(&der, &name, None);
    }
    Ok(())
}

/// The certificates of a PEM text, of base64 alone, or the one of DER.
fn ders(bytes: &[u8]) -> Vec<Vec<u8>> {
    let Ok(text) = std::str::from_utf8(bytes) else { return sound(bytes.to_vec()) };
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, behind)) = rest.split_once(BEGIN) {
        let Some((body, after)) = behind.split_once(END) else { break };
        let body: String = body.split_whitespace().collect();
        found.extend(STANDARD.decode(body).map(sound).unwrap_or_default());
        rest = after;
    }
    if found.is_empty() && !text.contains("-----") {
        let body: String = text.split_whitespace().collect();
        found.extend(STANDARD.decode(body).map(sound).unwrap_or_default());
    }
    found
}

fn sound(der: Vec<u8>) -> Vec<Vec<u8>> {
    if crate::pki::Certificate::from_der(&der).is_some() { vec![der] } else { Vec::new() }
}

/// Trusts the signing keys of metadata in a file.
pub(super) fn metadata_file(
    path: &Path,
    sender: Option<&str>,
    expectation: &mut Expectation,
    hints: &mut Vec<String>,
) -> Result<(), Failure> {
    let name = path.to_string_lossy();
    let large = disk::stream(path).ok().flatten().filter(|(_, size)| *size > WHOLE_METADATA);
    if let Some((stream, _)) = large {
        return aggregate(stream, &name, sender, expectation, hints);
    }
    let bytes = read_file(path, WHOLE_METADATA)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{name} is not UTF-8")).hint("save it as UTF-8"))?;
    metadata_text(&text, &name, sender, expectation, hints)
}

/// Trusts the signing keys of one entity of a federation's metadata, which is read as a stream: of
/// the identity provider that was named, or else of the one that says it sent the message.
fn aggregate(
    stream: impl BufRead,
    name: &str,
    sender: Option<&str>,
    expectation: &mut Expectation,
    hints: &mut Vec<String>,
) -> Result<(), Failure> {
    let issuer = expectation.issuer.clone();
    let Some(wanted) = issuer.as_deref().or(sender) else {
        return Err(Failure::new(format!("{name} describes many identity providers"))
            .hint("choose one: --issuer ID"));
    };
    let options = metadata::Options {
        name,
        limits: Limits::STREAM,
        wanted: Some(wanted),
        keys: &[],
        policy: Policy { allows_sha1: false, limits: Limits::STREAM },
    };
    let read = metadata::stream(stream, &options).map_err(|error| unreadable(name, &error))?;
    let entity = read.metadata().and_then(|metadata| metadata.by_id(wanted));
    let entity = entity.filter(|entity| entity.idp.is_some()).ok_or_else(|| {
        Failure::new(format!("{name} has no identity provider {wanted}"))
            .hint("choose another: --issuer ID")
    })?;
    pin(entity, name, expectation, hints);
    expectation.issuer = Some(wanted.to_owned());
    Ok(())
}

fn unreadable(name: &str, error: &metadata::Unreadable) -> Failure {
    Failure::new(format!("{name} cannot be read as SAML metadata: {error}"))
        .hint(format!("ssoctl check {name} says more"))
}

/// Trusts the signing keys of metadata.
pub(super) fn metadata_text(
    text: &str,
    name: &str,
    sender: Option<&str>,
    expectation: &mut Expectation,
    hints: &mut Vec<String>,
) -> Result<(), Failure> {
    let read = metadata::read(text, Limits::default()).map_err(|error| unreadable(name, &error))?;
    let all: Vec<&Entity> = read.identity_providers().collect();
    let named = expectation.issuer.as_deref();
    let of = |wanted: &str| all.iter().copied().find(|one| one.entity_id.value == wanted);
    // Of several only the keys of one count: whoever is in the same federation is not the sender.
    let chosen = match (named, all.as_slice()) {
        (Some(named), _) => of(named),
        (None, [only]) => Some(*only),
        (None, _) => sender.and_then(of),
    };
    let Some(entity) = chosen else {
        return Err(none(&read, name, named.or(sender), sender));
    };
    pin(entity, name, expectation, hints);
    expectation.issuer = Some(entity.entity_id.value.clone());
    Ok(())
}

fn pin(entity: &Entity, name: &str, expectation: &mut Expectation, hints: &mut Vec<String>) {
    let id = entity.entity_id.value.as_str();
    let end = entity.valid_until().and_then(|end| end.instant);
    if let Some(end) = end.filter(|end| *end <= expectation.at) {
        hints.push(format!("the metadata of {id} in {name} ended at {end}, so its keys do not count: fetch it again"));
        return;
    }
    for certificate in entity.idp.iter().flat_map(|idp| idp.signing()) {
        match certificate.der() {
            Some(der) => expectation.pin(&der, &format!("metadata of {id}"), Some(id)),
            None => hints.push(format!("a certificate in the metadata of {id} cannot be read")),
        }
    }
}

fn none(
    read: &metadata::Metadata,
    name: &str,
    wanted: Option<&str>,
    sender: Option<&str>,
) -> Failure {
    let ids: Vec<&str> =
        read.identity_providers().map(|entity| entity.entity_id.value.as_str()).collect();
    match wanted {
        Some(wanted) if !ids.is_empty() => {
            let shown = ids.iter().take(MOST_SHOWN).copied().collect::<Vec<_>>().join(", ");
            let more = if ids.len() > MOST_SHOWN { ", …" } else { "" };
            Failure::new(format!("{name} has no identity provider {wanted}"))
                .hint(format!("it has: {shown}{more}; {}", apart(&ids, wanted, sender)))
        }
        _ if read.is_of_service_providers() => Failure::new(format!(
            "{name} is metadata of an application, not of an identity provider"
        ))
        .hint("download the metadata at the identity provider"),
        _ => Failure::new(format!("{name} describes no identity provider"))
            .hint(format!("ssoctl check {name} says what it holds")),
    }
}

/// Which of metadata, expectation and message is the one that differs from the others.
fn apart(ids: &[&str], wanted: &str, sender: Option<&str>) -> String {
    match sender {
        Some(sender) if sender == wanted => {
            "the message is from the expected one: give the metadata of that".to_owned()
        }
        Some(sender) if ids.contains(&sender) => format!(
            "the message is from {sender} too: what is expected differs, so correct the entity_id of the \
             configuration, or --issuer"
        ),
        Some(sender) => format!("the message is from {sender}: all three differ"),
        None => "choose one: --issuer ID".to_owned(),
    }
}

/// Takes a private key to decrypt with.
pub(super) fn private_key(path: &Path, expectation: &mut Expectation) -> Result<(), Failure> {
    expectation.decryption_keys.push(key_of_file(path)?);
    Ok(())
}

/// The private key of a file.
pub(in crate::commands) fn key_of_file(path: &Path) -> Result<PrivateKey, Failure> {
    let name = path.to_string_lossy();
    let bytes = read_file(path, LARGEST_KEY)?;
    let text = String::from_utf8_lossy(&bytes);
    PrivateKey::from_pem(&text).map_err(|error| key_failure(&name, error))
}

fn key_failure(name: &str, error: KeyError) -> Failure {
    let (what, hint) = match error {
        KeyError::Encrypted => (
            "is locked with a passphrase",
            "unlock it into a file of your own: openssl pkey -in FILE -out unlocked.key",
        ),
        KeyError::Certificate => {
            ("is a certificate", "the private key that belongs to it is needed to decrypt")
        }
        KeyError::Public => ("is a public key", "the private key is needed to decrypt"),
        _ => ("is no private key in PEM form", "openssl pkey -in FILE writes one"),
    };
    Failure::new(format!("{name} {what}")).hint(hint)
}

/// A file whole; one that is larger than its kind is refused.
pub(in crate::commands) fn read_file(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let name = path.to_string_lossy();
    let file = disk::read(path, limit).map_err(|error| Failure::file("read", &name, &error))?;
    match file.larger {
        Some(size) => {
            let text = format!("{name} has {size} bytes, more than the {limit} that are read");
            Err(Failure::new(text))
        }
        None => Ok(file.bytes),
    }
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
const LARGEST_KEY: u64 = 1 << 20;
/// Metadata that is larger is read as a stream.
const WHOLE_METADATA: u64 = 8 << 20;
const MOST_SHOWN: usize = 3;
