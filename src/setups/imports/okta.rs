//! An Okta application, as its API takes it.

use serde_json::{Value, json};

use crate::setups::attributes::{self, Mapped};
use crate::setups::imports::json;
use crate::setups::values::Values;
use crate::sheet::Import;

pub(super) fn oidc(values: &Values<'_>) -> Vec<Import> {
    let application = json!({
        "name": "oidc_client",
        "label": values.fill("{app_name}"),
        "signOnMode": "OPENID_CONNECT",
        "credentials": {
            "oauthClient": {"token_endpoint_auth_method": "client_secret_post"},
        },
        "settings": {
            "oauthClient": {
                "application_type": "web",
                "client_uri": values.fill("{base}"),
                "redirect_uris": [values.fill("{redirect_uri}")],
                "response_types": ["code"],
                "grant_types": ["authorization_code"],
            },
        },
    });
    vec![json("okta-application.json", PLACE, &application)]
}

pub(super) fn saml(values: &Values<'_>) -> Vec<Import> {
    let acs = values.fill("{acs}");
    let mapped = attributes::mapped(values.cell);
    let statements: Value = mapped.iter().filter_map(|one| statement(values, one)).collect();
    let is_email = values.cell.app_side.name_id == "email";
    let format = if is_email { "emailAddress" } else { "unspecified" };
    let application = json!({
        "label": values.fill("{app_name}"),
        "signOnMode": "SAML_2_0",
        "settings": {
            "signOn": {
                "ssoAcsUrl": &acs,
                "recipient": &acs,
                "destination": &acs,
                "audience": values.fill("{sp_entity_id}"),
                "idpIssuer": "http://www.okta.com/${org.externalKey}",
                "subjectNameIdTemplate": if is_email { "${user.email}" } else { "${user.userName}" },
                "subjectNameIdFormat":
                    format!("urn:oasis:names:tc:SAML:1.1:nameid-format:{format}"),
                "responseSigned": true,
                "assertionSigned": true,
                "signatureAlgorithm": "RSA_SHA256",
                "digestAlgorithm": "SHA256",
                "honorForceAuthn": true,
                "authnContextClassRef":
                    "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
                "attributeStatements": statements,
            },
        },
    });
    vec![json("okta-application.json", PLACE, &application)]
}

/// Optional attributes are left out: Okta refuses an expression over an attribute that the profile
/// does not have.
fn statement(values: &Values<'_>, mapped: &Mapped) -> Option<Value> {
    if mapped.field == "groups" {
        return Some(json!({
            "type": "GROUP",
            "name": mapped.name,
            "namespace": BASIC,
            "filterType": "REGEX",
            "filterValue": values.fill("{group_filter}"),
        }));
    }
    let source = mapped.source.filter(|_| !mapped.optional)?;
    Some(json!({
        "type": "EXPRESSION",
        "name": mapped.name,
        "namespace": BASIC,
        "values": [source],
    }))
}

const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
const PLACE: &str = "Okta API, POST /api/v1/apps";
