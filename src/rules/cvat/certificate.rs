//! The certificate of an identity provider, written into the file.

use jiff::Timestamp;

use crate::libraries::python3_saml::{CertificateFault, certificate};
use crate::model::{Protocol, Role, Setting};
use crate::pki::Certificate;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject};

pub(in crate::rules) static UNREADABLE: Lint = lint!(
    "CVAT025",
    "unreadable-certificate",
    Error,
    "`x509_cert` is not one readable certificate",
    Check::Provider(unreadable)
);
pub(in crate::rules) static EXPIRED: Lint = lint!(
    "CVAT026",
    "expired-certificate",
    Error,
    "`x509_cert` has expired or is about to",
    Check::Provider(expired)
);

/// The setting and what the library makes of it, where the library reads it at all.
pub(in crate::rules) fn inline<'s>(
    cx: &ProviderSubject<'s>,
) -> Option<(&'s Setting<'s>, Result<Certificate, CertificateFault>)> {
    let (setting, text) = cx.text(Role::Certificate).filter(|_| cx.speaks(Protocol::Saml))?;
    let read = certificate(text);
    let is_read = !cx.provider.has(Role::MetadataUrl) || read == Err(CertificateFault::PrivateKey);
    is_read.then_some((setting, read))
}

fn unreadable(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, Err(fault))) = inline(cx) else { return };
    let (what, remedy) = described(fault);
    let why = if fault == CertificateFault::PrivateKey {
        "CVAT needs the identity provider's public certificate; a private key in this file has to be treated as known to others"
    } else {
        "CVAT cannot check any signature with it, so every login fails"
    };
    let problem = cx.value_problem(format!("x509_cert {what}"), setting).why(why).remedy(remedy);
    out.report(&UNREADABLE.rule, problem);
}

fn described(fault: CertificateFault) -> (&'static str, &'static str) {
    match fault {
        CertificateFault::FilePath => (
            "is a path, not a certificate",
            "the text of the certificate itself, as a block under `x509_cert: |`",
        ),
        CertificateFault::LiteralLineBreak => (
            "holds the two characters \\n instead of line breaks",
            "a block under `x509_cert: |`, one line a line",
        ),
        CertificateFault::NotBase64 => (
            "is not a certificate in base64",
            "export the signing certificate again, in PEM form (base64)",
        ),
        CertificateFault::NotCertificate => (
            "is base64, but no X.509 certificate",
            "export the signing certificate again, in PEM form (base64)",
        ),
        CertificateFault::OtherBlock => (
            "is a PEM block of another kind",
            "the block that begins with -----BEGIN CERTIFICATE-----",
        ),
        CertificateFault::PrivateKey => (
            "contains a private key",
            "take the key out, replace it where it is used, and put the certificate here",
        ),
        CertificateFault::SeveralBlocks => (
            "holds more than one certificate",
            "the signing certificate alone; for a rollover use metadata_url",
        ),
        CertificateFault::SurroundingText => (
            "has other text around the certificate",
            "only the lines from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----",
        ),
        CertificateFault::Trusted => (
            "is in OpenSSL's own TRUSTED CERTIFICATE form",
            "openssl x509 -in idp.pem, whose output is the plain form",
        ),
    }
}

fn expired(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, Ok(certificate))) = inline(cx) else { return };
    let at = cx.subject.at;
    let end = day(certificate.not_after);
    let days = certificate.not_after.duration_since(at).as_secs().div_euclid(86_400);
    let (severity, message) = if certificate.not_after < at {
        (Severity::Error, format!("the certificate in x509_cert expired on {end}"))
    } else if days <= cx.subject.days_ahead() {
        let unit = if days == 1 { "day" } else { "days" };
        (
            Severity::Warning,
            format!("the certificate in x509_cert expires in {days} {unit}, on {end}"),
        )
    } else if certificate.not_before > at {
        let start = day(certificate.not_before);
        (Severity::Warning, format!("the certificate in x509_cert is not valid before {start}"))
    } else {
        return;
    };
    let problem = cx
        .value_problem(message, setting)
        .severity(severity)
        .why("CVAT's library ignores the date, so logins go on until the identity provider changes its key, and most do so when it expires")
        .remedy("the identity provider's current signing certificate, or metadata_url, which follows a rollover by itself");
    out.report(&EXPIRED.rule, problem);
}

/// The day of an instant, in UTC.
fn day(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%d").to_string()
}
