//! The verdict on a message or token: one value that text, machine output and exit code come from.

use crate::problem::Problem;
use crate::rule::{Finding, Rule, Severity};
use crate::xml::{XmlError, XmlErrorKind};

/// What a judgement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Checked to the end: it would log somebody in.
    Accept,
    /// A ceiling was reached, so nothing is said about the content.
    Limit,
    /// It is not acceptable as a document at all.
    Malformed,
    /// It is well-formed and must not log anyone in.
    Reject,
    /// Something that the judgement needs is missing.
    Undecided,
}

impl Class {
    /// The word for it in machine output.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Limit => "limit",
            Self::Malformed => "malformed",
            Self::Reject => "reject",
            Self::Undecided => "undecided",
        }
    }
}

/// What a reason does to the verdict. In this order one outweighs the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It is no acceptable document.
    Malformed,
    /// It is past a ceiling.
    Limit,
    /// It must not log anyone in.
    Reject,
    /// It cannot be decided.
    Undecided,
    /// It is let through, and somebody should look at it.
    Warning,
    /// Worth knowing.
    Note,
}

impl Weight {
    /// The severity of its finding.
    pub fn severity(self) -> Severity {
        match self {
            Self::Malformed | Self::Limit | Self::Reject | Self::Undecided => Severity::Error,
            Self::Warning => Severity::Warning,
            Self::Note => Severity::Info,
        }
    }

    /// The class that it forces, if it forces one.
    fn class(self) -> Option<Class> {
        match self {
            Self::Malformed => Some(Class::Malformed),
            Self::Limit => Some(Class::Limit),
            Self::Reject => Some(Class::Reject),
            Self::Undecided => Some(Class::Undecided),
            Self::Warning | Self::Note => None,
        }
    }
}

/// One thing that a judgement found.
#[derive(Clone, Debug)]
pub struct Reason {
    /// The rule.
    pub rule: &'static Rule,
    /// What it does to the verdict.
    pub weight: Weight,
    /// What is wrong, where, and what to do.
    pub problem: Problem,
}

impl XmlError {
    /// What it does to the verdict on the document.
    pub fn weight(&self) -> Weight {
        match self.kind {
            XmlErrorKind::Input(_) => Weight::Undecided,
            XmlErrorKind::Limit(_) => Weight::Limit,
            _ => Weight::Malformed,
        }
    }
}

/// The verdict on one message or token.
#[derive(Clone, Debug)]
pub struct Verdict {
    class: Class,
    reasons: Vec<Reason>,
    unchecked: Vec<Unchecked>,
    passed: Vec<&'static str>,
}

/// Something that was not checked, because nothing to check it by was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// Its name in machine output, in kebab case: `in-response-to`, `replay`, `nonce`.
    pub item: &'static str,
    /// What to give so that it is checked: `pass --request-id`; empty where nothing can be given.
    pub how: &'static str,
}

impl Verdict {
    /// Decides, once: the gravest reason wins, and among equals the one that was found first.
    ///
    /// Nothing accepts by itself: `is_proven` says that the identity was read from bytes whose
    /// signature held. A judgement that found nothing wrong and proved nothing is a bug.
    pub fn decide(
        mut reasons: Vec<Reason>,
        unchecked: Vec<Unchecked>,
        passed: Vec<&'static str>,
        is_proven: bool,
    ) -> Self {
        reasons.sort_by_key(|reason| reason.weight);
        let forced = reasons.first().and_then(|reason| reason.weight.class());
        let class = forced.unwrap_or(if is_proven { Class::Accept } else { Class::Undecided });
        Self { class, reasons, unchecked, passed }
    }

    /// What it comes to.
    pub fn class(&self) -> Class {
        self.class
    }

    /// Everything that was found, the decisive reason first.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// The rule that decided, where the verdict is not to accept.
    pub fn decisive(&self) -> Option<&'static Rule> {
        let first = self.reasons.first().filter(|reason| reason.weight.class().is_some());
        first.map(|reason| reason.rule)
    }

    /// What was not checked.
    pub fn unchecked(&self) -> &[Unchecked] {
        &self.unchecked
    }

    /// The checks that were made and passed.
    pub fn passed(&self) -> &[&'static str] {
        &self.passed
    }

    /// The reasons as findings, the decisive one first.
    pub fn findings(&self) -> Vec<Finding> {
        let finding = |reason: &Reason| Finding {
            rule: reason.rule,
            severity: reason.weight.severity(),
            problem: reason.problem.clone(),
        };
        self.reasons.iter().map(finding).collect()
    }
}
