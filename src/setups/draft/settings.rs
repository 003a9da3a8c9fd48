//! The body of a settings API, as JSON or as YAML that can hold comments.

use serde_json::{Map, Value};

use crate::deployment::FileKind;
use crate::model::Protocol;
use crate::setups::Carrier;
use crate::setups::draft::{Draft, Entry, Filled, Writing, yaml};

/// The body as the API takes it; JSON has no comments.
pub(super) fn json(writing: &Writing<'_>) -> Draft {
    let entries = writing.of(&[Carrier::SettingsApi]);
    let written = entries.iter().filter(|entry| entry.is_written());
    let body: Map<String, Value> =
        written.filter_map(|entry| Some((entry.key.clone(), value(&entry.value)?))).collect();
    let text = serde_json::to_string_pretty(&body).expect("texts and tables can be written");
    let (kind, [name, _]) = kind(writing);
    writing.draft(text + "\n", kind, name, &entries)
}

/// The body as YAML, with the reason of each value.
pub(super) fn yaml(writing: &Writing<'_>) -> Draft {
    let entries = writing.of(&[Carrier::SettingsApi]);
    let place = entries.first().map(|entry| entry.place.clone()).unwrap_or_default();
    let [first, second] = writing.head();
    let lines = [first, second, format!("the API takes it as JSON: {place}")];
    let mut text: String = lines.iter().map(|line| format!("# {line}\n")).collect();
    text.push('\n');
    let keyed: Vec<(&str, &Entry)> =
        entries.iter().map(|entry| (entry.key.as_str(), *entry)).collect();
    yaml::put(&mut text, "", &keyed);
    let (kind, [_, name]) = kind(writing);
    writing.draft(text, kind, name, &entries)
}

fn kind(writing: &Writing<'_>) -> (FileKind, [&'static str; 2]) {
    match writing.cell.protocol {
        Protocol::Scim => {
            (FileKind::Scim, ["label-studio-scim-settings.json", "label-studio-scim-settings.yml"])
        }
        _ => (
            FileKind::Settings,
            ["label-studio-saml-settings.json", "label-studio-saml-settings.yml"],
        ),
    }
}

fn value(value: &Filled) -> Option<Value> {
    Some(match value {
        Filled::Boolean(value) => Value::from(*value),
        Filled::List(texts) => Value::from(texts.clone()),
        Filled::Nothing => return None,
        Filled::Table(rows) => Value::from(rows.clone()),
        Filled::Text(text) => Value::from(text.as_str()),
    })
}
