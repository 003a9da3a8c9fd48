//! An address of one document: what it answers says what it is.

use std::sync::{Mutex, PoisonError};

use url::Url;

use crate::commands::check::oidc::{self, Told};
use crate::commands::check::{Work, asked_for, label, metadata, target};
use crate::fetch::{Fetch, FetchError, Reply, Request};
use crate::oidc::discovery::Discovery;
use crate::rules::answers::{Wanted, shown};

/// Whether a path ends like a document's and not like an issuer.
pub(super) fn is_named(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    !path.ends_with("/.well-known/openid-configuration")
        && (FILES.iter().any(|end| last.ends_with(end)) || KEY_SETS.contains(&last))
}

/// Asks the address itself and judges what it is. None where its answer is no document that is known
/// here, unless its name alone says which one is meant.
pub(super) fn ask(url: &Url, work: &Work<'_>) -> Option<Told> {
    let mut request = Request::get(url.clone());
    request.is_named_by_user = true;
    request.hops = HOPS;
    request.accept = ACCEPT;
    request.most = LARGEST;
    let answer = work.net.fetch(&request);
    let kind = by_content(&answer).or_else(|| by_name(url))?;
    let issuer = answer.as_ref().ok().and_then(issuer);
    let is_large = answer.as_ref().is_ok_and(|reply| reply.body.len() > LARGEST_COPIED);
    let given = Given { net: work.net, url, is_large, answer: Mutex::new(Some(answer)) };
    let work = Work { net: &given, ..*work };
    Some(match kind {
        Wanted::Metadata => {
            let asked = metadata::Asked {
                label: label(url),
                url: url.clone(),
                entity_id: None,
                place: None,
                provider: None,
            };
            metadata::ask(&asked, &work).0
        }
        Wanted::Discovery => {
            let issuer = issuer.unwrap_or_else(|| shown(url));
            oidc::ask(&asked_for(url, url.clone(), issuer, &work))
        }
        Wanted::KeySet => {
            let mut told = Told::default();
            let asked = asked_for(url, url.clone(), shown(url), &work);
            oidc::key_set(&asked, url, None, &mut told);
            told
        }
    })
}

fn by_content(answer: &Result<Reply, FetchError>) -> Option<Wanted> {
    let reply = answer.as_ref().ok().filter(|reply| reply.status == 200)?;
    target::saved_kind(reply.text()?)
}

fn by_name(url: &Url) -> Option<Wanted> {
    let path = url.path().to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_of_keys = || ["jwk", "key", "cert"].iter().any(|part| last.contains(part));
    match last.rsplit_once('.').map_or(last, |(_, ending)| ending) {
        "xml" => Some(Wanted::Metadata),
        "jwks" => Some(Wanted::KeySet),
        "json" if is_of_keys() => Some(Wanted::KeySet),
        "json" => Some(Wanted::Discovery),
        _ => None,
    }
}

/// An answer that is here already, before whoever answers everything else. A large one is handed
/// out once: two of it would be too much.
struct Given<'g> {
    net: &'g dyn Fetch,
    url: &'g Url,
    is_large: bool,
    answer: Mutex<Option<Result<Reply, FetchError>>>,
}

/// The issuer that a discovery document names.
fn issuer(reply: &Reply) -> Option<String> {
    Some(Discovery::read(reply.text()?).ok()?.issuer?.value)
}

impl Fetch for Given<'_> {
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError> {
        let mut answer = self.answer.lock().unwrap_or_else(PoisonError::into_inner);
        let given = match &*answer {
            _ if request.url != *self.url => None,
            Some(_) if self.is_large => answer.take(),
            given => given.clone(),
        };
        drop(answer);
        given.unwrap_or_else(|| self.net.fetch(request))
    }
}

/// Ends of the names of documents.
const FILES: [&str; 2] = [".json", ".xml"];
/// Names under which key sets stand.
const KEY_SETS: [&str; 3] = ["certs", "jwks", "keys"];
const ACCEPT: &str =
    "application/json, application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9";
const HOPS: usize = 3;
const LARGEST: usize = 32 << 20;
/// The largest answer that is copied.
const LARGEST_COPIED: usize = 1 << 20;
