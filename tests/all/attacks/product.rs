//! The product's verdict on a case, through its public functions.

use std::sync::Arc;

use ssoctl::account::Sent;
use ssoctl::crypto::key::PrivateKey;
use ssoctl::problem::Place;
use ssoctl::saml::binding::{self, Options, Unreadable};
use ssoctl::saml::dsig;
use ssoctl::saml::expectation::Expectation;
use ssoctl::saml::judge::{self, DetachedSignature, Input};
use ssoctl::saml::policy::Policy;
use ssoctl::source::{KeyPath, Source, Span};
use ssoctl::verdict::Weight;
use ssoctl::xml::Limits;

use super::case::Settings;
use super::keys;

/// What the product says.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The word for the class; `none` for what gets no verdict, `foreign` for no message.
    pub(crate) class: &'static str,
    /// Every finding, the decisive one first.
    pub(crate) reasons: Vec<&'static str>,
    /// The name of the person, where one is let in.
    pub(crate) name: Option<String>,
    /// What is sent about the person, where one is let in.
    pub(crate) sent: Option<Sent>,
    /// What was not checked.
    pub(crate) unchecked: Vec<&'static str>,
}

impl Outcome {
    fn unread(class: &'static str, reasons: Vec<&'static str>) -> Self {
        Self { class, reasons, name: None, sent: None, unchecked: Vec::new() }
    }
}

/// Judges a message.
pub(crate) fn judge(bytes: &[u8], settings: &Settings) -> Outcome {
    judge_by(bytes, settings, &Policy::strict())
}

/// Judges a message as a reader would.
pub(crate) fn judge_by(bytes: &[u8], settings: &Settings, policy: &Policy) -> Outcome {
    let received = match binding::read(bytes, &Options::default()) {
        Ok(received) => received,
        Err(Unreadable::Foreign(_)) => {
            return Outcome::unread("foreign", Vec::new());
        }
        Err(Unreadable::Faulty { remark, .. }) => {
            let class = match remark.weight {
                Weight::Malformed => "malformed",
                Weight::Limit => "limit",
                Weight::Reject => "reject",
                _ => "undecided",
            };
            return Outcome::unread(class, vec![remark.rule.name]);
        }
    };
    let source = Arc::new(Source::new("message", received.xml.as_str()));
    let place =
        || Place { source: Arc::clone(&source), span: Span::at(0), path: KeyPath::default() };
    let expectation = expectation(settings);
    let limits = Limits::MESSAGE;
    let mut reasons: Vec<_> = received.remarks.iter().map(|remark| remark.at(place())).collect();
    let pinned: Vec<_> = expectation.keys.iter().map(|pinned| pinned.key.clone()).collect();
    let by = dsig::Policy { allows_sha1: expectation.allows_sha1, limits };
    let diagnosis = received.signature.as_ref().and_then(|query| query.diagnosis(&pinned, &by));
    reasons.extend(diagnosis.map(|remark| remark.at(place())));
    let detached = received.signature.as_ref().map(|query| DetachedSignature {
        octets: &query.octets,
        algorithm: &query.algorithm,
        value: &query.signature,
    });
    let input = Input { source: &source, detached, reasons, limits, objections: None };
    let judged = judge::judge(input, &expectation, policy);
    let name = |sent: &Sent| sent.name_id.as_ref().map_or_else(String::new, |n| n.value.clone());
    let unchecked = judged.verdict.as_ref().map_or(&[][..], |verdict| verdict.unchecked());
    Outcome {
        class: judged.verdict.as_ref().map_or("none", |verdict| verdict.class().word()),
        reasons: judged.findings().iter().map(|finding| finding.rule.name).collect(),
        name: judged.sent.as_ref().map(name),
        unchecked: unchecked.iter().map(|one| one.item).collect(),
        sent: judged.sent,
    }
}

fn expectation(settings: &Settings) -> Expectation {
    let mut expectation = Expectation::at(settings.at.parse().expect("an instant"));
    expectation.acs = vec![settings.acs.clone()];
    expectation.logout = vec![super::mint::LOGOUT.to_owned()];
    expectation.audiences = vec![settings.audience.clone()];
    expectation.issuer = Some(settings.issuer.clone());
    expectation.request_id.clone_from(&settings.request);
    for name in &settings.certificates {
        let entity = (*name == "other-idp").then_some(super::mint::OTHER_ISSUER);
        expectation.pin(&keys::certificate_der(name), name, entity.or(Some(&settings.issuer)));
    }
    for name in &settings.decryption {
        let key = PrivateKey::from_pem(&keys::pem(&format!("{name}.key"))).expect("a key");
        expectation.decryption_keys.push(key);
    }
    for flag in &settings.flags {
        match *flag {
            "allow-sha1" => expectation.allows_sha1 = true,
            "allow-rsa15" => expectation.allows_rsa15 = true,
            "max-age" => expectation.max_age = Some(3600),
            "requested-context" => expectation.contexts = vec![STRONG.to_owned()],
            "persistent" => expectation.name_format = Some(PERSISTENT.to_owned()),
            "disabled" => expectation.disabled = Some("is_enabled is false".to_owned()),
            other => panic!("no such flag: {other}"),
        }
    }
    expectation
}

const STRONG: &str = "https://refeds.org/profile/mfa";
const PERSISTENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";
