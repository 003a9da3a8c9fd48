//! Compose files: what `environment:` of each service becomes.

use std::collections::HashSet;

use crate::carriers::go_scalar::{self, GoScalar};
use crate::carriers::read::{
    Outcome, Raw, Reader, as_unset, is_foreign, is_template, kind_of, outcome,
};
use crate::carriers::substitution::{Found, Shell};
use crate::carriers::{Carried, Carrier, EnvFile, Expansion, Mount, OddKind, Refusal, Seen};
use crate::source::{KeyPath, Span};
use crate::syntax::placed::Placed;
use crate::syntax::tree::{NodeRef, Origin, Style, Tree};

/// What a Compose file gives to its services: references are replaced from the shell, extension
/// fields, anchors and merge keys are resolved in the tree.
pub fn compose(tree: &Tree, text: &str, shell: Shell<'_>) -> Carried {
    let mut reader = Reader::new(tree, text, shell);
    let path = KeyPath::default().key("services");
    let services = tree.root().and_then(|root| root.get("services"));
    for (key, service) in services.and_then(NodeRef::pairs).into_iter().flatten() {
        let Some(name) = key.scalar() else { continue };
        let path = path.key(&name.text);
        let group = reader.group(&name.text, key.span(), path.clone());
        read_service(&mut reader, service, group, &path);
    }
    reader.carried
}

fn read_service(reader: &mut Reader<'_>, service: NodeRef<'_>, group: usize, path: &KeyPath) {
    let image = service.get("image").and_then(|image| reader.compose_text(image));
    let is_whole = service.get("image").or(service.get("build")).is_some();
    let is_alone = service.get("env_file").is_none() && service.get("extends").is_none();
    let described = &mut reader.carried.groups[group];
    described.image = image.map(|image| image.text);
    described.is_complete = is_whole && is_alone;
    if let Some(environment) = service.get("environment") {
        read_environment(reader, environment, group, &path.key("environment"));
    }
    if let Some(files) = service.get("env_file") {
        read_env_files(reader, files, group);
    }
    for key in ["volumes", "configs", "secrets"] {
        let items = service.get(key).and_then(NodeRef::items).into_iter().flatten();
        for (index, item) in items.enumerate() {
            read_mount(reader, item, group, &path.key(key).index(index));
        }
    }
}

fn read_environment(reader: &mut Reader<'_>, value: NodeRef<'_>, group: usize, path: &KeyPath) {
    let mut seen = HashSet::new();
    if let Some(items) = value.items() {
        for (index, item) in items.enumerate() {
            let path = path.index(index);
            let is_first = item.scalar().is_none_or(|scalar| seen.insert(scalar.text.clone()));
            if !is_first {
                reader.odd(item.span(), path.clone(), group, OddKind::Repeated);
            }
            read_item(reader, item, group, path);
        }
    } else if let Some(entries) = value.entries() {
        for entry in entries {
            let (key, item) =
                (NodeRef { id: entry.key, ..value }, NodeRef { id: entry.value, ..value });
            let Some(name) = key.scalar() else { continue };
            let path = path.key(&name.text);
            if entry.hidden && entry.origin == Origin::Own {
                reader.odd(key.span(), path, group, OddKind::Repeated);
            } else if !entry.hidden {
                read_pair(reader, key, item, group, path);
            }
        }
    } else if !value.is_null() {
        reader.odd(value.span(), path.clone(), group, OddKind::NoAssignment);
    }
}

/// An item of a list: `NAME=value`, or `NAME` alone.
fn read_item(reader: &mut Reader<'_>, item: NodeRef<'_>, group: usize, path: KeyPath) {
    let text = item.scalar().map(|scalar| go_scalar::resolve(item.node(), scalar));
    let (Some(scalar), Some(GoScalar::Text(_, go_scalar::Kind::Text))) = (item.scalar(), text)
    else {
        return reader.odd(item.span(), path, group, OddKind::NoAssignment);
    };
    let placed = reader.placed(item);
    let equals = placed.text.find('=');
    let name_end = equals.unwrap_or(placed.text.len());
    let end = scalar_end(item);
    let name_span = span_of(&placed, 0, name_end, item.span());
    let value_span = match equals.and_then(|at| placed.place(at)) {
        Some(at) => Span::new(at + 1, end.max(at + 1)),
        None => Span::at(end),
    };
    let name = match substitute(reader, &placed.piece(0..name_end)) {
        Ok(Outcome { seen: Seen::Known(name), .. }) => name,
        Ok(_) => return,
        Err(refusal) => return reader.odd(name_span, path, group, OddKind::Substitution(refusal)),
    };
    if name.is_empty() {
        return reader.odd(item.span(), path, group, OddKind::NoAssignment);
    }
    if name.ends_with(char::is_whitespace) {
        reader.odd(name_span, path.clone(), group, OddKind::BlankBehindName);
    }
    let value = equals.map(|at| placed.piece(at + 1..placed.text.len()));
    let outcome = match value.map(|value| substitute(reader, &value)) {
        Some(Ok(outcome)) => outcome,
        Some(Err(refusal)) => {
            reader.odd(value_span, path.clone(), group, OddKind::Substitution(refusal));
            Outcome::without_text(Seen::Unknown)
        }
        None => reader.inherited(&name),
    };
    let written = reader.written(item, scalar, Expansion::Compose);
    let carrier = Carrier::ComposeList;
    let raw = Raw { carrier, name, name_span, path, value_span, group, written };
    reader.push(raw, outcome);
}

/// An entry of a map.
fn read_pair(
    reader: &mut Reader<'_>,
    key: NodeRef<'_>,
    value: NodeRef<'_>,
    group: usize,
    path: KeyPath,
) {
    let resolved = key.scalar().map(|scalar| go_scalar::resolve(key.node(), scalar));
    let Some(GoScalar::Text(name, go_scalar::Kind::Text)) = resolved else {
        return reader.odd(key.span(), path, group, OddKind::NoAssignment);
    };
    let Some(scalar) = value.scalar() else {
        let kind = kind_of(value).unwrap_or("map");
        let written = Reader::unquoted(value, Expansion::Compose);
        let raw = Raw {
            carrier: Carrier::ComposeMap,
            name,
            name_span: key.span(),
            path,
            value_span: value.span(),
            group,
            written,
        };
        return reader.push(raw, Outcome::without_text(Seen::NotText(kind)));
    };
    let outcome = match go_scalar::resolve(value.node(), scalar) {
        _ if is_foreign(value) => Outcome::without_text(Seen::Unknown),
        GoScalar::Null => reader.inherited(&name),
        GoScalar::Date => Outcome::without_text(Seen::NotText("date")),
        GoScalar::Text(text, go_scalar::Kind::Text) => {
            let placed = reader.placed(value);
            debug_assert_eq!(placed.text, text, "bug: text is what the tree has");
            match substitute(reader, &placed) {
                Ok(outcome) => outcome,
                Err(refusal) => {
                    let kind = OddKind::Substitution(refusal);
                    reader.odd(value.span(), path.clone(), group, kind);
                    Outcome::without_text(Seen::Unknown)
                }
            }
        }
        GoScalar::Text(text, _) if text == scalar.text => Outcome::known(reader.placed(value)),
        GoScalar::Text(text, _) => Outcome::known(Placed::nowhere(text)),
    };
    let written = reader.written(value, scalar, Expansion::Compose);
    let raw = Raw {
        carrier: Carrier::ComposeMap,
        name,
        name_span: key.span(),
        path,
        value_span: value.span(),
        group,
        written,
    };
    reader.push(raw, outcome);
}

fn substitute(reader: &Reader<'_>, value: &Placed) -> Result<Outcome, Refusal> {
    if is_template(&value.text) {
        return Ok(Outcome::without_text(Seen::Unknown));
    }
    let shell = reader.shell;
    let known = |name: &str| Found::in_shell(shell, name);
    let first = reader.substituter.compose(value, &known);
    outcome(first, || reader.substituter.compose(value, &|name| as_unset(known(name))))
}

fn read_env_files(reader: &mut Reader<'_>, value: NodeRef<'_>, group: usize) {
    let single = value.scalar().map(|_| value);
    let items = value.items().into_iter().flatten();
    for item in single.into_iter().chain(items) {
        let path = item.get("path").unwrap_or(item);
        let is = |key: &str, text: &str| {
            let value = item.get(key).and_then(NodeRef::scalar);
            value.is_some_and(|value| value.text.eq_ignore_ascii_case(text))
        };
        let file = EnvFile {
            path: reader.compose_text(path).map(|path| path.text),
            span: path.span(),
            group,
            is_required: !is("required", "false"),
            is_raw: is("format", "raw"),
        };
        reader.carried.env_files.push(file);
    }
}

fn read_mount(reader: &mut Reader<'_>, item: NodeRef<'_>, group: usize, path: &KeyPath) {
    if item.entries().is_some() {
        let source = item.get("source").and_then(|source| reader.compose_text(source));
        let Some(target) = item.get("target") else { return };
        let Some(text) = reader.compose_text(target) else { return };
        let path = path.key("target");
        let (source, span) = (source.map(|source| source.text), target.span());
        let mount = Mount { source, target: text.text, sub_path: None, span, path, group };
        return reader.carried.mounts.push(mount);
    }
    let Some(placed) = reader.compose_text(item) else { return };
    let Some((source, target_at)) = split_volume(&placed.text) else { return };
    let target = placed.text[target_at..].split(':').next().unwrap_or_default();
    let mount = Mount {
        source: Some(source.to_owned()),
        target: target.to_owned(),
        sub_path: None,
        span: span_of(&placed, target_at, target_at + target.len(), item.span()),
        path: path.clone(),
        group,
    };
    reader.carried.mounts.push(mount);
}

/// The source of a volume in short form and where its target begins; a drive letter is no source.
fn split_volume(text: &str) -> Option<(&str, usize)> {
    let is_drive = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && (text[1..].starts_with(":\\") || text[1..].starts_with(":/"))
        && text[2..].contains(':');
    let from = if is_drive { 2 } else { 0 };
    let colon = from + text[from..].find(':')?;
    Some((&text[..colon], colon + 1))
}

/// Where a scalar's text ends: before its closing quote.
fn scalar_end(item: NodeRef<'_>) -> usize {
    let quoted = item
        .scalar()
        .is_some_and(|scalar| matches!(scalar.style, Style::DoubleQuoted | Style::SingleQuoted));
    item.span().end - usize::from(quoted)
}

/// Where a piece of a text stands; all of it where that cannot be told.
fn span_of(placed: &Placed, start: usize, end: usize, whole: Span) -> Span {
    let first = placed.place(start);
    let last = if end > start { placed.place(end - 1).map(|at| at + 1) } else { first };
    match (first, last) {
        (Some(first), Some(last)) if first <= last => Span::new(first, last),
        _ => whole,
    }
}
