//! Merge keys that bring a value in which the map itself overrides.

use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, maps};
use crate::source::KeyPath;
use crate::syntax::tree::{Entry, NodeRef, Origin, Tree, Value};

pub(in crate::rules) static MERGE_CONFLICT: Lint = lint!(
    "CONF014",
    "merge-conflict",
    Warning,
    "a key that a merge and the map itself give different values",
    Check::Settings(merge_conflict)
);

fn merge_conflict(cx: &Subject<'_>, out: &mut Findings) {
    let Some(document) = cx.document().filter(|document| document.source.text().contains("<<"))
    else {
        return;
    };
    let tree = &document.tree;
    for (map, path) in maps(tree) {
        let entries = map.entries().unwrap_or_default();
        for merged in entries.iter().filter(|entry| entry.origin == Origin::Merged && entry.hidden)
        {
            if let Some(own) = overriding(tree, entries, merged) {
                report(cx, tree, &path.path(), own, merged, out);
            }
        }
    }
}

/// The map's own entry that hides a merged one with another value.
fn overriding(tree: &Tree, entries: &[Entry], merged: &Entry) -> Option<Entry> {
    let same_key = |entry: &&Entry| same(tree, entry.key, merged.key);
    let own = entries
        .iter()
        .filter(|entry| entry.origin == Origin::Own && !entry.hidden)
        .find(same_key)?;
    (!same(tree, own.value, merged.value)).then_some(*own)
}

fn same(tree: &Tree, one: crate::syntax::tree::NodeId, other: crate::syntax::tree::NodeId) -> bool {
    if one == other {
        return true;
    }
    match (&tree.node(one).value, &tree.node(other).value) {
        (Value::Scalar(one), Value::Scalar(other)) => {
            one.text == other.text && one.kind == other.kind
        }
        _ => false,
    }
}

fn report(
    cx: &Subject<'_>,
    tree: &Tree,
    path: &KeyPath,
    own: Entry,
    merged: &Entry,
    out: &mut Findings,
) {
    let key = NodeRef { tree, id: own.key };
    let name = key.scalar().map_or("", |scalar| scalar.text.as_str());
    let merged = NodeRef { tree, id: merged.key };
    let problem = Problem::new(
        format!("`{name}` is given here and by the merged map, with different values"),
        cx.place(key.span(), path.key(name)),
    )
    .label("this one counts")
    .related(cx.place(merged.span(), path.key(name)), "this one does not reach this map")
    .why("in PyYAML the map's own key wins, wherever the << stands")
    .remedy("take one of the two out, or say beside it that the difference is meant");
    out.report(&MERGE_CONFLICT.rule, problem);
}
