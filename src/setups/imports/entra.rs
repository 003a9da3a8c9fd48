//! The part of an Entra application's manifest that the sheet decides.

use serde_json::{Value, json};

use crate::setups::attributes;
use crate::setups::imports::json;
use crate::setups::values::Values;
use crate::sheet::Import;

pub(super) fn oidc(values: &Values<'_>) -> Vec<Import> {
    let mut manifest = json!({
        "displayName": values.fill("{app_name}"),
        "signInAudience": "AzureADMyOrg",
        "web": {
            "redirectUris": [values.fill("{redirect_uri}")],
        },
    });
    if values.cell.app.id == "clearml" {
        let claims = ["email", "preferred_username", "upn"];
        let claims: Value = claims.iter().map(|name| json!({"name": name})).collect();
        manifest["web"]["implicitGrantSettings"] = json!({"enableAccessTokenIssuance": true});
        manifest["optionalClaims"] = json!({"accessToken": claims});
    }
    vec![json("entra-manifest.json", PLACE, &manifest)]
}

pub(super) fn saml(values: &Values<'_>) -> Vec<Import> {
    let mut manifest = json!({
        "displayName": values.fill("{app_name}"),
        "identifierUris": [values.fill("{sp_entity_id}")],
        "web": {
            "redirectUris": [values.fill("{acs}")],
        },
    });
    if attributes::groups(values.cell).is_some() {
        manifest["groupMembershipClaims"] = Value::from("ApplicationGroup");
    }
    vec![json("entra-manifest.json", PLACE, &manifest)]
}

const PLACE: &str = "App registrations > Manifest: take these entries over; claims and signing of \
     SAML stand in the enterprise application and are set there";
