//! The switches of the SAML library.

use crate::apps::label_studio_environment::LsVariable;
use crate::idps::{self, Idp};
use crate::problem::Problem;
use crate::rule::{Findings, Severity};
use crate::rules::label_studio::environment::{Environment, report};
use crate::rules::label_studio::environment_cards::{
    NO_SIGNATURE, UNCHECKED_METADATA_TLS, UNMET_RESPONSE_SIGNATURE, UNSOLICITED,
};
use crate::source::KeyPath;

pub(super) fn none_required(cx: &Environment<'_>, out: &mut Findings) {
    let process = cx.process;
    let Some(response) = process.lookup(RESPONSE).filter(|set| set.boolean() == Some(false)) else {
        return;
    };
    // Without a word the library asks for neither of the other two.
    let others = [ASSERTIONS, EITHER].map(|name| process.lookup(name));
    let is_off = |set: &Option<LsVariable<'_>>| match set {
        Some(set) => set.boolean() == Some(false),
        None => process.is_complete,
    };
    if !others.iter().all(is_off) {
        return;
    }
    let is_explicit = others.iter().all(Option::is_some);
    let message = if is_explicit {
        "all three signature requirements are off"
    } else {
        "no signature is required: the other two requirements are off unless they are set"
    };
    let mut problem = Problem::new(message, response.place())
        .severity(if is_explicit { Severity::Error } else { Severity::Warning })
        .why("whoever can post a form to Label Studio can log in as anybody with a response that nobody signed")
        .remedy(format!("{ASSERTIONS}=1"));
    for other in others.iter().flatten() {
        problem = problem.related(other.place(), "off as well");
    }
    report(&NO_SIGNATURE.rule, &response, problem, out);
}

/// Told at the settings, which name the identity provider.
pub(super) fn unmet(cx: &Environment<'_>, out: &mut Findings) {
    let Some(response) = cx.process.lookup(RESPONSE).filter(|set| set.boolean() == Some(true))
    else {
        return;
    };
    let Some((idp, problem)) = named_idp(cx) else { return };
    let remedy = match idp.id {
        "entra" => "Signing Option: Sign SAML response and assertion",
        "google" => "Signed response, ticked",
        _ => return,
    };
    let name = &response.variable.name;
    let problem = problem
        .related(response.place(), "required here")
        .why("the response is refused before the assertion is looked at, and every login fails")
        .remedy(format!("at {}: {remedy}; or {name}=0 with {ASSERTIONS}=1", idp.name));
    out.report(&UNMET_RESPONSE_SIGNATURE.rule, problem);
}

/// The identity provider that the settings name, with the beginning of a problem there.
fn named_idp(cx: &Environment<'_>) -> Option<(&'static Idp, Problem)> {
    let document = cx.subject.document()?;
    let root = cx.subject.config.root?;
    ["metadata_url", "metadata_xml"].into_iter().find_map(|key| {
        let (_, value) = root.entry(key)?;
        let text = &value.scalar()?.text;
        let address = match key {
            "metadata_xml" => entity_id(text)?,
            _ => text.as_str(),
        };
        let idp = idps::recognise(address);
        let message = format!(
            "{} signs the assertion alone unless it is told otherwise, and a signed response is required",
            idp.name
        );
        let place = document.place(value.span(), KeyPath::default().key(key));
        (!idp.is_generic()).then(|| (idp, Problem::new(message, place)))
    })
}

/// The entity id in a text of metadata.
fn entity_id(metadata: &str) -> Option<&str> {
    let (_, behind) = metadata.split_once("entityID=")?;
    let quote = behind.chars().next().filter(|c| ['"', '\''].contains(c))?;
    behind[1..].split(quote).next()
}

pub(super) fn unchecked_tls(cx: &Environment<'_>, out: &mut Findings) {
    let Some(set) = switched_on(cx, "DISABLE_SAML_SSL_VALIDATION") else { return };
    let message = "the certificate of the server that sends the metadata is not checked";
    let problem = Problem::new(message, set.place())
        .why("whoever sits between the two can send metadata with a key of their own, and log in as anybody")
        .remedy("leave it out, and give the container the certificate of your own authority, or upload the metadata as XML");
    report(&UNCHECKED_METADATA_TLS.rule, &set, problem, out);
}

pub(super) fn unsolicited(cx: &Environment<'_>, out: &mut Findings) {
    let Some(set) = switched_on(cx, "SAML_ALLOW_UNSOLICITED") else { return };
    let problem = Problem::new("responses are accepted that no login here asked for", set.place())
        .why("a link can log somebody in to another person's account, and a response that was caught can be sent once more")
        .remedy("leave it out, unless people start at the identity provider's portal");
    report(&UNSOLICITED.rule, &set, problem, out);
}

fn switched_on<'t>(cx: &Environment<'t>, name: &str) -> Option<LsVariable<'t>> {
    cx.process.lookup(name).filter(|set| set.boolean() == Some(true))
}

const RESPONSE: &str = "SAML_WANT_RESPONSE_SIGNED";
const ASSERTIONS: &str = "SAML_WANT_ASSERTIONS_SIGNED";
const EITHER: &str = "SAML_WANT_ASSERTIONS_OR_RESPONSE_SIGNED";
