//! Who manages roles and memberships: the identity provider alone, or people as well.

use crate::apps::label_studio_environment::LsEnvironment;
use crate::apps::label_studio_saml::{PROJECTS, ROLES, WORKSPACES};
use crate::model::Role;
use crate::problem::{Place, Problem};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::{Sheet, is_whole, saml, setting, sheets};
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static EMPTY_ROLES: Lint = lint!(
    "LS029",
    "no-roles-to-manage",
    Warning,
    "roles come from groups only, and no group has one",
    Check::Deployment(empty_roles)
);
pub(in crate::rules) static OVERRIDE: Lint = lint!(
    "LS030",
    "role-management-override",
    Info,
    "`manual_role_management` says something else than the environment",
    Check::Deployment(overridden)
);
pub(in crate::rules) static EMPTY_WORKSPACES: Lint = lint!(
    "LS053",
    "no-workspaces-to-manage",
    Warning,
    "workspaces come from groups only, and no group has one",
    Check::Deployment(empty_workspaces)
);
pub(in crate::rules) static EMPTY_PROJECTS: Lint = lint!(
    "LS054",
    "no-projects-to-manage",
    Warning,
    "project membership comes from groups only, and no group has one",
    Check::Deployment(empty_projects)
);

/// A switch of the environment and where it is set.
struct Flag {
    is_on: bool,
    place: Place,
    name: String,
}

/// A switch, by the first of its names that is set, where its value is known.
fn flag(cx: &Subject<'_>, name: &str) -> Option<Flag> {
    let carried = cx.deployment.carried();
    let set = LsEnvironment::new(&carried).lookup(name)?;
    Some(Flag { is_on: set.boolean()?, place: set.place(), name: set.variable.name.clone() })
}

fn empty_roles(cx: &Subject<'_>, out: &mut Findings) {
    let Some(sheet) = empty(cx, ROLES) else { return };
    let own = setting(cx, Role::Override);
    let problem = match own.map(|own| (own, own.boolean())) {
        Some((own, Some(false))) => Problem::new(
            "roles come from groups only, and roles_groups is empty",
            cx.value_place(own),
        ),
        // Unknown or on; a setting without a value leaves it to the environment.
        Some((own, _)) if own.is_present() => return,
        _ => {
            let Some(flag) = flag(cx, "MANUAL_ROLE_MANAGEMENT").filter(|flag| !flag.is_on) else {
                return;
            };
            Problem::new(
                "roles come from groups only, and roles_groups is empty",
                sheet.key_place(ROLES),
            )
            .related(flag.place, format!("{} switches manual roles off", flag.name))
        }
    };
    let problem = problem
        .why("a user in no group with a role is set to Deactivated at the next login")
        .remedy("rows in roles_groups first; then switch manual role management off");
    out.report(&EMPTY_ROLES.rule, problem);
}

fn empty_workspaces(cx: &Subject<'_>, out: &mut Findings) {
    let Some((sheet, flag)) = emptied(cx, "MANUAL_WORKSPACE_MANAGEMENT", WORKSPACES) else {
        return;
    };
    let problem = Problem::new(
        "workspaces come from groups only, and workspaces_groups is empty",
        sheet.key_place(WORKSPACES),
    )
    .related(flag.place, format!("{} switches manual membership off", flag.name))
    .why("each login brings a user's workspaces in line with the table, and so takes all of them away")
    .remedy("rows in workspaces_groups, or leave workspaces to people");
    out.report(&EMPTY_WORKSPACES.rule, problem);
}

fn empty_projects(cx: &Subject<'_>, out: &mut Findings) {
    let Some((sheet, flag)) = emptied(cx, "MANUAL_PROJECT_MEMBER_MANAGEMENT", PROJECTS) else {
        return;
    };
    let problem = Problem::new(
        "project membership comes from groups only, and projects_groups is empty",
        sheet.key_place(PROJECTS),
    )
    .related(flag.place, format!("{} switches manual membership off", flag.name))
    .why("nobody can be added to a project by hand, and no group brings anybody into one")
    .remedy("rows in projects_groups, or leave project members to people");
    out.report(&EMPTY_PROJECTS.rule, problem);
}

fn emptied<'t>(cx: &Subject<'t>, name: &str, table: &str) -> Option<(Sheet<'t>, Flag)> {
    let sheet = empty(cx, table)?;
    let flag = flag(cx, name).filter(|flag| !flag.is_on)?;
    Some((sheet, flag))
}

/// The SAML settings, where a table is plainly empty: on neither side has it a row, and it is not
/// merely left out of a partial update.
fn empty<'t>(cx: &Subject<'t>, table: &str) -> Option<Sheet<'t>> {
    let sheet = saml(cx)?;
    let is_said = sheet.root.get(table).is_some() || is_whole(cx);
    let is_filled = sheets(cx).iter().any(|sheet| sheet.is_filled(table));
    (is_said && !is_filled).then_some(sheet)
}

fn overridden(cx: &Subject<'_>, out: &mut Findings) {
    let Some((own, value)) =
        setting(cx, Role::Override).and_then(|own| Some((own, own.boolean()?)))
    else {
        return;
    };
    let Some(flag) = flag(cx, "MANUAL_ROLE_MANAGEMENT").filter(|flag| flag.is_on != value) else {
        return;
    };
    let problem = Problem::new(
        format!("manual_role_management is {value}, the environment says {}", flag.is_on),
        cx.value_place(own),
    )
    .related(flag.place, format!("{} is overridden", flag.name))
    .why("the organization's own setting wins, for SAML and for SCIM")
    .remedy("the same in both, or null here to leave it to the environment");
    out.report(&OVERRIDE.rule, problem);
}
