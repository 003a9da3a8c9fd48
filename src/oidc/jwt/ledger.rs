//! What the steps of a judgement find.

use std::sync::Arc;

use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::source::{KeyPath, Source, Span, Step};
use crate::verdict::{Reason, Unchecked, Weight};

/// What was found so far.
#[derive(Default)]
pub(super) struct Ledger {
    /// What is wrong or worth knowing.
    pub(super) reasons: Vec<Reason>,
    /// What could not be checked.
    pub(super) unchecked: Vec<Unchecked>,
    /// What was checked and held.
    pub(super) passed: Vec<&'static str>,
}

impl Ledger {
    /// Adds something found.
    pub(super) fn add(&mut self, rule: &'static Rule, weight: Weight, problem: Problem) {
        self.reasons.push(Reason { rule, weight, problem });
    }

    /// Adds something that keeps the token from logging anybody in.
    pub(super) fn reject(&mut self, rule: &'static Rule, problem: Problem) {
        self.add(rule, Weight::Reject, problem);
    }

    /// Adds a check that nothing was given for.
    pub(super) fn leave(&mut self, item: &'static str, how: &'static str) {
        self.unchecked.push(Unchecked { item, how });
    }

    /// Whether anything keeps the token from being accepted.
    pub(super) fn is_clean(&self) -> bool {
        self.reasons.iter().all(|reason| reason.weight > Weight::Undecided)
    }

    /// Runs a check, and notes that it passed where it found nothing that decides.
    pub(super) fn check<T>(&mut self, item: &'static str, check: impl FnOnce(&mut Self) -> T) -> T {
        let (reasons, unchecked) = (self.reasons.len(), self.unchecked.len());
        let result = check(self);
        let mut new = self.reasons[reasons..].iter();
        let decides = new.any(|reason| reason.weight <= Weight::Undecided);
        if !decides && self.unchecked.len() == unchecked {
            self.passed.push(item);
        }
        result
    }
}

/// A place at the beginning of a text.
pub(super) fn beginning(source: &Arc<Source>) -> Place {
    Place { source: Arc::clone(source), span: Span::at(0), path: KeyPath::default() }
}

/// The place of a member, by its name and where its value stands.
pub(super) fn member(source: &Arc<Source>, name: &str, span: Span) -> Place {
    let path = KeyPath(vec![Step::Key(name.to_owned())]);
    Place { source: Arc::clone(source), span, path }
}
