//! Keys that stand twice in one map of a settings file.

use crate::deployment::{Document, FileKind};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::conf::environment::DUPLICATE_KEY;
use crate::rules::{Subject, maps};
use crate::source::KeyPath;
use crate::syntax::tree::{Entry, NodeId, NodeRef, Origin, Tree, Value};

/// Repeated keys of the documents that are judged here, unless the application has a code of its
/// own for them.
pub(super) fn report(cx: &Subject<'_>, out: &mut Findings) {
    let has_own_code = cx.app.id == "cvat";
    let is_settings = |kind: FileKind| kind.is_json() || kind == FileKind::Configuration;
    if has_own_code || !is_settings(cx.deployment.main_kind) {
        return;
    }
    for document in cx.deployment.settings_documents() {
        in_document(cx, document, out);
    }
}

fn in_document(cx: &Subject<'_>, document: &Document, out: &mut Findings) {
    let tree = &document.tree;
    let repeats = |entry: &&Entry| entry.hidden && entry.origin == Origin::Own;
    let any = tree.nodes.iter().any(|node| match &node.value {
        Value::Map(entries) => entries.iter().any(|entry| repeats(&entry)),
        Value::List(_) | Value::Scalar(_) => false,
    });
    for (map, trail) in if any { maps(tree) } else { Vec::new() } {
        let entries = map.entries().unwrap_or_default();
        let winners = winners(tree, entries);
        for entry in entries.iter().filter(repeats) {
            let name = text(tree, entry.key);
            let Some(winner) = winners.get(name).filter(|winner| !same(tree, entry, winner)) else {
                continue;
            };
            let path: KeyPath = trail.key(name);
            let (lost, kept) = (tree.node(entry.key).span, tree.node(winner.key).span);
            let problem = Problem::new(
                format!("{name} is given twice, with different values"),
                document.place(kept, path.clone()),
            )
            .label("this one counts")
            .related(document.place(lost, path), "this one is lost")
            .why(format!("{} reads the last one, and nothing tells of the first", cx.app.name))
            .remedy("keep one of them");
            out.report(&DUPLICATE_KEY.rule, problem);
        }
    }
}

/// The entries that count, by their keys.
fn winners<'t>(tree: &'t Tree, entries: &[Entry]) -> std::collections::HashMap<&'t str, Entry> {
    let visible = entries.iter().filter(|entry| !entry.hidden && entry.origin == Origin::Own);
    visible.map(|entry| (text(tree, entry.key), *entry)).collect()
}

fn text(tree: &Tree, id: NodeId) -> &str {
    NodeRef { tree, id }.scalar().map_or("", |scalar| scalar.text.as_str())
}

/// Whether two entries have the same single value.
fn same(tree: &Tree, one: &Entry, other: &Entry) -> bool {
    match (&tree.node(one.value).value, &tree.node(other.value).value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text == other.text && one.kind == other.kind
        }
        _ => one.value == other.value,
    }
}
