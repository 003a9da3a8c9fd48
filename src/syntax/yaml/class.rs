//! Which type a value has: by its tag, or by its text (YAML 1.1 types as `SafeLoader` has them).

use crate::syntax::yaml::handles::YAML_PREFIX;
use crate::syntax::yaml::timestamp;

/// The types that `SafeLoader` knows, and what stands beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// `!!binary`.
    Binary,
    /// `!!bool`.
    Bool,
    /// A tag whose value another program fills in later.
    FilledIn,
    /// `!!float`.
    Float,
    /// `!!int`.
    Int,
    /// `!!map`.
    Map,
    /// `!!merge`: the key `<<`.
    Merge,
    /// `!!null`.
    Null,
    /// Any tag without a constructor.
    Object,
    /// `!!omap` and `!!pairs`: lists of maps with one key each.
    Pairs,
    /// `!!seq`.
    Seq,
    /// `!!set`.
    Set,
    /// `!!str`.
    Str,
    /// `!!timestamp`.
    Timestamp,
    /// `!!value`: the key `=`.
    Value,
}

impl Class {
    /// The type of a tag's full name.
    pub(super) fn of_tag(name: &str, filled_in_later: &[&str]) -> Self {
        if filled_in_later.contains(&name) {
            return Self::FilledIn;
        }
        match name.strip_prefix(YAML_PREFIX).unwrap_or("") {
            "binary" => Self::Binary,
            "bool" => Self::Bool,
            "float" => Self::Float,
            "int" => Self::Int,
            "map" => Self::Map,
            "merge" => Self::Merge,
            "null" => Self::Null,
            "omap" | "pairs" => Self::Pairs,
            "seq" => Self::Seq,
            "set" => Self::Set,
            "str" => Self::Str,
            "timestamp" => Self::Timestamp,
            "value" => Self::Value,
            _ => Self::Object,
        }
    }

    /// The type of a text without a tag. `SafeLoader`'s patterns end with `$`, so one line break
    /// at the end makes no difference; only `! "..."` can have one.
    pub(super) fn of_text(text: &str) -> Self {
        let first = text.as_bytes().first();
        let text = text.strip_suffix('\n').unwrap_or(text);
        match first {
            None => Self::Null,
            Some(b'0'..=b'9' | b'+' | b'-' | b'.') => of_number(text),
            Some(b'<') if text == "<<" => Self::Merge,
            Some(b'=') if text == "=" => Self::Value,
            Some(b'~' | b'n' | b'N' | b'y' | b'Y' | b't' | b'T' | b'f' | b'F' | b'o' | b'O') => {
                of_word(text)
            }
            Some(_) => Self::Str,
        }
    }
}

fn of_word(text: &str) -> Class {
    match text {
        "~" | "null" | "Null" | "NULL" => Class::Null,
        "yes" | "Yes" | "YES" | "no" | "No" | "NO" | "true" | "True" | "TRUE" | "false"
        | "False" | "FALSE" | "on" | "On" | "ON" | "off" | "Off" | "OFF" => Class::Bool,
        _ => Class::Str,
    }
}

fn of_number(text: &str) -> Class {
    if is_float(text) {
        Class::Float
    } else if is_int(text) {
        Class::Int
    } else if timestamp::is_plain(text) {
        Class::Timestamp
    } else {
        Class::Str
    }
}

/// Whether the text is an integer of YAML 1.1 to `SafeLoader`.
fn is_int(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let bytes = unsigned.as_bytes();
    let digits = |from: usize, fits: fn(u8) -> bool| {
        bytes.len() > from && bytes[from..].iter().all(|&byte| byte == b'_' || fits(byte))
    };
    match bytes {
        [b'0'] => true,
        [b'0', b'b', ..] => digits(2, |byte| matches!(byte, b'0' | b'1')),
        [b'0', b'x', ..] => digits(2, |byte| byte.is_ascii_hexdigit()),
        [b'0', ..] => digits(1, |byte| matches!(byte, b'0'..=b'7')),
        [b'1'..=b'9', ..] => {
            digits(1, |byte| byte.is_ascii_digit()) || bytes.len() == 1 || is_sexagesimal(unsigned)
        }
        _ => false,
    }
}

/// Whether the text is a number with a dot of YAML 1.1 to `SafeLoader`.
fn is_float(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") {
        return true;
    }
    let Some((whole, fraction)) = unsigned.split_once('.') else {
        return false;
    };
    if whole.is_empty() {
        let is_signed = unsigned.len() < text.len();
        let is_number = fraction.starts_with(|c: char| c.is_ascii_digit());
        return !is_signed
            && (matches!(fraction, "nan" | "NaN" | "NAN") || is_number)
            && (!is_number || is_fraction(fraction));
    }
    if !whole.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    if is_digits(whole) {
        return is_fraction(fraction);
    }
    is_sexagesimal(whole) && is_digits(fraction)
}

/// Digits, and an exponent that has a sign.
fn is_fraction(text: &str) -> bool {
    let Some((digits, exponent)) = text.split_once(['e', 'E']) else {
        return is_digits(text);
    };
    let number = exponent.strip_prefix(['+', '-']);
    is_digits(digits)
        && number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Whether the text holds only digits and `_`.
fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte == b'_' || byte.is_ascii_digit())
}

/// `12:30:45`: to the base 60, behind the first part.
fn is_sexagesimal(text: &str) -> bool {
    let mut parts = text.split(':');
    let first = parts.next().is_some_and(is_digits);
    let mut count = 0;
    let others = parts.all(|part| {
        count += 1;
        match part.as_bytes() {
            [ones] => ones.is_ascii_digit(),
            [tens, ones] => matches!(tens, b'0'..=b'5') && ones.is_ascii_digit(),
            _ => false,
        }
    });
    first && others && count > 0
}
