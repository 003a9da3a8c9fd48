//! Which application a file belongs to, by its content and only then by its name.

use crate::apps::{self, App};
use crate::syntax::dotenv;
use crate::syntax::tree::{NodeRef, Tree};

/// What a file was recognised as.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    /// An application's configuration.
    Configuration(&'static App),
    /// A file that sets variables of an application's process.
    Environment(&'static App),
}

/// What a file name alone promises.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateName {
    /// May hold variables.
    Environment,
    /// May hold YAML.
    Yaml,
}

/// Whether a file of this name is worth opening while a folder is walked.
pub fn is_candidate(file_name: &str) -> Option<CandidateName> {
    let lower = file_name.to_ascii_lowercase();
    let extension = lower.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "yml" | "yaml" => Some(CandidateName::Yaml),
        "json" if is_usual_name(file_name) => Some(CandidateName::Yaml),
        "env" | "sh" => Some(CandidateName::Environment),
        _ if lower.starts_with(".env") || lower == "env" || lower.starts_with("env.") => {
            Some(CandidateName::Environment)
        }
        _ => None,
    }
}

/// What a text is, told by its content; by its name where the content cannot be read.
pub fn recognise(file_name: &str, text: &str, tree: Option<&Tree>) -> Option<Recognised> {
    let app = &apps::all()[0];
    let named = is_usual_name(file_name);
    let is_configuration = match tree.and_then(Tree::root) {
        Some(root) if root.entries().is_some() => named || has_own_keys(app, root),
        Some(_) => named,
        None => named || mentions(app, text),
    };
    if is_configuration {
        return Some(Recognised::Configuration(app));
    }
    sets_variables(app, text).then_some(Recognised::Environment(app))
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

/// Whether a file's name alone says whose configuration it is.
pub fn is_usual_name(file_name: &str) -> bool {
    let lower = file_name.to_ascii_lowercase();
    apps::all()
        .iter()
        .flat_map(|app| &app.recognise.file_names)
        .any(|name| lower.contains(name.as_str()))
}

fn has_own_keys(app: &App, root: NodeRef<'_>) -> bool {
    let own = |map: NodeRef<'_>| {
        map.pairs().into_iter().flatten().any(|(key, _)| {
            key.key_text().is_some_and(|key| app.recognise.keys.iter().any(|own| is_near(key, own)))
        })
    };
    let social = root.get("social_account").is_some_and(|map| map.entries().is_some());
    social || own(root) || root.get("sso").is_some_and(own)
}

fn is_near(key: &str, own: &str) -> bool {
    key == own || (own.len() > 10 && strsim::damerau_levenshtein(key, own) <= 2)
}

/// For texts that cannot be read: whether they speak of the application's own keys.
fn mentions(app: &App, text: &str) -> bool {
    app.recognise.keys.iter().any(|key| text.contains(key.as_str()))
}

fn sets_variables(app: &App, text: &str) -> bool {
    let named = app.recognise.variables.iter().any(|name| text.contains(name.as_str()));
    named
        && dotenv::read(text).is_ok_and(|tree| {
            let root = tree.root();
            app.recognise
                .variables
                .iter()
                .any(|name| root.is_some_and(|root| root.get(name).is_some()))
        })
}

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
