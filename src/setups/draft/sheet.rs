//! The sheet in which Calabi's forms are recorded.

use crate::deployment::FileKind;
use crate::model::Protocol;
use crate::setups::draft::{Draft, Entry, Filled, Writing, yaml};
use crate::setups::values::Values;
use crate::setups::{Carrier, Cell, Given};
use crate::sheet::answers;

/// Whether there is such a sheet for the application.
pub(super) fn records(cell: &'static Cell) -> bool {
    cell.app.id == "calabi"
}

/// The sheet.
pub(super) fn draft(writing: &Writing<'_>, given: &Given) -> Draft {
    let values = Values::new(writing.cell, given);
    let entries = writing.of(&[Carrier::Form]);
    let mut made = Made { text: String::new(), open: Vec::new() };
    for line in writing.head() {
        made.line(0, &format!("# {line}"));
    }
    made.line(0, "# what stands in the forms, to be judged: Calabi itself reads no file");
    made.line(0, "");
    made.line(0, "calabi:");
    made.line(1, "# where people open it, without https://");
    made.value(1, "domain", &values.fill("{host}"));
    match writing.cell.protocol {
        Protocol::Scim => scim(&mut made, &values),
        _ => provider(&mut made, &values, &entries),
    }
    let draft = writing.draft(made.text, FileKind::Configuration, "calabi-sso.yml", &[]);
    Draft { open: made.open, ..draft }
}

fn scim(made: &mut Made, values: &Values<'_>) {
    made.line(1, "scim:");
    made.value(2, "idp", values.cell.idp.id);
    made.value(2, "base_url", &values.fill("{scim_base}"));
    made.line(2, "# where the token lies, never the token itself: whoever has it makes accounts");
    made.line(2, "# token:");
    made.line(2, "#   kept_in: entry of a secret store");
}

fn provider(made: &mut Made, values: &Values<'_>, entries: &[&Entry]) {
    let of = |label: &str| entries.iter().find(|entry| entry.key == label).copied();
    made.line(1, "providers:");
    let text = |entry: Option<&Entry>| match entry.map(|entry| &entry.value) {
        Some(Filled::Text(text)) => text.clone(),
        _ => String::new(),
    };
    made.line(2, "# Admin > SSO > + Add SAML Provider");
    made.value(2, "- idp", values.cell.idp.id);
    made.setting(3, "display_name", of("Display Name"));
    if values.cell.console.metadata_is_a_file {
        made.remarks(3, of("IdP Metadata URL"));
        made.value(3, "metadata_file", "metadata.xml");
    } else {
        made.setting(3, "metadata_url", of("IdP Metadata URL"));
    }
    made.line(3, "# compared exactly with the names that the provider sends");
    made.line(3, "attributes:");
    for (key, label) in ATTRIBUTES {
        made.value(4, key, &text(of(label)));
    }
    made.setting(3, "default_role", of("Default Role"));
    if let Some(Filled::Table(rows)) = of("Group Mappings").map(|entry| &entry.value) {
        made.remarks(3, of("Group Mappings"));
        made.line(3, "group_mappings:");
        for row in rows {
            made.value(4, "- group", row[0].as_str().unwrap_or_default());
            made.value(5, "role", row[1].as_str().unwrap_or_default());
        }
    }
    made.line(3, "# what stands in the provider's console");
    made.line(3, "registered:");
    made.value(4, "acs_url", &values.fill("{acs}"));
    made.value(4, "entity_id", &values.fill("{sp_entity_id}"));
    made.value(4, "name_id_format", NAME_ID_FORMAT);
}

/// A sheet in the making.
struct Made {
    text: String,
    open: Vec<String>,
}

impl Made {
    fn line(&mut self, depth: usize, line: &str) {
        if !line.is_empty() {
            self.text.push_str(&"  ".repeat(depth));
        }
        self.text.extend([line, "\n"]);
    }

    fn setting(&mut self, depth: usize, key: &str, entry: Option<&Entry>) {
        let Some(Entry { value: Filled::Text(text), .. }) = entry else { return };
        self.remarks(depth, entry);
        self.value(depth, key, text);
    }

    fn remarks(&mut self, depth: usize, entry: Option<&Entry>) {
        for remark in entry.map(Entry::remarks).unwrap_or_default() {
            self.line(depth, &format!("# {remark}"));
        }
    }

    fn value(&mut self, depth: usize, key: &str, text: &str) {
        let name = key.trim_start_matches("- ");
        if text.contains('<') {
            self.open.push(name.to_owned());
        }
        let quoted = answers::write([("_", text)]);
        let quoted = quoted.trim_start_matches("\"_\":").trim_start_matches("_:").trim();
        let value = if yaml::is_plain(text) { text } else { quoted };
        self.line(depth, &format!("{key}: {value}"));
    }
}

/// The keys of the sheet, and what the form calls them.
const ATTRIBUTES: [(&str, &str); 4] = [
    ("email", "Email Attribute"),
    ("first_name", "First Name Attribute"),
    ("last_name", "Last Name Attribute"),
    ("groups", "Groups Attribute"),
];
/// What Calabi asks the provider for.
const NAME_ID_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
