//! The accounts of CVAT against those that django-allauth 65.21.1 made of the same cases.

use std::fs;
use std::sync::Arc;

use serde_json::{Map, Value as Json};
use ssoctl::account::{
    Account, Claims, Made, Objection, Sent, SentAttribute, SentName, Told, for_claims, for_saml,
};
use ssoctl::apps::App;
use ssoctl::deployment::{Deployment, Document};
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

fn with_cvat(mapping: &str, make: impl FnOnce(&Told<'_, '_>) -> Made) -> Made {
    let text = format!("sso:\n  identity_providers:\n  - id: okta\n    protocol: SAML\n{mapping}");
    let document = Document::yaml("auth_config.yml", Arc::from(text), &yaml::Options::default())
        .expect("YAML");
    let deployment = Deployment { main: Some(Ok(document)), ..Deployment::default() };
    let app = App::by_id("cvat").expect("the application");
    let config = app.config(&deployment);
    let provider = &config.providers[0];
    make(&Told { app, deployment: &deployment, config: &config, provider })
}
