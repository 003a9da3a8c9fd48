//! Calabi: from the sheet that records its admin forms to a configuration.

use crate::apps::App;
use crate::deployment::{Deployment, FileKind};
use crate::model::Config;
use crate::syntax::tree::NodeRef;

/// What the sheet says that Calabi was told.
pub(super) fn config<'t>(_: &'static App, deployment: &'t Deployment) -> Config<'t> {
    let root = deployment.document().and_then(|document| document.tree.root());
    Config { root, ..Config::default() }
}

/// A sheet has one section, named after the application.
pub(super) fn recognise(_: &'static App, root: NodeRef<'_>, _: &str) -> Option<FileKind> {
    root.get("calabi").and_then(NodeRef::entries).map(|_| FileKind::Configuration)
}
