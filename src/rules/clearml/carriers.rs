//! Where settings stand: the service, the address, the button, and secrets in the open.

use std::collections::BTreeMap;

use crate::apps::clearml::{Entry, Value};
use crate::carriers::{Carrier, Group};
use crate::deployment::FileKind;
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::card::lint;
use crate::rules::clearml::context::Context;
use crate::rules::urls::parts;
use crate::rules::{Check, Lint};

pub(in crate::rules) static WRONG_SERVICE: Lint = lint!(
    "CLR054",
    "variables-on-wrong-service",
    Warning,
    "SSO variables stand on a service that does not read them",
    Check::Elsewhere
);
pub(in crate::rules) static API_HOST: Lint = lint!(
    "CLR061",
    "callback-on-api-host",
    Warning,
    "the callback address is the API server's",
    Check::Elsewhere
);
pub(in crate::rules) static EQUAL_NAMES: Lint = lint!(
    "CLR072",
    "display-names-equal",
    Warning,
    "two providers show the same button label",
    Check::Elsewhere
);
pub(in crate::rules) static PLAIN_SECRET: Lint = lint!(
    "CLR073",
    "plain-clearml-secret",
    Warning,
    "a secret stands in plain text",
    Check::Elsewhere
);

pub(super) fn judge(cx: &Context<'_>, out: &mut Findings) {
    wrong_service(cx, out);
    api_host(cx, out);
    equal_names(cx, out);
    for entry in &cx.server.entries {
        plain_secret(cx, entry, out);
    }
}

fn is_api_server(group: &Group) -> bool {
    let name: String = group.name.chars().filter(char::is_ascii_alphanumeric).collect();
    name.to_ascii_lowercase().contains("api")
}

fn wrong_service(cx: &Context<'_>, out: &mut Findings) {
    for (at, from) in cx.server.carryings.iter().enumerate() {
        if from.part.kind != FileKind::Compose {
            continue;
        }
        let groups = &from.carried.groups;
        let has_server = groups.iter().any(is_api_server);
        for (index, group) in groups.iter().enumerate() {
            let mut own = cx.server.entries.iter().filter(|entry| {
                let variable = cx.server.variable(entry);
                entry.variable.is_some_and(|(from, _)| from == at)
                    && variable.is_some_and(|variable| variable.group == index)
            });
            let Some(first) = own.next() else { continue };
            if is_api_server(group) || !(has_server || is_other_service(group)) {
                continue;
            }
            let problem = cx
                .at_name(
                    format!("the service {} does not read this", Context::shown(&group.name)),
                    first,
                )
                .why("logins are made by the API server, so its service alone is told of them")
                .remedy("the same lines under services.apiserver.environment");
            out.report(&WRONG_SERVICE.rule, problem);
        }
    }
}

/// Whether a service is one of ClearML's others, or a thing that it needs.
fn is_other_service(group: &Group) -> bool {
    let image = group.image.as_deref().unwrap_or_default();
    OTHERS.iter().any(|other| group.name.contains(other) || image.contains(other))
}

fn api_host(cx: &Context<'_>, out: &mut Findings) {
    let Some(base) = cx.subject.base_url() else { return };
    let Some(parts) = parts(base) else { return };
    let port = url::Url::parse(base).ok().and_then(|url| url.port());
    if !parts.host.to_ascii_lowercase().starts_with("api.") && port != Some(8008) {
        return;
    }
    let Some(given) = cx.server.providers.first() else { return };
    let problem = cx
        .at_provider("the given address is the API server's, not the web application's", given)
        .why("the identity provider sends browsers back to the web application: app. or port 8080")
        .remedy("--base-url with the address that people open in the browser");
    out.report(&API_HOST.rule, problem);
}

fn equal_names(cx: &Context<'_>, out: &mut Findings) {
    let mut seen: BTreeMap<&str, &Entry<'_>> = BTreeMap::new();
    for given in &cx.server.providers {
        let Some((entry, label)) = cx.text(given, "display_name") else { continue };
        let Some(first) = seen.insert(label, entry) else { continue };
        let problem = cx
            .at_value("another provider has the same display_name", entry)
            .related(first.value_place(), "the other one")
            .why(
                "two buttons with one label cannot be told apart, and the server wants them unique",
            )
            .remedy("a name of its own for each");
        out.report(&EQUAL_NAMES.rule, problem);
    }
}

fn plain_secret(cx: &Context<'_>, entry: &Entry<'_>, out: &mut Findings) {
    let is_secret = entry.card().is_some_and(|card| card.card.secret);
    let is_plain = matches!(&entry.value, Value::Text(text, _) if !text.trim().is_empty())
        || matches!(entry.value, Value::Odd(_) | Value::Unparsable(_));
    if !is_secret || !is_plain || !is_open(cx, entry) {
        return;
    }
    let problem: Problem = cx
        .at_value(format!("{} stands here in plain text", entry.spot.rest), entry)
        .why("such files are copied, shown and kept in version control")
        .remedy("${NAME} from an env file in Compose, valueFrom with a secretKeyRef in Kubernetes, secure.conf on the server");
    out.report(&PLAIN_SECRET.rule, problem);
}

/// Whether the text of an entry is none that is meant for secrets.
fn is_open(cx: &Context<'_>, entry: &Entry<'_>) -> bool {
    let Some(variable) = cx.server.variable(entry) else {
        let name = entry.file.as_deref().unwrap_or(entry.document.source.name());
        return entry.file.is_some() || !name.ends_with("secure.conf");
    };
    let text = entry.document.source.text();
    let written = text.get(entry.value_span.range()).unwrap_or_default();
    let is_filled = written.contains("${") || variable.holds_secret;
    let carriers = [Carrier::ComposeList, Carrier::ComposeMap, Carrier::Helm];
    carriers.contains(&variable.carrier) && !is_filled
}

const OTHERS: [&str; 7] =
    ["webserver", "fileserver", "async_delete", "agent", "elastic", "mongo", "redis"];
