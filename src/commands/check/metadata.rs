//! SAML metadata, asked for or saved.

use std::io::{BufRead, BufReader};
use std::sync::Arc;

use url::Url;

use crate::commands::check::Work;
use crate::commands::check::oidc::Told;
use crate::crypto::key::PublicKey;
use crate::fetch::Request;
use crate::problem::{Place, Problem};
use crate::report::Seen;
use crate::rule::Severity;
use crate::rules::answers::{self, Question, Wanted, days_between, shown};
use crate::rules::metadata::MetadataSubject;
use crate::saml::cards::meta;
use crate::saml::dsig::{Fault, Policy};
use crate::saml::metadata::{self, Entity, Metadata, UnreadableKind};
use crate::source::{KeyPath, Source, Span};

/// What is asked, and for whom.
pub(super) struct Asked {
    /// What it is called in the view.
    pub(super) label: String,
    /// The address of the metadata.
    pub(super) url: Url,
    /// The entity that is configured.
    pub(super) entity_id: Option<String>,
    /// The setting that names it; none where the user typed it.
    pub(super) place: Option<Place>,
    /// The id of the provider in a configuration.
    pub(super) provider: Option<String>,
}

/// Asks for metadata; what comes back besides is its address and text.
pub(super) fn ask(asked: &Asked, work: &Work<'_>) -> (Told, Option<(String, Arc<str>)>) {
    let mut told = Told::default();
    let mut request = Request::get(asked.url.clone());
    request.is_named_by_user = asked.place.is_none();
    request.hops = HOPS;
    request.accept = "application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9";
    request.most = LARGEST;
    let question = Question {
        wanted: Wanted::Metadata,
        url: asked.url.clone(),
        place: asked.place.clone(),
        provider: asked.provider.clone(),
    };
    let answer = work.net.fetch(&request);
    let is_readable = answers::judge(&question, &answer, work.warn_days, &mut told.findings);
    let line = |ok, says: String| Seen {
        of: asked.label.clone(),
        what: "metadata".to_owned(),
        ok,
        says,
        url: Some(shown(&asked.url)),
        milliseconds: answer
            .as_ref()
            .ok()
            .map(|reply| u64::try_from(reply.took.as_millis()).unwrap_or(u64::MAX)),
    };
    let text = answer.as_ref().ok().filter(|_| is_readable).and_then(|reply| reply.text());
    let Some(text) = text else {
        let says = told.findings.0.last().map(|one| one.problem.message.clone());
        told.seen.push(line(false, says.unwrap_or_default()));
        return (told, None);
    };
    let address = shown(&asked.url);
    if asked.provider.is_none() {
        let pieces = BufReader::with_capacity(PIECE, text.as_bytes());
        let judged = saved(&address, pieces, work);
        told.findings.0.extend(judged.findings.0);
        told.seen.extend(judged.seen.into_iter().map(|found| line(found.ok, found.says)));
        return (told, None);
    }
    // A configuration's own rules judge what it names.
    told.seen.push(match read(text) {
        Ok(document) => line(true, summary(&document, asked.entity_id.as_deref(), work)),
        Err(unreadable) => line(false, unreadable.to_string()),
    });
    let text = text.into();
    (told, Some((address, text)))
}

/// What metadata has to be that is no part of a configuration.
pub(super) struct Pinned {
    /// The keys of which one must have signed it; none for any or no signature.
    pub(super) keys: Vec<PublicKey>,
    /// The entity that is meant.
    pub(super) entity_id: Option<String>,
}

/// A saved document, read as a stream: nothing of it is shown before its signature held, where a key
/// is pinned.
pub(super) fn saved(name: &str, input: impl BufRead, work: &Work<'_>) -> Told {
    let pinned = work.pinned;
    let mut told = Told::default();
    let line = |ok, says: String| Seen {
        of: name.to_owned(),
        what: "metadata".to_owned(),
        ok,
        says,
        url: None,
        milliseconds: None,
    };
    let options = metadata::Options {
        name,
        limits: crate::xml::Limits::STREAM,
        wanted: pinned.entity_id.as_deref(),
        keys: &pinned.keys,
        policy: Policy { allows_sha1: false, limits: crate::xml::Limits::STREAM },
    };
    let streamed = match metadata::stream(input, &options) {
        Ok(streamed) => streamed,
        Err(unreadable) => {
            told.seen.push(line(false, unreadable.to_string()));
            let card = match unreadable.kind {
                UnreadableKind::EntitySize => &meta::ENTITY_SIZE,
                _ => &crate::fetch::cards::NO_METADATA,
            };
            let unreadable = metadata::Unreadable { span: Span::at(0), ..unreadable };
            told.findings.report(card, unreadable_at(name, &Arc::from(""), &unreadable));
            return told;
        }
    };
    let Some(document) = streamed.metadata() else {
        unsigned(&streamed, &mut told);
        told.seen.push(line(false, "not signed by the certificate that is pinned".to_owned()));
        return told;
    };
    let signed = if streamed.held() { ", signature holds" } else { "" };
    let wanted = pinned.entity_id.as_deref();
    told.seen.push(line(true, format!("{}{signed}", summary(document, wanted, work))));
    let subject = MetadataSubject {
        parts: &streamed.parts,
        metadata: document,
        at: work.at,
        warn_days: work.warn_days_in_file,
        wanted,
    };
    crate::rules::metadata::judge(&subject, &mut told.findings);
    told
}

/// Why the signature of a document that has to have one does not hold.
fn unsigned(streamed: &metadata::Streamed, told: &mut Told) {
    let head = &streamed.parts[0].source;
    let fits = |span: Span| span.end <= head.text().len();
    for fault in streamed.faults() {
        let span = if fits(fault.span) { fault.span } else { Span::at(0) };
        let fault = Fault::new(fault.kind.clone(), span);
        told.findings.report(fault.rule(), fault.problem(head));
    }
    if streamed.faults().is_empty() {
        let root = streamed.unverified_metadata().root;
        let span = if fits(root) { root } else { Span::at(0) };
        let place = Place { source: Arc::clone(head), span, path: KeyPath::default() };
        let problem =
            Problem::new("the metadata has no signature, and a certificate is pinned", place)
                .severity(Severity::Error)
                .why("without one nobody knows who wrote it")
                .remedy("the signed metadata, as its publisher gives it out");
        told.findings.report(&meta::UNSIGNED, problem);
    }
}

fn read(text: &str) -> Result<Metadata, metadata::Unreadable> {
    let limits = crate::xml::Limits { bytes: text.len(), ..crate::xml::Limits::default() };
    metadata::read(text, limits)
}

fn unreadable_at(name: &str, text: &Arc<str>, unreadable: &metadata::Unreadable) -> Problem {
    let source = Arc::new(Source::new(name, Arc::clone(text)));
    let place = Place { source, span: unreadable.span, path: KeyPath::default() };
    Problem::new(format!("this is no SAML metadata: {unreadable}"), place)
        .remedy("the metadata document of the identity provider; its console names the address")
}

/// What the document says of the entity that is meant, in a line.
fn summary(document: &Metadata, wanted: Option<&str>, work: &Work<'_>) -> String {
    let named = wanted.and_then(|id| document.by_id(id));
    let only = || document.identity_providers().next().filter(|_| document.idp_count == 1);
    if let Some(entity) = named.or_else(only) {
        return of_entity(entity, work);
    }
    let (only_one, count) = (document.count == 1, document.count);
    let entities = if only_one { "entity" } else { "entities" };
    match (document.idp_count, document.entities.first()) {
        (0, Some(entity)) if only_one => of_entity(entity, work),
        (0, _) => format!("{count} {entities}, no identity provider among them"),
        (1, _) => format!("{count} {entities}, 1 identity provider"),
        (idps, _) => format!("{count} {entities}, {idps} identity providers"),
    }
}

fn of_entity(entity: &Entity, work: &Work<'_>) -> String {
    let Some(idp) = &entity.idp else {
        let id = &entity.entity_id.value;
        return match &entity.sp {
            Some(_) => format!("{id}, metadata of an application, not of an identity provider"),
            None => format!("{id}, not of an identity provider"),
        };
    };
    let ends: Vec<_> = idp
        .signing()
        .filter_map(metadata::Certificate::read)
        .map(|certificate| certificate.not_after)
        .collect();
    let certificates = match (ends.len(), ends.iter().max()) {
        (0, _) | (_, None) => "no certificate that can be read".to_owned(),
        (count, Some(last)) => {
            let days = days_between(work.at, *last);
            let day = last.strftime("%Y-%m-%d");
            let certificates = if count == 1 { "certificate" } else { "certificates" };
            if days < 0 {
                format!("{count} {certificates}, ended {} days ago ({day})", -days)
            } else {
                format!("{count} {certificates}, until {day} ({days} days)")
            }
        }
    };
    let bindings: Vec<&str> = idp
        .sso
        .iter()
        .filter_map(|endpoint| endpoint.binding.rsplit(':').next())
        .map(|name| name.trim_start_matches("HTTP-"))
        .collect();
    format!("{}, {certificates}, {}", entity.entity_id.value, bindings.join(", "))
}

const HOPS: usize = 3;
/// The largest answer; a larger document is saved and checked as a file.
const LARGEST: usize = 32 << 20;
/// What is read of it at once.
const PIECE: usize = 64 << 10;
