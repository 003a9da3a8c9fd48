//! The variables with which CVAT is started.

use crate::model::{Placeholder, Variable, nearest, placeholder};
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::urls::{Reach, parts, reach};
use crate::rules::{Check, Lint, Subject};
use crate::source::{KeyPath, Span};

pub(in crate::rules) static FAULTY: Lint = lint!(
    "CVAT050",
    "faulty-environment",
    Error,
    "a variable that CVAT needs is missing or malformed",
    Check::Deployment(faulty)
);
pub(in crate::rules) static PLAIN_HTTP: Lint = lint!(
    "CVAT051",
    "plain-http-base-url",
    Warning,
    "CVAT's own address is not encrypted",
    Check::Deployment(plain_http)
);

fn faulty(cx: &Subject<'_>, out: &mut Findings) {
    if !cx.deployment.judges_environment() || !cx.config.environment.given {
        return;
    }
    missing(cx, out);
    let host = known(cx, "CVAT_HOST");
    let base = known(cx, "CVAT_BASE_URL");
    let host_fault = host.and_then(|(_, host)| host_fault(host));
    let base_fault = base.and_then(|(_, base)| base_fault(base));
    if let Some(((variable, _), (what, remedy))) = host.zip(host_fault.as_ref()) {
        let problem = cx
            .variable_problem(format!("CVAT_HOST {what}"), variable)
            .why("CVAT accepts requests for exactly this host name")
            .remedy(&**remedy);
        out.report(&FAULTY.rule, problem);
    }
    // A faulty host is the cause of what a base URL that refers to it becomes.
    let refers =
        |variable: &Variable| variable.source.text()[variable.span.range()].contains("CVAT_HOST");
    let repeats_host = host_fault.is_some() && base.is_some_and(|(variable, _)| refers(variable));
    if repeats_host {
        return;
    }
    if let Some(((variable, _), (what, remedy))) = base.zip(base_fault.as_ref()) {
        let problem = cx
            .variable_problem(format!("CVAT_BASE_URL {what}"), variable)
            .why("every redirect URI and SAML address of CVAT begins with it")
            .remedy(&**remedy);
        out.report(&FAULTY.rule, problem);
    }
    if let (Some(host), Some(base), None, None) = (host, base, host_fault, base_fault) {
        different_hosts(cx, host, base, out);
    }
}

/// Variables that no file sets, or sets to nothing. Reported where one of the others stands.
fn missing(cx: &Subject<'_>, out: &mut Findings) {
    let environment = &cx.config.environment;
    for name in &cx.app.recognise.variables {
        let place = match environment.variable(name) {
            Some(variable) if variable.value.trim().is_empty() => place(variable),
            Some(_) => continue,
            None => match misspelt(cx, name).or_else(|| first_known(cx)) {
                Some(variable) => name_place(variable),
                None => match cx.deployment.environment_documents().next() {
                    Some(document) => document.place(Span::at(0), KeyPath::default()),
                    None => continue,
                },
            },
        };
        let problem = Problem::new(format!("{name} is not set"), place)
            .why(match name.as_str() {
                "AUTH_CONFIG_PATH" => "without it CVAT reads no SSO configuration, and the login page shows no SSO button",
                "CVAT_HOST" => "CVAT then answers for localhost only",
                _ => "CVAT then builds its addresses as http://<CVAT_HOST>:8080",
            })
            .remedy(format!("export {name}=\"...\" where CVAT is started"));
        out.report(&FAULTY.rule, problem);
    }
}

/// A variable that another software does not know and that is nearly called so.
fn misspelt<'t>(cx: &'t Subject<'_>, name: &str) -> Option<&'t Variable> {
    let known = &cx.app.recognise.variables;
    let unknown =
        cx.config.environment.variables.iter().filter(|variable| !known.contains(&variable.name));
    unknown.into_iter().find(|variable| nearest(&variable.name, [name]).is_some())
}

fn first_known<'t>(cx: &'t Subject<'_>) -> Option<&'t Variable> {
    let names = &cx.app.recognise.variables;
    let variables = &cx.config.environment.variables;
    variables.iter().find(|variable| names.contains(&variable.name))
}

fn place(variable: &Variable) -> Place {
    let path = KeyPath::default().key(&variable.name);
    Place { source: std::sync::Arc::clone(&variable.source), span: variable.span, path }
}

/// The line of a variable, for something that is missing beside it.
fn name_place(variable: &Variable) -> Place {
    let line = variable.source.location(variable.span.start).line;
    let start = variable.source.line(line).start;
    Place { span: Span::new(start, variable.span.end), ..place(variable) }
}

/// A variable with a value that can be judged: not filled in later, no placeholder.
fn known<'t>(cx: &'t Subject<'_>, name: &str) -> Option<(&'t Variable, &'t str)> {
    let variable = cx.config.environment.variable(name)?;
    let value = variable.known().filter(|value| !value.trim().is_empty())?;
    let card = cx.app.provider_settings.iter().find(|card| card.kind == crate::model::Kind::Url)?;
    let is_hint = matches!(placeholder(card, value), Some(Placeholder::Hint(_)));
    (!is_hint).then_some((variable, value))
}

fn host_fault(host: &str) -> Option<(&'static str, String)> {
    let bare = parts(host).map_or(host, |parts| parts.host);
    let bare = bare.split(['/', ':']).next().unwrap_or(bare);
    if host.contains("://") {
        Some(("holds a scheme; it is a host name only", bare.to_owned()))
    } else if host.contains('/') {
        Some(("holds a slash; it is a host name only", bare.to_owned()))
    } else if host.contains(':') && !is_ipv6(host) {
        Some(("holds a port; it is a host name only", bare.to_owned()))
    } else if host.contains(char::is_whitespace) {
        Some(("holds white space", bare.split_whitespace().collect::<String>()))
    } else {
        None
    }
}

/// An IPv6 address, in brackets or without.
fn is_ipv6(host: &str) -> bool {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse::<std::net::Ipv6Addr>().is_ok()
}

fn base_fault(base: &str) -> Option<(&'static str, String)> {
    let Some(parts) = parts(base) else {
        return Some(("has no scheme", format!("https://{}", base.trim_start_matches('/'))));
    };
    if !["http", "https"].iter().any(|scheme| parts.scheme.eq_ignore_ascii_case(scheme)) {
        return Some((
            "has a scheme that is neither https nor http",
            format!("https://{}", parts.host),
        ));
    }
    if parts.host.is_empty() {
        return Some(("has no host", "https://cvat.acme.test".to_owned()));
    }
    let authority_end = base.len() - parts.path.len();
    if base[..authority_end].ends_with(':') {
        let before_colon = &base[..authority_end - 1];
        return Some(("ends with a colon and no port", format!("{before_colon}{}", parts.path)));
    }
    url::Url::parse(base).is_err().then(|| ("is not a URL", "https://cvat.acme.test".to_owned()))
}

fn different_hosts(
    cx: &Subject<'_>,
    host: (&Variable, &str),
    base: (&Variable, &str),
    out: &mut Findings,
) {
    let Some(base_host) = parts(base.1).map(|parts| parts.host) else { return };
    if base_host
        .trim_matches(['[', ']'])
        .eq_ignore_ascii_case(host.1.trim_end_matches('.').trim_matches(['[', ']']))
    {
        return;
    }
    let problem = cx
        .variable_problem(
            format!("CVAT_BASE_URL is on {base_host}, CVAT_HOST is {}", host.1),
            base.0,
        )
        .severity(Severity::Warning)
        .related(place(host.0), "the other host")
        .why("CVAT answers for CVAT_HOST, and sends browsers to CVAT_BASE_URL")
        .remedy("the same host in both: CVAT_BASE_URL=\"https://${CVAT_HOST}\"");
    out.report(&FAULTY.rule, problem);
}

fn plain_http(cx: &Subject<'_>, out: &mut Findings) {
    if !cx.deployment.judges_environment() {
        return;
    }
    let Some((variable, base)) = known(cx, "CVAT_BASE_URL") else { return };
    let Some(parts) = parts(base).filter(|parts| parts.scheme.eq_ignore_ascii_case("http")) else {
        return;
    };
    if reach(parts.host) != Reach::Public {
        return;
    }
    let problem = cx
        .variable_problem("CVAT's own address is not encrypted", variable)
        .why("codes and assertions of every login cross the network in the clear, and most identity providers refuse such a redirect URI")
        .remedy(format!("https{}", &base["http".len()..]));
    out.report(&PLAIN_HTTP.rule, problem);
}
