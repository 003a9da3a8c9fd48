//! Which attributes fill an account, and which one finds it.

use crate::apps::label_studio_environment::{LsKind, facts};
use crate::model::nearest;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::{
    NONSTANDARD_ATTRIBUTE, QUERY_FIELD, USERNAME_AGAINST_EMAIL,
};

pub(super) fn query_field(cx: &Environment<'_>, out: &mut Findings) {
    let Some((set, field)) = cx.process.text(FIELD) else { return };
    if !FIELDS.contains(&field) {
        let message = format!("{} is neither email nor username", set.variable.name);
        let problem = Problem::new(message, set.place()).why(
            "Label Studio knows accounts by these two fields only, and finds nobody by another one",
        );
        let problem = match nearest(field, FIELDS) {
            Some((meant, _)) => {
                let problem = problem.remedy(format!("{FIELD}={meant}"));
                match set.variable.rewrite(meant) {
                    Some(edits) => problem.safe_fix(format!("write {meant}"), edits),
                    None => problem,
                }
            }
            None => problem.remedy("email or username"),
        };
        report(&QUERY_FIELD.rule, &set, problem, out);
        return;
    }
    if field == "username" && !cx.process.has(USERNAME) && cx.process.is_complete {
        let problem = Problem::new("accounts are found by username, and no attribute fills it", set.place())
            .severity(Severity::Warning)
            .why("first name, last name and e-mail address have a default attribute, the user name has none")
            .remedy(format!("{USERNAME}=sAMAccountName (Active Directory), or uid"));
        report(&QUERY_FIELD.rule, &set, problem, out);
    }
}

pub(super) fn nonstandard(cx: &Environment<'_>, out: &mut Findings) {
    for set in &cx.process.variables {
        let is_attribute = set.fact.is_some_and(|fact| fact.kind == LsKind::Attribute);
        let Some(text) = set.text().filter(|_| is_attribute) else { continue };
        let lower = text.trim().to_lowercase();
        let attributes = &facts().attributes.value;
        let Some((_, standard)) = attributes.iter().find(|(own, _)| *own == lower) else {
            continue;
        };
        let message = format!("no standard schema of LDAP has an attribute {}", text.trim());
        let problem = Problem::new(message, set.place())
            .why("an attribute that entries do not have leaves the field of the account empty")
            .remedy(format!("{}={standard}, unless your directory defines the other", set.name));
        let problem = match set.variable.rewrite(standard) {
            Some(edits) => problem.unsafe_fix(format!("write {standard}"), edits),
            None => problem,
        };
        report(&NONSTANDARD_ATTRIBUTE.rule, set, problem, out);
    }
}

pub(super) fn username_against_email(cx: &Environment<'_>, out: &mut Findings) {
    let Some(switch) = cx.process.lookup("USE_USERNAME_FOR_LOGIN") else { return };
    let Some((field, text)) = cx.process.text(FIELD) else { return };
    if switch.boolean() != Some(true) || text != "email" {
        return;
    }
    let problem = Problem::new(
        "people may type a user name, and accounts are found by e-mail address",
        field.place(),
    )
    .related(switch.place(), "user names are accepted here")
    .why("the account is then found by the e-mail address of the entry, not by what was typed")
    .remedy(format!("{FIELD}=username with {USERNAME}, if user names are what tells people apart"));
    report(&USERNAME_AGAINST_EMAIL.rule, &field, problem, out);
}

const FIELD: &str = "AUTH_LDAP_USER_QUERY_FIELD";
const USERNAME: &str = "AUTH_LDAP_USER_ATTR_MAP_USERNAME";
const FIELDS: [&str; 2] = ["email", "username"];
