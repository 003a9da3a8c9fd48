//! What the carriers of a deployment give to its processes.

use std::path::Path;

use crate::carriers::{self, Carried, Given};
use crate::deployment::{Deployment, Document, FileKind, Part};
use crate::syntax::dotenv::Dialect;

/// What one file of a deployment gives to processes.
#[derive(Debug)]
pub struct Carrying<'t> {
    /// The file.
    pub part: &'t Part,
    /// Its text and tree.
    pub document: &'t Document,
    /// What it gives.
    pub carried: Carried,
}

/// What every carrier of a deployment gives, in the order of its parts.
pub(super) fn carried(deployment: &Deployment) -> Vec<Carrying<'_>> {
    let carriers = deployment.parts.iter().filter(|part| part.kind.is_carrier());
    let readable = carriers.filter_map(|part| Some((part, part.document()?)));
    let beside = Beside::new(deployment);
    readable
        .map(|(part, document)| {
            let carried = read(part.kind, document, &beside);
            Carrying { part, document, carried }
        })
        .collect()
}

fn read(kind: FileKind, document: &Document, beside: &Beside) -> Carried {
    let text = document.source.text();
    match kind {
        FileKind::Compose => carriers::compose(&document.tree, text, &|name| beside.given(name)),
        FileKind::Helm => carriers::helm(&document.tree, text),
        FileKind::Kubernetes => carriers::kubernetes(&document.tree, text),
        _ => carriers::environment_file(text, dialect(document), &|_| Given::Unknown),
    }
}

/// Whose rules an environment file is read by: a script's where it looks like one, else Compose's.
fn dialect(document: &Document) -> Dialect {
    let extension = Path::new(document.source.name()).extension();
    let is_script = extension.is_some_and(|extension| extension == "sh")
        || document.source.text().starts_with("#!")
        || document.source.text().lines().any(|line| line.trim_start().starts_with("export "));
    if is_script { Dialect::Shell } else { Dialect::Compose }
}

/// The variables with which Compose itself runs: those of the `.env` beside its file.
struct Beside(Vec<Carried>);

impl Beside {
    fn new(deployment: &Deployment) -> Self {
        let is_own = |(part, document): &(&Part, &Document)| {
            let name = Path::new(document.source.name()).file_name();
            // One that is not judged here was given by hand.
            !part.is_judged || name.is_some_and(|name| name == ".env")
        };
        let files = deployment.of_kind(FileKind::Environment).filter(is_own);
        let read = |document: &Document| {
            carriers::environment_file(document.source.text(), Dialect::Compose, &|_| {
                Given::Unknown
            })
        };
        Self(files.map(|(_, document)| read(document)).collect())
    }

    /// A variable that no file sets can still be set in the shell in which Compose is started.
    fn given(&self, name: &str) -> Given {
        let variables = self.0.iter().flat_map(|carried| &carried.variables);
        let last = variables.rev().find(|variable| variable.name == name);
        match last.map(carriers::Variable::known) {
            Some(Some(value)) => Given::Set(value.to_owned()),
            Some(None) | None => Given::Unknown,
        }
    }
}
