//! Saved discovery documents.

use std::sync::Arc;

use crate::model::{Provider, Role, Setting};
use crate::oidc::discovery::Discovery;
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::captured::belonging::{of_discovery, without_suffix};
use crate::rules::captured::differences::{Piece, described, differences};
use crate::rules::captured::registration::shown;
use crate::rules::captured::{Fault, rule_of};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject};
use crate::source::{KeyPath, Source, Span};

pub(in crate::rules) static FOREIGN_ISSUER: Lint = lint!(
    "IDP017",
    "foreign-issuer",
    Error,
    "the discovery document's `issuer` is not the address that it was fetched for",
    Check::Deployment(issuers)
);

/// A saved discovery document and the provider that it belongs to.
pub(in crate::rules) struct Published<'s> {
    pub(in crate::rules) source: &'s Arc<Source>,
    pub(in crate::rules) discovery: &'s Discovery,
    pub(in crate::rules) provider: &'s Provider<'s>,
}

impl Published<'_> {
    /// A problem with what stands in the document.
    pub(in crate::rules) fn problem(&self, message: impl Into<String>, span: Span) -> Problem {
        let source = Arc::clone(self.source);
        let mut problem = Problem::new(message, Place { source, span, path: KeyPath::default() });
        problem.provider = self.provider.label().map(str::to_owned);
        problem
    }
}

/// The saved discovery documents that belong to providers of the configuration.
pub(in crate::rules) fn published<'s>(cx: &'s Subject<'s>) -> Vec<Published<'s>> {
    let mut found = Vec::new();
    for saved in &cx.deployment.captured.discoveries {
        let Some(discovery) = saved.document() else { continue };
        let providers = of_discovery(cx, saved, discovery).into_iter();
        found.extend(providers.map(|provider| Published {
            source: &saved.source,
            discovery,
            provider,
        }));
    }
    found
}

fn issuers(cx: &Subject<'_>, out: &mut Findings) {
    for one in published(cx) {
        template(cx, &one, out);
        let Some(setting) = one.provider.setting(Role::IssuerUrl) else { continue };
        if let Some(url) = setting.text() {
            issuer(cx, &one, setting, url, out);
        }
    }
}

/// `https://login.microsoftonline.com/{tenantid}/v2.0`, which no token carries.
fn template(cx: &Subject<'_>, one: &Published<'_>, out: &mut Findings) {
    let Some(issuer) = one.discovery.issuer.as_ref().filter(|issuer| is_template(&issuer.value))
    else {
        return;
    };
    let problem = one
        .problem(format!("the issuer {} is a template", shown(&issuer.value)), issuer.span)
        .severity(Severity::Error)
        .why(format!(
            "tokens carry the tenant's own id in its place, and {} compares the text as it stands",
            cx.app.name
        ))
        .remedy("the address with the tenant's GUID instead of common or organizations");
    out.report(&rule_of(cx.app, Fault::Discovery).rule, problem);
}

fn issuer(
    cx: &Subject<'_>,
    one: &Published<'_>,
    setting: &Setting<'_>,
    url: &str,
    out: &mut Findings,
) {
    let base = without_suffix(url);
    let Some(issuer) = one.discovery.issuer.as_ref().filter(|issuer| !is_template(&issuer.value))
    else {
        return;
    };
    let pieces = differences(&issuer.value, base);
    if pieces.is_empty() {
        return;
    }
    let severity = match (pieces.as_slice(), compares(cx)) {
        ([Piece::Slash], false) => Severity::Info,
        (_, false) => Severity::Warning,
        (_, true) => Severity::Error,
    };
    let why = if compares(cx) {
        format!("{} compares the two byte for byte", cx.app.name)
    } else {
        format!(
            "{} does not compare the two, but whoever saved the document or wrote the address may have meant another tenant, realm or server",
            cx.app.name
        )
    };
    let place =
        Place { source: Arc::clone(one.source), span: issuer.span, path: KeyPath::default() };
    let problem = ProviderSubject::new(cx, one.provider)
        .value_problem(
            format!(
                "{} and the issuer of the discovery document differ: expected {}, got {}",
                setting.card.key,
                shown(&issuer.value),
                shown(base)
            ),
            setting,
        )
        .label(described(&pieces))
        .severity(severity)
        .why(why)
        .remedy(format!("{}: {}", setting.card.key, shown(&issuer.value)))
        .related(place, "the issuer");
    let mut problem = problem;
    problem.provider = one.provider.label().map(str::to_owned);
    out.report(&rule_of(cx.app, Fault::Discovery).rule, problem);
}

/// Whether the application compares the issuer with the address: allauth (CVAT) does not.
fn compares(cx: &Subject<'_>) -> bool {
    cx.app.id != "cvat"
}

fn is_template(issuer: &str) -> bool {
    issuer.contains('{') && issuer.contains('}')
}
