//! What is wrong: a message at a place, why it matters, and what to do.

use std::sync::Arc;

use crate::rule::Severity;
use crate::source::{KeyPath, Source, Span};

/// A stretch of one source, and the setting it belongs to.
#[derive(Clone, Debug)]
pub struct Place {
    /// The text.
    pub source: Arc<Source>,
    /// Where in it.
    pub span: Span,
    /// The setting, where there is one.
    pub path: KeyPath,
}

/// Something wrong, in words.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// Where.
    pub place: Place,
    /// What was expected and what was there instead, where both are texts.
    pub comparison: Option<Comparison>,
    /// A few words shown under the marked text.
    pub label: Option<String>,
    /// Why it matters to this application.
    pub why: Option<String>,
    /// What to write instead, in words.
    pub remedy: Option<String>,
    /// Further remarks.
    pub notes: Vec<String>,
    /// Other places that belong to it.
    pub related: Vec<Related>,
    /// The id of the identity provider entry it belongs to.
    pub provider: Option<String>,
    /// A change that a program can make.
    pub fix: Option<Fix>,
    /// The severity, where it is not the rule's own.
    pub severity: Option<Severity>,
}

/// Two texts that ought to be equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// What was expected.
    pub expected: String,
    /// What was there.
    pub got: String,
    /// What the difference is, where they are nearly equal: `final slash missing`.
    pub difference: Option<String>,
}

/// Another place that belongs to a problem.
#[derive(Clone, Debug)]
pub struct Related {
    /// Where.
    pub place: Place,
    /// What stands there.
    pub message: String,
}

/// A change that removes a problem.
#[derive(Clone, Debug)]
pub struct Fix {
    /// What it does, as an instruction.
    pub title: String,
    /// Whether it can be made without asking.
    pub safety: Safety,
    /// The changes of text; they do not overlap.
    pub edits: Vec<Edit>,
}

/// Whether a fix can change what the configuration means beyond the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Safety {
    /// The meaning is what was plainly meant.
    Safe,
    /// A guess that somebody must look at.
    Unsafe,
}

/// A replacement of one stretch of text.
#[derive(Clone, Debug)]
pub struct Edit {
    /// The text to change.
    pub source: Arc<Source>,
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What takes its place. Never holds a secret: values are kept by editing around them.
    pub text: String,
}

impl Problem {
    /// A problem with its message at its place.
    pub fn new(message: impl Into<String>, place: Place) -> Self {
        Self {
            message: message.into(),
            place,
            comparison: None,
            label: None,
            why: None,
            remedy: None,
            notes: Vec::new(),
            related: Vec::new(),
            provider: None,
            fix: None,
            severity: None,
        }
    }

    /// With two texts that ought to be equal.
    #[must_use]
    pub fn compared(mut self, comparison: Comparison) -> Self {
        self.comparison = Some(comparison);
        self
    }

    /// With a few words under the marked text.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = Some(label.into());
        self
    }

    /// With the reason why it matters.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = Some(why.into());
        self
    }

    /// With what to write instead.
    #[must_use]
    pub fn remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }

    /// With a further remark.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// With another place that belongs to it.
    #[must_use]
    pub fn related(mut self, place: Place, message: impl Into<String>) -> Self {
        self.related.push(Related { place, message: message.into() });
        self
    }

    /// With a severity of its own.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = Some(severity);
        self
    }

    /// With a change that is plainly what was meant.
    #[must_use]
    pub fn safe_fix(self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixed_by(title.into(), Safety::Safe, edits)
    }

    /// With a change that somebody must look at.
    #[must_use]
    pub fn unsafe_fix(self, title: impl Into<String>, edits: Vec<(Span, String)>) -> Self {
        self.fixed_by(title.into(), Safety::Unsafe, edits)
    }

    fn fixed_by(mut self, title: String, safety: Safety, edits: Vec<(Span, String)>) -> Self {
        let source = &self.place.source;
        let edits = edits
            .into_iter()
            .map(|(span, text)| Edit { source: Arc::clone(source), span, text })
            .collect();
        self.fix = Some(Fix { title, safety, edits });
        self
    }
}
