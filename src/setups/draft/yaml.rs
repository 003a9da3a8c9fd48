//! CVAT's `auth_config.yml`.

use crate::deployment::FileKind;
use crate::setups::Carrier;
use crate::setups::draft::{Draft, Entry, Filled, Writing};
use crate::sheet::answers;

/// The whole file; the variables that belong to it stand below it as comments.
pub(super) fn draft(writing: &Writing<'_>) -> Draft {
    let entries = writing.of(&[Carrier::CvatYaml]);
    let (mut head, mut provider, mut mapping) = (Vec::new(), Vec::new(), Vec::new());
    for entry in &entries {
        match entry.key.split_once('.') {
            Some(("sso", key)) => head.push((key, *entry)),
            Some(("attribute_mapping", key)) => mapping.push((key, *entry)),
            _ => provider.push((entry.key.as_str(), *entry)),
        }
    }
    let mut text: String = writing.head().iter().map(|line| format!("# {line}\n")).collect();
    text.push_str("\nsso:\n");
    put(&mut text, "  ", &head);
    text.push_str("  identity_providers:\n");
    let mut item = String::new();
    put(&mut item, "      ", &provider);
    if !mapping.is_empty() {
        item.push_str("      # account field: name of the attribute that the provider sends\n");
        item.push_str("      attribute_mapping:\n");
        put(&mut item, "        ", &mapping);
    }
    text.push_str(&as_item(&item));
    variables(&mut text, writing);
    writing.draft(text, FileKind::Configuration, "auth_config.yml", &entries)
}

/// Settings, line by line; the optional ones behind a comment mark.
pub(super) fn put(text: &mut String, indent: &str, entries: &[(&str, &Entry)]) {
    for (key, entry) in entries {
        for remark in entry.remarks() {
            text.extend([indent, "# ", &remark, "\n"]);
        }
        if matches!(entry.value, Filled::Nothing) {
            text.extend([indent, "# ", key, ":\n"]);
            continue;
        }
        let mark = if entry.is_written() { "" } else { "# " };
        for line in assignment(key, entry).lines() {
            if !line.is_empty() {
                text.extend([indent, mark, line]);
            }
            text.push('\n');
        }
    }
}

/// A key and its value.
fn assignment(key: &str, entry: &Entry) -> String {
    match &entry.value {
        Filled::Boolean(value) => format!("{key}: {value}"),
        Filled::List(texts) => format!("{key}: {}", serde_json::Value::from(texts.clone())),
        Filled::Nothing => String::new(),
        Filled::Table(rows) => {
            let rows = rows.iter().map(|row| format!("\n  - {}", spaced(row)));
            format!("{key}:{}", rows.collect::<String>())
        }
        Filled::Text(text) if entry.secret.is_none() && is_plain(text) => format!("{key}: {text}"),
        Filled::Text(text) => answers::write([(key, text.as_str())]),
    }
}

/// A row of a table on one line.
fn spaced(row: &serde_json::Value) -> String {
    let Some(items) = row.as_array() else { return row.to_string() };
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    format!("[{}]", items.join(", "))
}

/// The first setting of a list's item gets the dash; comments above it stay above.
fn as_item(item: &str) -> String {
    let mut is_first = true;
    let mut text = String::with_capacity(item.len());
    for line in item.lines() {
        let is_comment = line.trim_start().starts_with('#');
        match line.strip_prefix("      ") {
            Some(rest) if is_first && is_comment => text.extend(["    ", rest]),
            Some(rest) if is_first => {
                text.extend(["    - ", rest]);
                is_first = false;
            }
            _ => text.push_str(line),
        }
        text.push('\n');
    }
    text
}

/// What the environment must hold besides.
fn variables(text: &mut String, writing: &Writing<'_>) {
    let entries = writing.of(&[Carrier::Environment]);
    let Some(first) = entries.first() else { return };
    text.extend(["\n# ", &first.place, ":\n"]);
    for entry in &entries {
        let Filled::Text(value) = &entry.value else { continue };
        let value = crate::source::printable(value);
        let why = entry.comments.first().map(|why| format!("   ({why})")).unwrap_or_default();
        text.extend(["#   ", &entry.key, "=", &value, &why, "\n"]);
    }
}

/// Whether a text needs no quotes in YAML 1.1: it begins with a letter, has no mark, and no other
/// reading.
fn is_plain(text: &str) -> bool {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || "-_./: ".contains(c);
    !OTHER_READING.contains(&text.to_ascii_lowercase().as_str())
        && text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(is_usual)
        && !text.contains(": ")
        && !text.ends_with([':', ' '])
}

/// Words that YAML 1.1 takes for something else than text.
const OTHER_READING: [&str; 9] = ["false", "n", "no", "null", "off", "on", "true", "y", "yes"];
