//! Accounts of Calabi, as its guide and the sheet of its forms tell.

use crate::account::draft::Draft;
use crate::account::seen::Attributes;
use crate::account::tables::{add, groups, near_misses, overage};
use crate::account::{Made, Sent, Told};
use crate::apps::calabi::mappings;
use crate::model::Setting;

/// The account that an assertion makes.
pub(super) fn saml(told: &Told<'_, '_>, sent: &Sent) -> Made {
    let attributes = Attributes::plain(sent);
    let mut draft = Draft::new(told, &attributes);
    email(&mut draft, told, &attributes);
    for member in ["first_name", "last_name"] {
        let value = value(&mut draft, told, member);
        if value.is_none() {
            let name = name(told, member).0;
            draft.lack(
                member,
                Some(&name),
                "Calabi demands e-mail address, first name and last name",
            );
        }
        match member {
            "first_name" => draft.made.account.first_name = value,
            _ => draft.made.account.last_name = value,
        }
    }
    roles(&mut draft, told, &attributes);
    draft.finish()
}

fn email(draft: &mut Draft<'_>, told: &Told<'_, '_>, attributes: &Attributes) {
    let name = name(told, "email").0;
    let value = value(draft, told, "email");
    let (Some(email), Some(seen)) = (value, attributes.get(&name)) else {
        return draft.lack("email", Some(&name), "Calabi answers \"Email attribute not found\"");
    };
    draft.identify("email", &email, seen);
    draft.remark("where a local account has the same address, Calabi says \"User already exists\" until an administrator merges the two");
    draft.made.account.username = Some(email.clone());
    draft.made.account.email = Some(email);
}

fn value(draft: &mut Draft<'_>, told: &Told<'_, '_>, member: &'static str) -> Option<String> {
    let (name, is_default, words) = name(told, member);
    if is_default {
        draft.fall_back(member, format!("the guide's name `{name}`"));
    }
    draft.value(member, &name, &words).filter(|value| !value.is_empty())
}

/// The name of a member's attribute, whether it is the guide's, and other words for it.
fn name(told: &Told<'_, '_>, member: &str) -> (String, bool, Vec<String>) {
    let mapped = told.provider.mapped(member);
    let words = mapped.map(|mapped| mapped.card.also_known_as.clone()).unwrap_or_default();
    let written = mapped.and_then(Setting::written_text).filter(|name| !name.is_empty());
    if let Some(name) = written {
        return (name.to_owned(), false, words);
    }
    let known = GUIDE.iter().find(|(own, _)| *own == member);
    (known.map_or(member, |(_, name)| name).to_owned(), true, words)
}

fn roles(draft: &mut Draft<'_>, told: &Told<'_, '_>, attributes: &Attributes) {
    let (name, is_default, words) = name(told, "groups");
    let seen = attributes.get(&name);
    if seen.is_none() && !is_default {
        draft.unmatch("groups", &name, &words);
    }
    let groups = seen.map(groups).unwrap_or_default();
    overage(draft);
    let rows = mappings(told.provider);
    let rows: Vec<(&str, &str)> =
        rows.iter().filter_map(|row| Some((row.text("group")?.1, row.text("role")?.1))).collect();
    near_misses(draft, rows.iter().map(|(group, _)| *group), &groups);
    let mut roles = Vec::new();
    for (_, role) in rows.iter().filter(|(group, _)| groups.iter().any(|own| own == group)) {
        add(&mut roles, role);
    }
    match roles.len() {
        0 => default_role(draft, told, &mut roles),
        1 => {}
        _ => draft.remark("several mappings fit, and which of them counts is not documented"),
    }
    draft.made.account.admin = Some(roles.iter().any(|role| role == "Admin"));
    draft.made.account.groups = Some(groups);
    draft.made.account.roles = Some(roles);
}

/// New people get the default role; where none is written, which one that is is not known.
fn default_role(draft: &mut Draft<'_>, told: &Told<'_, '_>, roles: &mut Vec<String>) {
    let setting = told.provider.settings.iter().find(|own| own.card.key == "default_role");
    match setting.and_then(Setting::text) {
        Some(role) => {
            draft.fall_back("roles", "default_role");
            draft.remark("no mapping fits: new people get the default role");
            roles.push(role.to_owned());
        }
        None => draft.remark("no mapping fits, and no default role is written down"),
    }
}

/// The names of the guide, which a form is filled in with unless somebody writes others.
const GUIDE: [(&str, &str); 3] =
    [("email", "email"), ("first_name", "firstName"), ("last_name", "lastName")];
