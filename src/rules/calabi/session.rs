//! How long a login lasts, and what local accounts need for one.

use crate::apps::calabi::{Range, facts, section};
use crate::model::{Setting, State};
use crate::problem::Problem;
use crate::rule::Findings;
use crate::rules::calabi::shape::WRONG_TYPE;
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject};
use crate::source::KeyPath;

pub(in crate::rules) static OUT_OF_RANGE: Lint = lint!(
    "CAL040",
    "session-out-of-range",
    Error,
    "a length of time that Calabi's form does not take",
    Check::Settings(out_of_range)
);
pub(in crate::rules) static IDLE_TOO_LONG: Lint = lint!(
    "CAL041",
    "idle-timeout-without-effect",
    Warning,
    "the idle timeout is as long as the session, or longer",
    Check::Settings(idle_too_long)
);
pub(in crate::rules) static OPTIONAL_MFA: Lint = lint!(
    "CAL042",
    "optional-mfa",
    Info,
    "local accounts can do without a second factor",
    Check::Settings(mfa)
);

fn out_of_range(cx: &Subject<'_>, out: &mut Findings) {
    let session = section(cx.config.root, "session");
    let facts = facts();
    for (key, range) in [
        ("lifetime", Some(&facts.lifetime)),
        ("idle_timeout", Some(&facts.idle_timeout)),
        ("refresh_lifetime", None),
    ] {
        let Some((setting, text)) = session.text(key) else { continue };
        match (seconds(text), range) {
            (None, _) => out.report(&WRONG_TYPE.rule, no_length(cx, setting)),
            (Some(seconds), Some(range)) if !is_inside(range, seconds) => {
                out.report(&OUT_OF_RANGE.rule, outside(cx, setting, range));
            }
            _ => {}
        }
    }
}

fn is_inside(range: &Range, seconds: u64) -> bool {
    let [least, most] = range.minutes;
    (least * 60..=most * 60).contains(&seconds)
}

fn no_length(cx: &Subject<'_>, setting: &Setting<'_>) -> Problem {
    let key = &setting.card.key;
    let message = format!("{key} must be a length of time, got {}", cx.shown(setting));
    Problem::new(message, cx.value_place(setting))
        .why("a number with its unit cannot be misread: minutes, hours or days")
        .remedy(format!("{key}: 8h, or 90m, or 1h 30m"))
}

fn outside(cx: &Subject<'_>, setting: &Setting<'_>, range: &Range) -> Problem {
    let key = &setting.card.key;
    let [least, most] = range.minutes.map(length);
    let message = format!("{key} must be between {least} and {most}, got {}", cx.shown(setting));
    Problem::new(message, cx.value_place(setting))
        .why("Admin > Security takes no other values")
        .remedy(format!("{key}: {least} to {most}"))
}

fn idle_too_long(cx: &Subject<'_>, out: &mut Findings) {
    let session = section(cx.config.root, "session");
    let length = |key| session.text(key).and_then(|(_, text)| seconds(text));
    let (Some(lifetime), Some(idle)) = (length("lifetime"), length("idle_timeout")) else { return };
    if idle < lifetime {
        return;
    }
    let (setting, lifetime) = (session.setting("idle_timeout"), session.setting("lifetime"));
    let message = format!("an idle timeout of {} never takes effect", cx.shown(setting));
    let problem = Problem::new(message, cx.value_place(setting))
        .related(cx.value_place(lifetime), "the session ends by then")
        .why("the session as a whole does not last longer")
        .remedy("an idle timeout shorter than the lifetime, such as a quarter of it");
    out.report(&IDLE_TOO_LONG.rule, problem);
}

fn mfa(cx: &Subject<'_>, out: &mut Findings) {
    let Some(setting) = cx.config.settings.iter().find(|setting| setting.card.key == "mfa") else {
        return;
    };
    let words = &facts().mfa.value;
    let place = match setting.state {
        State::Text("optional") => cx.value_place(setting),
        State::Text(word) if !words.iter().any(|known| known == word) => {
            let message = format!("mfa must be {}, got {}", words.join(" or "), cx.shown(setting));
            let problem = Problem::new(message, cx.value_place(setting))
                .why("Admin > Security > Authentication knows these two")
                .remedy("mfa: required (Required for all users)");
            out.report(&WRONG_TYPE.rule, problem);
            return;
        }
        State::Absent | State::Empty => {
            let entry = cx.config.root.and_then(|root| root.entry("calabi"));
            let Some((key, _)) = entry.filter(|(_, sheet)| sheet.entries().is_some()) else {
                return;
            };
            cx.place(key.span(), KeyPath::default().key("calabi").key("mfa"))
        }
        _ => return,
    };
    let problem = Problem::new("a second factor is optional for local accounts", place)
        .why("it is Calabi's default; accounts of the local user pool, the administrator's too, stand on a password alone")
        .remedy("Required for all users in Admin > Security > Authentication, and mfa: required here");
    out.report(&OPTIONAL_MFA.rule, problem);
}

/// A length of time in seconds: numbers with units, `8h`, `1h 30m`, `30 minutes`.
fn seconds(text: &str) -> Option<u64> {
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    let mut sum = 0_u64;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest[..digits].parse().ok()?;
        let behind = rest[digits..].trim_start();
        let end = behind.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(behind.len());
        let unit = behind[..end].to_ascii_lowercase();
        let (_, length) = UNITS.iter().find(|(names, _)| names.contains(&unit.as_str()))?;
        sum = sum.checked_add(number.checked_mul(*length)?)?;
        rest = behind[end..].trim_start();
    }
    Some(sum)
}

/// Minutes in the largest unit that fits.
fn length(minutes: u64) -> String {
    if minutes.is_multiple_of(60) { format!("{}h", minutes / 60) } else { format!("{minutes}m") }
}

const UNITS: [(&[&str], u64); 4] = [
    (&["s", "sec", "second", "seconds"], 1),
    (&["m", "min", "mins", "minute", "minutes"], 60),
    (&["h", "hour", "hours"], 3600),
    (&["d", "day", "days"], 86400),
];

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn lengths_of_time_are_numbers_with_units() {
        for (text, wanted) in [
            ("8h", Some(28800)),
            ("30 min", Some(1800)),
            ("1h 30m", Some(5400)),
            ("1h30m", Some(5400)),
            ("2 days", Some(172_800)),
            ("8", None),
            ("h", None),
            ("", None),
            ("8 weeks", None),
            ("99999999999999999999h", None),
            ("18446744073709551615d", None),
        ] {
            assert_eq!(seconds(text), wanted, "{text}");
        }
    }
}
