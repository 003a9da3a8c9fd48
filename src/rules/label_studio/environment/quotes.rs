//! Quotes in environment files.

use crate::carriers::Carrier;
use crate::deployment::FileKind;
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::QUOTED;
use crate::source::Source;
use crate::syntax::tree::Style;

/// Once a file, at the first such value; not where Compose is seen to read the file.
pub(super) fn quoted(cx: &Environment<'_>, out: &mut Findings) {
    if cx.subject.deployment.of_kind(FileKind::Compose).next().is_some() {
        return;
    }
    let mut told: Vec<&Source> = Vec::new();
    for set in &cx.process.variables {
        let source: &Source = &set.document.source;
        let is_quoted =
            matches!(set.variable.written.style, Style::DoubleQuoted | Style::SingleQuoted);
        let is_line = set.variable.carrier == Carrier::EnvironmentFile;
        let is_told = told.iter().any(|told| std::ptr::eq(*told, source));
        if !is_quoted || !is_line || set.fact.is_none() || is_told {
            continue;
        }
        told.push(source);
        let message = format!("the quotes around {} become part of it in docker run", set.name);
        let problem = Problem::new(message, set.place())
            .why("Docker Compose takes quotes off; docker run --env-file passes them on with the value")
            .remedy("name the file under env_file of Docker Compose, or leave the quotes out");
        report(&QUOTED.rule, set, problem, out);
    }
}
