//! Attributes, NameID, and what the identity provider sends of them.

use crate::apps::calabi::{Section, mappings, registered, sent};
use crate::model::{Role, Setting, State, nearest};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::calabi::{captured, field_at};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject};

pub(in crate::rules) static MISSING: Lint = lint!(
    "CAL005",
    "missing-attribute",
    Error,
    "an attribute that Calabi needs is not set, or not sent",
    Check::Provider(missing)
);
pub(in crate::rules) static OTHER_CASE: Lint = lint!(
    "CAL006",
    "attribute-in-other-case",
    Warning,
    "form and identity provider write an attribute's name in different case",
    Check::Provider(unsent)
);
pub(in crate::rules) static UNREGISTERED_FORMAT: Lint = lint!(
    "CAL007",
    "unregistered-name-format",
    Warning,
    "a name format that no standard defines",
    Check::Provider(unregistered_format)
);
pub(in crate::rules) static NAME_ID_FORMAT: Lint = lint!(
    "CAL008",
    "wrong-name-id-format",
    Error,
    "the NameID format is not emailAddress",
    Check::Provider(name_id_format)
);
pub(in crate::rules) static NO_GROUPS: Lint = lint!(
    "CAL015",
    "mappings-without-groups-attribute",
    Warning,
    "groups are mapped, but no attribute carries them",
    Check::Provider(no_groups)
);

fn missing(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let is_missing = |field: &&(&str, &str)| {
        let setting = cx.provider.mapped(field.0);
        setting.is_some_and(|setting| matches!(setting.state, State::Absent | State::Empty))
    };
    let labels: Vec<&str> =
        FIELDS[..3].iter().filter(is_missing).map(|(_, label)| *label).collect();
    let map = cx.provider.setting(Role::AttributeMapping);
    if labels.is_empty() || map.is_some_and(|map| unjudged(map)) {
        return;
    }
    let message = format!("not set: {}", labels.join(", "));
    let problem = match map.filter(|map| map.entry.is_some()) {
        Some(map) => Problem::new(message, cx.subject.key_place(map)),
        None => cx.problem(message),
    };
    let problem = problem
        .why("Calabi needs all three; without them a login ends with \"Email attribute not found\" or a nameless account")
        .remedy("attributes: with email, first_name and last_name, each with the name that is sent");
    out.report(&MISSING.rule, problem);
}

/// Whether the map of attributes is filled in later, misspelt or of another kind.
fn unjudged(map: &Setting<'_>) -> bool {
    match map.state {
        State::Unknown | State::Misspelt | State::Text(_) | State::Placeholder(_) => true,
        State::Other => map.value().is_some_and(|value| value.entries().is_none()),
        State::Absent | State::Empty => false,
    }
}

/// Names in the form that the identity provider does not send.
fn unsent(cx: &ProviderSubject<'_>, out: &mut Findings) {
    captured::other_case(cx, out);
    let rows = sent(cx.provider);
    let names: Vec<&str> = rows.iter().filter_map(|row| Some(row.text("name")?.1)).collect();
    if names.is_empty() || names.len() < rows.len() {
        return;
    }
    for (field, label) in FIELDS {
        let Some((setting, written)) =
            cx.provider.mapped(field).and_then(|setting| Some((setting, setting.text()?)))
        else {
            continue;
        };
        if names.contains(&written) {
            continue;
        }
        let at = names.iter().position(|name| name.to_lowercase() == written.to_lowercase());
        match at {
            Some(at) => out.report(&OTHER_CASE.rule, other_case(cx, setting, label, &rows[at])),
            None if field == "groups" => {}
            None => out.report(&MISSING.rule, not_sent(cx, setting, label, &names)),
        }
    }
}

fn other_case(
    cx: &ProviderSubject<'_>,
    setting: &Setting<'_>,
    label: &str,
    row: &Section<'_>,
) -> Problem {
    let name = row.setting("name");
    let sent = cx.subject.shown(name);
    let message = format!("{label} is {}, but {sent} is sent", cx.subject.shown(setting));
    cx.value_problem(message, setting)
        .related(cx.subject.value_place(name), "sent under this name")
        .why("names are compared letter by letter, so Calabi does not find the attribute")
        .remedy(format!("the same name on both sides, such as {sent}"))
}

fn not_sent(
    cx: &ProviderSubject<'_>,
    setting: &Setting<'_>,
    label: &str,
    names: &[&str],
) -> Problem {
    let written = setting.text().unwrap_or_default();
    let near = nearest(written, names.iter().copied()).map(|(name, _)| name);
    let message = format!(
        "{label} is {}, which is not among the attributes that are sent",
        cx.subject.shown(setting)
    );
    let remedy = near.map_or_else(
        || {
            format!(
                "an attribute of that name in {}",
                field_at(cx.idp, "attributes", "the attributes")
            )
        },
        |near| format!("did you mean {}?", crate::source::printable(near)),
    );
    cx.value_problem(message, setting)
        .why("a login then ends with \"Email attribute not found\" or a nameless account")
        .remedy(remedy)
}

fn unregistered_format(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = sent(cx.provider);
    let formats = rows.iter().map(|row| row.setting("name_format"));
    for setting in formats.chain(&cx.provider.mapping) {
        if !setting.text().is_some_and(|text| text.starts_with(FALSE_FORMAT)) {
            continue;
        }
        let is_name = setting.card.key != "name_format";
        let problem = cx
            .value_problem(
                format!("{} is no attribute name format", cx.subject.shown(setting)),
                setting,
            )
            .why("no version of SAML defines it; it mixes the NameID format emailAddress with the formats of attribute names")
            .remedy(if is_name { "the attribute's name, such as email" } else { "Basic" });
        out.report(&UNREGISTERED_FORMAT.rule, problem);
    }
}

fn name_id_format(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let found = registered(cx.provider);
    let Some((setting, format)) = found.text("name_id_format") else { return };
    let word: String = format.chars().filter(char::is_ascii_alphabetic).collect();
    let is_label = !format.contains(':')
        && ["email", "emailaddress"].contains(&word.to_ascii_lowercase().as_str());
    if format == EMAIL_ADDRESS || is_label {
        return;
    }
    let message = match format.strip_prefix("urn:oasis:names:tc:SAML:2.0:nameid-format:") {
        Some("emailAddress") => {
            "there is no NameID format emailAddress under version 2.0".to_owned()
        }
        _ => format!("the NameID format must be emailAddress, got {}", cx.subject.shown(setting)),
    };
    let problem = cx
        .value_problem(message, setting)
        .why("Calabi takes the NameID for an e-mail address, which is the user name")
        .remedy(format!(
            "{EMAIL_ADDRESS} (EmailAddress) in {}",
            field_at(cx.idp, "name_id_format", "the NameID format")
        ));
    out.report(&NAME_ID_FORMAT.rule, problem);
}

fn no_groups(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(table) = cx.provider.setting(Role::GroupTable).filter(|table| table.is_present())
    else {
        return;
    };
    let map = cx.provider.setting(Role::AttributeMapping);
    let Some(groups) = cx.provider.mapped("groups") else { return };
    if mappings(cx.provider).is_empty() || map.is_some_and(unjudged) {
        return;
    }
    let rows = sent(cx.provider);
    let names: Vec<&str> = rows.iter().filter_map(|row| Some(row.text("name")?.1)).collect();
    let is_listed = |text: &str| names.iter().any(|name| name.eq_ignore_ascii_case(text));
    let (message, place) = match groups.state {
        State::Absent | State::Empty => {
            ("groups are mapped, but the Groups Attribute is empty", cx.subject.key_place(table))
        }
        State::Text(text) if !names.is_empty() && names.len() == rows.len() && !is_listed(text) => {
            (
                "groups are mapped, but the Groups Attribute is not among those that are sent",
                cx.subject.value_place(groups),
            )
        }
        _ => return,
    };
    let problem = Problem::new(message, place)
        .why("Calabi then sees no groups, and everybody gets the default role")
        .remedy("attributes.groups: the name under which groups are sent, such as groups");
    out.report(&NO_GROUPS.rule, problem);
}

/// Fields of the form and their labels, the three that are needed first.
const FIELDS: [(&str, &str); 4] = [
    ("email", "Email Attribute"),
    ("first_name", "First Name Attribute"),
    ("last_name", "Last Name Attribute"),
    ("groups", "Groups Attribute"),
];
const EMAIL_ADDRESS: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";
/// The beginning of names that nobody ever registered.
const FALSE_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:attribute:";
