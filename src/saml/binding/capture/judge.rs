//! What the traffic around a message tells about a login that failed.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::saml::binding::capture::entry::{Body, Entry};
use crate::saml::binding::capture::{Found, Refusal, cookies};
use crate::saml::binding::{Outline, Parameter, Remark};
use crate::saml::cards::bind::{BIND_BODY_MISSING, BIND_FAILED_ANSWER, BIND_UNPAIRED_RESPONSE};
use crate::verdict::Weight;

/// Everything that is to be said about the entry that delivered a message.
pub(super) fn remarks(entries: &[Entry<'_>], at: usize, clocks: Option<&Remark>) -> Vec<Remark> {
    let found = [failed_answer(entries, at), clocks.cloned(), cookies::lost(entries, at)];
    found.into_iter().flatten().collect()
}

/// The form that was posted to the application, where no answer was recorded and its body is not
/// there: it went where the request wants the answer, or from another site to an address that is
/// called like one.
pub(super) fn bodiless(entries: &[Entry<'_>], found: &[Found]) -> Option<Remark> {
    let is_answer = |found: &Found| found.exchange.parameter == Parameter::Response;
    if found.iter().any(is_answer) {
        return None;
    }
    let outlines = found.iter().filter_map(|found| found.exchange.outline.as_ref());
    let wanted: Vec<&str> = outlines.filter_map(|outline| outline.acs.as_deref()).collect();
    let is_delivery = |entry: &&Entry<'_>| {
        let address = address(entry);
        let path = address.to_ascii_lowercase();
        let is_foreign = entry.sender_host().is_some_and(|host| host != entry.host());
        let is_called_so = CALLED.iter().any(|name| path.contains(name));
        wanted.contains(&address) || (wanted.is_empty() && is_foreign && is_called_so)
    };
    let mut posts = entries.iter().rev().filter(|entry| entry.method.eq_ignore_ascii_case("POST"));
    let post = posts.find(|entry| matches!(entry.body, Body::None) && is_delivery(entry))?;
    let message = format!("the browser posted to {}, but the recording has no body", address(post));
    let remark = Remark::new(&BIND_BODY_MISSING, Weight::Undecided, message);
    Some(remark.remedy("record again, and export the HAR with content and sensitive data"))
}

fn address<'t>(entry: &Entry<'t>) -> &'t str {
    entry.url.split(['?', '#']).next().unwrap_or_default()
}

/// The words of a page that tell of a failure, in any case of letters. Such a page is short.
pub(super) fn failure(page: &str) -> Option<&'static str> {
    if page.len() > LONGEST_PAGE {
        return None;
    }
    let found = FINDER.as_ref()?.find(page)?;
    FAILURES.get(found.pattern().as_usize()).copied()
}

/// How the application refused a message: the status, and the words of the page that it showed
/// then. That page may be the answer, or stand below the address behind a redirect.
pub(super) fn refusal(entries: &[Entry<'_>], at: usize) -> Option<Refusal> {
    let entry = &entries[at];
    let own = address(entry);
    let is_behind = |one: &&Entry<'_>| {
        let rest = address(one).strip_prefix(own.trim_end_matches('/'));
        rest.is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
    };
    // The next message to the same address begins another login.
    let same = entries[at + 1..].iter().take_while(|one| address(one) != own);
    let shown = same.filter(is_behind).find(|one| one.failure.is_some());
    let told = if entry.failure.is_some() { Some(entry) } else { shown };
    let told =
        told.or_else(|| entry.status.is_some_and(|status| status >= 400).then_some(entry))?;
    Some(Refusal { status: told.status?, words: told.failure, address: address(told).to_owned() })
}

/// The application's answer, where it is an error.
fn failed_answer(entries: &[Entry<'_>], at: usize) -> Option<Remark> {
    let Refusal { status, words, address } = refusal(entries, at)?;
    let words = words.map_or_else(String::new, |words| format!(" and `{words}`"));
    let message = format!("the application answered the message with {status}{words} at {address}");
    let advice = ANSWERS.iter().find(|(known, _)| *known == status);
    let advice = advice.map_or(LOG, |(_, text)| *text);
    Some(Remark::new(&BIND_FAILED_ANSWER, Weight::Warning, message).remedy(advice))
}

/// A message that answers none of the requests that were recorded before it.
pub(super) fn unpaired(before: &[Found], answer: &Outline, is_paired: bool) -> Option<Remark> {
    let id = answer.in_response_to.as_ref().filter(|_| !is_paired)?;
    let mut requests = before.iter().rev();
    let last = requests.find(|found| found.exchange.parameter == Parameter::Request)?;
    let last = last.exchange.outline.as_ref()?.id.as_ref()?;
    let message = format!("the message answers request {id}, which was not recorded");
    let remark = Remark::new(&BIND_UNPAIRED_RESPONSE, Weight::Warning, message);
    let why = format!(
        "the last request that was recorded is {last}, and applications take answers to their own \
         requests alone"
    );
    Some(
        remark.why(why).remedy("record again from before the login begins, in a window of its own"),
    )
}

/// What addresses are called that take answers.
const CALLED: [&str; 3] = ["saml", "acs", "consume"];
/// Words of pages that tell why a login failed.
const FAILURES: [&str; 3] =
    ["CSRF verification failed", "Third-Party Login Failure", "APPEND_SLASH"];
static FINDER: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasick::builder().ascii_case_insensitive(true).build(FAILURES).ok());
/// A page of more bytes is no page of a failure.
const LONGEST_PAGE: usize = 256 << 10;
/// What a status usually comes from.
const ANSWERS: [(u16, &str); 4] = [
    (
        403,
        "look in the application's log of that moment; often the check against forged forms (CSRF), a proxy or a firewall refused it",
    ),
    (404, "compare the ACS URL at the identity provider, slash included: nothing listens there"),
    (405, "compare the ACS URL and its binding (HTTP-POST): this address takes no such request"),
    (413, "let the proxy before the application take larger bodies: it refuses this size"),
];
/// What helps where nothing is known of a status.
const LOG: &str = "look in the application's log of that moment: it says why";
