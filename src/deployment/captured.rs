//! Documents of identity providers that somebody saved: metadata, discovery, key sets, exports.

use std::sync::Arc;

use crate::deployment::Document;
use crate::deployment::document::hidden;
use crate::exports::{self, Export, Unrecognised};
use crate::oidc;
use crate::oidc::discovery::Discovery;
use crate::oidc::jwks::Jwks;
use crate::problem::Place;
use crate::saml::metadata::{self, Metadata};
use crate::source::{KeyPath, Source, Span};
use crate::syntax::json::JsonError;
use crate::syntax::nature::Nature;
use crate::xml::Limits;

/// The saved documents of one run. All configurations are compared with them.
#[derive(Debug, Default)]
pub struct Captured {
    /// SAML metadata.
    pub metadata: Vec<Saved<Metadata, metadata::Unreadable>>,
    /// Discovery documents.
    pub discoveries: Vec<Saved<Discovery, oidc::Unreadable>>,
    /// Key sets.
    pub key_sets: Vec<Saved<Jwks, oidc::Unreadable>>,
    /// What providers have on record of the application.
    pub exports: Vec<Saved<Vec<Export>, NoExport>>,
    /// The provider of the configuration that all of them belong to, where somebody said.
    pub provider: Option<String>,
}

/// A saved document: its text, and what it says or is instead.
#[derive(Debug)]
pub struct Saved<T, E> {
    /// The text.
    pub source: Arc<Source>,
    /// What it says.
    pub reading: Result<T, E>,
    /// The provider of the configuration that it was fetched for; none where that is open.
    pub provider: Option<String>,
}

/// A text that is no export.
#[derive(Debug)]
pub enum NoExport {
    /// It is no JSON.
    Json(JsonError),
    /// It is something else, of which this is the beginning.
    Nature(Nature),
    /// It is JSON of another kind.
    Unrecognised(Unrecognised),
}

impl Captured {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.metadata.is_empty()
            && self.discoveries.is_empty()
            && self.key_sets.is_empty()
            && self.exports.is_empty()
    }

    /// The texts of all.
    pub fn sources(&self) -> impl Iterator<Item = &Arc<Source>> {
        let metadata = self.metadata.iter().map(|saved| &saved.source);
        let discoveries = self.discoveries.iter().map(|saved| &saved.source);
        let key_sets = self.key_sets.iter().map(|saved| &saved.source);
        let exports = self.exports.iter().map(|saved| &saved.source);
        metadata.chain(discoveries).chain(key_sets).chain(exports)
    }
}

impl<T, E> Saved<T, E> {
    /// What it says, where it is what it is to be.
    pub fn document(&self) -> Option<&T> {
        self.reading.as_ref().ok()
    }

    /// The same, fetched for a provider of the configuration.
    #[must_use]
    pub fn fetched_for(mut self, provider: &str) -> Self {
        self.provider = Some(provider.to_owned());
        self
    }

    /// A place in it.
    pub fn place(&self, span: Span, path: KeyPath) -> Place {
        Place { source: Arc::clone(&self.source), span, path }
    }
}

impl Saved<Metadata, metadata::Unreadable> {
    /// Reads SAML metadata.
    pub fn metadata(name: &str, text: Arc<str>) -> Self {
        let limits = Limits { bytes: text.len(), nodes: usize::MAX, ..Limits::default() };
        let reading = metadata::read(&text, limits);
        let is_xml = text.trim_start_matches('\u{feff}').trim_start().starts_with('<');
        let source = if is_xml { Arc::new(Source::new(name, text)) } else { hidden(name, text) };
        Self { source, reading, provider: None }
    }
}

impl Saved<Discovery, oidc::Unreadable> {
    /// Reads a discovery document.
    pub fn discovery(name: &str, text: Arc<str>) -> Self {
        Self { reading: Discovery::read(&text), source: json_source(name, text), provider: None }
    }
}

impl Saved<Jwks, oidc::Unreadable> {
    /// Reads a key set. Its private parts are hidden as far as there are any.
    pub fn key_set(name: &str, text: Arc<str>) -> Self {
        let reading = Jwks::read(&text);
        let private: Vec<Span> = match &reading {
            Ok(set) => set.keys.iter().flat_map(|key| key.private_parts.clone()).collect(),
            Err(_) => Vec::new(),
        };
        let source = if reading.is_err() {
            hidden(name, text)
        } else if private.is_empty() {
            json_source(name, text)
        } else {
            Arc::new(Source::understood(name, text, private, &[], Vec::new()))
        };
        Self { source, reading, provider: None }
    }
}

impl Saved<Vec<Export>, NoExport> {
    /// Reads an export of the application. Secrets in it are hidden.
    pub fn export(name: &str, text: Arc<str>) -> Self {
        let nature = Nature::of(&text);
        if !matches!(nature, Nature::Json | Nature::Other) {
            let source = Arc::new(Source::new(name, text));
            return Self { source, reading: Err(NoExport::Nature(nature)), provider: None };
        }
        match Document::export(name, text) {
            Ok(document) => {
                let reading = exports::read(&document.tree).map_err(NoExport::Unrecognised);
                Self { source: Arc::clone(&document.source), reading, provider: None }
            }
            Err((error, source)) => {
                Self { source, reading: Err(NoExport::Json(error)), provider: None }
            }
        }
    }
}

/// The text of a JSON document, with its secrets hidden.
fn json_source(name: &str, text: Arc<str>) -> Arc<Source> {
    match Document::export(name, text) {
        Ok(document) => document.source,
        Err((_, source)) => source,
    }
}
