//! What was fetched, kept in a folder, and answered from there again.
//!
//! The folder holds `index.json` and one file a body. No request's secrets stand in it: neither
//! what logged in, nor forms, nor credentials inside addresses.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::fetch::error::FetchError;
use crate::fetch::{Fetch, Reply, Request};

/// Everything that one run asked, and the answers. Failures are kept too, in words.
#[derive(Clone, Debug, Default, Deserialize, PartialEq, Eq, Serialize)]
pub struct Recording {
    /// The form of this file.
    pub version: u32,
    /// The instant of the run.
    pub at: Option<Timestamp>,
    /// The answers, in the order in which they were asked for.
    pub exchanges: Vec<Exchange>,
}

/// One request and what came of it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub struct Exchange {
    /// The address, without credentials.
    pub url: String,
    /// What kept the answer away; none where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub failure: Option<String>,
    /// Where redirects led.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub hops: Vec<String>,
    /// The status of HTTP.
    pub status: u16,
    /// The `Content-Type`.
    pub content_type: Option<String>,
    /// The `Date`.
    pub date: Option<Timestamp>,
    /// When the answer was there.
    pub received: Option<Timestamp>,
    /// The seconds for which it may be kept.
    pub max_age: Option<u64>,
    /// Where a redirect that was not followed leads.
    pub location: Option<String>,
    /// How long the answer took, in milliseconds.
    pub milliseconds: u64,
    /// The certificate of the server, base64 of DER.
    pub certificate: Option<String>,
    /// The file of the body.
    pub body: Option<String>,
}

/// Asks somebody else, and keeps what came.
pub struct Recorder<'f> {
    inner: &'f dyn Fetch,
    kept: Mutex<Vec<(Exchange, Vec<u8>)>>,
}

impl<'f> Recorder<'f> {
    /// A recorder in front of somebody who answers.
    pub fn new(inner: &'f dyn Fetch) -> Self {
        Self { inner, kept: Mutex::default() }
    }

    /// The body that was answered at an address, without credentials in it.
    pub fn answered(&self, url: &str) -> Option<Vec<u8>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.iter().find(|(exchange, _)| exchange.url == url);
        found.filter(|(exchange, _)| exchange.failure.is_none()).map(|(_, body)| body.clone())
    }

    /// The files of the recording, by name: the index, and the bodies. The order does not depend
    /// on which answer came first.
    pub fn files(&self, at: Timestamp) -> Vec<(String, Vec<u8>)> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone();
        kept.sort_by(|(one, _), (other, _)| one.url.cmp(&other.url));
        let mut files = Vec::new();
        let mut exchanges = Vec::new();
        for (number, (mut exchange, body)) in kept.into_iter().enumerate() {
            if exchange.failure.is_none() {
                let name = format!("{:03}-{}", number + 1, file_name(&exchange.url));
                exchange.body = Some(name.clone());
                files.push((name, body));
            }
            exchanges.push(exchange);
        }
        let recording = Recording { version: VERSION, at: Some(at), exchanges };
        let mut index =
            serde_json::to_vec_pretty(&recording).expect("strings and numbers always serialise");
        index.push(b'\n');
        files.push((INDEX.to_owned(), index));
        files
    }
}

impl Fetch for Recorder<'_> {
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError> {
        let answer = self.inner.fetch(request);
        if request.form.is_none() && request.authorization.is_none() {
            let kept = (exchange(request, &answer), body(&answer));
            self.kept.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
        }
        answer
    }
}

/// Answers from a recording, and asks nobody.
#[derive(Debug)]
pub struct Replay {
    replies: BTreeMap<String, Result<Reply, FetchError>>,
    /// The instant of the recorded run.
    pub at: Option<Timestamp>,
}

impl Replay {
    /// A replay of a recording; `body` gives the content of a file beside the index. In error, what
    /// is wrong with the recording.
    pub fn new(
        index: &[u8],
        mut body: impl FnMut(&str) -> Result<Vec<u8>, String>,
    ) -> Result<Self, String> {
        let recording: Recording =
            serde_json::from_slice(index).map_err(|error| format!("{INDEX}: {error}"))?;
        if recording.version != VERSION {
            return Err(format!("{INDEX} is of version {}, not {VERSION}", recording.version));
        }
        let mut replies = BTreeMap::new();
        for exchange in recording.exchanges {
            let url = exchange.url.clone();
            let reply = match (&exchange.failure, &exchange.body) {
                (Some(failure), _) => Err(FetchError::Other(failure.clone())),
                (None, Some(name)) if is_plain(name) => Ok(reply(&exchange, body(name)?)?),
                (None, _) => return Err(format!("{INDEX}: no body for {url}")),
            };
            replies.insert(url, reply);
        }
        Ok(Self { replies, at: recording.at })
    }

    /// The addresses that were recorded.
    pub fn urls(&self) -> impl Iterator<Item = &str> {
        self.replies.keys().map(String::as_str)
    }
}

impl Fetch for Replay {
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError> {
        let found = self.replies.get(&bare(&request.url));
        found.cloned().unwrap_or(Err(FetchError::NotRecorded))
    }
}

fn exchange(request: &Request, answer: &Result<Reply, FetchError>) -> Exchange {
    let reply = answer.as_ref().ok();
    Exchange {
        url: bare(&request.url),
        failure: answer.as_ref().err().map(ToString::to_string),
        hops: reply.map(|reply| reply.hops.iter().map(bare).collect()).unwrap_or_default(),
        status: reply.map_or(0, |reply| reply.status),
        content_type: reply.and_then(|reply| reply.content_type.clone()),
        date: reply.and_then(|reply| reply.date),
        received: reply.map(|reply| reply.at),
        max_age: reply.and_then(|reply| reply.max_age),
        location: reply.and_then(|reply| reply.location.clone()),
        milliseconds: reply
            .map_or(0, |reply| u64::try_from(reply.took.as_millis()).unwrap_or(u64::MAX)),
        certificate: reply
            .and_then(|reply| reply.certificate.as_ref())
            .map(|der| STANDARD.encode(der)),
        body: None,
    }
}

fn body(answer: &Result<Reply, FetchError>) -> Vec<u8> {
    answer.as_ref().map(|reply| reply.body.clone()).unwrap_or_default()
}

fn reply(exchange: &Exchange, body: Vec<u8>) -> Result<Reply, String> {
    let url = |text: &str| Url::parse(text).map_err(|_| format!("{INDEX}: {text} is no address"));
    let hops: Result<Vec<Url>, String> = exchange.hops.iter().map(|hop| url(hop)).collect();
    let certificate = exchange.certificate.as_ref().and_then(|text| STANDARD.decode(text).ok());
    Ok(Reply {
        asked: url(&exchange.url)?,
        hops: hops?,
        status: exchange.status,
        content_type: exchange.content_type.clone(),
        date: exchange.date,
        at: exchange.received.or(exchange.date).unwrap_or(Timestamp::UNIX_EPOCH),
        max_age: exchange.max_age,
        location: exchange.location.clone(),
        body,
        took: Duration::from_millis(exchange.milliseconds),
        certificate,
        proxy: None,
    })
}

/// An address without what logs in there.
fn bare(url: &Url) -> String {
    let mut url = url.clone();
    let is_bare = url.set_username("").is_ok() && url.set_password(None).is_ok();
    debug_assert!(is_bare, "bug: an address without a host was asked");
    url.set_fragment(None);
    url.to_string()
}

/// A name that says where a body came from.
fn file_name(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' };
    let name: String = rest.chars().map(plain).take(LONGEST).collect();
    name.trim_matches(['-', '.']).to_owned()
}

/// Whether a name stays inside its folder.
fn is_plain(name: &str) -> bool {
    !name.is_empty() && !name.contains(['/', '\\', '\0']) && name != ".." && name != "."
}

/// The file that lists the others.
pub(super) const INDEX: &str = "index.json";
const VERSION: u32 = 1;
const LONGEST: usize = 80;
