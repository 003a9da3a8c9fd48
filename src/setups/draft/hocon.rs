//! HOCON as ClearML's server reads it.

use crate::deployment::FileKind;
use crate::setups::Carrier;
use crate::setups::draft::{Draft, Entry, Filled, Writing};
use crate::syntax::hocon::quoted;

/// The settings by their paths. The server takes the first word of a path from the name of the file.
pub(super) fn draft(writing: &Writing<'_>) -> Draft {
    let entries = writing.of(&[Carrier::HoconEnvironment]);
    let mut text: String = writing.head().iter().map(|line| format!("# {line}\n")).collect();
    text.push_str(FILES);
    for root in roots(&entries) {
        text.extend(["\n", &root, " {\n"]);
        let own = entries.iter().filter(|entry| path(entry).split('.').next() == Some(&root));
        for entry in own {
            put(&mut text, entry, root.len() + 1);
        }
        text.push_str("}\n");
    }
    for entry in writing.of(&[Carrier::File]) {
        text.extend(["\n# mount the identity provider's whole metadata at ", &entry.key, "\n"]);
    }
    writing.draft(text, FileKind::Hocon, "clearml-sso.conf", &entries)
}

fn put(text: &mut String, entry: &Entry, root: usize) {
    if matches!(entry.value, Filled::Nothing) {
        return;
    }
    for remark in entry.remarks() {
        text.extend(["  # ", &remark, "\n"]);
    }
    let mark = if entry.is_written() { "" } else { "# " };
    text.extend(["  ", mark, &path(entry)[root..], " = ", &value(&entry.value), "\n"]);
}

fn value(value: &Filled) -> String {
    match value {
        Filled::Boolean(value) => value.to_string(),
        Filled::List(texts) => {
            let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
            format!("[{}]", texts.join(", "))
        }
        Filled::Nothing => String::new(),
        Filled::Table(rows) => serde_json::Value::from(rows.clone()).to_string(),
        Filled::Text(text) => quoted(text),
    }
}

/// The way to a setting: the variable's name without its prefix, at its double underscores.
fn path(entry: &Entry) -> String {
    entry.key.trim_start_matches(PREFIX).replace("__", ".")
}

/// The first words of the paths, each once, in order.
fn roots(entries: &[&Entry]) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    for entry in entries {
        let root = path(entry).split('.').next().unwrap_or_default().to_owned();
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

const PREFIX: &str = "CLEARML__";
const FILES: &str = "# the server reads one file for each word at the left margin: what stands in \
     secure { } goes\n# into /opt/clearml/config/secure.conf without that word, and so on\n";
