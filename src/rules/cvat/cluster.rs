//! How CVAT's file comes into a cluster.

use crate::apps::cvat::{is_about_file, server_values};
use crate::deployment::{Document, FileKind};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;
use crate::syntax::tree::NodeRef;

pub(in crate::rules) static MISPLACED_FILE: Lint = lint!(
    "CVAT052",
    "misplaced-secret-file",
    Error,
    "a Kubernetes secret that does not bring auth_config.yml to where CVAT reads it",
    Check::Deployment(misplaced_file)
);

fn misplaced_file(cx: &Subject<'_>, out: &mut Findings) {
    for (_, document) in cx.deployment.of_kind(FileKind::Kubernetes) {
        secret_key(document, out);
    }
    for (_, document) in cx.deployment.of_kind(FileKind::Helm) {
        mounts(document, out);
    }
}

/// The key of the secret becomes the name of the file.
fn secret_key(document: &Document, out: &mut Findings) {
    let Some(root) = document.tree.root() else { return };
    for section in ["stringData", "data"] {
        let entries = root.get(section).and_then(NodeRef::pairs).into_iter().flatten();
        let names: Vec<(NodeRef<'_>, &str)> =
            entries.filter_map(|(key, _)| Some((key, key.key_text()?))).collect();
        if names.iter().any(|(_, name)| *name == FILE) {
            continue;
        }
        for (key, name) in names.into_iter().filter(|(_, name)| is_about_file(name)) {
            let path = KeyPath::default().key(section).key(name);
            let problem = Problem::new(
                format!("the secret's key is {name}, not {FILE}"),
                document.place(key.span(), path),
            )
            .why(WHY)
            .remedy(format!("{FILE}: ..."));
            out.report(&MISPLACED_FILE.rule, problem);
        }
    }
}

/// Where the secret is mounted, and which of its files.
fn mounts(document: &Document, out: &mut Findings) {
    let mounts = document.tree.root().and_then(server_values);
    let mounts = mounts.and_then(|server| server.get("additionalVolumeMounts"));
    for mount in mounts.and_then(NodeRef::items).into_iter().flatten() {
        let text = |key: &str| Some((mount.entry(key)?.1, mount.get(key)?.key_text()?));
        let is_own = ["name", "mountPath", "subPath"]
            .into_iter()
            .any(|key| text(key).is_some_and(|(_, text)| is_about_file(text)));
        if !is_own {
            continue;
        }
        for (key, wanted) in [("mountPath", PLACE), ("subPath", FILE)] {
            let (span, got) = match text(key) {
                Some((_, text)) if text == wanted => continue,
                Some((_, text)) if crate::model::is_filled_in_later(text) => continue,
                Some((value, text)) => (value.span(), format!("{key} is {text}, not {wanted}")),
                None => (mount.span(), format!("{key} is missing: {wanted}")),
            };
            let problem = Problem::new(got, document.place(span, KeyPath::default().key(key)))
                .why(WHY)
                .remedy(format!("{key}: {wanted}"));
            out.report(&MISPLACED_FILE.rule, problem);
        }
    }
}

const FILE: &str = "auth_config.yml";
const PLACE: &str = "/home/django/auth_config.yml";
const WHY: &str = "the server's pod takes the secret's file auth_config.yml and reads it at \
    /home/django/auth_config.yml; under another name nothing is mounted there and CVAT starts without SSO";
