//! Durations: a whole number with a unit.

use std::fmt::Write;

use crate::syntax::hocon::error::{HoconErrorKind, LimitKind};

/// A duration as written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Period {
    /// How many of the unit.
    count: u64,
    /// The unit's position in [`UNITS`].
    unit: usize,
}

/// The duration at a place and the place behind it: digits, spaces, and the longest unit that
/// fits, with no letter or digit behind.
pub(super) fn at(text: &str, start: usize) -> Option<(Result<Period, HoconErrorKind>, usize)> {
    let rest = &text[start..];
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let behind = rest[digits..].trim_start_matches(' ');
    if digits == 0 {
        return None;
    }
    let names = UNITS
        .iter()
        .enumerate()
        .flat_map(|(unit, names)| names.iter().map(move |name| (unit, *name)));
    let (unit, name) =
        names.filter(|(_, name)| behind.starts_with(name)).max_by_key(|(_, name)| name.len())?;
    if behind[name.len()..].starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let end = start + rest.len() - behind.len() + name.len();
    Some((read(&rest[..digits], unit), end))
}

fn read(digits: &str, unit: usize) -> Result<Period, HoconErrorKind> {
    let significant = digits.trim_start_matches('0');
    if significant.len() > MOST_DIGITS {
        return Err(HoconErrorKind::Limit(LimitKind::Digits));
    }
    let count = if significant.is_empty() { 0 } else { significant.parse().unwrap_or(u64::MAX) };
    if unit == MILLISECONDS && count > MOST_MILLISECONDS {
        return Err(HoconErrorKind::BadDuration);
    }
    Ok(Period { count, unit })
}

impl Period {
    /// The duration with its unit in full, such as "10 seconds".
    pub(super) fn in_words(self) -> String {
        let names = UNITS[self.unit];
        format!("{} {}", self.count, names[names.len() - 1])
    }

    /// The duration as `str` prints it, which is what joins other text.
    pub(super) fn printed(self) -> String {
        match UNITS[self.unit][0] {
            "ns" => delta(&[("microseconds", self.count / 1000)]),
            "us" => delta(&[("microseconds", self.count)]),
            "ms" => time_delta(self.count),
            "s" => delta(&[("seconds", self.count)]),
            "m" => delta(&[("minutes", self.count)]),
            "h" => delta(&[("hours", self.count)]),
            "d" => delta(&[("days", self.count)]),
            "w" => delta(&[("days", self.count.saturating_mul(7))]),
            "mo" => delta(&[("months", self.count)]),
            _ => delta(&[("years", self.count)]),
        }
    }
}

/// As `dateutil`'s `relativedelta` prints itself: each part carried over into the next larger one.
fn delta(given: &[(&str, u64)]) -> String {
    let mut parts = PARTS.map(|(name, _)| {
        given.iter().find(|(given, _)| *given == name).map_or(0, |(_, count)| *count)
    });
    for (index, (_, most)) in PARTS.iter().enumerate().rev() {
        if let Some(most) = most {
            parts[index - 1] += parts[index] / most;
            parts[index] %= most;
        }
    }
    let shown = PARTS.iter().zip(parts).filter(|(_, count)| *count > 0);
    let shown: Vec<String> =
        shown.map(|((name, _), count)| format!("{name}=+{}", general(count))).collect();
    format!("relativedelta({})", shown.join(", "))
}

/// Six significant digits, as Python's `g` prints them.
fn general(count: u64) -> String {
    let digits = count.to_string();
    let Some(kept) = digits.get(..6).filter(|_| digits.len() > 6) else { return digits };
    let mut exponent = digits.len() - 1;
    let mut number: u64 = kept.parse().expect("six digits");
    let rest = &digits[6..];
    let half = format!("5{}", "0".repeat(rest.len() - 1));
    if rest > half.as_str() || rest == half && number % 2 == 1 {
        number += 1;
    }
    if number == 1_000_000 {
        number = 100_000;
        exponent += 1;
    }
    let digits = number.to_string();
    let fraction = digits[1..].trim_end_matches('0');
    let dot = if fraction.is_empty() { "" } else { "." };
    format!("{}{dot}{fraction}e+{exponent:02}", &digits[..1])
}

/// As `timedelta` prints itself.
fn time_delta(milliseconds: u64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86400);
    let mut text = match days {
        0 => String::new(),
        1 => "1 day, ".to_owned(),
        _ => format!("{days} days, "),
    };
    let takes = "a string takes all text";
    write!(text, "{}:{:02}:{:02}", hours % 24, minutes % 60, seconds % 60).expect(takes);
    if rest > 0 {
        write!(text, ".{rest:03}000").expect(takes);
    }
    text
}

/// Parts of a `relativedelta` from the largest, with how many make one of the next larger.
const PARTS: [(&str, Option<u64>); 7] = [
    ("years", None),
    ("months", Some(12)),
    ("days", None),
    ("hours", Some(24)),
    ("minutes", Some(60)),
    ("seconds", Some(60)),
    ("microseconds", Some(1_000_000)),
];
/// The names of each unit, the full one last. Months and years need `dateutil`, which the server
/// has beside pyhocon.
const UNITS: [&[&str]; 10] = [
    &["ns", "nano", "nanos", "nanosecond", "nanoseconds"],
    &["us", "micro", "micros", "microsecond", "microseconds"],
    &["ms", "milli", "millis", "millisecond", "milliseconds"],
    &["s", "second", "seconds"],
    &["m", "minute", "minutes"],
    &["h", "hour", "hours"],
    &["w", "week", "weeks"],
    &["d", "day", "days"],
    &["mo", "month", "months"],
    &["y", "year", "years"],
];
/// The position of milliseconds in [`UNITS`].
const MILLISECONDS: usize = 2;
/// The longest duration in milliseconds: a day less than Python's largest number of days.
const MOST_MILLISECONDS: u64 = 86_399_999_999_999_999;
/// The most digits of a count.
const MOST_DIGITS: usize = 15;
