//! Fields that the settings API does not take.

use crate::apps::label_studio_saml::{TABLES, facts};
use crate::apps::meant_card;
use crate::deployment::FileKind;
use crate::model::{Role, is_unknown, nearest};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::label_studio::sheet::{Sheet, sheets};
use crate::rules::urls::parts;
use crate::rules::{Check, Lint, Subject, edits};
use crate::source::{KeyPath, Span};
use crate::syntax::tree::{Kind, NodeRef};

pub(in crate::rules) static UNKNOWN_FIELD: Lint = lint!(
    "LS001",
    "unknown-field",
    Warning,
    "a field that the settings API of Label Studio does not take",
    Check::Deployment(unknown_field)
);
pub(in crate::rules) static SCIM_BASE: Lint = lint!(
    "LS024",
    "wrong-scim-base",
    Error,
    "a SCIM address that is not Label Studio's `/scim/v2/`",
    Check::Deployment(scim_base)
);
pub(in crate::rules) static UNSUPPORTED_SCIM_ATTRIBUTE: Lint = lint!(
    "LS026",
    "unsupported-scim-attribute",
    Warning,
    "an attribute that Label Studio's SCIM service answers with an error",
    Check::Deployment(unsupported_attribute)
);

fn unknown_field(cx: &Subject<'_>, out: &mut Findings) {
    let documents = cx.deployment.settings_documents();
    for document in documents {
        let is_map = document.tree.root().is_some_and(|root| root.entries().is_some());
        if !is_map {
            let span = document.tree.root().map_or(Span::at(0), NodeRef::span);
            let place = document.place(Span::at(span.start), KeyPath::default());
            let problem = Problem::new("these are no settings: a map of fields is meant", place)
                .severity(Severity::Error)
                .why("the API takes one JSON object")
                .remedy("{\"domain\": ..., \"metadata_url\": ..., ...}");
            out.report(&UNKNOWN_FIELD.rule, problem);
        }
    }
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_judged) {
        for (key, _) in sheet.root.pairs().into_iter().flatten() {
            judge_key(cx, sheet, key, out);
        }
    }
}

fn judge_key(cx: &Subject<'_>, sheet: &Sheet<'_>, key: NodeRef<'_>, out: &mut Findings) {
    let Some(name) = key.scalar().map(|scalar| scalar.text.as_str()) else { return };
    let is_answer = !sheet.is_scim && cx.deployment.main_kind == FileKind::Answer;
    let mut cards = cx.app.provider_settings.iter().chain(&cx.app.fields);
    let place = sheet.place(key.span(), KeyPath::default().key(name));
    if sheet.is_scim {
        let is_known = TABLES.contains(&name)
            || BASE_KEYS.contains(&name)
            || ATTRIBUTE_KEYS.contains(&name)
            || facts().unsupported_scim_attributes.has(name);
        let meant = nearest(name, TABLES).map(|(meant, _)| (meant, true));
        if !is_known {
            out.report(&UNKNOWN_FIELD.rule, unknown(sheet, key, name, meant, place));
        }
        return;
    }
    if let Some(card) = cards.find(|card| card.key == name) {
        let is_computed = matches!(card.role, Role::Callback | Role::Computed);
        if is_computed && !is_answer {
            let problem = Problem::new(format!("{name} cannot be set"), place)
                .why("Label Studio computes it; a request that names it changes nothing there")
                .remedy("the body without it");
            out.report(&UNKNOWN_FIELD.rule, problem);
        }
        return;
    }
    let meant = meant_card(&cx.app.provider_settings, name)
        .or_else(|| meant_card(&cx.app.fields, name))
        .map(|card| card.key.as_str());
    let is_slip = meant.is_some_and(|meant| nearest(name, [meant]).is_some());
    // A newer release can answer with more than is known here.
    if is_answer && !is_slip {
        return;
    }
    let meant = meant.map(|meant| (meant, is_slip));
    out.report(&UNKNOWN_FIELD.rule, unknown(sheet, key, name, meant, place));
}

fn unknown(
    sheet: &Sheet<'_>,
    key: NodeRef<'_>,
    name: &str,
    meant: Option<(&str, bool)>,
    place: crate::problem::Place,
) -> Problem {
    let problem = Problem::new(format!("Label Studio's settings have no field `{name}`"), place)
        .why("the API does not keep what it does not know, so this has no effect");
    // Where the right field stands too, a rename would make it twice.
    let Some((meant, is_slip)) = meant else {
        return problem.remedy("the settings without it, or the field that is meant");
    };
    let problem = problem.label(format!("did you mean {meant}?")).remedy(meant);
    if sheet.root.get(meant).is_some() {
        return problem;
    }
    match edits::text(&sheet.document.source, key, meant) {
        Some(edits) if is_slip => problem.safe_fix(format!("rename it to {meant}"), edits),
        Some(edits) => problem.unsafe_fix(format!("rename it to {meant}"), edits),
        None => problem,
    }
}

fn scim_base(cx: &Subject<'_>, out: &mut Findings) {
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_scim && sheet.is_judged) {
        for (key, value) in sheet.root.pairs().into_iter().flatten() {
            let Some(name) = key.key_text().filter(|name| BASE_KEYS.contains(name)) else {
                continue;
            };
            let text = value.scalar().filter(|scalar| scalar.kind == Kind::Text);
            let Some(text) = text.filter(|_| !is_unknown(value)) else { continue };
            let Some(parts) = parts(&text.text) else { continue };
            let path = parts.path.trim_end_matches('/');
            if path == "/scim/v2" || path == "/scim" {
                continue;
            }
            let place = sheet.place(value.span(), KeyPath::default().key(name));
            let problem = Problem::new(
                "this is not the base of Label Studio's SCIM service",
                place,
            )
            .why("the identity provider adds /Users and /Groups to it, and finds nothing there")
            .remedy(format!("{}://{}/scim/v2/", parts.scheme, authority(&text.text)));
            out.report(&SCIM_BASE.rule, problem);
        }
    }
}

/// Host and port as written.
fn authority(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn unsupported_attribute(cx: &Subject<'_>, out: &mut Findings) {
    let is_unsupported = |name: &str| facts().unsupported_scim_attributes.has(name);
    for sheet in sheets(cx).iter().filter(|sheet| sheet.is_scim && sheet.is_judged) {
        for (key, value) in sheet.root.pairs().into_iter().flatten() {
            let name = key.key_text().unwrap_or_default();
            let path = KeyPath::default().key(name);
            if is_unsupported(name) {
                report_attribute(sheet, key, name, path, out);
                continue;
            }
            if !ATTRIBUTE_KEYS.contains(&name) {
                continue;
            }
            for (index, item) in value.items().into_iter().flatten().enumerate() {
                let text = item.scalar().map_or("", |scalar| scalar.text.as_str());
                if is_unsupported(text) {
                    report_attribute(sheet, item, text, path.index(index), out);
                }
            }
            for (inner, _) in value.pairs().into_iter().flatten() {
                let text = inner.key_text().unwrap_or_default();
                if is_unsupported(text) {
                    report_attribute(sheet, inner, text, path.key(text), out);
                }
            }
        }
    }
}

fn report_attribute(
    sheet: &Sheet<'_>,
    node: NodeRef<'_>,
    name: &str,
    path: KeyPath,
    out: &mut Findings,
) {
    let place = sheet.place(node.span(), path);
    let problem = Problem::new(format!("Label Studio does not support the attribute {name}"), place)
        .why("its SCIM service answers 501 to a request that carries it, and the user is not provisioned")
        .remedy("delete this attribute from the provisioning mapping at the identity provider");
    out.report(&UNSUPPORTED_SCIM_ATTRIBUTE.rule, problem);
}

/// Names under which people keep the address beside the tables.
const BASE_KEYS: [&str; 6] =
    ["base_url", "scim_base_url", "scim_url", "tenant_url", "scim_tenant_url", "base_scim_url"];
/// Names under which people keep the attributes that are sent.
const ATTRIBUTE_KEYS: [&str; 4] =
    ["attributes", "attribute_mapping", "attribute_mappings", "user_attributes"];
