//! What the steps of a judgement find, and in which order it is told.

use std::sync::Arc;

use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::saml::cards::{bind, saml, sig};
use crate::saml::policy::{Point, Policy, Stance};
use crate::source::{KeyPath, Source, Span};
use crate::verdict::{Reason, Unchecked, Weight};
use crate::xml::cards as xml;

/// What was found so far.
#[derive(Default)]
pub(super) struct Ledger {
    /// What is wrong or worth knowing.
    pub(super) reasons: Vec<Reason>,
    /// Faults of the structure that explain those of the signatures.
    pub(super) leading: Vec<Reason>,
    /// What could not be checked.
    pub(super) unchecked: Vec<Unchecked>,
    /// What was checked and held.
    pub(super) passed: Vec<&'static str>,
}

impl Ledger {
    /// Adds something found.
    pub(super) fn add(&mut self, rule: &'static Rule, weight: Weight, problem: Problem) {
        self.push(Reason { rule, weight, problem });
    }

    /// Keeps a reason, unless its rule has been told often enough as gravely: one more changes
    /// nothing. Many warnings hide no refusal.
    fn push(&mut self, reason: Reason) {
        let is_as_grave =
            |known: &&Reason| is(known.rule, reason.rule) && known.weight <= reason.weight;
        let known = self.reasons.iter().filter(is_as_grave);
        if known.take(MOST_OF_A_RULE).count() < MOST_OF_A_RULE {
            self.reasons.push(reason);
        }
    }

    /// Adds something that keeps the message from logging anybody in.
    pub(super) fn reject(&mut self, rule: &'static Rule, problem: Problem) {
        self.add(rule, Weight::Reject, problem);
    }

    /// Adds something in which readers differ.
    pub(super) fn point(
        &mut self,
        policy: &Policy,
        point: Point,
        rule: &'static Rule,
        problem: Problem,
    ) {
        if let Some((weight, problem)) = weighed(policy, point, problem) {
            self.add(rule, weight, problem);
        }
    }

    /// Adds reasons that are not there yet.
    pub(super) fn extend(&mut self, reasons: impl IntoIterator<Item = Reason>) {
        for reason in reasons {
            let is_same = |known: &Reason| {
                is(known.rule, reason.rule)
                    && known.problem.message == reason.problem.message
                    && known.problem.place.span == reason.problem.place.span
            };
            if !self.reasons.iter().any(is_same) {
                self.push(reason);
            }
        }
    }

    /// Notes that a check was made: passed, unless a reason of one of the rules is there.
    pub(super) fn checked(&mut self, item: &'static str, rules: &[&'static Rule]) {
        let is_of = |reason: &Reason| rules.iter().any(|rule| is(rule, reason.rule));
        if !self.reasons.iter().any(|reason| reason.weight <= Weight::Undecided && is_of(reason)) {
            self.passed.push(item);
        }
    }

    /// Whether anything keeps the message from being accepted.
    pub(super) fn is_clean(&self) -> bool {
        let mut all = self.reasons.iter().chain(&self.leading);
        all.all(|reason| reason.weight > Weight::Undecided)
    }

    /// Puts the most telling reasons first.
    pub(super) fn order(&mut self) {
        let has_coverage = self.reasons.iter().any(|one| is(one.rule, &sig::COVERAGE));
        self.reasons.sort_by_key(|reason| rank(reason.rule, has_coverage));
        let end = rank(&saml::NO_ASSERTION, true);
        let at = self.reasons.partition_point(|reason| rank(reason.rule, has_coverage) <= end);
        self.reasons.splice(at..at, self.leading.drain(..));
    }
}

/// What a reader makes of something in which readers differ; none where it does not mind.
pub(super) fn weighed(
    policy: &Policy,
    point: Point,
    problem: Problem,
) -> Option<(Weight, Problem)> {
    let departure = policy.departure(point);
    let reader = policy.reader.as_ref().filter(|_| departure.is_some());
    let weight = match policy.stance(point) {
        Stance::Refuse => Weight::Reject,
        Stance::Warn => Weight::Warning,
        Stance::Accept => return None,
    };
    let problem = match reader {
        Some(reader) if weight == Weight::Reject => {
            problem.why(format!("{} refuses it", reader.name()))
        }
        Some(reader) => problem.note(format!("{} lets it through", reader.name())),
        None => problem,
    };
    Some((weight, problem))
}

/// Whether two rules are one.
pub(super) fn is(one: &'static Rule, other: &'static Rule) -> bool {
    std::ptr::eq(one, other)
}

/// A place in a text.
pub(super) fn place(source: &Arc<Source>, span: Span) -> Place {
    Place { source: Arc::clone(source), span, path: KeyPath::default() }
}

/// The place in the order of telling.
fn rank(rule: &'static Rule, has_coverage: bool) -> usize {
    // Two assertions side by side explain IDs that are there twice; a signature that covers
    // something else explains two assertions.
    if is(rule, &saml::MULTIPLE_ASSERTIONS) && !has_coverage {
        return rank(&sig::DUPLICATE_ID, true).saturating_sub(1);
    }
    let known = TELLING.iter().position(|telling| is(telling, rule));
    let group = || match rule.family() {
        "SIG" | "BIND" => position(OTHER_SIGNATURE),
        "ENC" => position(&sig::MISSING),
        _ => TELLING.len() * 2,
    };
    known.map_or_else(group, |at| at * 2)
}

/// Behind that rule, and before the next.
fn position(rule: &'static Rule) -> usize {
    let at = TELLING.iter().position(|telling| is(telling, rule));
    at.map_or(TELLING.len() * 2, |at| at * 2 + 1)
}

/// A hostile message breaks one rule ten thousand times.
const MOST_OF_A_RULE: usize = 40;
/// The rule behind which all signature reasons come that are not in the list.
static OTHER_SIGNATURE: &Rule = &saml::MULTIPLE_ASSERTIONS;

/// Rules, the most telling first: what makes everything else meaningless, then what was done to the
/// message, then what it says, and last what wears off by itself.
static TELLING: [&Rule; 50] = [
    &saml::MESSAGE_TYPE,
    &saml::VERSION,
    &saml::CONNECTION_DISABLED,
    &saml::STATUS,
    &saml::NO_ASSERTION,
    &sig::DUPLICATE_ID,
    &sig::ID_AMBIGUOUS,
    &sig::MULTIPLE,
    &sig::OBJECT_CHILD,
    &sig::COVERAGE,
    &sig::POSITION,
    &sig::REFERENCE_COUNT,
    &sig::CARDINALITY,
    &saml::MULTIPLE_ASSERTIONS,
    &sig::MISSING,
    &xml::DIFFERENTIAL,
    &saml::SCHEMA,
    &saml::TIME_FORMAT,
    &saml::ISSUER,
    &saml::AUDIENCE,
    &saml::DESTINATION,
    &saml::RECIPIENT,
    &saml::IN_RESPONSE_TO,
    &saml::UNSOLICITED,
    &saml::CONDITIONS_MISSING,
    &saml::CONDITION_UNKNOWN,
    &saml::SUBJECT_CONFIRMATION,
    &saml::AUTHN_STATEMENT,
    &saml::AUTHN_CONTEXT,
    &saml::NAMEID,
    &saml::NAMEID_QUALIFIER,
    &saml::NAMEID_FORMAT,
    &saml::ATTRIBUTES_MISSING,
    &saml::ID_CONTROL,
    &sig::ALGORITHM_WEAK,
    &bind::BIND_CLOCK_DIFFERENCE,
    &saml::NOT_BEFORE,
    &saml::NOT_YET_VALID,
    &saml::SESSION_EXPIRED,
    &saml::EXPIRED,
    &saml::ISSUE_INSTANT,
    &saml::UNCHECKED,
    &saml::ID_NCNAME,
    &saml::NAMEID_TRANSIENT,
    &saml::ID_CASE,
    &saml::ID_CONFUSABLE,
    &saml::BEARER_NOT_BEFORE,
    &saml::REQUESTED_CONTEXT,
    &saml::ATTRIBUTE_DUPLICATE,
    &saml::CLOCK_SKEW,
];
