//! Secrets that lie open.

use crate::model::{Config, Setting};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};

pub(in crate::rules) static EXPOSED_SECRET: Lint = lint!(
    "CVAT070",
    "exposed-secret",
    Warning,
    "a secret in clear text in a file that others can read",
    Check::Settings(exposed_secret)
);

/// One finding a file, at its first secret.
fn exposed_secret(cx: &Subject<'_>, out: &mut Findings) {
    let exposure = cx.deployment.exposure;
    let Some(setting) = first_secret(&cx.config) else { return };
    let (severity, message, remedy) = if exposure.tracked {
        (
            Severity::Warning,
            "a secret stands in clear text in a file that git keeps",
            "replace the secret at the identity provider, keep the new one in a secret store, and fill it in when CVAT is started",
        )
    } else if exposure.world_readable {
        (
            Severity::Info,
            "a secret stands in clear text in a file that every user of this machine can read",
            "chmod o-r on the file",
        )
    } else {
        return;
    };
    let problem = Problem::new(message, cx.value_place(setting))
        .severity(severity)
        .why("whoever has the client secret can ask for tokens as CVAT")
        .remedy(remedy);
    out.report(&EXPOSED_SECRET.rule, problem);
}

fn first_secret<'c, 't>(config: &'c Config<'t>) -> Option<&'c Setting<'t>> {
    let provided = config.providers.iter().flat_map(|provider| &provider.settings);
    let all = provided
        .chain(&config.settings)
        .filter(|setting| setting.card.secret && setting.text().is_some());
    all.min_by_key(|setting| setting.span())
}
