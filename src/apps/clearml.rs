//! ClearML: from the variables and files of its server to a configuration.

use crate::apps::App;
use crate::deployment::{Deployment, FileKind};
use crate::model::Config;
use crate::syntax::tree::NodeRef;

/// What the server finds in its files and its environment.
pub(super) fn config<'t>(_: &'static App, _: &'t Deployment) -> Config<'t> {
    Config::default()
}

/// Nothing: its settings come by carriers only, which are recognised by their variables.
pub(super) fn recognise(_: &'static App, _: NodeRef<'_>, _: &str) -> Option<FileKind> {
    None
}
