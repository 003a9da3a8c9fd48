//! Numbers as Python makes them of a text, and prints them.

use crate::syntax::hocon::digits;
use crate::syntax::tree::Kind;

/// What a number is: whole in any size, else a float.
pub(super) fn read(text: &str) -> Kind {
    let text = digits::in_ascii(text);
    let unsigned = text.trim_start_matches(['+', '-']);
    let is_whole = unsigned.bytes().all(|byte| byte.is_ascii_digit());
    if !is_whole || unsigned.len() > MOST_DIGITS {
        return Kind::Float(text.parse().unwrap_or(f64::INFINITY));
    }
    match unsigned.trim_start_matches('0') {
        "" => Kind::Int("0".to_owned()),
        digits if text.starts_with('-') => Kind::Int(format!("-{digits}")),
        digits => Kind::Int(digits.to_owned()),
    }
}

/// A float as `str` prints it.
pub(super) fn printed(number: f64) -> String {
    if !number.is_finite() {
        return number.to_string();
    }
    let shortest = format!("{number:e}");
    let (mantissa, exponent) = shortest.split_once('e').expect("`:e` prints an exponent");
    let exponent: i32 = exponent.parse().expect("`:e` prints a whole exponent");
    if !(-4..16).contains(&exponent) {
        let sign = if exponent < 0 { '-' } else { '+' };
        return format!("{mantissa}e{sign}{:02}", exponent.abs());
    }
    let plain = number.to_string();
    if plain.contains('.') { plain } else { format!("{plain}.0") }
}

/// The most digits that Python's `int` takes; a longer number is read as a float.
const MOST_DIGITS: usize = 4300;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_python() {
        let cases = [
            (1.0, "1.0"),
            (-0.5, "-0.5"),
            (0.0001, "0.0001"),
            (0.000_01, "1e-05"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (f64::INFINITY, "inf"),
            (-0.0, "-0.0"),
        ];
        for (number, text) in cases {
            assert_eq!(printed(number), text);
        }
    }
}
