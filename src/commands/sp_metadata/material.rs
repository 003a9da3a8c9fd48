//! Keys and certificates: those that are given, and those that are made.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::commands::Failure;
use crate::commands::cell::read_text;
use crate::commands::sp_metadata::Args;
use crate::crypto::generate::{Day, Generated, self_signed};
use crate::crypto::key::{KeyError, PrivateKey, PublicKey};
use crate::saml::sp_metadata::Signer;
use crate::source::printable;
use crate::world::{World, disk};

/// What the document says about keys, and with which it is signed.
#[derive(Debug, Default)]
pub(super) struct Material {
    /// Certificates for signing, in DER.
    pub(super) signing: Vec<Vec<u8>>,
    /// Certificates for encryption, in DER.
    pub(super) encryption: Vec<Vec<u8>>,
    /// Who signs the document.
    pub(super) signer: Option<Signer>,
    /// What was made and is not written yet, with the place of the key and of the certificate.
    made: Option<(PathBuf, PathBuf, Generated)>,
}

impl Material {
    /// Reads what is given and makes what is to be made; nothing is written.
    pub(super) fn read(
        args: &Args,
        entity_id: &str,
        world: &mut World<'_>,
    ) -> Result<Self, Failure> {
        let mut material = Self::default();
        for path in &args.signing_cert {
            material.signing.extend(certificates(path, world)?);
        }
        for path in &args.encryption_cert {
            material.encryption.extend(certificates(path, world)?);
        }
        if let Some(path) = &args.generate_key {
            material.make(path, entity_id, world)?;
        }
        if let Some(path) = &args.sign_key {
            material.signer = Some(material.signer(path, world)?);
        }
        Ok(material)
    }

    /// Writes what was made: the key for its owner alone, both only where nothing stands yet.
    pub(super) fn write(&self, world: &mut World<'_>) -> Result<(), Failure> {
        let Some((key_path, certificate_path, made)) = &self.made else { return Ok(()) };
        let key = made.key.expose_secret().as_bytes();
        for (path, text, is_private) in
            [(key_path, key, true), (certificate_path, made.certificate.as_bytes(), false)]
        {
            disk::create(path, text, is_private, false).map_err(|error| failed(path, &error))?;
            drop(writeln!(world.stderr, "wrote {}", printable(&path.to_string_lossy())));
        }
        Ok(())
    }

    fn make(&mut self, path: &Path, entity_id: &str, world: &World<'_>) -> Result<(), Failure> {
        let beside = path.with_extension("crt");
        if beside == path || path.file_name().is_none() {
            return Err(Failure::new("--generate-key names the key; the certificate gets .crt")
                .hint("call the key something like sp.key"));
        }
        if let Some(taken) = [path, &beside].into_iter().find(|one| one.symlink_metadata().is_ok())
        {
            return Err(exists(taken));
        }
        let today = TimeZone::UTC.to_datetime(world.now).date();
        let (from, until) = (day(today.year(), today), day(today.year() + YEARS, today));
        let made = self_signed(&common_name(entity_id), from, until);
        let made = made.map_err(|error| Failure::new(format!("no key could be made: {error}")))?;
        self.signing.extend(ders(&made.certificate));
        self.made = Some((path.to_owned(), beside, made));
        Ok(())
    }

    /// The key that signs the document, with the certificate that belongs to it.
    fn signer(&self, path: &Path, world: &mut World<'_>) -> Result<Signer, Failure> {
        let name = path.to_string_lossy();
        let made = self.made.as_ref().filter(|(own, _, _)| own == path);
        let text = match made {
            Some((_, _, made)) => made.key.clone(),
            None => read_text(path, world)?.into(),
        };
        let key = PrivateKey::from_pem(text.expose_secret());
        let key = key.map_err(|error| no_key(&name, error))?;
        let public = key.public();
        let fits = |der: &Vec<u8>| PublicKey::from_certificate(der).is_ok_and(|own| own == public);
        let beside = ders(text.expose_secret());
        let certificate = self.signing.iter().chain(&beside).find(|der| fits(der)).cloned();
        if certificate.is_none() && !(self.signing.is_empty() && beside.is_empty()) {
            return Err(Failure::new(format!("{name} belongs to none of the certificates"))
                .hint("give the certificate of this key with --signing-cert, or put it into the key's file"));
        }
        Ok(Signer { key, certificate })
    }
}

/// The certificates of a file, in DER; each with a key that can be read.
fn certificates(path: &Path, world: &mut World<'_>) -> Result<Vec<Vec<u8>>, Failure> {
    let name = path.to_string_lossy();
    let text = read_text(path, world)?;
    let found = ders(&text);
    if found.is_empty() {
        let is_key = text.contains("PRIVATE KEY-----");
        let what = if is_key { "is a private key" } else { "holds no certificate" };
        let failure = Failure::new(format!("{name} {what}"));
        return Err(failure.hint("a certificate begins with -----BEGIN CERTIFICATE-----"));
    }
    for der in &found {
        if let Err(error) = PublicKey::from_certificate(der) {
            return Err(Failure::new(format!("{name} holds no certificate for SAML: {error}")));
        }
    }
    Ok(found)
}

/// The certificates of a PEM text, in DER.
fn ders(text: &str) -> Vec<Vec<u8>> {
    let blocks = text.split(BEGIN).skip(1).filter_map(|rest| Some(rest.split_once(END)?.0));
    let bare = blocks.map(|block| block.split_ascii_whitespace().collect::<String>());
    bare.filter_map(|block| STANDARD.decode(block).ok()).collect()
}

fn no_key(name: &str, error: KeyError) -> Failure {
    let failure = Failure::new(format!("{name} cannot sign: {error}"));
    match error {
        KeyError::Encrypted => {
            failure.hint(format!("take the passphrase off: openssl pkey -in {name} -out plain.key"))
        }
        _ => failure.hint("a private key begins with -----BEGIN PRIVATE KEY-----"),
    }
}

fn day(year: i16, today: jiff::civil::Date) -> Day {
    let part = |number: i8| u8::try_from(number).expect("days and months are positive");
    // The 29th of February is not in every year.
    (i32::from(year), part(today.month()), part(today.day().min(28)))
}

/// The name in the certificate: the entity's host, else as much of its id as fits.
fn common_name(entity_id: &str) -> String {
    let host = Url::parse(entity_id).ok().and_then(|url| url.host_str().map(str::to_owned));
    host.unwrap_or_else(|| entity_id.to_owned()).chars().take(LONGEST_COMMON_NAME).collect()
}

fn failed(path: &Path, error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => Failure::file("write", &path.to_string_lossy(), error),
    }
}

fn exists(path: &Path) -> Failure {
    Failure::new(format!("{} exists already; a key is never replaced", path.to_string_lossy()))
        .hint(in_use(path))
}

/// How to go on with a pair of files that exists.
fn in_use(path: &Path) -> String {
    let certificate = path.with_extension("crt");
    if certificate.is_file() {
        let name = certificate.to_string_lossy();
        return format!(
            "use the pair that exists with --signing-cert {name}, or name another file"
        );
    }
    "name another file, or use the certificate of the one that exists with --signing-cert"
        .to_owned()
}

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// How long a certificate made here is valid: nobody renews it by themselves.
const YEARS: i16 = 10;
/// The longest common name (RFC 5280 appendix A).
const LONGEST_COMMON_NAME: usize = 64;
