//! The body of Label Studio's settings API, and the command that sends it.

use serde_json::{Map, Value};

use crate::model::Protocol;
use crate::setups::imports::text;
use crate::setups::values::Values;
use crate::setups::{AppSetting, AppValue, Carrier};
use crate::sheet::Import;

pub(super) fn settings(values: &Values<'_>, settings: &[AppSetting]) -> Vec<Import> {
    let body = body(settings);
    if body.is_empty() {
        return Vec::new();
    }
    let scim = values.cell.protocol == Protocol::Scim;
    let (word, file_name, command) = if scim {
        ("scim", "label-studio-scim-settings.json", "label-studio-scim-settings.sh")
    } else {
        ("saml", "label-studio-saml-settings.json", "label-studio-saml-settings.sh")
    };
    let url = values.fill(&format!("{{base}}/api/{word}/settings"));
    vec![
        Import { file_name, place: format!("POST {url}"), text: text(&Value::Object(body)) },
        Import {
            file_name: command,
            place: "a shell, beside the file with the body; LABEL_STUDIO_TOKEN holds the token of \
                    the organization's owner"
                .to_owned(),
            text: format!(
                "curl --fail-with-body -X POST {} \\\n  \
                 -H \"Authorization: Token ${{LABEL_STUDIO_TOKEN:?}}\" \\\n  \
                 -H 'Content-Type: application/json' \\\n  --data @{file_name}\n",
                quoted(&url)
            ),
        },
    ]
}

fn body(settings: &[AppSetting]) -> Map<String, Value> {
    let sent = settings.iter().filter(|one| one.carrier == Carrier::SettingsApi && !one.secret);
    sent.filter_map(|one| Some((one.key.clone(), value(&one.value)?))).collect()
}

fn value(value: &AppValue) -> Option<Value> {
    Some(match value {
        AppValue::Answer { shown, .. } => Value::from(shown.as_str()),
        AppValue::Boolean(value) => Value::from(*value),
        AppValue::List(texts) => Value::from(texts.clone()),
        AppValue::Open => return None,
        AppValue::Table(rows) => Value::from(rows.clone()),
        AppValue::Text(text) => Value::from(text.as_str()),
    })
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
