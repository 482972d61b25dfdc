//! Amounts that quantities stand for, compared exactly.

use std::fmt;
use std::str::FromStr;

/// The amount that a quantity stands for: `250m`, `1.5Gi`, `2e3`.
///
/// The amount is exact to a billionth, as in Kubernetes; finer parts are rounded away from zero and
/// amounts beyond 2^63-1 are capped, also as in Kubernetes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount {
    nanos: i128,
}

/// A text that is not a quantity.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a quantity; write a number with an optional unit, such as `250m`, `0.5`, `128Mi`, `2G`"
)]
pub struct AmountError(String);

const NANO: i128 = 1_000_000_000;
/// How many significant digits are read.
const LONGEST: usize = 20;
const CAP: i128 = (i64::MAX as i128) * NANO;

impl Amount {
    /// Whether the amount is less than nothing.
    pub fn is_negative(self) -> bool {
        self.nanos < 0
    }
}

impl FromStr for Amount {
    type Err = AmountError;

    fn from_str(text: &str) -> Result<Self, AmountError> {
        parse(text).ok_or_else(|| AmountError(text.chars().take(80).collect()))
    }
}

fn parse(text: &str) -> Option<Amount> {
    let (negative, unsigned) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let end = unsigned.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') {
        return None;
    }
    let nanos = scaled(whole, fraction, Unit::parse(suffix)?)?;
    Some(Amount { nanos: if negative { -nanos } else { nanos } })
}

/// What a suffix multiplies by: a power of ten, or of 1024.
enum Unit {
    Ten(i32),
    Binary(u32),
}

impl Unit {
    fn parse(suffix: &str) -> Option<Self> {
        Some(match suffix {
            "" => Self::Ten(0),
            "n" => Self::Ten(-9),
            "u" => Self::Ten(-6),
            "m" => Self::Ten(-3),
            "k" => Self::Ten(3),
            "M" => Self::Ten(6),
            "G" => Self::Ten(9),
            "T" => Self::Ten(12),
            "P" => Self::Ten(15),
            "E" => Self::Ten(18),
            "Ki" => Self::Binary(1),
            "Mi" => Self::Binary(2),
            "Gi" => Self::Binary(3),
            "Ti" => Self::Binary(4),
            "Pi" => Self::Binary(5),
            "Ei" => Self::Binary(6),
            _ => {
                let exponent = suffix.strip_prefix(['e', 'E'])?;
                // Beyond this range the amount is nothing or the cap anyway.
                Self::Ten(exponent.parse::<i32>().ok()?.clamp(-100, 100))
            }
        })
    }
}

/// `whole.fraction` times the unit, in billionths, rounded up and capped.
fn scaled(whole: &str, fraction: &str, unit: Unit) -> Option<i128> {
    let (power, factor) = match unit {
        Unit::Ten(power) => (power, 1),
        Unit::Binary(power) => (0, 1024_i128.pow(power)),
    };
    // As many digits as times 1024^6 still fit; Kubernetes itself keeps 19.
    let fraction = fraction.trim_end_matches('0');
    let digits = whole.bytes().chain(fraction.bytes());
    if digits.clone().skip_while(|b| *b == b'0').count() > LONGEST {
        return None;
    }
    let amount = digits.fold(0_i128, |amount, digit| amount * 10 + i128::from(digit - b'0'));
    let amount = amount * factor;
    // How many places the last digit stands behind the point of billionths.
    let places = i32::try_from(fraction.len()).ok()? - power - 9;
    let shift = 10_i128.checked_pow(places.unsigned_abs());
    let exact = match (shift, places) {
        (_, 0) => amount,
        (Some(shift), ..0) => amount.saturating_mul(shift),
        (Some(shift), _) => amount / shift + i128::from(amount % shift != 0),
        (None, ..0) if amount != 0 => CAP,
        (None, _) => i128::from(amount != 0),
    };
    Some(exact.min(CAP))
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.nanos / NANO, self.nanos % NANO);
        if rest == 0 { write!(f, "{whole}") } else { write!(f, "{}n", self.nanos) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nanos(text: &str) -> i128 {
        text.parse::<Amount>().unwrap().nanos
    }

    #[test]
    fn equal_amounts_in_other_words() {
        for (a, b) in [
            ("0.5", "500m"),
            ("1e3", "1k"),
            ("1E3", "1000"),
            ("1.5Gi", "1536Mi"),
            ("1.", "1"),
            (".5", "500m"),
            ("+1", "1"),
            ("-1", "-1000m"),
            ("0", "-0"),
            ("1E", "1e18"),
            ("1Ei", "1152921504606846976"),
            ("0.1n", "1n"),
            ("1e-30", "1n"),
            ("9223372036854775807", "99E"),
        ] {
            assert_eq!(nanos(a), nanos(b), "{a} and {b}");
        }
        assert!(nanos("1001m") > nanos("1"));
        assert!(nanos("128Mi") > nanos("128M"));
    }

    #[test]
    fn absurdly_long_numbers_are_bounded() {
        assert!("9".repeat(1000).parse::<Amount>().is_err());
        assert!(format!("1.{}1", "0".repeat(1000)).parse::<Amount>().is_err());
        assert_eq!(nanos(&format!("1.{}", "0".repeat(1000))), NANO);
        assert_eq!(nanos(&format!("{}1", "0".repeat(1000))), NANO);
        assert_eq!(nanos(&format!("0.{}1", "0".repeat(1000))), 1);
        assert_eq!(nanos("99999999999999999999Ei"), CAP);
        assert_eq!(nanos("1e999"), CAP);
    }

    #[test]
    fn what_is_no_quantity() {
        for text in [
            "", "m", "1 Gi", "1gi", "1KB", "1Mb", "1.2.3", "e3", "1e", "1e+", "--1", "0x1", "1,5",
            "½", ".",
        ] {
            assert!(text.parse::<Amount>().is_err(), "{text:?}");
        }
    }
}
