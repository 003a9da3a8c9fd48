//! What goes wrong with Microsoft Entra ID.

use crate::idps;
use crate::libraries::allauth::DISCOVERY_SUFFIX;
use crate::model::{Protocol, Role, Setting};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::cvat::server_url::host_is_tenant;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, ProviderSubject, edits};

pub(in crate::rules) static V1_ENDPOINT: Lint = lint!(
    "CVAT013",
    "entra-v1-endpoint",
    Error,
    "`server_url` is Entra's version 1 endpoint",
    Check::Provider(v1_endpoint)
);
pub(in crate::rules) static TENANT_ALIAS: Lint = lint!(
    "CVAT014",
    "entra-tenant-alias",
    Error,
    "`server_url` names an alias instead of a tenant",
    Check::Provider(tenant_alias)
);
pub(in crate::rules) static SECRET_ID: Lint = lint!(
    "CVAT015",
    "entra-secret-id",
    Warning,
    "`client_secret` looks like the id of a secret, not like its value",
    Check::Provider(secret_id)
);
pub(in crate::rules) static NAMEIDENTIFIER_ATTRIBUTE: Lint = lint!(
    "CVAT034",
    "entra-nameidentifier-attribute",
    Warning,
    "a mapping to an attribute that Entra never sends",
    Check::Provider(nameidentifier_attribute)
);
pub(in crate::rules) static EMAIL_VERIFIED: Lint = lint!(
    "CVAT035",
    "entra-email-verified",
    Info,
    "a mapping of `email_verified`, which Entra does not send over SAML",
    Check::Provider(email_verified)
);

/// The server URL on one of Entra's hosts, and the segments of its path.
fn entra_url<'s>(cx: &ProviderSubject<'s>) -> Option<(&'s Setting<'s>, &'s str, Vec<&'s str>)> {
    let (setting, url) = cx.text(Role::IssuerUrl).filter(|_| cx.speaks(Protocol::Oidc))?;
    let parts = parts(url)?;
    let is_login_host = parts.host.to_ascii_lowercase().starts_with("login.");
    (cx.idp.id == "entra" && is_login_host).then(|| {
        let path = parts.path.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_suffix(DISCOVERY_SUFFIX).unwrap_or(path);
        (setting, url, path.split('/').filter(|segment| !segment.is_empty()).collect())
    })
}

fn v1_endpoint(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if let Some(problem) = v1_issuer(cx) {
        out.report(&V1_ENDPOINT.rule, problem);
        return;
    }
    let Some((setting, url, segments)) = entra_url(cx) else { return };
    let is_version = |segment: &str| segment.eq_ignore_ascii_case("v2.0");
    match segments.as_slice() {
        [_, version] if is_version(version) => {}
        [tenant] => out.report(&V1_ENDPOINT.rule, without_version(cx, setting, url, tenant)),
        _ => {
            let problem = cx
                .value_problem("server_url is not the version 2 issuer of Entra", setting)
                .why("CVAT appends /.well-known/openid-configuration, and Entra answers it only behind {tenant id}/v2.0")
                .remedy(V2_ISSUER);
            out.report(&V1_ENDPOINT.rule, problem);
        }
    }
}

fn without_version(
    cx: &ProviderSubject<'_>,
    setting: &Setting<'_>,
    url: &str,
    tenant: &str,
) -> Problem {
    let base = url.find(tenant).map_or(url.len(), |at| at + tenant.len());
    let suffix_start = url.len() - url[base..].trim_start_matches('/').len();
    let rest = if url.ends_with(DISCOVERY_SUFFIX) { suffix_start - 1 } else { url.len() };
    let rest = rest.max(base);
    let source = &cx.subject.document().expect("a provider stands in a document").source;
    let span = setting.value().and_then(|value| edits::part(source, value, base, rest));
    let problem = cx
        .value_problem("server_url is the version 1 endpoint of Entra", setting)
        .label("`/v2.0` is missing behind the tenant id")
        .why("version 1 publishes another issuer than the address says, and CVAT's guide asks for version 2")
        .remedy(format!("{}/v2.0{}", &url[..base], &url[rest..]));
    match span {
        Some(span) => problem.safe_fix("add /v2.0", vec![(span, "/v2.0".to_owned())]),
        None => problem,
    }
}

/// The issuer of version 1, which has a host of its own.
fn v1_issuer(cx: &ProviderSubject<'_>) -> Option<Problem> {
    let (setting, url) = cx.text(Role::IssuerUrl).filter(|_| cx.speaks(Protocol::Oidc))?;
    let host = parts(url)?.host.to_ascii_lowercase();
    (cx.idp.id == "entra" && host.starts_with("sts.")).then(|| {
        cx.value_problem("server_url is the version 1 issuer of Entra", setting)
            .severity(Severity::Warning)
            .why("CVAT's guide asks for version 2, whose issuer has another host and path")
            .remedy(V2_ISSUER)
    })
}

fn tenant_alias(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, _, segments)) = entra_url(cx) else { return };
    let Some(segment) = segments.first() else { return };
    let aliases = &cx.idp.facts().oidc.aliases;
    let Some(alias) = aliases.iter().find(|alias| alias.name.eq_ignore_ascii_case(segment)) else {
        return;
    };
    let (severity, why) = if alias.breaks_issuer {
        (
            Severity::Error,
            format!(
                "discovery there publishes the issuer {}, which the issuer of no token equals",
                alias.issuer
            ),
        )
    } else {
        (
            Severity::Warning,
            "only personal Microsoft accounts can log in there, nobody of an organisation"
                .to_owned(),
        )
    };
    let alias = alias.name;
    let problem = cx
        .value_problem(format!("server_url names the alias `{alias}` instead of a tenant"), setting)
        .severity(severity)
        .why(why)
        .remedy("https://login.microsoftonline.com/{Directory (tenant) ID}/v2.0, as on the app's Overview page");
    out.report(&TENANT_ALIAS.rule, problem);
}

fn secret_id(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some((setting, secret)) = cx.text(Role::ClientSecret) else { return };
    let is_entra = cx.idp.id == "entra"
        || cx.text(Role::IssuerUrl).is_some_and(|(_, url)| host_is_tenant(url));
    if !is_entra || !idps::is_guid(secret.trim()) || !cx.speaks(Protocol::Oidc) {
        return;
    }
    let problem = cx
        .value_problem("client_secret looks like the Secret ID, not like the secret's value", setting)
        .label("Entra's secrets are never GUIDs")
        .why("the token endpoint answers AADSTS7000215 to every login")
        .remedy("Certificates & secrets > Client secrets: copy the column Value; it is shown once, so make a new secret if it is gone");
    out.report(&SECRET_ID.rule, problem);
}

fn nameidentifier_attribute(cx: &ProviderSubject<'_>, out: &mut Findings) {
    if cx.idp.id != "entra" || !cx.speaks(Protocol::Saml) {
        return;
    }
    for setting in &cx.provider.mapping {
        let never = &cx.idp.facts().attributes.never;
        let Some(text) = setting.text().filter(|text| never.iter().any(|name| name.name == *text))
        else {
            continue;
        };
        let problem = cx
            .value_problem("Entra never sends nameidentifier as an attribute", setting)
            .label("travels as NameID only");
        let sent = &cx.idp.facts().attributes.sent;
        let field = setting.card.key.as_str();
        let better = sent.iter().find(|attribute| attribute.suits == Some(field));
        let problem = problem.why(match field {
            "username" => "nothing will match, and CVAT will make up user names from the name or the e-mail address",
            "uid" => "nothing will match; CVAT falls back to the NameID, which changes when its format is changed in Entra",
            _ => "nothing will match, and the field stays empty",
        });
        let problem = problem.remedy(better.map_or_else(
            || "another claim of the app's Attributes & Claims page".to_owned(),
            |attribute| format!("{} (carries the {})", attribute.name, attribute.holds),
        ));
        let source = &cx.subject.document().expect("a provider stands in a document").source;
        let span = setting.value().and_then(|node| edits::part(source, node, 0, text.len()));
        let edit = span.zip(better).map(|(span, better)| vec![(span, better.name.to_owned())]);
        out.report(
            &NAMEIDENTIFIER_ATTRIBUTE.rule,
            match edit {
                Some(edit) => problem.unsafe_fix("map the claim that Entra sends", edit),
                None => problem,
            },
        );
    }
}

fn email_verified(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let Some(setting) = cx.provider.mapped("email_verified").filter(|field| field.is_present())
    else {
        return;
    };
    if cx.idp.id != "entra" || !cx.speaks(Protocol::Saml) {
        return;
    }
    let problem = cx
        .value_problem("Entra cannot send email_verified over SAML", setting)
        .why("the mapping matches nothing; CVAT treats each address as unverified and may send a confirmation mail")
        .remedy("leave email_verified out");
    out.report(&EMAIL_VERIFIED.rule, problem);
}

const V2_ISSUER: &str = "https://login.microsoftonline.com/{Directory (tenant) ID}/v2.0, the ID as on the app's Overview page";
