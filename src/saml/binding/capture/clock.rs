//! How far the clocks of a login stand apart, from the `Date` of the answers.

use jiff::{SignedDuration, Timestamp};

use crate::saml::binding::capture::entry::Entry;
use crate::saml::binding::{Outline, Remark};
use crate::saml::cards::bind::BIND_CLOCK_DIFFERENCE;
use crate::verdict::Weight;

/// The difference between the clock of the identity provider and that of the application, where it
/// is large enough to matter.
pub(super) fn difference(entries: &[Entry<'_>], at: usize, outline: &Outline) -> Option<Remark> {
    let application = &entries[at];
    let seconds = by_dates(entries, at).or_else(|| by_issue(application, outline))?;
    if seconds.abs() < LEAST {
        return None;
    }
    let (direction, consequence) = if seconds > 0 {
        ("ahead of", "a message that is fresh there is not valid yet here")
    } else {
        ("behind", "a message that is fresh there has lost part of its time here")
    };
    let message = format!(
        "the identity provider's clock is {} s {direction} that of {}",
        seconds.abs(),
        application.host()
    );
    let weight = if seconds.abs() >= GRAVE { Weight::Warning } else { Weight::Note };
    Some(
        Remark::new(&BIND_CLOCK_DIFFERENCE, weight, message)
            .why(consequence)
            .remedy("set both clocks by NTP"),
    )
}

/// The offsets of two servers against the browser's clock, compared: the least difference that
/// both recordings allow.
fn by_dates(entries: &[Entry<'_>], at: usize) -> Option<i64> {
    let application = &entries[at];
    let sender = application.sender_host().filter(|host| *host != application.host())?;
    let provider = entries[..at]
        .iter()
        .rev()
        .find(|entry| entry.host() == sender && entry.date().is_some())?;
    let (low, high) = offset(application)?;
    let (provider_low, provider_high) = offset(provider)?;
    let ahead = provider_low - high;
    let behind = provider_high - low;
    let least = if ahead > SignedDuration::ZERO {
        ahead
    } else if behind < SignedDuration::ZERO {
        behind
    } else {
        SignedDuration::ZERO
    };
    Some(least.as_secs())
}

/// Between which bounds a server's clock runs ahead of the browser's. A `Date` is cut to seconds,
/// and was written at some moment between request and answer.
fn offset(entry: &Entry<'_>) -> Option<(SignedDuration, SignedDuration)> {
    let (date, started) = (entry.date()?, entry.started?);
    let ended =
        started.checked_add(SignedDuration::try_from_secs_f64(entry.took / 1000.0).ok()?).ok()?;
    let second = SignedDuration::from_secs(1);
    Some((date.duration_since(ended), date.duration_since(started) + second))
}

/// A message issued after it arrived was issued by a clock that runs ahead.
fn by_issue(application: &Entry<'_>, outline: &Outline) -> Option<i64> {
    let issued: Timestamp = outline.issue_instant.as_ref()?.parse().ok()?;
    let ahead = issued.duration_since(application.date()?).as_secs();
    (ahead > 0).then_some(ahead)
}

/// Differences below are the width of a second and of the network.
const LEAST: i64 = 3;
/// From here on libraries without tolerance, and soon those with it, refuse messages.
const GRAVE: i64 = 30;
