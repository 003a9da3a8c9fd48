//! What the rules of ClearML look at.

use crate::apps::clearml::{Entry, Given, Server};
use crate::carriers::Variable;
use crate::deployment::FileKind;
use crate::model::{Placeholder, placeholder};
use crate::problem::Problem;
use crate::rules::Subject;
use crate::source::{Span, printable};
use crate::syntax::hocon;

/// A deployment with what the server finds in it.
#[derive(Debug)]
pub(super) struct Context<'s> {
    /// The deployment.
    pub(super) subject: &'s Subject<'s>,
    /// What the server finds.
    pub(super) server: Server<'s>,
}

impl<'s> Context<'s> {
    /// Reads a deployment.
    pub(super) fn new(subject: &'s Subject<'s>) -> Self {
        Self { subject, server: Server::of(subject.deployment) }
    }

    /// A problem with a value.
    pub(super) fn at_value(&self, message: impl Into<String>, entry: &Entry<'_>) -> Problem {
        named(Problem::new(message, entry.value_place()), entry)
    }

    /// A problem with a name.
    pub(super) fn at_name(&self, message: impl Into<String>, entry: &Entry<'_>) -> Problem {
        named(Problem::new(message, entry.name_place()), entry)
    }

    /// A problem with a provider, at its first setting.
    pub(super) fn at_provider(&self, message: impl Into<String>, given: &Given) -> Problem {
        self.at_name(message, self.first(given))
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
        let group = self.server.group(entry);
        !is_line && !has_folder && group.is_some_and(|group| group.is_complete)
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
            return self.wrapped(variable, entry, "\"", "\"");
        }
        let is_secret = variable.holds_secret || entry.card()?.card.secret;
        if is_secret { None } else { variable.rewrite(&quoted) }
    }

    /// Edits that put something around the value of a variable.
    pub(super) fn wrapped(
        &self,
        variable: &Variable,
        entry: &Entry<'_>,
        before: &str,
        behind: &str,
    ) -> Option<Vec<(Span, String)>> {
        variable.wrap(&entry.document.source, before, behind)
    }

    /// What an identity provider's name is in the paths of ClearML, for messages.
    pub(super) fn shown(text: &str) -> String {
        printable(text).into_owned()
    }
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

/// Where the server looks for its files.
const CONFIG: &str = "/opt/clearml/config";
