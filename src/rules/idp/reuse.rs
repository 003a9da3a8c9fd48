//! One entity id for two applications.

use std::collections::HashMap;

use crate::model::{Protocol, Role, Setting};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static REUSED_SP_ENTITY_ID: Lint = lint!(
    "IDP018",
    "reused-sp-entity-id",
    Warning,
    "two configurations ask one identity provider under the same entity id",
    Check::Run(reused_sp_entity_id)
);

fn reused_sp_entity_id(subjects: &[Subject<'_>], out: &mut Findings) {
    let mut seen: HashMap<(String, &str), (&Subject<'_>, &Setting<'_>)> = HashMap::new();
    for subject in subjects {
        let Some(base) = subject.base_url() else { continue };
        let base = base.trim_end_matches('/');
        for provider in subject
            .config
            .providers
            .iter()
            .filter(|provider| provider.protocol == Some(Protocol::Saml))
        {
            let Some(setting) = provider.setting(Role::Id) else { continue };
            let (Some(id), Some(idp)) = (setting.text(), provider.text(Role::EntityId)) else {
                continue;
            };
            let entity_id = subject.app.saml_entity_id(Some(base), id);
            let Some((other, first)) = seen.get(&(entity_id.clone(), idp)) else {
                seen.insert((entity_id, idp), (subject, setting));
                continue;
            };
            if std::ptr::eq(*other, subject) {
                continue;
            }
            let mut problem = Problem::new("another configuration asks this identity provider under the same entity id", subject.value_place(setting))
                .related(other.value_place(first), "the other one")
                .why(format!("both are {entity_id}; the identity provider can send its answer to one of them only"))
                .remedy("another provider id or another CVAT_BASE_URL in one of the two");
            problem.provider = Some(id.to_owned());
            out.report(&REUSED_SP_ENTITY_ID.rule, problem);
        }
    }
}
