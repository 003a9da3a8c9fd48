//! Captured documents: metadata, discovery, key sets, exports.

use std::fs;
use std::path::PathBuf;

use ssoctl::exports::{
    self, Carrier, Export, GroupTest, Matching, Unrecognised, UnrecognisedKind, Use, is_sha1,
};
use ssoctl::model::Protocol;
use ssoctl::oidc::discovery::Discovery;
use ssoctl::oidc::jwks::Jwks;
use ssoctl::oidc::{Instead, UnreadableKind as OidcKind};
use ssoctl::saml::metadata::{self, Certificate, Entity, Metadata, UnreadableKind};
use ssoctl::source::Span;
use ssoctl::syntax::json::{self, Departure, JsonErrorKind};
use ssoctl::syntax::nature::Nature;
use ssoctl::xml::{LimitKind, Limits, XmlError, XmlErrorKind};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/documents")
}

fn document(name: &str) -> String {
    fs::read_to_string(folder().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn all(name: &str) -> Vec<String> {
    let files = fs::read_dir(folder().join(name)).expect("a folder");
    let paths = files.map(|entry| entry.expect("an entry").path());
    paths.map(|path| fs::read_to_string(path).expect("a file")).collect()
}

fn metadata_of(text: &str) -> Metadata {
    metadata::read(text, Limits::default()).unwrap_or_else(|error| panic!("{error}"))
}

fn only(metadata: &Metadata) -> &Entity {
    assert_eq!(metadata.entities.len(), 1);
    &metadata.entities[0]
}

fn refusal(text: &str) -> (UnreadableKind, Span) {
    let error = metadata::read(text, Limits::default()).expect_err("it is no metadata");
    (error.kind, error.span)
}

fn written(text: &str, span: Span) -> &str {
    &text[span.range()]
}

fn instant(text: &str) -> jiff::Timestamp {
    text.parse().expect("an instant")
}

// --- metadata ---

#[test]
fn endpoints_keys_and_formats_of_an_identity_provider_are_read_with_their_places() {
    let text = document("metadata/keycloak.xml");
    let metadata = metadata_of(&text);
    let entity = only(&metadata);
    assert_eq!(entity.entity_id.value, "https://sso.acme.test/realms/staff");
    assert_eq!(written(&text, entity.entity_id.span), "https://sso.acme.test/realms/staff");
    let idp = entity.idp.as_ref().expect("an identity provider");
    assert!(idp.speaks_saml2 && !entity.is_sp() && !entity.has_signature);
    assert_eq!((idp.sso.len(), idp.slo.len(), idp.keys.len()), (3, 2, 1));
    let wants = idp.want_authn_requests_signed.as_ref().expect("it says so");
    assert!(wants.value);
    assert_eq!(written(&text, wants.span), "true");
    let endpoint = entity.redirect_sso().expect("it has one");
    assert_eq!(endpoint.location.value, "https://sso.acme.test/realms/staff/protocol/saml");
    assert!(written(&text, endpoint.span).starts_with("<md:SingleSignOnService Binding="));
    assert!(written(&text, endpoint.span).ends_with("/>"));
    let format = &idp.name_id_formats[1];
    assert_eq!(format.value, "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress");
    assert_eq!(written(&text, format.span), format.value);
    let certificate = idp.signing().next().expect("it has one");
    assert_eq!(written(&text, certificate.span), certificate.text);
    let read = certificate.read().expect("a certificate");
    assert_eq!(read.not_after, instant("2030-11-24T00:00:00Z"));
}

#[test]
fn only_keys_of_the_identity_provider_role_that_sign_count() {
    let text = document("metadata/adfs.xml");
    let metadata = metadata_of(&text);
    let entity = only(&metadata);
    assert!(entity.has_signature && entity.is_sp());
    let idp = entity.idp.as_ref().expect("an identity provider");
    let certificates: Vec<_> = idp.signing().collect();
    assert_eq!(idp.keys.len(), 3);
    assert_eq!(certificates.len(), 2);
    assert!(certificates.iter().all(|certificate| certificate.read().is_some()));
    assert_eq!(written(&text, certificates[0].span), certificates[0].text);
    assert!(certificates[0].text.contains('\n'));
    let names: Vec<&str> = idp.attributes.iter().map(|name| name.value.as_str()).collect();
    let email = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";
    assert_eq!(names, [email, "http://schemas.xmlsoap.org/claims/Group"]);
    assert_eq!(entity.sp.as_ref().expect("also an application").acs.len(), 1);
}

#[test]
fn an_expired_certificate_and_a_missing_binding_can_be_seen() {
    let metadata = metadata_of(&document("metadata/okta-expired-certificate.xml"));
    let idp = only(&metadata).idp.as_ref().expect("an identity provider");
    let read = idp.signing().next().and_then(Certificate::read);
    assert_eq!(read.expect("a certificate").not_after, instant("2025-11-24T00:00:00Z"));
    let metadata = metadata_of(&document("metadata/okta-post-only.xml"));
    assert!(only(&metadata).redirect_sso().is_none());
    assert!(only(&metadata).sso(metadata::POST).is_some());
    let metadata = metadata_of(&document("metadata/okta.xml"));
    assert!(only(&metadata).redirect_sso().is_some());
    assert!(only(&metadata).valid_until().is_none());
}

#[test]
fn validity_ends_with_the_first_end_around_an_entity() {
    let text = document("metadata/okta-past-valid-until.xml");
    let metadata = metadata_of(&text);
    let end = only(&metadata).valid_until().expect("it has one");
    assert_eq!(end.instant, Some(instant("2026-05-24T12:00:00Z")));
    assert_eq!(written(&text, end.span), "2026-05-24T12:00:00Z");
    let metadata = metadata_of(&document("metadata/aggregate.xml"));
    let ends = metadata.entities.iter().map(|entity| entity.valid_until().expect("one").instant);
    let expected = ["2026-12-24T00:00:00Z", "2026-11-30T00:00:00Z", "2026-12-24T00:00:00Z"];
    assert!(ends.eq(expected.map(|text| Some(instant(text)))));
}

#[test]
fn entities_of_nested_groups_are_read_whatever_the_prefix() {
    let text = document("metadata/aggregate.xml");
    let metadata = metadata_of(&text);
    let ids: Vec<&str> =
        metadata.entities.iter().map(|entity| entity.entity_id.value.as_str()).collect();
    let expected = [
        "https://one.acme.test/idp",
        "https://two.acme.test/idp",
        "https://label.corp.test/saml/sp",
    ];
    assert_eq!(ids, expected);
    assert_eq!(metadata.identity_providers().count(), 2);
    assert!(!metadata.is_of_service_providers());
    let one = metadata.by_id("https://one.acme.test/idp").expect("it is there");
    let endpoint = one.redirect_sso().expect("of the role that speaks SAML 2.0");
    assert_eq!(endpoint.location.value, "https://one.acme.test/sso?a=1&b=2");
    assert_eq!(written(&text, endpoint.location.span), "https://one.acme.test/sso?a=1&amp;b=2");
    assert!(metadata.by_id("https://one.acme.test/idp/").is_none());
}

#[test]
fn metadata_of_an_application_is_told_from_that_of_a_provider() {
    let metadata = metadata_of(&document("metadata/service-provider.xml"));
    assert!(metadata.is_of_service_providers());
    let sp = only(&metadata).sp.as_ref().expect("an application");
    assert_eq!(sp.acs[0].location.value, "https://cvat.acme.test/api/auth/saml/acme/acs/");
    assert!(sp.want_assertions_signed.as_ref().is_some_and(|wants| wants.value));
}

#[test]
fn what_is_no_metadata_is_called_what_it_is() {
    let nature = |text: &str| refusal(text).0;
    assert_eq!(nature(&document("metadata/login-page.html")), UnreadableKind::Nature(Nature::Html));
    assert_eq!(nature(&document("discovery/okta-org.json")), UnreadableKind::Nature(Nature::Json));
    assert_eq!(nature(""), UnreadableKind::Nature(Nature::Empty));
    assert_eq!(nature("https://acme.test/x"), UnreadableKind::Nature(Nature::Url));
    assert_eq!(nature("-----BEGIN CERTIFICATE-----"), UnreadableKind::Nature(Nature::Pem));
    assert_eq!(nature(&document("metadata/doctype.xml")), UnreadableKind::Xml(XmlErrorKind::Dtd));
    for (text, root) in [
        (document("metadata/response.xml"), "Response"),
        ("<EntityDescriptor entityID='a'/>".to_owned(), "EntityDescriptor"),
        ("<a xmlns='urn:oasis:names:tc:SAML:2.0:metadata'/>".to_owned(), "a"),
    ] {
        let UnreadableKind::Root(name) = nature(&text) else { panic!("{text}") };
        assert_eq!(name.local, root);
    }
}

#[test]
fn what_is_not_well_formed_is_refused_where_it_is() {
    const OPEN: &str =
        "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='a'>";
    const CLOSE: &str = "</EntityDescriptor>";
    for (inside, at, rule) in [
        ("<a", 1, "xml-not-well-formed"),
        ("<a>", 3, "xml-not-well-formed"),
        ("</b>", 0, "xml-not-well-formed"),
        ("<b:a/>", 1, "xml-namespace"),
        ("<a b='1'c='2'/>", 8, "xml-not-well-formed"),
        ("<a b=1/>", 5, "xml-not-well-formed"),
        ("<a b/>", 4, "xml-not-well-formed"),
        ("<a b='1' b='2'/>", 0, "xml-attribute-duplicate"),
        ("<a xmlns:p='x' xmlns:q='x' p:b='1' q:b='2'/>", 0, "xml-attribute-duplicate"),
        ("<a xmlns:p='x' xmlns:p='x'/>", 15, "xml-attribute-duplicate"),
        ("<a xmlns:p='http://www.w3.org/2000/xmlns/'/>", 3, "xml-namespace"),
        ("<a xmlns:xml='x'/>", 3, "xml-namespace"),
        ("<xmlns:a/>", 1, "xml-namespace"),
        ("<:a/>", 1, "xml-namespace"),
        ("<a xmlns:p=''/>", 3, "xml-namespace"),
        ("<a xmlns:xmlns='x'/>", 3, "xml-namespace"),
        ("<a b='<'/>", 6, "xml-not-well-formed"),
        ("<a b='&x;'/>", 6, "xml-not-well-formed"),
        ("<a b='& '/>", 6, "xml-not-well-formed"),
        ("<1/>", 1, "xml-not-well-formed"),
        ("<a:b:c/>", 1, "xml-namespace"),
        ("&nbsp;", 0, "xml-not-well-formed"),
        ("&#1;", 0, "xml-char"),
        ("&#x110000;", 0, "xml-char"),
        ("&#xFFFE;", 0, "xml-char"),
        ("a & b", 2, "xml-not-well-formed"),
        ("]]>", 0, "xml-not-well-formed"),
        ("\u{1}", 0, "xml-char"),
        ("\u{ffff}", 0, "xml-char"),
        ("<?xml version='1.0'?>", 0, "xml-trailing-content"),
        ("<?a:b ?>", 0, "xml-not-well-formed"),
        ("<!-- a -- b -->", 7, "xml-not-well-formed"),
        ("<!-- a --->", 7, "xml-not-well-formed"),
        ("<![CDATA[", 0, "xml-not-well-formed"),
    ] {
        let (kind, span) = refusal(&format!("{OPEN}{inside}{CLOSE}"));
        assert_eq!(rule_of(&kind, span), rule, "{inside} {kind:?}");
        assert_eq!(span.start, OPEN.len() + at, "{inside} {kind:?}");
    }
}

#[test]
fn what_stands_around_the_root_element_is_judged() {
    const OPEN: &str =
        "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata' entityID='a'>";
    const CLOSE: &str = "</EntityDescriptor>";
    for (text, rule) in [
        (format!("{OPEN}{CLOSE}<a/>"), "xml-trailing-content"),
        (format!("{OPEN}{CLOSE}x"), "xml-trailing-content"),
        (format!("{OPEN}{CLOSE}&amp;"), "xml-trailing-content"),
        (format!("{OPEN}{CLOSE}<![CDATA[ ]]>"), "xml-trailing-content"),
        (OPEN.to_owned(), "xml-not-well-formed"),
        (format!(" <?xml version='1.0'?>{OPEN}{CLOSE}"), "xml-trailing-content"),
        (format!("\u{feff}\u{feff}{OPEN}{CLOSE}"), "xml-trailing-content"),
        (format!("<?xml version='1.1'?>{OPEN}{CLOSE}"), "xml-version"),
        (format!("<?xml version='1.0' encoding='UTF-16'?>{OPEN}{CLOSE}"), "xml-encoding"),
        (format!("<?xml encoding='UTF-8'?>{OPEN}{CLOSE}"), "xml-not-well-formed"),
        (format!("<?xml version='1.0' standalone='x'?>{OPEN}{CLOSE}"), "xml-not-well-formed"),
        ("<?xml version='1.0'?>".to_owned(), "xml-not-well-formed"),
        ("<!-- only this -->".to_owned(), "xml-not-well-formed"),
        (format!("<!DOCTYPE a>{OPEN}{CLOSE}"), "xml-doctype"),
        (format!("<!DOCTYPE a [{}", " ".repeat(2 << 20)), "xml-doctype"),
    ] {
        let (kind, span) = refusal(&text);
        let shown: String = text.chars().take(99).collect();
        assert_eq!(rule_of(&kind, span), rule, "{shown} {kind:?}");
    }
    let dtd = format!("{OPEN}<!DOCTYPE a>{CLOSE}");
    assert_eq!(refusal(&dtd).0, UnreadableKind::Xml(XmlErrorKind::Dtd));
}

/// The name of the rule that a document breaks.
fn rule_of(kind: &UnreadableKind, span: Span) -> &'static str {
    let UnreadableKind::Xml(kind) = kind else { panic!("{kind:?} is not about XML") };
    XmlError { kind: kind.clone(), span }.rule().name
}

#[test]
fn what_is_well_formed_is_read_however_odd() {
    const NAMESPACE: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
    for text in [
        format!("\u{feff}<?xml version=\"1.0\" encoding='utf-8' standalone=\"yes\" ?>\r\n<EntityDescriptor xmlns='{NAMESPACE}' entityID='a'></EntityDescriptor >\r\n<!-- - --><?pi x?>"),
        format!("<?xml version='1.0' encoding='ISO-8859-1'?><é:EntityDescriptor\n\txmlns:é = '{NAMESPACE}'\tentityID='a' xml:lang='de'/>").replace('é', "e"),
        format!("<EntityDescriptor xmlns='{NAMESPACE}' entityID='&#97;'><![CDATA[<&]]]]>&gt;</EntityDescriptor>"),
        format!("<é:EntityDescriptor xmlns:é='{NAMESPACE}' entityID='a'><x xmlns=''/></é:EntityDescriptor>"),
        format!("<EntityDescriptor xmlns='{NAMESPACE}' entityID='a' x:entityID='b' xmlns:x='x'/>"),
    ] {
        let metadata = metadata_of(&text);
        assert_eq!(only(&metadata).entity_id.value, "a", "{text}");
    }
    let encoding = format!(
        "<?xml version='1.0' encoding='ISO-8859-1'?><EntityDescriptor xmlns='{NAMESPACE}' entityID='é'/>"
    );
    let kind = UnreadableKind::Xml(XmlErrorKind::Encoding("ISO-8859-1".to_owned()));
    assert_eq!(refusal(&encoding).0, kind);
}

#[test]
fn documents_that_grow_without_end_reach_a_ceiling() {
    const OPEN: &str = "<EntityDescriptor xmlns='urn:oasis:names:tc:SAML:2.0:metadata'";
    let many =
        |piece: &dyn Fn(usize) -> String, count: usize| (0..count).map(piece).collect::<String>();
    let limit = |text: &str, limit: LimitKind| {
        let error = metadata::read(text, Limits::default()).expect_err("it is too much");
        assert!(error.is_limit());
        assert_eq!(error.kind, UnreadableKind::Xml(XmlErrorKind::Limit(limit)));
    };
    limit(&format!("{OPEN}>{}", "<a>".repeat(1_000_000)), LimitKind::Depth);
    limit(&format!("{OPEN}>{}", "<a/>".repeat(400_000)), LimitKind::Nodes);
    limit(&format!("{OPEN}{}/>", many(&|n| format!(" a{n}=''"), 100_000)), LimitKind::Attributes);
    limit(&format!("{OPEN}{}/>", many(&|n| format!(" a{n}=''"), 1_000_000)), LimitKind::Token);
    let declare = |n: usize| {
        let inside = many(&|m| format!(" xmlns:p{n}q{m}='x'"), 60);
        format!("<a{inside}>")
    };
    limit(&format!("{OPEN}>{}", many(&declare, 60)), LimitKind::Namespaces);
    limit(&format!("{OPEN} entityID='{}'/>", "x".repeat(2 << 20)), LimitKind::Token);
    limit(&format!("{OPEN} entityID='{}'/>", "x".repeat(50 << 20)), LimitKind::Bytes);
    limit(&format!("{OPEN}><!--{}--></EntityDescriptor>", "x".repeat(2 << 20)), LimitKind::Token);
}

#[test]
fn no_truncated_and_no_changed_metadata_panics() {
    for text in all("metadata") {
        for mut changed in changes(&text) {
            drop(metadata::read(&changed, Limits::default()));
            changed.truncate(0);
        }
    }
}

/// The text cut off at places throughout, and with a byte replaced at places throughout.
fn changes(text: &str) -> impl Iterator<Item = String> + '_ {
    let bytes = text.as_bytes();
    let places = (0..bytes.len()).step_by(7);
    places.enumerate().flat_map(move |(n, place)| {
        let mut changed = bytes.to_vec();
        changed[place] = REPLACEMENTS[n % REPLACEMENTS.len()];
        [&bytes[..place], &changed].map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    })
}

const REPLACEMENTS: [u8; 14] =
    [b'<', b'>', b'"', b'\'', b'&', b'!', b'?', b'/', b'[', b'{', b',', b' ', 0, 0xff];

// --- discovery and keys ---

#[test]
fn a_discovery_document_is_read_with_its_places() {
    let text = document("discovery/okta-org.json");
    let found = Discovery::read(&text).expect("a discovery document");
    let issuer = found.issuer.as_ref().expect("it has one");
    assert_eq!(written(&text, issuer.span), "\"https://acme.okta.com\"");
    assert!(found.offers_auth_method("client_secret_post"));
    assert!(!found.offers_auth_method("private_key_jwt"));
    assert_eq!(found.offers_code_challenge("S256"), Some(true));
    assert_eq!(found.offers_code_challenge("plain"), Some(false));
    assert_eq!(found.scopes_supported.as_ref().map(Vec::len), Some(4));
    assert!(found.misfits.is_empty());
}

#[test]
fn members_of_the_wrong_kind_are_told_and_absent_ones_have_their_default() {
    let text = document("discovery/faulty.json");
    let found = Discovery::read(&text).expect("a discovery document");
    let misfits: Vec<&str> = found.misfits.iter().map(|misfit| misfit.name).collect();
    assert_eq!(misfits, ["issuer", "scopes_supported"]);
    assert_eq!(found.issuer, None);
    assert_eq!(found.userinfo_endpoint, None);
    assert!(found.offers_auth_method("client_secret_basic"));
    assert!(!found.offers_auth_method("client_secret_post"));
    assert_eq!(found.offers_code_challenge("S256"), None);
}

#[test]
fn what_is_no_discovery_document_is_called_what_it_is() {
    let kind = |text: &str| Discovery::read(text).expect_err("it is none").kind;
    let error = Instead::Error("invalid_tenant".to_owned());
    assert_eq!(kind(&document("discovery/error.json")), OidcKind::Instead(error));
    assert_eq!(kind(&document("jwks/rsa.json")), OidcKind::Instead(Instead::Jwks));
    assert_eq!(kind("[]"), OidcKind::Instead(Instead::NoObject));
    assert_eq!(kind("{\"realm\": \"staff\"}"), OidcKind::Instead(Instead::OtherObject));
    assert_eq!(kind("<html>"), OidcKind::Nature(Nature::Html));
    assert_eq!(kind(&document("metadata/okta.xml")), OidcKind::Nature(Nature::Xml));
    assert_eq!(kind("{\"issuer\": 1,}"), OidcKind::Departure(Departure::TrailingComma));
    let deep = OidcKind::Json(JsonErrorKind::Limit(json::LimitKind::Depth));
    assert_eq!(kind(&"[".repeat(1 << 18)), deep);
}

#[test]
fn keys_are_read_and_published_private_parts_are_seen() {
    let set = Jwks::read(&document("jwks/rsa.json")).expect("a set of keys");
    assert_eq!(set.keys.len(), 2);
    assert_eq!(set.keys.iter().filter(|key| key.signs()).count(), 1);
    assert_eq!(set.keys[0].x5c.len(), 1);
    assert!(set.keys[0].key_id.as_ref().is_some_and(|id| id.value == "staff-2024"));
    assert!(set.keys.iter().all(|key| key.private_parts.is_empty()));
    let text = r#"{"keys": [{"kty": "RSA", "d": "AQAB"}, {"kty": 7}]}"#;
    let set = Jwks::read(text).expect("a set of keys");
    assert_eq!(written(text, set.keys[0].private_parts[0]), "\"AQAB\"");
    assert_eq!(set.misfits.len(), 1);
    let text = r#"{"keys": {"a": 1}}"#;
    assert_eq!(Jwks::read(text).expect("nearly").misfits[0].expected, "a list of objects");
    let discovery = Jwks::read(&document("discovery/okta-org.json")).expect_err("it is none");
    assert_eq!(discovery.kind, OidcKind::Instead(Instead::Discovery));
}

#[test]
fn no_truncated_and_no_changed_discovery_document_panics() {
    for text in all("discovery").into_iter().chain(all("jwks")) {
        for changed in changes(&text) {
            drop(Discovery::read(&changed));
            drop(Jwks::read(&changed));
        }
    }
}

// --- exports ---

fn exports_in(text: &str) -> Result<Vec<Export>, Unrecognised> {
    let json = json::read(text, &json::Options::EXPORT).expect("JSON");
    exports::read(&json.tree)
}

fn export(name: &str) -> Export {
    let mut found = exports_in(&document(name)).expect("an export");
    assert_eq!(found.len(), 1);
    found.remove(0)
}

#[test]
fn a_saml_client_of_keycloak_is_read() {
    let text = document("exports/keycloak-saml-client.json");
    let export = export("exports/keycloak-saml-client.json");
    assert_eq!((export.idp.id, export.protocol), ("keycloak", Some(Protocol::Saml)));
    assert_eq!(export.client_id, None);
    assert_eq!(export.entity_ids[0].value, "https://cvat.acme.test/api/auth/saml/acme/metadata/");
    let demand = export.demands_signed_requests.as_ref().expect("it says so");
    assert!(demand.value && demand.carries_error());
    assert_eq!(demand.path.to_string(), "attributes[\"saml.client.signature\"]");
    assert_eq!(written(&text, demand.span), "\"true\"");
    assert!(export.encrypts_assertions.as_ref().is_some_and(|encrypts| !encrypts.value));
    assert!(export.signs.response.as_ref().is_some_and(|signs| signs.value));
    assert!(export.signs.assertion.as_ref().is_some_and(|signs| !signs.value));
    assert!(!is_sha1(&export.signature_algorithm.expect("it has one").value));
    assert_eq!(export.callbacks[0].url.value, "https://cvat.acme.test/api/auth/saml/*");
    assert_eq!(export.callbacks[0].matching, Matching::Prefix);
    assert_eq!(export.callbacks[2].used_as, Use::AssertionConsumer);
    assert!(export.callbacks[0].admits("https://cvat.acme.test/api/auth/saml/other/acs/"));
    assert_eq!(export.attributes[0].sources[0].value, "email");
    assert!(export.groups[0].full_path.as_ref().is_some_and(|full| full.value));
    assert_eq!(export.groups[0].name.as_ref().expect("named").value, "member");
    assert_eq!(export.slo.len(), 1);
}

#[test]
fn every_client_of_a_realm_is_read_with_the_way_to_it() {
    let found = exports_in(&document("exports/keycloak-realm.json")).expect("a realm");
    assert_eq!(found.len(), 2);
    let clearml = &found[1];
    assert_eq!(clearml.path.to_string(), "clients[1]");
    let id = clearml.client_id.as_ref().expect("it has one");
    assert_eq!((id.value.as_str(), id.path.to_string()), ("clearml", "clients[1].clientId".into()));
    assert!(id.carries_error());
    assert!(clearml.admitting("https://clearml.acme.test/callback_keycloak").is_some());
    assert!(clearml.admitting("https://clearml.acme.test/callback_keycloak/").is_none());
    assert_eq!(clearml.pkce.as_ref().expect("demanded").value, "S256");
    assert!(!clearml.pkce.as_ref().expect("demanded").carries_error());
    assert_eq!(clearml.attribute("groups").expect("it is sent").carrier, Carrier::Token);
    assert_eq!(found[0].token_auth_method.as_ref().expect("public").value, "none");
}

#[test]
fn what_an_auth0_add_on_leaves_out_has_its_default() {
    let export = export("exports/auth0-client.json");
    assert_eq!((export.idp.id, export.protocol), ("auth0", Some(Protocol::Saml)));
    let algorithm = export.signature_algorithm.as_ref().expect("the default");
    assert!(is_sha1(&algorithm.value) && algorithm.is_default && algorithm.carries_error());
    assert_eq!(algorithm.path.to_string(), "addons.samlp.signatureAlgorithm");
    assert!(is_sha1(&export.digest_algorithm.as_ref().expect("the default").value));
    assert!(export.signs.assertion.as_ref().is_some_and(|signs| signs.value && signs.is_default));
    assert_eq!(export.callbacks[0].used_as, Use::AssertionConsumer);
    assert_eq!(export.entity_ids.len(), 1);
    assert_eq!(export.groups.len(), 1);
    let attribute = export.attribute("email").expect("it is mapped");
    assert_eq!(attribute.sources[0].value, "email");
    assert_eq!(export.slo.len(), 1);
}

#[test]
fn settings_of_an_auth0_add_on_are_read_alone_and_with_comments() {
    let text = document("exports/auth0-addon-settings.json");
    let json = json::read(&text, &json::Options::default()).expect("JSON, nearly");
    assert!(json.has_comments());
    assert_eq!(json.trailing_commas.len(), 1);
    let export = export("exports/auth0-addon-settings.json");
    assert_eq!((export.idp.id, export.protocol), ("auth0", Some(Protocol::Saml)));
    let algorithm = export.signature_algorithm.as_ref().expect("it is set");
    assert!(!is_sha1(&algorithm.value) && !algorithm.is_default);
    assert!(export.signs.response.as_ref().is_some_and(|signs| signs.value));
    assert!(export.signs.assertion.as_ref().is_some_and(|signs| !signs.value));
    assert!(export.callbacks.is_empty());
}

#[test]
fn an_application_of_auth0_without_the_add_on_speaks_oidc() {
    let export = export("exports/auth0-oidc-client.json");
    assert_eq!((export.idp.id, export.protocol), ("auth0", Some(Protocol::Oidc)));
    assert_eq!(export.signature_algorithm, None);
    assert!(export.callbacks[0].is_wildcard());
    assert!(export.admitting("https://clearml.acme.test/callback_auth0").is_some());
    assert!(export.admitting("https://clearml.acme.test/callback_keycloak").is_none());
}

#[test]
fn a_saml_application_of_okta_is_read() {
    let export = export("exports/okta-saml-app.json");
    assert_eq!((export.idp.id, export.protocol), ("okta", Some(Protocol::Saml)));
    assert!(export.enabled.as_ref().is_some_and(|enabled| enabled.value));
    assert!(export.admitting("https://label.acme.test/saml/7f3a/acs/").is_some());
    assert_eq!((export.entity_ids.len(), export.recipients.len()), (1, 2));
    assert!(export.callbacks[0].url.carries_error());
    let encrypts = export.encrypts_assertions.as_ref().expect("it says so");
    assert!(encrypts.value && !encrypts.carries_error());
    assert!(export.signs.response.as_ref().is_some_and(|signs| signs.value));
    let filter = export.groups[0].filter.as_ref().expect("it has one");
    assert_eq!(filter.test, GroupTest::Regex);
    assert_eq!(filter.admits("label-admins"), Some(true));
    assert_eq!(filter.admits("admins"), Some(false));
    assert!(filter.value.carries_error());
    assert_eq!(export.attribute("Email").expect("it is sent").sources[0].value, "user.email");
    assert!(export.attribute("email").is_none());
    assert_eq!(export.slo[0].value, "https://label.acme.test/logout");
}

#[test]
fn applications_of_okta_are_read_from_a_list() {
    let found = exports_in(&document("exports/okta-apps.json")).expect("a list");
    assert_eq!(found.len(), 2);
    assert_eq!(found[0].protocol, None);
    let clearml = &found[1];
    assert_eq!(clearml.protocol, Some(Protocol::Oidc));
    assert!(clearml.enabled.as_ref().is_some_and(|enabled| !enabled.value));
    assert_eq!(
        clearml.callbacks[0].url.path.to_string(),
        "[1].settings.oauthClient.redirect_uris[0]"
    );
    assert!(clearml.callbacks[0].url.carries_error());
    assert_eq!(clearml.pkce.as_ref().expect("demanded").value, "S256");
    assert_eq!(clearml.client_id.as_ref().expect("there").value, "0oa1fhq2k4Xz9Lm3P5d7");
}

#[test]
fn both_manifests_of_entra_are_read() {
    let old = export("exports/entra-manifest.json");
    assert_eq!((old.idp.id, old.protocol), ("entra", None));
    assert_eq!(old.callbacks.len(), 2);
    assert_eq!(old.callbacks[1].used_as, Use::SinglePage);
    assert_eq!(old.callbacks[0].url.path.to_string(), "replyUrlsWithType[0].url");
    assert!(old.callbacks[0].url.carries_error());
    assert_eq!(old.groups[0].scope.as_ref().expect("there").value, "SecurityGroup");
    assert_eq!(old.encrypts_assertions, None);
    assert_eq!(old.attribute("groups").expect("there").carrier, Carrier::Assertion);
    assert_eq!(old.attribute("email").expect("there").carrier, Carrier::Token);
    assert!(old.slo.is_empty());
    let new = export("exports/entra-graph.json");
    assert_eq!(new.idp.id, "entra");
    assert!(new.admitting("https://label.acme.test/saml/7f3a/acs/").is_some());
    assert!(new.encrypts_assertions.as_ref().is_some_and(|encrypts| encrypts.value));
    assert!(new.groups.is_empty());
    assert_eq!((new.slo.len(), new.entity_ids.len()), (1, 1));
}

#[test]
fn what_is_no_export_is_called_what_it_is() {
    let kind = |text: &str| exports_in(text).expect_err("it is none").kind;
    assert_eq!(kind(&document("exports/keycloak-adapter.json")), UnrecognisedKind::AdapterConfig);
    assert_eq!(kind(&document("discovery/okta-org.json")), UnrecognisedKind::Discovery);
    assert_eq!(kind("[]"), UnrecognisedKind::Empty);
    assert_eq!(kind("7"), UnrecognisedKind::NoObject);
    assert_eq!(kind("{}"), UnrecognisedKind::Unknown);
    assert_eq!(kind("[{}, []]"), UnrecognisedKind::Unknown);
    assert_eq!(kind("{\"audience\": \"a\", \"other\": 1}"), UnrecognisedKind::Unknown);
    let realm = "{\"realm\": \"staff\", \"sslRequired\": \"none\"}";
    assert_eq!(kind(realm), UnrecognisedKind::RealmWithoutClients);
}

#[test]
fn secrets_of_an_export_are_not_among_what_is_read() {
    for text in [
        r#"{"clientId": "a", "protocol": "openid-connect", "secret": "S3cr3tV4lue", "attributes": {"saml.signing.private.key": "S3cr3tV4lue"}}"#,
        r#"{"client_id": "a", "callbacks": [], "client_secret": "S3cr3tV4lue"}"#,
        r#"{"signOnMode": "OPENID_CONNECT", "credentials": {"oauthClient": {"client_secret": "S3cr3tV4lue"}}}"#,
        r#"{"appId": "a", "web": {}, "passwordCredentials": [{"secretText": "S3cr3tV4lue"}]}"#,
    ] {
        let found = exports_in(text).expect("an export");
        assert!(!format!("{found:?}").contains("S3cr3tV4lue"), "{text}");
    }
}

#[test]
fn no_truncated_and_no_changed_export_panics() {
    for text in all("exports") {
        for changed in changes(&text) {
            if let Ok(json) = json::read(&changed, &json::Options::EXPORT) {
                drop(exports::read(&json.tree));
            }
        }
    }
}
