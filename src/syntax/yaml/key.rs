//! Keys as Python compares them: `1 == 1.0 == True`, and bytes are no text.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::syntax::tree::{Kind, Scalar};
use crate::syntax::yaml::{base64, timestamp};

/// A key, equal to another where Python finds them equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key<'n> {
    /// Bytes.
    Bytes(Vec<u8>),
    /// A number with a fraction, an infinity or not-a-number, by its bits.
    Fraction(u64),
    /// `None`.
    Nothing,
    /// Text.
    Text(&'n str),
    /// A date, or a time.
    Time(String),
    /// A whole number, a truth value, or a float without fraction, in decimal digits.
    Whole(Cow<'n, str>),
}

/// Up to how many keys are compared one by one.
const FEW: usize = 12;

impl<'n> Key<'n> {
    /// The key that a scalar is.
    pub(super) fn of(scalar: &'n Scalar) -> Self {
        match &scalar.kind {
            Kind::Binary => Self::Bytes(base64::decode(&scalar.text).unwrap_or_default()),
            Kind::Bool(value) => Self::Whole(Cow::Borrowed(if *value { "1" } else { "0" })),
            Kind::Float(value) if *value == 0.0 => Self::Whole(Cow::Borrowed("0")),
            Kind::Float(value) if value.is_nan() => Self::Fraction(f64::NAN.to_bits()),
            Kind::Float(value) if value.is_finite() && value.fract() == 0.0 => {
                Self::Whole(Cow::Owned(format!("{value:.0}")))
            }
            Kind::Float(value) => Self::Fraction(value.to_bits()),
            Kind::Int(digits) => Self::Whole(Cow::Borrowed(digits)),
            Kind::Null => Self::Nothing,
            Kind::Duration(_) | Kind::Text => Self::Text(&scalar.text),
            Kind::Timestamp(printed) => Self::Time(timestamp::identity(printed)),
        }
    }
}

/// Calls `hide` with the position of every key that a later one equals.
pub(super) fn hide_replaced(keys: &[Option<Key<'_>>], mut hide: impl FnMut(usize)) {
    if keys.len() <= FEW {
        for (index, key) in keys.iter().enumerate() {
            if keys[index + 1..].contains(key) {
                hide(index);
            }
        }
        return;
    }
    let mut last = HashMap::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        if let Some(earlier) = last.insert(key, index) {
            hide(earlier);
        }
    }
}
