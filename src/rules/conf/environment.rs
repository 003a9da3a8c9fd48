//! Names that are set twice: variables here, keys in the neighbour.

use std::collections::HashMap;

use crate::model::Variable;
use crate::problem::Place;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::conf::duplicates;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;

pub(in crate::rules) static DUPLICATE_KEY: Lint = lint!(
    "CONF004",
    "duplicate-key",
    Error,
    "a name that is set twice, to different values",
    Check::Deployment(duplicate_key)
);

fn duplicate_key(cx: &Subject<'_>, out: &mut Findings) {
    duplicates::report(cx, out);
    if !cx.deployment.judges_environment() {
        return;
    }
    let mut seen: HashMap<(&str, &str), &Variable> = HashMap::new();
    for variable in &cx.config.environment.variables {
        let Some(first) = seen.insert((variable.source.name(), &variable.name), variable) else {
            continue;
        };
        if first.value == variable.value || !cx.app.recognise.is_variable(&variable.name) {
            continue;
        }
        let place = Place {
            source: std::sync::Arc::clone(&first.source),
            span: first.span,
            path: KeyPath::default().key(&first.name),
        };
        let problem = cx
            .variable_problem(
                format!("{} is set twice, to different values", variable.name),
                variable,
            )
            .related(place, "set here first")
            .why("the last one counts, and whoever reads the first one is misled")
            .remedy("keep one of them");
        out.report(&DUPLICATE_KEY.rule, problem);
    }
}
