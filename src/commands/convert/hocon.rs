//! Between variables of ClearML's server and its HOCON files.

use std::collections::BTreeMap;
use std::path::Path;

use crate::commands::Failure;
use crate::commands::convert::{Item, Value, read};
use crate::deployment::Document;
use crate::syntax::hocon::{self, SUBSTITUTION, quoted};
use crate::syntax::tree::{Kind, NodeRef, Scalar};

/// The variables that say the same as a file. Its name is the root of its keys, as the server has
/// it; a file of another name holds the roots themselves.
pub(super) fn items(name: &str, document: &Document) -> Result<Vec<Item>, Failure> {
    let mut open: Vec<(Vec<String>, NodeRef<'_>)> =
        document.tree.root().map(|root| (root_of(name), root)).into_iter().collect();
    let mut found = Vec::new();
    while let Some((path, node)) = open.pop() {
        let pairs: Vec<_> = node.pairs().into_iter().flatten().collect();
        let odd = pairs.iter().map(|(key, _)| step(*key)).find(|step| !is_expressible(step));
        if let Some(odd) = odd.filter(|_| path.is_empty()) {
            return Err(Failure::new(format!("{name}: no variable can set {odd}")).hint(
                "the server writes names of variables in lower case and splits them at two underscores; such a key has to stay in a file",
            ));
        }
        // A map with such a key deeper down can still be the value of one variable.
        if pairs.is_empty() || odd.is_some() {
            found.push((node.span(), item(&path, node, document)?));
            continue;
        }
        for (key, value) in &pairs {
            open.push((path.iter().cloned().chain([step(*key).to_owned()]).collect(), *value));
        }
    }
    found.sort_by_key(|(span, _)| *span);
    Ok(found.into_iter().map(|(_, item)| item).collect())
}

fn step(key: NodeRef<'_>) -> &str {
    key.scalar().map_or("", |scalar| scalar.text.as_str())
}

/// The same variables as files of the server, by their root: one `key = value` a line.
pub(super) fn files(items: &[Item]) -> Result<BTreeMap<String, String>, Failure> {
    let mut roots: BTreeMap<String, String> = BTreeMap::new();
    for (path, (item, value)) in in_force(items) {
        let tree = hocon::value_of(&path.join("."), value).map_err(|error| {
            Failure::new(format!("{} does not parse as HOCON: {error}", item.name))
                .hint("the server would not start with it; ssoctl validate shows the right quoting")
        })?;
        if sets_more(&path, value) {
            return Err(Failure::new(format!("{} sets more than its own key", item.name)).hint(
                "what stands behind the comma or line break of its value is another key to the server; take it out",
            ));
        }
        let text = tree.root().map_or_else(|| Some("\"\"".to_owned()), |root| written(root, value));
        let Some(text) = text else { continue };
        let (root, rest) = path.split_first().expect("a path has a first step");
        let block = roots.entry(root.clone()).or_default();
        let comment = item.comment.iter().flat_map(|comment| comment.lines());
        block.extend(comment.map(|line| format!("# {line}\n")));
        block.extend([keys(rest), " = ".to_owned(), text, "\n".to_owned()]);
    }
    Ok(roots)
}

/// Whether a value, read as the server reads it, sets keys beside the variable's own.
fn sets_more(path: &[String], value: &str) -> bool {
    let text = format!("{}: {value}", path.join("."));
    let Ok(tree) = hocon::read(&text, &hocon::Options::default()) else { return false };
    let mut node = tree.root();
    path.iter().any(|step| {
        let pairs = node.and_then(NodeRef::pairs).map_or(0, Iterator::count);
        node = node.and_then(|node| node.get(step));
        pairs > 1
    })
}

/// All roots in one text: each block belongs into the file of its name.
pub(super) fn joined(files: &BTreeMap<String, String>) -> String {
    let block = |(root, body): (&String, &String)| {
        let lines: Vec<String> = body.lines().map(|line| format!("  {line}")).collect();
        format!("# {root}.conf\n{root} {{\n{}\n}}\n", lines.join("\n"))
    };
    files.iter().map(block).collect()
}

/// What the server sets in the end, by path: variables in the order of their names, older prefix
/// first, the last one of a path wins.
fn in_force(items: &[Item]) -> BTreeMap<Vec<String>, (&Item, &str)> {
    let mut ordered: Vec<(&Item, &str)> = items
        .iter()
        .filter_map(|item| match &item.value {
            Value::Known(value) => Some((item, value.as_str())),
            Value::Unknown(_) => None,
        })
        .collect();
    ordered.sort_by_key(|(item, _)| (item.name.starts_with(PREFIXES[0]), item.name.clone()));
    ordered
        .into_iter()
        .filter_map(|(item, value)| Some((path(&item.name)?, (item, value))))
        .collect()
}

/// Whether a variable becomes a setting of the server.
pub(super) fn is_setting(name: &str) -> bool {
    path(name).is_some()
}

fn path(name: &str) -> Option<Vec<String>> {
    let rest = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    Some(rest.split("__").map(str::to_lowercase).collect())
}

fn item(path: &[String], node: NodeRef<'_>, document: &Document) -> Result<Item, Failure> {
    let name = format!("{}{}", PREFIXES[0], path.join("__"));
    let value = match written(node, document.source.text()) {
        Some(value) => Value::Known(value),
        None => {
            Value::Unknown("a substitution stands for it, which the server answers when it starts")
        }
    };
    if path.is_empty() {
        return Err(Failure::new("the file holds no settings"));
    }
    let comment = read::comment_above(&document.source, node.span().start);
    Ok(Item { name, value, comment })
}

/// A value as HOCON that reads back as the same; none where it is known only at run time. Depth is
/// bounded by the reader.
fn written(node: NodeRef<'_>, text: &str) -> Option<String> {
    if node.node().tag.as_ref().is_some_and(|tag| tag.name == SUBSTITUTION) {
        return None;
    }
    if let Some(scalar) = node.scalar() {
        return Some(scalar_text(scalar, &text[node.span().range()]));
    }
    if let Some(items) = node.items() {
        let items: Option<Vec<String>> = items.map(|item| written(item, text)).collect();
        return Some(format!("[{}]", items?.join(", ")));
    }
    let pairs = node.pairs().into_iter().flatten().map(|(key, value)| {
        let key = key.scalar().map_or_else(String::new, |scalar| scalar.text.clone());
        Some(format!("{}: {}", keys(&[key]), written(value, text)?))
    });
    let pairs: Option<Vec<String>> = pairs.collect();
    Some(format!("{{{}}}", pairs?.join(", ")))
}

fn scalar_text(scalar: &Scalar, written: &str) -> String {
    match &scalar.kind {
        Kind::Text => quoted(&scalar.text),
        Kind::Bool(value) => value.to_string(),
        Kind::Int(digits) => digits.clone(),
        Kind::Null => "null".to_owned(),
        _ => written.trim().to_owned(),
    }
}

fn keys(path: &[String]) -> String {
    let plain = |step: &str| {
        !step.is_empty() && step.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
    };
    let steps: Vec<String> =
        path.iter().map(|step| if plain(step) { step.clone() } else { quoted(step) }).collect();
    steps.join(".")
}

/// Whether a step of a path comes back from the name of a variable.
fn is_expressible(step: &str) -> bool {
    !step.is_empty()
        && step.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-".contains(c))
        && !step.contains("__")
        && !step.ends_with('_')
}

/// The root of a file's keys by its name: `secure.conf`, `services/login.conf`.
fn root_of(name: &str) -> Vec<String> {
    let path = Path::new(name);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    if ROOTS.contains(&stem) {
        return vec![stem.to_owned()];
    }
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
    match folder {
        Some(folder) if ROOTS.contains(&folder) => vec![folder.to_owned(), stem.to_owned()],
        _ => Vec::new(),
    }
}

/// Prefixes of variables that the server reads, the present one first.
const PREFIXES: [&str; 2] = ["CLEARML__", "TRAINS__"];
/// Files of the server's configuration folder that hold single sign-on.
const ROOTS: [&str; 3] = ["apiserver", "secure", "services"];
