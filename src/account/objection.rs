//! What an account says about the login: a reason of the verdict that has no place yet.

use crate::problem::{Comparison, Place, Problem};
use crate::rule::Rule;
use crate::verdict::{Reason, Weight};

/// What a reason of the verdict is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum About {
    /// The attribute or claim of this name, as it was sent.
    Attribute(String),
    /// The whole message: something is not in it, or the configuration is at fault.
    Message,
    /// The `NameID`.
    NameId,
}

/// A reason of the verdict without its place, which only the reader of the message knows.
#[derive(Clone, Debug)]
pub struct Objection {
    /// The rule.
    pub rule: &'static Rule,
    /// What it does to the verdict.
    pub weight: Weight,
    /// What it is about.
    pub about: About,
    /// What is wrong.
    pub message: String,
    /// What was expected and what was there, where both are texts.
    pub comparison: Option<Comparison>,
    /// Why it matters to this application.
    pub why: Option<String>,
    /// What to do.
    pub remedy: Option<String>,
}

impl Objection {
    /// An objection with its message.
    pub fn new(
        rule: &'static Rule,
        weight: Weight,
        about: About,
        message: impl Into<String>,
    ) -> Self {
        let message = message.into();
        Self { rule, weight, about, message, comparison: None, why: None, remedy: None }
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

    /// With two texts that ought to be equal.
    #[must_use]
    pub fn compared(mut self, expected: &str, got: &str, difference: Option<&str>) -> Self {
        self.comparison = Some(Comparison {
            expected: expected.to_owned(),
            got: got.to_owned(),
            difference: difference.map(str::to_owned),
        });
        self
    }

    /// The reason of the verdict, at its place.
    pub fn reason(self, place: Place) -> Reason {
        let mut problem = Problem::new(self.message, place);
        problem.comparison = self.comparison;
        problem.why = self.why;
        problem.remedy = self.remedy;
        Reason { rule: self.rule, weight: self.weight, problem }
    }
}
