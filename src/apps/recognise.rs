//! Which application a file belongs to, by its content and only then by its name.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::apps::{self, App};
use crate::deployment::FileKind;
use crate::syntax::dotenv;
use crate::syntax::tree::{NodeRef, Tree, Value};

/// What a file was recognised as. One file can serve several applications.
#[derive(Clone, Copy, Debug)]
pub struct Recognised {
    /// Whose file it is.
    pub app: &'static App,
    /// What it is to that application.
    pub kind: FileKind,
}

/// What a file name alone promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateName {
    /// May hold variables.
    Environment,
    /// May hold HOCON.
    Hocon,
    /// May hold YAML or JSON.
    Yaml,
}

/// Whether a file of this name is worth opening while a folder is walked.
pub fn is_candidate(file_name: &str) -> Option<CandidateName> {
    let lower = file_name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        _ if lower.starts_with(".env") || lower == "env" || lower.starts_with("env.") => {
            Some(CandidateName::Environment)
        }
        "conf" | "hocon" => Some(CandidateName::Hocon),
        "env" | "sh" => Some(CandidateName::Environment),
        "yml" | "yaml" | "json" => Some(CandidateName::Yaml),
        _ => None,
    }
}

/// Whether a text can be an application's at all: most files in a repository are something else,
/// and need not be parsed to see it.
pub fn is_worth_parsing(text: &str) -> bool {
    MARKS.is_match(text)
}

/// What a text is, told by its content; by its name where the content cannot be read.
pub fn recognise(file_name: &str, text: &str, tree: Option<&Tree>) -> Vec<Recognised> {
    let named = is_candidate(file_name);
    if named == Some(CandidateName::Environment) {
        return environments(text);
    }
    let found = apps::all().iter().filter_map(|app| {
        let kind = kind_for(app, file_name, text, tree)?;
        Some(Recognised { app, kind })
    });
    let found: Vec<Recognised> = found.collect();
    match usual_app(file_name) {
        Some(app) if found.iter().all(|found| found.app.id != app.id) => {
            vec![Recognised { app, kind: FileKind::Configuration }]
        }
        _ if found.is_empty() && named.is_none() => environments(text),
        _ => found,
    }
}

/// What a text is to an application that somebody named: its content decides, as far as it can.
pub fn forced(
    app: &'static App,
    file_name: &str,
    text: &str,
    tree: Option<&Tree>,
) -> Vec<Recognised> {
    let found = recognise(file_name, text, tree).into_iter().filter(|found| found.app.id == app.id);
    let found: Vec<Recognised> = found.collect();
    if !found.is_empty() {
        return found;
    }
    let root = tree.and_then(Tree::root);
    let kind = match is_candidate(file_name) {
        Some(CandidateName::Environment) => FileKind::Environment,
        Some(CandidateName::Hocon) => FileKind::Hocon,
        _ => Some(root.map_or_else(|| carrier_by_words(text), carrier))
            .filter(|kind| is_likely(app, *kind))
            .unwrap_or(if app.has_scim_settings() {
                FileKind::Settings
            } else {
                FileKind::Configuration
            }),
    };
    vec![Recognised { app, kind }]
}

/// Whether a document in which nothing speaks of an application can be this to it all the same:
/// where settings come as plain maps too, such a map is settings rather than values of a chart.
fn is_likely(app: &App, kind: FileKind) -> bool {
    let is_map_of_settings = kind == FileKind::Helm && app.has_scim_settings();
    app.recognise.carriers.contains(&kind) && !is_map_of_settings
}

/// What a file is that no application here reads, for a helpful refusal.
pub fn foreign_kind(text: &str) -> Option<&'static str> {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head: String = start.chars().take(4096).collect();
    FOREIGN
        .iter()
        .find(|(marks, _)| marks.iter().all(|mark| head.contains(mark)))
        .map(|(_, kind)| *kind)
}

/// The application whose configuration a file is by its name alone.
pub fn usual_app(file_name: &str) -> Option<&'static App> {
    let lower = file_name.to_ascii_lowercase();
    let fits = |app: &&App| app.recognise.file_names.iter().any(|name| lower.contains(&**name));
    apps::all().iter().find(fits)
}

fn kind_for(
    app: &'static App,
    file_name: &str,
    text: &str,
    tree: Option<&Tree>,
) -> Option<FileKind> {
    if is_candidate(file_name) == Some(CandidateName::Hocon) {
        let speaks = app.recognise.words.iter().any(|word| text.contains(word.as_str()));
        return (speaks && app.recognise.carriers.contains(&FileKind::Hocon))
            .then_some(FileKind::Hocon);
    }
    match tree.map(Tree::root) {
        Some(root) => {
            let root = root.filter(|root| root.entries().is_some())?;
            app.recognise_root(root, file_name).or_else(|| carried(app, root))
        }
        None => mentioned(app, text),
    }
}

/// The carrier that a document is, where it sets variables of the application.
fn carried(app: &App, root: NodeRef<'_>) -> Option<FileKind> {
    let kind = carrier(root);
    if !app.recognise.carriers.contains(&kind) {
        return None;
    }
    root.tree.nodes.iter().any(|node| is_variable_of(app, &node.value)).then_some(kind)
}

/// Which carrier a document of maps is.
fn carrier(root: NodeRef<'_>) -> FileKind {
    if root.get("apiVersion").is_some() && root.get("kind").is_some() {
        return FileKind::Kubernetes;
    }
    if root.get("services").is_some_and(|services| services.entries().is_some()) {
        return FileKind::Compose;
    }
    FileKind::Helm
}

fn is_variable_of(app: &App, value: &Value) -> bool {
    let Value::Scalar(scalar) = value else { return false };
    let name = scalar.text.split(['=', '\n']).next().unwrap_or_default();
    app.recognise.is_variable(name.trim())
}

/// For texts that cannot be read: what they speak of.
fn mentioned(app: &App, text: &str) -> Option<FileKind> {
    let known = &app.recognise;
    if known.keys.iter().any(|key| text.contains(key.as_str())) {
        let has_settings = app.has_scim_settings();
        return Some(if has_settings { FileKind::Settings } else { FileKind::Configuration });
    }
    let has_carrier = |kind| known.carriers.contains(&kind);
    let names = known.variables.iter().chain(&known.variable_prefixes);
    let speaks = names.into_iter().any(|name| text.contains(name.as_str()));
    let kind = carrier_by_words(text);
    (speaks && has_carrier(kind)).then_some(kind)
}

/// Which carrier a text is meant to be that does not parse.
fn carrier_by_words(text: &str) -> FileKind {
    let line = |start: &str| text.lines().any(|line| line.starts_with(start));
    match () {
        () if line("apiVersion:") => FileKind::Kubernetes,
        () if line("services:") => FileKind::Compose,
        () => FileKind::Helm,
    }
}

/// The applications whose variables a file of lines sets.
fn environments(text: &str) -> Vec<Recognised> {
    if !MARKS.is_match(text) {
        return Vec::new();
    }
    let names: Vec<String> = match dotenv::read(text) {
        Ok(tree) => tree
            .root()
            .and_then(NodeRef::pairs)
            .into_iter()
            .flatten()
            .filter_map(|(key, _)| key.key_text().map(str::to_owned))
            .collect(),
        // A quote that is never closed: what is plainly set all the same.
        Err(_) => text.lines().filter_map(set_name).map(str::to_owned).collect(),
    };
    let sets = |app: &&App| names.iter().any(|name| app.recognise.is_variable(name));
    let kind = FileKind::Environment;
    apps::all().iter().filter(sets).map(|app| Recognised { app, kind }).collect()
}

/// The name that a line sets.
fn set_name(line: &str) -> Option<&str> {
    let (name, _) = line.trim_start().trim_start_matches("export ").split_once('=')?;
    Some(name.trim())
}

/// Words of which every file of an application holds one.
static MARKS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let words = apps::all().iter().flat_map(|app| {
        let known = &app.recognise;
        let names = known.keys.iter().chain(&known.variables).chain(&known.variable_prefixes);
        names.chain(&known.words)
    });
    AhoCorasick::builder()
        .ascii_case_insensitive(true)
        .build(words)
        .expect("a few dozen words fit into an automaton")
});

/// Marks that must all be near the start, and what they show.
const FOREIGN: [(&[&str], &str); 12] = [
    (&["<", "EntityDescriptor"], "SAML metadata"),
    (&["<", "EntitiesDescriptor"], "SAML metadata"),
    (&["<", ":Response", "urn:oasis:names:tc:SAML:2.0:protocol"], "a SAML response"),
    (&["<", ":Assertion", "urn:oasis:names:tc:SAML:2.0:assertion"], "a SAML assertion"),
    (&["<", ":AuthnRequest"], "a SAML authentication request"),
    (&["<html"], "an HTML page"),
    (&["<!DOCTYPE html"], "an HTML page"),
    (&["-----BEGIN "], "a key or certificate"),
    (&["\"authorization_endpoint\""], "an OpenID Connect discovery document"),
    (&["\"keys\"", "\"kty\""], "a JSON Web Key Set"),
    (&["services:", "image:"], "a Compose file"),
    (&["apiVersion:", "kind:"], "a Kubernetes manifest"),
];
