//! Calabi: from the sheet that records its admin forms to a configuration.

use std::sync::Arc;

use serde::Deserialize;

use crate::apps::cvat::{recognised, settings};
use crate::apps::{App, meant_card};
use crate::deployment::{Deployment, FileKind};
use crate::idps;
use crate::model::{Config, Protocol, Provider, Setting, SettingCard};
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;

/// What only Calabi has, as its data file says it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    /// The roles that its forms offer.
    pub roles: Fact<Vec<String>>,
    /// The role with the fewest rights.
    pub least_role: Fact<String>,
    /// The role with all rights.
    pub most_role: Fact<String>,
    /// How long a session may last.
    pub lifetime: Range,
    /// How long a session may be idle.
    pub idle_timeout: Range,
    /// The words for multi-factor authentication.
    pub mfa: Fact<Vec<String>>,
    /// Identity providers that are supported without SCIM.
    pub without_scim: Fact<Vec<String>>,
    /// Identity providers that never sign both response and assertion.
    pub signs_one_only: Fact<Vec<String>>,
}

/// One thing known of Calabi.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact<T> {
    /// What is known.
    pub value: T,
    /// Where it is described.
    pub source: String,
}

/// The lengths of time that a form takes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The shortest and the longest, in minutes.
    pub minutes: [u64; 2],
    /// Where they are described.
    pub source: String,
}

/// The settings of one map of the sheet: one for each key that it knows, absent ones included.
#[derive(Debug)]
pub struct Section<'t>(pub Vec<Setting<'t>>);

impl<'t> Section<'t> {
    /// The settings of a map by its name in the data file.
    pub fn new(name: &str, map: Option<NodeRef<'t>>, path: KeyPath) -> Self {
        Self(settings(cards(name), map, &Arc::new(path)))
    }

    /// The setting under a key.
    pub fn setting(&self, key: &str) -> &Setting<'t> {
        self.0.iter().find(|setting| setting.card.key == key).expect("a key of the data file")
    }

    /// The setting under a key, where it has an honest text.
    pub fn text(&self, key: &str) -> Option<(&Setting<'t>, &'t str)> {
        let setting = self.setting(key);
        Some((setting, setting.text()?))
    }
}

/// A map or list of maps inside another map of the sheet.
#[derive(Debug)]
pub struct Nested {
    /// The name of the outer map.
    pub outer: &'static str,
    /// The key under which it stands there.
    pub key: &'static str,
    /// Its own name.
    pub name: &'static str,
}

/// How the maps of the sheet lie in each other.
pub const NESTED: [Nested; 9] = [
    Nested { outer: "calabi", key: "providers", name: "provider" },
    Nested { outer: "calabi", key: "scim", name: "scim" },
    Nested { outer: "calabi", key: "session", name: "session" },
    Nested { outer: "provider", key: "attributes", name: "attributes" },
    Nested { outer: "provider", key: "group_mappings", name: "mapping" },
    Nested { outer: "provider", key: "registered", name: "registered" },
    Nested { outer: "registered", key: "attributes", name: "sent" },
    Nested { outer: "registered", key: "signing", name: "signing" },
    Nested { outer: "scim", key: "token", name: "token" },
];

/// The settings that a map of the sheet knows, by its name.
pub fn cards(name: &str) -> &'static [SettingCard] {
    let app = App::by_id("calabi").expect("Calabi is an application of the list");
    match name {
        "calabi" => &app.settings,
        "provider" => &app.provider_settings,
        "attributes" => &app.fields,
        name => app.sections.get(name).expect("a section of the data file"),
    }
}

/// What only Calabi has.
pub fn facts() -> &'static Facts {
    let app = App::by_id("calabi").expect("Calabi is an application of the list");
    app.calabi.as_ref().expect("Calabi's data file has its facts")
}

/// What is registered at the identity provider.
pub fn registered<'t>(provider: &Provider<'t>) -> Section<'t> {
    let map = provider.node.and_then(|node| node.get("registered"));
    Section::new("registered", map, provider.path.key("registered"))
}

/// What the identity provider signs.
pub fn signing<'t>(provider: &Provider<'t>) -> Section<'t> {
    let map = provider.node.and_then(|node| node.get("registered")?.get("signing"));
    Section::new("signing", map, provider.path.key("registered").key("signing"))
}

/// The attributes that the identity provider sends, in the order of the text.
pub fn sent<'t>(provider: &Provider<'t>) -> Vec<Section<'t>> {
    let list = provider.node.and_then(|node| node.get("registered")?.get("attributes"));
    rows("sent", list, &provider.path.key("registered").key("attributes"))
}

/// The rows of the table of groups and roles, in the order of the text.
pub fn mappings<'t>(provider: &Provider<'t>) -> Vec<Section<'t>> {
    let list = provider.node.and_then(|node| node.get("group_mappings"));
    rows("mapping", list, &provider.path.key("group_mappings"))
}

/// The settings of a map right below `calabi`.
pub fn section<'t>(root: Option<NodeRef<'t>>, name: &str) -> Section<'t> {
    let map = root.and_then(|root| root.get("calabi")?.get(name));
    Section::new(name, map, KeyPath::default().key("calabi").key(name))
}

/// What the sheet says that Calabi was told.
pub(super) fn config<'t>(app: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let root = deployment.document().and_then(|document| document.tree.root());
    let sheet = root.and_then(|root| root.get("calabi"));
    let path = KeyPath::default().key("calabi");
    let list = sheet.and_then(|sheet| sheet.get("providers"));
    let items = list.and_then(NodeRef::items).into_iter().flatten().enumerate();
    let list_path = path.key("providers");
    let providers: Vec<Provider<'t>> = items
        .take(MOST_PROVIDERS)
        .filter_map(|(index, item)| provider(app, item, list_path.index(index)))
        .collect();
    let mut all = settings(&app.settings, sheet, &Arc::new(path));
    let base_url = all.iter().find(|setting| setting.card.key == "domain").and_then(base_url);
    for name in ["scim", "session"] {
        all.extend(section(root, name).0);
    }
    // What is registered elsewhere is no address of the provider, so it stands apart from it.
    for provider in &providers {
        all.extend(registered(provider).0);
        let rows = mappings(provider).into_iter().chain(sent(provider));
        all.extend(rows.flat_map(|row| row.0));
    }
    Config { root, settings: all, providers, base_url, ..Config::default() }
}

/// A sheet has one section, named after the application, with one of its keys.
pub(super) fn recognise(app: &'static App, root: NodeRef<'_>, name: &str) -> Option<FileKind> {
    let mut keys = root.get("calabi")?.pairs()?.filter_map(|(key, _)| key.key_text());
    let is_named = name.to_ascii_lowercase().contains("calabi");
    let is_own =
        is_named || keys.any(|key| meant_card(&app.settings, key).is_some() || own(app, key));
    is_own.then_some(FileKind::Configuration)
}

fn own(app: &App, key: &str) -> bool {
    app.settings.iter().any(|card| card.key == key)
}

fn provider<'t>(app: &'static App, node: NodeRef<'t>, path: KeyPath) -> Option<Provider<'t>> {
    node.entries()?;
    let path = Arc::new(path);
    let settings = settings(&app.provider_settings, Some(node), &path);
    let fields = Arc::new(path.key("attributes"));
    let mapping = self::settings(&app.fields, node.get("attributes"), &fields);
    let named = settings.iter().find(|setting| setting.card.key == "idp");
    let named = named.and_then(Setting::text).and_then(idps::named);
    let idp = named.unwrap_or_else(|| recognised(&settings));
    let protocol = Some(Protocol::Saml);
    Some(Provider { node: Some(node), path, idp, protocol, settings, mapping })
}

fn rows<'t>(name: &str, list: Option<NodeRef<'t>>, path: &KeyPath) -> Vec<Section<'t>> {
    let items = list.and_then(NodeRef::items).into_iter().flatten().enumerate();
    let maps = items.filter(|(_, item)| item.entries().is_some());
    let maps = maps.take(MOST_ROWS);
    maps.map(|(index, item)| Section::new(name, Some(item), path.index(index))).collect()
}

/// The address of Calabi: its domain is written without a scheme, but not by everybody.
fn base_url(domain: &Setting<'_>) -> Option<String> {
    let text = domain.text().or_else(|| domain.written_text())?.trim();
    let host = text.split_once("://").map_or(text, |(_, rest)| rest).trim_end_matches('/');
    let is_host =
        !host.is_empty() && host.chars().all(|c| c.is_alphanumeric() || ".-:[]".contains(c));
    is_host.then(|| format!("https://{host}"))
}

/// More than anybody has: aliases can make many out of few lines.
const MOST_PROVIDERS: usize = 100;
/// Rows of one table that are looked at, for the same reason.
const MOST_ROWS: usize = 1000;
