//! python3-saml, the SAML library under allauth (tried with 1.16.0).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::pki::Certificate;
use crate::saml::policy::{Point, Policy, Reader, Signed, Skew, Stance, UrlMatch};
use crate::saml::schema::Vocabulary;

/// Why a certificate value cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CertificateFault {
    /// A path where the text of the certificate is meant.
    FilePath,
    /// The two characters `\` and `n` where a line break is meant.
    LiteralLineBreak,
    /// Neither PEM nor base64.
    NotBase64,
    /// Base64, but no certificate inside.
    NotCertificate,
    /// A PEM block of another kind.
    OtherBlock,
    /// A private key: it does not belong here at all.
    PrivateKey,
    /// More than one PEM block.
    SeveralBlocks,
    /// Text around the PEM block, such as OpenSSL's "Bag Attributes".
    SurroundingText,
    /// OpenSSL's own `TRUSTED CERTIFICATE` form.
    Trusted,
}

/// What an application enforces that reads responses with python3-saml as django-allauth sets it up
/// (tried with allauth 65). `has_uid` says whether its permanent key comes from an attribute.
///
/// Of the clock it allows a difference only for the conditions: the end of a confirmation and of a
/// session are held against the clock as it is.
pub fn policy(app: &str, has_uid: bool) -> Policy {
    let name = if has_uid { Stance::Accept } else { Stance::Refuse };
    Policy {
        reader: Some(Reader { app: app.to_owned(), library: "python3-saml" }),
        skew: Skew { conditions: CLOCK_DRIFT, confirmation: 0, session: 0, is_end_inside: false },
        signed: Signed { message: false, assertion: false },
        reads_detached: false,
        compares_delivery: true,
        sha1: Some(false),
        destination: UrlMatch::Prefix,
        recipient: UrlMatch::Contains,
        issue_window: None,
        reads_issue_instants: false,
        schemas: Some(Vocabulary::Python3Saml),
        departures: DEPARTURES.into_iter().chain([(Point::NameMissing, name)]).collect(),
    }
}

/// Reads a certificate as python3-saml does: line breaks, the two PEM lines and spaces are taken
/// out, and the rest must be base64 of one certificate.
pub fn certificate(value: &str) -> Result<Certificate, CertificateFault> {
    Certificate::from_der(&certificate_der(value)?).ok_or(CertificateFault::NotCertificate)
}

/// The bytes that python3-saml takes for the certificate (DER), whatever they are.
pub fn certificate_der(value: &str) -> Result<Vec<u8>, CertificateFault> {
    if let Some(fault) = visible_fault(value) {
        return Err(fault);
    }
    let body = value.replace(['\r', '\n'], "").replace(BEGIN, "").replace(END, "").replace(' ', "");
    LENIENT.decode(body.trim()).map_err(|_| named_fault(value, &body))
}

fn visible_fault(value: &str) -> Option<CertificateFault> {
    if value.contains("PRIVATE KEY-----") {
        return Some(CertificateFault::PrivateKey);
    }
    if value.contains("\\n") || value.contains("\\r") {
        return Some(CertificateFault::LiteralLineBreak);
    }
    if value.contains("BEGIN TRUSTED CERTIFICATE") || value.contains("BEGIN X509 CERTIFICATE") {
        return Some(CertificateFault::Trusted);
    }
    match value.matches(BEGIN).count() {
        0 if value.contains("-----BEGIN ") => Some(CertificateFault::OtherBlock),
        0 | 1 => None,
        _ => Some(CertificateFault::SeveralBlocks),
    }
}

fn named_fault(value: &str, body: &str) -> CertificateFault {
    let is_path = !value.trim().contains(['\n', ' '])
        && [".pem", ".crt", ".cer", ".cert", ".der"]
            .iter()
            .any(|end| value.trim().to_ascii_lowercase().ends_with(end));
    if is_path {
        return CertificateFault::FilePath;
    }
    if value.contains(BEGIN) && (body.contains(':') || !value.trim_start().starts_with(BEGIN)) {
        return CertificateFault::SurroundingText;
    }
    CertificateFault::NotBase64
}

/// By how many seconds clocks may differ (`ALLOWED_CLOCK_DRIFT`).
const CLOCK_DRIFT: i64 = 300;
/// Where it departs from the strict rules, under allauth's settings.
const DEPARTURES: [(Point, Stance); 17] = [
    // Every Assertion of the document is counted, those of an Advice too.
    (Point::AdvisedAssertions, Stance::Refuse),
    // The audiences of all restrictions are one list.
    (Point::AudienceOfSeveral, Stance::Warn),
    (Point::AudienceMissing, Stance::Warn),
    // `want_attribute_statement`
    (Point::AttributesMissing, Stance::Refuse),
    (Point::AuthnSeveral, Stance::Refuse),
    (Point::ConfirmationEndMissing, Stance::Warn),
    (Point::ConfirmationRecipientMissing, Stance::Warn),
    (Point::DestinationMissing, Stance::Warn),
    // There is no private key.
    (Point::Encrypted, Stance::Refuse),
    (Point::EncryptedAttributes, Stance::Refuse),
    // The schemas are enforced.
    (Point::IdNoName, Stance::Refuse),
    (Point::UnknownAttribute, Stance::Refuse),
    // `reject_idp_initiated_sso`
    (Point::Unsolicited, Stance::Refuse),
    (Point::IssuedInFuture, Stance::Warn),
    // Only `Z` is read, with nothing around it, and 23 hours.
    (Point::InstantSpelling, Stance::Refuse),
    (Point::Offset, Stance::Refuse),
    // Every Assertion is counted, wherever it stands.
    (Point::StrayAssertions, Stance::Refuse),
];
const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";
/// OpenSSL, which reads the result, is not strict about the bits behind the last byte.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);
