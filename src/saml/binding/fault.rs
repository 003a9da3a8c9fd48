//! What can be wrong with the way a message travelled.

use crate::problem::{Place, Problem};
use crate::rule::Rule;
use crate::saml::binding::Layer;
use crate::verdict::{Reason, Weight};

/// Something to say about the way a message travelled. It has no place of its own: the encoded text
/// shows nobody anything.
#[derive(Clone, Debug)]
pub struct Remark {
    /// The rule.
    pub rule: &'static Rule,
    /// What it does to the verdict.
    pub weight: Weight,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl Remark {
    /// A remark with its message.
    pub fn new(rule: &'static Rule, weight: Weight, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { rule, weight, message, why: None, remedy: None }
    }

    /// With the reason why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// With what to do.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// The reason of a verdict that it is, told at a place.
    pub fn at(&self, place: Place) -> Reason {
        let mut problem = Problem::new(self.message.clone(), place);
        problem.why.clone_from(&self.why);
        problem.remedy.clone_from(&self.remedy);
        Reason { rule: self.rule, weight: self.weight, problem }
    }
}

/// Why no message could be taken out of an input.
#[derive(Clone, Debug)]
pub enum Unreadable {
    /// There is a message, and the way it travelled is wrong: a verdict of its own.
    Faulty {
        /// What is wrong.
        remark: Box<Remark>,
        /// What had been taken off before.
        layers: Vec<Layer>,
    },
    /// There is no message in it.
    Foreign(Foreign),
}

/// What an input is, where it is no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is, behind "this is": `a SAML metadata document`.
    pub what: String,
    /// What to do with it.
    pub hint: String,
}

impl Foreign {
    /// An input that is something else.
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into() }
    }
}

impl From<Foreign> for Unreadable {
    fn from(foreign: Foreign) -> Self {
        Self::Foreign(foreign)
    }
}

impl From<Remark> for Unreadable {
    fn from(remark: Remark) -> Self {
        Self::Faulty { remark: Box::new(remark), layers: Vec::new() }
    }
}

impl Unreadable {
    /// The same, with what had been taken off outside.
    #[must_use]
    pub(super) fn inside(self, outer: &[Layer]) -> Self {
        match self {
            Self::Faulty { remark, layers } => {
                Self::Faulty { remark, layers: [outer, &layers].concat() }
            }
            foreign @ Self::Foreign(_) => foreign,
        }
    }
}
