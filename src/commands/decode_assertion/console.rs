//! Which field of the identity provider's console a remedy means.

use crate::idps::{self, Idp, What};
use crate::rule::{Finding, Rule};
use crate::saml::cards::{enc, saml, sig};

/// Adds the field of the console to remedies that lie at the identity provider, where its issuer
/// tells whose product it is.
pub(super) fn name_fields(findings: &mut [Finding], issuer: Option<&str>) {
    let Some(idp) = issuer.map(idps::recognise).filter(|idp| !idp.is_generic()) else { return };
    for finding in findings {
        let Some(field) = field(idp, finding.rule) else { continue };
        let at = format!("in {}: {field}", idp.name);
        let remedy = &mut finding.problem.remedy;
        *remedy = Some(match remedy.take() {
            Some(remedy) => format!("{remedy}; {at}"),
            None => at,
        });
    }
}

/// The field that decides what a rule looks at.
fn field(idp: &Idp, rule: &Rule) -> Option<String> {
    let (_, what) = FIELDS.iter().find(|(known, _)| known.code == rule.code)?;
    idps::console_field(idp, *what)
}

/// Rules and what decides them at the identity provider.
static FIELDS: [(&Rule, What); 15] = [
    (&saml::AUDIENCE, What::Audience),
    (&saml::DESTINATION, What::AcsUrl),
    (&saml::RECIPIENT, What::AcsUrl),
    (&saml::NAMEID, What::NameIdFormat),
    (&saml::NAMEID_FORMAT, What::NameIdFormat),
    (&saml::NAMEID_TRANSIENT, What::NameIdFormat),
    (&saml::ATTRIBUTES_MISSING, What::Attributes),
    (&sig::MISSING, What::Signed),
    (&sig::COVERAGE, What::Signed),
    (&sig::ALGORITHM_WEAK, What::SignatureAlgorithm),
    (&sig::KEY_UNTRUSTED, What::Certificate),
    (&sig::VALUE_MISMATCH, What::Certificate),
    (&sig::CERT_EXPIRED, What::Certificate),
    (&enc::KEY_MISSING, What::Encryption),
    (&enc::ALGORITHM, What::Encryption),
];

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{FIELDS, name_fields};
    use crate::problem::{Place, Problem};
    use crate::rule::{Finding, Severity};
    use crate::saml::cards::{saml, sig};
    use crate::source::{KeyPath, Source, Span};

    fn remedy(rule: &'static crate::rule::Rule, own: Option<&str>, issuer: &str) -> Option<String> {
        let source = Arc::new(Source::new("message", "<a/>"));
        let place = Place { source, span: Span::at(0), path: KeyPath::default() };
        let mut problem = Problem::new("wrong", place);
        problem.remedy = own.map(str::to_owned);
        let mut findings = [Finding { rule, severity: Severity::Error, problem }];
        name_fields(&mut findings, Some(issuer));
        findings[0].problem.remedy.clone()
    }

    #[test]
    fn a_known_provider_has_its_field_named() {
        let okta = "http://www.okta.com/exk1fcia6fT1dvVLT0h8";
        let found = remedy(&saml::AUDIENCE, Some("set it"), okta).expect("a remedy");
        assert!(found.starts_with("set it; in Okta: Audience URI (SP Entity ID)"), "{found}");
        let entra = "https://sts.windows.net/8a7b1c2d-0000-4000-8000-000000000001/";
        let found = remedy(&sig::ALGORITHM_WEAK, None, entra).expect("a remedy");
        assert!(found.starts_with("in Microsoft Entra ID: "), "{found}");
    }

    #[test]
    fn remedies_elsewhere_and_unknown_providers_stay_as_they_are() {
        let okta = "http://www.okta.com/exk1fcia6fT1dvVLT0h8";
        assert_eq!(remedy(&saml::EXPIRED, Some("wait"), okta).as_deref(), Some("wait"));
        assert_eq!(remedy(&saml::AUDIENCE, None, "https://idp.corp.test/saml"), None);
    }

    #[test]
    fn each_rule_has_one_field() {
        for (at, (rule, _)) in FIELDS.iter().enumerate() {
            assert!(FIELDS[..at].iter().all(|(other, _)| other.code != rule.code), "{}", rule.code);
        }
    }
}
