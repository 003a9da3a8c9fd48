//! Instants against the clock.

use jiff::{SignedDuration, Timestamp};

use crate::problem::Comparison;
use crate::saml::judge::view::{Window, WindowState};
use crate::saml::message::Instant;

/// What instants are held against.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// The instant of the judgement.
    pub(super) at: Timestamp,
    /// By how many seconds clocks may differ.
    pub(super) skew: i64,
    /// Whether the end of a window is inside.
    pub(super) is_end_inside: bool,
}

impl Clock {
    /// A window, and where the clock stands in it. An instant that is none does not bound it.
    pub(super) fn window(
        self,
        of: &'static str,
        from: Option<&Instant>,
        to: Option<&Instant>,
    ) -> Window {
        let bound = |instant: &Instant| instant.at.ok();
        let (from, to) = (from.and_then(bound), to.and_then(bound));
        let state = match (self.state(from, to, 0), self.state(from, to, self.skew)) {
            (WindowState::Inside, _) => WindowState::Inside,
            (_, WindowState::Inside) => WindowState::InsideBySkew,
            (_, state) => state,
        };
        Window { of, from, to, skew: self.skew, state }
    }

    /// Whether an instant lies in the future, beyond what clocks may differ by.
    pub(super) fn is_future(self, instant: Timestamp) -> bool {
        instant > moved(self.at, self.skew)
    }

    /// Whether an instant lies more than so many seconds back.
    pub(super) fn is_older(self, instant: Timestamp, seconds: i64) -> bool {
        moved(instant, seconds.saturating_add(self.skew)) < self.at
    }

    fn state(self, from: Option<Timestamp>, to: Option<Timestamp>, skew: i64) -> WindowState {
        let is_over = |to: Timestamp| {
            let end = moved(to, skew);
            self.at > end || (self.at == end && !self.is_end_inside)
        };
        if to.is_some_and(is_over) {
            WindowState::After
        } else if from.is_some_and(|from| self.at < moved(from, -skew)) {
            WindowState::Before
        } else {
            WindowState::Inside
        }
    }
}

/// How far the clock is from a bound, in words.
pub(super) fn apart(one: Timestamp, other: Timestamp) -> String {
    let seconds = one.duration_since(other).as_secs().unsigned_abs();
    match seconds {
        0..=119 => format!("{seconds} seconds"),
        120..=7199 => format!("{} minutes", seconds / 60),
        7200..=172_799 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// The clock beside a bound.
pub(super) fn compared(what: &str, bound: Timestamp, at: Timestamp) -> Comparison {
    Comparison {
        expected: format!("{what} {bound}"),
        got: at.to_string(),
        difference: Some(apart(bound, at)),
    }
}

fn moved(instant: Timestamp, seconds: i64) -> Timestamp {
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{Span, Spanned};

    fn instant(text: &str) -> Instant {
        Instant::read(Spanned { value: text.to_owned(), span: Span::at(0) })
    }

    fn state(at: &str, skew: i64) -> WindowState {
        let at = at.parse().expect("an instant");
        let (from, to) = (instant("2026-11-24T12:00:00Z"), instant("2026-11-24T12:05:00Z"));
        let clock = Clock { at, skew, is_end_inside: false };
        clock.window("conditions", Some(&from), Some(&to)).state
    }

    #[test]
    fn a_window_is_half_open_and_skew_moves_its_bounds() {
        assert_eq!(state("2026-11-24T12:00:00Z", 0), WindowState::Inside);
        assert_eq!(state("2026-11-24T11:59:59Z", 0), WindowState::Before);
        assert_eq!(state("2026-11-24T12:04:59Z", 0), WindowState::Inside);
        assert_eq!(state("2026-11-24T12:05:00Z", 0), WindowState::After);
        assert_eq!(state("2026-11-24T12:05:00Z", 180), WindowState::InsideBySkew);
        assert_eq!(state("2026-11-24T12:07:59Z", 180), WindowState::InsideBySkew);
        assert_eq!(state("2026-11-24T12:08:00Z", 180), WindowState::After);
        assert_eq!(state("2026-11-24T11:57:00Z", 180), WindowState::InsideBySkew);
        assert_eq!(state("2026-11-24T11:56:59Z", 180), WindowState::Before);
    }
}
