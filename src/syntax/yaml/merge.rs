//! Merge keys (YAML 1.1 type `merge`), followed as `SafeLoader` follows them.

use std::mem;

use crate::syntax::tree::{Entry, NodeId, Origin, Value};
use crate::syntax::yaml::class::Class;
use crate::syntax::yaml::compose::Nodes;
use crate::syntax::yaml::cursor::Result;
use crate::syntax::yaml::error::{YamlError, YamlErrorKind};

/// Puts in front of a map's own entries what its merge keys bring in.
///
/// The work is bounded: each entry brought in was counted when its alias was read.
pub(super) fn flatten(nodes: &mut Nodes, id: NodeId) -> Result<()> {
    if !has_special_key(nodes, id) {
        nodes.facts_mut(id).flat = true;
        return Ok(());
    }
    let mut stack = vec![(id, false)];
    while let Some((id, sources_are_flat)) = stack.pop() {
        if nodes.facts(id).flat {
            continue;
        }
        if sources_are_flat {
            apply(nodes, id)?;
            continue;
        }
        stack.push((id, true));
        for source in merge_values(nodes, id)? {
            if !nodes.facts(source).flat {
                stack.push((source, false));
            }
        }
    }
    Ok(())
}

/// Whether a map has a key `<<` or `=`.
fn has_special_key(nodes: &Nodes, id: NodeId) -> bool {
    let is_special = |entry: &Entry| {
        let class = nodes.facts(entry.key).class;
        matches!(class, Class::Merge | Class::Value)
    };
    match &nodes.node(id).value {
        Value::Map(entries) => entries.iter().any(is_special),
        Value::List(_) | Value::Scalar(_) => false,
    }
}

/// The maps that a map's merge keys name, the strongest last.
fn merge_values(nodes: &Nodes, id: NodeId) -> Result<Vec<NodeId>> {
    let Value::Map(entries) = &nodes.node(id).value else {
        return Ok(Vec::new());
    };
    let mut sources = Vec::new();
    for entry in entries {
        if nodes.facts(entry.key).class != Class::Merge {
            continue;
        }
        match &nodes.node(entry.value).value {
            Value::Map(_) => sources.push(entry.value),
            Value::List(items) => {
                for &item in items.iter().rev() {
                    if !matches!(nodes.node(item).value, Value::Map(_)) {
                        return Err(bad_merge(nodes, item));
                    }
                    sources.push(item);
                }
            }
            Value::Scalar(_) => return Err(bad_merge(nodes, entry.value)),
        }
    }
    Ok(sources)
}

/// Replaces merge keys whose maps have none left.
fn apply(nodes: &mut Nodes, id: NodeId) -> Result<()> {
    nodes.facts_mut(id).flat = true;
    let mut merged = Vec::new();
    for source in merge_values(nodes, id)? {
        if let Value::Map(entries) = &nodes.node(source).value {
            merged.extend(entries.iter().map(|entry| Entry {
                origin: Origin::Merged,
                hidden: false,
                ..*entry
            }));
        }
    }
    let Value::Map(entries) = &mut nodes.node_mut(id).value else {
        return Ok(());
    };
    let own = mem::take(entries);
    for entry in own {
        let facts = nodes.facts_mut(entry.key);
        match facts.class {
            Class::Merge => continue,
            // `SafeLoader` reads `=` as text where it is a key.
            Class::Value => facts.class = Class::Str,
            _ => {}
        }
        merged.push(entry);
    }
    nodes.node_mut(id).value = Value::Map(merged);
    Ok(())
}

fn bad_merge(nodes: &Nodes, id: NodeId) -> YamlError {
    YamlError::new(YamlErrorKind::BadMerge, nodes.node(id).span)
}
