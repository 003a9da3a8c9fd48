//! What the rules of ClearML look at.

use std::collections::HashSet;

use crate::apps::clearml::{Entry, Given, Server, keys};
use crate::carriers::{Carrier, Group, Variable};
use crate::deployment::{Carrying, FileKind};
use crate::model::{Placeholder, placeholder};
use crate::problem::Problem;
use crate::rules::Subject;
use crate::rules::clearml::carriers;
use crate::source::{Span, bare_name, printable};
use crate::syntax::hocon;

/// A deployment with what the server finds in it.
#[derive(Debug)]
pub(super) struct Context<'s> {
    /// The deployment.
    pub(super) subject: &'s Subject<'s>,
    /// What the server finds.
    pub(super) server: Server<'s>,
    /// Services that read none of these settings: file and process.
    misplaced: HashSet<(usize, usize)>,
    /// The first two providers that are set up without a company.
    without_company: Vec<usize>,
}

impl<'s> Context<'s> {
    /// Reads a deployment.
    pub(super) fn new(subject: &'s Subject<'s>) -> Self {
        let server = Server::of(subject.deployment);
        let misplaced = carriers::misplaced(&server);
        let lacks = |given: &Given| server.setting(given, COMPANY).is_none();
        let providers = server.providers.iter().enumerate();
        let without_company = providers.filter(|(_, given)| lacks(given)).map(|(at, _)| at);
        let without_company = without_company.take(2).collect();
        Self { subject, server, misplaced, without_company }
    }

    /// Whether a variable stands on a service that does not read it.
    pub(super) fn is_misplaced(&self, entry: &Entry<'_>) -> bool {
        let variable = entry.variable.zip(self.server.variable(entry));
        variable.is_some_and(|((at, _), variable)| self.misplaced.contains(&(at, variable.group)))
    }

    /// A provider that is set up without a company, where this one has a company and nothing else.
    pub(super) fn meant_by_stray(&self, given: &Given) -> Option<&Given> {
        let is_alone = |at: &usize| self.server.entries[*at].spot.rest == COMPANY;
        let is_other = |other: &&Given| (other.family, &other.key) != (given.family, &given.key);
        let lacking = self.without_company.iter().map(|&at| &self.server.providers[at]);
        lacking.into_iter().find(is_other).filter(|_| given.entries.iter().all(is_alone))
    }

    /// A problem with a provider, at its first setting.
    pub(super) fn at_provider(&self, message: impl Into<String>, given: &Given) -> Problem {
        at_name(message, self.first(given))
    }

    /// The setting of a provider that stands first in the text.
    pub(super) fn first(&self, given: &Given) -> &Entry<'s> {
        let entries = given.entries.iter().map(|&at| &self.server.entries[at]);
        let first = entries.min_by_key(|entry| (entry.document.source.name(), entry.name_span));
        first.expect("a provider is told of by a setting")
    }

    /// The honest text of a provider's setting: none where it is a hint or empty.
    pub(super) fn text(&self, given: &Given, key: &str) -> Option<(&Entry<'s>, &str)> {
        let (entry, text) = self.server.text(given, key)?;
        let card = &entry.card()?.card;
        let is_hint = matches!(placeholder(card, text), Some(Placeholder::Hint(_)));
        (!is_hint && !text.trim().is_empty()).then_some((entry, text))
    }

    /// Whether a provider is one that the server knows and is told of.
    pub(super) fn counts(&self, given: &Given) -> bool {
        let is_known = keys::provider(&given.key).is_some_and(|card| card.family == given.family);
        let mut entries = given.entries.iter().map(|&at| &self.server.entries[at]);
        is_known && !entries.all(|entry| self.is_misplaced(entry))
    }

    /// Whether everything that is told of a provider stands in the texts at hand.
    pub(super) fn is_whole(&self, given: &Given) -> bool {
        let parts = &self.subject.deployment.parts;
        parts.iter().all(|part| part.document().is_some() && part.kind != FileKind::Hocon)
            && given.entries.iter().all(|&at| self.knows_all(&self.server.entries[at]))
    }

    /// Whether nothing else than the file of an entry can set variables of its process, and the
    /// process has no folder of settings from elsewhere.
    pub(super) fn knows_all(&self, entry: &Entry<'_>) -> bool {
        let (Some((at, _)), Some(variable)) = (entry.variable, self.server.variable(entry)) else {
            return false;
        };
        let from = &self.server.carryings[at];
        let is_line = from.part.kind == FileKind::Environment;
        let mounts = from.carried.mounts.iter().filter(|mount| mount.group == variable.group);
        let mut targets = mounts.map(|mount| mount.target.trim_end_matches('/'));
        let has_folder = targets.any(|target| CONFIG.starts_with(target));
        let Some(group) = self.server.group(entry) else { return false };
        !is_line && !has_folder && (group.is_complete || is_override(from, group))
    }

    /// Edits that put the quotes of HOCON around the value of a variable, which is text.
    pub(super) fn quoted(&self, entry: &Entry<'_>) -> Option<Vec<(Span, String)>> {
        let variable = self.server.variable(entry)?;
        let text = variable.known()?;
        if text.contains('"') {
            return None;
        }
        let quoted = hocon::quoted(text);
        if quoted == format!("\"{text}\"") {
            return wrapped(variable, entry, "\"", "\"");
        }
        let is_secret = variable.holds_secret || entry.card().is_some_and(|card| card.card.secret);
        if is_secret { None } else { variable.rewrite(&quoted) }
    }

    /// A name of the text in a form fit for messages.
    pub(super) fn shown(text: &str) -> String {
        printable(bare_name(text)).into_owned()
    }
}

/// A problem with a value.
pub(super) fn at_value(message: impl Into<String>, entry: &Entry<'_>) -> Problem {
    named(Problem::new(message, entry.value_place()), entry)
}

/// A problem with a name.
pub(super) fn at_name(message: impl Into<String>, entry: &Entry<'_>) -> Problem {
    named(Problem::new(message, entry.name_place()), entry)
}

/// Edits that put something around the value of a variable.
pub(super) fn wrapped(
    variable: &Variable,
    entry: &Entry<'_>,
    before: &str,
    behind: &str,
) -> Option<Vec<(Span, String)>> {
    variable.wrap(&entry.document.source, before, behind)
}

/// How text is written so that its quotes reach the server.
pub(super) fn quotes(cx: &Context<'_>, entry: &Entry<'_>) -> &'static str {
    match cx.server.variable(entry).map(|variable| variable.carrier) {
        Some(Carrier::ComposeList) => "NAME=\"...\": in this form the quotes reach the server",
        Some(Carrier::DockerRun) | None => "\"...\"",
        Some(_) => "'\"...\"': the outer quotes do not reach the server, the inner ones do",
    }
}

/// Whether a service of Compose is described elsewhere, and this file sets its variables alone.
fn is_override(from: &Carrying<'_>, group: &Group) -> bool {
    let services = from.document.tree.root().and_then(|root| root.get("services"));
    let service = services.and_then(|services| services.get(&group.name));
    from.part.kind == FileKind::Compose
        && service.is_some_and(|service| {
            ["env_file", "extends"].iter().all(|key| service.get(key).is_none())
        })
}

fn named(mut problem: Problem, entry: &Entry<'_>) -> Problem {
    problem.provider.clone_from(&entry.spot.provider);
    problem
}

/// Adds edits to a problem, where there are some.
pub(super) fn with_safe_fix(
    problem: Problem,
    title: &str,
    edits: Option<Vec<(Span, String)>>,
) -> Problem {
    match edits {
        Some(edits) => problem.safe_fix(title, edits),
        None => problem,
    }
}

/// The key of the company in which users are created.
pub(super) const COMPANY: &str = "default_company";
/// Where the server looks for its files.
const CONFIG: &str = "/opt/clearml/config";
