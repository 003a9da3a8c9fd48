//! Dates and times as Python's `datetime` holds and prints them.

/// Whether a plain text is a date or a time (YAML 1.1, `timestamp`).
pub(super) fn is_plain(text: &str) -> bool {
    match Written::read(text) {
        Some(written) if written.time.is_none() => text.len() == "2026-11-22".len(),
        written => written.is_some(),
    }
}

/// What Python's `str()` prints of the date, or of the date and time; none where there is no such
/// date.
pub(super) fn print(text: &str) -> Option<String> {
    let written = Written::read(text.strip_suffix('\n').unwrap_or(text))?;
    let Written { year, month, day, .. } = written;
    let is_date = year > 0 && (1..=12).contains(&month) && (1..=days(year, month)).contains(&day);
    if !is_date {
        return None;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    match written.time {
        Some(time) => Some(format!("{date} {}", time.print()?)),
        None => Some(date),
    }
}

/// A text that is the same for times that Python finds equal: the same moment, if both have an
/// offset.
pub(super) fn identity(printed: &str) -> String {
    let Some(Written { year, month, day, time: Some(time) }) = Written::read(printed) else {
        return printed.to_owned();
    };
    let Some(offset) = time.offset else {
        return printed.to_owned();
    };
    let minutes = (days_before(year, month) + i64::from(day)) * 24 * 60
        + i64::from(time.hour) * 60
        + i64::from(time.minute)
        - i64::from(offset.minutes());
    format!("{minutes} {} {}", time.second, time.microsecond())
}

/// A date and perhaps a time, as written.
#[derive(Clone, Copy, Debug)]
struct Written<'t> {
    year: u32,
    month: u32,
    day: u32,
    time: Option<Time<'t>>,
}

/// A time of day, as written.
#[derive(Clone, Copy, Debug)]
struct Time<'t> {
    hour: u32,
    minute: u32,
    second: u32,
    fraction: &'t str,
    offset: Option<Offset>,
}

/// How far a time is from UTC.
#[derive(Clone, Copy, Debug, Default)]
struct Offset {
    behind: bool,
    hours: u32,
    minutes: u32,
}

impl<'t> Written<'t> {
    fn read(text: &'t str) -> Option<Self> {
        let mut rest = Rest(text);
        let year = rest.number(4, 4)?;
        rest.mark("-")?;
        let month = rest.number(1, 2)?;
        rest.mark("-")?;
        let day = rest.number(1, 2)?;
        let time = if rest.0.is_empty() { None } else { Some(Time::read(&mut rest)?) };
        Some(Self { year, month, day, time })
    }
}

impl<'t> Time<'t> {
    fn read(rest: &mut Rest<'t>) -> Option<Self> {
        let before = rest.0.len();
        rest.spaces();
        if rest.0.len() == before && rest.mark("T").is_none() {
            rest.mark("t")?;
        }
        let hour = rest.number(1, 2)?;
        rest.mark(":")?;
        let minute = rest.number(2, 2)?;
        rest.mark(":")?;
        let second = rest.number(2, 2)?;
        let fraction = match rest.mark(".") {
            Some(()) => rest.digits(usize::MAX),
            None => "",
        };
        let offset = if rest.0.is_empty() { None } else { Some(Offset::read(rest)?) };
        Some(Self { hour, minute, second, fraction, offset })
    }

    fn print(self) -> Option<String> {
        if self.hour > 23 || self.minute > 59 || self.second > 59 {
            return None;
        }
        let mut text = format!("{:02}:{:02}:{:02}", self.hour, self.minute, self.second);
        let microsecond = self.microsecond();
        if microsecond.bytes().any(|byte| byte != b'0') {
            text = format!("{text}.{microsecond}");
        }
        match self.offset {
            Some(offset) => Some(text + &offset.print()?),
            None => Some(text),
        }
    }

    /// Six digits.
    fn microsecond(self) -> String {
        let kept = &self.fraction[..self.fraction.len().min(6)];
        format!("{kept:0<6}")
    }
}

impl Offset {
    fn read(rest: &mut Rest<'_>) -> Option<Self> {
        rest.spaces();
        let mut offset = Self::default();
        if rest.mark("Z").is_none() {
            offset.behind = rest.mark("-").is_some();
            if !offset.behind {
                rest.mark("+")?;
            }
            offset.hours = rest.number(1, 2)?;
            if rest.mark(":").is_some() {
                offset.minutes = rest.number(2, 2)?;
            }
        }
        rest.0.is_empty().then_some(offset)
    }

    /// The whole offset in minutes, with its sign.
    fn minutes(self) -> i32 {
        let minutes = i32::try_from(self.hours * 60 + self.minutes).unwrap_or(0);
        if self.behind { -minutes } else { minutes }
    }

    /// `+01:00`; none where it is a day or more.
    fn print(self) -> Option<String> {
        let total = self.hours * 60 + self.minutes;
        let sign = if self.behind && total > 0 { '-' } else { '+' };
        let (hours, minutes) = (total / 60, total % 60);
        (hours < 24).then(|| format!("{sign}{hours:02}:{minutes:02}"))
    }
}

/// What is left of a text.
#[derive(Debug)]
struct Rest<'t>(&'t str);

impl<'t> Rest<'t> {
    fn mark(&mut self, mark: &str) -> Option<()> {
        self.0 = self.0.strip_prefix(mark)?;
        Some(())
    }

    fn spaces(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    fn digits(&mut self, most: usize) -> &'t str {
        let length = self.0.bytes().take(most).take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.0.split_at(length);
        self.0 = rest;
        digits
    }

    fn number(&mut self, least: usize, most: usize) -> Option<u32> {
        let digits = self.digits(most);
        if digits.len() < least {
            return None;
        }
        digits.parse().ok()
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

fn days(year: u32, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days before the first of a month, from some day on.
fn days_before(year: u32, month: u32) -> i64 {
    let before = year - 1;
    let in_years = before * 365 + before / 4 - before / 100 + before / 400;
    let in_months: u32 = (1..month).map(|month| days(year, month)).sum();
    i64::from(in_years + in_months)
}
