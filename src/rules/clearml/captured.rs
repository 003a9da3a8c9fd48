//! ClearML's settings against saved documents of its identity provider.

use std::sync::Arc;

use crate::model::Role;
use crate::problem::Place;
use crate::rule::Findings;
use crate::rules::captured::differences::{described, differences};
use crate::rules::captured::discovery::published;
use crate::rules::captured::registration::shown;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject};
use crate::source::KeyPath;

pub(in crate::rules) static FOREIGN_ENDPOINT: Lint = lint!(
    "CLR024",
    "endpoint-differs-from-discovery",
    Error,
    "an endpoint is not the one that the discovery document names",
    Check::Deployment(endpoints)
);
pub(in crate::rules) static NO_REDIRECT_ENDPOINT: Lint = lint!(
    "CLR032",
    "no-redirect-endpoint",
    Error,
    "metadata without a single sign-on endpoint over HTTP-Redirect",
    Check::Elsewhere
);
pub(in crate::rules) static EXPIRED: Lint = lint!(
    "CLR033",
    "expiring-metadata-certificate",
    Error,
    "a signing certificate in the metadata has expired or is about to",
    Check::Elsewhere
);
pub(in crate::rules) static CALLBACK_MISMATCH: Lint = lint!(
    "CLR060",
    "callback-not-registered",
    Error,
    "the callback on record at the identity provider is not ClearML's",
    Check::Elsewhere
);

fn endpoints(cx: &Subject<'_>, out: &mut Findings) {
    for one in published(cx) {
        let pairs = [
            (Role::AuthorizationEndpoint, &one.discovery.authorization_endpoint),
            (Role::TokenEndpoint, &one.discovery.token_endpoint),
        ];
        for (role, expected) in pairs {
            let Some(setting) = one.provider.setting(role) else { continue };
            let (Some(own), Some(expected)) = (setting.text(), expected) else { continue };
            if own == expected.value {
                continue;
            }
            let source = Arc::clone(one.source);
            let place = Place { source, span: expected.span, path: KeyPath::default() };
            let mut problem = ProviderSubject::new(cx, one.provider)
                .value_problem(
                    format!(
                        "{} is not the endpoint that the identity provider names: expected {}, got {}",
                        setting.card.key,
                        shown(&expected.value),
                        shown(own)
                    ),
                    setting,
                )
                .label(described(&differences(&expected.value, own)))
                .why("ClearML uses the endpoints as they are written and never reads the discovery document")
                .remedy(format!("{}: {}", setting.card.key, shown(&expected.value)))
                .related(place, "the endpoint in the discovery document");
            problem.provider = one.provider.label().map(str::to_owned);
            out.report(&FOREIGN_ENDPOINT.rule, problem);
        }
    }
}
