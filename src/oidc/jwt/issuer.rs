//! Who issued a token.

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::{Claim, Claims};
use crate::oidc::jwt::ledger::Ledger;
use crate::saml::judge::nearness::{compared, difference};
use crate::source::printable;
use crate::verdict::Weight;

/// The issuer is the expected one, byte for byte.
pub(super) fn judge(claims: &Claims<'_>, ledger: &mut Ledger) {
    let got = match claims.text("iss", ledger) {
        Claim::There(got) => got,
        Claim::Misfit => return,
        Claim::Absent => {
            let problem = claims
                .problem("there is no iss", "iss")
                .why("nobody can tell whose keys count")
                .remedy("an ID token: id_token of the token response");
            return ledger.reject(&cards::ISS, problem);
        }
    };
    let Some(expected) = &claims.expectation.issuer else {
        return ledger.leave("issuer", "pass --issuer ID or --discovery FILE");
    };
    let value = expected.value.as_str();
    if value.contains('{') {
        return template(claims, value, got, ledger);
    }
    if value == got {
        return;
    }
    if expected.is_address {
        return unlike_address(claims, value, got, ledger);
    }
    // Google says of its own tokens that they may leave the scheme out.
    if claims.expectation.reader.is_none() && value == GOOGLE && got == &GOOGLE[8..] {
        let problem = claims.problem("iss has no scheme, as Google's may", "iss");
        return ledger.add(&cards::ISS, Weight::Note, problem);
    }
    let problem = claims
        .problem("iss is not the issuer of the keys", "iss")
        .compared(compared(&[value.to_owned()], got))
        .why("it is compared byte for byte, so a slash or a tenant more is another issuer")
        .remedy(
            "the issuer as the discovery document of this provider has it; or a token of the provider \
             that is meant, where somebody logged in at another tenant or realm",
        );
    ledger.reject(&cards::ISS, problem);
}

/// An issuer that differs from the address in the configuration: what the provider's document says
/// decides.
fn unlike_address(claims: &Claims<'_>, address: &str, got: &str, ledger: &mut Ledger) {
    if address.trim_end_matches('/') == got.trim_end_matches('/') {
        let reader = claims.expectation.reader.map_or("the application", |reader| reader.name);
        let why = format!(
            "{reader} compares iss with the issuer of the provider's discovery document, byte for \
             byte, and that document is not at hand"
        );
        let problem = claims
            .problem("iss and the address in the configuration differ by a slash", "iss")
            .compared(compared(&[address.to_owned()], got))
            .why(why)
            .remedy("--fetch or --discovery FILE, which settle it");
        ledger.add(&cards::ISS, Weight::Warning, problem);
        return ledger.leave("issuer", "pass --discovery FILE: a slash is the only difference");
    }
    let problem = claims
        .problem("iss is not the address in the configuration", "iss")
        .compared(compared(&[address.to_owned()], got))
        .why("the provider's discovery document says which issuer counts, and it is not at hand")
        .remedy("--discovery FILE, or --fetch to ask the provider");
    ledger.add(&cards::ISS, Weight::Undecided, problem);
}

/// An issuer such as `https://login.microsoftonline.com/{tenantid}/v2.0`.
fn template(claims: &Claims<'_>, template: &str, got: &str, ledger: &mut Ledger) {
    let expectation = claims.expectation;
    if let Some(reader) = expectation.reader {
        let message = format!("{} compares iss with {}", reader.name, printable(template));
        let problem = claims
            .problem(message, "iss")
            .why("it does not fill the template in, so no token ever has this issuer")
            .remedy("the address of one tenant in the configuration");
        return ledger.reject(&cards::ISS, problem);
    }
    if expectation.tenants.is_empty() {
        let problem = claims
            .problem(format!("the issuer is the template {}", printable(template)), "iss")
            .why("everybody can have a tenant, so which ones may log in has to be said")
            .remedy("--tenant ID");
        return ledger.add(&cards::ISS_TEMPLATE, Weight::Undecided, problem);
    }
    let tenant = match claims.text("tid", ledger) {
        Claim::There(tenant) => tenant,
        Claim::Misfit => return,
        Claim::Absent => {
            let problem = claims
                .problem("there is no tid to fill the issuer in with", "tid")
                .remedy("the address of one tenant in place of the template");
            return ledger.reject(&cards::ISS, problem);
        }
    };
    if !expectation.tenants.iter().any(|one| one == tenant) {
        let problem = claims
            .problem("tid is none of the tenants that may log in", "tid")
            .compared(compared(&expectation.tenants, tenant))
            .remedy("log in with an account of that tenant, or --tenant ID for one more");
        return ledger.reject(&cards::ISS, problem);
    }
    let expected = filled(template, tenant);
    if expected != got {
        let problem = claims
            .problem("iss is not the issuer of the tenant", "iss")
            .compared(compared(std::slice::from_ref(&expected), got));
        let near = difference(&expected, got).is_some();
        let problem = if near { problem } else { problem.why("iss and tid speak of two tenants") };
        let problem = problem.remedy("a token as the provider's token endpoint gave it");
        ledger.reject(&cards::ISS, problem);
    }
}

/// The template with its one placeholder filled.
fn filled(template: &str, tenant: &str) -> String {
    let ends = template.split_once('{').and_then(|(before, rest)| {
        let (_, after) = rest.split_once('}')?;
        Some((before, after))
    });
    match ends {
        Some((before, after)) => format!("{before}{tenant}{after}"),
        None => template.to_owned(),
    }
}

const GOOGLE: &str = "https://accounts.google.com";
