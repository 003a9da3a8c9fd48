//! The protocol of a provider, and what belongs to one protocol only.

use crate::model::{Protocol, Role, State, nearest};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject, Subject, edits};

pub(in crate::rules) static UNKNOWN_PROTOCOL: Lint = lint!(
    "CVAT004",
    "unknown-protocol",
    Error,
    "`protocol` is neither `OIDC` nor `SAML`",
    Check::Provider(unknown_protocol)
);
pub(in crate::rules) static PKCE_WITHOUT_OIDC: Lint = lint!(
    "CVAT018",
    "pkce-without-oidc",
    Info,
    "`enable_pkce` without a provider that speaks OpenID Connect",
    Check::Settings(pkce_without_oidc)
);

fn unknown_protocol(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.setting(Role::Protocol) else { return };
    let written = match setting.state {
        State::Text("OIDC" | "SAML")
        | State::Absent
        | State::Empty
        | State::Misspelt
        | State::Placeholder(_)
        | State::Unknown => return,
        State::Text(text) => text,
        State::Other => "",
    };
    let shown = cx.subject.shown(setting);
    let problem = cx
        .value_problem(format!("protocol must be `OIDC` or `SAML`, got `{shown}`"), setting)
        .why("CVAT compares the word as it is written, and skips or refuses a provider whose protocol it does not know");
    let meant = cx.provider.protocol.or_else(|| resembles(written));
    let source = cx.subject.document().map(|document| &document.source);
    let edit = |meant: Protocol| edits::text(source?, setting.value()?, meant.name());
    out.report(
        &UNKNOWN_PROTOCOL.rule,
        match meant.map(|meant| (meant, edit(meant))) {
            Some((meant, Some(edit))) => {
                let title = format!("write `{}`", meant.name());
                let problem = problem.label(format!("did you mean `{}`?", meant.name()));
                problem.remedy(format!("protocol: {}", meant.name())).safe_fix(title, edit)
            }
            _ => problem.remedy("protocol: OIDC, or protocol: SAML"),
        },
    );
}

/// What a word of another spelling means.
fn resembles(word: &str) -> Option<Protocol> {
    let letters: String = word.chars().filter(char::is_ascii_alphabetic).collect();
    let letters = letters.to_ascii_lowercase();
    match letters.as_str() {
        "oidc" | "openid" | "openidconnect" | "oauth" | "oauthoidc" | "oic" | "odic" => {
            Some(Protocol::Oidc)
        }
        "saml" | "samlp" | "samlv" | "smal" | "sam" => Some(Protocol::Saml),
        _ => match nearest(&letters, ["saml", "oidc"]) {
            Some(("saml", _)) => Some(Protocol::Saml),
            Some(_) => Some(Protocol::Oidc),
            None => None,
        },
    }
}

fn pkce_without_oidc(cx: &Subject<'_>, out: &mut Findings) {
    let Some(setting) = cx.config.setting(Role::Pkce) else { return };
    let providers = &cx.config.providers;
    let all_saml = providers.iter().all(|provider| provider.protocol == Some(Protocol::Saml));
    if setting.boolean() != Some(true) || providers.is_empty() || !all_saml {
        return;
    }
    let place = cx.value_place(setting);
    let problem =
        crate::problem::Problem::new("enable_pkce has no effect: no provider speaks OIDC", place)
            .why("PKCE belongs to the OpenID Connect code flow; SAML has nothing like it")
            .remedy("leave enable_pkce out");
    let lines = setting.entry.zip(cx.document()).and_then(|((key, value), document)| {
        edits::lines_of(&document.source, key.span(), value.span())
    });
    out.report(
        &PKCE_WITHOUT_OIDC.rule,
        match lines {
            Some(lines) => problem.unsafe_fix("take enable_pkce out", vec![(lines, String::new())]),
            None => problem,
        },
    );
}
