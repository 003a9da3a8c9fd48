//! Whole numbers of any size, for printing only.

use std::fmt;

/// The most decimal digits a number may have; Python refuses to read or print more.
pub(super) const MOST_DIGITS: usize = 4_300;

/// What one limb counts to.
const LIMB: u64 = 1_000_000_000;

/// How many decimal digits a limb has.
const LIMB_DIGITS: usize = 9;

/// A whole number in groups of nine decimal digits, the last first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Decimal {
    limbs: Vec<u64>,
    negative: bool,
}

impl Decimal {
    /// The number that digits of a base stand for; none where it is too long.
    pub(super) fn read(digits: &str, base: u32) -> Option<Self> {
        let digits = digits.trim_start_matches('0');
        let group = match base {
            2 => 28,
            8 => 9,
            16 => 7,
            _ => LIMB_DIGITS,
        };
        let most = match base {
            2 => 14_284,
            8 => 4_761,
            16 => 3_571,
            _ => MOST_DIGITS,
        };
        if digits.len() > most {
            return None;
        }
        let mut number = Self::default();
        let first = digits.len() % group;
        number.push(&digits[..first], base);
        for start in (first..digits.len()).step_by(group) {
            number.push(&digits[start..start + group], base);
        }
        Some(number)
    }

    /// Puts a group of at most nine digits behind the number.
    fn push(&mut self, digits: &str, base: u32) {
        let mut factor = 1;
        let mut value = 0;
        for digit in digits.chars().filter_map(|c| c.to_digit(base)) {
            factor *= u64::from(base);
            value = value * u64::from(base) + u64::from(digit);
        }
        self.scale(factor, value);
    }

    /// The number times `factor`, plus a number in decimal digits.
    pub(super) fn shift_in(&mut self, factor: u64, digits: &str) {
        self.scale(factor, 0);
        let other = Self::read(digits, 10).unwrap_or_default();
        let mut carry = 0;
        for index in 0.. {
            let added = other.limbs.get(index).copied();
            if added.is_none() && carry == 0 {
                break;
            }
            if index == self.limbs.len() {
                self.limbs.push(0);
            }
            let sum = self.limbs[index] + added.unwrap_or(0) + carry;
            self.limbs[index] = sum % LIMB;
            carry = sum / LIMB;
        }
    }

    /// The number times `factor`, plus `carry`.
    fn scale(&mut self, factor: u64, mut carry: u64) {
        for limb in &mut self.limbs {
            let product = *limb * factor + carry;
            *limb = product % LIMB;
            carry = product / LIMB;
        }
        while carry > 0 {
            self.limbs.push(carry % LIMB);
            carry /= LIMB;
        }
    }

    /// The number with its sign changed, if so.
    pub(super) fn negated_if(mut self, negate: bool) -> Self {
        self.negative ^= negate;
        self
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((last, others)) = self.limbs.split_last() else {
            return f.write_str("0");
        };
        if self.negative {
            f.write_str("-")?;
        }
        write!(f, "{last}")?;
        others.iter().rev().try_for_each(|limb| write!(f, "{limb:09}"))
    }
}
