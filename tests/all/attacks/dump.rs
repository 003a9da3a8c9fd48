//! The corpus as files, for other programs.

use std::fs;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use ssoctl::libraries::{pysaml2, python3_saml};
use ssoctl::saml::binding::{self, Options};

use super::case::Case;
use super::{keys, mutators, product};

/// Writes one line of JSON for each plain message signed by the RSA key: the message, how it is
/// judged, and what the product says by itself and with the eyes of each library.
///
/// `CORPUS_FILE=corpus.jsonl cargo test --test all -- --ignored the_corpus_is_written`, then
/// `python3 tests/peers/compare_saml.py corpus.jsonl`.
#[test]
#[ignore = "writes a file for tests/peers/compare_saml.py"]
fn the_corpus_is_written_for_other_programs() {
    let target = concat!(env!("CARGO_MANIFEST_DIR"), "/target/corpus.jsonl");
    let file = std::env::var_os("CORPUS_FILE").map_or_else(|| PathBuf::from(target), PathBuf::from);
    let allauth = python3_saml::policy("CVAT", false);
    let switches = pysaml2::Switches::default();
    let enterprise = pysaml2::policy("Label Studio", switches);
    let mut lines = String::new();
    // How a message travels is not asked of them.
    let is_taken = |case: &&Case| case.name.ends_with("-rsa") && !case.name.starts_with('B');
    for case in mutators::cases().iter().filter(is_taken) {
        let settings = &case.settings;
        let strict = product::judge(&case.bytes, settings);
        let python3_saml = product::judge_by(&case.bytes, settings, &allauth);
        let pysaml2 = product::judge_by(&case.bytes, settings, &enterprise);
        let certificates: Vec<String> =
            settings.certificates.iter().map(|name| keys::certificate_base64(name)).collect();
        let line = json!({
            "name": case.name,
            "message": STANDARD.encode(carried(&case.bytes)),
            "certificates": certificates,
            "issuer": settings.issuer,
            "audience": settings.audience,
            "acs": settings.acs,
            "request": settings.request,
            "at": settings.at,
            "flags": settings.flags,
            "strict": [strict.class, strict.reasons],
            "python3_saml": [python3_saml.class, python3_saml.reasons],
            "pysaml2": [pysaml2.class, pysaml2.reasons],
        });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    fs::write(&file, lines).expect("written");
}

/// The XML that a form or an address carries: libraries get it from the application's web framework.
/// What carries none goes to them as it is.
fn carried(bytes: &[u8]) -> Vec<u8> {
    match binding::read(bytes, &Options::default()) {
        Ok(received) if received.signature.is_some() => received.xml.into_bytes(),
        _ => bytes.to_vec(),
    }
}
