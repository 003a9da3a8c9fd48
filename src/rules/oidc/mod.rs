//! Discovery documents and key sets, whoever saved or fetched them.
//!
//! Conformance is told as information. What breaks an application that reads the document is raised
//! by its [`Profile`], and what a known provider does on purpose is never more than information.

mod issuer;
mod keys;
mod members;
mod safety;

use std::sync::Arc;

use jiff::Timestamp;

use crate::idps::Idp;
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Rule, Severity};
use crate::source::{KeyPath, Source, Span, Step};
use crate::syntax::tree::NodeRef;

pub use keys::judge as judge_keys;

/// What an application does with a discovery document.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Its name.
    pub app: &'static str,
    /// Whether it compares the issuer with the address byte for byte.
    pub compares_issuer: bool,
    /// Whether it asks the userinfo endpoint and fails without one.
    pub needs_userinfo: bool,
    /// Claims that its configuration maps, beside those that it reads by itself.
    pub claims: Vec<String>,
}

/// A discovery document and what is known around it.
pub struct Document<'d> {
    /// The text.
    pub source: &'d Arc<Source>,
    /// The object.
    pub root: NodeRef<'d>,
    /// The issuer that it was fetched or saved for; none where nobody said.
    pub asked: Option<&'d str>,
    /// Whose it is.
    pub idp: &'static Idp,
    /// The application that reads it; none where none is known.
    pub profile: Option<&'d Profile>,
    /// The id of the provider in the configuration.
    pub provider: Option<&'d str>,
}

/// Everything that is wrong with a discovery document, or worth knowing of it.
pub fn judge_discovery(document: &Document<'_>, out: &mut Findings) {
    for check in issuer::CHECKS.iter().chain(members::CHECKS).chain(safety::CHECKS) {
        check(document, out);
    }
}

/// A look at one thing in a document.
type Check = fn(&Document<'_>, &mut Findings);

impl<'d> Document<'d> {
    /// A member that is there and not `null`.
    fn member(&self, name: &str) -> Option<NodeRef<'d>> {
        self.root.get(name).filter(|value| !value.is_null())
    }

    /// A member that is text.
    fn text(&self, name: &str) -> Option<&'d str> {
        self.member(name)?.key_text()
    }

    /// The texts of a list; none where it is absent or no list.
    fn list(&self, name: &str) -> Option<Vec<&'d str>> {
        Some(self.member(name)?.items()?.filter_map(NodeRef::key_text).collect())
    }

    /// A member that is true.
    fn is_true(&self, name: &str) -> bool {
        let scalar = self.member(name).and_then(NodeRef::scalar);
        scalar.is_some_and(|scalar| scalar.kind == crate::syntax::tree::Kind::Bool(true))
    }

    /// A problem with a member, or where it is absent with the document.
    fn problem(&self, message: impl Into<String>, name: &str) -> Problem {
        let entry = self.root.entry(name);
        let whole = self.root.span();
        let opening = Span::new(whole.start, whole.end.min(whole.start + 1));
        let span = entry.map_or(opening, |(_, value)| value.span());
        let path = entry.map(|_| KeyPath(vec![Step::Key(name.to_owned())])).unwrap_or_default();
        let place = Place { source: Arc::clone(self.source), span, path };
        let mut problem = Problem::new(message, place);
        problem.provider = self.provider.map(str::to_owned);
        problem
    }

    /// Reports, at most as information where the provider is known to do so.
    fn report(&self, out: &mut Findings, rule: &'static Rule, problem: Problem) {
        let is_known = !self.idp.is_generic();
        let severity = problem.severity.unwrap_or(rule.severity);
        let problem = match severity {
            Severity::Warning if is_known => problem.severity(Severity::Info),
            severity => problem.severity(severity),
        };
        out.report(rule, problem);
    }
}

/// What the keys of a set are judged by.
pub struct KeySet<'k> {
    /// The text.
    pub source: &'k Arc<Source>,
    /// The object.
    pub root: NodeRef<'k>,
    /// Algorithms that the provider announces for ID tokens; none where nobody said.
    pub algorithms: Option<Vec<String>>,
    /// Whose keys they are.
    pub idp: &'static Idp,
    /// The id of the provider in the configuration.
    pub provider: Option<&'k str>,
    /// The instant of judgement.
    pub at: Timestamp,
}
