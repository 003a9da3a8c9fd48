//! HOCON as ClearML's server reads it.

use crate::deployment::FileKind;
use crate::setups::Carrier;
use crate::setups::draft::{Draft, DraftFile, Entry, Filled, Known, Writing};
use crate::syntax::hocon::quoted;

/// One file for each section: the server takes the first word of a path from the file's name.
pub(super) fn draft(writing: &Writing<'_>) -> Draft {
    let entries = writing.of(&[Carrier::HoconEnvironment]);
    let files = roots(&entries).into_iter().map(|root| {
        let own = entries.iter().filter(|entry| path(entry).split('.').next() == Some(&root));
        let own: Vec<&Entry> = own.copied().collect();
        let mut text = writing.head_text();
        text.extend(["# the server reads it as ", FOLDER, &root, ".conf\n\n"]);
        for entry in &own {
            put(&mut text, entry, root.len() + 1);
        }
        let holds_secret = own.iter().any(|entry| entry.secret == Some(Known::Yes));
        DraftFile { text, name: format!("{root}.conf"), holds_secret }
    });
    let files = files.collect();
    Draft { files, ..writing.draft(String::new(), FileKind::Hocon, "", &entries) }
}

fn put(text: &mut String, entry: &Entry, root: usize) {
    if matches!(entry.value, Filled::Nothing) {
        return;
    }
    for remark in entry.remarks() {
        text.extend(["# ", &remark, "\n"]);
    }
    let mark = if entry.is_written() { "" } else { "# " };
    text.extend([mark, &path(entry)[root..], " = ", &value(&entry.value), "\n"]);
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
/// Where the server looks for its files.
const FOLDER: &str = "/opt/clearml/config/";
