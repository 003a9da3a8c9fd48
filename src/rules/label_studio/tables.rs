//! The shape of the tables: pairs, roles and project ids.

use crate::apps::label_studio_saml::{PROJECTS, ROLES, Row, TABLES, WORKSPACES, facts};
use crate::model::{Nearness, is_unknown, nearest};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::{Sheet, honest, is_placeholder, sheets};
use crate::rules::{Check, Lint, Subject, edits};
use crate::source::KeyPath;
use crate::syntax::tree::Kind;

pub(in crate::rules) static MALFORMED_PAIR: Lint = lint!(
    "LS002",
    "malformed-group-pair",
    Error,
    "a row of a group table that is not what the table is made of",
    Check::Deployment(malformed_pair)
);
pub(in crate::rules) static UNKNOWN_ROLE: Lint = lint!(
    "LS003",
    "unassignable-role",
    Error,
    "an organization role that a group cannot give",
    Check::Deployment(unknown_role)
);
pub(in crate::rules) static STATE_AS_ROLE: Lint = lint!(
    "LS004",
    "state-as-role",
    Info,
    "a group that makes its members `Not Activated` or `Deactivated`",
    Check::Deployment(state_as_role)
);
pub(in crate::rules) static UNKNOWN_PROJECT_ROLE: Lint = lint!(
    "LS005",
    "unknown-project-role",
    Error,
    "a project role other than `Inherit`, `Annotator` and `Reviewer`",
    Check::Deployment(unknown_project_role)
);
pub(in crate::rules) static MALFORMED_PROJECT_ID: Lint = lint!(
    "LS006",
    "malformed-project-id",
    Error,
    "a `project_id` that is not a positive whole number",
    Check::Deployment(malformed_project_id)
);

/// Every row of some tables in the documents that are judged here.
fn each_row(
    cx: &Subject<'_>,
    table: &str,
    mut judge: impl FnMut(&Sheet<'_>, &Row<'_>) -> Option<Problem>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_judged) {
        problems.extend(sheet.rows(table).iter().filter_map(|row| judge(sheet, row)));
    }
    problems
}

fn report(lint: &'static Lint, problems: Vec<Problem>, out: &mut Findings) {
    for problem in problems {
        out.report(&lint.rule, problem);
    }
}

fn malformed_pair(cx: &Subject<'_>, out: &mut Findings) {
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_judged) {
        for table in TABLES {
            let Some(value) = sheet.root.get(table) else { continue };
            if value.is_null() || is_unknown(value) {
                continue;
            }
            if value.items().is_none() {
                let place = sheet.place(value.span(), KeyPath::default().key(table));
                let problem = Problem::new(format!("{table} is not a list"), place)
                    .why("Label Studio reads a list with one row for each group")
                    .remedy(format!("[{}]", shape(table)));
                out.report(&MALFORMED_PAIR.rule, problem);
            }
        }
    }
    for table in TABLES {
        let mut bare = 0;
        let found = each_row(cx, table, |sheet, row| {
            let is_bare = row.node.scalar().is_some();
            bare += usize::from(is_bare);
            if is_bare && (bare > 1 || is_unknown(row.node)) {
                return None;
            }
            if table == PROJECTS {
                malformed_project(sheet, row)
            } else {
                malformed_row(sheet, row, table).or_else(|| swapped(cx, sheet, row, table))
            }
        });
        report(&MALFORMED_PAIR, found, out);
    }
}

/// How a row of a table is written.
fn shape(table: &str) -> &'static str {
    match table {
        PROJECTS => "{\"project_id\": 42, \"group\": \"LS-Reviewers\", \"role\": \"Reviewer\"}",
        WORKSPACES => "[\"Engineering\", \"LS-Engineering\"]",
        _ => "[\"Annotator\", \"LS-Annotators\"]",
    }
}

fn malformed_row(sheet: &Sheet<'_>, row: &Row<'_>, table: &str) -> Option<Problem> {
    let kind = if table == ROLES { "role" } else { "workspace" };
    let (Some(what), Some(group)) = (&row.what, &row.group) else {
        let place = sheet.place(row.node.span(), row.path.clone());
        let problem = Problem::new(
            format!("a row of {table} is not a pair of {kind} and group"),
            place,
        )
        .why(format!(
            "Label Studio reads the {kind} from the first place and the group from the second"
        ))
        .remedy(shape(table));
        return Some(problem);
    };
    [(what, kind), (group, "group")].into_iter().find_map(|(cell, name)| {
        let is_text = cell.text().is_some_and(|text| !text.trim().is_empty());
        if is_text || is_unknown(cell.node) {
            return None;
        }
        let is_plain = cell.node.scalar().is_some_and(|scalar| {
            matches!(scalar.kind, Kind::Int(_)) && scalar.text.starts_with(|c: char| c != '0')
        });
        let message = format!("the {name} in this row of {table} is not text");
        let problem = Problem::new(message, sheet.at(cell))
            .why("names are compared as text, letter by letter")
            .remedy(shape(table));
        Some(if is_plain {
            problem.safe_fix("put it in quotes", edits::quote(cell.node.span()))
        } else {
            problem
        })
    })
}

fn swapped(cx: &Subject<'_>, sheet: &Sheet<'_>, row: &Row<'_>, table: &str) -> Option<Problem> {
    let (what, group) = (row.what.as_ref()?, row.group.as_ref()?);
    if table != ROLES || !is_swapped(cx, row) {
        return None;
    }
    let (role, name) = (group.text()?, what.text()?);
    let place = sheet.place(row.node.span(), row.path.clone());
    let problem = Problem::new("role and group are swapped", place)
        .why(format!("Label Studio takes {name} for a role and refuses the row"))
        .remedy(format!("[\"{role}\", \"{name}\"]"));
    let (first, second) = (what.node.span(), group.node.span());
    let text = sheet.document.source.text();
    if !row.node.span().contains(first) || first.end > second.start {
        return Some(problem);
    }
    let edits =
        vec![(first, text[second.range()].to_owned()), (second, text[first.range()].to_owned())];
    Some(problem.safe_fix("swap them", edits))
}

/// Whether the second place of a row holds a role, and the first does not.
fn is_swapped(cx: &Subject<'_>, row: &Row<'_>) -> bool {
    let roles = &facts().organization_roles;
    let texts = honest(cx, row.what.as_ref()).zip(honest(cx, row.group.as_ref()));
    texts.is_some_and(|(what, group)| {
        roles.is_role(group) && !roles.is_role(what) && nearest(what, roles.known()).is_none()
    })
}

fn malformed_project(sheet: &Sheet<'_>, row: &Row<'_>) -> Option<Problem> {
    let place = sheet.place(row.node.span(), row.path.clone());
    if row.node.entries().is_none() {
        let problem = Problem::new("a row of projects_groups is not a map", place)
            .why("this table names project, group and role, unlike the other two")
            .remedy(shape(PROJECTS));
        return Some(problem);
    }
    let is_text = row.group.as_ref().is_some_and(|group| {
        is_unknown(group.node) || group.text().is_some_and(|text| !text.trim().is_empty())
    });
    if is_text {
        return None;
    }
    let place = row.group.as_ref().map_or(place, |group| sheet.at(group));
    let problem = Problem::new("this row of projects_groups names no group", place)
        .why("nobody can come into the project by it")
        .remedy(shape(PROJECTS));
    Some(problem)
}

fn unknown_role(cx: &Subject<'_>, out: &mut Findings) {
    let roles = &facts().organization_roles;
    let found = each_row(cx, ROLES, |sheet, row| {
        let cell = row.what.as_ref()?;
        let role = honest(cx, Some(cell)).filter(|role| !role.trim().is_empty())?;
        if roles.known().any(|known| known == role) || is_swapped(cx, row) {
            return None;
        }
        let known: Vec<&str> = roles.assignable.iter().map(String::as_str).collect();
        let choice = format!("one of {}", known.join(", "));
        if role.eq_ignore_ascii_case(&roles.reserved) {
            let problem = Problem::new("no group can be given the role Owner", sheet.at(cell))
                .why("Label Studio assigns it to one person, outside SAML and SCIM")
                .remedy(choice);
            return Some(problem);
        }
        let problem = Problem::new(format!("Label Studio has no role {role}"), sheet.at(cell))
            .why("roles are compared letter by letter, so nobody gets one from this row");
        Some(spelling(sheet, cell.node, nearest(role, roles.known()), problem, choice))
    });
    report(&UNKNOWN_ROLE, found, out);
}

/// With the right spelling as the remedy, and as a fix where nothing but case and signs differ.
fn spelling(
    sheet: &Sheet<'_>,
    node: crate::syntax::tree::NodeRef<'_>,
    near: Option<(&str, Nearness)>,
    problem: Problem,
    choice: String,
) -> Problem {
    let Some((name, nearness)) = near else { return problem.remedy(choice) };
    let problem = problem.remedy(name);
    match edits::text(&sheet.document.source, node, name) {
        Some(edits) if nearness == Nearness::SameLetters => {
            problem.safe_fix(format!("write {name}"), edits)
        }
        Some(edits) => problem.unsafe_fix(format!("write {name}"), edits),
        None => problem,
    }
}

fn state_as_role(cx: &Subject<'_>, out: &mut Findings) {
    let states = &facts().organization_roles.states;
    let found = each_row(cx, ROLES, |sheet, row| {
        let cell = row.what.as_ref()?;
        let role =
            honest(cx, Some(cell)).filter(|role| states.iter().any(|state| state == role))?;
        let problem = Problem::new(format!("members of this group become {role}"), sheet.at(cell))
            .why("it is a state that Label Studio itself sets; such users cannot work, and do not count towards the seat limit")
            .remedy("nothing, if that is meant; else one of the four roles");
        Some(problem)
    });
    report(&STATE_AS_ROLE, found, out);
}

fn unknown_project_role(cx: &Subject<'_>, out: &mut Findings) {
    let names = &facts().project_roles.names;
    let choice = "one of Inherit, Annotator, Reviewer";
    let found = each_row(cx, PROJECTS, |sheet, row| {
        row.node.entries()?;
        let Some(cell) = &row.what else {
            let place = sheet.place(row.node.span(), row.path.clone());
            let problem = Problem::new("this row of projects_groups names no role", place)
                .why("Label Studio does not know what the group is in the project")
                .remedy(choice);
            return Some(problem);
        };
        let is_known = cell.text().is_some_and(|role| names.iter().any(|name| name == role));
        let is_hint = cell.text().is_some_and(|text| is_placeholder(cx, text));
        if is_known || is_hint || is_unknown(cell.node) {
            return None;
        }
        let role = cell.node.scalar().map_or("of this kind", |scalar| scalar.text.as_str());
        let problem =
            Problem::new(format!("there is no project role {role}"), sheet.at(cell))
                .why("in a project a group can only be Annotator or Reviewer, or inherit its organization role");
        let near = nearest(role, names.iter().map(String::as_str));
        Some(spelling(sheet, cell.node, near, problem, choice.to_owned()))
    });
    report(&UNKNOWN_PROJECT_ROLE, found, out);
}

fn malformed_project_id(cx: &Subject<'_>, out: &mut Findings) {
    let found = each_row(cx, PROJECTS, |sheet, row| {
        row.node.entries()?;
        let why = "the project is found by its number, which its address in the browser shows";
        let Some(cell) = &row.project else {
            let place = sheet.place(row.node.span(), row.path.clone());
            let problem = Problem::new("this row of projects_groups names no project", place)
                .why(why)
                .remedy("\"project_id\": 42");
            return Some(problem);
        };
        let scalar = cell.node.scalar();
        let text = scalar.map_or("", |scalar| scalar.text.as_str());
        if is_unknown(cell.node) || is_placeholder(cx, text) {
            return None;
        }
        let is_number = |text: &str| text.parse::<u64>().is_ok_and(|number| number > 0);
        let kind = scalar.map(|scalar| &scalar.kind);
        if matches!(kind, Some(Kind::Int(digits)) if is_number(digits)) {
            return None;
        }
        let problem =
            Problem::new("project_id is not a positive whole number", sheet.at(cell)).why(why);
        let is_quoted =
            kind == Some(&Kind::Text) && is_number(text) && !text.starts_with(['0', '+']);
        Some(if is_quoted {
            problem
                .severity(Severity::Warning)
                .remedy(text)
                .safe_fix("take the quotes off", vec![(cell.node.span(), text.to_owned())])
        } else {
            problem.remedy("42, the number of the project")
        })
    });
    report(&MALFORMED_PROJECT_ID, found, out);
}
