//! Groups of the identity provider in the tables.

use std::collections::{BTreeSet, HashMap};

use crate::apps::label_studio_saml::{Cell, ROLES, Row, TABLES, WORKSPACES, facts};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::{Sheet, honest, is_whole, saml, sheets};
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static SEVERAL_ROLES: Lint = lint!(
    "LS007",
    "group-with-several-roles",
    Warning,
    "one group with several organization roles",
    Check::Deployment(several_roles)
);
pub(in crate::rules) static CASE_CLASH: Lint = lint!(
    "LS008",
    "group-case-clash",
    Warning,
    "group names that differ in case only",
    Check::Deployment(case_clash)
);
pub(in crate::rules) static OBJECT_ID: Lint = lint!(
    "LS009",
    "group-object-id",
    Error,
    "an object id of Entra in place of a group's name",
    Check::Deployment(object_id)
);
pub(in crate::rules) static DIFFERENT_TABLES: Lint = lint!(
    "LS027",
    "different-saml-and-scim-tables",
    Info,
    "SAML and SCIM settings with different tables",
    Check::Deployment(different_tables)
);
pub(in crate::rules) static ROLE_WITHOUT_WORKSPACE: Lint = lint!(
    "LS052",
    "role-without-workspace",
    Info,
    "a group with a role that no workspace is mapped to",
    Check::Deployment(role_without_workspace)
);

fn several_roles(cx: &Subject<'_>, out: &mut Findings) {
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_judged) {
        let rows = sheet.rows(ROLES);
        let mut seen: HashMap<&str, (&str, &Cell<'_>)> = HashMap::new();
        for row in &rows {
            let texts = honest(cx, row.what.as_ref()).zip(honest(cx, row.group.as_ref()));
            let (Some((role, group)), Some(cell)) = (texts, &row.group) else { continue };
            let Some((first, other)) = seen.get(group).filter(|(first, _)| *first != role) else {
                seen.entry(group).or_insert((role, cell));
                continue;
            };
            let message = format!("the group {group} has the role {first} already");
            let problem = Problem::new(message, sheet.at(cell))
                .related(sheet.at(other), "the other row")
                .why("the most elevated role wins, so one of the two rows has no effect")
                .remedy("one role for each group");
            out.report(&SEVERAL_ROLES.rule, problem);
        }
    }
}

fn case_clash(cx: &Subject<'_>, out: &mut Findings) {
    let sheets = sheets(cx);
    let rows: Vec<(&Sheet<'_>, Row<'_>)> = sheets
        .iter()
        .flat_map(|sheet| TABLES.into_iter().map(move |table| (sheet, table)))
        .flat_map(|(sheet, table)| sheet.rows(table).into_iter().map(move |row| (sheet, row)))
        .collect();
    let mut first: HashMap<String, (&str, &Sheet<'_>, &Cell<'_>)> = HashMap::new();
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for (sheet, row) in &rows {
        let (Some(group), Some(cell)) = (honest(cx, row.group.as_ref()), &row.group) else {
            continue;
        };
        let entry = first.entry(group.to_lowercase()).or_insert((group, *sheet, cell));
        if entry.0 == group || !sheet.is_judged || !told.insert(group) {
            continue;
        }
        let message = format!("the group {group} is written {} elsewhere", entry.0);
        let problem = Problem::new(message, sheet.at(cell))
            .related(entry.1.at(entry.2), "the other spelling")
            .why("groups are compared letter by letter, so at most one of the two matches what the identity provider sends")
            .remedy("the name as the identity provider spells it, in both places");
        out.report(&CASE_CLASH.rule, problem);
    }
}

fn object_id(cx: &Subject<'_>, out: &mut Findings) {
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_judged) {
        for row in TABLES.into_iter().flat_map(|table| sheet.rows(table)) {
            let Some(cell) =
                row.group.as_ref().filter(|cell| cell.text().is_some_and(crate::idps::is_guid))
            else {
                continue;
            };
            if honest(cx, Some(cell)).is_none() {
                continue;
            }
            let problem = Problem::new("this is the object id of a group, not its name", sheet.at(cell))
                .why("Entra sends object ids unless it is told otherwise; Label Studio documents mappings by group names only")
                .remedy("the group's name; in Entra, under Attributes & Claims > Groups returned in claim: Groups assigned to the application, source attribute sAMAccountName or Cloud-only group display names");
            out.report(&OBJECT_ID.rule, problem);
        }
    }
}

fn different_tables(cx: &Subject<'_>, out: &mut Findings) {
    let sheets = sheets(cx);
    let Some(saml) = sheets.iter().find(|sheet| !sheet.is_scim) else { return };
    for scim in sheets.iter().filter(|sheet| sheet.is_scim && sheet.is_judged) {
        for table in TABLES.into_iter().filter(|table| both_filled(saml, scim, table)) {
            let (Some(own), Some(other)) = (rows(cx, scim, table), rows(cx, saml, table)) else {
                continue;
            };
            if own == other {
                continue;
            }
            let problem = Problem::new(
                format!("{table} differs from the table of the SAML settings"),
                scim.key_place(table),
            )
            .related(saml.key_place(table), "the table for SAML")
            .why("each login applies one table and each sync the other; for roles the last one wins, and for projects SCIM does")
            .remedy("the same rows in both, or rows in one of the two only");
            out.report(&DIFFERENT_TABLES.rule, problem);
        }
    }
}

fn both_filled(saml: &Sheet<'_>, scim: &Sheet<'_>, table: &str) -> bool {
    saml.is_filled(table) && scim.is_filled(table)
}

/// The rows of a table for comparison; none where one of them is not known.
fn rows(cx: &Subject<'_>, sheet: &Sheet<'_>, table: &str) -> Option<BTreeSet<[String; 3]>> {
    let text = |cell: Option<&Cell<'_>>| honest(cx, cell).map(str::to_owned);
    let row = |row: Row<'_>| {
        let project = row.project.as_ref().and_then(|cell| cell.node.scalar());
        let project = project.map(|scalar| scalar.text.clone()).unwrap_or_default();
        Some([text(row.what.as_ref())?, text(row.group.as_ref())?, project])
    };
    sheet.rows(table).into_iter().map(row).collect()
}

fn role_without_workspace(cx: &Subject<'_>, out: &mut Findings) {
    let Some(sheet) = saml(cx) else { return };
    if sheet.root.get(WORKSPACES).is_none() && !is_whole(cx) {
        return;
    }
    let all = sheets(cx);
    let rows: Vec<Row<'_>> = all.iter().flat_map(|sheet| sheet.rows(WORKSPACES)).collect();
    let is_opaque = |row: &Row<'_>| honest(cx, row.group.as_ref()).is_none();
    let is_unread =
        all.iter().any(|sheet| sheet.is_filled(WORKSPACES) && sheet.rows(WORKSPACES).is_empty());
    if is_unread || rows.iter().any(is_opaque) {
        return;
    }
    let mapped: BTreeSet<&str> = rows.iter().filter_map(|row| row.group.as_ref()?.text()).collect();
    let roles = &facts().organization_roles.assignable;
    let mut found: Vec<(Cell<'_>, &str)> = Vec::new();
    for row in sheet.rows(ROLES) {
        let texts = honest(cx, row.what.as_ref()).zip(honest(cx, row.group.as_ref()));
        let (Some((role, group)), Some(cell)) = (texts, row.group) else { continue };
        // The first of the roles sees every workspace.
        let needs = roles.iter().skip(1).any(|known| known == role);
        if needs && !mapped.contains(group) && found.iter().all(|(_, other)| *other != group) {
            found.push((cell, group));
        }
    }
    let Some((cell, group)) = found.first() else { return };
    let message = match found.len() {
        1 => format!("no workspace is mapped to the group {group}"),
        n => format!("no workspace is mapped to {n} groups that have a role, such as {group}"),
    };
    let problem = Problem::new(message, sheet.at(cell))
        .why("Managers, Reviewers and Annotators see no workspace until somebody adds them to one")
        .remedy(format!(
            "workspaces_groups: [[\"<workspace>\", \"{group}\"]], or add members by hand"
        ));
    out.report(&ROLE_WITHOUT_WORKSPACE.rule, problem);
}
