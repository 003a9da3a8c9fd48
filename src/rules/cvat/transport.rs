//! URLs as such: that they parse, and that they are encrypted.

use url::Url;

use crate::model::{Kind, Role, Setting};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::urls::{Reach, parts, reach};
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static PLAIN_HTTP: Lint = lint!(
    "CVAT016",
    "plain-http",
    Error,
    "an identity provider's address without encryption",
    Check::Provider(plain_http)
);
pub(in crate::rules) static MALFORMED_URL: Lint = lint!(
    "CVAT047",
    "malformed-url",
    Error,
    "a URL that does not parse",
    Check::Provider(malformed_url)
);

fn plain_http(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for (setting, url) in urls(cx) {
        let Some(parts) = parts(url).filter(|parts| parts.scheme.eq_ignore_ascii_case("http"))
        else {
            continue;
        };
        let severity = match reach(parts.host) {
            Reach::Loopback => continue,
            Reach::Private => Severity::Warning,
            Reach::Public => Severity::Error,
        };
        let problem = cx
            .value_problem(format!("{} is not encrypted", setting.card.key), setting)
            .severity(severity)
            .why("whoever can change the answer on its way chooses the keys that CVAT trusts")
            .remedy(format!("https{}", &url[parts.scheme.len()..]));
        out.report(&PLAIN_HTTP.rule, with_https(cx, setting, problem));
    }
}

fn with_https(cx: &ProviderSubject<'_>, setting: &Setting<'_>, problem: Problem) -> Problem {
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let scheme = setting.value().and_then(|value| edits::part(source, value, 0, "http".len()));
    match scheme {
        Some(span) => problem.unsafe_fix("write https", vec![(span, "https".to_owned())]),
        None => problem,
    }
}

fn malformed_url(cx: &ProviderSubject<'_>, out: &mut Findings) {
    for (setting, url) in urls(cx) {
        let Some(fault) = fault(url, setting.card.role) else { continue };
        let problem = cx
            .value_problem(
                format!("{} is not a usable URL: {}", setting.card.key, fault.what),
                setting,
            )
            .why("CVAT fetches or redirects to exactly this text");
        let problem = match fault.instead {
            Some(instead) => problem.remedy(instead),
            None => problem.remedy("an absolute URL: https://host/path"),
        };
        out.report(&MALFORMED_URL.rule, problem);
    }
}

/// The addresses of a provider that its own protocol reads.
fn urls<'s>(cx: &ProviderSubject<'s>) -> impl Iterator<Item = (&'s Setting<'s>, &'s str)> {
    let protocol = cx.provider.protocol;
    let settings = cx.provider.settings.iter().filter(move |setting| {
        setting.card.kind == Kind::Url && (protocol.is_none() || setting.card.protocol == protocol)
    });
    settings.filter_map(|setting| Some((setting, setting.text()?)))
}

struct UrlFault {
    what: &'static str,
    instead: Option<String>,
}

fn fault(url: &str, role: Role) -> Option<UrlFault> {
    let of = |what| Some(UrlFault { what, instead: None });
    if url.trim() != url {
        return Some(UrlFault {
            what: "white space around it",
            instead: Some(url.trim().to_owned()),
        });
    }
    if url.contains(char::is_whitespace) {
        return of("white space inside");
    }
    let Some(parts) = parts(url) else { return Some(without_scheme(url)) };
    if !["http", "https"].iter().any(|scheme| parts.scheme.eq_ignore_ascii_case(scheme)) {
        let is_slip = strsim::damerau_levenshtein(parts.scheme, "https") <= 2;
        let instead = is_slip.then(|| format!("https{}", &url[parts.scheme.len()..]));
        return Some(UrlFault { what: "its scheme is neither https nor http", instead });
    }
    if parts.host.is_empty() {
        return of("it has no host");
    }
    if parts.host.contains("..") || parts.host.starts_with('.') {
        return of("its host has an empty label");
    }
    if let Err(error) = Url::parse(url) {
        return of(described(error));
    }
    let is_base = role == Role::IssuerUrl && !url.contains("/.well-known/");
    if is_base && url.contains(['?', '#']) {
        return of("discovery would be appended behind its query or fragment");
    }
    None
}

fn without_scheme(url: &str) -> UrlFault {
    let slip = ["https:/", "http:/", "https//", "http//", "https:", "http:", "//"];
    let rest = slip.iter().find_map(|start| url.strip_prefix(start)).unwrap_or(url);
    let host = rest.trim_start_matches('/').split(['/', ':']).next().unwrap_or(rest);
    let instead = host.contains('.').then(|| format!("https://{}", rest.trim_start_matches('/')));
    UrlFault { what: "it does not begin with https://", instead }
}

fn described(error: url::ParseError) -> &'static str {
    match error {
        url::ParseError::InvalidPort => "its port is not a number up to 65535",
        url::ParseError::EmptyHost => "it has no host",
        url::ParseError::InvalidIpv4Address | url::ParseError::InvalidIpv6Address => {
            "its address is not an IP address"
        }
        _ => "its host is not a host name",
    }
}
