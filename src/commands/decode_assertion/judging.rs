//! The judgement of a message that could be taken out of its input.

use std::sync::Arc;

use jiff::Timestamp;

use crate::account::{self, About, Made, Told};
use crate::apps::from_config::{self, NoProvider};
use crate::commands::Failure;
use crate::commands::decode_assertion::answer;
use crate::commands::decode_assertion::console;
use crate::commands::decode_assertion::delivery;
use crate::commands::decode_assertion::expected::{self, Judging, Reading};
use crate::commands::decode_assertion::mask::{self, Mask, Veil};
use crate::commands::decode_assertion::view::Found;
use crate::commands::decode_assertion::{Args, COMMAND, verdict_view};
use crate::model::{Config, Protocol, Provider};
use crate::problem::Place;
use crate::report::Report;
use crate::report::judgement::{AccountView, Judgement};
use crate::rule::Finding;
use crate::saml::binding::{Parameter, Received, Remark};
use crate::saml::cards::bind::BIND_CLOCK_DIFFERENCE;
use crate::saml::cards::sig;
use crate::saml::dsig;
use crate::saml::expectation::Clock;
use crate::saml::judge::{self, DetachedSignature, Judged, View};
use crate::sent::Sent;
use crate::source::{KeyPath, Source, Span};
use crate::verdict::{Class, Reason, Weight};
use crate::xml::Limits;

/// A report on a message.
pub(super) fn report(
    args: &Args,
    name: &str,
    received: &Received,
    reading: Option<&Reading>,
    at: Timestamp,
) -> Result<Report, Failure> {
    let config = reading.map(|reading| reading.app.config(&reading.deployment));
    let provider = match (&config, &args.config) {
        (Some(config), Some(_)) => {
            Some((config, provider(args, config, received.outline.issuer.as_deref())?))
        }
        _ => None,
    };
    let judging = expected::judging(args, at, reading, provider, received)?;
    let told = reading.zip(provider).map(|(reading, (config, provider))| Told {
        app: reading.app,
        deployment: &reading.deployment,
        config,
        provider,
    });
    let run = Run { args, name, received, judging, told, refused: None };
    Ok(run.report())
}

/// The provider that was named, or the only one, or else the only one that the sender can be.
fn provider<'c, 't>(
    args: &Args,
    config: &'c Config<'t>,
    sender: Option<&str>,
) -> Result<&'c Provider<'t>, Failure> {
    let wanted = args.provider.as_deref();
    from_config::choose(config, Protocol::Saml, wanted).or_else(|none| {
        let several = matches!(none, NoProvider::Several(_));
        let by_sender = sender.filter(|_| several);
        by_sender.and_then(|sender| from_config::of_entity(config, sender)).ok_or_else(|| {
            let from = sender.map(|sender| format!("; the message is from {sender}"));
            Failure::new(none.message() + &from.unwrap_or_default()).hint(none.hint())
        })
    })
}

/// One message and everything that it is judged by.
struct Run<'r, 's, 't> {
    args: &'r Args,
    name: &'r str,
    received: &'r Received,
    judging: Judging,
    told: Option<Told<'s, 't>>,
    /// What the application alone makes of the answer that was recorded.
    refused: Option<Remark>,
}

impl Run<'_, '_, '_> {
    fn report(mut self) -> Report {
        let source = Source::new(self.name, self.received.xml.as_str());
        let source = Arc::new(source.decoded(!self.received.layers.is_empty()));
        let recorded = self.recorded_at();
        self.judging.expectation.clock =
            if recorded.is_some() { Clock::Recorded } else { Clock::Own };
        let app = self.told.as_ref().map(|told| told.app);
        let capture = self.received.capture.as_ref();
        let capture = capture.filter(|_| self.received.parameter == Some(Parameter::Response));
        let (refusal, refused) =
            capture.map(|capture| answer::refusal(capture, app)).unwrap_or_default();
        self.refused = refused;
        let judged = self.judged(&source);
        let is_accepted =
            judged.verdict.as_ref().is_some_and(|verdict| verdict.class() == Class::Accept);
        let mask = Mask { is_on: self.args.mask };
        let found = judged.view.as_ref().map(|view| Found {
            received: self.received,
            expectation: &self.judging.expectation,
            view,
            told: self.told.as_ref(),
            is_accepted,
            mask,
            recorded,
            refusal,
        });
        let mut message = found.as_ref().map(Found::message);
        let mut verdict = judged.verdict.as_ref().map(|verdict| {
            let signed = judged.view.as_ref().map(signed).unwrap_or_default();
            let mut shown = verdict_view(verdict, signed);
            shown.account = self.account(&judged, mask).filter(|_| is_accepted);
            shown
        });
        let mut findings = judged.findings();
        answer::explain(&mut findings);
        self.name_key(&mut findings);
        console::name_fields(&mut findings, self.received.outline.issuer.as_deref());
        let mut hints = std::mem::take(&mut self.judging.hints);
        if is_accepted || verdict.is_none() {
            hints.clear();
        }
        let mut path = self.name.to_owned();
        if mask.is_on {
            let personal = judged.view.as_ref().map(mask::personal).unwrap_or_default();
            let veil = Veil::new(&personal).without_folders(self.args.files());
            path = veil.filed(&path);
            answer::veil(&mut findings, &veil);
            veil.over_all(&mut hints);
            let signatures = message.iter_mut().flat_map(|message| &mut message.signatures);
            for from in signatures.filter_map(|signature| signature.trusted_by.as_mut()) {
                *from = veil.filed(from);
            }
            if let Some(account) = verdict.as_mut().and_then(|verdict| verdict.account.as_mut()) {
                veil.over_account(account);
            }
        }
        let judgement =
            Judgement { path, verdict, message, token: None, app: self.judging.app.clone(), hints };
        let at = self.judging.expectation.at;
        Report::of_message(COMMAND, at, judgement, findings, self.args.strict)
    }

    /// When the message arrived, where it is judged as of then.
    fn recorded_at(&self) -> Option<Timestamp> {
        let capture = self.received.capture.as_ref().filter(|_| self.args.at.is_none())?;
        capture.received_at
    }

    /// The judgement. Where the message is untimely by a clock that stands apart from the identity
    /// provider's, and timely without that, the clock is what it is refused for.
    /// Says where the configuration has the key that is missing.
    fn name_key(&mut self, findings: &mut [Finding]) {
        let Some(why) = self.judging.without_key.take() else { return };
        let mut missing = findings.iter_mut().filter(|one| one.rule.code == sig::NO_KEY.code);
        match missing.next() {
            Some(finding) => finding.problem.remedy = Some(why),
            None => self.judging.hints.push(why),
        }
    }

    fn judged(&mut self, source: &Arc<Source>) -> Judged {
        let judged = self.once(source);
        let capture = self.received.capture.as_ref().filter(|_| self.args.at.is_none());
        let at = self.judging.expectation.at;
        let ahead = capture.and_then(|capture| capture.clock_ahead);
        let Some(right) = ahead.and_then(|ahead| at.checked_sub(ahead).ok()) else { return judged };
        if !judged.is_untimely() {
            return judged;
        }
        self.judging.expectation.at = right;
        let is_explained = !self.once(source).is_untimely();
        self.judging.expectation.at = at;
        if !is_explained {
            return judged;
        }
        self.judging.expectation.clock = Clock::Astray;
        self.once(source)
    }

    fn once(&self, source: &Arc<Source>) -> Judged {
        let place =
            || Place { source: Arc::clone(source), span: Span::at(0), path: KeyPath::default() };
        let Judging { expectation, policy, .. } = &self.judging;
        let limits = Limits { bytes: MOST_BYTES, ..Limits::MESSAGE };
        let mut reasons: Vec<Reason> =
            self.received.remarks.iter().chain(&self.refused).map(|one| one.at(place())).collect();
        delivery::judge(self.received, expectation, policy, place, &mut reasons);
        let is_astray = expectation.clock == Clock::Astray;
        for reason in reasons.iter_mut().filter(|_| is_astray) {
            if reason.rule.code == BIND_CLOCK_DIFFERENCE.code {
                reason.weight = Weight::Reject;
            }
        }
        let signature = self.received.signature.as_ref();
        let diagnosis = signature.and_then(|query| {
            let allows_sha1 = policy.sha1.unwrap_or(expectation.allows_sha1);
            let keys: Vec<_> = expectation.keys.iter().map(|pinned| pinned.key.clone()).collect();
            query.diagnosis(&keys, &dsig::Policy { allows_sha1, limits })
        });
        reasons.extend(diagnosis.map(|remark| remark.at(place())));
        let objections = |sent: &Sent, view: &View| self.objections(sent, view, source);
        let input = judge::Input {
            source,
            detached: signature.map(|query| DetachedSignature {
                octets: &query.octets,
                algorithm: &query.algorithm,
                value: &query.signature,
            }),
            reasons,
            limits,
            objections: self.told.is_some().then_some(&objections),
        };
        judge::judge(input, expectation, policy)
    }

    /// What the application says about the person, at the places of the message.
    fn objections(&self, sent: &Sent, view: &View, source: &Arc<Source>) -> Vec<Reason> {
        let Some(Made { objections, .. }) =
            self.told.as_ref().map(|told| account::for_saml(told, sent))
        else {
            return Vec::new();
        };
        let shown = view.assertion.as_ref();
        let source = shown.map_or(source, |shown| &shown.source);
        let span = |about: &About| match (about, shown) {
            (About::Attribute(name), Some(shown)) => {
                let mut all = shown.attributes.iter();
                all.find(|attribute| attribute.name.value == *name).map(|attribute| attribute.tag)
            }
            (About::NameId, Some(shown)) => shown.name.as_ref().map(|name| name.text.span),
            (_, Some(shown)) => Some(shown.assertion.tag),
            (_, None) => None,
        };
        let reasons = objections.into_iter().map(|objection| {
            let span = span(&objection.about).unwrap_or(Span::at(0));
            let source = Arc::clone(source);
            objection.reason(Place { source, span, path: KeyPath::default() })
        });
        reasons.collect()
    }

    fn account(&self, judged: &Judged, mask: Mask) -> Option<AccountView> {
        let (told, sent) = (self.told.as_ref()?, judged.sent.as_ref()?);
        let made = account::for_saml(told, sent);
        Some(AccountView::new(&made.account, |value| mask.text(value)))
    }
}

/// What signatures that held cover.
fn signed(view: &View) -> Vec<String> {
    let held = view.signatures.iter().filter(|signature| signature.key.is_some());
    held.map(|signature| signature.of.to_lowercase()).collect()
}

/// What a message may have.
const MOST_BYTES: usize = 1 << 20;
