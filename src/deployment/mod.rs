//! Which texts belong together: an application's configuration, what stands beside it, and the
//! environment it runs in.

mod captured;
mod carried;
mod document;
mod secrets;

use std::sync::{Arc, OnceLock};

pub use captured::{Captured, NoExport, Saved};
pub use carried::Carrying;
pub use document::{Document, Fault, Unreadable};

use crate::syntax::tree::Tree;

/// What a file is to its application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// A saved answer of the application's settings API: its settings, and facts that it computed.
    Answer,
    /// A Compose file (compose-spec).
    Compose,
    /// The application's own configuration, or a sheet that records it.
    #[default]
    Configuration,
    /// `NAME=value` lines.
    Environment,
    /// Values of a Helm chart.
    Helm,
    /// A HOCON file that the server reads.
    Hocon,
    /// A Kubernetes manifest.
    Kubernetes,
    /// A saved document of the identity provider, where it is judged alone.
    Saved,
    /// Settings of the SCIM side of the application.
    Scim,
    /// The body of a request to the application's settings API, as JSON or as YAML.
    Settings,
}

impl FileKind {
    /// The word for it in reports.
    pub fn word(self) -> &'static str {
        match self {
            Self::Answer => "settings answer",
            Self::Compose => "compose file",
            Self::Configuration => "configuration",
            Self::Environment => "environment",
            Self::Helm => "helm values",
            Self::Hocon => "hocon file",
            Self::Kubernetes => "kubernetes manifest",
            Self::Saved => "saved document",
            Self::Scim => "scim settings",
            Self::Settings => "settings",
        }
    }

    /// Whether such a file stands at the head of a deployment.
    pub fn is_main(self) -> bool {
        matches!(self, Self::Answer | Self::Configuration | Self::Settings)
    }

    /// Whether the application takes it as JSON, so that YAML is only how people keep it.
    pub fn is_json(self) -> bool {
        matches!(self, Self::Answer | Self::Scim | Self::Settings)
    }

    /// Whether such a file sets variables of a process.
    pub fn is_carrier(self) -> bool {
        matches!(self, Self::Compose | Self::Environment | Self::Helm | Self::Kubernetes)
    }
}

/// Everything about one deployment that is judged together.
#[derive(Debug, Default)]
pub struct Deployment {
    /// The application's configuration file, where it has one.
    pub main: Option<Result<Document, Unreadable>>,
    /// What that file is.
    pub main_kind: FileKind,
    /// What else belongs to it, in the order in which it counts.
    pub parts: Vec<Part>,
    /// How far the configuration file lies open.
    pub exposure: Exposure,
    /// Saved documents of identity providers.
    pub captured: Arc<Captured>,
    /// What the application makes of several texts together, where it reads them as one; kept so
    /// that settings can point into it.
    pub merged: OnceLock<Tree>,
}

/// One file beside the configuration, or one of several that are the configuration together.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is.
    pub kind: FileKind,
    /// What it says. Several deployments can share it.
    pub reading: Arc<Result<Document, Unreadable>>,
    /// How far it lies open.
    pub exposure: Exposure,
    /// Whether it is judged here; it is not where another deployment does.
    pub is_judged: bool,
}

impl Part {
    /// The document, where it can be read.
    pub fn document(&self) -> Option<&Document> {
        (*self.reading).as_ref().ok()
    }
}

/// How far a file with secrets lies open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Exposure {
    /// Everybody on the machine can read it.
    pub world_readable: bool,
    /// Git keeps it.
    pub tracked: bool,
}

impl Deployment {
    /// The configuration, where there is one that can be read.
    pub fn document(&self) -> Option<&Document> {
        self.main.as_ref()?.as_ref().ok()
    }

    /// The parts of a kind that can be read.
    pub fn of_kind(&self, kind: FileKind) -> impl Iterator<Item = (&Part, &Document)> {
        let parts = self.parts.iter().filter(move |part| part.kind == kind);
        parts.filter_map(|part| Some((part, part.document()?)))
    }

    /// The environment files that can be read.
    pub fn environment_documents(&self) -> impl Iterator<Item = &Document> {
        self.of_kind(FileKind::Environment).map(|(_, document)| document)
    }

    /// Whether the environment is judged here.
    pub fn judges_environment(&self) -> bool {
        self.parts.iter().any(|part| part.is_judged && part.kind == FileKind::Environment)
    }

    /// Every document that is judged here: the configuration first.
    pub fn judged_documents(&self) -> impl Iterator<Item = &Document> {
        let parts = self.parts.iter().filter(|part| part.is_judged);
        self.document().into_iter().chain(parts.filter_map(Part::document))
    }

    /// The documents judged here that hold settings and no variables: the configuration first.
    pub fn settings_documents(&self) -> impl Iterator<Item = &Document> {
        let parts = self.parts.iter().filter(|part| part.is_judged && part.kind == FileKind::Scim);
        self.document().into_iter().chain(parts.filter_map(Part::document))
    }

    /// What every carrier gives to its processes, in the order in which they count.
    pub fn carried(&self) -> Vec<Carrying<'_>> {
        carried::carried(self)
    }

    /// Every text that could not be read, and is judged here.
    pub fn unreadable(&self) -> impl Iterator<Item = &Unreadable> {
        let main = self.main.as_ref().and_then(|reading| reading.as_ref().err());
        let parts = self.parts.iter().filter(|part| part.is_judged);
        main.into_iter().chain(parts.filter_map(|part| (*part.reading).as_ref().err()))
    }
}
