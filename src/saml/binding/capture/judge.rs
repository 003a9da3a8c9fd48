//! What the traffic around a message tells about a login that failed.

use crate::saml::binding::capture::entry::Entry;
use crate::saml::binding::capture::{Found, cookies};
use crate::saml::binding::{Outline, Parameter, Remark};
use crate::saml::cards::bind::{BIND_FAILED_ANSWER, BIND_UNPAIRED_RESPONSE};
use crate::verdict::Weight;

/// Everything that is to be said about the entry that delivered a message.
pub(super) fn remarks(entries: &[Entry<'_>], at: usize, clocks: Option<&Remark>) -> Vec<Remark> {
    let found = [failed_answer(&entries[at]), clocks.cloned(), cookies::lost(entries, at)];
    found.into_iter().flatten().collect()
}

/// The application's answer, where it is an error.
fn failed_answer(entry: &Entry<'_>) -> Option<Remark> {
    let status = entry.status.filter(|status| *status >= 400)?;
    let address = entry.url.split(['?', '#']).next().unwrap_or_default();
    let message = format!("the application answered the message with {status} at {address}");
    let advice = ANSWERS.iter().find(|(known, _)| *known == status);
    let advice = advice.map_or("the application's log at that moment says why", |(_, text)| *text);
    Some(Remark::new(&BIND_FAILED_ANSWER, Weight::Warning, message).remedy(advice))
}

/// A message that answers none of the requests that were recorded before it.
pub(super) fn unpaired(before: &[Found], answer: &Outline, is_paired: bool) -> Option<Remark> {
    let id = answer.in_response_to.as_ref().filter(|_| !is_paired)?;
    let mut requests = before.iter().rev();
    let last = requests.find(|found| found.exchange.parameter == Parameter::Request)?;
    let last = last.exchange.outline.as_ref()?.id.as_ref()?;
    let message = format!("the message answers request {id}, which was not recorded");
    let remark = Remark::new(&BIND_UNPAIRED_RESPONSE, Weight::Note, message);
    Some(remark.why(format!("the last request that was recorded is {last}")))
}

/// What a status usually comes from.
const ANSWERS: [(u16, &str); 5] = [
    (400, "the application's log at that moment says why"),
    (
        403,
        "a check against forged forms refused it: this address has to be exempt, as it is by default",
    ),
    (404, "nothing listens there: compare the ACS URL at the identity provider, slash included"),
    (405, "this address takes no such request: compare the ACS URL and its binding (HTTP-POST)"),
    (413, "the proxy before the application refuses bodies of this size"),
];
