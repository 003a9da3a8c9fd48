//! An Auth0 application, as the Management API takes it, and the settings of its SAML add-on.

use serde_json::{Map, Value, json};

use crate::setups::attributes;
use crate::setups::imports::json;
use crate::setups::values::Values;
use crate::sheet::Import;

pub(super) fn oidc(values: &Values<'_>) -> Vec<Import> {
    let client = json!({
        "name": values.fill("{app_name}"),
        "app_type": "regular_web",
        "oidc_conformant": true,
        "callbacks": [values.fill("{redirect_uri}")],
        "grant_types": ["authorization_code"],
        "token_endpoint_auth_method": "client_secret_post",
        "jwt_configuration": {"alg": "RS256"},
    });
    vec![json("auth0-client.json", CLIENT, &client)]
}

pub(super) fn saml(values: &Values<'_>) -> Vec<Import> {
    let addon = addon(values);
    let client = json!({
        "name": values.fill("{app_name}"),
        "app_type": "regular_web",
        "callbacks": [values.fill("{acs}")],
        "addons": {"samlp": addon.clone()},
    });
    vec![json("auth0-saml-addon.json", ADDON, &addon), json("auth0-client.json", CLIENT, &client)]
}

/// The settings of the add-on SAML2 WEB APP.
pub(super) fn addon(values: &Values<'_>) -> Value {
    let acs = values.fill("{acs}");
    let mapped = attributes::mapped(values.cell);
    let mappings: Map<String, Value> = mapped
        .iter()
        .filter_map(|one| Some((one.source?.to_owned(), Value::from(one.name))))
        .collect();
    let mut addon = json!({
        "audience": values.fill("{sp_entity_id}"),
        "recipient": &acs,
        "destination": &acs,
        "mappings": mappings,
        "createUpnClaim": false,
        "passthroughClaimsWithNoMapping": false,
        "mapIdentities": false,
        "signatureAlgorithm": "rsa-sha256",
        "digestAlgorithm": "sha256",
    });
    let side = values.cell.app_side;
    // With it Auth0 signs the response in the assertion's place, never both.
    if side.sign == "both" && side.sign_one == "response" {
        addon["signResponse"] = Value::from(true);
    }
    if side.name_id == "email" {
        addon["nameIdentifierFormat"] = Value::from(EMAIL_FORMAT);
        let probes = mapped.iter().filter(|one| one.field == "email").map(|one| one.name);
        addon["nameIdentifierProbes"] = probes.collect();
    }
    addon
}

const ADDON: &str = "Applications > Addons > SAML2 WEB APP > Settings (JSON)";
const CLIENT: &str = "Auth0 Management API, POST /api/v2/clients";
const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
