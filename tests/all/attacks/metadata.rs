//! Trust in metadata (M02, M03, M07 to M10, M14): what a pinned key signed is handed out, and
//! nothing else of the same document.

use ssoctl::crypto::key::PublicKey;
use ssoctl::saml::dsig::Policy;
use ssoctl::saml::metadata::{Options, Streamed, stream};
use ssoctl::xml::Limits;

use super::bombs::{MOST, used};
use super::keys::{self, Hash, Method};
use super::mint::{self, ISSUER, OTHER_ISSUER, SAMLP, SIGNATURE, Signing, swap, swap_first};

#[test]
fn what_the_pinned_key_signed_as_a_whole_is_handed_out() {
    for text in [signed(&entity("_m", ISSUER, SIGNATURE), "_m"), signed(&group(""), "_g")] {
        let read = read(&text, &["idp-rsa"]);
        assert!(read.held() && faults(&read).is_empty(), "{:?}", faults(&read));
        let entity = read.metadata().expect("it is handed out").by_id(ISSUER).expect("the entity");
        assert_eq!(entity.idp.as_ref().map(|idp| idp.signing().count()), Some(1));
    }
}

#[test]
fn every_attack_on_signed_metadata_hands_out_nothing_for_its_reason() {
    for (name, text, reason) in attacks() {
        let read = read(&text, &["idp-rsa"]);
        assert!(!read.held() && read.metadata().is_none(), "{name} is handed out");
        let faults = faults(&read);
        assert!(reason.is_empty() || faults.contains(&reason), "{name}: {faults:?}");
    }
}

#[test]
fn the_signature_of_a_child_says_nothing_about_its_siblings() {
    // One entity is signed by itself, and a forged one stands beside it.
    let honest = signed(&entity("_m", ISSUER, SIGNATURE), "_m");
    let text = swap_first(&group(&honest), SIGNATURE, "");
    let read = read(&text, &["idp-rsa"]);
    assert!(!read.held() && read.metadata().is_none());
    assert!(read.unverified_metadata().by_id(ISSUER).is_some());
}

#[test]
fn no_cut_and_no_flipped_byte_of_signed_metadata_panics_or_hands_out_anything_else() {
    let text = signed(&group(""), "_g");
    let honest = read(&text, &["idp-rsa"]);
    let honest = honest.metadata().expect("it is handed out");
    let ids = |metadata: &ssoctl::saml::metadata::Metadata| -> Vec<String> {
        let entities = metadata.entities.iter();
        entities
            .map(|one| {
                format!(
                    "{} {:?}",
                    one.entity_id.value,
                    one.idp
                        .as_ref()
                        .map(|idp| idp.signing().map(|one| one.text.clone()).collect::<Vec<_>>())
                )
            })
            .collect()
    };
    let mut held = 0;
    for at in (0..text.len() - 1).step_by(7) {
        let keys = pinned(&["idp-rsa"]);
        let cut = stream(&text.as_bytes()[..at], &options(&keys));
        assert!(cut.is_err() || cut.is_ok_and(|one| one.metadata().is_none()), "cut at {at}");
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 1 << (at % 7);
        let Ok(flipped) = stream(&bytes[..], &options(&keys)) else { continue };
        if let Some(metadata) = flipped.metadata() {
            held += 1;
            assert_eq!(ids(metadata), ids(honest), "flipped at {at}");
        }
    }
    assert!(held > 0, "what KeyInfo says is not signed");
}

fn attacks() -> Vec<(&'static str, String, &'static str)> {
    let plain = entity("_m", ISSUER, SIGNATURE);
    let honest = signed(&plain, "_m");
    let attacker = Signing::new("attacker", Method::RsaSha256);
    let bare = swap_first(&plain, SIGNATURE, "");
    let signature = mint::element(&honest, "ds:Signature").to_owned();
    let extensions = |inner: &str| format!("<md:Extensions>{inner}</md:Extensions>");
    let key = mint::element(&plain, "md:KeyDescriptor").to_owned();
    let other = keys::certificate_base64("attacker");
    let own = keys::certificate_base64("idp-rsa");
    let forged_key = swap_first(&key, &own, &other);
    let weak = {
        let mut signing = Signing::new("idp-rsa", Method::RsaSha256);
        signing.digest = Hash::Sha1;
        signing.sign(&plain, "_m")
    };
    let hmac = Signing::new("idp-rsa", Method::HmacSha256).sign(&plain, "_m");
    let empty = Signing::new("idp-rsa", Method::RsaSha256).writing("URI=\"#_m\"", "URI=\"\"");
    let doubled = swap_first(&honest, &signature, &format!("{signature}{signature}"));
    vec![
        ("M01-unsigned", bare, ""),
        (
            "M02-changed",
            swap_first(&honest, "idp.corp.test/sso", "evil.test/sso"),
            "sig-digest-mismatch",
        ),
        ("M02-key-exchanged", swap_first(&honest, &key, &forged_key), "sig-digest-mismatch"),
        (
            "M02-key-added",
            swap_first(&honest, &key, &format!("{forged_key}{key}")),
            "sig-digest-mismatch",
        ),
        (
            "M02-wrapped",
            swap_first(
                &entity("_evil", ISSUER, &signature),
                "<md:IDPSSO",
                &format!("{}<md:IDPSSO", extensions(&swap_first(&honest, &signature, ""))),
            ),
            "sig-coverage",
        ),
        (
            "M02-in-group",
            swap_first(&group(&swap_first(&honest, &signature, "")), SIGNATURE, &signature),
            "sig-coverage",
        ),
        (
            "M02-same-id",
            swap_first(&group(&honest), SIGNATURE, &signature).replace("ID=\"_g\"", "ID=\"_m\""),
            "",
        ),
        (
            "M02-behind",
            swap_first(
                &swap_first(&honest, &signature, ""),
                "</md:EntityDescriptor>",
                &format!("{signature}</md:EntityDescriptor>"),
            ),
            "",
        ),
        ("M02-twice", doubled, ""),
        ("M02-nothing", swap(&honest, "URI=\"#_m\"", "URI=\"#_n\""), ""),
        ("M02-whole", empty.sign(&plain, "_m"), "sig-reference-uri"),
        ("M03-own-key", attacker.sign(&plain, "_m"), "sig-key-untrusted"),
        (
            "M03-own-key-forged",
            attacker.sign(&swap(&plain, "idp.corp.test/sso", "evil.test/sso"), "_m"),
            "sig-key-untrusted",
        ),
        ("M03-hmac", hmac, "sig-hmac"),
        ("M03-weak-digest", weak, "sig-algorithm-weak"),
    ]
}

#[test]
fn bytes_around_signed_metadata_are_refused() {
    let honest = signed(&entity("_m", ISSUER, SIGNATURE), "_m");
    let keys = pinned(&["idp-rsa"]);
    for text in [
        format!("{honest}{}", entity("_evil", OTHER_ISSUER, "")),
        format!("{honest}x"),
        format!("<!DOCTYPE a>{honest}"),
        format!("<?xml version=\"1.1\"?>{honest}"),
    ] {
        assert!(stream(text.as_bytes(), &options(&keys)).is_err());
    }
    assert!(stream(format!("{honest}\n<!-- x -->").as_bytes(), &options(&keys)).is_ok());
}

#[test]
fn keys_are_those_that_the_metadata_gives_for_signing() {
    let count = |text: &str| {
        let keys = pinned(&[]);
        let read = stream(text.as_bytes(), &options(&keys)).expect("metadata");
        let entity = read.metadata().expect("nothing is pinned").by_id(ISSUER).cloned();
        entity.and_then(|one| one.idp).map_or(0, |idp| {
            idp.signing()
                .filter(|one| {
                    one.der().is_some_and(|der| PublicKey::from_certificate(&der).is_ok())
                })
                .count()
        })
    };
    let plain = entity("_m", ISSUER, "");
    let key = mint::element(&plain, "md:KeyDescriptor").to_owned();
    let with = |to: &str| swap_first(&plain, &key, to);
    let unnamed = key.replace(" use=\"signing\"", "");
    let encryption = key.replace("\"signing\"", "\"encryption\"");
    let next = key
        .replace(&keys::certificate_base64("idp-rsa"), &keys::certificate_base64("idp-rsa-next"));
    let broken = key.replace(&keys::certificate_base64("idp-rsa"), "AAAA");
    assert_eq!(count(&plain), 1);
    assert_eq!(count(&with(&unnamed)), 1, "a key of no use is for every use");
    assert_eq!(count(&with(&encryption)), 0);
    assert_eq!(count(&with(&format!("{key}{next}"))), 2);
    assert_eq!(count(&with(&format!("{broken}{key}"))), 1);
    assert_eq!(count(&with(&broken)), 0);
    assert_eq!(count(&with("")), 0);
}

#[test]
fn a_megabyte_of_anything_in_metadata_is_read_or_refused_within_its_time() {
    let mut slow = Vec::new();
    for (name, text) in bombs() {
        let start = used();
        let keys = pinned(&["idp-rsa"]);
        let read = stream(text.as_bytes(), &options(&keys));
        assert!(read.is_err() || read.is_ok_and(|one| one.metadata().is_none()), "{name}");
        let keys = pinned(&[]);
        let read = stream(text.as_bytes(), &options(&keys));
        let is_read = read.is_ok();
        let spent = used().saturating_sub(start);
        if spent > MOST || is_read == REFUSED.contains(&name) {
            slow.push(format!("{name}: {} ms, read: {is_read}", spent.as_millis()));
        }
    }
    assert!(slow.is_empty(), "{}", slow.join("\n"));
}

/// Of those nothing is read at all.
const REFUSED: [&str; 4] = ["attributes", "depth", "entities", "namespaces"];

fn bombs() -> Vec<(&'static str, String)> {
    let plain = entity("_m", ISSUER, "");
    let with = |from: &str, to: &str| swap_first(&plain, from, to);
    let numbered = |count: usize, one: fn(usize) -> String| (0..count).map(one).collect::<String>();
    let many = |entities: String| {
        let other = entity("_other", OTHER_ISSUER, "");
        let other = swap_first(&other, " xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"", "");
        swap_first(&group("").replace(SIGNATURE, ""), &other, &entities)
    };
    let role = "<md:IDPSSODescriptor ";
    let service = "<md:SingleSignOnService ";
    let distinct = numbered(15_000, |at| {
        format!("<md:EntityDescriptor ID=\"i{at}\" entityID=\"https://{at}.test\"/>")
    });
    let same = "<md:EntityDescriptor entityID=\"https://a.test\"/>".repeat(18_000);
    let keys = "<md:KeyDescriptor/>".repeat(40_000);
    let formats = numbered(15_000, |at| format!("<md:NameIDFormat>urn:x:{at}</md:NameIDFormat>"));
    let services = numbered(12_000, |at| {
        format!("<md:SingleSignOnService Binding=\"urn:{at}\" Location=\"https://{at}.test\"/>")
    });
    let signatures = format!("<ds:Signature xmlns:ds=\"{}\"/>", mint::DS).repeat(15_000);
    let unknown = "<x/>".repeat(200_000);
    let wide = numbered(60_000, |at| format!(" a{at}=\"\""));
    let spaces = numbered(30_000, |at| format!(" xmlns:n{at}=\"urn:{at}\""));
    let laughs = format!("<!DOCTYPE a [<!ENTITY e \"{}\">]>", "x".repeat(500_000));
    vec![
        ("attributes", with(role, &format!("<md:IDPSSODescriptor{wide} "))),
        ("depth", with(role, &format!("{}{role}", "<a>".repeat(300_000)))),
        ("distinct", many(distinct)),
        ("entities", format!("{laughs}{plain}")),
        ("formats", with(service, &format!("{formats}{service}"))),
        ("keys", with("<md:KeyDescriptor ", &format!("{keys}<md:KeyDescriptor "))),
        ("namespaces", with(role, &format!("<md:IDPSSODescriptor{spaces} "))),
        ("same", many(same)),
        ("services", with(service, &format!("{services}{service}"))),
        ("signatures", with(role, &format!("{signatures}{role}"))),
        ("unknown", with(role, &format!("{unknown}{role}"))),
    ]
}

fn entity(id: &str, name: &str, signature: &str) -> String {
    let certificate = keys::certificate_base64("idp-rsa");
    format!(
        "<md:EntityDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"{id}\" \
         entityID=\"{name}\">{signature}<md:IDPSSODescriptor protocolSupportEnumeration=\"{SAMLP}\">\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo xmlns:ds=\"{}\"><ds:X509Data>\
         <ds:X509Certificate>{certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>\
         </md:KeyDescriptor><md:SingleSignOnService \
         Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" \
         Location=\"https://idp.corp.test/sso\"></md:SingleSignOnService></md:IDPSSODescriptor>\
         </md:EntityDescriptor>",
        mint::DS
    )
}

/// Two entities in a group with a place for its signature; the first may be given.
fn group(first: &str) -> String {
    let own = entity("_m", ISSUER, "");
    let first = if first.is_empty() { &own } else { first };
    // Below the group the prefix is declared already.
    let below =
        |text: &str| text.replacen(" xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\"", "", 1);
    format!(
        "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_g\">\
         {SIGNATURE}{}{}</md:EntitiesDescriptor>",
        below(first),
        below(&entity("_other", OTHER_ISSUER, ""))
    )
}

fn signed(text: &str, id: &str) -> String {
    Signing::new("idp-rsa", Method::RsaSha256).sign(text, id)
}

fn read(text: &str, names: &[&str]) -> Streamed {
    let keys = pinned(names);
    stream(text.as_bytes(), &options(&keys)).unwrap_or_else(|error| panic!("{error:?}:\n{text}"))
}

fn faults(read: &Streamed) -> Vec<&'static str> {
    read.faults().iter().map(|fault| fault.rule().name).collect()
}

fn pinned(names: &[&str]) -> Vec<PublicKey> {
    let key = |name: &&str| PublicKey::from_certificate(&keys::certificate_der(name));
    names.iter().map(|name| key(name).expect("a key")).collect()
}

fn options(keys: &[PublicKey]) -> Options<'_> {
    let policy = Policy { allows_sha1: false, limits: Limits::STREAM };
    Options { name: "idp.xml", limits: Limits::STREAM, wanted: Some(ISSUER), keys, policy }
}
