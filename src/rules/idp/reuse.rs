//! One entity id for two applications.

use std::collections::HashMap;

use crate::model::{Protocol, Provider, Role};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static REUSED_SP_ENTITY_ID: Lint = lint!(
    "IDP018",
    "reused-sp-entity-id",
    Warning,
    "two configurations ask one identity provider under the same entity id",
    Check::Run(reused_sp_entity_id)
);

/// A service provider that a configuration has registered at an identity provider.
#[derive(Debug)]
pub struct Registration {
    /// The application's entity id.
    entity_id: String,
    /// The identity provider's entity id.
    idp: String,
    /// The provider's id, where it stands.
    place: Place,
    /// The provider's id.
    id: String,
    /// Whether single sign-on is switched on there.
    is_in_force: bool,
}

/// What a deployment has to be registered as; nothing where its own address is not known.
pub fn registrations(subject: &Subject<'_>) -> Vec<Registration> {
    let Some(base) = subject.base_url() else { return Vec::new() };
    let speaks_saml = |provider: &&Provider<'_>| provider.protocol == Some(Protocol::Saml);
    let registration = |provider: &Provider<'_>| {
        let setting = provider.setting(Role::Id)?;
        let (id, idp) = (setting.text()?, provider.text(Role::EntityId)?);
        Some(Registration {
            entity_id: subject.app.saml_entity_id(Some(base), id)?,
            idp: idp.to_owned(),
            place: subject.value_place(setting),
            id: id.to_owned(),
            is_in_force: !subject.config.is_switched_off(),
        })
    };
    subject.config.providers.iter().filter(speaks_saml).filter_map(registration).collect()
}

fn reused_sp_entity_id(registrations: &[Registration], out: &mut Findings) {
    let mut seen: HashMap<(&str, &str), &Registration> = HashMap::new();
    for registration in registrations {
        let key = (registration.entity_id.as_str(), registration.idp.as_str());
        let Some(first) = seen.get(&key) else {
            seen.insert(key, registration);
            continue;
        };
        if first.place.source.name() == registration.place.source.name() {
            continue;
        }
        let message = "another configuration asks this identity provider under the same entity id";
        let mut problem = Problem::new(message, registration.place.clone())
            .related(first.place.clone(), "the other one")
            .why(format!(
                "both are {}; the identity provider can send its answer to one of them only",
                registration.entity_id
            ))
            .remedy("another provider id or another base URL in one of the two");
        if !(registration.is_in_force && first.is_in_force) {
            problem = problem.severity(Severity::Info);
        }
        problem.provider = Some(registration.id.clone());
        out.report(&REUSED_SP_ENTITY_ID.rule, problem);
    }
}
