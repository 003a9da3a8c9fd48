//! What stands in a configuration, beside what the sheet says.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use crate::deployment::Deployment;
use crate::model::{Config, Provider, Role, Setting, State};
use crate::setups::{AppSetting, AppValue, Carrier};
use crate::source::printable;
use crate::syntax::{hocon, tree};

/// One setting that is not as the sheet has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Difference {
    /// The setting.
    pub(super) key: String,
    /// What the sheet says; parts that it cannot know stand in angle brackets.
    pub(super) expected: String,
    /// What stands in the configuration; none where nothing does.
    pub(super) found: Option<String>,
}

/// A configuration, and the provider in it that the sheet is about.
pub(super) struct Found<'f, 't> {
    pub(super) deployment: &'f Deployment,
    pub(super) config: &'f Config<'t>,
    pub(super) provider: Option<&'f Provider<'t>>,
}

/// All settings that differ, in the order of the sheet.
pub(super) fn all(settings: &[AppSetting], found: &Found<'_, '_>) -> Vec<Difference> {
    settings.iter().filter_map(|setting| difference(setting, found)).collect()
}

fn difference(setting: &AppSetting, found: &Found<'_, '_>) -> Option<Difference> {
    let expected = match &setting.value {
        AppValue::Answer { shown, .. } => shown.clone(),
        AppValue::Boolean(value) => value.to_string(),
        AppValue::Text(text) => text.clone(),
        // Lists and tables hold names of one's own.
        AppValue::List(_) | AppValue::Open | AppValue::Table(_) => return None,
    };
    let difference = |found| {
        let key = setting.key.clone();
        Some(Difference { key, expected: expected.clone(), found })
    };
    match value(setting, found)? {
        Standing::Absent if setting.optional => None,
        Standing::Absent => difference(None),
        Standing::Unknown => None,
        Standing::Is(text) if fits(&expected, &text) => None,
        Standing::Is(_) if setting.secret => None,
        Standing::Is(text) => difference(Some(text)),
    }
}

/// What stands under a setting's key.
enum Standing {
    Absent,
    Is(String),
    Unknown,
}

/// What stands there; none where this configuration cannot say it, or it is anybody's choice.
fn value(setting: &AppSetting, found: &Found<'_, '_>) -> Option<Standing> {
    match setting.carrier {
        Carrier::File | Carrier::Form => None,
        Carrier::Environment | Carrier::HoconEnvironment => variable(setting, found),
        Carrier::CvatYaml | Carrier::SettingsApi => written(&setting.key, found),
    }
}

fn written(key: &str, found: &Found<'_, '_>) -> Option<Standing> {
    let (own, last) = key.split_once('.').map_or((None, key), |(own, last)| (Some(own), last));
    let provider = found.provider;
    let cards: Vec<&Setting<'_>> = match own {
        Some("sso") => found.config.settings.iter().collect(),
        Some(_) => provider?.mapping.iter().collect(),
        None => {
            let provider = provider.map(|one| one.settings.iter().chain(&one.mapping));
            provider.into_iter().flatten().chain(&found.config.settings).collect()
        }
    };
    let known = cards.into_iter().find(|setting| setting.card.key == last);
    if let Some(setting) = known {
        let is_free = matches!(setting.card.role, Role::Name | Role::SelectionMode | Role::Weight);
        return (!is_free).then(|| standing(setting));
    }
    let node = found.config.root?.get(last);
    let Some(scalar) = node.map(tree::NodeRef::scalar) else { return Some(Standing::Absent) };
    Some(scalar.map_or(Standing::Unknown, |scalar| Standing::Is(scalar.text.clone())))
}

fn standing(setting: &Setting<'_>) -> Standing {
    match setting.state {
        State::Absent | State::Empty | State::Misspelt => Standing::Absent,
        State::Unknown | State::Placeholder(_) => Standing::Unknown,
        State::Text(text) => Standing::Is(text.to_owned()),
        State::Other => match setting.read_value().and_then(tree::NodeRef::scalar) {
            Some(scalar) => Standing::Is(scalar.text.clone()),
            None => Standing::Unknown,
        },
    }
}

/// A variable; none where no file that sets variables was read.
fn variable(setting: &AppSetting, found: &Found<'_, '_>) -> Option<Standing> {
    let seen = |text: &str| match setting.carrier {
        Carrier::HoconEnvironment => plain(text),
        _ => text.to_owned(),
    };
    let carried = found.deployment.carried();
    let mut all = carried.iter().flat_map(|carrying| &carrying.carried.variables);
    if let Some(variable) = all.find(|one| one.name == setting.key && !one.is_overridden) {
        let known = variable.known().filter(|_| !variable.holds_secret);
        return Some(known.map_or(Standing::Unknown, |text| Standing::Is(seen(text))));
    }
    if let Some(variable) = found.config.environment.variable(&setting.key) {
        return Some(variable.known().map_or(Standing::Unknown, |text| Standing::Is(seen(text))));
    }
    let is_read = !carried.is_empty() || found.config.environment.given;
    is_read.then_some(Standing::Absent)
}

/// What the server makes of a value.
fn plain(text: &str) -> String {
    let tree = hocon::value(text).ok();
    let scalar = tree.as_ref().and_then(|tree| tree.root()?.scalar());
    scalar.map_or_else(|| text.to_owned(), |scalar| scalar.text.clone())
}

/// Whether a value is what the sheet says: parts in angle brackets fit everything.
fn fits(expected: &str, found: &str) -> bool {
    let expected = expected.trim();
    let mut rest = found.trim();
    let mut pieces = Vec::new();
    let mut left = expected;
    while let Some((before, after)) = left.split_once('<') {
        let Some((_, behind)) = after.split_once('>') else { break };
        pieces.push(before);
        left = behind;
    }
    if pieces.is_empty() {
        return expected == rest;
    }
    for (at, piece) in pieces.iter().enumerate() {
        let start = if at == 0 { rest.starts_with(piece).then_some(0) } else { rest.find(piece) };
        let Some(start) = start else { return false };
        rest = &rest[start + piece.len()..];
    }
    rest.ends_with(left)
}

/// The section for people.
pub(super) fn text(name: &str, differences: &[Difference]) -> String {
    let name = printable(name);
    if differences.is_empty() {
        return format!("\nNothing differs in {name}, as far as the sheet can know it\n");
    }
    let mut text = format!("\nWhat differs in {name}\n");
    let width = differences.iter().map(|one| one.key.chars().count()).max().unwrap_or_default();
    for one in differences {
        let found = one.found.as_deref().map_or_else(|| ABSENT.into(), printable);
        let expected = printable(&one.expected);
        writeln!(text, "  {:width$}  expected  {expected}", one.key).expect("a String takes it");
        writeln!(text, "  {:width$}  found     {found}", "").expect("a String takes it");
    }
    text
}

/// The section for a ticket or a wiki.
pub(super) fn markdown(name: &str, differences: &[Difference]) -> String {
    let code = |text: &str| {
        let text = printable(text).replace('|', "\\|");
        let fence = if text.contains('`') { "``" } else { "`" };
        format!("{fence} {text} {fence}")
    };
    let mut text = format!("\n## What differs in {}\n\n", code(name));
    if differences.is_empty() {
        text.push_str("Nothing, as far as the sheet can know it.\n");
        return text;
    }
    text.push_str("| setting | expected | found |\n|---|---|---|\n");
    for one in differences {
        let found = one.found.as_deref().map_or_else(|| ABSENT.to_owned(), code);
        let (key, expected) = (code(&one.key), code(&one.expected));
        writeln!(text, "| {key} | {expected} | {found} |").expect("a String takes it");
    }
    text
}

/// The sheet's document with the differences in it.
pub(super) fn json(sheet: &[u8], differences: &[Difference]) -> Vec<u8> {
    let mut document: Value = serde_json::from_slice(sheet).expect("the sheet is JSON");
    document["differs"] = serde_json::to_value(differences).expect("texts can be written");
    let text = serde_json::to_string_pretty(&document).expect("texts can be written");
    (crate::render::json::escaped(&text) + "\n").into_bytes()
}

const ABSENT: &str = "nothing";
