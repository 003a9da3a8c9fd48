//! Label Studio: from the body of its settings API and its environment to a configuration.

use std::sync::Arc;

use crate::apps::App;
use crate::apps::cvat::{self, recognised, settings};
use crate::apps::label_studio_saml::{TABLES, facts};
use crate::deployment::{Deployment, Document, FileKind};
use crate::idps::{self, Idp};
use crate::model::{Config, Protocol, Provider, Role, Setting};
use crate::saml::metadata;
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;
use crate::xml::Limits;

/// What Label Studio finds in its settings and its environment.
pub(super) fn config<'t>(app: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let root = deployment.document().and_then(|document| document.tree.root());
    let path = Arc::new(KeyPath::default());
    let map = root.filter(|root| root.entries().is_some());
    let provider = map.map(|root| {
        let settings = settings(&app.provider_settings, Some(root), &path);
        let mapping = self::settings(&app.fields, Some(root), &path);
        let idp = idp(&settings);
        let (node, protocol) = (Some(root), Some(Protocol::Saml));
        Provider { node, path: Arc::clone(&path), idp, protocol, settings, mapping }
    });
    let scim = deployment.of_kind(FileKind::Scim).filter(|(part, _)| part.is_judged);
    Config {
        root,
        settings: scim.flat_map(|(_, document)| scim_settings(app, document)).collect(),
        providers: provider.into_iter().collect(),
        environment: cvat::environment(deployment),
        ..Config::default()
    }
}

/// The tables of the SCIM side.
fn scim_settings<'t>(app: &'static App, document: &'t Document) -> Vec<Setting<'t>> {
    let found = settings(&app.settings, document.tree.root(), &Arc::new(KeyPath::default()));
    let placed = |setting| Setting { source: Some(&document.source), ..setting };
    found.into_iter().filter(|setting| setting.entry.is_some()).map(placed).collect()
}

/// The identity provider that the metadata's address gives away, else the metadata, else the preset.
fn idp(settings: &[Setting<'_>]) -> &'static Idp {
    let by_address = recognised(settings);
    if !by_address.is_generic() {
        return by_address;
    }
    let text = |role| settings.iter().find(|setting| setting.card.role == role)?.text();
    let by_metadata = text(Role::MetadataXml).and_then(|xml| {
        let metadata = metadata::read(xml, Limits::default()).ok()?;
        let entity = metadata.identity_providers().next()?;
        Some(idps::recognise(&entity.entity_id.value))
    });
    let by_preset = || {
        let key = text(Role::Preset)?;
        let preset = facts().presets.iter().find(|preset| preset.key == key)?;
        idps::by_id(&preset.idp)
    };
    by_metadata.filter(|idp| !idp.is_generic()).or_else(by_preset).unwrap_or(by_address)
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
    let is_table = |key: &str| TABLES.contains(&key);
    let saml_keys = app.provider_settings.iter().chain(&app.fields).map(|card| card.key.as_str());
    let has_tables_only = !saml_keys.filter(|key| !is_table(key)).any(has);
    if has_tables_only && file_name.to_ascii_lowercase().contains("scim") {
        return Some(FileKind::Scim);
    }
    let computed = ["acs_url", "login_url", "logout_url", "metadata_xml_url", "token"];
    let count = computed.iter().filter(|key| has(key)).count();
    Some(if count >= 2 { FileKind::Answer } else { FileKind::Settings })
}
