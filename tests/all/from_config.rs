//! What a configuration says about the messages that its application would take.

use std::sync::Arc;

use ssoctl::apps::App;
use ssoctl::apps::expect::{NoEntity, pin};
use ssoctl::apps::from_config::{
    Expected, FromConfig, NoProvider, Oidc, Saml, Trust, choose, from_config,
};
use ssoctl::apps::reader::Library;
use ssoctl::deployment::{Deployment, Document, Exposure, FileKind, Part};
use ssoctl::model::Protocol;
use ssoctl::saml::expectation::Expectation;
use ssoctl::saml::metadata;
use ssoctl::syntax::yaml;
use ssoctl::xml::Limits;

const CVAT: &str = "sso:\n  enabled: true\n  identity_providers:\n  - id: okta-saml\n    protocol: SAML\n    entity_id: http://www.okta.com/exk1\n    metadata_url: https://acme.okta.com/app/exk1/sso/saml/metadata\n  - id: okta-oidc\n    protocol: OIDC\n    server_url: https://acme.okta.com/.well-known/openid-configuration\n    client_id: 0oa1\n";

fn deployment(main: Option<(FileKind, &str)>, parts: &[(FileKind, &str)]) -> Deployment {
    let read = |kind, text: &str| {
        Document::read(kind, "a.json", Arc::from(text), &yaml::Options::default()).expect("a text")
    };
    let parts = parts.iter().map(|(kind, text)| Part {
        kind: *kind,
        reading: Arc::new(Ok(read(*kind, text))),
        exposure: Exposure::default(),
        is_judged: true,
    });
    Deployment {
        main: main.map(|(kind, text)| Ok(read(kind, text))),
        main_kind: main.map_or(FileKind::Configuration, |(kind, _)| kind),
        parts: parts.collect(),
        ..Deployment::default()
    }
}

fn of(
    app: &str,
    deployment: &Deployment,
    protocol: Protocol,
    provider: Option<&str>,
    base: Option<&str>,
) -> Result<FromConfig, NoProvider> {
    let app = App::by_id(app).expect("the application");
    let config = app.config(deployment);
    let provider = choose(&config, protocol, provider)?;
    Ok(from_config(app, deployment, &config, provider, protocol, base))
}

fn saml(found: FromConfig) -> Saml {
    match found.expected {
        Expected::Saml(saml) => *saml,
        Expected::Oidc(_) => panic!("SAML was asked for"),
    }
}

fn oidc(found: FromConfig) -> Oidc {
    match found.expected {
        Expected::Oidc(oidc) => oidc,
        Expected::Saml(_) => panic!("OpenID Connect was asked for"),
    }
}

#[test]
fn cvat_is_known_by_its_address_and_needs_the_metadata_that_it_names() {
    let env = "CVAT_BASE_URL=https://cvat.acme.test/\n";
    let main = Some((FileKind::Configuration, CVAT));
    let without = deployment(main, &[]);
    let found = saml(of("cvat", &without, Protocol::Saml, None, None).expect("one provider"));
    assert_eq!(found.acs_url.expect_err("no address").give, "--base-url URL or --acs URL");
    let with_env = deployment(main, &[(FileKind::Environment, env)]);
    let found = saml(of("cvat", &with_env, Protocol::Saml, None, None).expect("one provider"));
    let acs = "https://cvat.acme.test/api/auth/saml/okta-saml/acs/";
    assert_eq!(found.acs_url.as_deref(), Ok(acs));
    let audience = "https://cvat.acme.test/api/auth/saml/okta-saml/metadata/";
    assert_eq!(found.audience.as_deref(), Ok(audience));
    assert_eq!(found.issuer.as_deref(), Some("http://www.okta.com/exk1"));
    assert_eq!(found.trust.expect_err("an address only").give, "--metadata FILE");
    assert_eq!(found.reader.library, Library::Python3Saml);
    assert!(!found.reader.sha1 && found.reader.either_signed && found.reader.skew == 300);
    let given = Some("https://other.acme.test");
    let found = saml(of("cvat", &with_env, Protocol::Saml, None, given).expect("one provider"));
    assert!(found.acs_url.is_ok_and(|acs| acs.starts_with("https://other.acme.test/")));
}

#[test]
fn a_token_is_judged_by_issuer_client_and_discovery() {
    let deployment = deployment(Some((FileKind::Configuration, CVAT)), &[]);
    let found = oidc(of("cvat", &deployment, Protocol::Oidc, None, None).expect("one provider"));
    assert_eq!(found.issuer.as_deref(), Ok("https://acme.okta.com"));
    assert_eq!(found.client_id.as_deref(), Ok("0oa1"));
    let discovery = "https://acme.okta.com/.well-known/openid-configuration";
    assert_eq!(found.discovery.as_deref(), Some(discovery));
    assert!(found.redirect_uri.is_err());
}

#[test]
fn of_several_providers_one_must_be_chosen_by_its_name() {
    let two = CVAT.replace("protocol: OIDC", "protocol: SAML");
    let deployment = deployment(Some((FileKind::Configuration, &two)), &[]);
    let ask = |name| of("cvat", &deployment, Protocol::Saml, name, None);
    let several = ask(None).expect_err("two");
    assert_eq!(several.hint(), "choose with --provider: okta-saml, okta-oidc");
    assert_eq!(ask(Some("okta-oidc")).expect("a name").provider.as_deref(), Some("okta-oidc"));
    let unknown = ask(Some("okta")).expect_err("no such name");
    assert_eq!(unknown.message(), "the configuration has no provider `okta`");
    assert!(unknown.hint().contains("okta-saml"));
    let none = of("cvat", &deployment, Protocol::Oidc, None, None).expect_err("none");
    assert_eq!(none, NoProvider::None(Protocol::Oidc));
}

#[test]
fn a_switched_off_configuration_and_a_certificate_that_is_none_are_told() {
    let off = "sso:\n  enabled: false\n  identity_providers:\n  - id: a\n    protocol: SAML\n    entity_id: x\n    sso_url: https://idp.corp.test/sso\n    x509_cert: ${CERT}\n";
    let deployment = deployment(Some((FileKind::Configuration, off)), &[]);
    let found = of("cvat", &deployment, Protocol::Saml, None, None).expect("one provider");
    assert!(found.is_switched_off);
    let why = saml(found).trust.expect_err("unknown").why;
    assert!(why.contains("filled in elsewhere"), "{why}");
}

#[test]
fn label_studio_takes_its_switches_from_the_environment_and_its_address_from_an_answer() {
    let settings = r#"{"domain": "acme.test", "metadata_xml": "<EntityDescriptor/>", "mapping_email": "Email"}"#;
    let env =
        "SAML_WANT_RESPONSE_SIGNED=0\nSAML_WANT_ASSERTIONS_SIGNED=1\nSAML_ALLOW_UNSOLICITED=true\n";
    let parts = [(FileKind::Environment, env)];
    let ask = |main, parts: &[(FileKind, &str)]| {
        let deployment = deployment(Some(main), parts);
        of("label-studio", &deployment, Protocol::Saml, None, None).expect("one provider")
    };
    let found = ask((FileKind::Settings, settings), &[]);
    assert!(found.notes.iter().any(|note| note.contains("not public")));
    let found = saml(found);
    assert!(found.reader.response_signed && !found.reader.unsolicited);
    assert_eq!(found.acs_url.as_ref().expect_err("no address").give, "--base-url URL or --acs URL");
    assert_eq!(found.trust, Ok(Trust::Metadata("<EntityDescriptor/>".to_owned())));
    let found = ask((FileKind::Settings, settings), &parts);
    assert!(found.notes.is_empty());
    let found = saml(found);
    let policy = found.policy(App::by_id("label-studio").expect("the application"));
    assert!(!policy.signed.message && policy.signed.assertion);
    let reader = found.reader;
    assert!(!reader.response_signed && reader.assertions_signed && reader.unsolicited);
    let answer = settings.replacen(
        '{',
        "{\"acs_url\": \"https://ls.acme.test/saml/t0k/acs\", \"token\": \"t0k\",",
        1,
    );
    let found = saml(ask((FileKind::Answer, &answer), &[]));
    assert_eq!(found.acs_url.as_deref(), Ok("https://ls.acme.test/saml/t0k/acs"));
    assert_eq!(found.audience, found.acs_url);
}

#[test]
fn clearml_has_an_entity_id_of_its_own_and_a_file_of_metadata() {
    let env = "CLEARML__secure__login__sso__saml_client__duo__entity_id='\"clearml\"'\nCLEARML__secure__login__sso__saml_client__duo__idp_metadata_file=/opt/m.xml\n";
    let deployment = deployment(None, &[(FileKind::Environment, env)]);
    let base = Some("https://app.acme.test");
    let found = saml(of("clearml", &deployment, Protocol::Saml, Some("duo"), base).expect("duo"));
    assert_eq!(found.acs_url.as_deref(), Ok("https://app.acme.test/callback_duo"));
    assert_eq!(found.audience.as_deref(), Ok("clearml"));
    assert!(found.trust.expect_err("a file").why.contains("/opt/m.xml"));
}

#[test]
fn calabi_has_one_address_for_all() {
    let sheet = "calabi:\n  domain: calabi.acme.test\n  providers:\n  - display_name: Okta\n    metadata_url: https://acme.okta.com/m\n";
    let deployment = deployment(Some((FileKind::Configuration, sheet)), &[]);
    let found = saml(of("calabi", &deployment, Protocol::Saml, None, None).expect("one"));
    assert_eq!(found.acs_url.as_deref(), Ok("https://calabi.acme.test/api/auth/saml/callback"));
    assert_eq!(found.audience.as_deref(), Ok("https://calabi.acme.test/api/auth/saml/metadata"));
    assert!(found.reader.unsolicited);
}

#[test]
fn what_is_known_goes_into_the_expectation_and_what_is_not_is_given_back() {
    let at = "2026-11-24T12:00:00Z".parse().expect("an instant");
    let env = "CVAT_BASE_URL=https://cvat.acme.test\n";
    let main = Some((FileKind::Configuration, CVAT));
    let deployment_of_cvat = deployment(main, &[(FileKind::Environment, env)]);
    let found = of("cvat", &deployment_of_cvat, Protocol::Saml, None, None).expect("one provider");
    let mut expectation = Expectation::at(at);
    let missing = found.expect(&mut expectation);
    assert_eq!(expectation.acs, ["https://cvat.acme.test/api/auth/saml/okta-saml/acs/"]);
    assert_eq!(expectation.issuer.as_deref(), Some("http://www.okta.com/exk1"));
    assert!(expectation.keys.is_empty());
    let [certificate] = missing.as_slice() else { panic!("{missing:?}") };
    assert_eq!(certificate.give, "--metadata FILE");
    let key = include_str!("../../fixtures/cvat/full-saml/corrected-inline/auth_config.yml");
    let deployment_of_key = deployment(Some((FileKind::Configuration, key)), &[]);
    let found = of("cvat", &deployment_of_key, Protocol::Saml, None, None).expect("one provider");
    let mut expectation = Expectation::at(at);
    found.expect(&mut expectation);
    assert_eq!(expectation.keys.len(), 1);
}

#[test]
fn of_metadata_the_wanted_entity_is_trusted_and_no_other() {
    let entity = |id: &str| {
        format!(
            "<EntityDescriptor entityID=\"{id}\"><IDPSSODescriptor protocolSupportEnumeration=\"urn:oasis:names:tc:SAML:2.0:protocol\"/></EntityDescriptor>"
        )
    };
    let text = format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{}{}</EntitiesDescriptor>",
        entity("a"),
        entity("b")
    );
    let metadata = metadata::read(&text, Limits::default()).expect("metadata");
    let pinned = |wanted: Option<&str>| {
        let mut expectation = Expectation::at("2026-11-24T12:00:00Z".parse().expect("an instant"));
        pin(&mut expectation, &metadata, wanted, "idp.xml").map(|()| expectation.issuer)
    };
    assert_eq!(pinned(Some("b")), Ok(Some("b".to_owned())));
    let both = vec!["a".to_owned(), "b".to_owned()];
    assert_eq!(pinned(None), Err(NoEntity::Several(both.clone())));
    assert_eq!(pinned(Some("c")), Err(NoEntity::Unknown("c".to_owned(), both)));
}
