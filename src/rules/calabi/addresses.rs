//! Addresses of Calabi that are registered at an identity provider.

use crate::apps::calabi::{Section, registered, section};
use crate::idps::Idp;
use crate::model::{Protocol, Setting};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::calabi::field_at;
use crate::rules::card::lint;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, ProviderSubject, Subject};

pub(in crate::rules) static WRONG_ACS_URL: Lint = lint!(
    "CAL001",
    "wrong-acs-url",
    Error,
    "the registered ACS URL is not Calabi's",
    Check::Provider(provider)
);
pub(in crate::rules) static WRONG_ENTITY_ID: Lint = lint!(
    "CAL002",
    "wrong-sp-entity-id",
    Error,
    "the registered entity id is not Calabi's",
    Check::Elsewhere
);
pub(in crate::rules) static SWAPPED: Lint = lint!(
    "CAL003",
    "swapped-acs-url-and-entity-id",
    Error,
    "ACS URL and entity id are registered in each other's place",
    Check::Elsewhere
);
pub(in crate::rules) static WRONG_HOST: Lint = lint!(
    "CAL004",
    "wrong-scheme-or-host",
    Error,
    "an address that is not https, or not on Calabi's domain",
    Check::Settings(domain)
);
pub(in crate::rules) static WRONG_SLO_URL: Lint = lint!(
    "CAL009",
    "wrong-slo-url",
    Error,
    "the registered logout address is not Calabi's",
    Check::Elsewhere
);
pub(in crate::rules) static WRONG_SCIM_URL: Lint = lint!(
    "CAL030",
    "wrong-scim-base-url",
    Error,
    "the registered SCIM address is not Calabi's",
    Check::Settings(scim)
);

/// An address that Calabi has once for each domain.
struct Own {
    /// Its key in the sheet.
    key: &'static str,
    /// What people call it.
    name: &'static str,
    /// What goes wrong otherwise.
    why: &'static str,
    /// Who reports another path.
    lint: &'static Lint,
}

fn provider(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let found = registered(cx.provider);
    let is_swapped = swapped(cx, &found, out);
    for own in &REGISTERED {
        let path_counts = !is_swapped || own.key == "slo_url";
        judge(cx.subject, &found, own, cx.idp, path_counts, out);
    }
}

fn scim(cx: &Subject<'_>, out: &mut Findings) {
    let idp = crate::idps::recognise("");
    judge(cx, &section(cx.config.root, "scim"), &SCIM, idp, true, out);
}

fn swapped(cx: &ProviderSubject<'_>, found: &Section<'_>, out: &mut Findings) -> bool {
    let path = |key| Some(parts(found.text(key)?.1)?.path);
    let (acs, entity_id) = (path("acs_url"), path("entity_id"));
    let is_swapped = acs == Some(own_path(cx.subject, "entity_id").as_str())
        && entity_id == Some(own_path(cx.subject, "acs_url").as_str());
    if !is_swapped {
        return false;
    }
    let place = |key| cx.subject.value_place(found.setting(key));
    let message = "the ACS URL is Calabi's entity id, and the entity id its ACS URL";
    let problem = Problem::new(message, place("acs_url"))
        .related(place("entity_id"), "the other one")
        .why("answers are sent to an address that takes none, for an audience that is not Calabi")
        .remedy(format!(
            "{} in {}, and {} in {}",
            own_address(cx.subject, "acs_url"),
            field_at(cx.idp, "acs_url", "the ACS URL"),
            own_address(cx.subject, "entity_id"),
            field_at(cx.idp, "entity_id", "the entity id"),
        ));
    out.report(&SWAPPED.rule, problem);
    true
}

fn judge(
    cx: &Subject<'_>,
    found: &Section<'_>,
    own: &Own,
    idp: &Idp,
    path_counts: bool,
    out: &mut Findings,
) {
    let Some((setting, url)) = found.text(own.key) else { return };
    let address = own_address(cx, own.key);
    let remedy = format!("{address} in {}", field_at(idp, own.key, own.name));
    if let Some(message) = wrong_host(cx, own, url) {
        let problem = Problem::new(message, cx.value_place(setting)).why(own.why).remedy(&remedy);
        out.report(&WRONG_HOST.rule, problem);
    }
    let path = own_path(cx, own.key);
    let Some(parts) = parts(url).filter(|parts| path_counts && parts.path != path) else { return };
    let message = if parts.path.trim_end_matches('/') == path {
        format!("{} ends with a slash that Calabi's address does not have", own.name)
    } else if parts.path.eq_ignore_ascii_case(&path) {
        format!("{} is written in other letters than Calabi's address: {path}", own.name)
    } else {
        format!("{} must end with {path}, got {}", own.name, cx.shown(setting))
    };
    let problem = Problem::new(message, cx.value_place(setting)).why(own.why).remedy(remedy);
    out.report(&own.lint.rule, problem);
}

/// What is wrong with an address up to its path.
fn wrong_host(cx: &Subject<'_>, own: &Own, url: &str) -> Option<String> {
    let Some(parts) = parts(url) else {
        return Some(format!(
            "{} is no absolute URL: it has no https:// at its beginning",
            own.name
        ));
    };
    if !parts.scheme.eq_ignore_ascii_case("https") {
        return Some(format!("{} must be https, got {}", own.name, parts.scheme.escape_debug()));
    }
    let authority = &url[parts.scheme.len() + 3..url.len() - parts.path.len()];
    let wanted = authority_of(cx.base_url()?);
    // An entity id is compared byte for byte; a host in an address is not.
    let is_same =
        authority == wanted || (own.key != "entity_id" && authority.eq_ignore_ascii_case(wanted));
    (!is_same).then(|| {
        let authority = authority.rsplit('@').next().unwrap_or_default().escape_debug();
        format!("{} must be on {wanted}, got {authority}", own.name)
    })
}

fn domain(cx: &Subject<'_>, out: &mut Findings) {
    let domain = cx.config.settings.iter().find(|setting| setting.card.key == "domain");
    let Some((setting, text)) = domain.and_then(|setting| Some((setting, setting.text()?))) else {
        return;
    };
    if !text.contains(['/', '@', ' ', '?', '#']) {
        return;
    }
    let problem = Problem::new(
        format!("domain must be the bare host name of Calabi, got {}", cx.shown(setting)),
        cx.value_place(setting),
    )
    .why("every address to register is built from it: https://, the domain, and a path")
    .remedy(bare(setting).unwrap_or_else(|| "such as calabi.acme.test".to_owned()));
    out.report(&WRONG_HOST.rule, problem);
}

fn bare(domain: &Setting<'_>) -> Option<String> {
    let host = parts(domain.text()?)?.host;
    (!host.is_empty()).then(|| format!("domain: {host}"))
}

fn own_path(cx: &Subject<'_>, key: &str) -> String {
    address(cx, key, Some("")).unwrap_or_default()
}

/// The whole address; with `…` where the domain is not known.
fn own_address(cx: &Subject<'_>, key: &str) -> String {
    let base = cx.base_url().map(|base| format!("https://{}", authority_of(base)));
    address(cx, key, base.as_deref()).unwrap_or_default()
}

fn address(cx: &Subject<'_>, key: &str, base: Option<&str>) -> Option<String> {
    match key {
        "acs_url" => cx.app.callback(Protocol::Saml, base, ""),
        "entity_id" => cx.app.saml_entity_id(base, ""),
        "slo_url" => {
            let template = cx.app.urls.saml_slo.as_ref()?;
            Some(template.replace("{base}", base.unwrap_or("…")))
        }
        _ => cx.app.callback(Protocol::Scim, base, ""),
    }
}

/// Host and port of an address.
fn authority_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

const REGISTERED: [Own; 3] = [
    Own {
        key: "acs_url",
        name: "the ACS URL",
        why: "answers of the identity provider then miss Calabi, and the login goes round in circles",
        lint: &WRONG_ACS_URL,
    },
    Own {
        key: "entity_id",
        name: "the entity id",
        why: "it is the audience of every assertion, and Calabi takes only those that name itself",
        lint: &WRONG_ENTITY_ID,
    },
    Own {
        key: "slo_url",
        name: "the logout address",
        why: "a logout at the identity provider would not reach Calabi",
        lint: &WRONG_SLO_URL,
    },
];
const SCIM: Own = Own {
    key: "base_url",
    name: "the SCIM base address",
    why: "the identity provider appends /Users and /Groups to it; elsewhere nobody answers",
    lint: &WRONG_SCIM_URL,
};
