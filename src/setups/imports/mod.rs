//! Files that a console or an API takes instead of typing. All JSON is built, never pasted together.

use serde_json::Value;

use crate::model::Protocol;
use crate::setups::AppSetting;
use crate::setups::values::Values;
use crate::sheet::Import;

mod auth0;
mod entra;
mod keycloak;
mod label_studio;
mod okta;

/// All files of a cell.
pub(in crate::setups) fn all(values: &Values<'_>, settings: &[AppSetting]) -> Vec<Import> {
    let saml = values.cell.protocol == Protocol::Saml;
    let oidc = values.cell.protocol == Protocol::Oidc;
    let mut imports = match values.cell.idp.id {
        "auth0" if saml => auth0::saml(values),
        "auth0" if oidc => auth0::oidc(values),
        "entra" if saml => entra::saml(values),
        "entra" if oidc => entra::oidc(values),
        "keycloak" if saml => keycloak::saml(values),
        "keycloak" if oidc => keycloak::oidc(values),
        "okta" if saml => okta::saml(values),
        "okta" if oidc => okta::oidc(values),
        _ => Vec::new(),
    };
    if values.cell.app.id == "label-studio" {
        imports.extend(label_studio::settings(values, settings));
    }
    imports
}

/// The settings document that is pasted into a field of the console.
pub(in crate::setups) fn pasted(values: &Values<'_>) -> Option<String> {
    (values.cell.idp.id == "auth0").then(|| text(&auth0::addon(values)))
}

/// A document as a file holds it.
fn text(document: &Value) -> String {
    let text = serde_json::to_string_pretty(document);
    text.expect("a document of texts and numbers can be written") + "\n"
}

/// A file of JSON.
fn json(file_name: &'static str, place: &str, document: &Value) -> Import {
    Import { file_name, place: place.to_owned(), text: text(document) }
}
