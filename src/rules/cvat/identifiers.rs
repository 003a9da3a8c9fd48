//! Ids of providers.

use std::collections::HashMap;

use crate::model::{Role, Setting};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static DUPLICATE_PROVIDER_ID: Lint = lint!(
    "CVAT006",
    "duplicate-provider-id",
    Error,
    "two providers with the same id",
    Check::Settings(duplicate_provider_id)
);

fn duplicate_provider_id(cx: &Subject<'_>, out: &mut Findings) {
    let mut seen: HashMap<&str, &Setting<'_>> = HashMap::new();
    for provider in &cx.config.providers {
        let Some((setting, id)) = provider.setting(Role::Id).and_then(|s| Some((s, s.text()?)))
        else {
            continue;
        };
        let Some(first) = seen.get(id) else {
            seen.insert(id, setting);
            continue;
        };
        let mut problem = Problem::new(format!("provider id `{id}` is used twice"), cx.value_place(setting))
            .related(cx.value_place(first), "first used here")
            .why("the id is part of every callback URL, so two providers would answer at one address and share their accounts")
            .remedy("give one of them another id, and register its new callback URL at the identity provider");
        problem.provider = Some(id.to_owned());
        out.report(&DUPLICATE_PROVIDER_ID.rule, problem);
    }
}
