//! `ssoctl sp-metadata`: sound documents, honest notes, and keys that are never replaced.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use ssoctl::saml::metadata;
use ssoctl::xml::Limits;

use crate::run::{Run, ssoctl, write};

/// A run for CVAT with more arguments.
fn cvat(more: &[&str]) -> Run {
    let known = ["sp-metadata", "--app", "cvat", "--provider", "okta", "--base-url", BASE];
    ssoctl(&[&known, more].concat())
}

/// A run from flags alone with more arguments.
fn plain(more: &[&str]) -> Run {
    let known =
        ["sp-metadata", "--entity-id", "urn:acme:app", "--acs", "https://app.acme.test/acs"];
    ssoctl(&[&known, more].concat())
}

/// A key made in a folder, with the run that made it.
fn made(folder: &Path, more: &[&str]) -> (String, Run) {
    let key = folder.join("sp.key").to_str().expect("UTF-8").to_owned();
    let run = plain(&[&["--generate-key", &key], more].concat());
    (key, run)
}

#[test]
fn the_applications_addresses_are_what_the_document_says() {
    let run = cvat(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let read = metadata::read(&run.stdout, Limits::default()).expect("metadata");
    let entity = read.by_id(&format!("{BASE}/api/auth/saml/okta/metadata/")).expect("the entity");
    let role = entity.sp.as_ref().expect("a service provider");
    assert_eq!(role.acs[0].location.value, format!("{BASE}/api/auth/saml/okta/acs/"));
    assert_eq!(role.slo[0].location.value, format!("{BASE}/api/auth/saml/okta/sls/"));
    assert!(run.stdout.contains("AuthnRequestsSigned=\"false\""));
}

#[test]
fn the_mapping_becomes_requested_attributes() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("auth_config.yml");
    write(&path, CONFIG.as_bytes(), 0o600);
    let config = path.to_str().expect("UTF-8");
    let run = ssoctl(&["sp-metadata", "--config", config, "--base-url", BASE]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stdout.contains("/saml/okta-saml/acs/"), "{}", run.stdout);
    assert!(run.stdout.contains("Name=\"mail\""), "{}", run.stdout);
    assert!(run.stdout.contains("FriendlyName=\"email\" isRequired=\"true\""), "{}", run.stdout);
}

#[test]
fn elements_stand_in_the_order_of_the_schema() {
    let more = ["--slo", "https://app.acme.test/slo", "--organization", "Acme|https://acme.test"];
    let run = plain(&[&more[..], &["--name-id-format", "persistent"], &CONTACT].concat());
    let places: Vec<usize> = ORDER.iter().filter_map(|name| run.stdout.find(name)).collect();
    assert_eq!(places.len(), ORDER.len(), "{}", run.stdout);
    assert!(places.is_sorted(), "{}", run.stdout);
}

#[test]
fn a_made_key_is_private_and_neither_file_is_ever_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, run) = made(folder.path(), &[]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let mode = fs::metadata(&key).expect("a key").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let before = fs::read(&key).expect("a key");
    let (_, again) = made(folder.path(), &[]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("a key is never replaced"), "{}", again.stderr);
    assert_eq!(fs::read(&key).expect("a key"), before);
    fs::remove_file(&key).expect("removed");
    let (_, beside) = made(folder.path(), &[]);
    assert_eq!(beside.code, 2, "the certificate still stands there");
    assert!(!Path::new(&key).exists(), "nothing is written halfway");
}

#[test]
fn a_certificate_that_replaced_metadata_loses_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, _) = made(folder.path(), &[]);
    let certificate = key.replace(".key", ".crt");
    let file = folder.path().join("sp.xml");
    let file = file.to_str().expect("UTF-8");
    let first = plain(&["-o", file, "--signing-cert", &certificate]);
    assert_eq!((first.code, first.stderr.as_str()), (0, format!("wrote {file}\n").as_str()));
    let same = plain(&["-o", file, "--signing-cert", &certificate]);
    assert!(!same.stderr.contains("warning"), "{}", same.stderr);
    let without = plain(&["-o", file]);
    assert!(without.stderr.contains("held a certificate that the new metadata does not"));
}

#[test]
fn only_what_is_missing_is_asked_for() {
    let hint = |arguments: &[&str]| {
        let run = ssoctl(&[&["sp-metadata"], arguments].concat());
        assert_eq!(run.code, 2, "{arguments:?}");
        run.stderr
    };
    let named = hint(&["--app", "cvat", "--provider", "okta"]);
    assert!(named.contains("give --base-url, or --entity-id"), "{named}");
    let based = hint(&["--app", "cvat", "--base-url", BASE]);
    assert!(based.contains("give --provider, or --entity-id"), "{based}");
    let token = hint(&["--app", "label-studio", "--base-url", BASE]);
    assert!(token.contains("--provider: the organization's token"), "{token}");
    let neither = hint(&["--app", "cvat"]);
    assert!(neither.contains("give --provider and --base-url"), "{neither}");
}

#[test]
fn a_link_where_the_key_would_go_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let elsewhere = folder.path().join("elsewhere");
    std::os::unix::fs::symlink(&elsewhere, folder.path().join("sp.key")).expect("a link");
    let (_, run) = made(folder.path(), &[]);
    assert_eq!(run.code, 2);
    assert!(!elsewhere.exists());
}

#[test]
fn a_signature_comes_first_and_the_key_is_shown_nowhere() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("sp.key");
    let (key, run) = made(folder.path(), &["--sign-key", path.to_str().expect("UTF-8")]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let signature = run.stdout.find("<ds:Signature>").expect("a signature");
    assert!(signature < run.stdout.find("<md:SPSSODescriptor").expect("a role"));
    let secret = fs::read_to_string(key).expect("a key");
    for line in secret.lines().filter(|line| line.len() > 20 && !line.starts_with('-')) {
        assert!(!run.stdout.contains(line) && !run.stderr.contains(line));
    }
}

#[test]
fn files_that_are_something_else_are_named_as_what_they_are() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, _) = made(folder.path(), &[]);
    let certificate = key.replace(".key", ".crt");
    let says = |more: &[&str], words: &str| {
        let run = plain(more);
        assert_eq!(run.code, 2, "{more:?}");
        assert!(run.stderr.contains(words), "{more:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{more:?}");
    };
    says(&["--signing-cert", &key], "is a private key");
    says(&["--sign-key", &certificate], "certificate");
    says(&["--acs", "/acs"], "a whole URL");
    says(
        &["--acs", "https://app.acme.test/acs?x=1&SAMLResponse=a"],
        "already carries SAMLResponse",
    );
    says(&["--valid-until", "2020-01-01"], "not to come");
    let nameless = cvat(&["--entity-id", ""]);
    assert!(nameless.code == 2 && nameless.stderr.contains("an identifier"), "{nameless:?}");
    let other = tempfile::tempdir().expect("a folder");
    let (stranger, _) = made(other.path(), &[]);
    says(&["--signing-cert", &certificate, "--sign-key", &stranger], "belongs to none");
}

#[test]
fn what_cvat_cannot_do_with_certificates_is_said() {
    let folder = tempfile::tempdir().expect("a folder");
    let (key, _) = made(folder.path(), &[]);
    let certificate = key.replace(".key", ".crt");
    let run = cvat(&["--signing-cert", &certificate, "--encryption-cert", &certificate]);
    assert_eq!(run.code, 0);
    assert!(run.stderr.contains("CVAT signs no requests"), "{}", run.stderr);
    assert!(run.stderr.contains("CVAT cannot decrypt"), "{}", run.stderr);
    let quiet = plain(&["--signing-cert", &certificate, "--encryption-cert", &certificate]);
    assert_eq!(quiet.stderr, "");
}

const BASE: &str = "https://cvat.acme.test";
const CONTACT: [&str; 2] = ["--contact", "technical:Ops:ops@acme.test"];
const ORDER: [&str; 5] = [
    "<md:SingleLogoutService",
    "<md:NameIDFormat",
    "<md:AssertionConsumerService",
    "<md:Organization>",
    "<md:ContactPerson",
];
const CONFIG: &str = "\
sso:
  enabled: true
  selection_mode: email_address
  identity_providers:
    - id: okta-saml
      name: Acme staff
      protocol: SAML
      entity_id: http://www.okta.com/exk1
      metadata_url: https://acme.okta.com/app/exk1/sso/saml/metadata
      email_domain: acme.test
      attribute_mapping:
        uid: uid
        email: mail
";
