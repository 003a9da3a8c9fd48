//! What a target is: a configuration, an address, a saved document.

use std::io::BufRead as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use url::Url;

use crate::commands::Failure;
use crate::oidc::candidates::{candidates, console};
use crate::oidc::discovery::Discovery;
use crate::oidc::jwks::Jwks;
use crate::rules::answers::Wanted;
use crate::source::printable;
use crate::syntax::nature::Nature;
use crate::world::disk;

/// A target as it is understood.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// An address: an issuer, or a document's own.
    Address(Url),
    /// A configuration of an application.
    Configuration(PathBuf),
    /// SAML metadata in a file, of any size.
    Metadata(PathBuf),
    /// A saved document.
    Saved {
        /// The name of the file.
        name: String,
        /// What it holds.
        text: Arc<str>,
        /// What it is.
        kind: Wanted,
    },
}

/// Understands what was typed.
pub(super) fn understand(typed: &str) -> Result<Target, Failure> {
    if let Some(url) = address(typed)? {
        return Ok(Target::Address(url));
    }
    let path = Path::new(typed);
    if path.is_dir() {
        return Ok(Target::Configuration(path.to_owned()));
    }
    if is_large_xml(path) {
        return Ok(Target::Metadata(path.to_owned()));
    }
    let file = match disk::read(path, LARGEST) {
        Ok(file) => file,
        Err(error)
            if error.kind() == std::io::ErrorKind::NotFound && !typed.contains(['/', '.']) =>
        {
            let failure = Failure::file("read", typed, &error);
            // An id that was pasted in place of an issuer.
            let meant = candidates(typed).into_iter().next();
            let meant = meant.filter(|one| !one.issuer.contains(&format!("//{typed}")));
            return Err(match meant {
                Some(one) => failure.hint(format!("{}: {}", one.reason, printable(&one.issuer))),
                None => failure,
            });
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && looks_like_host(typed) => {
            let failure = Failure::new(format!("cannot read {typed}: no such file"));
            return Err(failure.hint(format!("an address begins with https:// : https://{typed}")));
        }
        Err(error) => return Err(Failure::file("read", typed, &error)),
    };
    if file.larger.is_some() {
        return Err(Failure::new(format!(
            "{typed} has more than the {LARGEST} bytes that are read"
        )));
    }
    if let Some((what, hint)) = foreign(&file.bytes) {
        return Err(Failure::new(format!("{typed} is {what}")).hint(hint));
    }
    let Ok(text) = String::from_utf8(file.bytes) else {
        return Ok(Target::Configuration(path.to_owned()));
    };
    Ok(match saved_kind(&text) {
        Some(kind) => Target::Saved { name: typed.to_owned(), text: text.into(), kind },
        None => Target::Configuration(path.to_owned()),
    })
}

/// Whether a file is XML, and larger than is kept in memory: an aggregate.
fn is_large_xml(path: &Path) -> bool {
    let Ok(Some((mut stream, size))) = disk::stream(path) else { return false };
    if size <= LARGEST_KEPT {
        return false;
    }
    let head = stream.fill_buf().unwrap_or_default();
    let head = &head[..head.len().min(LONGEST_HEAD)];
    Nature::of(&String::from_utf8_lossy(head)) == Nature::Xml
}

/// The address that was typed, if it is one.
fn address(typed: &str) -> Result<Option<Url>, Failure> {
    let Some((scheme, _)) = typed.split_once("://") else { return Ok(None) };
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        let message = format!("{} addresses cannot be asked", printable(scheme));
        return Err(Failure::new(message).hint("give an https address, or the name of a file"));
    }
    let url = Url::parse(typed.trim())
        .map_err(|error| Failure::new(format!("{typed} is no address: {error}")))?;
    if url.host_str().is_none_or(str::is_empty) {
        return Err(Failure::new(format!("{typed} has no host")));
    }
    if let Some(console) = console(&url) {
        let host = url.host_str().unwrap_or_default();
        let message = format!("{} is {}, where nobody logs in", printable(host), console.of);
        return Err(Failure::new(message).hint(format!("the issuer is {}", console.issuer)));
    }
    Ok(Some(url))
}

/// Whether a text that is no file could be a host's name.
fn looks_like_host(typed: &str) -> bool {
    let host = typed.split(['/', ':']).next().unwrap_or_default();
    let is_name = |part: &str| {
        !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    let endings = [".yml", ".yaml", ".json", ".xml", ".env", ".conf", ".toml", ".txt"];
    host.contains('.')
        && host.split('.').all(is_name)
        && !endings.iter().any(|ending| typed.ends_with(ending))
}

/// What a file is that nobody can ask about, and what to do with it.
fn foreign(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    if let Some((_, what)) = MAGIC.iter().find(|(start, _)| bytes.starts_with(start)) {
        return Some((what, WANTED));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim_start_matches('\u{feff}').trim();
    let is_one_word = !text.contains(char::is_whitespace) || text.starts_with("Bearer ");
    match Nature::of(text) {
        Nature::Empty => Some(("empty", WANTED)),
        Nature::Html => Some(("a web page (HTML)", "save the document itself, not the page")),
        Nature::Pem => Some((
            "a PEM block",
            "a certificate is given by --cert FILE (for metadata) or --ca FILE (for servers)",
        )),
        Nature::Url => Some(("an address", "ssoctl check ADDRESS asks it")),
        Nature::Other if is_one_word && text.trim_start_matches("Bearer ").starts_with("eyJ") => {
            Some(("a token", "ssoctl decode-token FILE"))
        }
        Nature::Other if is_one_word && ["PD94", "PHNhbWw"].iter().any(|s| text.starts_with(s)) => {
            Some(("a SAML message", "ssoctl decode-assertion FILE"))
        }
        _ => None,
    }
}

/// Which document a text is, if it is one of an identity provider.
pub(super) fn saved_kind(text: &str) -> Option<Wanted> {
    match Nature::of(text) {
        Nature::Xml => Some(Wanted::Metadata),
        Nature::Json if Jwks::read(text).is_ok() => Some(Wanted::KeySet),
        Nature::Json if Discovery::read(text).is_ok_and(|one| one.issuer.is_some()) => {
            Some(Wanted::Discovery)
        }
        _ => None,
    }
}

/// Metadata up to this size is kept; beyond it, it is streamed.
const LARGEST_KEPT: u64 = 1 << 20;
/// How files begin that are no text.
const MAGIC: [(&[u8], &str); 5] = [
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\x30\x82", "a certificate or key in DER"),
];
const WANTED: &str = "give a configuration, metadata, a key set or a discovery document";
/// What is looked at to tell what a file is.
const LONGEST_HEAD: usize = 1024;
/// Documents in memory: the largest export. An aggregate is streamed.
const LARGEST: u64 = 16 << 20;
