//! Kubernetes manifests: variables of containers, and the data of config maps and secrets.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::carriers::go_scalar::{self, GoScalar};
use crate::carriers::read::{Outcome, Raw, Reader, as_unset, is_foreign, kind_of, outcome};
use crate::carriers::substitution::{Found, Given};
use crate::carriers::{Carried, Carrier, EmbeddedFile, Expansion, Mount, OddKind, Seen};
use crate::source::{KeyPath, Span};
use crate::syntax::placed::Placed;
use crate::syntax::tree::{NodeRef, Scalar, Style, Tree};

/// What one manifest gives to its containers; of a config map or a secret, what it holds. Values
/// of a `List` are read one by one.
pub fn kubernetes(tree: &Tree, text: &str) -> Carried {
    let unknown = |_: &str| Given::Unknown;
    let mut reader = Reader::new(tree, text, &unknown);
    if let Some(root) = tree.root() {
        let path = KeyPath::default();
        match root.get("items").and_then(NodeRef::items) {
            Some(items) => {
                for (index, item) in items.enumerate() {
                    read_object(&mut reader, item, &path.key("items").index(index));
                }
            }
            None => read_object(&mut reader, root, &path),
        }
    }
    reader.carried
}

fn read_object(reader: &mut Reader<'_>, object: NodeRef<'_>, path: &KeyPath) {
    match object.get("kind").and_then(NodeRef::scalar).map(|kind| kind.text.as_str()) {
        Some("ConfigMap" | "Secret") => read_data(reader, object, path),
        _ => read_containers(reader, object, path),
    }
}

/// The data of a config map or a secret: variables where the keys are names of variables, files
/// else.
fn read_data(reader: &mut Reader<'_>, object: NodeRef<'_>, path: &KeyPath) {
    let named = object.get("metadata").and_then(|metadata| metadata.get("name"));
    let name = named.and_then(NodeRef::scalar).map_or("", |name| name.text.as_str());
    let group = reader.group(name, named.unwrap_or(object).span(), path.clone());
    let kind = object.get("kind").and_then(NodeRef::scalar);
    let is_secret = kind.is_some_and(|kind| kind.text == "Secret");
    for block in ["data", "stringData"] {
        let pairs = object.get(block).and_then(NodeRef::pairs).into_iter().flatten();
        let is_base64 = is_secret && block == "data";
        for (key, value) in pairs {
            let Some(name) = key.scalar() else { continue };
            let path = path.key(block).key(&name.text);
            let mut outcome = plain(reader, value);
            if let (true, Seen::Known(text)) = (is_base64, &outcome.seen) {
                outcome = decoded(text).unwrap_or_else(|| {
                    reader.odd(value.span(), path.clone(), group, OddKind::NotBase64);
                    Outcome::without_text(Seen::Unknown)
                });
            }
            outcome.holds_secret |= is_secret;
            let entry = Entry { key, value, path, group, expansion: Expansion::None };
            if is_variable_name(&name.text) {
                push(reader, entry, &name.text, outcome, Carrier::Kubernetes);
                if let (true, Some(variable)) = (is_base64, reader.carried.variables.last_mut()) {
                    // What surrounds an encoded value does not surround the value.
                    variable.written.is_own = false;
                }
            } else {
                push_file(reader, &entry, &name.text, outcome);
            }
        }
    }
}

fn decoded(text: &str) -> Option<Outcome> {
    let clean: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    let bytes = STANDARD.decode(clean).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => Outcome::known(Placed::nowhere(text)),
        Err(_) => Outcome::without_text(Seen::Unknown),
    })
}

/// Looks for containers wherever a pod is described, and for what else has `env` in a manifest.
fn read_containers(reader: &mut Reader<'_>, object: NodeRef<'_>, path: &KeyPath) {
    let mut open = vec![(object, path.clone())];
    while let Some((node, path)) = open.pop() {
        let Some(pairs) = node.pairs() else { continue };
        for (key, value) in pairs {
            let Some(key) = key.key_text() else { continue };
            let path = path.key(key);
            if !matches!(key, "containers" | "initContainers" | "ephemeralContainers") {
                open.push((value, path));
                continue;
            }
            for (index, container) in value.items().into_iter().flatten().enumerate() {
                read_container(reader, container, &path.index(index));
            }
        }
    }
}

fn read_container(reader: &mut Reader<'_>, container: NodeRef<'_>, path: &KeyPath) {
    let name = container.get("name");
    let text = name.and_then(NodeRef::scalar).map_or("", |name| name.text.as_str());
    let group = reader.group(text, name.unwrap_or(container).span(), path.clone());
    let image = container.get("image").and_then(NodeRef::scalar);
    let described = &mut reader.carried.groups[group];
    described.image = image.map(|image| image.text.clone());
    if container.get("envFrom").is_some_and(|from| !from.is_null()) {
        described.is_complete = false;
    }
    if let Some(list) = container.get("env") {
        read_env(reader, list, group, &path.key("env"), Carrier::Kubernetes);
    }
    if let Some(mounts) = container.get("volumeMounts") {
        read_mounts(reader, mounts, group, &path.key("volumeMounts"));
    }
}

/// A list of `name` with `value` or `valueFrom`.
pub(super) fn read_env(
    reader: &mut Reader<'_>,
    list: NodeRef<'_>,
    group: usize,
    path: &KeyPath,
    carrier: Carrier,
) {
    for (index, item) in list.items().into_iter().flatten().enumerate() {
        let path = path.index(index);
        let Some(name) = item.get("name").filter(|name| name.scalar().is_some()) else {
            reader.odd(item.span(), path, group, OddKind::NoAssignment);
            continue;
        };
        let text = name.scalar().map(|name| name.text.clone()).unwrap_or_default();
        if let Some(value) = item.get("value") {
            let outcome = value_of(reader, value, group);
            let path = path.key("value");
            let expansion = Expansion::Kubernetes;
            push(
                reader,
                Entry { key: name, value, path, group, expansion },
                &text,
                outcome,
                carrier,
            );
        } else if let Some(from) = item.get("valueFrom") {
            reader.carried.groups[group].is_complete &= !is_secret_reference(from);
            let outcome = Outcome::without_text(Seen::Unknown);
            let (path, expansion) = (path.key("valueFrom"), Expansion::Kubernetes);
            let entry = Entry { key: name, value: from, path, group, expansion };
            push(reader, entry, &text, outcome, carrier);
        } else {
            let outcome = Outcome::known(Placed::default());
            let mut written = Reader::unquoted(name, Expansion::Kubernetes);
            let name_span = name.span();
            let value_span = Span::at(name_span.end);
            written.span = value_span;
            let raw = Raw { carrier, name: text, name_span, path, value_span, group, written };
            reader.push(raw, outcome);
        }
    }
}

fn is_secret_reference(from: NodeRef<'_>) -> bool {
    ["secretKeyRef", "configMapKeyRef"].into_iter().any(|key| from.get(key).is_some())
}

/// A value of a container's variable.
fn value_of(reader: &Reader<'_>, value: NodeRef<'_>, group: usize) -> Outcome {
    let plain = plain(reader, value);
    let Seen::Known(_) = plain.seen else { return plain };
    expanded(reader, &plain, group)
}

/// A text with the variables before it put in.
pub(super) fn expanded(reader: &Reader<'_>, plain: &Outcome, group: usize) -> Outcome {
    let is_complete = reader.carried.groups[group].is_complete;
    let lookup = |name: &str| {
        let unset = Found { given: Given::Unset, holds_secret: false };
        let unknown = Found { given: Given::Unknown, holds_secret: false };
        // Kubernetes itself sets variables for the services of the namespace.
        let may_be_set = !is_complete || name.contains("_SERVICE_") || name.contains("_PORT");
        reader.earlier(group, name).unwrap_or(if may_be_set { unknown } else { unset })
    };
    let first = reader.substituter.kubernetes(&plain.placed, &lookup);
    let second = || reader.substituter.kubernetes(&plain.placed, &|name| as_unset(lookup(name)));
    outcome(first, second).unwrap_or_else(|_| Outcome::without_text(Seen::Unknown))
}

/// A value before anything is replaced: text, nothing, or something that Kubernetes refuses.
pub(super) fn plain(reader: &Reader<'_>, value: NodeRef<'_>) -> Outcome {
    let Some(scalar) = value.scalar() else {
        return Outcome::without_text(Seen::NotText(kind_of(value).unwrap_or("map")));
    };
    if is_foreign(value) {
        return Outcome::without_text(Seen::Unknown);
    }
    let resolved = go_scalar::resolve(value.node(), scalar);
    match refused_kind(scalar, &resolved) {
        Some(kind) => {
            let placed = reader.placed(value);
            Outcome { placed, ..Outcome::without_text(Seen::NotText(kind)) }
        }
        None if resolved == GoScalar::Null => Outcome::known(Placed::default()),
        None => Outcome::known(reader.placed(value)),
    }
}

/// What a scalar is that is not text: by the reader of Helm and Kubernetes, which takes the words
/// of YAML 1.1 for booleans.
fn refused_kind(scalar: &Scalar, resolved: &GoScalar) -> Option<&'static str> {
    match resolved {
        GoScalar::Text(_, go_scalar::Kind::Boolean) => Some("boolean"),
        GoScalar::Text(_, go_scalar::Kind::Number) => Some("number"),
        GoScalar::Text(text, _) if scalar.style == Style::Plain => {
            let is_boolean = BOOLEANS.iter().any(|word| {
                let mut title = word[..1].to_uppercase();
                title.push_str(&word[1..]);
                text == word || *text == title || *text == word.to_uppercase()
            });
            is_boolean.then_some("boolean")
        }
        GoScalar::Date | GoScalar::Null | GoScalar::Text(..) => None,
    }
}

/// A name and its value in a map or a list of variables.
pub(super) struct Entry<'t> {
    pub(super) key: NodeRef<'t>,
    pub(super) value: NodeRef<'t>,
    pub(super) path: KeyPath,
    pub(super) group: usize,
    pub(super) expansion: Expansion,
}

pub(super) fn push(
    reader: &mut Reader<'_>,
    entry: Entry<'_>,
    name: &str,
    outcome: Outcome,
    carrier: Carrier,
) {
    let Entry { key, value, path, group, expansion } = entry;
    let written = match value.scalar() {
        Some(scalar) => reader.written(value, scalar, expansion),
        None => Reader::unquoted(value, expansion),
    };
    let (name, name_span, value_span) = (name.to_owned(), key.span(), value.span());
    reader.push(Raw { carrier, name, name_span, path, value_span, group, written }, outcome);
}

pub(super) fn push_file(reader: &mut Reader<'_>, entry: &Entry<'_>, name: &str, outcome: Outcome) {
    let text = match outcome.seen {
        Seen::Known(text) => Some(text),
        Seen::Inherited | Seen::NotText(_) | Seen::Unknown => None,
    };
    let file = EmbeddedFile {
        name: name.to_owned(),
        text,
        span: entry.value.span(),
        path: entry.path.clone(),
        group: entry.group,
        placed: outcome.placed,
    };
    reader.carried.files.push(file);
}

/// A list of `mountPath` with `name` and `subPath`.
pub(super) fn read_mounts(
    reader: &mut Reader<'_>,
    list: NodeRef<'_>,
    group: usize,
    path: &KeyPath,
) {
    let text = |item: NodeRef<'_>, key: &str| {
        item.get(key).and_then(NodeRef::scalar).map(|scalar| scalar.text.clone())
    };
    for (index, item) in list.items().into_iter().flatten().enumerate() {
        let Some(target) = item.get("mountPath") else { continue };
        let Some(scalar) = target.scalar() else { continue };
        let mount = Mount {
            source: text(item, "name"),
            target: scalar.text.clone(),
            sub_path: text(item, "subPath"),
            span: target.span(),
            path: path.index(index).key("mountPath"),
            group,
        };
        reader.carried.mounts.push(mount);
    }
}

/// Whether a key of a config map can be a variable's name rather than a file's.
pub(super) fn is_variable_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Words that are booleans beside `true` and `false`.
const BOOLEANS: [&str; 6] = ["n", "no", "off", "on", "y", "yes"];
