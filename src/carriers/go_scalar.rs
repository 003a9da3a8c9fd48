//! What the YAML reader of Docker Compose (go-yaml 4) makes of a scalar, and how Go prints it.

use crate::syntax::tree::{Node, Scalar, Style};

/// A scalar as Compose has it.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum GoScalar {
    /// A date: neither text nor number.
    Date,
    /// Nothing.
    Null,
    /// Text, and whether it was text to begin with.
    Text(String, Kind),
}

/// What a text was before it was printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Boolean,
    Number,
    Text,
}

/// A scalar of a tree, resolved anew: the tree has it as another reader sees it.
pub(super) fn resolve(node: &Node, scalar: &Scalar) -> GoScalar {
    let text = scalar.text.as_str();
    let tag = node.tag.as_ref().map(|tag| tag.name.as_str());
    let is_text = |text: &str| GoScalar::Text(text.to_owned(), Kind::Text);
    if scalar.style != Style::Plain || tag == Some("tag:yaml.org,2002:str") {
        return is_text(text);
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => GoScalar::Null,
        "true" | "True" | "TRUE" => GoScalar::Text("true".to_owned(), Kind::Boolean),
        "false" | "False" | "FALSE" => GoScalar::Text("false".to_owned(), Kind::Boolean),
        _ if is_date(text) => GoScalar::Date,
        _ => number(text)
            .map_or_else(|| is_text(text), |number| GoScalar::Text(number, Kind::Number)),
    }
}

/// A number as Go prints it, if a text is one.
fn number(text: &str) -> Option<String> {
    match text {
        "-0" | "-0.0" => return Some("-0".to_owned()),
        ".nan" | ".NaN" | ".NAN" => return Some("NaN".to_owned()),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return Some("+Inf".to_owned()),
        "-.inf" | "-.Inf" | "-.INF" => return Some("-Inf".to_owned()),
        _ => {}
    }
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.')) {
        return None;
    }
    let plain = if text.starts_with('.') { text.to_owned() } else { text.replace('_', "") };
    integer(&plain).or_else(|| float(&plain))
}

/// A whole number of 64 bits, in the bases that Go knows.
fn integer(text: &str) -> Option<String> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => ("-", &text[1..]),
        b'+' => ("", &text[1..]),
        _ => ("", text),
    };
    let (base, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let value = u64::from_str_radix(digits, base).ok()?;
    let most = if sign == "-" { 1 << 63 } else { u64::MAX };
    // Only what has no sign may be larger than a signed number.
    let most = if text.starts_with('+') { (1 << 63) - 1 } else { most };
    (value <= most).then(|| match value {
        0 => "0".to_owned(),
        value => format!("{sign}{value}"),
    })
}

/// A number with a fraction or an exponent.
fn float(text: &str) -> Option<String> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    let is_exponent = exponent
        .is_none_or(|exponent| is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
    if !is_mantissa || !is_exponent {
        return None;
    }
    let value: f64 = text.parse().ok()?;
    value.is_finite().then(|| printed(value))
}

/// A float as Go's `%v` prints it: the shortest digits, an exponent outside 1e-4 to 1e6.
pub(super) fn printed(value: f64) -> String {
    let scientific = format!("{value:e}");
    let (digits, exponent) = scientific.split_once('e').expect("the format has an exponent");
    let exponent: i32 = exponent.parse().expect("an exponent is a number");
    if (-4..EXPONENT_FROM).contains(&exponent) {
        return format!("{value}");
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{digits}e{sign}{:02}", exponent.abs())
}

/// Dates as Compose takes them: `2026-11-24`, with or without a time.
fn is_date(text: &str) -> bool {
    let Some((year, rest)) = text.split_once('-') else { return false };
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
    };
    let (date, time) = match rest.find(['T', 't', ' ']) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, ""),
    };
    let Some((month, day)) = date.split_once('-') else { return false };
    let in_range = |text: &str, most: u32| text.parse().is_ok_and(|n: u32| (1..=most).contains(&n));
    year.len() == 4
        && is_number(year, 4)
        && is_number(month, 2)
        && is_number(day, 2)
        && in_range(month, 12)
        && in_range(day, 31)
        && (date.len() == rest.len() || time.split(':').count() >= 3)
}

/// The first power of ten that Go prints with an exponent.
const EXPONENT_FROM: i32 = 6;

#[cfg(test)]
mod tests {
    use super::{number, printed};

    #[test]
    fn numbers_are_printed_as_go_prints_them() {
        for (text, printed) in [
            ("010", "8"),
            ("08", "8"),
            ("1_000", "1000"),
            ("1.10", "1.1"),
            ("1e5", "100000"),
            ("1e6", "1e+06"),
            ("0x1f", "31"),
            ("0b11", "3"),
            ("123456789012345678901234567890", "1.2345678901234568e+29"),
            ("-0", "-0"),
            ("1.", "1"),
            ("+5", "5"),
        ] {
            assert_eq!(number(text).as_deref(), Some(printed), "{text}");
        }
        for text in ["12:30", "0x", "1e400", "_1", "1.2.3", "-", "+", "10.0.0.1"] {
            assert_eq!(number(text), None, "{text}");
        }
        assert_eq!(printed(0.00001), "1e-05");
    }
}
