//! Label Studio's settings against saved documents of its identity provider.

use crate::rule::Findings;
use crate::rules::captured::belonging::registered;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static UNUSABLE_METADATA: Lint = lint!(
    "LS019",
    "unusable-idp-metadata",
    Error,
    "metadata with which Label Studio cannot log anybody in",
    Check::Elsewhere
);
pub(in crate::rules) static FOREIGN_AUDIENCE: Lint = lint!(
    "LS020",
    "audience-is-not-acs-url",
    Error,
    "entity id or address on record at the identity provider is not the ACS URL",
    Check::Elsewhere
);
pub(in crate::rules) static SINGLE_LOGOUT: Lint = lint!(
    "LS022",
    "slo-without-counterpart",
    Info,
    "single logout is set up at the identity provider, and Label Studio has none",
    Check::Deployment(single_logout)
);

fn single_logout(cx: &Subject<'_>, out: &mut Findings) {
    for one in registered(cx) {
        let Some(stated) = one.export.slo.first() else { continue };
        let idp = &one.export.idp.name;
        let problem = one
            .problem(format!("{idp} has an address for single logout on record"), stated)
            .why("Label Studio takes no SAML logout messages; people who sign out elsewhere see an error, or stay signed in here")
            .remedy(format!("no single logout in {idp}"));
        out.report(&SINGLE_LOGOUT.rule, problem);
    }
}
