//! The judgement of a token and the report on it.

use std::sync::Arc;

use jiff::Timestamp;

use crate::account::{self, About, Claims, Made, Told};
use crate::apps::from_config;
use crate::commands::Failure;
use crate::commands::decode_assertion::{self as twin, Mask, Reading, Veil};
use crate::commands::decode_token::expected::{self, Judging};
use crate::commands::decode_token::input::Input;
use crate::commands::decode_token::view::{Found, values};
use crate::commands::decode_token::{Args, COMMAND};
use crate::model::{Config, Protocol, Provider};
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::{self, Judged, Object, Reader, Received};
use crate::problem::Place;
use crate::report::Report;
use crate::report::judgement::{AccountView, Judgement};
use crate::report::message::MessageView;
use crate::source::{KeyPath, Span};
use crate::verdict::{Class, Reason, Verdict, Weight};
use crate::world::World;

/// A report on a token.
pub(super) fn report(
    args: &Args,
    input: Input,
    reading: Option<&Reading>,
    at: Timestamp,
    world: &World<'_>,
) -> Result<Report, Failure> {
    let config = reading.map(|reading| reading.app.config(&reading.deployment));
    let chosen = match (&config, &args.config) {
        (Some(config), Some(_)) => Some((config, provider(args, config)?)),
        _ => None,
    };
    let mut judging = expected::judging(args, at, reading, chosen, world)?;
    let received = match input.token {
        Err(reason) => return Ok(unreadable(args, &input.name, at, *reason)),
        Ok(received) => received,
    };
    let told = reading.zip(chosen).map(|(reading, (config, provider))| Told {
        app: reading.app,
        deployment: &reading.deployment,
        config,
        provider,
    });
    judging.expectation.beside = received.beside.clone();
    let run = Run { args, name: &input.name, received: &received, judging, told };
    run.report()
}

fn provider<'c, 't>(args: &Args, config: &'c Config<'t>) -> Result<&'c Provider<'t>, Failure> {
    let wanted = args.provider.as_deref();
    from_config::choose(config, Protocol::Oidc, wanted)
        .map_err(|none| Failure::new(none.message()).hint(none.hint()))
}

/// A report on an input out of which no token could be taken.
fn unreadable(args: &Args, name: &str, at: Timestamp, reason: Reason) -> Report {
    let verdict = Verdict::decide(vec![reason], Vec::new(), Vec::new(), false);
    let message = MessageView {
        kind: "nothing that can be read".to_owned(),
        is_token: true,
        ..MessageView::default()
    };
    let judgement = Judgement {
        path: name.to_owned(),
        verdict: Some(twin::verdict_view(&verdict, Vec::new())),
        message: Some(message),
        token: None,
        app: None,
        hints: Vec::new(),
    };
    Report::of_message(COMMAND, at, judgement, verdict.findings(), args.strict)
}

/// One token and everything that it is judged by.
struct Run<'r, 's, 't> {
    args: &'r Args,
    name: &'r str,
    received: &'r Received,
    judging: Judging,
    told: Option<Told<'s, 't>>,
}

impl Run<'_, '_, '_> {
    fn report(mut self) -> Result<Report, Failure> {
        let objections = |claims: &Object| self.objections(claims);
        let expectation = &self.judging.expectation;
        let objections: &jwt::Objections<'_> = &objections;
        let judged = jwt::judge(&self.received.token, self.name, expectation, Some(objections));
        misconfigured(&judged)?;
        let is_accepted = judged.verdict.class() == Class::Accept;
        let mask = Mask { is_on: self.args.mask };
        let made = judged.claims.as_ref().and_then(|claims| self.made(claims));
        let found = Found {
            received: self.received,
            expectation,
            judged: &judged,
            told: self.told.as_ref(),
            made: made.as_ref().map(|made| &made.account),
            is_accepted,
            mask,
        };
        let (message, token) = (found.message(), found.token());
        let signed = judged.proof.iter().map(|_| "token".to_owned()).collect();
        let mut verdict = twin::verdict_view(&judged.verdict, signed);
        verdict.account = made
            .filter(|_| is_accepted)
            .map(|made| AccountView::new(&made.account, |value| mask.text(value)));
        verdict.is_passed_over = is_passed_over(&judged.verdict, expectation.reader);
        let mut findings = judged.verdict.findings();
        let veil = mask.is_on.then(|| veil(&judged, expectation.userinfo.as_ref()));
        if let Some(veil) = &veil {
            veil.over_findings(&mut findings);
            if let Some(account) = &mut verdict.account {
                veil.over_account(account);
            }
        }
        let mut hints = std::mem::take(&mut self.judging.hints);
        // What kept the keys away is told where they are missed.
        let is_told = |hint: &String| {
            let mut whys = findings.iter().filter_map(|finding| finding.problem.why.as_deref());
            whys.any(|why| why.split("; ").any(|part| part == hint.as_str()))
        };
        hints.retain(|hint| !is_accepted && !is_told(hint));
        if let Some(veil) = &veil {
            veil.over_all(&mut hints);
        }
        let judgement = Judgement {
            path: self.name.to_owned(),
            verdict: Some(verdict),
            message: Some(message),
            token: Some(token),
            app: self.judging.app.clone(),
            hints,
        };
        let at = self.judging.expectation.at;
        Ok(Report::of_message(COMMAND, at, judgement, findings, self.args.strict))
    }

    /// The account that the application would make.
    fn made(&self, claims: &Object) -> Option<Made> {
        let told = self.told.as_ref()?;
        let userinfo = self.judging.expectation.userinfo.as_ref();
        let sent = Claims {
            id_token: Some(&claims.members),
            userinfo: userinfo.map(|userinfo| &userinfo.members),
        };
        account::for_claims(told, &sent)
    }

    /// What the application says about the person, at the places of the claims that it reads.
    fn objections(&self, claims: &Object) -> Vec<Reason> {
        let Some(made) = self.made(claims) else { return Vec::new() };
        let userinfo = self.judging.expectation.userinfo.as_ref();
        let read = userinfo.filter(|userinfo| !userinfo.members.is_empty()).unwrap_or(claims);
        let place = |about: &About| match about {
            About::Attribute(name) => read.place(name),
            About::Message | About::NameId => Place {
                source: Arc::clone(&read.source),
                span: Span::at(0),
                path: KeyPath::default(),
            },
        };
        let reasons = made.objections.into_iter().map(|objection| {
            let place = place(&objection.about);
            objection.reason(place)
        });
        reasons.collect()
    }
}

/// Whether the application would let through what is refused here: it passes over every reason that
/// decides, and nothing is open.
fn is_passed_over(verdict: &Verdict, reader: Option<Reader>) -> bool {
    let Some(reader) = reader.filter(|_| verdict.class() == Class::Reject) else { return false };
    let mut reasons = verdict.reasons().iter();
    let stops =
        |reason: &Reason| reason.weight <= Weight::Undecided && !reader.passes(&reason.problem);
    !reasons.any(stops)
}

/// What hides the values of claims wherever words speak of them.
fn veil(judged: &Judged, userinfo: Option<&Object>) -> Veil {
    let objects = judged.claims.iter().chain(userinfo);
    let all: Vec<String> = objects.flat_map(|object| values(&object.members)).collect();
    Veil::new(&all)
}

/// A client secret that is too short is a fault of the command line, not of the token.
fn misconfigured(judged: &Judged) -> Result<(), Failure> {
    let reasons = judged.verdict.reasons();
    let short = reasons.iter().find(|one| std::ptr::eq(one.rule, &raw const cards::HMAC_KEY_SHORT));
    match short {
        Some(reason) => {
            let (message, code) = (&reason.problem.message, reason.rule.code);
            Err(Failure::new(format!("{message} ({code}, {})", reason.rule.name))
                .hint(format!("ssoctl explain {code}")))
        }
        None => Ok(()),
    }
}
