//! Substitutions that the same text answers.

use crate::syntax::hocon::build::Builder;
use crate::syntax::hocon::concat::{Content, Piece, joined, printed};
use crate::syntax::hocon::{Options, RESOLVED, key, period};
use crate::syntax::tree::{Kind, NodeId, Scalar, Style, Value};

/// A value that depends on substitutions.
#[derive(Debug)]
pub(super) struct Pending {
    /// Its node.
    pub(super) node: NodeId,
    /// What it is made of.
    pub(super) pieces: Vec<Piece>,
}

/// Fills in what single values of the text answer. What is left depends on the environment, on
/// its own key, or stands for a list or a map.
pub(super) fn resolve(build: &mut Builder, root: NodeId, pending: &[Pending], options: &Options) {
    let homes = if pending.is_empty() { Vec::new() } else { homes(build, root) };
    let mut allowed = options.bytes;
    for _ in 0..PASSES {
        let mut is_done = true;
        for value in pending.iter().filter(|value| value.pieces.len() <= MOST_PIECES) {
            let home = index(value.node).and_then(|node| homes.get(node)?.as_deref());
            if !build.is_unknown(value.node) || build.is_doubtful(value.node) || home.is_none() {
                continue;
            }
            let Some(scalar) = answer(build, root, value, home) else { continue };
            let Some(left) = allowed.checked_sub(scalar.text.len()) else { return };
            allowed = left;
            let node = build.get_mut(value.node);
            node.value = Value::Scalar(scalar);
            if let Some(tag) = &mut node.tag {
                RESOLVED.clone_into(&mut tag.name);
            }
            is_done = false;
        }
        if is_done {
            return;
        }
    }
}

/// For each node, the first step of the key under which it counts.
fn homes(build: &Builder, root: NodeId) -> Vec<Option<String>> {
    let mut homes: Vec<Option<String>> = vec![None; build.nodes.len()];
    let mut open: Vec<(NodeId, Option<String>)> = vec![(root, None)];
    while let Some((id, home)) = open.pop() {
        match &build.get(id).value {
            Value::List(items) => open.extend(items.iter().map(|item| (*item, home.clone()))),
            Value::Map(entries) => {
                let own = |key| home.clone().or_else(|| Some(build.scalar(key)?.text.clone()));
                let counting = entries.iter().filter(|entry| !entry.hidden);
                open.extend(counting.map(|entry| (entry.value, own(entry.key))));
            }
            Value::Scalar(_) => {}
        }
        if let Some(place) = index(id).and_then(|index| homes.get_mut(index)) {
            *place = home;
        }
    }
    homes
}

/// The value with all its substitutions answered.
fn answer(build: &Builder, root: NodeId, value: &Pending, home: Option<&str>) -> Option<Scalar> {
    let mut pieces = Vec::with_capacity(value.pieces.len());
    let mut length = 0_usize;
    for piece in &value.pieces {
        let content = match &piece.content {
            Content::Single { .. } => piece.content.clone(),
            Content::Substitution { name, gap } => {
                let scalar = target(build, root, name, home)?.clone();
                let printed = printed(&scalar, in_python)?;
                let style = Style::DoubleQuoted;
                let scalar = Scalar { style, ..scalar };
                Content::Single { scalar, printed, gap: gap.clone() }
            }
            Content::Include | Content::List(_) | Content::Map(_) => return None,
        };
        if let Content::Single { printed, .. } = &content {
            length = length.saturating_add(printed.len());
        }
        if length > MOST_TEXT {
            return None;
        }
        pieces.push(Piece { content, ..*piece });
    }
    let mut scalar = joined(&pieces);
    if scalar.kind != Kind::Text {
        scalar.style = Style::Plain;
    }
    Some(scalar)
}

/// A duration as Python prints it.
fn in_python(written: &str) -> String {
    match period::at(written, 0) {
        Some((Ok(period), _)) => period.printed(),
        _ => written.to_owned(),
    }
}

/// The single value that a substitution names, unless it names its own key.
fn target<'b>(
    build: &'b Builder,
    root: NodeId,
    name: &str,
    home: Option<&str>,
) -> Option<&'b Scalar> {
    let parts = key::parts(name, MOST_STEPS);
    let first = parts.first()?;
    if parts.len() == 1 && home == Some(first.name.trim_matches('"')) {
        return None;
    }
    let node = parts.iter().try_fold(root, |map, part| build.find(map, &part.name))?;
    build.scalar(node)
}

fn index(id: NodeId) -> Option<usize> {
    usize::try_from(id.0).ok()
}

/// How often a value may lead to the next.
const PASSES: usize = 8;
/// How many steps of a name are looked at.
const MOST_STEPS: usize = 1000;
/// How many pieces a value may have to be filled in.
const MOST_PIECES: usize = 1000;
/// How long a value that is filled in may grow.
const MOST_TEXT: usize = 65536;
