//! Certificates in saved metadata.

use std::sync::Arc;

use jiff::Timestamp;

use crate::model::Provider;
use crate::pki;
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::captured::belonging::{Described, described};
use crate::rules::captured::{Fault, rule_of};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject, inline_certificate};
use crate::saml::metadata::Certificate;
use crate::source::{KeyPath, Span};

pub(in crate::rules) static EXPIRED: Lint = lint!(
    "IDP005",
    "expired-metadata-certificate",
    Error,
    "a signing certificate in saved metadata has expired or is about to",
    Check::Deployment(expired)
);
pub(in crate::rules) static ROLLOVER: Lint = lint!(
    "IDP007",
    "certificate-rollover",
    Info,
    "metadata with several signing certificates: one is about to replace another",
    Check::Deployment(rollover)
);

impl Described<'_> {
    /// A problem with what stands in the metadata.
    pub(in crate::rules) fn problem(&self, message: impl Into<String>, span: Span) -> Problem {
        let source = Arc::clone(self.source);
        let mut problem = Problem::new(message, Place { source, span, path: KeyPath::default() });
        problem.provider = self.provider.and_then(Provider::label).map(str::to_owned);
        problem
    }

    /// The certificates to sign with that can be read, each key once.
    pub(in crate::rules) fn certificates(&self) -> Vec<(&Certificate, pki::Certificate)> {
        let mut found: Vec<(&Certificate, pki::Certificate)> = Vec::new();
        for written in self.role.signing() {
            if let Some(read) = written.read()
                && found.iter().all(|(_, other)| *other != read)
            {
                found.push((written, read));
            }
        }
        found
    }
}

/// Whether the application reads the metadata at all: it does not where it was given the certificate.
pub(in crate::rules) fn is_read(cx: &Subject<'_>, one: &Described<'_>) -> bool {
    one.provider
        .is_none_or(|provider| inline_certificate(&ProviderSubject::new(cx, provider)).is_none())
}

fn expired(cx: &Subject<'_>, out: &mut Findings) {
    for one in described(cx).iter().filter(|one| is_read(cx, one)) {
        let certificates = one.certificates();
        // Any of several keys may sign: what counts is the one that lasts longest.
        let last = certificates.iter().max_by_key(|(_, certificate)| certificate.not_after);
        if let Some((written, certificate)) = last {
            judge(cx, one, written, certificate, out);
        }
    }
}

fn judge(
    cx: &Subject<'_>,
    one: &Described<'_>,
    written: &Certificate,
    certificate: &pki::Certificate,
    out: &mut Findings,
) {
    let end = certificate.not_after;
    let days = end.duration_since(cx.at).as_secs().div_euclid(86_400);
    let (fault, severity, message) = if end < cx.at {
        let message =
            format!("the identity provider's signing certificate expired on {}", day(end));
        (Fault::ExpiredCertificate, Severity::Error, message)
    } else if days <= cx.days_ahead_in_file() {
        let unit = if days == 1 { "day" } else { "days" };
        let message = format!(
            "the identity provider's signing certificate expires in {days} {unit}, on {}",
            day(end)
        );
        (Fault::ExpiringCertificate, Severity::Warning, message)
    } else {
        return;
    };
    let problem = one
        .problem(message, first_line(one, written.span))
        .severity(severity)
        .why("the application's library ignores the date, so logins go on until the identity provider changes its key, and most do so when it expires")
        .remedy("metadata saved anew, once the identity provider lists its next certificate");
    out.report(&rule_of(cx.app, fault).rule, problem);
}

fn rollover(cx: &Subject<'_>, out: &mut Findings) {
    for one in described(cx) {
        let mut certificates = one.certificates();
        if certificates.len() < 2 {
            continue;
        }
        certificates.sort_by_key(|(_, certificate)| certificate.not_after);
        let ends: Vec<String> =
            certificates.iter().map(|(_, certificate)| day(certificate.not_after)).collect();
        let (second, _) = certificates[1];
        let problem = one
            .problem(
                format!("the identity provider lists {} signing certificates", ends.len()),
                first_line(&one, second.span),
            )
            .why("it is about to change its key, or has just done so; an application that was given one certificate by hand has to be given the next")
            .note(format!("they end on {}", ends.join(", ")));
        out.report(&ROLLOVER.rule, problem);
    }
}

/// The first line of a certificate.
fn first_line(one: &Described<'_>, span: Span) -> Span {
    let text = &one.source.text()[span.range()];
    Span::new(span.start, span.start + text.find(['\n', '\r']).unwrap_or(text.len()))
}

/// The day of an instant, in UTC.
pub(in crate::rules) fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
