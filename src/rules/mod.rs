//! Lints: a card and a plain function each, a list, and the loop that runs them.

pub mod answers;
mod calabi;
mod captured;
mod card;
mod clearml;
mod conf;
mod cvat;
mod edits;
mod idp;
mod instance;
mod label_studio;
pub mod metadata;
pub mod oidc;
pub mod probes;
mod shape;
mod subject;
mod urls;
mod walk;

pub use captured::{provider_names, unmatched};
pub use conf::secret_expiry::EXPIRY_MARK;
pub use conf::suppression::{UNFOUNDED, UNUSED};
pub use idp::reuse::{Registration, registrations};
pub use subject::{ProviderSubject, Subject};

use cvat::certificate::inline as inline_certificate;
use walk::{Trail, maps};

use std::collections::HashSet;
use std::sync::Arc;

use crate::rule::{Finding, Findings, Rule, Severity};
use crate::source::Span;

/// A card and how it is judged.
#[derive(Debug)]
pub struct Lint {
    /// The card.
    pub rule: Rule,
    /// What is looked at.
    pub check: Check,
}

/// What a lint looks at.
#[derive(Clone, Copy, Debug)]
pub enum Check {
    /// A deployment as a whole: its texts, whatever they say.
    Deployment(fn(&Subject<'_>, &mut Findings)),
    /// One identity provider.
    Provider(fn(&ProviderSubject<'_>, &mut Findings)),
    /// What the deployments of one run have to be registered as, against each other.
    Run(fn(&[Registration], &mut Findings)),
    /// The settings that hold for all providers.
    Settings(fn(&Subject<'_>, &mut Findings)),
    /// Found elsewhere: by the reader, by the schema, or while findings are selected.
    Elsewhere,
}

/// All lints, in the order of their codes.
pub fn lints() -> impl Iterator<Item = &'static Lint> {
    GROUPS.iter().flat_map(|(_, lints)| lints.iter().copied())
}

/// The lints that judge an application: its own, and those that are common to all.
fn lints_of(app: &str) -> impl Iterator<Item = &'static Lint> {
    let groups = GROUPS.iter().filter(move |(of, _)| of.is_none_or(|of| of == app));
    groups.flat_map(|(_, lints)| lints.iter().copied())
}

/// All cards: of the lints, and of what documents and messages can be.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    let families = FAMILIES.iter().flat_map(|rules| rules.iter().copied());
    lints().map(|lint| &lint.rule).chain(families)
}

/// The card of a code or of a name.
pub fn rule(code_or_name: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.eq_ignore_ascii_case(code_or_name) || rule.name == code_or_name)
}

/// Everything that is wrong with one deployment.
pub fn judge(subject: &Subject<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    conf::unreadable::report(subject, &mut findings);
    let in_force = findings.0.len();
    for lint in lints_of(&subject.app.id) {
        run(lint, subject, &mut findings);
    }
    captured::metadata::beside(subject, &mut findings);
    if subject.config.is_switched_off() {
        relevel(&mut findings.0[in_force..]);
    }
    name_providers(subject, &mut findings.0);
    leave_out_unfit_fixes(subject, &mut findings.0);
    one_for_each_cause(&mut findings.0);
    findings.0
}

/// Says of each finding inside a provider which one it is.
fn name_providers(subject: &Subject<'_>, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|finding| finding.problem.provider.is_none()) {
        let providers = &subject.config.providers;
        let depth = providers.first().map_or(0, |provider| provider.path.0.len());
        let Some(list) = finding.problem.place.path.0.get(..depth) else { continue };
        let at = providers.binary_search_by(|provider| provider.path.0.as_slice().cmp(list));
        let label = at.ok().and_then(|at| providers[at].label());
        finding.problem.provider = label.map(str::to_owned);
    }
}

/// A value with a tag would keep its type, and one that an alias repeats would change elsewhere too:
/// their findings are told, and mended by hand.
fn leave_out_unfit_fixes(subject: &Subject<'_>, findings: &mut [Finding]) {
    let Some(document) = subject.document() else { return };
    let unfit = document.tree.tagged_or_shared();
    if unfit.is_empty() {
        return;
    }
    for finding in findings {
        let edits = finding.problem.fix.iter().flat_map(|fix| &fix.edits);
        let touches = |span: Span| {
            unfit.iter().any(|unfit| unfit.start <= span.end && span.start <= unfit.end)
        };
        let mut own = edits.filter(|edit| Arc::ptr_eq(&edit.source, &document.source));
        if own.any(|edit| touches(edit.span)) {
            finding.problem.fix = None;
        }
    }
}

/// Where one finding is the cause of another at the same setting, the cause alone is told.
fn one_for_each_cause(findings: &mut Vec<Finding>) {
    let place = |finding: &Finding| {
        let place = &finding.problem.place;
        (place.source.name().to_owned(), place.path.clone())
    };
    let causes = findings
        .iter()
        .filter(|finding| CAUSES.iter().any(|(cause, _)| *cause == finding.rule.code));
    let causes: HashSet<_> = causes.map(|finding| (finding.rule.code, place(finding))).collect();
    if causes.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let is_effect = |(cause, effects): &&(&'static str, &[&str])| {
            effects.contains(&finding.rule.code) && causes.contains(&(*cause, place(finding)))
        };
        !CAUSES.iter().any(|row| is_effect(&row))
    });
}

/// What is wrong between the deployments of one run.
pub fn judge_together(registrations: &[Registration]) -> Vec<Finding> {
    let mut findings = Findings::default();
    for lint in lints() {
        if let Check::Run(check) = lint.check {
            check(registrations, &mut findings);
        }
    }
    findings.0
}

fn run(lint: &Lint, subject: &Subject<'_>, findings: &mut Findings) {
    match lint.check {
        Check::Deployment(check) => check(subject, findings),
        Check::Settings(check) if subject.config.root.is_some() => check(subject, findings),
        Check::Provider(check) => {
            for provider in &subject.config.providers {
                let before = findings.0.len();
                check(&ProviderSubject::new(subject, provider), findings);
                for finding in &mut findings.0[before..] {
                    finding.problem.provider = provider.label().map(str::to_owned);
                }
            }
        }
        Check::Elsewhere | Check::Run(_) | Check::Settings(_) => {}
    }
}

/// Nothing is in force while single sign-on is switched off: what waits behind the switch is told,
/// but fails nobody.
fn relevel(findings: &mut [Finding]) {
    let stays =
        |code: &str| code.starts_with("CONF") || ["CVAT070", "CVAT071", "CVAT072"].contains(&code);
    for finding in findings.iter_mut().filter(|finding| !stays(finding.rule.code)) {
        finding.severity = Severity::Info;
        let note = "sso.enabled is false, so this has no effect yet";
        finding.problem.notes.push(note.to_owned());
    }
}

/// Whose lints they are, by the application's id; none for those that are common to all.
const GROUPS: [(Option<&str>, &[&Lint]); 7] = [
    (Some("calabi"), calabi::LINTS),
    (Some("clearml"), clearml::LINTS),
    (None, conf::LINTS),
    (Some("cvat"), cvat::LINTS),
    (None, idp::LINTS),
    (Some("label-studio"), label_studio::LINTS),
    (Some("label-studio"), label_studio::environment_cards::LINTS),
];

/// The cards of what documents, messages and answers of the network can be. They are found while
/// those are read and judged.
const FAMILIES: [&[&Rule]; 12] = [
    crate::account::cards::RULES,
    crate::saml::cards::bind::RULES,
    crate::pki::cards::RULES,
    crate::saml::cards::enc::RULES,
    crate::oidc::cards::jwks::RULES,
    crate::oidc::cards::jwt::RULES,
    crate::saml::cards::meta::RULES,
    crate::fetch::cards::RULES,
    crate::oidc::cards::oidc::RULES,
    crate::saml::cards::saml::RULES,
    crate::saml::cards::sig::RULES,
    crate::xml::cards::RULES,
];

/// Rules, and what follows from their findings at the same setting.
const CAUSES: [(&str, &[&str]); 9] = [
    ("CAL008", &["IDP012"]),
    ("CAL014", &["IDP013"]),
    ("CAL022", &["IDP002"]),
    ("CAL031", &["IDP015"]),
    ("CONF008", &["LS040", "LS042", "LS044", "LS045", "LS048"]),
    ("CVAT008", &["CVAT028"]),
    ("CVAT013", &["CVAT011"]),
    ("IDP001", &["CVAT011", "CVAT012", "CVAT047"]),
    ("IDP002", &["CVAT011", "CVAT012"]),
];
