//! ClearML: from the variables and files of its server to a configuration.

pub mod keys;
mod server;
mod value;

pub use server::{Entry, Given, PREFIXES, Server, is_read_under, path_of};
pub use value::Value;

use std::sync::Arc;

use crate::apps::App;
use crate::apps::clearml::keys::{Family, KeyCard};
use crate::deployment::{Deployment, FileKind};
use crate::idps;
use crate::model::{Config, Kind as CardKind, Protocol, Provider, Role, Setting, SettingCard};
use crate::source::{KeyPath, Span};
use crate::syntax::tree::{Kind, Node, NodeId, NodeRef, Scalar, Style, Tree};
use crate::syntax::tree::{Tag, Value as Held};

/// What the server finds in its files and its environment.
pub(super) fn config<'t>(_: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let server = Server::of(deployment);
    let mut tree = Tree::default();
    let read: Vec<Vec<Read<'t>>> =
        server.providers.iter().map(|given| read(&server, given, &mut tree)).collect();
    let tree = deployment.merged.get_or_init(|| tree);
    let providers = server.providers.iter().zip(read);
    let providers = providers.filter_map(|(given, read)| provider(given, &read, tree)).collect();
    Config { providers, ..Config::default() }
}

/// Nothing: its settings come by carriers only, which are recognised by their variables.
pub(super) fn recognise(_: &'static App, _: NodeRef<'_>, _: &str) -> Option<FileKind> {
    None
}

/// One setting of a provider in the tree of all.
struct Read<'t> {
    card: &'static SettingCard,
    key: NodeId,
    value: NodeId,
    document: &'t crate::deployment::Document,
}

/// The settings that the server reads for a provider: first the name of the provider itself.
fn read<'t>(server: &Server<'t>, given: &Given, tree: &mut Tree) -> Vec<Read<'t>> {
    let entries = given.entries.iter().map(|&at| &server.entries[at]);
    let known: Vec<(&Entry<'t>, &'static KeyCard)> =
        entries.filter_map(|entry| entry.card().map(|card| (entry, card))).collect();
    let mut found = Vec::new();
    if let Some((first, _)) = known.first() {
        let name = add(tree, first.name_span, text(&given.key), None);
        let card = &*ID;
        found.push(Read { card, key: name, value: name, document: first.document });
    }
    for (entry, card) in known.into_iter().filter(|(entry, _)| entry.is_read()) {
        let key = add(tree, entry.name_span, text(&card.card.key), None);
        let value = held(tree, entry);
        found.push(Read { card: &card.card, key, value, document: entry.document });
    }
    found
}

fn provider<'t>(given: &Given, read: &[Read<'t>], tree: &'t Tree) -> Option<Provider<'t>> {
    let card = keys::provider(&given.key);
    let path = KeyPath::default().key(given.family.word()).key(&given.key);
    let path = Arc::new(path);
    let setting = |card: &'static SettingCard| {
        let read = read.iter().find(|read| std::ptr::eq(read.card, card));
        let node = |id| NodeRef { tree, id };
        let entry = read.map(|read| (node(read.key), node(read.value)));
        let mut setting = Setting::new(card, &path, entry);
        setting.source = read.map(|read| &read.document.source);
        setting
    };
    read.first()?;
    let cards = keys::of(given.family).map(|key| &key.card);
    let (fields, others): (Vec<_>, Vec<_>) =
        cards.partition(|card| card.role == Role::AccountField);
    let settings = std::iter::once(&*ID).chain(others).map(setting).collect();
    let mapping = fields.into_iter().map(setting).collect();
    let idp = card.and_then(|card| idps::by_id(&card.idp)).unwrap_or_else(|| idps::recognise(""));
    let protocol = if given.family == Family::Saml { Protocol::Saml } else { Protocol::Oidc };
    Some(Provider { node: None, path, idp, protocol: Some(protocol), settings, mapping })
}

/// A value of an entry as a node of the tree.
fn held(tree: &mut Tree, entry: &Entry<'_>) -> NodeId {
    let span = entry.value_span;
    match &entry.value {
        Value::Text(found, _) => add(tree, span, text(found), None),
        Value::Boolean(value) => add(tree, span, scalar("", Kind::Bool(*value)), None),
        Value::Odd("null") => add(tree, span, scalar("", Kind::Null), None),
        Value::List(items) => {
            let items = items.iter().map(|item| {
                let scalar = item.as_deref().map_or_else(|| scalar("", Kind::Null), text);
                add(tree, span, scalar, None)
            });
            let items = items.collect();
            push(tree, Node { span, tag: None, value: Held::List(items) })
        }
        Value::Map | Value::NotText(_) | Value::Odd(_) => {
            push(tree, Node { span, tag: None, value: Held::Map(Vec::new()) })
        }
        // As unknown as what a secret store keeps.
        Value::Unparsable(_) | Value::Unknown | Value::Substitution(_) => {
            add(tree, span, text(""), Some("!secret"))
        }
    }
}

fn text(text: &str) -> Scalar {
    scalar(text, Kind::Text)
}

fn scalar(text: &str, kind: Kind) -> Scalar {
    Scalar { text: text.to_owned(), style: Style::Plain, kind }
}

fn add(tree: &mut Tree, span: Span, scalar: Scalar, tag: Option<&str>) -> NodeId {
    let tag = tag.map(|name| Tag { span, name: name.to_owned() });
    push(tree, Node { span, tag, value: Held::Scalar(scalar) })
}

fn push(tree: &mut Tree, node: Node) -> NodeId {
    let id = u32::try_from(tree.nodes.len()).expect("a text of 1 MiB holds fewer settings");
    tree.nodes.push(node);
    NodeId(id)
}

/// The name of a provider, which is a part of paths and no setting of its own.
static ID: std::sync::LazyLock<SettingCard> = std::sync::LazyLock::new(|| SettingCard {
    key: "provider".to_owned(),
    role: Role::Id,
    kind: CardKind::Label,
    protocol: None,
    secret: false,
    also_known_as: Vec::new(),
    source: "guide".to_owned(),
});
