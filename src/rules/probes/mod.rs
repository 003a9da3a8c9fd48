//! Probes of a provider: what each answer says, and how sure that is.
//!
//! Providers differ: some show one page for everything. Only what an answer says in so many words is
//! an error; a page in place of an answer is a guess, and is called one.

mod credentials;
mod login;

use crate::oidc::cards::oidc as cards;
use crate::oidc::probe::{Arrival, Method, Redeemed};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Rule};

/// An answer, or what kept it away.
pub type Answer<T> = Result<T, String>;

/// Everything that was asked for one client, and what came of it.
#[derive(Debug)]
pub struct Probes {
    /// The application, as people call it.
    pub app: String,
    /// The id of the provider in a configuration.
    pub provider: Option<String>,
    /// Where findings stand.
    pub places: Places,
    /// Whether the application sends PKCE.
    pub pkce: bool,
    /// Whether it is known what the application sends where nothing is configured.
    pub is_modelled: bool,
    /// The application's own request to the authorization endpoint.
    pub login: Option<Answer<Arrival>>,
    /// The same with PKCE where the application has none, and without where it has it.
    pub other_pkce: Option<Answer<Arrival>>,
    /// The same with a redirect URI that nobody registered.
    pub unregistered: Option<Answer<Arrival>>,
    /// Invented codes at the token endpoint: the application's way of proving itself, then the other.
    pub redeemed: Vec<(Method, Answer<Redeemed>)>,
    /// What was not asked, and why.
    pub not_sent: Vec<NotSent>,
}

/// Where findings of each kind stand.
#[derive(Clone, Debug)]
pub struct Places {
    /// The client id.
    pub client_id: Place,
    /// The client secret.
    pub client_secret: Place,
    /// How the client proves itself.
    pub method: Place,
    /// Whether PKCE is used.
    pub pkce: Place,
}

/// A probe that was not sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotSent {
    /// What it would have shown.
    pub what: &'static str,
    /// Why it was not sent.
    pub why: String,
}

/// A line of the view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What was tried.
    pub what: &'static str,
    /// Whether nothing is wrong with it.
    pub ok: bool,
    /// What came of it.
    pub says: String,
}

/// Judges the answers, and says in a line each what they were.
pub fn judge(probes: &Probes, out: &mut Findings) -> Vec<Line> {
    let mut lines = Vec::new();
    lines.extend(login::own(probes, out));
    lines.extend(login::pkce(probes, out));
    lines.extend(login::unregistered(probes, out));
    lines.extend(credentials::judge(probes, out));
    for NotSent { what, why } in &probes.not_sent {
        let problem = probes.problem(format!("{what}: not probed"), &probes.places.client_id);
        out.report(&cards::UNDECIDED_PROBE, problem.why(why.clone()));
    }
    lines
}

impl Probes {
    fn problem(&self, message: impl Into<String>, place: &Place) -> Problem {
        let mut problem = Problem::new(message, place.clone());
        problem.provider.clone_from(&self.provider);
        problem
    }

    /// Reports a problem, and says the same in a line of the view.
    fn wrong(
        rule: &'static Rule,
        what: &'static str,
        problem: Problem,
        out: &mut Findings,
    ) -> Line {
        let says = problem.message.clone();
        out.report(rule, problem);
        Line { what, ok: false, says }
    }

    /// Reports that an answer decides nothing.
    fn undecided(&self, what: &'static str, says: &str, out: &mut Findings) -> Line {
        let problem = self.problem(format!("{what}: {says}"), &self.places.client_id);
        out.report(&cards::UNDECIDED_PROBE, problem.why(UNDECIDED_WHY));
        Line { what, ok: true, says: format!("undecided: {says}") }
    }

    /// Reports that no answer came.
    fn unanswered(&self, what: &'static str, failure: &str, out: &mut Findings) -> Line {
        let problem = self.problem(format!("{what}: no answer"), &self.places.client_id);
        out.report(&cards::UNDECIDED_PROBE, problem.note(failure.to_owned()));
        Line { what, ok: false, says: format!("no answer: {failure}") }
    }
}

/// What is said of a thing that is right.
fn fine(what: &'static str, says: impl Into<String>) -> Line {
    Line { what, ok: true, says: says.into() }
}

const UNDECIDED_WHY: &str = "providers differ in what they answer here; this one's answer says neither that the client is known nor that it is not";
