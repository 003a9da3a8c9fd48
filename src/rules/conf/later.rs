//! Values that are filled in by something that runs later.

use std::rc::Rc;

use crate::deployment::Document;
use crate::model::is_unknown;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, Trail, maps};
use crate::syntax::tree::{NodeRef, Tree};

pub(in crate::rules) static FILLED_IN_LATER: Lint = lint!(
    "CONF010",
    "filled-in-later",
    Info,
    "values that a template or a secret store fills in later",
    Check::Deployment(filled_in_later)
);

/// Once a file, at the first such value.
fn filled_in_later(cx: &Subject<'_>, out: &mut Findings) {
    if cx.deployment.judges_environment() {
        variables(cx, out);
    }
    for document in cx.deployment.settings_documents() {
        in_document(cx, document, out);
    }
}

fn in_document(cx: &Subject<'_>, document: &Document, out: &mut Findings) {
    let text = document.source.text();
    if !MARKS.iter().any(|mark| text.contains(mark)) {
        return;
    }
    let unknown = unknown_values(&document.tree);
    let Some((first, trail, name)) = unknown.iter().min_by_key(|(value, ..)| value.span()) else {
        return;
    };
    let (count, verb) = match unknown.len() {
        1 => ("one value".to_owned(), "is"),
        n => (format!("{n} values"), "are"),
    };
    let message = format!("{count} of this file {verb} filled in later, and {verb} not judged");
    let problem = Problem::new(message, document.place(first.span(), trail.key(name)))
        .severity(Severity::Info)
        .why(format!(
            "what stands here is a template or a reference to a secret, not the value that {} gets",
            cx.app.name
        ))
        .remedy("lint the rendered file as well, where it is made");
    out.report(&FILLED_IN_LATER.rule, problem);
}

/// The same for the variables that count here, once a file.
fn variables(cx: &Subject<'_>, out: &mut Findings) {
    let mut files: Vec<&str> = Vec::new();
    for variable in &cx.config.environment.variables {
        let is_ours = cx.app.recognise.is_variable(&variable.name);
        if !is_ours || variable.known().is_some() || files.contains(&variable.source.name()) {
            continue;
        }
        files.push(variable.source.name());
        let message = format!("{} is filled in later, and is not judged", variable.name);
        let problem = cx
            .variable_problem(message, variable)
            .severity(Severity::Info)
            .why(format!(
                "what stands here is a reference, not the value that {} gets",
                cx.app.name
            ))
            .remedy("lint it where the reference is known as well");
        out.report(&FILLED_IN_LATER.rule, problem);
    }
}

fn unknown_values(tree: &Tree) -> Vec<(NodeRef<'_>, Rc<Trail<'_>>, &str)> {
    let mut found = Vec::new();
    for (map, trail) in maps(tree) {
        for (key, value) in map.pairs().into_iter().flatten() {
            let name = key.key_text().unwrap_or_default();
            let items = value.items().into_iter().flatten();
            let unknown = items.chain([value]).filter(|value| is_unknown(*value));
            found.extend(unknown.map(|value| (value, Rc::clone(&trail), name)));
        }
    }
    found
}

const MARKS: [&str; 6] = ["${", "{{", "{%", "<%", "ENC[", "!"];
