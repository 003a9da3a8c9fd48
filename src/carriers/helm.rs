//! Values of Helm charts: the lists and maps that charts make variables of.

use crate::carriers::go_scalar::{self, GoScalar};
use crate::carriers::kubernetes::{Entry, expanded, plain, push, push_file, read_env, read_mounts};
use crate::carriers::read::{Outcome, Reader};
use crate::carriers::substitution::Given;
use crate::carriers::{Carried, Carrier, Expansion, Seen};
use crate::source::KeyPath;
use crate::syntax::placed::Placed;
use crate::syntax::tree::{NodeRef, Tree};

/// What the values give to each component, at any depth. A component is the map that holds the
/// variables.
pub fn helm(tree: &Tree, text: &str) -> Carried {
    let unknown = |_: &str| Given::Unknown;
    let mut reader = Reader::new(tree, text, &unknown);
    let mut open: Vec<_> = tree.root().map(|root| (root, KeyPath::default())).into_iter().collect();
    while let Some((node, path)) = open.pop() {
        read_component(&mut reader, node, &path);
        let items = node.items().into_iter().flatten().enumerate();
        let mut inner: Vec<_> = items.map(|(index, item)| (item, path.index(index))).collect();
        inner.extend(node.pairs().into_iter().flatten().filter_map(|(key, value)| {
            let key = &key.scalar()?.text;
            (!READ.contains(&key.as_str())).then(|| (value, path.key(key)))
        }));
        inner.retain(|(value, _)| value.scalar().is_none());
        inner.reverse();
        open.append(&mut inner);
    }
    reader.carried
}

fn read_component(reader: &mut Reader<'_>, node: NodeRef<'_>, path: &KeyPath) {
    let holds = |key: &&str| node.get(key).is_some_and(is_given);
    if !READ.iter().any(holds) {
        return;
    }
    let group = reader.group(&path.to_string(), node.span(), path.clone());
    let described = &mut reader.carried.groups[group];
    described.image = node.get("image").and_then(image);
    described.is_complete = !FROM_ELSEWHERE.iter().any(holds);
    for key in VARIABLES {
        let Some(value) = node.get(key) else { continue };
        let path = path.key(key);
        if value.items().is_some() {
            read_env(reader, value, group, &path, Carrier::Helm);
        } else {
            read_map(reader, value, group, &path, key);
        }
    }
    for key in FILES {
        for (key, value) in node.get(key).and_then(NodeRef::pairs).into_iter().flatten() {
            let Some(name) = key.scalar() else { continue };
            let outcome = plain(reader, value);
            let path = path.key(FILES[0]).key(&name.text);
            let entry = Entry { key, value, path, group, expansion: Expansion::None };
            push_file(reader, &entry, &name.text, outcome);
        }
    }
    for key in MOUNTS {
        if let Some(mounts) = node.get(key) {
            read_mounts(reader, mounts, group, &path.key(key));
        }
    }
}

/// Whether there is anything in a value.
fn is_given(value: NodeRef<'_>) -> bool {
    let is_empty_list = value.items().is_some_and(|mut items| items.next().is_none());
    let is_empty_map = value.entries().is_some_and(<[_]>::is_empty);
    !value.is_null() && !is_empty_list && !is_empty_map
}

/// A map of names and values. The chart writes its values in quotes, so that numbers and booleans
/// become text; the names of some are put in upper case.
fn read_map(reader: &mut Reader<'_>, map: NodeRef<'_>, group: usize, path: &KeyPath, block: &str) {
    for (key, value) in map.pairs().into_iter().flatten() {
        let Some(name) = key.scalar() else { continue };
        let path = path.key(&name.text);
        let is_environment = block.starts_with("extraEnvironment");
        let name = if is_environment {
            name.text.replace('.', "_").to_uppercase()
        } else {
            name.text.clone()
        };
        let outcome = if value.entries().is_some() {
            reader.carried.groups[group].is_complete = false;
            Outcome::without_text(Seen::Unknown)
        } else {
            quoted(reader, value, group)
        };
        let entry = Entry { key, value, path, group, expansion: Expansion::Kubernetes };
        push(reader, entry, &name, outcome, Carrier::Helm);
    }
}

/// A value as the template function `quote` prints it.
fn quoted(reader: &Reader<'_>, value: NodeRef<'_>, group: usize) -> Outcome {
    let outcome = plain(reader, value);
    match outcome.seen {
        Seen::Known(_) => return expanded(reader, &outcome, group),
        Seen::NotText("boolean" | "number") => {}
        _ => return outcome,
    }
    let text = match value.scalar().map(|scalar| go_scalar::resolve(value.node(), scalar)) {
        // Larger numbers come out with an exponent in some versions.
        Some(GoScalar::Text(text, go_scalar::Kind::Number)) => {
            let is_short = text.len() <= 6 && text.bytes().all(|byte| byte.is_ascii_digit());
            is_short.then_some(text)
        }
        Some(GoScalar::Text(text, _)) => Some(is_true(&text).to_string()),
        _ => None,
    };
    text.map_or(Outcome::without_text(Seen::Unknown), |text| Outcome::known(Placed::nowhere(text)))
}

/// Whether a word that is a boolean in YAML 1.1 is true.
fn is_true(word: &str) -> bool {
    matches!(word.to_ascii_lowercase().as_str(), "true" | "yes" | "on" | "y")
}

fn image(value: NodeRef<'_>) -> Option<String> {
    let text = |node: NodeRef<'_>| node.scalar().map(|scalar| scalar.text.clone());
    let Some(repository) = value.get("repository").and_then(text) else { return text(value) };
    Some(match value.get("tag").and_then(text).filter(|tag| !tag.is_empty()) {
        Some(tag) => format!("{repository}:{tag}"),
        None => repository,
    })
}

/// Keys under which charts take variables, as a list or a map.
const VARIABLES: [&str; 6] = [
    "env",
    "extraEnv",
    "extraEnvVars",
    "extraEnvironmentSecrets",
    "extraEnvironmentVars",
    "extraEnvs",
];
/// Keys under which charts take whole files.
const FILES: [&str; 1] = ["additionalConfigs"];
/// Keys under which charts take mounts.
const MOUNTS: [&str; 4] =
    ["additionalVolumeMounts", "extraVolumeMounts", "volumeMounts", "volumesMounts"];
/// Keys that bring in variables which do not stand in the values.
const FROM_ELSEWHERE: [&str; 6] = [
    "envFrom",
    "extraEnvFrom",
    "extraEnvVarsCM",
    "extraEnvVarsSecret",
    "extraEnvironmentSecrets",
    "existingSecret",
];
/// All keys that make a map a component.
const READ: [&str; 15] = [
    "additionalConfigs",
    "additionalVolumeMounts",
    "env",
    "envFrom",
    "extraEnv",
    "extraEnvFrom",
    "extraEnvVars",
    "extraEnvVarsCM",
    "extraEnvVarsSecret",
    "extraEnvironmentSecrets",
    "extraEnvironmentVars",
    "extraEnvs",
    "extraVolumeMounts",
    "volumeMounts",
    "volumesMounts",
];
