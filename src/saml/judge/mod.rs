//! The judgement of a message, in a fixed order in which each step can only take away trust: the
//! document, its structure, its signatures, what is encrypted, that what was signed is what was
//! received, what the message says, whom it names. Every rule is evaluated and everything found is
//! kept; it is decided once, at the end.
//!
//! Rules look at the message as received, for there the places are. That is safe because the
//! tripwire compares every received element with the bytes that were signed, and rejects where they
//! differ. What is sent on about the person is read from those bytes alone.

mod assertion;
mod confirmation;
mod differential;
mod identity;
mod ledger;
mod login;
pub mod nearness;
mod opening;
mod other;
mod proof;
mod response;
mod signatures;
mod structure;
mod validation;
mod view;
mod window;

pub use self::view::{ShownAssertion, ShownEncryption, ShownSignature, View, Window, WindowState};

use std::sync::Arc;

use crate::problem::Problem;
use crate::rule::Finding;
use crate::saml::cards::saml;
use crate::saml::expectation::Expectation;
use crate::saml::message::{Kind, Message, SubjectName};
use crate::saml::policy::Policy;
use crate::sent::Sent;
use crate::source::{Source, Span, printable};
use crate::verdict::{Reason, Verdict, Weight};
use crate::xml::tree::Document;
use crate::xml::{Limits, XmlError, XmlErrorKind};

use self::ledger::{Ledger, place};

/// A message as it was received.
pub struct Input<'i> {
    /// Its text.
    pub source: &'i Arc<Source>,
    /// The signature that came beside it.
    pub detached: Option<DetachedSignature<'i>>,
    /// What was found wrong with how it travelled.
    pub reasons: Vec<Reason>,
    /// How far it is read.
    pub limits: Limits,
    /// What the application finds wrong with whom it names; asked only when nothing else is wrong.
    /// Without it the name is judged as names are in general.
    pub objections: Option<&'i Objections<'i>>,
}

/// What an application finds wrong with what is sent about a person.
pub type Objections<'i> = dyn Fn(&Sent, &View) -> Vec<Reason> + 'i;

/// A signature beside a message.
#[derive(Clone, Copy, Debug)]
pub struct DetachedSignature<'i> {
    /// What it covers, as received. It has to be the message that is judged.
    pub octets: &'i [u8],
    /// The URI of its algorithm.
    pub algorithm: &'i str,
    /// Its value.
    pub value: &'i [u8],
}

/// What came of a message.
#[derive(Debug)]
pub struct Judged {
    /// What it is; none where it cannot be read.
    pub kind: Option<Kind>,
    /// The verdict; none for requests and logout messages, which log nobody in.
    pub verdict: Option<Verdict>,
    /// What was found, where there is no verdict; the most telling first.
    pub reasons: Vec<Reason>,
    /// What the message says; none where it cannot be read.
    pub view: Option<View>,
    /// What is sent about the person; only where the verdict is to accept.
    pub sent: Option<Sent>,
}

impl Judged {
    /// Everything that was found, as findings.
    pub fn findings(&self) -> Vec<Finding> {
        let finding = |reason: &Reason| Finding {
            rule: reason.rule,
            severity: reason.weight.severity(),
            problem: reason.problem.clone(),
        };
        match &self.verdict {
            Some(verdict) => verdict.findings(),
            None => self.reasons.iter().map(finding).collect(),
        }
    }

    /// Whether it is refused for its time: too early, too late, or issued in the future.
    pub fn is_untimely(&self) -> bool {
        let rules = [
            &saml::NOT_BEFORE,
            &saml::NOT_YET_VALID,
            &saml::SESSION_EXPIRED,
            &saml::EXPIRED,
            &saml::ISSUE_INSTANT,
        ];
        let is_time = |reason: &Reason| rules.iter().any(|rule| ledger::is(rule, reason.rule));
        let mut reasons = self.verdict.iter().flat_map(Verdict::reasons);
        reasons.any(|reason| reason.weight <= Weight::Undecided && is_time(reason))
    }
}

/// Judges a message.
pub fn judge(input: Input<'_>, expectation: &Expectation, policy: &Policy) -> Judged {
    let ground = Ground { expectation, policy, limits: input.limits };
    let mut ledger = Ledger { reasons: input.reasons, ..Ledger::default() };
    let document = match Document::read(input.source.text(), input.limits) {
        Ok(document) => document,
        Err(error) => return unreadable(input.source, &error, ledger),
    };
    let message = Message::read(&document);
    let case = Case { source: input.source, detached: input.detached, document, message };
    match case.message.kind() {
        Kind::AuthnRequest | Kind::LogoutRequest | Kind::LogoutResponse => {
            other::judge(case, &ground, ledger)
        }
        Kind::Assertion | Kind::Response => login::judge(case, &ground, input.objections, ledger),
        Kind::Other => {
            structure::foreign(&case, &mut ledger);
            login::judge(case, &ground, None, ledger)
        }
    }
}

/// What everything is judged by.
#[derive(Clone, Copy)]
struct Ground<'g> {
    expectation: &'g Expectation,
    policy: &'g Policy,
    limits: Limits,
}

/// A message that was read.
struct Case<'c> {
    source: &'c Arc<Source>,
    detached: Option<DetachedSignature<'c>>,
    document: Document,
    message: Message,
}

/// A document and the text that it was read from.
#[derive(Clone, Copy)]
struct Part<'p> {
    source: &'p Arc<Source>,
    document: &'p Document,
}

impl Part<'_> {
    /// A problem at a place of the text.
    fn problem(&self, message: impl Into<String>, span: Span) -> Problem {
        Problem::new(message, place(self.source, span))
    }
}

fn unreadable(source: &Arc<Source>, error: &XmlError, mut ledger: Ledger) -> Judged {
    let weight = if error.is_limit() { Weight::Limit } else { Weight::Malformed };
    let mut problem = Problem::new(error.to_string(), place(source, error.span));
    let text = source.text();
    let text = text.trim_end();
    let last = text.rfind('<').unwrap_or(0);
    let is_in_tag = matches!(error.kind, XmlErrorKind::IllFormed(_))
        && !text.ends_with('>')
        && (error.span.start >= last || error.span.end >= text.len());
    if error.is_open_end() || is_in_tag {
        let count = text.chars().count();
        problem.message = format!("the message is cut off after {count} characters: {error}");
        problem = problem.remedy("copy all of it, to the end tag of its first element");
    }
    ledger.add(error.rule(), weight, problem);
    let verdict = Verdict::decide(ledger.reasons, ledger.unchecked, ledger.passed, false);
    Judged { kind: None, verdict: Some(verdict), reasons: Vec::new(), view: None, sent: None }
}

/// A value of the message in a sentence.
fn shown(value: &str) -> String {
    let short: String = value.chars().take(LONGEST_SHOWN).collect();
    let more = if short.len() < value.len() { "..." } else { "" };
    format!("`{}{more}`", printable(&short))
}

/// More characters than this of one value are not shown in a sentence.
const LONGEST_SHOWN: usize = 200;
