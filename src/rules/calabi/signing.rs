//! What the identity provider signs, and how.

use crate::apps::calabi::{facts, signing};
use crate::model::Setting;
use crate::rule::Findings;
use crate::rules::calabi::captured;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject};

pub(in crate::rules) static WEAK: Lint = lint!(
    "CAL023",
    "weak-signing",
    Warning,
    "SHA-1, or less signed than could be",
    Check::Provider(weak)
);

fn weak(cx: &ProviderSubject<'_>, out: &mut Findings) {
    captured::signing(cx, out);
    let found = signing(cx.provider);
    for key in ["signature_algorithm", "digest_algorithm"] {
        let Some((setting, algorithm)) = found.text(key) else { continue };
        let plain: String = algorithm.chars().filter(char::is_ascii_alphanumeric).collect();
        if !plain.to_ascii_lowercase().ends_with("sha1") {
            continue;
        }
        let problem = cx
            .value_problem(
                format!("messages are signed with SHA-1: {}", cx.subject.shown(setting)),
                setting,
            )
            .why("two texts with one SHA-1 digest can be made, and libraries begin to refuse it")
            .remedy("RSA-SHA256 with SHA256 at the identity provider");
        out.report(&WEAK.rule, problem);
    }
    let (response, assertion) = (found.setting("response"), found.setting("assertion"));
    let one_only = facts().signs_one_only.value.iter().any(|id| id == cx.idp.id);
    let (message, setting) = match (response.boolean(), assertion.boolean()) {
        (Some(false), Some(false)) => ("neither response nor assertion is signed", response),
        (Some(false), Some(true)) if !one_only && !cx.idp.is_generic() => {
            ("only the assertion is signed", response)
        }
        (Some(true), Some(false)) if !one_only && !cx.idp.is_generic() => {
            ("only the response is signed", assertion)
        }
        _ => return,
    };
    report(cx, message, setting, out);
}

fn report(cx: &ProviderSubject<'_>, message: &str, setting: &Setting<'_>, out: &mut Findings) {
    let problem = cx
        .value_problem(message, setting)
        .why("Calabi's guide has both signed; what is not signed can be changed on its way through the browser")
        .remedy(format!("both signed at {}", if cx.idp.is_generic() { "the identity provider" } else { cx.idp.name }));
    out.report(&WEAK.rule, problem);
}
