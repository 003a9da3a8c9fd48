//! The address below which discovery is found.

use crate::idps;
use crate::libraries::allauth::{DISCOVERY_SUFFIX, discovery_url};
use crate::model::{Protocol, Role};
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static TENANT_ID_AS_HOST: Lint = lint!(
    "CVAT010",
    "tenant-id-as-host",
    Error,
    "`server_url` uses a tenant id as its host name",
    Check::Provider(tenant_id_as_host)
);
pub(in crate::rules) static TRAILING_SLASH: Lint = lint!(
    "CVAT011",
    "trailing-slash-in-server-url",
    Warning,
    "`server_url` ends with a slash, so discovery is asked for with two",
    Check::Provider(trailing_slash)
);
pub(in crate::rules) static WELL_KNOWN_SUFFIX: Lint = lint!(
    "CVAT012",
    "well-known-suffix-in-server-url",
    Info,
    "`server_url` is the whole discovery address",
    Check::Provider(well_known_suffix)
);

fn tenant_id_as_host(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = server_url(cx) else { return };
    let Some(parts) = parts(url).filter(|_| host_is_tenant(url)) else { return };
    let mut fixed = url.to_owned();
    fixed.insert_str(parts.host_start, ENTRA_HOST);
    let fixed = fixed.trim_end_matches('/').to_owned();
    let problem = cx
        .value_problem("server_url uses the tenant id as its host name", setting)
        .label("no such host: a tenant id belongs in the path")
        .why("CVAT appends /.well-known/openid-configuration and asks this host for it at every login")
        .remedy(&*fixed);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let bare = url.trim_end_matches('/');
    // Around the rest of the URL, which may hold a password.
    let part =
        |start, end| setting.value().and_then(|value| edits::part(source, value, start, end));
    let edit = part(parts.host_start, parts.host_start).zip(part(bare.len(), url.len()));
    let edit = edit.map(|(host, slashes)| {
        let cut = (!slashes.is_empty()).then(|| (slashes, String::new()));
        std::iter::once((host, ENTRA_HOST.to_owned())).chain(cut).collect::<Vec<_>>()
    });
    let title = "put Entra's host before the tenant";
    let is_guid = idps::is_guid(parts.host);
    out.report(
        &TENANT_ID_AS_HOST.rule,
        match edit {
            Some(edit) if is_guid => problem.safe_fix(title, edit),
            Some(edit) => problem.unsafe_fix(title, edit),
            None => problem,
        },
    );
}

fn trailing_slash(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = server_url(cx) else { return };
    let has_path = parts(url).is_some_and(|parts| !parts.path.is_empty());
    if !url.ends_with('/') || !has_path || url.contains("/.well-known/") || host_is_tenant(url) {
        return;
    }
    let bare = url.trim_end_matches('/');
    let problem = cx
        .value_problem(
            "the slash at the end of server_url is doubled in the address that CVAT asks",
            setting,
        )
        .why(format!(
            "CVAT asks {}; some identity providers answer 404 to the double slash",
            discovery_url(url)
        ))
        .remedy(bare);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let slashes =
        setting.value().and_then(|value| edits::part(source, value, bare.len(), url.len()));
    out.report(
        &TRAILING_SLASH.rule,
        match slashes {
            Some(span) => problem.safe_fix("take the slash away", vec![(span, String::new())]),
            None => problem,
        },
    );
}

fn well_known_suffix(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, url)) = server_url(cx) else { return };
    let Some(issuer) = url.trim_end_matches('/').strip_suffix(DISCOVERY_SUFFIX) else { return };
    let bare = issuer.trim_end_matches('/');
    let problem = cx
        .value_problem("server_url is the whole discovery address", setting)
        .why("CVAT's library uses it as it is; the form without the suffix is the documented one")
        .remedy(bare);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let suffix =
        setting.value().and_then(|value| edits::part(source, value, bare.len(), url.len()));
    out.report(
        &WELL_KNOWN_SUFFIX.rule,
        match suffix {
            Some(span) => problem.safe_fix("take the suffix away", vec![(span, String::new())]),
            None => problem,
        },
    );
}

fn server_url<'s>(cx: &ProviderSubject<'s>) -> Option<(&'s crate::model::Setting<'s>, &'s str)> {
    cx.text(Role::IssuerUrl).filter(|_| cx.speaks(Protocol::Oidc))
}

/// Whether the host is a bare tenant: a GUID, or a name without a dot under which the path says
/// Entra's version 2.
pub(super) fn host_is_tenant(url: &str) -> bool {
    parts(url).is_some_and(|parts| {
        let path = parts.path.strip_suffix(DISCOVERY_SUFFIX).unwrap_or(parts.path);
        idps::is_guid(parts.host)
            || (!parts.host.contains(['.', ':'])
                && !parts.host.eq_ignore_ascii_case("localhost")
                && path.trim_end_matches('/') == "/v2.0")
    })
}

const ENTRA_HOST: &str = "login.microsoftonline.com/";
