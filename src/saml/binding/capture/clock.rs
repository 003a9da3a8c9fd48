//! How far the clocks of a login stand apart, from the `Date` of the answers, the instant at which
//! the message was issued, and the clock of the browser.

use jiff::{SignedDuration, Timestamp};

use crate::saml::binding::capture::entry::Entry;
use crate::saml::binding::{Outline, Remark};
use crate::saml::cards::bind::BIND_CLOCK_DIFFERENCE;
use crate::verdict::Weight;

/// Clocks that stand apart.
pub(super) struct Difference {
    /// It in words.
    pub(super) remark: Remark,
    /// By how much the application's clock is ahead of the other; none where that is a guess.
    pub(super) ahead: Option<SignedDuration>,
}

/// The entries of one login.
pub(super) struct Login<'l, 't> {
    /// All that was recorded.
    pub(super) entries: &'l [Entry<'t>],
    /// The position of the one that delivered the message.
    pub(super) at: usize,
    /// The position of the one that carried the request, where it was recorded.
    pub(super) asked: Option<usize>,
    /// What the beginning of the message says.
    pub(super) outline: &'l Outline,
}

impl Login<'_, '_> {
    /// The difference between the clock of the identity provider and that of the application, where
    /// it is large enough to matter. What both recordings allow at the least is told; where the
    /// provider's clock left no trace, the browser's stands in for it.
    pub(super) fn difference(&self) -> Option<Difference> {
        let known = self.by_dates().or_else(|| self.by_issue());
        match known {
            Some(seconds) if seconds.abs() >= LEAST => Some(self.between(seconds)),
            Some(_) => None,
            None => self.by_browser().or_else(|| self.by_order()),
        }
    }

    fn application(&self) -> &Entry<'_> {
        &self.entries[self.at]
    }

    /// The last answer of the identity provider before the message: of the page that sent the form,
    /// of where the request went, or of the host that the issuer names.
    fn provider(&self) -> Option<&Entry<'_>> {
        let application = self.application();
        let asked = self.asked.map(|asked| self.entries[asked].host());
        let issuer = self.outline.issuer.as_deref().map(super::entry::host);
        let hosts = [application.sender_host(), asked, issuer];
        let mut hosts = hosts
            .into_iter()
            .flatten()
            .filter(|host| !host.is_empty() && *host != application.host());
        hosts.find_map(|host| {
            let mut before = self.entries[..self.at].iter().rev();
            before.find(|entry| entry.host() == host && entry.date().is_some())
        })
    }

    /// From the offsets of both servers against the browser's clock.
    fn by_dates(&self) -> Option<i64> {
        Some(Offset::of(self.provider()?)?.ahead_of(Offset::of(self.application())?))
    }

    /// From when the message was issued: before it was sent on, and after it was asked for.
    fn by_issue(&self) -> Option<i64> {
        let issued: Timestamp = self.outline.issue_instant.as_ref()?.parse().ok()?;
        let application = self.application();
        let asked = self.asked.and_then(|asked| self.entries[asked].started);
        let (Some(sent), Some(asked)) = (application.started, asked) else {
            // A message issued after it arrived was issued by a clock that runs ahead.
            let ahead = issued.duration_since(application.date()?).as_secs();
            return (ahead > 0).then_some(ahead);
        };
        let provider = Offset {
            low: issued.duration_since(sent),
            high: issued.duration_since(asked).saturating_add(SECOND),
        };
        Some(provider.ahead_of(Offset::of(application)?))
    }

    /// From the clock of the browser alone.
    fn by_browser(&self) -> Option<Difference> {
        let browser = Offset { low: SignedDuration::ZERO, high: SignedDuration::ZERO };
        let ahead = Offset::of(self.application())?.ahead_of(browser);
        if ahead.abs() < GRAVE {
            return None;
        }
        let direction = if ahead > 0 { "ahead of" } else { "behind" };
        let message = format!(
            "the clock of {} is {} s {direction} that of the browser",
            self.application().host(),
            ahead.abs()
        );
        let remark = told(message, Weight::Warning).why(consequence(-ahead));
        Some(Difference { remark, ahead: Some(SignedDuration::from_secs(ahead)) })
    }

    /// From two answers that followed each other, where nothing says when they were asked for.
    fn by_order(&self) -> Option<Difference> {
        let (provider, application) = (self.provider()?, self.application());
        let between = application.date()?.duration_since(provider.date()?).as_secs();
        let has_times = application.started.is_some() || provider.started.is_some();
        if has_times || between < WAITED {
            return None;
        }
        let message = format!(
            "by their clocks {} answered {between} s after {}",
            application.host(),
            provider.host()
        );
        let remark = told(message, Weight::Warning)
            .why("a form that is sent on at once takes a second: it waited, or the application's clock is ahead");
        Some(Difference { remark, ahead: None })
    }

    /// The difference, by how many seconds the identity provider's clock is ahead.
    fn between(&self, seconds: i64) -> Difference {
        let direction = if seconds > 0 { "ahead of" } else { "behind" };
        let message = format!(
            "the identity provider's clock is {} s {direction} that of {}",
            seconds.abs(),
            self.application().host()
        );
        let weight = if seconds.abs() >= GRAVE { Weight::Warning } else { Weight::Note };
        let remark = told(message, weight).why(consequence(seconds));
        Difference { remark, ahead: Some(SignedDuration::from_secs(-seconds)) }
    }
}

/// Between which bounds a clock runs ahead of the browser's.
#[derive(Clone, Copy)]
struct Offset {
    low: SignedDuration,
    high: SignedDuration,
}

impl Offset {
    /// Of the server that answered. A `Date` is cut to seconds, and was written at some moment
    /// between request and answer.
    fn of(entry: &Entry<'_>) -> Option<Self> {
        let (date, started) = (entry.date()?, entry.started?);
        let took = SignedDuration::try_from_secs_f64(entry.took / 1000.0).ok()?;
        let ended = started.checked_add(took).ok()?;
        let high = date.duration_since(started).saturating_add(SECOND);
        Some(Self { low: date.duration_since(ended), high })
    }

    /// By how many seconds this clock is ahead of another at the least; negative where it is behind.
    fn ahead_of(self, other: Self) -> i64 {
        let ahead = self.low.saturating_sub(other.high);
        let behind = self.high.saturating_sub(other.low);
        let least = if ahead > SignedDuration::ZERO {
            ahead
        } else if behind < SignedDuration::ZERO {
            behind
        } else {
            SignedDuration::ZERO
        };
        least.as_secs()
    }
}

fn told(message: String, weight: Weight) -> Remark {
    Remark::new(&BIND_CLOCK_DIFFERENCE, weight, message).remedy("set both clocks by NTP")
}

/// What it means that the identity provider's clock is ahead by so many seconds.
fn consequence(ahead: i64) -> &'static str {
    if ahead > 0 {
        "a message that is fresh there is not valid yet here"
    } else {
        "a message that is fresh there has lost part of its time here"
    }
}

const SECOND: SignedDuration = SignedDuration::from_secs(1);
/// Differences below are the width of a second and of the network.
const LEAST: i64 = 3;
/// From here on libraries without tolerance, and soon those with it, refuse messages.
const GRAVE: i64 = 30;
/// Nobody waits so long with a form that sends itself.
const WAITED: i64 = 60;
