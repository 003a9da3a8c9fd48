//! A Keycloak client, as Clients > Import client takes it.

use serde_json::{Value, json};

use crate::setups::attributes::{self, Mapped};
use crate::setups::imports::json;
use crate::setups::values::Values;
use crate::sheet::Import;

pub(super) fn oidc(values: &Values<'_>) -> Vec<Import> {
    let mut client = json!({
        "clientId": values.fill("{suggested_client_id}"),
        "name": values.fill("{app_name}"),
        "protocol": "openid-connect",
        "enabled": true,
        "publicClient": false,
        "standardFlowEnabled": true,
        "implicitFlowEnabled": false,
        "directAccessGrantsEnabled": false,
        "baseUrl": values.fill("{base}"),
        "redirectUris": [values.fill("{redirect_uri}")],
        "webOrigins": [values.fill("{base}")],
    });
    if values.cell.app.id == "clearml" {
        client["protocolMappers"] = json!([{
            "name": "groups",
            "protocol": "openid-connect",
            "protocolMapper": "oidc-group-membership-mapper",
            "config": {
                "claim.name": "groups",
                "full.path": "false",
                "id.token.claim": "true",
                "access.token.claim": "true",
                "userinfo.token.claim": "true",
            },
        }]);
    }
    vec![json("keycloak-client.json", PLACE, &client)]
}

pub(super) fn saml(values: &Values<'_>) -> Vec<Import> {
    let mappers: Value = attributes::mapped(values.cell).iter().filter_map(mapper).collect();
    let sign_both = (values.cell.app_side.sign == "both").to_string();
    let client = json!({
        "clientId": values.fill("{sp_entity_id}"),
        "name": values.fill("{app_name}"),
        "protocol": "saml",
        "enabled": true,
        "frontchannelLogout": true,
        "baseUrl": values.fill("{base}"),
        "redirectUris": [values.fill("{acs}")],
        "attributes": {
            "saml_assertion_consumer_url_post": values.fill("{acs}"),
            "saml.client.signature": "false",
            "saml.server.signature": "true",
            "saml.assertion.signature": sign_both,
            "saml.signature.algorithm": "RSA_SHA256",
            "saml.encrypt": "false",
            "saml.force.post.binding": "true",
            "saml.authnstatement": "true",
            "saml_name_id_format": "email",
            "saml_force_name_id_format": "true",
        },
        "protocolMappers": mappers,
    });
    vec![json("keycloak-client.json", PLACE, &client)]
}

fn mapper(mapped: &Mapped) -> Option<Value> {
    let basic = |config: Value| {
        let mut config = config;
        config["attribute.nameformat"] = Value::from("Basic");
        config["attribute.name"] = Value::from(mapped.name);
        config["friendly.name"] = Value::from(mapped.name);
        config
    };
    if mapped.field == "groups" {
        let config = basic(json!({"single": "true", "full.path": "false"}));
        return Some(json!({
            "name": mapped.name,
            "protocol": "saml",
            "protocolMapper": "saml-group-membership-mapper",
            "config": config,
        }));
    }
    Some(json!({
        "name": mapped.name,
        "protocol": "saml",
        "protocolMapper": "saml-user-property-mapper",
        "config": basic(json!({"user.attribute": mapped.source?})),
    }))
}

const PLACE: &str = "Clients > Import client";
