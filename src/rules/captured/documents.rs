//! Saved files that are something else than they were given as.

use std::fmt::Display;
use std::sync::Arc;

use crate::deployment::NoExport;
use crate::problem::{Place, Problem};
use crate::rule::Findings;
use crate::rules::captured::{Fault, rule_of};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::{KeyPath, Source, Span};

pub(in crate::rules) static SP_METADATA: Lint = lint!(
    "IDP003",
    "sp-metadata-as-idp-metadata",
    Error,
    "metadata of an application where that of the identity provider is meant",
    Check::Deployment(sp_metadata)
);
pub(in crate::rules) static WRONG_DOCUMENT: Lint = lint!(
    "IDP004",
    "wrong-document",
    Error,
    "a file that is another document than it was given as, such as a login page",
    Check::Deployment(wrong_document)
);

fn sp_metadata(cx: &Subject<'_>, out: &mut Findings) {
    for saved in &cx.deployment.captured.metadata {
        let Some(metadata) = saved.document() else { continue };
        if metadata.identity_providers().next().is_some() {
            continue;
        }
        let sp = metadata.entities.iter().find_map(|entity| entity.sp.as_ref());
        let app = &cx.app.name;
        let (problem, fault) = match sp {
            Some(sp) => (
                Problem::new(
                    "this is the metadata of a service provider, not of an identity provider",
                    saved.place(sp.span, KeyPath::default()),
                )
                .label("there is no IDPSSODescriptor")
                .why(format!("{app} looks for the identity provider's endpoint and keys, and this has neither"))
                .remedy("the identity provider's own metadata, from its console"),
                Fault::ServiceProvider,
            ),
            None => (
                Problem::new(
                    "this metadata describes no identity provider",
                    saved.place(metadata.entities.first().map_or(Span::at(0), |one| one.span), KeyPath::default()),
                )
                .label("there is no IDPSSODescriptor")
                .why(format!("{app} looks for the identity provider's endpoint and keys, and this has neither"))
                .remedy("the identity provider's SAML 2.0 metadata, from its console"),
                Fault::NoMetadata,
            ),
        };
        out.report(&rule_of(cx.app, fault).rule, problem);
    }
}

fn wrong_document(cx: &Subject<'_>, out: &mut Findings) {
    let captured = &cx.deployment.captured;
    for saved in &captured.metadata {
        let Err(error) = &saved.reading else { continue };
        let problem = wrong(&saved.source, error, error.span, "SAML metadata");
        out.report(&rule_of(cx.app, Fault::NoMetadata).rule, problem);
    }
    for saved in &captured.discoveries {
        let Err(error) = &saved.reading else { continue };
        let problem = wrong(&saved.source, error, error.span, "a discovery document");
        out.report(&WRONG_DOCUMENT.rule, problem);
    }
    for saved in &captured.key_sets {
        let Err(error) = &saved.reading else { continue };
        let problem = wrong(&saved.source, error, error.span, "a key set");
        out.report(&WRONG_DOCUMENT.rule, problem);
    }
    for saved in &captured.exports {
        let Err(error) = &saved.reading else { continue };
        let (words, span) = no_export(error);
        let problem = wrong(&saved.source, &words, span, "the export of an application");
        out.report(&WRONG_DOCUMENT.rule, problem);
    }
}

fn no_export(error: &NoExport) -> (String, Span) {
    match error {
        NoExport::Nature(nature) => (format!("this is {}", nature.name()), Span::at(0)),
        NoExport::Json(error) => (error.to_string(), error.span),
        NoExport::Unrecognised(other) => (other.to_string(), other.span),
    }
}

/// A problem at the place that shows it: a line of it at most.
fn wrong(source: &Arc<Source>, error: &dyn Display, span: Span, meant: &str) -> Problem {
    let start = Span::new(span.start, span.start.max(span.end.min(line_end(source, span.start))));
    let place = Place { source: Arc::clone(source), span: start, path: KeyPath::default() };
    Problem::new(format!("this file cannot be read as {meant}: {error}"), place)
        .why("an address that is wrong, or wants a login first, often answers with a web page, which is then saved")
        .remedy(format!("{meant} itself, as the identity provider gives it out"))
}

fn line_end(source: &Source, start: usize) -> usize {
    let text = source.text();
    text[start..].find(['\n', '\r']).map_or(text.len(), |at| start + at)
}
