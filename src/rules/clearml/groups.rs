//! Groups: when they are taken over, from where, and which make admins.

use crate::apps::clearml::{Entry, Given, Value};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::context::Context;
use crate::rules::{Check, Lint};

pub(in crate::rules) static NOT_ENABLED: Lint = lint!(
    "CLR040",
    "groups-not-enabled",
    Warning,
    "group settings without the switch that turns them on",
    Check::Elsewhere
);
pub(in crate::rules) static ENTRA_CLAIM: Lint = lint!(
    "CLR041",
    "entra-group-claim",
    Warning,
    "Entra sends groups under a URI",
    Check::Elsewhere
);
pub(in crate::rules) static GUID: Lint = lint!(
    "CLR042",
    "admin-group-is-guid",
    Warning,
    "an admin group is an object id",
    Check::Elsewhere
);
pub(in crate::rules) static DN: Lint = lint!(
    "CLR043",
    "admin-group-is-dn",
    Warning,
    "an admin group is a distinguished name",
    Check::Elsewhere
);
pub(in crate::rules) static MUST_EXIST: Lint = lint!(
    "CLR044",
    "groups-must-exist",
    Info,
    "groups are matched to existing ClearML groups only",
    Check::Elsewhere
);
pub(in crate::rules) static PROHIBITION: Lint = lint!(
    "CLR045",
    "prohibition-without-groups",
    Warning,
    "the sign-up prohibition needs group sync",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for given in &cx.server.providers {
        match cx.server.is_on(given, ENABLED) {
            Some(true) => enabled(cx, given, out),
            Some(false) => disabled(cx, given, out),
            None => {}
        }
        admins(cx, given, out);
    }
}

fn enabled(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let Some(switch) = cx.server.setting(given, ENABLED) else { return };
    let problem = cx
        .at_value("groups are matched by name, and none is created", switch)
        .why("a group of the identity provider that ClearML does not have is passed over")
        .remedy("create the groups in ClearML first, under the same names");
    out.report(&MUST_EXIST.rule, problem);
    if given.key == "microsoft_ad" {
        entra_claim(cx, given, switch, out);
    }
}

fn entra_claim(cx: &Context<'_>, given: &Given, switch: &Entry<'_>, out: &mut Findings) {
    let problem = match cx.server.setting(given, CLAIM) {
        None => cx.at_value("the group claim is left at groups, which Entra does not send", switch),
        Some(claim) if claim.value.text() == Some("groups") => cx
            .at_value("groups arrives from Entra only where the claim was renamed there", claim)
            .severity(Severity::Info),
        Some(_) => return,
    };
    let problem = problem
        .why("Entra names the attribute http://schemas.microsoft.com/ws/2008/06/identity/claims/groups, and no member of any group is found under another name")
        .remedy("that URI in groups__claim, or in Entra: Attributes & Claims, the group claim, \"Customize the name of the group claim\", Name groups");
    out.report(&ENTRA_CLAIM.rule, problem);
}

fn disabled(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let entries = given.entries.iter().map(|&at| &cx.server.entries[at]);
    let is_set = |entry: &&Entry<'_>| {
        entry.spot.rest.starts_with("groups.") && entry.spot.rest != ENABLED && entry.is_read()
    };
    let mut idle: Vec<&Entry<'_>> = entries.filter(is_set).collect();
    idle.sort_by_key(|entry| (entry.document.source.name(), entry.name_span));
    if let Some(at) = idle.iter().position(|entry| entry.spot.rest == PROHIBIT) {
        let entry = idle.remove(at);
        if entry.value.boolean() == Some(true) {
            let problem = cx
                .at_value("the prohibition is on, and groups are not taken over", entry)
                .why("it compares the groups of a user with those of ClearML, and no groups are read")
                .remedy("groups__enabled=true beside it");
            out.report(&PROHIBITION.rule, problem);
        }
    }
    let Some(first) = idle.first() else { return };
    let problem = cx
        .at_name(format!("{} has no effect: groups.enabled is not true", first.spot.rest), first)
        .why("groups are taken over only with that switch, which is off by default")
        .remedy("groups__enabled=true beside it");
    out.report(&NOT_ENABLED.rule, problem);
}

fn admins(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let Some(entry) = cx.server.setting(given, "groups.admins") else { return };
    let Value::List(items) = &entry.value else { return };
    if items.iter().flatten().any(|item| is_guid(item)) {
        let problem = cx
            .at_value("an admin group is an object id", entry)
            .why("groups are compared by name; an id fits only where the identity provider sends ids, and then the group has to be called so in ClearML")
            .remedy("the name of the group, and a group claim that holds names");
        out.report(&GUID.rule, problem);
    }
    let is_dn = |item: &String| item.to_ascii_lowercase().contains("cn=");
    if items.iter().flatten().any(is_dn) {
        let problem = cx
            .at_value("an admin group is a distinguished name", entry)
            .why("of a distinguished name only the first CN is compared")
            .remedy("the CN alone: \"CN=admins,OU=groups\" is \"admins\"");
        out.report(&DN.rule, problem);
    }
}

/// Whether a text is a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12]
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

const ENABLED: &str = "groups.enabled";
const CLAIM: &str = "groups.claim";
const PROHIBIT: &str = "groups.prohibit_user_signup_if_not_in_group";
