//! Accounts of ClearML's server: assertions come through pysaml2, claims as they are.

use serde_json::{Map, Value as Json};

use crate::account::draft::Draft;
use crate::account::objection::{About, Objection};
use crate::account::seen::{Attributes, Seen};
use crate::account::tables::{groups, overage};
use crate::account::{Claims, Made, Sent, Told, cards};
use crate::apps::clearml::keys::{self, Family};
use crate::apps::clearml::{Server, Value};
use crate::model::{Role, Setting, State};
use crate::source::printable;
use crate::syntax::tree::NodeRef;
use crate::verdict::Weight;

/// The account that an assertion makes.
pub(super) fn saml(told: &Told<'_, '_>, sent: &Sent) -> Made {
    let attributes = Attributes::pysaml2(sent);
    let mut draft = Draft::new(told, &attributes);
    let names =
        MEMBERS.map(|(member, key)| (member, name(&mut draft, told, Family::Saml, member, key)));
    person(&mut draft, told, &attributes, &names);
    draft.finish()
}

/// The account that claims make: those of userinfo stand over those of the ID token.
pub(super) fn claims(told: &Told<'_, '_>, claims: &Claims<'_>) -> Made {
    let mut all: Map<String, Json> = claims.id_token.cloned().unwrap_or_default();
    all.extend(claims.userinfo.cloned().unwrap_or_default());
    let attributes = Attributes(all.iter().map(|(name, value)| of_claim(name, value)).collect());
    let mut draft = Draft::new(told, &attributes);
    draft.remark("which of access token, ID token and userinfo ClearML reads differs by provider; all that was given is looked at together");
    let names = CLAIMS.map(|(member, claim)| {
        let own = match member {
            "display_name" => mapped(told, "claims.name"),
            _ => None,
        };
        (member, Some(own.unwrap_or(claim).to_owned()))
    });
    person(&mut draft, told, &attributes, &names);
    draft.finish()
}

type Names = [(&'static str, Option<String>); 5];

fn person(draft: &mut Draft<'_>, told: &Told<'_, '_>, attributes: &Attributes, names: &Names) {
    for (member, name) in names {
        let Some(name) = name else { continue };
        let is_needed = ["uid", "email"].contains(member);
        let is_optional = !is_needed && *member != "display_name";
        if is_optional && attributes.get(name).is_none() && !is_mapped(told, member) {
            continue;
        }
        let value = value(draft, attributes, member, name);
        if value.is_none() && is_needed {
            draft.lack(member, Some(name), "ClearML tells people apart by it");
        }
        if let (true, Some(value), Some(seen)) = (is_needed, &value, attributes.get(name)) {
            draft.identify(member, value, seen);
        }
        set(draft, member, value);
    }
    allowed(draft, told);
    company(draft, told);
    own_groups(draft, told, attributes);
}

fn value(
    draft: &mut Draft<'_>,
    attributes: &Attributes,
    member: &'static str,
    name: &str,
) -> Option<String> {
    let is_number =
        attributes.get(name).is_some_and(|seen| seen.values.iter().any(Option::is_none));
    if is_number {
        let about = About::Attribute(name.to_owned());
        let message = format!("the value for {member} is no plain text");
        draft.object(Objection::new(&cards::NOT_TEXT, Weight::Reject, about, message));
        return None;
    }
    draft.value(member, name, &[]).filter(|value| !value.is_empty())
}

fn set(draft: &mut Draft<'_>, member: &str, value: Option<String>) {
    let account = &mut draft.made.account;
    match member {
        "uid" => account.uid = value,
        "email" => account.email = value,
        "display_name" => account.display_name = value,
        "first_name" => account.first_name = value,
        _ => account.last_name = value,
    }
}

/// The name under which a member is looked for: the one that is set, else the server's own.
fn name(
    draft: &mut Draft<'_>,
    told: &Told<'_, '_>,
    family: Family,
    member: &'static str,
    key: &str,
) -> Option<String> {
    if let Some(name) = mapped(told, key) {
        return Some(name.to_owned());
    }
    if told.provider.mapped(key).is_some_and(|own| own.state == State::Unknown) {
        let message = format!("{key} is filled in elsewhere");
        let weight = Weight::Undecided;
        draft.object(Objection::new(&cards::MAPPING_UNKNOWN, weight, About::Message, message));
        return None;
    }
    let known = keys::of(family).find(|card| card.card.key == key);
    let own = known.and_then(|card| card.default.clone());
    let own = own.or_else(|| (member == "display_name").then(|| "displayname".to_owned()))?;
    draft.fall_back(member, format!("the server's own name `{own}`"));
    Some(own)
}

fn mapped<'t>(told: &Told<'_, 't>, key: &str) -> Option<&'t str> {
    let written = told.provider.mapped(key)?.written_text()?;
    (!written.is_empty()).then_some(written)
}

fn is_mapped(told: &Told<'_, '_>, member: &str) -> bool {
    let key = MEMBERS.iter().find(|(own, _)| *own == member).map(|(_, key)| *key);
    key.is_some_and(|key| mapped(told, key).is_some())
}

fn setting<'s, 't>(told: &Told<'s, 't>, key: &str) -> Option<&'s Setting<'t>> {
    told.provider.settings.iter().find(|setting| setting.card.key == key)
}

fn is_on(told: &Told<'_, '_>, key: &str, default: bool) -> bool {
    setting(told, key).and_then(Setting::boolean).unwrap_or(default)
}

fn company(draft: &mut Draft<'_>, told: &Told<'_, '_>) {
    let company = told.provider.setting(Role::Company);
    if !company.is_some_and(Setting::is_present) {
        draft.remark("no default_company is set: only people who were invited, or are on the whitelist, get in");
    }
}

/// The filter of addresses holds for all providers: whole addresses, or domains.
fn allowed(draft: &mut Draft<'_>, told: &Told<'_, '_>) {
    let server = Server::of(told.deployment);
    let Some(entry) = server.at("services.login.email_filters.allowed") else { return };
    let Value::List(listed) = &entry.value else { return };
    let Some(email) = draft.made.account.email.clone() else { return };
    let listed: Vec<&str> = listed.iter().flatten().map(String::as_str).collect();
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    let fits = |own: &&str| {
        let own = own.trim();
        let domain_of = own.strip_prefix("*@").or_else(|| own.strip_prefix('@')).unwrap_or(own);
        own.eq_ignore_ascii_case(&email) || domain_of.eq_ignore_ascii_case(domain)
    };
    // What is a pattern to the server is not known, so it is not judged.
    let is_plain =
        listed.iter().all(|own| !own.trim_start_matches("*@").contains(['*', '^', '$', '\\']));
    if listed.is_empty() || !is_plain || listed.iter().any(fits) {
        return;
    }
    let message = format!("`{}` is not among the addresses that may sign in", printable(&email));
    let objection = Objection::new(&cards::DOMAIN, Weight::Reject, About::Message, message);
    draft.object(
        objection
            .compared(&listed.join(", "), &email, None)
            .why("ClearML lets only addresses of email_filters.allowed in")
            .remedy("add the domain to services.login.email_filters.allowed"),
    );
}

fn own_groups(draft: &mut Draft<'_>, told: &Told<'_, '_>, attributes: &Attributes) {
    if !is_on(told, "groups.enabled", false) {
        return;
    }
    let claim = setting(told, "groups.claim").and_then(Setting::written_text);
    let name = claim.filter(|name| !name.is_empty()).unwrap_or("groups");
    let seen = attributes.get(name);
    if seen.is_none() {
        draft.unmatch("groups", name, &[]);
    }
    let sent = seen.map(groups).unwrap_or_default();
    overage(draft);
    let found: Vec<String> = sent.iter().map(|group| group_name(group).to_owned()).collect();
    if found.is_empty() && is_on(told, "groups.prohibit_user_signup_if_not_in_group", false) {
        let message = "no group was sent, and only members of a known group may sign in";
        let weight = Weight::Reject;
        let objection = Objection::new(&cards::NO_GROUP, weight, About::Message, message);
        draft.object(objection.remedy(format!(
            "send groups as `{}`, or switch groups.prohibit_user_signup_if_not_in_group off",
            printable(name)
        )));
    }
    if !found.is_empty() {
        draft.remark(
            "only groups that exist in ClearML are joined, and those that were not sent are left",
        );
    }
    let is_exact = is_on(told, "groups.case_sensitive", true);
    let is_same = |own: &str, other: &str| {
        own == other || (!is_exact && own.to_lowercase() == other.to_lowercase())
    };
    let admins = admins(told);
    let is_admin = found.iter().any(|group| admins.iter().any(|admin| is_same(group, admin)));
    draft.made.account.admin = Some(is_admin);
    draft.made.account.groups = Some(found);
}

fn admins(told: &Told<'_, '_>) -> Vec<String> {
    let list = setting(told, "groups.admins").and_then(Setting::read_value);
    let items = list.and_then(NodeRef::items).into_iter().flatten();
    items.filter_map(|item| Some(item.scalar()?.text.clone())).collect()
}

/// Of a distinguished name the first common name, else the name itself.
fn group_name(group: &str) -> &str {
    let first = group.split(',').next().unwrap_or_default().trim();
    match first.split_once('=') {
        Some((kind, name)) if kind.trim().eq_ignore_ascii_case("cn") => name.trim(),
        _ => group,
    }
}

fn of_claim(name: &str, value: &Json) -> Seen {
    let text = |value: &Json| value.as_str().map(str::to_owned);
    let values = match value {
        Json::Array(items) => items.iter().map(text).collect(),
        Json::Null => Vec::new(),
        other => vec![text(other)],
    };
    Seen { name: name.to_owned(), sent: name.to_owned(), friendly: None, values }
}

/// The members of an account, and the settings that name their attributes.
const MEMBERS: [(&str, &str); 5] = [
    ("uid", "claims.object_id"),
    ("email", "claims.email"),
    ("display_name", "claims.name"),
    ("first_name", "claims.given_name"),
    ("last_name", "claims.surname"),
];
/// The members of an account, and the claims for them (OpenID Connect Core section 5.1).
const CLAIMS: [(&str, &str); 5] = [
    ("uid", "sub"),
    ("email", "email"),
    ("display_name", "name"),
    ("first_name", "given_name"),
    ("last_name", "family_name"),
];

#[cfg(test)]
mod tests {
    use super::group_name;

    #[test]
    fn of_a_distinguished_name_the_first_common_name_counts() {
        assert_eq!(group_name("CN=test, OU=unit, DU=mycomp"), "test");
        assert_eq!(group_name("Team, the second"), "Team, the second");
        assert_eq!(group_name("OU=unit,CN=test"), "OU=unit,CN=test");
    }
}
