//! CVAT: from `auth_config.yml` and its environment to a configuration.

use std::sync::Arc;

use crate::apps::{App, meant_card};
use crate::deployment::{Deployment, Document, FileKind};
use crate::idps::{self, Idp};
use crate::model::{Config, Environment, Protocol, Provider, Role, Setting, SettingCard};
use crate::source::KeyPath;
use crate::syntax::tree::{NodeRef, Style};

/// What CVAT finds in its file and its environment.
pub(super) fn config<'t>(app: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let root = deployment.document().and_then(|document| document.tree.root());
    let sso = root.and_then(|root| root.get("sso"));
    let path = Arc::new(KeyPath::default().key("sso"));
    let settings = settings(&app.settings, sso, &path);
    let providers = sso.and_then(|sso| sso.get("identity_providers")).map(|list| {
        let path = path.key("identity_providers");
        let items = list.items().into_iter().flatten().enumerate();
        items.filter_map(|(index, item)| provider(app, item, path.index(index))).collect()
    });
    let social = root.map(|root| social(app, root)).unwrap_or_default();
    Config {
        root,
        settings: settings.into_iter().chain(social).collect(),
        providers: providers.unwrap_or_default(),
        environment: environment(deployment),
        base_url: None,
    }
}

/// Whether a document holds one of CVAT's sections with keys that hardly another program has, or
/// carries CVAT's file into a cluster.
pub(super) fn recognise(app: &'static App, root: NodeRef<'_>, _: &str) -> Option<FileKind> {
    let own = |map: NodeRef<'_>| {
        map.pairs().into_iter().flatten().any(|(key, _)| {
            key.key_text().is_some_and(|key| app.recognise.keys.iter().any(|own| is_near(key, own)))
        })
    };
    let social = root.get("social_account").is_some_and(|map| map.entries().is_some());
    let is_own = social || own(root) || root.get("sso").is_some_and(own);
    if is_own { Some(FileKind::Configuration) } else { cluster_kind(root) }
}

/// A secret that holds CVAT's file, or chart values that mount it.
fn cluster_kind(root: NodeRef<'_>) -> Option<FileKind> {
    let text = |key: &str| root.get(key)?.scalar().map(|scalar| scalar.text.as_str());
    if text("kind") == Some("Secret") && text("apiVersion").is_some() {
        let speaks = |map: NodeRef<'_>| {
            let mut keys = map.pairs().into_iter().flatten().filter_map(|(key, _)| key.key_text());
            keys.any(is_about_file)
        };
        let holds = ["stringData", "data"].into_iter().filter_map(|key| root.get(key)).any(speaks);
        return holds.then_some(FileKind::Kubernetes);
    }
    let mounts = server_values(root)?.get("additionalVolumeMounts")?;
    let mut scalars = mounts.items()?.flat_map(|mount| mount.pairs().into_iter().flatten());
    scalars
        .any(|(_, value)| value.scalar().is_some_and(|scalar| is_about_file(&scalar.text)))
        .then_some(FileKind::Helm)
}

/// The part of the chart's values that is about the server: the chart of the community edition is a
/// chart within the chart.
pub fn server_values(root: NodeRef<'_>) -> Option<NodeRef<'_>> {
    let mut node = root;
    for _ in 0..2 {
        match inner_of(node) {
            Some(below) => node = below,
            None => break,
        }
    }
    node.get("backend")?.get("server")
}

fn inner_of(node: NodeRef<'_>) -> Option<NodeRef<'_>> {
    node.get("cvat").filter(|map| map.entries().is_some())
}

/// Whether a name is that of CVAT's file, or nearly so.
pub fn is_about_file(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains("auth_config") || name.contains("auth-config")
}

fn is_near(key: &str, own: &str) -> bool {
    key == own || (own.len() > 10 && strsim::damerau_levenshtein(key, own) <= 2)
}

/// The settings of one map: each card with its entry, or with the unknown key that means it.
pub(super) fn settings<'t>(
    cards: &'static [SettingCard],
    map: Option<NodeRef<'t>>,
    path: &Arc<KeyPath>,
) -> Vec<Setting<'t>> {
    let find = |card: &'static SettingCard| {
        Setting::new(card, path, map.and_then(|map| map.entry(&card.key)))
    };
    let mut settings: Vec<Setting<'t>> = cards.iter().map(find).collect();
    for (key, value) in map.and_then(NodeRef::pairs).into_iter().flatten() {
        let unknown = key.key_text().filter(|key| cards.iter().all(|card| card.key != *key));
        let Some(meant) = unknown.and_then(|key| meant_card(cards, key)) else { continue };
        let absent = settings.iter_mut().find(|setting| setting.card.key == meant.key);
        if let Some(setting) = absent.filter(|setting| setting.entry.is_none()) {
            *setting = Setting::misspelt(meant, path, (key, value));
        }
    }
    settings
}

fn provider<'t>(app: &'static App, node: NodeRef<'t>, path: KeyPath) -> Option<Provider<'t>> {
    node.entries()?;
    let path = Arc::new(path);
    let settings = settings(&app.provider_settings, Some(node), &path);
    let protocol = settings.iter().find(|setting| setting.card.role == Role::Protocol);
    let protocol = protocol.and_then(Setting::text).and_then(meant_protocol);
    let map = node.get("attribute_mapping");
    let mapping_path = Arc::new(path.key("attribute_mapping"));
    let mapping = self::settings(&app.fields, map, &mapping_path);
    let idp = recognised(&settings);
    Some(Provider { node: Some(node), path, idp, protocol, settings, mapping })
}

/// The identity provider that addresses and entity id give away.
pub(super) fn recognised(settings: &[Setting<'_>]) -> &'static Idp {
    let names_idp =
        |role| matches!(role, Role::IssuerUrl | Role::EntityId | Role::MetadataUrl | Role::SsoUrl);
    let named = settings.iter().filter(|setting| names_idp(setting.card.role));
    let mut known = named.filter_map(Setting::written_text).map(idps::recognise);
    known.find(|idp| !idp.is_generic()).unwrap_or_else(|| idps::recognise(""))
}

/// The protocol that a word plainly means, in whatever case it is written.
fn meant_protocol(word: &str) -> Option<Protocol> {
    [Protocol::Oidc, Protocol::Saml]
        .into_iter()
        .find(|protocol| word.trim().eq_ignore_ascii_case(protocol.name()))
}

/// The settings of logins with social accounts that are there.
fn social<'t>(app: &'static App, root: NodeRef<'t>) -> Vec<Setting<'t>> {
    let path = KeyPath::default().key("social_account");
    let sections = root.get("social_account").and_then(NodeRef::pairs).into_iter().flatten();
    let maps = sections.filter_map(|(key, map)| Some((Arc::new(path.key(key.key_text()?)), map)));
    let found = maps.flat_map(|(path, map)| settings(&app.social, Some(map), &path));
    found.filter(|setting| setting.entry.is_some()).collect()
}

/// The variables that the environment files of a deployment set.
pub(super) fn environment(deployment: &Deployment) -> Environment {
    let mut environment = Environment::default();
    for document in deployment.environment_documents() {
        environment.given = true;
        add_variables(&mut environment, document);
    }
    environment
}

fn add_variables(environment: &mut Environment, document: &Document) {
    let entries = document.tree.root().and_then(NodeRef::entries).unwrap_or_default();
    for entry in entries {
        let key = document.tree.node(entry.key);
        let value = NodeRef { tree: &document.tree, id: entry.value };
        let Some(scalar) = value.scalar() else { continue };
        let name = &document.source.text()[key.span.range()];
        let expands = scalar.style != Style::SingleQuoted;
        environment.set(name, &scalar.text, expands, &document.source, value.span());
    }
}
