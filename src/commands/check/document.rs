//! An address of one document: what it answers says what it is.

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
    let given = Given { net: work.net, url, answer };
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
            let issuer = given.issuer().unwrap_or_else(|| shown(url));
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

/// An answer that is here already, before whoever answers everything else.
struct Given<'g> {
    net: &'g dyn Fetch,
    url: &'g Url,
    answer: Result<Reply, FetchError>,
}

impl Given<'_> {
    fn issuer(&self) -> Option<String> {
        let text = self.answer.as_ref().ok()?.text()?;
        Some(Discovery::read(text).ok()?.issuer?.value)
    }
}

impl Fetch for Given<'_> {
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError> {
        if request.url == *self.url { self.answer.clone() } else { self.net.fetch(request) }
    }
}

/// Ends of the names of documents.
const FILES: [&str; 2] = [".json", ".xml"];
/// Names under which key sets stand.
const KEY_SETS: [&str; 3] = ["certs", "jwks", "keys"];
const ACCEPT: &str =
    "application/json, application/samlmetadata+xml, application/xml;q=0.9, text/xml;q=0.9";
const HOPS: usize = 3;
const LARGEST: usize = 64 << 20;
