//! The accounts of CVAT against those that django-allauth 65.21.1 made of the same cases.

use std::fs;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use ssoctl::account::{
    Account, Claims, Made, Objection, Sent, SentAttribute, SentName, Told, for_claims, for_saml,
};
use ssoctl::apps::App;
use ssoctl::deployment::{Deployment, Document, Exposure, FileKind, Part};
use ssoctl::syntax::yaml;
use ssoctl::verdict::Weight;

#[test]
fn cvat_makes_the_accounts_that_allauth_makes() {
    let path = format!("{}/fixtures/account/allauth.jsonl", env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(path).expect("the fixture is there");
    let rows: Vec<Json> =
        table.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert!(rows.len() >= 700);
    let wrong: Vec<String> = rows.iter().filter_map(difference).collect();
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(5)].join("\n")
    );
}

fn difference(row: &Json) -> Option<String> {
    let made = if row["kind"] == "saml" { saml(row) } else { claims(row) };
    // What allauth takes and nobody should is refused here, and is no difference of the account.
    let own = |one: &Objection| {
        ["id-ambiguous", "id-control"].contains(&one.rule.name) || one.message == "sub is no text"
    };
    let refused = made.objections.iter().find(|one| one.weight == Weight::Reject && !own(one));
    let expected = &row["account"];
    if expected.get("error").is_some() || refused.is_some() {
        let is_same = expected.get("error").is_some() == refused.is_some();
        return (!is_same)
            .then(|| format!("{row}\n  refused: {:?}", refused.map(|one| &one.message)));
    }
    if made.objections.iter().any(|one| one.message == "sub is no text") {
        return None;
    }
    let found = members(&made.account);
    (found != *expected).then(|| format!("{row}\n  made: {found}"))
}

fn members(account: &Account) -> Json {
    serde_json::json!({
        "uid": account.uid, "username": account.username, "email": account.email,
        "email_verified": account.email_verified, "first_name": account.first_name,
        "last_name": account.last_name,
    })
}

fn saml(row: &Json) -> Made {
    let mapping = match &row["mapping"] {
        Json::String(_) => String::new(),
        mapping => format!("    attribute_mapping: {mapping}\n"),
    };
    let attributes = row["attributes"].as_array().expect("a list").iter().map(|attribute| {
        let values = attribute[1].as_array().expect("a list").iter();
        SentAttribute {
            name: attribute[0].as_str().expect("a name").to_owned(),
            name_format: None,
            friendly_name: None,
            values: values.map(|value| value.as_str().map(str::to_owned)).collect(),
        }
    });
    let name_id = row["name_id"].as_object().map(|name| SentName {
        value: name["value"].as_str().expect("a text").to_owned(),
        format: name["format"].as_str().map(str::to_owned),
    });
    let sent = Sent { name_id, attributes: attributes.collect() };
    with_cvat(&mapping, |told| for_saml(told, &sent))
}

fn claims(row: &Json) -> Made {
    let set = |name: &str| row[name].as_object();
    let (id_token, userinfo): (Option<&Map<_, _>>, _) = (set("id_token"), set("userinfo"));
    let claims = Claims { id_token, userinfo };
    with_cvat("", |told| for_claims(told, &claims).expect("CVAT speaks OpenID Connect"))
}

pub(crate) fn with_cvat(mapping: &str, make: impl FnOnce(&Told<'_, '_>) -> Made) -> Made {
    let text = format!("sso:\n  identity_providers:\n  - id: okta\n    protocol: SAML\n{mapping}");
    let document = Document::yaml("auth_config.yml", Arc::from(text), &yaml::Options::default())
        .expect("YAML");
    let deployment = Deployment { main: Some(Ok(document)), ..Deployment::default() };
    let app = App::by_id("cvat").expect("the application");
    let config = app.config(&deployment);
    let provider = &config.providers[0];
    make(&Told { app, deployment: &deployment, config: &config, provider })
}

/// An attribute with values.
fn attribute(name: &str, values: &[&str]) -> SentAttribute {
    SentAttribute {
        name: name.to_owned(),
        name_format: None,
        friendly_name: None,
        values: values.iter().map(|value| Some((*value).to_owned())).collect(),
    }
}

fn sent(attributes: &[(&str, &[&str])]) -> Sent {
    let attributes = attributes.iter().map(|(name, values)| attribute(name, values)).collect();
    Sent { name_id: None, attributes }
}

/// What an application makes of attributes: a main document, or parts only.
fn made(
    app: &str,
    main: Option<(FileKind, &str)>,
    parts: &[(FileKind, &str)],
    sent: &Sent,
) -> Made {
    let read = |kind, text: &str| {
        Document::read(kind, "a.json", Arc::from(text), &yaml::Options::default()).expect("a text")
    };
    let parts = parts.iter().map(|(kind, text)| Part {
        kind: *kind,
        reading: Arc::new(Ok(read(*kind, text))),
        exposure: Exposure::default(),
        is_judged: true,
    });
    let deployment = Deployment {
        main: main.map(|(kind, text)| Ok(read(kind, text))),
        main_kind: main.map_or(FileKind::Configuration, |(kind, _)| kind),
        parts: parts.collect(),
        ..Deployment::default()
    };
    let app = App::by_id(app).expect("the application");
    let config = app.config(&deployment);
    let provider = &config.providers[0];
    for_saml(&Told { app, deployment: &deployment, config: &config, provider }, sent)
}

fn names(made: &Made) -> Vec<&str> {
    made.objections.iter().map(|objection| objection.rule.name).collect()
}

const LABEL_STUDIO: &str = r#"{"domain": "acme.test", "metadata_url": "https://idp.corp.test/m",
  "mapping_email": "emailAddress", "mapping_first_name": "givenName", "mapping_last_name": "sn",
  "mapping_groups": "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
  "roles_groups": [["Annotator", "Staff"], ["Manager", "Leads"], ["Administrator", "admins"]],
  "workspaces_groups": [["Cats", "Staff"], ["Dogs", "Staff"], ["Cats", "Leads"]],
  "projects_groups": [{"project_id": 7, "group": "Staff", "role": "Annotator"},
    {"project_id": 7, "group": "Leads", "role": "Reviewer"}, {"project_id": 9, "group": "Other", "role": "Inherit"}]}"#;
const CLAIM: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/";

#[test]
fn label_studio_sees_attributes_under_the_names_of_pysaml2_and_gives_the_most_elevated_role() {
    let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
    let sent = sent(&[
        (&format!("{CLAIM}emailaddress"), &[" Ann@Acme.test "]),
        (&format!("{CLAIM}givenname"), &["Ann"]),
        (&format!("{CLAIM}surname"), &["Lee"]),
        (groups, &["Staff", "Leads", "Admins"]),
    ]);
    let made = made("label-studio", Some((FileKind::Settings, LABEL_STUDIO)), &[], &sent);
    let account = &made.account;
    assert_eq!(account.email.as_deref(), Some("ann@acme.test"));
    assert_eq!(account.first_name.as_deref(), Some("Ann"));
    assert_eq!(account.roles.as_deref(), Some(&["Manager".to_owned()][..]));
    assert_eq!(account.workspaces.as_deref(), Some(&["Cats".to_owned(), "Dogs".to_owned()][..]));
    assert_eq!(account.projects.as_deref(), Some(&["7: Reviewer".to_owned()][..]));
    assert_eq!(account.admin, Some(false));
    let [unmatched] = account.unmatched.as_slice() else { panic!("{:?}", account.unmatched) };
    assert_eq!((unmatched.name.as_str(), unmatched.nearest.as_deref()), ("sn", Some("surname")));
    assert!(account.remarks.iter().any(|remark| remark.contains("`Admins`")));
    assert_eq!(names(&made), ["id-case"]);
}

#[test]
fn label_studio_refuses_who_has_no_address_under_the_mapped_name() {
    let sent = sent(&[("email", &["ann@acme.test"])]);
    let made = made("label-studio", Some((FileKind::Settings, LABEL_STUDIO)), &[], &sent);
    assert_eq!(names(&made), ["id-attribute-missing"]);
    assert_eq!(made.objections[0].weight, Weight::Reject);
    let comparison = made.objections[0].comparison.as_ref().expect("two names");
    assert_eq!((comparison.expected.as_str(), comparison.got.as_str()), ("emailAddress", "email"));
}

#[test]
fn a_link_in_place_of_groups_is_told() {
    let link = "http://schemas.microsoft.com/claims/groups.link";
    let sent =
        sent(&[("emailAddress", &["ann@acme.test"]), (link, &["https://graph.windows.net/x"])]);
    let made = made("label-studio", Some((FileKind::Settings, LABEL_STUDIO)), &[], &sent);
    assert!(made.account.remarks.iter().any(|remark| remark.contains("too many")));
}

#[test]
fn manual_role_management_decides_what_happens_without_a_role() {
    let sent = sent(&[("emailAddress", &["ann@acme.test"])]);
    let main = Some((FileKind::Settings, LABEL_STUDIO));
    let remark = |parts: &[(FileKind, &str)], main| {
        let made = made("label-studio", main, parts, &sent);
        made.account.remarks.iter().any(|remark| remark.contains("Deactivated"))
    };
    assert!(!remark(&[], main));
    assert!(remark(&[(FileKind::Environment, "MANUAL_ROLE_MANAGEMENT=0\n")], main));
    let own = LABEL_STUDIO.replacen('{', "{\"manual_role_management\": true,", 1);
    let main = Some((FileKind::Settings, own.as_str()));
    assert!(!remark(&[(FileKind::Environment, "MANUAL_ROLE_MANAGEMENT=0\n")], main));
}

#[test]
fn clearml_takes_groups_by_their_common_name_and_admins_by_theirs() {
    let base = "CLEARML__secure__login__sso__saml_client__microsoft_ad__entity_id='\"clearml\"'\n\
        CLEARML__services__login__sso__saml_client__microsoft_ad__claims__email='\"emailAddress\"'\n\
        CLEARML__services__login__sso__saml_client__microsoft_ad__groups__enabled=true\n\
        CLEARML__services__login__sso__saml_client__microsoft_ad__groups__admins='[\"Leads\"]'\n";
    let sent = sent(&[
        ("objectidentifier", &["7b1c"]),
        ("displayname", &["Ann Lee"]),
        (&format!("{CLAIM}emailaddress"), &["ann@acme.test"]),
        ("groups", &["CN=Leads, OU=unit", "Staff"]),
    ]);
    let made_of = |text: &str| made("clearml", None, &[(FileKind::Environment, text)], &sent);
    let found = made_of(base);
    let account = &found.account;
    assert_eq!(account.uid.as_deref(), Some("7b1c"));
    assert_eq!(account.display_name.as_deref(), Some("Ann Lee"));
    assert_eq!(account.email.as_deref(), Some("ann@acme.test"));
    assert_eq!(account.groups.as_deref(), Some(&["Leads".to_owned(), "Staff".to_owned()][..]));
    assert_eq!(account.admin, Some(true));
    assert_eq!(names(&found), [""; 0]);
    assert!(account.remarks.iter().any(|remark| remark.contains("default_company")));
    let filtered =
        format!("{base}CLEARML__services__login__email_filters__allowed='[\"me.test\"]'\n");
    assert_eq!(names(&made_of(&filtered)), ["id-domain"]);
    let filtered = filtered.replace("me.test\"", "acme.test\"");
    assert_eq!(names(&made_of(&filtered)), [""; 0]);
    let wrong = base.replace("\"emailAddress\"", "\"emailaddress\"");
    let found = made_of(&wrong);
    assert_eq!(names(&found), ["id-attribute-missing"]);
    assert_eq!(found.account.unmatched[0].nearest.as_deref(), Some("emailAddress"));
}

#[test]
fn calabi_gives_roles_by_its_sheet_and_the_default_role_to_the_rest() {
    let sheet = "calabi:\n  domain: calabi.acme.test\n  providers:\n  - display_name: Okta\n    attributes: {email: email, first_name: firstName, last_name: lastName, groups: groups}\n    default_role: Viewer\n    group_mappings:\n    - {group: Stewards, role: Data Steward}\n    - {group: Admins, role: Admin}\n";
    let base: &[(&str, &[&str])] =
        &[("email", &["ann@acme.test"]), ("firstName", &["Ann"]), ("lastName", &["Lee"])];
    let roles = |groups: &[&str]| {
        let all: Vec<(&str, &[&str])> = base.iter().copied().chain([("groups", groups)]).collect();
        let made = made("calabi", Some((FileKind::Configuration, sheet)), &[], &sent(&all));
        assert_eq!(made.account.username.as_deref(), Some("ann@acme.test"));
        (made.account.roles.expect("roles"), made.account.admin)
    };
    assert_eq!(roles(&["Stewards", "x"]), (vec!["Data Steward".to_owned()], Some(false)));
    assert_eq!(roles(&["Admins"]), (vec!["Admin".to_owned()], Some(true)));
    assert_eq!(roles(&["admins"]), (vec!["Viewer".to_owned()], Some(false)));
    let made = made("calabi", Some((FileKind::Configuration, sheet)), &[], &sent(&base[..2]));
    assert_eq!(names(&made), ["id-attribute-missing"]);
}

#[test]
fn a_transient_name_makes_a_new_account_at_every_login() {
    let sent = Sent {
        name_id: Some(SentName {
            value: "_8c1f".to_owned(),
            format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:transient".to_owned()),
        }),
        attributes: vec![attribute("mail", &["ann@acme.test"])],
    };
    let made = with_cvat("    attribute_mapping: {email: mail, username: Mail}\n", |told| {
        for_saml(told, &sent)
    });
    assert_eq!(names(&made), ["id-unusable"]);
    assert_eq!(made.objections[0].weight, Weight::Warning);
    assert_eq!(made.account.fallbacks[0].from, "NameID");
    let [unmatched] = made.account.unmatched.as_slice() else { panic!("{:?}", made.account) };
    assert_eq!(unmatched.nearest.as_deref(), Some("mail"));
}
