//! Label Studio: from the body of its settings API and its environment to a configuration.

use crate::apps::{App, cvat};
use crate::deployment::{Deployment, FileKind};
use crate::model::Config;
use crate::syntax::tree::NodeRef;

/// What Label Studio finds in its settings and its environment.
pub(super) fn config<'t>(_: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let root = deployment.document().and_then(|document| document.tree.root());
    Config { root, environment: cvat::environment(deployment), ..Config::default() }
}

/// SAML settings by their own keys; an answer of the API by the addresses that it computed; tables
/// alone can belong to either side, and are taken for SAML settings unless the file's name says SCIM.
pub(super) fn recognise(app: &'static App, root: NodeRef<'_>, file_name: &str) -> Option<FileKind> {
    let has = |key: &str| root.get(key).is_some();
    let is_own = app.recognise.keys.iter().any(|key| has(key))
        || (has("metadata_url") && has("domain"))
        || (has("metadata_xml") && has("domain"));
    if !is_own {
        return None;
    }
    let mut keys = root.pairs().into_iter().flatten().map(|(key, _)| key.key_text());
    let has_tables_only = keys.all(|key| key.is_some_and(|key| key.ends_with("s_groups")));
    if has_tables_only && file_name.to_ascii_lowercase().contains("scim") {
        return Some(FileKind::Scim);
    }
    let computed = ["acs_url", "login_url", "logout_url", "metadata_xml_url", "token"];
    let count = computed.iter().filter(|key| has(key)).count();
    Some(if count >= 2 { FileKind::Answer } else { FileKind::Settings })
}
