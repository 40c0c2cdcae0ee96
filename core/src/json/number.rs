//! A number's text → its value, as far as ports and times need it.

use core::num::IntErrorKind;

use super::{Node, NodeId, NodeKind, Tape};

use crate::part;

/// A JSON number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// A whole number written as one; beyond 64 bits, the last within.
    Integer(i64),
    /// A whole number written with a fraction or an exponent: `22.0`, `2.2e1`.
    Spelt(i64),
    /// Not whole, or beyond 64 bits and not written as a whole number.
    Other,
}

impl Number {
    /// The value of a number written as JSON wants it.
    pub fn parse(text: &str) -> Self {
        // Ports: so few digits cannot overflow.
        if text.len() < 6 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            let digit = |byte: u8| i64::from(byte.wrapping_sub(b'0'));
            let number =
                text.bytes().fold(0_i64, |number, byte| number.wrapping_mul(10).wrapping_add(digit(byte)));
            return Self::Integer(number);
        }
        match text.parse::<i64>().map_err(|error| *error.kind()) {
            Ok(integer) => return Self::Integer(integer),
            Err(IntErrorKind::PosOverflow) => return Self::Integer(i64::MAX),
            Err(IntErrorKind::NegOverflow) => return Self::Integer(i64::MIN),
            Err(_) => {}
        }
        Self::whole(text).map_or(Self::Other, Self::Spelt)
    }

    /// Exact: shifts the decimal point through the digits, no floating point.
    fn whole(text: &str) -> Option<i64> {
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (integer, fraction) = part::cut(mantissa, '.').unwrap_or((mantissa, ""));
        let fraction = fraction.trim_end_matches('0');
        let scale = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
        let mut value: i64 = 0;
        for digit in integer.trim_start_matches('-').chars().chain(fraction.chars()) {
            value = value.checked_mul(10)?.checked_add(i64::from(digit.to_digit(10)?))?;
        }
        if scale < 0 {
            // `fraction` has no zeros at its end, but the whole part may: 100e-2.
            let divisor = 10_i64.checked_pow(u32::try_from(scale.checked_neg()?).ok()?)?;
            if value.checked_rem(divisor)? != 0 {
                return None;
            }
            value = value.checked_div(divisor)?;
        } else if value != 0 {
            value = value.checked_mul(10_i64.checked_pow(u32::try_from(scale).ok()?)?)?;
        }
        if integer.starts_with('-') { value.checked_neg() } else { Some(value) }
    }
}

impl Tape<'_> {
    /// The node's value, if it is a number.
    pub fn number(&self, id: NodeId) -> Option<Number> {
        let node = self.node(id);
        let raw = || {
            if self.is_script() && node.has(Node::MADE) { self.made(id).unwrap_or("") } else { self.raw(id) }
        };
        (node.kind == NodeKind::Number).then(|| Number::parse(raw()))
    }
}

#[cfg(test)]
mod tests {
    use super::Number::{self, Integer, Other, Spelt};

    #[test]
    fn values() {
        for (text, value) in [
            ("0", Integer(0)),
            ("22", Integer(22)),
            ("-0", Integer(0)),
            ("-7", Integer(-7)),
            ("22.0", Spelt(22)),
            ("2.2e1", Spelt(22)),
            ("220e-1", Spelt(22)),
            ("-2.20E+1", Spelt(-22)),
            ("0e999", Spelt(0)),
            ("22.5", Other),
            ("1e-1", Other),
            ("1e999", Other),
            ("1e99999999999999999999", Other),
            ("1e20", Other),
            ("18446744073709551638", Integer(i64::MAX)),
            ("99999999999999999999", Integer(i64::MAX)),
            ("-99999999999999999999", Integer(i64::MIN)),
        ] {
            assert_eq!(Number::parse(text), value, "{text}");
        }
    }
}
