//! Instants as XML Schema writes them (xmlschema-2 section 3.2.7) and SAML narrows them
//! (saml-core-2.0-os section 1.3.3).

use jiff::civil::DateTime;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use crate::source::{Span, Spanned};

/// An instant as a message has it.
#[derive(Clone, Debug)]
pub struct Instant {
    /// As it is written.
    pub text: String,
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub at: Result<Timestamp, InstantFault>,
    /// Whether it is written with an offset instead of `Z`.
    pub has_offset: bool,
    /// Whether it is written in a way that XML Schema knows and many readers do not: with space
    /// around it, or at the hour 24.
    pub is_unusual: bool,
}

/// Why a text is no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstantFault {
    /// It is no date and time at all.
    NoDateTime,
    /// It says no time zone, so it means something else everywhere.
    NoZone,
    /// One of its numbers is out of range.
    OutOfRange,
}

impl Instant {
    /// Reads an instant.
    pub fn read(written: Spanned<String>) -> Self {
        let Spanned { value: text, span } = written;
        let trimmed = text.trim_matches([' ', '\t', '\r', '\n']);
        let at = read(trimmed);
        let has_offset = !trimmed.ends_with('Z');
        let is_unusual = trimmed.len() < text.len() || trimmed.get(10..13) == Some("T24");
        Self { text, span, at, has_offset, is_unusual }
    }
}

impl InstantFault {
    /// What is the matter, to stand behind the text.
    pub fn message(self) -> &'static str {
        match self {
            Self::NoDateTime => "is no date and time",
            Self::NoZone => "names no time zone",
            Self::OutOfRange => "is no instant that there is",
        }
    }
}

fn read(text: &str) -> Result<Timestamp, InstantFault> {
    let (date_time, zone) = split(text)?;
    let (date, time) = date_time.split_once('T').ok_or(InstantFault::NoDateTime)?;
    let mut date = date.splitn(3, '-');
    let (year, month, day) =
        (number(date.next(), 4)?, number(date.next(), 2)?, number(date.next(), 2)?);
    let (time, fraction) = time.split_once('.').map_or((time, None), |(t, f)| (t, Some(f)));
    let mut time = time.splitn(3, ':');
    let (hour, minute, second) =
        (number(time.next(), 2)?, number(time.next(), 2)?, number(time.next(), 2)?);
    let nanosecond = fraction.map_or(Ok(0), nanoseconds)?;
    // The end of a day may be written as its hour 24.
    let is_midnight = hour == 24 && minute == 0 && second == 0 && nanosecond == 0;
    let (hour, next) = if is_midnight { (0, 24) } else { (hour, 0) };
    let range = |number: i32| i8::try_from(number).map_err(|_| InstantFault::OutOfRange);
    let year = i16::try_from(year).map_err(|_| InstantFault::OutOfRange)?;
    let civil = DateTime::new(
        year,
        range(month)?,
        range(day)?,
        range(hour)?,
        range(minute)?,
        range(second)?,
        nanosecond,
    );
    let civil = civil.map_err(|_| InstantFault::OutOfRange)?;
    // The last days of the year 9999, which some write for "never", are later than clocks go.
    let instant = zone?.to_timestamp(civil).unwrap_or(Timestamp::MAX);
    Ok(instant.checked_add(SignedDuration::from_hours(next)).unwrap_or(Timestamp::MAX))
}

/// A date and time, and its zone.
type Zoned<'t> = (&'t str, Result<Offset, InstantFault>);

fn split(text: &str) -> Result<Zoned<'_>, InstantFault> {
    if let Some(date_time) = text.strip_suffix('Z') {
        return Ok((date_time, Ok(Offset::UTC)));
    }
    let Some((at, sign)) = text.rmatch_indices(['+', '-']).next().filter(|(at, _)| *at > 10) else {
        return Ok((text, Err(InstantFault::NoZone)));
    };
    let (hours, minutes) = text[at + 1..].split_once(':').ok_or(InstantFault::NoDateTime)?;
    let (hours, minutes) = (number(Some(hours), 2)?, number(Some(minutes), 2)?);
    if hours > 14 || minutes > 59 || (hours == 14 && minutes > 0) {
        return Err(InstantFault::OutOfRange);
    }
    let seconds = (hours * 60 + minutes) * 60;
    let seconds = if sign == "-" { -seconds } else { seconds };
    Ok((&text[..at], Offset::from_seconds(seconds).map_err(|_| InstantFault::OutOfRange)))
}

/// A number of so many digits; of more, and it is out of range.
fn number(text: Option<&str>, digits: usize) -> Result<i32, InstantFault> {
    let text = text.unwrap_or_default();
    if !text.bytes().all(|byte| byte.is_ascii_digit()) || text.len() < digits {
        return Err(InstantFault::NoDateTime);
    }
    if text.len() > digits {
        return Err(if digits == 4 { InstantFault::OutOfRange } else { InstantFault::NoDateTime });
    }
    text.parse().map_err(|_| InstantFault::OutOfRange)
}

/// A fraction of a second. What lies beyond nanoseconds is left off.
fn nanoseconds(fraction: &str) -> Result<i32, InstantFault> {
    if fraction.is_empty() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(InstantFault::NoDateTime);
    }
    let digits = fraction.bytes().chain(std::iter::repeat(b'0')).take(9);
    Ok(digits.fold(0, |sum, digit| sum * 10 + i32::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Result<String, InstantFault> {
        let written = Spanned { value: text.to_owned(), span: Span::at(0) };
        Instant::read(written).at.map(|at| at.to_string())
    }

    #[test]
    fn instants_in_utc_with_offsets_and_with_fractions_are_read() {
        assert_eq!(at("2026-11-24T12:00:00Z").as_deref(), Ok("2026-11-24T12:00:00Z"));
        assert_eq!(at("2026-11-24T12:00:00.25Z").as_deref(), Ok("2026-11-24T12:00:00.25Z"));
        assert_eq!(at("2026-11-24T14:30:00+02:30").as_deref(), Ok("2026-11-24T12:00:00Z"));
        for never in
            ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z", "9999-12-31T24:00:00Z"]
        {
            assert_eq!(at(never), Ok(Timestamp::MAX.to_string()), "{never}");
        }
        assert_eq!(at("2026-11-24T24:00:00Z").as_deref(), Ok("2026-11-25T00:00:00Z"));
        assert_eq!(at(" 2026-11-24T12:00:00Z\n").as_deref(), Ok("2026-11-24T12:00:00Z"));
        let long = at("2026-11-24T12:00:00.12345678901234567890Z");
        assert_eq!(long.as_deref(), Ok("2026-11-24T12:00:00.123456789Z"));
    }

    #[test]
    fn what_is_no_instant_is_told_apart() {
        assert_eq!(at("2026-11-24T12:00:00"), Err(InstantFault::NoZone));
        for text in ["10000-01-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-11-24T12:00:60Z"] {
            assert_eq!(at(text), Err(InstantFault::OutOfRange), "{text}");
        }
        for text in [
            "",
            "Z",
            "2026-11-24T12:00:00z",
            "yesterday",
            "-0044-03-15T12:00:00Z",
            "2026-11-24Z",
            "1.5T+é:00",
        ] {
            assert!(at(text).is_err(), "{text}");
        }
    }
}
