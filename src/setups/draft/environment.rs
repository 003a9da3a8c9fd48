//! Variables of the application's process, in files that carry them.

use crate::carriers::{self, Line, Target, Unwritable, assignment};
use crate::deployment::FileKind;
use crate::setups::Carrier;
use crate::setups::draft::{Draft, Entry, Filled, Form, Writing};
use crate::syntax::hocon;

/// A file that sets the variables.
pub(super) fn draft(writing: &Writing<'_>) -> Result<Draft, Unwritable> {
    let entries = writing.of(&[Carrier::Environment, Carrier::HoconEnvironment]);
    let (carrier, kind, name) = carrier(writing.form);
    let mut lines = Vec::new();
    for entry in entries.iter().filter(|entry| entry.is_written()) {
        let value = if writing.refers() && entry.secret.is_some() {
            seen(entry, &Filled::Text(marker(entry)))
        } else {
            seen(entry, &entry.value)
        };
        let comment = entry.remarks().join("\n");
        lines.push((entry.key.as_str(), value, (!comment.is_empty()).then_some(comment)));
    }
    let lines: Vec<Line<'_>> = lines
        .iter()
        .map(|(name, value, comment)| Line { name, value, comment: comment.as_deref() })
        .collect();
    let (service, path) = target(writing);
    let mut text: String = writing.head().iter().map(|line| format!("# {line}\n")).collect();
    if let Some(first) = entries.first() {
        text.extend(["# ", &first.place, "\n"]);
    }
    text.push('\n');
    text.push_str(&carriers::write(carrier, Target { service, path }, &lines)?);
    for entry in entries.iter().filter(|entry| writing.refers() && entry.secret.is_some()) {
        text = referring(&text, entry, writing.form);
    }
    beside(&mut text, writing);
    optional(&mut text, carrier, path, &entries);
    Ok(writing.draft(text, kind, name, &entries))
}

/// What the process is to see.
fn seen(entry: &Entry, value: &Filled) -> String {
    let is_hocon = entry.carrier == Carrier::HoconEnvironment;
    let one = |text: &String| if is_hocon { hocon::quoted(text) } else { text.clone() };
    match value {
        Filled::Boolean(value) => value.to_string(),
        Filled::List(texts) => {
            format!("[{}]", texts.iter().map(one).collect::<Vec<_>>().join(", "))
        }
        Filled::Nothing => String::new(),
        Filled::Table(rows) => serde_json::Value::from(rows.clone()).to_string(),
        Filled::Text(text) => one(text),
    }
}

fn carrier(form: Form) -> (carriers::Carrier, FileKind, &'static str) {
    use carriers::Carrier;
    match form {
        Form::ComposeList => {
            (Carrier::ComposeList, FileKind::Compose, "docker-compose.override.yml")
        }
        Form::ComposeMap => (Carrier::ComposeMap, FileKind::Compose, "docker-compose.override.yml"),
        Form::Helm => (Carrier::Helm, FileKind::Helm, "values.override.yml"),
        _ => (Carrier::EnvironmentFile, FileKind::Environment, "sso.env"),
    }
}

/// The service of Compose and the keys of Helm values.
fn target(writing: &Writing<'_>) -> (&'static str, &'static [&'static str]) {
    let is_hocon = writing.entries.iter().any(|one| one.carrier == Carrier::HoconEnvironment);
    if is_hocon { ("apiserver", &["apiserver", "extraEnvs"]) } else { ("app", LABEL_STUDIO_HELM) }
}

/// What stands where a reference will.
fn marker(entry: &Entry) -> String {
    format!("ssoctl-{}-reference", entry.reference())
}

/// The text with a secret's marker turned into a reference.
fn referring(text: &str, entry: &Entry, form: Form) -> String {
    let (marker, name) = (marker(entry), entry.reference());
    if form != Form::Helm {
        return text.replace(&marker, &format!("${{{name}}}"));
    }
    let mut made = String::with_capacity(text.len());
    for line in text.lines() {
        let indent = &line[..line.len() - line.trim_start().len()];
        let reference = |name_key: &str, secret_key: &str, deeper: &str| {
            let key = name.to_ascii_lowercase();
            format!("{indent}{deeper}{name_key}: sso\n{indent}{deeper}{secret_key}: {key}\n")
        };
        if !line.contains(&marker) {
            made.extend([line, "\n"]);
        } else if line.trim_start().starts_with("value:") {
            made.extend([indent, "valueFrom:\n", indent, "  secretKeyRef:\n"]);
            made.push_str(&reference("name", "key", "    "));
        } else {
            // A map of plain values holds no reference: the chart has another map for them.
            made.extend([
                indent,
                "# from a secret of the cluster: extraEnvironmentSecrets below\n",
            ]);
        }
    }
    if !made.contains("secretKeyRef:") {
        let key = name.to_ascii_lowercase();
        let lines = ["  extraEnvironmentSecrets:\n", "    ", &entry.key, ":\n"];
        made.extend(lines);
        made.extend(["      secretName: sso\n      secretKey: ", &key, "\n"]);
    }
    made
}

/// Documents that the process needs: mounted, where the carrier can say so.
fn beside(text: &mut String, writing: &Writing<'_>) {
    for entry in writing.of(&[Carrier::File]) {
        let path = &entry.key;
        let name = path.rsplit('/').next().unwrap_or(path);
        match writing.form {
            Form::ComposeList | Form::ComposeMap => {
                let remark = "    # the identity provider's whole metadata\n";
                text.push_str(&format!("    volumes:\n  {remark}      - ./{name}:{path}:ro\n"));
            }
            Form::Helm => {
                let Filled::Text(document) = &entry.value else { continue };
                let written = crate::sheet::answers::write([(name, document.as_str())]);
                text.push_str("  additionalConfigs:\n");
                text.push_str("    # the identity provider's whole metadata\n");
                for line in written.lines() {
                    text.push_str(&format!("    {line}\n"));
                }
            }
            _ => text
                .push_str(&format!("# mount the identity provider's whole metadata at {path}\n")),
        }
    }
}

/// What may be left out, behind comment marks.
fn optional(text: &mut String, carrier: carriers::Carrier, path: &[&str], entries: &[&Entry]) {
    let is_map = carrier == carriers::Carrier::Helm && path == LABEL_STUDIO_HELM;
    let carrier = if is_map { carriers::Carrier::ComposeMap } else { carrier };
    let mut left_out = entries
        .iter()
        .filter(|entry| entry.optional && !matches!(entry.value, Filled::Nothing))
        .peekable();
    if left_out.peek().is_some() {
        text.push_str("\n# may be left out:\n");
    }
    for entry in left_out {
        for comment in &entry.comments {
            text.extend(["# ", comment, "\n"]);
        }
        let set = assignment(carrier, &entry.key, &seen(entry, &entry.value)).unwrap_or_default();
        for line in set.lines() {
            text.extend(["# ", line, "\n"]);
        }
    }
}

/// Where Label Studio's chart has variables of all its processes.
const LABEL_STUDIO_HELM: &[&str] = &["global", "extraEnvironmentVars"];
