//! Setup sheets: every combination that can exist has one, and says what the applications need.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use ssoctl::idps;
use ssoctl::model::Protocol::{self, Ldap, Oidc, Saml, Scim};
use ssoctl::setups::{
    AppSetting, AppValue, Carrier, Cell, Given, app_settings, cell, cells, sheet, wanted,
};
use ssoctl::sheet::{Sheet, Side, WantedKind};

use crate::run::{Found, findings, write};

/// What exists: application, protocol, identity providers.
const EXISTS: [(&str, Protocol, &[&str]); 10] = [
    ("cvat", Oidc, &OIDC),
    ("cvat", Saml, &SAML),
    ("label-studio", Saml, &SAML),
    ("label-studio", Scim, &["entra", "okta", "onelogin", "pingone", "jumpcloud"]),
    ("label-studio", Ldap, &["generic"]),
    ("clearml", Oidc, &OIDC),
    ("clearml", Saml, &SAML),
    ("clearml", Ldap, &["generic"]),
    ("calabi", Saml, &SAML),
    ("calabi", Scim, &["entra", "okta", "onelogin", "jumpcloud"]),
];
/// Providers of `OpenID` Connect: all but Duo.
const OIDC: [&str; 12] = [
    "entra",
    "okta",
    "auth0",
    "keycloak",
    "google",
    "onelogin",
    "pingone",
    "pingfederate",
    "jumpcloud",
    "adfs",
    "cognito",
    "generic",
];
/// Providers of SAML: all but Cognito.
const SAML: [&str; 12] = [
    "entra",
    "okta",
    "auth0",
    "keycloak",
    "google",
    "onelogin",
    "pingone",
    "pingfederate",
    "jumpcloud",
    "adfs",
    "duo",
    "generic",
];
const APPS: [&str; 4] = ["cvat", "label-studio", "clearml", "calabi"];
/// ClearML's key of each provider that has variables; the others are set up in its wizard.
const CLEARML_KEYS: [(Protocol, &str, &str); 13] = [
    (Oidc, "entra", "azure_ad"),
    (Oidc, "okta", "okta"),
    (Oidc, "auth0", "auth0"),
    (Oidc, "keycloak", "keycloak"),
    (Oidc, "google", "google"),
    (Oidc, "pingone", "ping"),
    (Oidc, "adfs", "ad_oauth"),
    (Oidc, "cognito", "cognito"),
    (Saml, "entra", "microsoft_ad"),
    (Saml, "adfs", "microsoft_ad"),
    (Saml, "google", "google_saml"),
    (Saml, "duo", "duo"),
    (Saml, "jumpcloud", "jumpcloudsaml"),
];

#[test]
fn every_combination_that_can_exist_has_a_cell_and_no_other() {
    let expected: BTreeSet<(&str, &str, &str)> = EXISTS
        .iter()
        .flat_map(|(app, protocol, idps)| idps.iter().map(|idp| (*app, *idp, protocol.id())))
        .collect();
    let found: BTreeSet<_> =
        cells().map(|cell| (cell.app(), cell.idp(), cell.protocol.id())).collect();
    assert_eq!(found, expected);
    assert_eq!(cells().count(), expected.len());
}

#[test]
fn what_cannot_exist_is_refused_with_a_reason_and_with_what_does() {
    for app in APPS {
        for idp in idps::all() {
            for protocol in [Oidc, Saml, Scim, Ldap] {
                let Err(refusal) = cell(app, idp.id, protocol) else { continue };
                assert!(refusal.reason.len() > 20, "{app} {} {}", idp.id, protocol.id());
                assert!(!refusal.instead.is_empty(), "{app} {}", idp.id);
                assert!(refusal.instead.iter().all(|other| other.app() == app));
            }
        }
    }
    let refusal = cell("cvat", "cognito", Saml).expect_err("impossible");
    assert!(refusal.reason.contains("cannot be a SAML identity provider"));
    assert_eq!(refusal.instead.iter().map(|one| one.protocol).collect::<Vec<_>>(), [Oidc]);
    let refusal = cell("calabi", "cognito", Saml).expect_err("built in");
    assert!(refusal.reason.contains("built into Calabi"));
    assert!(cell("cvat", "azure", Saml).expect_err("no such").reason.contains("azure"));
    assert!(cell("jira", "okta", Saml).expect_err("no such").instead.is_empty());
}

#[test]
fn steps_are_numbered_and_both_sides_have_some() {
    for cell in cells() {
        let sheet = sheet(cell, &given());
        let numbers: Vec<usize> = sheet.steps.iter().map(|step| step.number).collect();
        assert_eq!(numbers, (1..=sheet.steps.len()).collect::<Vec<_>>(), "{}", name(cell));
        for side in [Side::Idp, Side::App] {
            assert!(sheet.steps.iter().any(|step| step.side == side), "{}", name(cell));
        }
        assert!(sheet.steps.is_sorted_by_key(|step| step.side == Side::App), "{}", name(cell));
        for step in &sheet.steps {
            assert!(!step.place.is_empty() && !step.fields.is_empty(), "{}", name(cell));
            assert!(step.fields.iter().all(|field| !field.label.is_empty()), "{}", name(cell));
        }
        assert!(!sheet.verify.is_empty(), "{}", name(cell));
    }
}

#[test]
fn addresses_are_those_of_the_application_byte_for_byte() {
    for cell in cells() {
        let sheet = sheet(cell, &given());
        let typed = typed(&sheet, Side::Idp);
        for address in addresses(cell) {
            // Auth0 takes the entity id inside a document.
            let within = format!("\"{address}\"");
            let is_there = |value: &String| *value == address || value.contains(&within);
            assert!(typed.iter().any(is_there), "{}: no {address}", name(cell));
        }
        for value in &typed {
            let ours = value.starts_with(BASE) || value.contains("cvat.acme.test");
            let known = [addresses(cell), others(cell)].concat();
            assert!(!ours || known.contains(value), "{}: {value} is no address", name(cell));
        }
    }
}

#[test]
fn onelogin_gets_the_address_as_an_escaped_expression() {
    for (app, pattern) in [
        ("cvat", r"^https:\/\/app\.acme\.test\/api\/auth\/saml\/p1\/acs\/$"),
        ("calabi", r"^https:\/\/app\.acme\.test\/api\/auth\/saml\/callback$"),
        ("label-studio", r"^https:\/\/app\.acme\.test\/saml\/t0k3n\/acs$"),
    ] {
        let sheet = sheet(cell(app, "onelogin", Saml).expect("a cell"), &given());
        assert_eq!(value(&sheet, "ACS (Consumer) URL Validator"), Some(pattern));
    }
}

#[test]
fn nothing_is_left_of_the_templates() {
    for cell in cells() {
        for given in [Given::default(), given(), answered(cell)] {
            let sheet = sheet(cell, &given);
            let texts = sheet.steps.iter().flat_map(|step| {
                let fields = step.fields.iter().flat_map(|field| {
                    [Some(&field.label), field.value.as_ref(), field.note.as_ref()]
                });
                fields.flatten().chain([&step.place])
            });
            let imports = sheet.imports.iter().map(|import| &import.text);
            for text in texts.chain(&sheet.verify).chain(&sheet.notes).chain(imports) {
                assert!(!has_variable(text), "{}: {text}", name(cell));
            }
        }
    }
}

#[test]
fn with_every_answer_no_placeholder_is_left_but_secrets() {
    for cell in cells() {
        for setting in app_settings(cell, &answered(cell)) {
            let shown = match &setting.value {
                AppValue::Answer { .. } => {
                    assert!(setting.secret, "{}: {} is open", name(cell), setting.key);
                    continue;
                }
                AppValue::Text(text) => text.clone(),
                other => format!("{other:?}"),
            };
            assert!(!shown.contains('<'), "{}: {} is {shown}", name(cell), setting.key);
            assert!(!shown.contains("s3cr3t"), "{}: {}", name(cell), setting.key);
        }
        let sheet = sheet(cell, &answered(cell));
        let text = format!("{sheet:?}");
        assert!(!text.contains("s3cr3t"), "{} shows a secret", name(cell));
    }
}

#[test]
fn what_is_sent_back_has_a_name_for_files_and_a_label_for_people() {
    for cell in cells() {
        let mut names = BTreeSet::new();
        for wanted in wanted(cell) {
            let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(wanted.name.chars().all(is_plain) && !wanted.label.is_empty());
            assert!(names.insert(wanted.name.clone()), "{}: {} twice", name(cell), wanted.name);
        }
    }
    let back = |app, idp, protocol| -> Vec<(String, bool)> {
        let sheet = sheet(cell(app, idp, protocol).expect("a cell"), &Given::default());
        sheet.send_back.into_iter().map(|wanted| (wanted.name, wanted.secret)).collect()
    };
    let pair = |name: &str, secret| (name.to_owned(), secret);
    assert_eq!(
        back("cvat", "entra", Oidc),
        [
            pair("tenant_id", false),
            pair("client_id", false),
            pair("client_secret", true),
            pair("client_secret_expires", false)
        ]
    );
    assert_eq!(
        back("cvat", "google", Saml),
        [pair("entity_id", false), pair("sso_url", false), pair("x509_cert", false)]
    );
    assert_eq!(back("calabi", "okta", Saml), [pair("metadata_url", false)]);
    assert_eq!(back("clearml", "entra", Saml), [pair("metadata_xml", false)]);
    assert!(back("cvat", "keycloak", Saml).iter().all(|(_, secret)| !secret));
    assert!(back("cvat", "keycloak", Saml).contains(&pair("server_url", false)));
}

#[test]
fn the_end_of_a_secret_goes_with_it_and_nonsense_does_not() {
    let cell = cell("cvat", "entra", Oidc).expect("a cell");
    let end = |text: &str| {
        let mut given = given();
        given.answers.insert("client_secret_expires".to_owned(), text.to_owned());
        let settings = app_settings(cell, &given);
        settings.into_iter().find(|one| one.key == "client_secret").expect("a secret").expires
    };
    assert_eq!(end("2027-05-01").map(|day| day.to_string()), Some("2027-05-01".to_owned()));
    assert_eq!(end("soon\nenabled: false"), None);
    assert!(wanted(cell).iter().any(|one| one.kind == WantedKind::Date && one.optional));
}

#[test]
fn cvat_is_told_what_its_providers_send() {
    for (idp, protocol, key, expected) in [
        ("entra", Oidc, "server_url", "https://login.microsoftonline.com/T/v2.0"),
        ("okta", Oidc, "server_url", "https://acme.okta.com"),
        ("auth0", Oidc, "server_url", "https://acme.eu.auth0.com"),
        ("keycloak", Oidc, "server_url", "https://kc.acme.test/realms/main"),
        ("google", Oidc, "server_url", "https://accounts.google.com"),
        ("onelogin", Oidc, "server_url", "https://acme.onelogin.com/oidc/2"),
        ("pingone", Oidc, "server_url", "https://auth.pingone.eu/E/as"),
        ("jumpcloud", Oidc, "server_url", "https://oauth.id.jumpcloud.com"),
        ("adfs", Oidc, "server_url", "https://fs.acme.test/adfs"),
        ("cognito", Oidc, "server_url", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_P"),
        ("entra", Saml, "entity_id", "https://sts.windows.net/T/"),
        ("adfs", Saml, "entity_id", "http://fs.acme.test/adfs/services/trust"),
        ("keycloak", Saml, "entity_id", "https://kc.acme.test/realms/main"),
        (
            "keycloak",
            Saml,
            "metadata_url",
            "https://kc.acme.test/realms/main/protocol/saml/descriptor",
        ),
        (
            "entra",
            Saml,
            "attribute_mapping.username",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
        ),
        (
            "entra",
            Saml,
            "attribute_mapping.uid",
            "http://schemas.microsoft.com/identity/claims/objectidentifier",
        ),
        ("okta", Saml, "attribute_mapping.first_name", "firstName"),
        ("okta", Saml, "attribute_mapping.email_verified", "emailVerified"),
        ("keycloak", Saml, "attribute_mapping.email_verified", "emailVerifiedAttribute"),
        (
            "auth0",
            Saml,
            "attribute_mapping.uid",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier",
        ),
    ] {
        assert_eq!(told("cvat", idp, protocol, key).as_deref(), Some(expected), "{idp} {key}");
    }
    assert_eq!(told("cvat", "entra", Saml, "attribute_mapping.email_verified"), None);
    assert_eq!(told("cvat", "google", Saml, "metadata_url"), None);
    assert_eq!(told("cvat", "okta", Saml, "sso_url"), None);
}

#[test]
fn label_studio_and_clearml_are_told_what_their_providers_send() {
    const CLAIMS: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";
    const GROUPS: &str = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    for (idp, email, first, groups) in [
        ("okta", "email", "firstName", "groups"),
        ("auth0", "email", "given_name", "groups"),
        ("pingone", "emailAddress", "givenName", "Groups"),
        ("google", "Email", "FirstName", "Groups"),
        ("keycloak", "Email", "FirstName", "Groups"),
    ] {
        assert_eq!(told("label-studio", idp, Saml, "mapping_email").as_deref(), Some(email));
        assert_eq!(told("label-studio", idp, Saml, "mapping_first_name").as_deref(), Some(first));
        assert_eq!(told("label-studio", idp, Saml, "mapping_groups").as_deref(), Some(groups));
    }
    let entra = |key| told("label-studio", "entra", Saml, key);
    assert_eq!(entra("mapping_email"), Some(format!("{CLAIMS}emailaddress")));
    assert_eq!(entra("mapping_groups").as_deref(), Some(GROUPS));
    assert_eq!(entra("idp_provider").as_deref(), Some("azure"));
    for (key, expected) in [
        ("secure__login__sso__saml_client__microsoft_ad__entity_id", BASE),
        ("services__login__sso__saml_client__microsoft_ad__claims__email", "emailAddress"),
        ("services__login__sso__saml_client__microsoft_ad__groups__claim", GROUPS),
    ] {
        let told = told("clearml", "entra", Saml, &format!("CLEARML__{key}"));
        assert_eq!(told.as_deref(), Some(expected), "{key}");
    }
    for idp in ["duo", "jumpcloud"] {
        let key = if idp == "duo" { "duo" } else { "jumpcloudsaml" };
        let key = format!("CLEARML__secure__login__sso__saml_client__{key}__entity_id");
        assert_eq!(told("clearml", idp, Saml, &key).as_deref(), Some("clearml"));
    }
    let key = "CLEARML__services__login__sso__oauth_client__okta__base_url";
    let told = told("clearml", "okta", Oidc, key);
    assert_eq!(told.as_deref(), Some("https://acme.okta.com/oauth2/default/"));
}

#[test]
fn clearml_variables_stand_under_the_root_that_is_read() {
    let secure =
        ["client_id", "client_secret", "default_company", "entity_id", "idp_metadata_file"];
    for (protocol, idp, key) in CLEARML_KEYS {
        let kind = if protocol == Oidc { "oauth_client" } else { "saml_client" };
        let settings = app_settings(cell("clearml", idp, protocol).expect("a cell"), &given());
        let variables: Vec<_> =
            settings.iter().filter_map(|one| one.key.strip_prefix("CLEARML__")).collect();
        assert!(variables.len() >= 3, "{idp}");
        for variable in variables {
            let path: Vec<&str> = variable.split("__").collect();
            let root = if secure.contains(&path[5]) { "secure" } else { "services" };
            assert_eq!(path[..5], [root, "login", "sso", kind, key], "{variable}");
        }
    }
}

#[test]
fn departures_from_the_guides_are_marked() {
    for (app, idp, protocol, label) in [
        ("cvat", "entra", Oidc, "client_id"),
        ("cvat", "entra", Oidc, "server_url"),
        ("cvat", "entra", Oidc, "Supported account types"),
        ("cvat", "entra", Saml, "attribute_mapping.username"),
        ("cvat", "okta", Oidc, "server_url"),
        ("cvat", "auth0", Oidc, "server_url"),
        ("cvat", "auth0", Saml, "Settings (JSON)"),
        ("cvat", "keycloak", Oidc, "server_url"),
        ("cvat", "keycloak", Saml, "Client signature required"),
        ("calabi", "google", Saml, "IdP Metadata URL"),
        ("clearml", "entra", Saml, "Source attribute"),
        ("label-studio", "generic", Ldap, "AUTH_LDAP_USER_DN_TEMPLATE"),
    ] {
        let sheet = sheet(cell(app, idp, protocol).expect("a cell"), &given());
        let fields = sheet.steps.iter().flat_map(|step| &step.fields);
        let departs =
            fields.into_iter().any(|field| field.label == label && field.departs.is_some());
        assert!(departs, "{app} {idp} {label}");
    }
    let sheet = sheet(cell("calabi", "keycloak", Saml).expect("a cell"), &given());
    let departs = sheet.steps.iter().flat_map(|step| &step.fields).any(|one| one.departs.is_some());
    assert!(!departs, "Calabi has no guide for Keycloak to depart from");
}

#[test]
fn imports_are_json_with_the_exact_values() {
    for cell in cells() {
        for import in sheet(cell, &given()).imports {
            let extension = PathBuf::from(import.file_name);
            if extension.extension().is_some_and(|end| end == "json") {
                let read: Result<Value, _> = serde_json::from_str(&import.text);
                assert!(read.is_ok_and(|value| value.is_object()), "{}", name(cell));
            } else {
                assert!(import.text.starts_with("curl "), "{}", name(cell));
            }
        }
    }
    for app in APPS {
        let client = import(app, "keycloak", Saml, "keycloak-client.json");
        for (key, expected) in [
            ("saml.client.signature", "false"),
            ("saml.encrypt", "false"),
            ("saml.server.signature", "true"),
            ("saml.signature.algorithm", "RSA_SHA256"),
        ] {
            assert_eq!(client["attributes"][key], expected, "{app} {key}");
        }
        for (file, pointer) in
            [("auth0-saml-addon.json", ""), ("auth0-client.json", "/addons/samlp")]
        {
            let addon = import(app, "auth0", Saml, file);
            let addon = addon.pointer(pointer).expect("the settings of the add-on");
            assert_eq!(addon["signatureAlgorithm"], "rsa-sha256", "{app}");
            assert_eq!(addon["digestAlgorithm"], "sha256", "{app}");
        }
        let okta = import(app, "okta", Saml, "okta-application.json");
        let sign_on = &okta["settings"]["signOn"];
        assert_eq!(sign_on["signatureAlgorithm"], "RSA_SHA256");
        assert!(sign_on["responseSigned"] == true && sign_on["assertionSigned"] == true);
        assert_eq!(sign_on["recipient"], sign_on["ssoAcsUrl"]);
    }
    let client = import("cvat", "keycloak", Saml, "keycloak-client.json");
    assert_eq!(client["clientId"], format!("{BASE}/api/auth/saml/p1/metadata/"));
    assert_eq!(client["redirectUris"][0], format!("{BASE}/api/auth/saml/p1/acs/"));
    assert_eq!(client["protocolMappers"].as_array().map(Vec::len), Some(6));
    let addon = import("cvat", "auth0", Saml, "auth0-saml-addon.json");
    assert_eq!(addon["audience"], format!("{BASE}/api/auth/saml/p1/metadata/"));
    assert_eq!(addon["destination"], format!("{BASE}/api/auth/saml/p1/acs/"));
    assert_eq!(addon["mappings"].as_object().map(serde_json::Map::len), Some(6));
    let manifest = import("cvat", "entra", Oidc, "entra-manifest.json");
    assert_eq!(
        manifest["web"]["redirectUris"][0],
        format!("{BASE}/api/auth/oidc/p1/login/callback/")
    );
}

#[test]
fn the_command_for_label_studio_quotes_its_address_and_holds_no_token() {
    let cell = cell("label-studio", "okta", Saml).expect("a cell");
    let hostile = Given { base_url: Some("https://x'; rm -rf ~ #".to_owned()), ..given() };
    let sheet = sheet(cell, &hostile);
    let command = sheet.imports.iter().find(|one| one.text.starts_with("curl ")).expect("a file");
    assert!(command.text.contains(r"'https://x'\''; rm -rf ~ #/api/saml/settings'"));
    assert!(command.text.contains("Token ${LABEL_STUDIO_TOKEN:?}"));
    let body = import("label-studio", "okta", Saml, "label-studio-saml-settings.json");
    assert_eq!(body["roles_groups"][0][0], "Administrator");
    assert!(body.get("metadata_xml").is_none() && body.get("workspaces_groups").is_none());
}

#[test]
fn the_acs_url_of_label_studio_says_host_and_token() {
    let token = Some("https://ls.acme.test/saml/abc-1/acs".to_owned());
    let given = Given { token, ..Given::default() };
    let sheet = sheet(cell("label-studio", "okta", Saml).expect("a cell"), &given);
    assert_eq!(value(&sheet, "Single sign-on URL"), Some("https://ls.acme.test/saml/abc-1/acs"));
}

#[test]
fn facts_that_no_file_shows_are_told() {
    let notes = |app, idp, protocol| {
        sheet(cell(app, idp, protocol).expect("a cell"), &given()).notes.join("\n")
    };
    assert!(notes("label-studio", "entra", Saml).contains("at most 150 groups"));
    assert!(notes("calabi", "google", Saml).contains("at most 75 groups"));
    assert!(!notes("cvat", "entra", Saml).contains("groups of a person"));
    let scim = notes("label-studio", "okta", Scim);
    for told in ["Bearer", "a workspace must exist", "deletes the assignments of SCIM", "by email"]
    {
        assert!(scim.contains(told), "{told}");
    }
    let extrapolated = notes("cvat", "pingone", Oidc);
    assert!(extrapolated.contains("no guide describes this combination"));
    assert!(!notes("cvat", "okta", Oidc).contains("no guide describes"));
}

#[test]
fn hostile_answers_stay_values() {
    let mut given = given();
    for name in ["okta_domain", "tenant_id", "entity_id", "metadata_xml", "server_url"] {
        given.answers.insert(name.to_owned(), "{acs}${x}{{base}}\u{0}\n'\"<>".to_owned());
    }
    given.provider = Some("{id}{".to_owned());
    given.token = Some("/saml//acs".to_owned());
    for cell in cells() {
        assert!(!sheet(cell, &given).steps.is_empty());
    }
}

#[test]
fn every_fact_of_the_data_has_a_source() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/setups/data");
    for part in ["apps", "idps"] {
        for entry in fs::read_dir(folder.join(part)).expect("a folder") {
            let path = entry.expect("an entry").path();
            let text = fs::read_to_string(&path).expect("a file");
            let file: toml::Table = toml::from_str(&text).expect("TOML");
            let mut seen = 0;
            sourced(&toml::Value::Table(file), &path.display().to_string(), &mut seen);
            assert!(seen > 0, "{}", path.display());
        }
    }
}

/// Every step, ask, note, line of `verify` and cell names its source.
fn sourced(value: &toml::Value, place: &str, seen: &mut usize) {
    let toml::Value::Table(table) = value else { return };
    for (key, part) in table {
        let place = format!("{place}: {key}");
        let facts: Vec<&toml::Value> = match (key.as_str(), part) {
            ("step" | "ask" | "note" | "verify", toml::Value::Array(facts)) => {
                facts.iter().collect()
            }
            ("idp", toml::Value::Table(facts)) => facts.iter().map(|(_, fact)| fact).collect(),
            _ => {
                sourced(part, &place, seen);
                continue;
            }
        };
        for fact in facts {
            assert!(fact.get("source").is_some_and(toml::Value::is_str), "{place}: {fact:?}");
            *seen += 1;
        }
    }
}

/// The addresses that the identity provider must be told.
fn addresses(cell: &Cell) -> Vec<String> {
    let paths: &[&str] = match (cell.app(), cell.protocol) {
        ("cvat", Oidc) => &["/api/auth/oidc/p1/login/callback/"],
        ("cvat", Saml) => &["/api/auth/saml/p1/acs/", "/api/auth/saml/p1/metadata/"],
        ("label-studio", Saml) => &["/saml/t0k3n/acs"],
        ("label-studio", Scim) if cell.idp() == "entra" => &["/scim/v2"],
        ("label-studio", Scim) => &["/scim/v2/"],
        ("calabi", Saml) => &["/api/auth/saml/callback", "/api/auth/saml/metadata"],
        ("calabi", Scim) => &["/api/scim/v2"],
        ("clearml", Oidc | Saml) => {
            let wanted =
                |row: &&(Protocol, &str, &str)| row.0 == cell.protocol && row.1 == cell.idp();
            return match CLEARML_KEYS.iter().find(wanted) {
                Some((_, _, key)) => vec![format!("{BASE}/callback_{key}")],
                None => vec!["<Callback URL shown by the wizard>".to_owned()],
            };
        }
        _ => &[],
    };
    paths.iter().map(|path| format!("{BASE}{path}")).collect()
}

/// Further addresses that some console asks for.
fn others(cell: &Cell) -> Vec<String> {
    let sign_on = match cell.app() {
        "label-studio" => format!("{BASE}/saml/t0k3n/login"),
        _ => BASE.to_owned(),
    };
    vec![BASE.to_owned(), sign_on]
}

/// One setting of an application, with a sample answer to everything that identifies a provider.
fn told(app: &str, idp: &str, protocol: Protocol, key: &str) -> Option<String> {
    let samples = [
        ("tenant_id", "T"),
        ("okta_domain", "https://acme.okta.com/"),
        ("okta_server", "default"),
        ("auth0_domain", "acme.eu.auth0.com"),
        ("server_url", "https://kc.acme.test/realms/main"),
        ("onelogin_subdomain", "acme"),
        ("pingone_region", "eu"),
        ("environment_id", "E"),
        ("adfs_host", "fs.acme.test"),
        ("aws_region", "eu-west-1"),
        ("user_pool_id", "eu-west-1_P"),
    ];
    let answers = samples.map(|(name, text)| (name.to_owned(), text.to_owned()));
    let given = Given { answers: BTreeMap::from(answers), ..given() };
    let settings = app_settings(cell(app, idp, protocol).expect("a cell"), &given);
    let setting = settings.into_iter().find(|setting| setting.key == key)?;
    match setting.value {
        AppValue::Text(text) => Some(text),
        AppValue::Answer { shown, .. } => Some(shown),
        other => Some(format!("{other:?}")),
    }
}

fn import(app: &str, idp: &str, protocol: Protocol, file_name: &str) -> Value {
    let imports = sheet(cell(app, idp, protocol).expect("a cell"), &given()).imports;
    let import = imports.iter().find(|one| one.file_name == file_name).expect("the file");
    serde_json::from_str(&import.text).expect("JSON")
}

fn value<'s>(sheet: &'s Sheet, label: &str) -> Option<&'s str> {
    let mut fields = sheet.steps.iter().flat_map(|step| &step.fields);
    fields.find(|field| field.label == label)?.value.as_deref()
}

fn typed(sheet: &Sheet, side: Side) -> Vec<String> {
    let steps = sheet.steps.iter().filter(|step| step.side == side);
    steps.flat_map(|step| &step.fields).filter_map(|field| field.value.clone()).collect()
}

fn has_variable(text: &str) -> bool {
    text.match_indices('{').any(|(at, _)| {
        let inside = text[at + 1..].split_once('}').map(|(inside, _)| inside);
        let is_name = |inside: &str| {
            !inside.is_empty() && inside.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        };
        inside.is_some_and(is_name) && !text[..at].ends_with('$')
    })
}

fn given() -> Given {
    Given {
        base_url: Some(BASE.to_owned()),
        provider: Some("p1".to_owned()),
        token: Some("t0k3n".to_owned()),
        answers: BTreeMap::new(),
    }
}

/// An answer to everything; secrets among them.
fn answered(cell: &'static Cell) -> Given {
    let answer = |secret: bool| if secret { "s3cr3t" } else { "answer" };
    let answers = wanted(cell).into_iter().map(|one| (one.name, answer(one.secret).to_owned()));
    Given { answers: answers.collect(), ..given() }
}

fn name(cell: &Cell) -> String {
    format!("{} {} {}", cell.app(), cell.idp(), cell.protocol.id())
}

const BASE: &str = "https://app.acme.test";

#[test]
fn what_cvat_is_told_validates_clean_apart_from_its_placeholders() {
    for cell in cells().filter(|cell| cell.app() == "cvat") {
        let real = Given { answers: real_answers(cell.idp()), ..given() };
        let found = judged(&app_settings(cell, &real));
        let oidc = cell.protocol == Oidc;
        let secret = |one: &Found| oidc && one.code == "CVAT008" && one.line == SECRET_LINE;
        let certificate = |one: &Found| one.code == "CVAT008" && cell.idp() == "google";
        let wrong: Vec<_> =
            found.into_iter().filter(|one| !secret(one) && !certificate(one)).collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", name(cell));
        let found = judged(&app_settings(cell, &given()));
        let wrong: Vec<_> = found.iter().filter(|one| one.code != "CVAT008").collect();
        assert!(wrong.is_empty(), "{}: {wrong:?}", name(cell));
        assert!(!found.is_empty(), "{}: no placeholder is seen", name(cell));
    }
}

/// Errors and warnings of a CVAT file with these settings.
fn judged(settings: &[AppSetting]) -> Vec<Found> {
    let (mut head, mut provider, mut mapping) = (Vec::new(), Vec::new(), Vec::new());
    for setting in settings.iter().filter(|one| one.carrier == Carrier::CvatYaml) {
        let value = match &setting.value {
            AppValue::Answer { shown, .. } => Value::from(shown.as_str()),
            AppValue::Boolean(value) => Value::from(*value),
            AppValue::Text(text) => Value::from(text.as_str()),
            other => panic!("{other:?} in CVAT's file"),
        };
        let (lines, key) = match setting.key.split_once('.') {
            Some(("sso", key)) => (&mut head, key),
            Some(("attribute_mapping", key)) => (&mut mapping, key),
            _ => (&mut provider, setting.key.as_str()),
        };
        lines.push(format!("{key}: {value}"));
    }
    if !mapping.is_empty() {
        provider.push(format!("attribute_mapping:\n        {}", mapping.join("\n        ")));
    }
    let text = format!(
        "sso:\n  {}\n  identity_providers:\n    - {}\n",
        head.join("\n  "),
        provider.join("\n      ")
    );
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("auth_config.yml");
    write(&path, text.as_bytes(), 0o600);
    let found = findings(&[path.to_str().expect("UTF-8")]);
    found.into_iter().filter(|one| one.severity != "info").collect()
}

/// Answers as a provider's administrator gives them.
fn real_answers(idp: &str) -> BTreeMap<String, String> {
    const TENANT: &str = "2f1c3b4a-1111-4000-8000-abcdefabcdef";
    let entity_id = match idp {
        "okta" => "http://www.okta.com/exk1a2B3c4D5e6F7g8h9",
        "auth0" => "urn:acme.eu.auth0.com",
        "onelogin" => "https://app.onelogin.com/saml/metadata/1234567",
        "google" => "https://accounts.google.com/o/saml2?idpid=C01abcdef",
        _ => "",
    };
    let metadata_url = match idp {
        "entra" => {
            "https://login.microsoftonline.com/2f1c3b4a-1111-4000-8000-abcdefabcdef/\
             federationmetadata/2007-06/federationmetadata.xml?appid=\
             3f1c3b4a-1111-4000-8000-abcdefabcdef"
        }
        "okta" => "https://acme.okta.com/app/exk1a2B3c4D5e6F7g8h9/sso/saml/metadata",
        "auth0" => "https://acme.eu.auth0.com/samlp/metadata/AbCdEfGhIjKlMnOpQrStUvWxYz012345",
        "keycloak" | "onelogin" | "adfs" | "google" => "",
        _ => "https://idp.acme.test/metadata",
    };
    let entity_id = if entity_id.is_empty() && !["entra", "keycloak", "adfs"].contains(&idp) {
        "https://idp.acme.test/metadata"
    } else {
        entity_id
    };
    let answers = [
        ("email_domain", "acme.test"),
        ("auth_config_path", "/opt/cvat/auth_config.yml"),
        ("tenant_id", TENANT),
        ("okta_domain", "acme.okta.com"),
        ("auth0_domain", "acme.eu.auth0.com"),
        ("server_url", "https://id.acme.test/realms/main"),
        ("onelogin_subdomain", "acme"),
        ("pingone_region", "eu"),
        ("environment_id", TENANT),
        ("adfs_host", "fs.acme.test"),
        ("aws_region", "eu-west-1"),
        ("user_pool_id", "eu-west-1_AbC123"),
        ("client_id", "3f1c3b4a-1111-4000-8000-abcdefabcdef"),
        ("entity_id", entity_id),
        ("metadata_url", metadata_url),
        (
            "sso_url",
            if idp == "google" {
                "https://accounts.google.com/o/saml2/idp?idpid=C01abcdef"
            } else {
                ""
            },
        ),
    ];
    answers.map(|(name, text)| (name.to_owned(), text.to_owned())).into()
}
/// Where the client secret stands: it is never filled in.
const SECRET_LINE: u64 = 9;
