//! Accounts of Label Studio Enterprise, which pysaml2 reads assertions for.

use crate::account::draft::Draft;
use crate::account::objection::{About, Objection};
use crate::account::seen::{Attributes, Seen};
use crate::account::tables::{add, groups, near_misses, overage};
use crate::account::{Made, Sent, Told, cards};
use crate::apps::label_studio_environment::LsEnvironment;
use crate::apps::label_studio_saml::{self as facts, PROJECTS, Preset, ROLES, WORKSPACES, rows};
use crate::model::{Role, Setting, State};
use crate::source::printable;
use crate::verdict::Weight;

/// The account that an assertion makes.
pub(super) fn saml(told: &Told<'_, '_>, sent: &Sent) -> Made {
    let attributes = Attributes::pysaml2(sent);
    let mut draft = Draft::new(told, &attributes);
    email(&mut draft, told, &attributes);
    for (setting, member) in
        [("mapping_first_name", "first_name"), ("mapping_last_name", "last_name")]
    {
        let (value, _) = found(&mut draft, told, &attributes, setting, member);
        let value = value.filter(|value| !value.is_empty());
        match member {
            "first_name" => draft.made.account.first_name = value,
            _ => draft.made.account.last_name = value,
        }
    }
    let (_, seen) = found(&mut draft, told, &attributes, "mapping_groups", "groups");
    let groups = own_groups(&mut draft, told, seen);
    overage(&mut draft);
    roles(&mut draft, told, &groups);
    workspaces(&mut draft, told, &groups);
    projects(&mut draft, told, &groups);
    draft.made.account.groups = Some(groups);
    draft.finish()
}

/// The e-mail address is the key; it is kept in small letters, and nothing stands in for it.
fn email<'d>(draft: &mut Draft<'d>, told: &Told<'_, '_>, attributes: &'d Attributes) {
    let (value, seen) = found(draft, told, attributes, "mapping_email", "email");
    let value = value.filter(|value| !value.is_empty());
    let (Some(value), Some(seen)) = (value, seen) else {
        let unmatched = draft.made.account.unmatched.iter();
        let name = unmatched.filter(|one| one.member == "email").map(|one| one.name.clone()).next();
        return draft.lack("email", name.as_deref(), "Label Studio tells people apart by their e-mail address, and answers HTTP 400 without one; the NameID is not looked at");
    };
    draft.identify("email", &value, seen);
    let email = value.to_lowercase();
    domain(draft, told, &email, seen);
    draft.made.account.email = Some(email);
}

/// The domain of the address, against those that are sent to this identity provider.
fn domain(draft: &mut Draft<'_>, told: &Told<'_, '_>, email: &str, seen: &Seen) {
    let Some(domains) = told.provider.text(Role::EmailDomain) else { return };
    let own = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    if domains.split(',').any(|domain| domain.trim().eq_ignore_ascii_case(own)) {
        return;
    }
    let about = About::Attribute(seen.sent.clone());
    let message = format!("the domain `{}` is not among those in domain", printable(own));
    let objection = Objection::new(&cards::DOMAIN, Weight::Warning, about, message);
    draft.object(
        objection
            .compared(domains, own, None)
            .why("Label Studio shows an error page when the address belongs elsewhere")
            .remedy("add the domain to domain, or send the address that belongs to it"),
    );
}

/// The value for a member, and its attribute: under the name in the mapping, else under those of
/// the preset, else under the documented default.
fn found<'d>(
    draft: &mut Draft<'d>,
    told: &Told<'_, '_>,
    attributes: &'d Attributes,
    setting: &str,
    member: &'static str,
) -> (Option<String>, Option<&'d Seen>) {
    let mapped = told.provider.mapped(setting);
    if mapped.is_some_and(|mapped| mapped.state == State::Unknown) {
        let message = format!("{setting} is filled in elsewhere");
        draft.object(Objection::new(
            &cards::MAPPING_UNKNOWN,
            Weight::Undecided,
            About::Message,
            message,
        ));
        return (None, None);
    }
    let written = mapped.and_then(Setting::written_text).filter(|name| !name.is_empty());
    let names: Vec<&str> = match written {
        Some(name) => vec![name],
        None => presets(told).filter_map(|preset| preset.attribute(setting)).collect(),
    };
    let has = |name: &&str| attributes.get(name).is_some_and(|seen| !seen.values.is_empty());
    let name = names.iter().copied().find(has).or_else(|| names.first().copied());
    let Some(name) = name else { return (None, None) };
    if written.is_none() {
        draft.fall_back(member, format!("the preset's name `{name}`"));
    }
    let words = mapped.map(|mapped| mapped.card.also_known_as.clone()).unwrap_or_default();
    let value = draft.value(member, name, &words);
    (value, attributes.get(name))
}

/// The presets that the form may have filled in: those of `idp_provider`, else the default.
fn presets<'p>(told: &Told<'_, '_>) -> impl Iterator<Item = &'p Preset> {
    let key = told.provider.text(Role::Preset).filter(|key| *key != "custom").unwrap_or(DEFAULT);
    let key = key.to_owned();
    facts::facts().presets.iter().filter(move |preset| preset.key == key)
}

/// The groups; those that PingOne's expression joins into one value are taken apart.
fn own_groups(draft: &mut Draft<'_>, told: &Told<'_, '_>, seen: Option<&Seen>) -> Vec<String> {
    let Some(seen) = seen else { return Vec::new() };
    let sent = groups(seen);
    let is_joined = |group: &String| group.contains(',');
    if told.provider.idp.id != "pingone" || !sent.iter().any(is_joined) {
        return sent;
    }
    draft.remark("the groups came as one value with commas, as the guide for PingOne has it, and are taken apart there; a group whose own name has a comma is not found");
    let parts = sent.iter().flat_map(|group| group.split(','));
    parts.map(str::to_owned).filter(|group| !group.is_empty()).collect()
}

fn roles(draft: &mut Draft<'_>, told: &Told<'_, '_>, groups: &[String]) {
    let table = table(told, ROLES);
    near_misses(draft, table.iter().map(|row| row.group.as_str()), groups);
    let known = facts::facts().organization_roles.known();
    let given =
        |role: &&str| table.iter().any(|row| row.what == *role && groups.contains(&row.group));
    // In the order of elevation.
    let role = known.into_iter().find(given).map(str::to_owned);
    let is_manual = told.provider.setting(Role::Override).and_then(Setting::boolean);
    let is_manual = is_manual.or_else(|| variable(told, "MANUAL_ROLE_MANAGEMENT")).unwrap_or(true);
    match (&role, is_manual) {
        (Some(_), _) => {}
        (None, true) => draft.remark("no group gives a role: new people get the organization's default role, others keep theirs"),
        (None, false) => draft.remark("no group gives a role: new people get the organization's default role, and who had a role by a group becomes Deactivated, because manual role management is off"),
    }
    draft.made.account.admin = Some(role.as_deref() == Some("Administrator"));
    draft.made.account.roles = Some(role.into_iter().collect());
}

fn workspaces(draft: &mut Draft<'_>, told: &Told<'_, '_>, groups: &[String]) {
    let table = table(told, WORKSPACES);
    near_misses(draft, table.iter().map(|row| row.group.as_str()), groups);
    let mut found = Vec::new();
    for row in table.iter().filter(|row| groups.contains(&row.group)) {
        add(&mut found, &row.what);
    }
    if variable(told, "MANUAL_WORKSPACE_MANAGEMENT") == Some(false) {
        draft.remark(
            "memberships in all other workspaces end, because manual workspace management is off",
        );
    }
    draft.made.account.workspaces = Some(found);
}

/// In each project the most elevated role.
fn projects(draft: &mut Draft<'_>, told: &Told<'_, '_>, groups: &[String]) {
    let table = table(told, PROJECTS);
    near_misses(draft, table.iter().map(|row| row.group.as_str()), groups);
    let ranks = &facts::facts().project_roles.names;
    let rank = |role: &str| ranks.iter().position(|own| own == role);
    let mut found: Vec<(String, usize)> = Vec::new();
    for row in table.iter().filter(|row| groups.contains(&row.group)) {
        let (Some(project), Some(rank)) = (&row.project, rank(&row.what)) else { continue };
        match found.iter_mut().find(|(own, _)| own == project) {
            Some((_, own)) => *own = rank.max(*own),
            None => found.push((project.clone(), rank)),
        }
    }
    if variable(told, "MANUAL_PROJECT_MEMBER_MANAGEMENT") == Some(false) {
        draft.remark("memberships in all other projects end, because manual project member management is off");
    }
    let word = |(project, rank): (String, usize)| format!("{project}: {}", ranks[rank]);
    draft.made.account.projects = Some(found.into_iter().map(word).collect());
}

/// One row of a table, as far as it is whole.
struct Row {
    what: String,
    group: String,
    project: Option<String>,
}

fn table(told: &Told<'_, '_>, name: &str) -> Vec<Row> {
    let Some(node) = told.provider.node else { return Vec::new() };
    let row = |row: facts::Row<'_>| {
        let project = row.project.and_then(|cell| Some(cell.node.scalar()?.text.clone()));
        let what = row.what?.text()?.to_owned();
        Some(Row { what, group: row.group?.text()?.to_owned(), project })
    };
    rows(node, name).into_iter().take(MOST_ROWS).filter_map(row).collect()
}

fn variable(told: &Told<'_, '_>, name: &str) -> Option<bool> {
    let carried = told.deployment.carried();
    LsEnvironment::new(&carried).lookup(name)?.boolean()
}

/// The preset of people who chose none: its names are the documented ones.
const DEFAULT: &str = "google";
/// More than anybody has: aliases can make many rows out of few lines.
const MOST_ROWS: usize = 1000;
