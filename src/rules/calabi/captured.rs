//! Calabi's forms against what the identity provider has on record.

use crate::apps::calabi::{facts, mappings};
use crate::exports::{Carrier, is_sha1};
use crate::rule::Findings;
use crate::rules::ProviderSubject;
use crate::rules::calabi::{attributes, groups, signing};
use crate::rules::captured::belonging::{Registered, registered};
use crate::rules::captured::registration::shown;

/// What identity providers have on record for one provider of the sheet.
fn own<'s>(cx: &ProviderSubject<'s>) -> Vec<Registered<'s>> {
    let provider = cx.provider;
    let all = registered(cx.subject).into_iter();
    all.filter(|one| one.provider.is_some_and(|own| std::ptr::eq(own, provider))).collect()
}

/// What is signed, and how.
pub(super) fn signing(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for one in own(cx) {
        let idp = &one.export.idp;
        for stated in [&one.export.signature_algorithm, &one.export.digest_algorithm] {
            let Some(stated) = stated.as_ref().filter(|stated| is_sha1(&stated.value)) else {
                continue;
            };
            let problem = one
                .problem(format!("{} signs with SHA-1: {}", idp.name, shown(&stated.value)), stated)
                .why(
                    "two texts with one SHA-1 digest can be made, and libraries begin to refuse it",
                )
                .remedy(format!("RSA-SHA256 with SHA256 in {}", idp.name));
            out.report(&signing::WEAK.rule, problem);
        }
        let signs = &one.export.signs;
        let (Some(response), Some(assertion)) = (&signs.response, &signs.assertion) else {
            continue;
        };
        // Auth0 signs one in the other's place.
        let one_only =
            idp.id == "auth0" || facts().signs_one_only.value.iter().any(|id| id == idp.id);
        let (message, stated) = match (response.value, assertion.value) {
            (false, false) => ("neither response nor assertion is signed", response),
            (false, true) if !one_only => ("only the assertion is signed", response),
            (true, false) if !one_only => ("only the response is signed", assertion),
            _ => continue,
        };
        let problem = one
            .problem(message, stated)
            .why("Calabi's guide has both signed; what is not signed can be changed on its way through the browser")
            .remedy(format!("both signed in {}", idp.name));
        out.report(&signing::WEAK.rule, problem);
    }
}

/// Attribute names in another case than they are sent in.
pub(super) fn other_case(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for one in own(cx) {
        for field in &cx.provider.mapping {
            let Some(name) = field.text() else { continue };
            let sent =
                one.export.attributes.iter().filter(|sent| sent.carrier == Carrier::Assertion);
            let sent: Vec<_> = sent.collect();
            let near = sent.iter().find(|sent| sent.name.value.eq_ignore_ascii_case(name));
            let Some(near) = near.filter(|_| sent.iter().all(|sent| sent.name.value != name))
            else {
                continue;
            };
            let problem = cx
                .value_problem(
                    format!("the identity provider sends {}, not {name}", shown(&near.name.value)),
                    field,
                )
                .why("attribute names are compared letter by letter, so this field stays empty")
                .remedy(shown(&near.name.value))
                .related(one.problem("", &near.name).place, "the name that is sent");
            out.report(&attributes::OTHER_CASE.rule, problem);
        }
    }
}

/// Mapped groups that the identity provider's filter keeps back.
pub(super) fn outside_filter(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for one in own(cx) {
        let claims = &one.export.groups;
        if claims.is_empty() || claims.iter().any(|claim| claim.filter.is_none()) {
            continue;
        }
        let filters = || claims.iter().filter_map(|claim| claim.filter.as_ref());
        for row in mappings(cx.provider) {
            let Some((setting, group)) = row.text("group") else { continue };
            if !filters().all(|filter| filter.admits(group) == Some(false)) {
                continue;
            }
            let Some(first) = filters().next() else { continue };
            let problem = cx
                .value_problem(
                    format!(
                        "the identity provider's filter keeps back group {}",
                        cx.subject.shown(setting)
                    ),
                    setting,
                )
                .why("Calabi never hears of this group, so nobody gets the role through it")
                .remedy(format!("a wider filter in {}", one.export.idp.name))
                .related(one.problem("", &first.value).place, "the filter");
            out.report(&groups::OUTSIDE_FILTER.rule, problem);
        }
    }
}
