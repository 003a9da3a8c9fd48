//! Encrypted tokens (RFC 7516), around a signed one.

use secrecy::ExposeSecret as _;

use crate::crypto::digest::Hash;
use crate::crypto::encryption::{KeyTransport, unwrap_key};
use crate::crypto::jose::{Content, Sealed, open};
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::compact::Encrypted;
use crate::oidc::jwt::expectation::Expectation;
use crate::oidc::jwt::ledger::{Ledger, beginning};
use crate::oidc::jwt::object::Object;
use crate::problem::Problem;
use crate::saml::cards::{bind, enc};
use crate::source::printable;
use crate::verdict::Weight;

/// How a token was encrypted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encryption {
    /// What wraps the key of the content, as its header says.
    pub key_transport: Option<String>,
    /// What encrypts the content, as its header says.
    pub content: Option<String>,
    /// Whether it was decrypted.
    pub is_open: bool,
}

impl Encryption {
    /// What a header says of it.
    pub(super) fn of(header: &Object) -> Self {
        let text = |name: &str| header.text(name).map(str::to_owned);
        Self { key_transport: text("alg"), content: text("enc"), is_open: false }
    }
}

/// The content of an encrypted token; none where something keeps it from being read.
pub(super) fn decrypt(
    token: &Encrypted<'_>,
    header: &Object,
    expectation: &Expectation,
    ledger: &mut Ledger,
) -> Option<Vec<u8>> {
    let transport = transport(header, expectation, ledger);
    let content = content(header, ledger);
    let is_plain = is_plain(header, ledger);
    let (transport, content) = (transport?, content?);
    if !is_plain {
        return None;
    }
    if expectation.decryption_keys.is_empty() {
        let problem = Problem::new(
            "the token is encrypted, and no private key is at hand",
            beginning(&header.source),
        )
        .remedy("--key FILE with the private key of the client");
        ledger.add(&enc::KEY_MISSING, Weight::Undecided, problem);
        return None;
    }
    let parts = Sealed {
        initial: &token.initial,
        beside: token.beside.as_bytes(),
        text: &token.text,
        tag: &token.tag,
    };
    let keys = expectation.decryption_keys.iter().take(MOST_KEYS);
    let found = keys
        .filter_map(|key| unwrap_key(&transport, key, &token.key).ok())
        .find_map(|key| open(content, key.expose_secret(), parts).ok());
    if found.is_none() {
        // One message for everything that can be wrong: more would help whoever probes.
        let problem = Problem::new("the token cannot be decrypted", beginning(&header.source))
            .why("it was encrypted for another key, or was changed")
            .remedy("--key FILE with the private key of the key that the provider encrypts to");
        let problem = match header.text("kid") {
            Some(kid) => problem.note(format!("its header names the key {}", printable(kid))),
            None => problem,
        };
        ledger.reject(&enc::FAILED, problem);
    }
    found
}

fn transport(
    header: &Object,
    expectation: &Expectation,
    ledger: &mut Ledger,
) -> Option<KeyTransport> {
    let name = header.text("alg").unwrap_or_default();
    let oaep = |hash| Some(KeyTransport::Oaep { digest: hash, mgf: hash, label: None });
    let refused = |what: String, why: &str| {
        Problem::new(what, header.place("alg")).why(why).remedy(
            "encrypt to the client's RSA key with RSA-OAEP-256, or leave the encryption off",
        )
    };
    match name {
        "RSA-OAEP" => return oaep(Hash::Sha1),
        "RSA-OAEP-256" => return oaep(Hash::Sha256),
        "RSA-OAEP-384" => return oaep(Hash::Sha384),
        "RSA-OAEP-512" => return oaep(Hash::Sha512),
        "RSA1_5" if expectation.allows_rsa15 => {
            let problem =
                Problem::new("the key of the content is wrapped with RSA1_5", header.place("alg"))
                    .why("answers about such texts tell attackers what is in them");
            ledger.add(&enc::KEYTRANSPORT, Weight::Warning, problem);
            return Some(KeyTransport::Pkcs1v15);
        }
        "RSA1_5" => {
            let why = "answers about such texts tell attackers what is in them";
            let problem = refused("the key of the content is wrapped with RSA1_5".to_owned(), why)
                .note("--allow-rsa15 decrypts it all the same");
            ledger.reject(&enc::KEYTRANSPORT, problem);
        }
        name => {
            let why = match name {
                _ if name.starts_with("PBES2") => {
                    "a password can be guessed, and its number of rounds exhausts whoever tries"
                }
                "dir" => "everybody who may read such tokens could make them",
                _ => "it is not known here",
            };
            let shown = if name.is_empty() { "missing" } else { name };
            let problem = refused(format!("the key is encrypted with {}", printable(shown)), why);
            ledger.reject(&enc::ALGORITHM, problem);
        }
    }
    None
}

fn content(header: &Object, ledger: &mut Ledger) -> Option<Content> {
    let name = header.text("enc").unwrap_or_default();
    let found = Content::ALL.into_iter().find(|content| content.name() == name);
    if found.is_none() {
        let shown = if name.is_empty() { "nothing that is named" } else { name };
        let message = format!("the content is encrypted with {}", printable(shown));
        let names: Vec<&str> = Content::ALL.into_iter().map(Content::name).collect();
        let problem = Problem::new(message, header.place("enc"))
            .remedy(format!("one of {}", names.join(", ")));
        ledger.reject(&enc::ALGORITHM, problem);
    }
    found
}

/// Whether nothing else has to be done with the content: it is not compressed, and the header
/// demands no extension.
fn is_plain(header: &Object, ledger: &mut Ledger) -> bool {
    let is_compressed = header.members.contains_key("zip");
    if is_compressed {
        let problem = Problem::new("the content is compressed (zip)", header.place("zip"))
            .why("a small token could grow past all measure, so none is inflated")
            .remedy("leave zip off at the provider");
        ledger.add(&bind::BIND_INFLATE_LIMIT, Weight::Limit, problem);
    }
    let demands = header.members.contains_key("crit");
    if demands {
        let problem =
            Problem::new("the outer header demands extensions (crit)", header.place("crit"))
                .why("a reader that does not know an extension must refuse the token");
        ledger.reject(&cards::CRIT, problem);
    }
    !is_compressed && !demands
}

const MOST_KEYS: usize = 8;
