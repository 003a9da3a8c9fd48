//! The spans of time of a message against the clock, as lines.

use jiff::{SignedDuration, Timestamp};

use crate::report::message::{MessageView, Window};

/// All spans on one scale. The scale is not even: a gap counts by its order of magnitude, so that
/// five minutes and a week can be seen side by side.
pub(super) struct TimeLine {
    /// When the message was made.
    pub(super) issued: Option<Point>,
    /// The clock.
    pub(super) now: Point,
    /// The spans.
    pub(super) spans: Vec<Span>,
    /// How many are not shown.
    pub(super) left_out: usize,
}

/// An instant.
pub(super) struct Point {
    /// Where it lies, in percent of the width.
    pub(super) at: String,
    /// In words.
    pub(super) words: String,
}

/// A span of time.
pub(super) struct Span {
    /// What holds in it.
    pub(super) name: &'static str,
    /// From when on, in words.
    pub(super) from: String,
    /// Until when, in words.
    pub(super) until: String,
    /// Where it begins, in percent of the width.
    pub(super) start: String,
    /// How long it is, in percent of the width.
    pub(super) length: String,
    /// How the clock stands to it.
    pub(super) state: String,
    /// Whether the clock is inside.
    pub(super) holds: bool,
}

impl TimeLine {
    /// The spans of a message; none where it has neither a span nor an instant of its own.
    pub(super) fn new(message: &MessageView, now: Timestamp) -> Option<Self> {
        if message.windows.is_empty() && message.issued.is_none() {
            return None;
        }
        let windows = &message.windows[..message.windows.len().min(MOST)];
        let bounds = windows.iter().flat_map(|window| [window.from, window.until]).flatten();
        let scale = Scale::new(bounds.chain([now]).chain(message.issued));
        let point = |at: Timestamp| Point { at: percent(scale.at(at)), words: instant(at) };
        Some(Self {
            issued: message.issued.map(point),
            now: point(now),
            spans: windows.iter().map(|window| Span::new(window, now, &scale)).collect(),
            left_out: message.windows.len() - windows.len(),
        })
    }
}

impl Span {
    fn new(window: &Window, now: Timestamp, scale: &Scale) -> Self {
        let start = window.from.map_or(0, |at| scale.at(at));
        let end = window.until.map_or(FULL, |at| scale.at(at));
        let (state, holds) = state(window, now);
        Self {
            name: window.name,
            from: window.from.map_or_else(|| "open".to_owned(), instant),
            until: window.until.map_or_else(|| "open".to_owned(), instant),
            start: percent(start),
            length: percent(end.saturating_sub(start).max(THINNEST)),
            state,
            holds,
        }
    }
}

/// How the clock stands to a span, and whether it is inside.
fn state(window: &Window, now: Timestamp) -> (String, bool) {
    match (window.from, window.until) {
        (Some(from), _) if now < from => {
            (format!("begins in {}", length(from.duration_since(now))), false)
        }
        (_, Some(until)) if now >= until => {
            (format!("ended {} ago", length(now.duration_since(until))), false)
        }
        (_, Some(until)) => (format!("{} left", length(until.duration_since(now))), true),
        (_, None) => ("has no end".to_owned(), true),
    }
}

/// Instants and where each lies, in tenths of a percent.
struct Scale(Vec<(Timestamp, u32)>);

impl Scale {
    fn new(instants: impl Iterator<Item = Timestamp>) -> Self {
        let mut instants: Vec<Timestamp> = instants.collect();
        instants.sort_unstable();
        instants.dedup();
        let gaps = instants.windows(2).map(|pair| weight(pair[1].duration_since(pair[0])));
        let gaps: Vec<u32> = gaps.collect();
        let whole: u32 = gaps.iter().sum::<u32>().max(1);
        let mut passed = 0;
        let mut places = Vec::with_capacity(instants.len());
        for (position, at) in instants.into_iter().enumerate() {
            let place = if gaps.is_empty() { FULL / 2 } else { EDGE + passed * INNER / whole };
            places.push((at, place));
            passed += gaps.get(position).copied().unwrap_or(0);
        }
        Self(places)
    }

    fn at(&self, at: Timestamp) -> u32 {
        let found = self.0.binary_search_by_key(&at, |(at, _)| *at);
        found.map_or(FULL, |position| self.0[position].1)
    }
}

/// The room that a gap gets: by its order of magnitude.
fn weight(gap: SignedDuration) -> u32 {
    let seconds = u64::try_from(gap.as_secs()).unwrap_or(0);
    4 + (seconds + 1).ilog2()
}

fn percent(tenths: u32) -> String {
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// An instant for people.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string()
}

fn length(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

/// Spans that are shown.
const MOST: usize = 20;
/// The whole width, in tenths of a percent.
const FULL: u32 = 1000;
/// Room left and right of what has an end.
const EDGE: u32 = 60;
/// The width between the two edges.
const INNER: u32 = FULL - 2 * EDGE;
/// A span is never thinner.
const THINNEST: u32 = 4;

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::TimeLine;
    use crate::report::message::{MessageView, Window};

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn line(windows: &[(Option<&str>, Option<&str>)]) -> TimeLine {
        let window = |(from, until): &(Option<&str>, Option<&str>)| Window {
            name: "conditions",
            from: from.map(at),
            until: until.map(at),
        };
        let windows = windows.iter().map(window).collect();
        let message = MessageView { windows, ..MessageView::default() };
        TimeLine::new(&message, at("2026-11-24T12:00:00Z")).expect("there are windows")
    }

    #[test]
    fn the_clock_lies_inside_of_what_holds_and_outside_of_what_does_not() {
        let line = line(&[
            (Some("2026-11-24T11:55:00Z"), Some("2026-11-24T12:05:00Z")),
            (Some("2026-11-24T11:00:00Z"), Some("2026-11-24T12:00:00Z")),
            (Some("2026-11-24T13:00:00Z"), None),
            (None, None),
        ]);
        let states: Vec<(&str, bool)> =
            line.spans.iter().map(|span| (span.state.as_str(), span.holds)).collect();
        assert_eq!(
            states,
            [
                ("5 min left", true),
                ("ended 0 s ago", false),
                ("begins in 60 min", false),
                ("has no end", true)
            ]
        );
        let number = |text: &str| text.trim_end_matches('%').parse::<f64>().expect("a number");
        let now = number(&line.now.at);
        let ends = |n: usize| {
            let start = number(&line.spans[n].start);
            (start, start + number(&line.spans[n].length))
        };
        assert!(ends(0).0 < now && now < ends(0).1);
        assert!(ends(1).1 <= now && ends(2).0 > now);
        assert_eq!(ends(3), (0.0, 100.0));
    }

    #[test]
    fn a_span_that_ends_before_it_begins_is_still_drawn() {
        let line = line(&[(Some("2026-11-24T13:00:00Z"), Some("2026-11-24T11:00:00Z"))]);
        assert!(!line.spans[0].holds && line.spans[0].length == "0.4%");
    }

    #[test]
    fn the_ends_of_the_calendar_do_no_harm() {
        let line = line(&[(Some("0001-01-01T00:00:00Z"), Some("9999-12-30T00:00:00Z"))]);
        assert!(line.spans[0].holds);
    }
}
