//! Recordings of a login: every message in them, and what the traffic around them tells.

mod clock;
mod cookies;
mod entry;
mod judge;
mod recording;
mod sieve;

use std::io::{self, BufRead};

use jiff::{SignedDuration, Timestamp};

use crate::saml::binding::field::{self, Carrier};
use crate::saml::binding::parameters::Parameters;
use crate::saml::binding::{
    Foreign, Layer, Options, Outline, Parameter, Received, Remark, Unreadable,
};
use crate::saml::cards::bind::BIND_SIZE;
use crate::verdict::Weight;

use self::entry::{Body, Entry};
use self::recording::{Kept, NoRecording, Recording};

/// What a recording tells beside the message.
#[derive(Clone, Debug)]
pub struct Capture {
    /// All messages in it, in the order in which they travelled.
    pub exchanges: Vec<Exchange>,
    /// The position of the message that was read among them.
    pub chosen: usize,
    /// The request that the message answers, where the recording has it.
    pub request: Option<Outline>,
    /// When the message arrived, by the clock of who received it, or else by that of the browser.
    pub received_at: Option<Timestamp>,
    /// By how much that clock is ahead of the identity provider's; none where they agree, or where
    /// that cannot be told.
    pub clock_ahead: Option<SignedDuration>,
    /// The status with which it was answered.
    pub status: Option<u16>,
    /// How the application refused it, as far as the recording tells.
    pub refusal: Option<Refusal>,
}

/// How an application refuses a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status of its answer.
    pub status: u16,
    /// Words on its page that tell why.
    pub words: Option<&'static str>,
    /// Where it answered so.
    pub address: String,
}

impl Capture {
    /// The request of the application: the one that the message answers, or else the last before it.
    pub fn asked(&self) -> Option<&Outline> {
        let before = self.exchanges.get(..self.chosen).unwrap_or_default().iter().rev();
        let mut requests = before.filter(|one| one.parameter == Parameter::Request);
        self.request.as_ref().or_else(|| requests.find_map(|one| one.outline.as_ref()))
    }
}

/// One message of a recording.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The parameter that carried it.
    pub parameter: Parameter,
    /// `GET` or `POST`.
    pub method: String,
    /// Where it went, without the query.
    pub address: String,
    /// What its beginning says; none where it could not be read.
    pub outline: Option<Outline>,
    /// The status with which it was answered.
    pub status: Option<u16>,
}

/// A message and the entry that carried it.
struct Found {
    entry: usize,
    exchange: Exchange,
    message: Result<Received, Unreadable>,
}

/// The message in a JSON text: a recording, or an object with the names of the form. Of a recording
/// only what matters is kept in memory.
pub(super) fn read(
    from: &mut dyn BufRead,
    options: &Options<'_>,
) -> io::Result<Result<Received, Unreadable>> {
    Ok(match Recording::read(from, options.bytes) {
        Ok(recording) => of_recording(&recording, options),
        Err(NoRecording::Io(error)) => return Err(error),
        Err(NoRecording::NoJson(why)) => {
            let what = format!("JSON that cannot be read ({why})");
            Err(Foreign::new(what, "save the recording again; it may have been cut short").into())
        }
        Err(NoRecording::Large) => Err(too_large(options.bytes).into()),
        Err(NoRecording::Crowded) => {
            let message = "the recording has more requests and cookies than are read";
            let remark = Remark::new(&BIND_SIZE, Weight::Limit, message);
            Err(remark.remedy("record one login alone").into())
        }
    })
}

/// An input that has more bytes than are read.
pub(super) fn too_large(most: usize) -> Remark {
    let message = format!("the input has more than {most} bytes");
    Remark::new(&BIND_SIZE, Weight::Limit, message)
        .remedy("give the message alone, not everything around it")
}

fn of_recording(recording: &Recording, options: &Options<'_>) -> Result<Received, Unreadable> {
    if let Some(archive) = &recording.archive {
        let mut entries: Vec<Entry<'_>> = archive.iter().filter_map(Kept::entry).collect();
        if entries.iter().all(|entry| entry.started.is_some()) {
            entries.sort_by_key(|entry| entry.started);
        }
        return of_entries(&entries, Layer::Har, options);
    }
    if let Some(traced) = &recording.traced {
        let entries: Vec<Entry<'_>> = traced.iter().filter_map(Kept::entry).collect();
        return of_entries(&entries, Layer::Tracer, options);
    }
    let fields = recording.fields.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let fields = Parameters::decoded(fields);
    if fields.has_message()
        && let Some(mut received) = field::of_parameters(&fields, Carrier::Unknown, options)?
    {
        received.layers.insert(0, Layer::Object);
        return Ok(received);
    }
    Err(foreign(&recording.members, options).into())
}

fn of_entries(
    entries: &[Entry<'_>],
    layer: Layer,
    options: &Options<'_>,
) -> Result<Received, Unreadable> {
    let mut found = messages(entries, options)?;
    if let Some(remark) = judge::bodiless(entries, &found).filter(|_| options.number.is_none()) {
        return Err(Unreadable::from(remark).inside(&[layer]));
    }
    let Some(chosen) = chosen(&found, options.number) else {
        return Err(none_chosen(&found, layer, options.number).into());
    };
    let outline = found[chosen].exchange.outline.clone().unwrap_or_default();
    let asked = request(&found[..chosen], &outline);
    let request = asked.and_then(|asked| asked.exchange.outline.clone());
    let asked = asked.map(|asked| asked.entry);
    let entry = found[chosen].entry;
    let message = std::mem::replace(&mut found[chosen].message, Err(Foreign::taken().into()));
    let mut received = message.map_err(|unreadable| masked(unreadable, layer).inside(&[layer]))?;
    received.layers.insert(0, layer);
    let login = clock::Login { entries, at: entry, asked, outline: &outline };
    let is_answer = found[chosen].exchange.parameter == Parameter::Response;
    let clocks = login.difference().filter(|_| is_answer);
    if is_answer {
        let clocks = clocks.as_ref().map(|clocks| &clocks.remark);
        received.remarks.extend(judge::remarks(entries, entry, clocks));
        received.remarks.extend(judge::unpaired(&found[..chosen], &outline, request.is_some()));
    }
    received.capture = Some(Capture {
        chosen,
        request,
        received_at: entries[entry].date().or(entries[entry].started),
        clock_ahead: clocks.and_then(|clocks| clocks.ahead),
        status: entries[entry].status,
        refusal: judge::refusal(entries, entry).filter(|_| is_answer),
        exchanges: found.into_iter().map(|found| found.exchange).collect(),
    });
    Ok(received)
}

/// All messages, each once: addresses of an identity provider keep a request through many pages.
fn messages(entries: &[Entry<'_>], options: &Options<'_>) -> Result<Vec<Found>, Unreadable> {
    let mut found: Vec<Found> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for (position, entry) in entries.iter().enumerate() {
        let Some((parameters, carrier)) = parameters_of(entry) else { continue };
        let message = match field::of_parameters(&parameters, carrier, options) {
            Ok(Some(message)) => Ok(message),
            Ok(None) => continue,
            Err(unreadable) => Err(unreadable),
        };
        if let Ok(message) = &message
            && message.parameter == Some(Parameter::Request)
        {
            if seen.contains(&message.xml) {
                continue;
            }
            seen.push(message.xml.clone());
        }
        if found.len() == MOST_MESSAGES {
            let text = format!("the recording has more than {MOST_MESSAGES} SAML messages");
            return Err(Remark::new(&BIND_SIZE, Weight::Limit, text)
                .remedy("record one login alone")
                .into());
        }
        let has_request =
            matches!(&message, Ok(Received { parameter: Some(p), .. }) if *p == Parameter::Request);
        let exchange = Exchange {
            parameter: if has_request { Parameter::Request } else { Parameter::Response },
            method: entry.method.to_owned(),
            address: entry.url.split(['?', '#']).next().unwrap_or_default().to_owned(),
            outline: message.as_ref().ok().map(|message| message.outline.clone()),
            status: entry.status,
        };
        found.push(Found { entry: position, exchange, message });
    }
    Ok(found)
}

/// The parameters of an entry that carry a message, and how they travelled.
fn parameters_of(entry: &Entry<'_>) -> Option<(Parameters, Carrier)> {
    let form = match &entry.body {
        Body::Text(text) if has_mark(text) => Some(Parameters::split(text)),
        Body::Fields(fields) => {
            let mut parameters = Parameters::decoded(fields.iter().copied());
            parameters.take_encoded();
            Some(parameters)
        }
        Body::Text(_) | Body::None => None,
    };
    if let Some(form) = form.filter(Parameters::has_message) {
        return Some((form, Carrier::Form));
    }
    let query = entry.url.split_once('?').map_or("", |(_, query)| query);
    let query = query.split('#').next().unwrap_or_default();
    let parameters = has_mark(query).then(|| Parameters::split(query))?;
    parameters.has_message().then_some((parameters, Carrier::Query))
}

fn has_mark(text: &str) -> bool {
    text.contains("SAMLRe")
}

/// The one that was asked for, or the last answer to a login, or the last of all.
fn chosen(found: &[Found], number: Option<usize>) -> Option<usize> {
    if let Some(number) = number {
        return number.checked_sub(1).filter(|position| *position < found.len());
    }
    let is_answer = |found: &Found| match &found.exchange.outline {
        Some(outline) => outline.kind == "Response",
        None => found.exchange.parameter == Parameter::Response,
    };
    found.iter().rposition(is_answer).or_else(|| found.len().checked_sub(1))
}

fn none_chosen(found: &[Found], layer: Layer, number: Option<usize>) -> Foreign {
    let name = layer.name();
    match number {
        Some(number) if !found.is_empty() => Foreign::new(
            format!(
                "a recording ({name}) with {} SAML messages, without number {number}",
                found.len()
            ),
            "numbers begin at 1",
        ),
        _ => Foreign::new(
            format!("a recording ({name}) without a SAML message"),
            "start recording before the login begins, keep the log over page changes, and log in",
        ),
    }
}

/// What to do about a value that is none: SAML-tracer hides values when it is told to.
fn masked(unreadable: Unreadable, layer: Layer) -> Unreadable {
    match unreadable {
        Unreadable::Faulty { remark, layers } if layer == Layer::Tracer => {
            let advice = "export again with the values as they are: this export may hide them";
            Unreadable::Faulty { remark: Box::new(remark.remedy(advice)), layers }
        }
        other => other,
    }
}

/// The request that a message answers.
fn request<'f>(before: &'f [Found], answer: &Outline) -> Option<&'f Found> {
    let id = answer.in_response_to.as_ref()?;
    let is_asked = |found: &&Found| {
        let outline = found.exchange.outline.as_ref();
        outline.is_some_and(|outline| outline.id.as_ref() == Some(id))
    };
    before.iter().rev().find(is_asked)
}

fn foreign(members: &[String], options: &Options<'_>) -> Foreign {
    let has = |name: &str| members.iter().any(|member| member == name);
    let known = FOREIGN_MEMBERS.iter().find(|(member, _, _)| has(member));
    match known {
        Some((_, what, hint)) => Foreign::new(*what, hint.replace("FILE", options.name)),
        None => Foreign::new(
            "JSON, but neither a recording (HAR) nor an export of SAML-tracer",
            format!("if it is a configuration: ssoctl validate {}", options.name),
        ),
    }
}

impl Foreign {
    /// What stands in the place of a message that was taken out.
    fn taken() -> Self {
        Self::new("a message that was taken out", "")
    }
}

const MOST_MESSAGES: usize = 200;
/// Members of JSON that is something else: what it is, and what to do with it.
const FOREIGN_MEMBERS: [(&str, &str, &str); 4] = [
    ("id_token", "a token response", "try: ssoctl decode-token FILE"),
    ("access_token", "a token response", "try: ssoctl decode-token FILE"),
    ("authorization_endpoint", "an OpenID Connect discovery document", "try: ssoctl check FILE"),
    ("keys", "a set of keys (JWKS)", "try: ssoctl check FILE"),
];
