//! Numbers as Python makes them of a text.

use crate::syntax::yaml::decimal::{Decimal, MOST_DIGITS};

/// Why a text is no number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Python refuses it.
    Refused,
    /// It has more digits than Python prints.
    TooLong,
}

/// The decimal digits of an integer: `0b`, `0x`, octal, to the base 60 or decimal.
pub(super) fn int(text: &str) -> Result<String, Fault> {
    let text = without_underscores(text);
    let (negative, text) = signed(&text);
    let number = if let Some(digits) = text.strip_prefix("0b") {
        in_base(digits, 2)?
    } else if let Some(digits) = text.strip_prefix("0x") {
        in_base(digits, 16)?
    } else if text.starts_with('0') && text != "0" {
        in_base(text, 8)?
    } else if text.contains(':') {
        return sexagesimal(text, negative);
    } else {
        in_base(text, 10)?
    };
    Ok(number.negated_if(negative).to_string())
}

/// A number with a fraction.
pub(super) fn float(text: &str) -> Result<f64, Fault> {
    let text = without_underscores(text).to_lowercase();
    if text.is_empty() {
        return Err(Fault::Refused);
    }
    let (negative, text) = signed(&text);
    let value = match text {
        ".inf" => f64::INFINITY,
        ".nan" => f64::NAN,
        _ if text.contains(':') => sexagesimal_float(text)?,
        _ => python_float(text)?,
    };
    Ok(if negative { -value } else { value })
}

fn without_underscores(text: &str) -> String {
    text.chars().filter(|&c| c != '_').collect()
}

/// Whether the text starts with `-`, and the text without its sign.
fn signed(text: &str) -> (bool, &str) {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    (text.starts_with('-'), unsigned)
}

/// What Python's `int(text, base)` gives, digits outside ASCII excepted.
fn in_base(text: &str, base: u32) -> Result<Decimal, Fault> {
    let (negative, text) = signed(python_trim(text));
    let letter = match base {
        2 => "bB",
        8 => "oO",
        16 => "xX",
        _ => "",
    };
    let prefixed = text.strip_prefix('0').filter(|rest| rest.starts_with(|c| letter.contains(c)));
    let digits = prefixed.map_or(text, |rest| &rest[1..]);
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(base)) {
        return Err(Fault::Refused);
    }
    let number = Decimal::read(digits, base).ok_or(Fault::TooLong)?;
    Ok(number.negated_if(negative))
}

/// An integer to the base 60. Parts with a sign, which only `!!int` lets through, must be small.
fn sexagesimal(text: &str, negative: bool) -> Result<String, Fault> {
    if text.len() > MOST_DIGITS {
        return Err(Fault::TooLong);
    }
    let mut total = Decimal::default();
    let mut small = Some(0_i128);
    let mut all_natural = true;
    for part in text.split(':') {
        let digits = in_base(part, 10)?.to_string();
        all_natural &= !digits.starts_with('-');
        let value: Option<i128> = digits.parse().ok();
        small = small
            .and_then(|total| total.checked_mul(60))
            .and_then(|total| total.checked_add(value?));
        if all_natural && small.is_none() {
            total.shift_in(60, &digits);
        } else if let Some(small) = small.filter(|small| *small >= 0) {
            total = Decimal::read(&small.to_string(), 10).ok_or(Fault::TooLong)?;
        }
    }
    if let Some(small) = small {
        return Ok(if negative { -small } else { small }.to_string());
    }
    if !all_natural {
        return Err(Fault::TooLong);
    }
    Ok(total.negated_if(negative).to_string())
}

/// A number with a fraction to the base 60.
fn sexagesimal_float(text: &str) -> Result<f64, Fault> {
    let mut total = 0.0;
    let mut base = Decimal::read("1", 10).ok_or(Fault::TooLong)?;
    for part in text.rsplit(':') {
        let weight: f64 = base.to_string().parse().map_err(|_| Fault::Refused)?;
        if weight.is_infinite() {
            return Err(Fault::Refused);
        }
        total += python_float(part)? * weight;
        base.shift_in(60, "0");
    }
    Ok(total)
}

/// What Python's `float(text)` gives, digits outside ASCII excepted.
fn python_float(text: &str) -> Result<f64, Fault> {
    python_trim(text).parse().map_err(|_| Fault::Refused)
}

/// The text without what Python calls white space at both ends.
fn python_trim(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '\u{1C}'..='\u{1F}'))
}
