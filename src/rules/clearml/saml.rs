//! SAML: whose entity id, which metadata, and what attributes are called.

use crate::apps::clearml::Given;
use crate::apps::clearml::keys::Family;
use crate::carriers::EmbeddedFile;
use crate::deployment::Carrying;
use crate::idps;
use crate::libraries::pysaml2;
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::clearml::companies::is_stray;
use crate::rules::clearml::context::{Context, at_value};
use crate::rules::{Check, Lint};
use crate::saml::metadata::{self, Metadata};
use crate::xml::Limits;

pub(in crate::rules) static IDP_ENTITY_ID: Lint = lint!(
    "CLR030",
    "idp-entity-id-as-own",
    Warning,
    "entity_id is the identity provider's, not the server's",
    Check::Elsewhere
);
pub(in crate::rules) static NO_METADATA: Lint = lint!(
    "CLR031",
    "not-idp-metadata",
    Error,
    "the metadata file is no SAML metadata of an identity provider",
    Check::Elsewhere
);
pub(in crate::rules) static NOT_MOUNTED: Lint = lint!(
    "CLR034",
    "metadata-file-not-mounted",
    Error,
    "the metadata file is not mounted where the setting looks",
    Check::Elsewhere
);
pub(in crate::rules) static RENAMED_CLAIM: Lint = lint!(
    "CLR035",
    "claim-renamed-by-pysaml2",
    Warning,
    "a claim name does not match after the library renames it",
    Check::Elsewhere
);
pub(in crate::rules) static DEFAULT_CLAIMS: Lint = lint!(
    "CLR036",
    "claim-defaults-apply",
    Info,
    "the default claim names apply to Microsoft AD",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    for given in cx.server.providers.iter().filter(|given| given.family == Family::Saml) {
        let embedded = cx.text(given, FILE).and_then(|(_, path)| embedded(cx, path));
        let metadata = embedded.and_then(|(_, file)| {
            let text = file.text.as_deref()?;
            Some(metadata::read(text, Limits::default()))
        });
        let read = metadata.as_ref().and_then(|read| read.as_ref().ok());
        idp_entity_id(cx, given, read, out);
        if let (Some((from, file)), Some(read)) = (embedded, &metadata) {
            no_metadata(given, from, file, read, out);
        }
        not_mounted(cx, given, out);
        if given.key == "microsoft_ad" {
            for key in CLAIMS {
                renamed_claim(cx, given, key, out);
            }
            default_claims(cx, given, out);
        }
    }
}

/// The last step of a path.
fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The file of a path, where its text stands in a carrier.
fn embedded<'c>(cx: &'c Context<'_>, path: &str) -> Option<(&'c Carrying<'c>, &'c EmbeddedFile)> {
    let name = file_name(path);
    cx.server.carryings.iter().find_map(|from| {
        let file = from.carried.files.iter().find(|file| file.name == name)?;
        Some((from, file))
    })
}

fn idp_entity_id(cx: &Context<'_>, given: &Given, read: Option<&Metadata>, out: &mut Findings) {
    let Some((entry, id)) = cx.text(given, "entity_id") else { return };
    let is_in_metadata =
        read.is_some_and(|read| read.identity_providers().any(|idp| idp.entity_id.value == id));
    let known = idps::recognise(id);
    let message = if is_in_metadata {
        "this is the entity id of the identity provider: its metadata says so".to_owned()
    } else if known.is_generic() {
        return;
    } else {
        format!("this looks like an entity id of {}", known.name)
    };
    let problem = at_value(message, entry)
        .why("entity_id is the server's own name, which the identity provider puts into the audience; the response is refused where the two differ")
        .remedy("the identifier under which ClearML is registered at the identity provider");
    out.report(&IDP_ENTITY_ID.rule, problem);
}

fn no_metadata(
    given: &Given,
    from: &Carrying<'_>,
    file: &EmbeddedFile,
    read: &Result<Metadata, metadata::Unreadable>,
    out: &mut Findings,
) {
    let text = file.text.as_deref().unwrap_or_default();
    if crate::model::is_filled_in_later(text.trim()) {
        return;
    }
    let message = match read {
        Ok(read) if read.identity_providers().next().is_some() => return,
        Ok(read) if read.is_of_service_providers() => {
            "this is metadata of a service provider, not of an identity provider"
        }
        Ok(_) => "this metadata describes no identity provider",
        Err(error) if error.is_limit() => return,
        Err(_) if text.contains("<test>") => "this is the sample of the guide, not SAML metadata",
        Err(_) => "this is not SAML metadata",
    };
    let mut problem = Problem::new(message, from.document.place(file.span, file.path.clone()))
        .why("the server takes endpoint and certificate of the identity provider from this file")
        .remedy("the metadata XML as the identity provider offers it for download");
    problem.provider = Some(given.key.clone());
    out.report(&NO_METADATA.rule, problem);
}

fn not_mounted(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let Some((entry, path)) = cx.text(given, FILE) else { return };
    let is_address = path.contains("://");
    let is_there = cx.server.carryings.iter().any(|from| {
        let mut mounts = from.carried.mounts.iter();
        let mut files = from.carried.files.iter();
        mounts.any(|mount| is_below(path, mount.target.trim_end_matches('/')))
            || files.any(|file| path == format!("{DEFAULT}/{}", file.name))
    });
    if is_there {
        return;
    }
    let is_certain = is_address || cx.knows_all(entry);
    let message = if is_address {
        "idp_metadata_file is an address, and has to be a file".to_owned()
    } else {
        format!("nothing is mounted at {}", Context::shown(path))
    };
    let remedy = match embedded(cx, path) {
        Some((_, file)) => format!("{DEFAULT}/{}", Context::shown(&file.name)),
        None => "the path inside the container, and the file mounted there".to_owned(),
    };
    let problem = at_value(message, entry)
        .severity(if is_certain { Severity::Error } else { Severity::Info })
        .why("the server opens the file inside its container, where no file of the host is seen unless it is mounted")
        .remedy(remedy);
    out.report(&NOT_MOUNTED.rule, problem);
}

fn is_below(path: &str, target: &str) -> bool {
    path.strip_prefix(target).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// What Entra sends, and what the library makes of it.
fn entra_names() -> impl Iterator<Item = (&'static str, String)> {
    let entra = idps::by_id("entra").into_iter();
    let sent = entra.flat_map(|idp| idp.facts().attributes.sent.iter().map(|sent| sent.name));
    sent.chain(MORE).map(|name| (name, pysaml2::delivered(name, None).into_owned()))
}

fn renamed_claim(cx: &Context<'_>, given: &Given, key: &str, out: &mut Findings) {
    let Some((entry, claim)) = cx.text(given, key) else { return };
    if entra_names().any(|(_, delivered)| delivered == claim) {
        return;
    }
    let own = pysaml2::delivered(claim, None);
    let is_name = |name: &str| {
        name.eq_ignore_ascii_case(claim) || file_name(name).eq_ignore_ascii_case(claim)
    };
    let found = entra_names()
        .find(|(name, delivered)| is_name(name) || delivered.eq_ignore_ascii_case(claim));
    let right = match found {
        Some((_, delivered)) => delivered,
        None if own != claim && claim.contains("://") => own.into_owned(),
        None => return,
    };
    let problem = at_value(format!("no attribute arrives under this name: the server sees {right}"), entry)
        .why("pysaml2 renames the attributes that it knows before ClearML looks for them, and leaves all others as Entra sends them")
        .remedy(right);
    out.report(&RENAMED_CLAIM.rule, problem);
}

fn default_claims(cx: &Context<'_>, given: &Given, out: &mut Findings) {
    let needed = ["claims.object_id", "claims.name", "claims.email"];
    let absent: Vec<&str> =
        needed.into_iter().filter(|key| cx.server.setting(given, key).is_none()).collect();
    if absent.is_empty() || is_stray(cx, given) || !cx.counts(given) {
        return;
    }
    let problem = cx
        .at_provider(format!("the default holds for {}", absent.join(", ")), given)
        .why("the default names objectidentifier, displayname and emailaddress are not what arrives from Entra unless its claims were renamed")
        .remedy("claims__object_id, claims__name and claims__email as the guide has them");
    out.report(&DEFAULT_CLAIMS.rule, problem);
}

/// The setting that names the metadata.
const FILE: &str = "idp_metadata_file";
/// Where files of the chart's values appear.
const DEFAULT: &str = "/opt/clearml/config/default";
const CLAIMS: [&str; 5] =
    ["claims.object_id", "claims.name", "claims.email", "claims.given_name", "claims.surname"];
/// Claims of Entra that the guide of ClearML names.
const MORE: [&str; 3] = [
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups",
];
