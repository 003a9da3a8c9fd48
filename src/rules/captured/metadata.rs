//! Saved SAML metadata: its end, and its endpoints.

use std::sync::Arc;

use crate::apps::App;
use crate::model::{Provider, Role};
use crate::rule::{Findings, Rule, Severity};
use crate::rules::captured::belonging::{Described, described};
use crate::rules::captured::certificates::{day, is_read};
use crate::rules::captured::{Fault, rule_of};
use crate::rules::card::lint;
use crate::rules::metadata::{MetadataSubject, judge_beside};
use crate::rules::{Check, Lint, Subject};
use crate::saml::metadata::{POST, Part, REDIRECT};

pub(in crate::rules) static EXPIRED: Lint = lint!(
    "IDP008",
    "expired-metadata",
    Warning,
    "metadata whose `validUntil` is past or near",
    Check::Deployment(validity)
);
pub(in crate::rules) static MISSING_BINDING: Lint = lint!(
    "IDP009",
    "missing-binding",
    Error,
    "metadata without a single sign-on endpoint that the application can use",
    Check::Deployment(endpoints)
);

fn validity(cx: &Subject<'_>, out: &mut Findings) {
    for one in described(cx) {
        let Some(until) = one.entity.valid_until() else { continue };
        let Some(end) = until.instant else { continue };
        let days = end.duration_since(cx.at).as_secs().div_euclid(86_400);
        let (severity, message) = if end < cx.at {
            (Severity::Error, format!("this metadata is valid until {}, which is past", day(end)))
        } else if days <= cx.days_ahead_in_file() {
            // Whoever reads the address gets it renewed.
            let is_renewed = one.provider.is_some_and(|provider| provider.has(Role::MetadataUrl));
            let severity = if is_renewed { Severity::Info } else { Severity::Warning };
            (severity, format!("this metadata is valid until {} only", day(end)))
        } else {
            continue;
        };
        let problem = one
            .problem(message, until.span)
            .severity(severity)
            .why("the identity provider does not vouch for what stands here any longer than that (SAML metadata, section 2.3.2)")
            .remedy("metadata saved anew from the identity provider");
        out.report(&EXPIRED.rule, problem);
    }
}

/// What is wrong with saved metadata by itself, where no rule about the configuration tells it.
pub(in crate::rules) fn beside(cx: &Subject<'_>, out: &mut Findings) {
    let described = described(cx);
    for saved in &cx.deployment.captured.metadata {
        let Some(metadata) = saved.document() else { continue };
        let Some(own) = described.iter().find(|one| Arc::ptr_eq(one.source, &saved.source)) else {
            continue;
        };
        let parts = [Part { source: Arc::clone(&saved.source), start: 0 }];
        let subject = MetadataSubject {
            parts: &parts,
            metadata,
            at: cx.at,
            warn_days: cx.days_ahead_in_file(),
            wanted: Some(&own.entity.entity_id.value),
        };
        let before = out.0.len();
        judge_beside(&subject, out);
        if !is_read(cx, own) {
            let mut of_keys = out.0.split_off(before);
            of_keys.retain(|finding| !is_about_keys(finding.rule));
            out.0.append(&mut of_keys);
        }
        for finding in &mut out.0[before..] {
            finding.problem.provider = own.provider.and_then(Provider::label).map(str::to_owned);
        }
    }
}

/// Whether a rule is about keys, which count only where the application reads them here.
fn is_about_keys(rule: &Rule) -> bool {
    rule.family() == "CERT" || ["META005", "META006", "META014"].contains(&rule.code)
}

fn endpoints(cx: &Subject<'_>, out: &mut Findings) {
    for one in described(cx).iter().filter(|one| uses_endpoints(one)) {
        let usable: &[&str] =
            if takes_redirect_only(cx.app) { &[REDIRECT] } else { &[REDIRECT, POST] };
        if usable.iter().any(|binding| one.entity.sso(binding).is_some()) {
            continue;
        }
        let bindings: Vec<&str> = one
            .role
            .sso
            .iter()
            .filter_map(|endpoint| endpoint.binding.rsplit(':').next())
            .collect();
        let wanted = if usable.len() == 1 { "HTTP-Redirect" } else { "HTTP-Redirect or HTTP-POST" };
        let app = &cx.app.name;
        let mut problem = one
            .problem(
                format!("this metadata has no single sign-on endpoint over {wanted}"),
                one.role.span,
            )
            .why(format!("{app} sends its requests over {wanted} and finds no address to send them to"))
            .remedy("the identity provider's HTTP-Redirect endpoint switched on, and metadata saved anew");
        if !bindings.is_empty() {
            problem = problem.note(format!("it has {}", bindings.join(", ")));
        }
        out.report(&rule_of(cx.app, Fault::NoEndpoint).rule, problem);
    }
}

/// Whether the application takes the endpoint from the metadata, and not from a setting of its own.
fn uses_endpoints(one: &Described<'_>) -> bool {
    one.provider
        .is_none_or(|provider| provider.has(Role::MetadataUrl) || !provider.has(Role::SsoUrl))
}

/// Whether an application sends requests over HTTP-Redirect and in no other way: python3-saml
/// (CVAT), pysaml2 as Label Studio and ClearML call it.
fn takes_redirect_only(app: &App) -> bool {
    ["clearml", "cvat", "label-studio"].contains(&app.id.as_str())
}
