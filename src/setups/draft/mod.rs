//! Configuration files: the settings of a cell, written as the application reads them, each with the
//! reason for its value.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::carriers::Unwritable;
use crate::deployment::FileKind;
use crate::setups::{AppSetting, AppValue, Carrier, Cell, Given, app_settings};
use crate::source::printable;

mod environment;
mod hocon;
mod settings;
mod sheet;
mod yaml;

/// The form of a configuration file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A Compose file whose variables are a list.
    ComposeList,
    /// A Compose file whose variables are a map.
    ComposeMap,
    /// `NAME=value` lines.
    Env,
    /// Values of a Helm chart.
    Helm,
    /// HOCON.
    Hocon,
    /// The JSON body of a settings API.
    Json,
    /// A sheet that records what is typed into a form.
    Sheet,
    /// YAML.
    Yaml,
}

impl Form {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::ComposeList,
        Self::ComposeMap,
        Self::Env,
        Self::Helm,
        Self::Hocon,
        Self::Json,
        Self::Sheet,
        Self::Yaml,
    ];

    /// The word on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::ComposeList => "compose-list",
            Self::ComposeMap => "compose-map",
            Self::Env => "env",
            Self::Helm => "helm",
            Self::Hocon => "hocon",
            Self::Json => "json",
            Self::Sheet => "sheet",
            Self::Yaml => "yaml",
        }
    }

    /// The form of a word on the command line.
    pub fn by_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.id() == id)
    }
}

/// A configuration file that was made. It may hold secrets, so it cannot be printed.
#[derive(Clone)]
pub struct Draft {
    /// The whole text.
    pub text: String,
    /// What the file is to its application.
    pub kind: FileKind,
    /// A name for it.
    pub file_name: &'static str,
    /// Whether a secret stands in it.
    pub holds_secret: bool,
    /// The keys whose values hold a placeholder.
    pub open: Vec<String>,
    /// The secrets that it takes from elsewhere: the name under which they are looked up there.
    pub referred: Vec<String>,
    /// Documents that must lie beside it: where the application looks for them.
    pub beside: Vec<String>,
}

/// The forms that a cell's settings can be written in, the usual one first. None where everything is
/// typed into a form of the web interface that nothing records.
pub fn forms(cell: &'static Cell) -> Vec<Form> {
    const VARIABLES: [Form; 4] = [Form::Env, Form::ComposeList, Form::ComposeMap, Form::Helm];
    let settings = app_settings(cell, &Given::default());
    let has = |carrier| settings.iter().any(|setting| setting.carrier == carrier);
    let mut forms = Vec::new();
    if has(Carrier::CvatYaml) {
        return vec![Form::Yaml];
    }
    if has(Carrier::SettingsApi) {
        forms.extend([Form::Json, Form::Yaml]);
    }
    if has(Carrier::Environment) || has(Carrier::HoconEnvironment) {
        forms.extend(VARIABLES);
    }
    if has(Carrier::HoconEnvironment) {
        forms.push(Form::Hocon);
    }
    if has(Carrier::Form) && sheet::records(cell) {
        forms.push(Form::Sheet);
    }
    forms
}

/// The configuration of a cell in one of its forms. Secrets are taken from `secrets`, by the names
/// of the answers; where the form is one that people keep in version control, they are referred to.
pub fn draft(
    cell: &'static Cell,
    given: &Given,
    secrets: &BTreeMap<String, String>,
    form: Form,
) -> Result<Draft, Unwritable> {
    let settings = app_settings(cell, given);
    let entries: Vec<Entry> =
        settings.iter().map(|setting| Entry::new(cell, setting, secrets)).collect();
    let sheet = Writing { cell, entries: &entries, form };
    match form {
        Form::ComposeList | Form::ComposeMap | Form::Env | Form::Helm => environment::draft(&sheet),
        Form::Hocon => Ok(hocon::draft(&sheet)),
        Form::Json => Ok(settings::json(&sheet)),
        Form::Sheet => Ok(sheet::draft(&sheet, given)),
        Form::Yaml if entries.iter().any(|entry| entry.carrier == Carrier::CvatYaml) => {
            Ok(yaml::draft(&sheet))
        }
        Form::Yaml => Ok(settings::yaml(&sheet)),
    }
}

/// What is being written.
struct Writing<'a> {
    /// What for.
    cell: &'static Cell,
    /// All settings of the cell.
    entries: &'a [Entry],
    /// In which form.
    form: Form,
}

impl Writing<'_> {
    /// The settings of some carriers, in order.
    fn of(&self, carriers: &[Carrier]) -> Vec<&Entry> {
        self.entries.iter().filter(|entry| carriers.contains(&entry.carrier)).collect()
    }

    /// The lines above everything, without comment marks.
    fn head(&self) -> [String; 2] {
        let Cell { app, idp, idp_side, protocol, .. } = self.cell;
        let name = idp_side.name.as_deref().unwrap_or(idp.name);
        [
            format!("{} joined with {name} over {}", app.name, protocol.name()),
            format!(
                "the other side: ssoctl setup --app {} --idp {} --protocol {}",
                app.id,
                idp.id,
                protocol.id()
            ),
        ]
    }

    /// A file of these settings.
    fn draft(&self, text: String, kind: FileKind, name: &'static str, used: &[&Entry]) -> Draft {
        let written = || used.iter().filter(|entry| entry.is_written());
        let beside = self.of(&[Carrier::File]).into_iter().map(|entry| entry.key.clone());
        let refers = self.refers();
        let secret = |entry: &&&Entry| entry.secret.is_some();
        Draft {
            text,
            kind,
            file_name: name,
            holds_secret: !refers && written().any(|entry| entry.secret == Some(Known::Yes)),
            open: written()
                .filter(|entry| entry.is_open() && !(refers && entry.secret.is_some()))
                .map(|entry| entry.key.clone())
                .collect(),
            referred: written()
                .filter(|_| refers)
                .filter(secret)
                .map(|entry| entry.reference())
                .collect(),
            beside: beside.collect(),
        }
    }

    /// Whether secrets stay outside: such files end up in version control.
    fn refers(&self) -> bool {
        matches!(self.form, Form::ComposeList | Form::ComposeMap | Form::Helm)
    }
}

/// Whether somebody said a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Known {
    No,
    Yes,
}

/// One setting, ready to be written.
struct Entry {
    key: String,
    value: Filled,
    /// What is said above it.
    comments: Vec<String>,
    /// Whether it is only shown, behind a comment mark.
    optional: bool,
    /// Of a secret: whether it is known.
    secret: Option<Known>,
    /// Of a secret: the answer's name.
    answer: Option<String>,
    /// Of a secret: its last day.
    expires: Option<Date>,
    carrier: Carrier,
    place: String,
}

/// A value, secrets filled in.
#[derive(Clone)]
enum Filled {
    Boolean(bool),
    List(Vec<String>),
    Nothing,
    Table(Vec<Value>),
    Text(String),
}

impl Entry {
    fn new(cell: &Cell, setting: &AppSetting, secrets: &BTreeMap<String, String>) -> Self {
        let (value, known) = match &setting.value {
            AppValue::Answer { name, shown } => match secrets.get(name) {
                Some(secret) => (Filled::Text(secret.clone()), Known::Yes),
                None => (Filled::Text(shown.clone()), Known::No),
            },
            AppValue::Boolean(value) => (Filled::Boolean(*value), Known::No),
            AppValue::List(texts) => (Filled::List(texts.clone()), Known::No),
            AppValue::Open => (Filled::Nothing, Known::No),
            AppValue::Table(rows) => (Filled::Table(rows.clone()), Known::No),
            AppValue::Text(text) => (Filled::Text(text.clone()), Known::No),
        };
        let departs = setting.departs.as_ref();
        let departs = departs.map(|why| format!("differs from {}'s guide: {why}", cell.app.name));
        let comments = setting.comment.iter().cloned().chain(departs);
        Self {
            key: setting.key.clone(),
            value,
            comments: comments.map(|line| printable(&line).into_owned()).collect(),
            optional: setting.optional,
            secret: setting.secret.then_some(known),
            answer: match &setting.value {
                AppValue::Answer { name, .. } if setting.secret => Some(name.clone()),
                _ => None,
            },
            expires: setting.expires,
            carrier: setting.carrier,
            place: printable(&setting.place).into_owned(),
        }
    }

    /// Whether it is in force, and not only shown.
    fn is_written(&self) -> bool {
        !self.optional && !matches!(self.value, Filled::Nothing)
    }

    /// Whether a part of the value is a placeholder.
    fn is_open(&self) -> bool {
        let is_hint = |text: &str| text.contains('<') && text.contains('>');
        match &self.value {
            _ if self.secret == Some(Known::Yes) => false,
            // A whole document, not a hint.
            Filled::Text(text) if text.trim_start().starts_with("<?xml") => false,
            Filled::Text(text) if text.contains("</") => false,
            Filled::Text(text) => is_hint(text),
            Filled::List(texts) => texts.iter().any(|text| is_hint(text)),
            Filled::Table(rows) => is_hint(&Value::from(rows.clone()).to_string()),
            Filled::Boolean(_) | Filled::Nothing => false,
        }
    }

    /// What is said above it, the end of a secret last.
    fn remarks(&self) -> Vec<String> {
        let end = match (self.secret, self.expires) {
            (None, _) => None,
            (Some(_), Some(end)) => Some(format!("ssoctl: secret expires {end}")),
            (Some(_), None) => Some(NO_END.to_owned()),
        };
        self.comments.iter().flat_map(|text| wrapped(text)).chain(end).collect()
    }

    /// The name under which the secret is looked up elsewhere.
    fn reference(&self) -> String {
        format!("SSO_{}", self.answer.as_deref().unwrap_or("secret").to_ascii_uppercase())
    }
}

/// A comment in lines that can be read beside the settings.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < WIDTH => {
                line.extend([" ", word]);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Characters of a comment's line.
const WIDTH: usize = 88;
/// Said beside a secret whose end nobody knows.
const NO_END: &str = "once its end is known, write it here: \"ssoctl: secret expires 2027-05-01\"";
