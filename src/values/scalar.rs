//! What a scalar of YAML means to Helm: the rules of YAML 1.1 as Go's `go.yaml.in/yaml/v2` has
//! them, which reads every values file of Helm.
//!
//! They differ from YAML 1.2: `yes` and `on` are booleans, `0755` is octal, `1_000` is a number.
//! What Go reads as something that values cannot hold is refused here.

use super::Value;

/// The tags of YAML's own types, without `tag:yaml.org,2002:`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Str,
    Bool,
    Int,
    Float,
    Null,
}

/// What a scalar means that is plain (unquoted) and has no tag.
///
/// # Errors
/// In words, what values cannot hold: not a number, infinity, a number out of range.
pub(super) fn plain(text: &str) -> Result<Value, String> {
    Ok(resolve(text)?.unwrap_or_else(|| Value::Text(text.into())))
}

/// What a scalar means that has a tag, in quotes or not.
///
/// # Errors
/// As [`plain`], and a text that is not of the tag's type.
pub(super) fn tagged(text: &str, tag: Tag) -> Result<Value, String> {
    if tag == Tag::Str {
        return Ok(Value::Text(text.into()));
    }
    let value = plain(text)?;
    match (tag, value) {
        (Tag::Bool, value @ Value::Bool(_))
        | (Tag::Int, value @ Value::Int(_))
        | (Tag::Null, value @ Value::Null)
        | (Tag::Float, value @ Value::Float(_)) => Ok(value),
        #[allow(clippy::cast_precision_loss, reason = "Go rounds here too")]
        (Tag::Float, Value::Int(i)) => Ok(Value::Float(i as f64)),
        (_, value) => Err(format!("`{text}` is {}, not what its tag says", value.kind())),
    }
}

/// The value, or `None` for a string.
fn resolve(text: &str) -> Result<Option<Value>, String> {
    let Some(first) = text.bytes().next() else { return Ok(Some(Value::Null)) };
    match first {
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' => {
            Ok(word(text))
        }
        b'.' => match text {
            ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" => Err(not_finite(text)),
            _ if underscores_part_digits(text) => float(&text.replace('_', ""), text),
            _ => Ok(None),
        },
        b'+' | b'-' | b'0'..=b'9' => match text.strip_prefix(['+', '-']) {
            Some(".inf" | ".Inf" | ".INF") => Err(not_finite(text)),
            _ => number(text),
        },
        _ => Ok(None),
    }
}

fn word(text: &str) -> Option<Value> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            Some(Value::Bool(true))
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Some(Value::Bool(false))
        }
        "~" | "null" | "Null" | "NULL" => Some(Value::Null),
        _ => None,
    }
}

/// A number that begins with a digit or a sign. Go drops every `_` first.
fn number(text: &str) -> Result<Option<Value>, String> {
    let plain = text.replace('_', "");
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, plain.strip_prefix('+').unwrap_or(&plain)),
    };
    let (radix, digits) = match digits.as_bytes() {
        [b'0', b'x' | b'X', ..] => (16, &digits[2..]),
        [b'0', b'o' | b'O', ..] => (8, &digits[2..]),
        [b'0', b'b' | b'B', ..] => (2, &digits[2..]),
        [b'0', _, ..] => (8, &digits[1..]),
        _ => (10, digits),
    };
    if !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix)) {
        let signed = if negative { format!("-{digits}") } else { digits.to_owned() };
        return match i64::from_str_radix(&signed, radix) {
            Ok(i) => Ok(Some(Value::Int(i))),
            Err(_) => Err(format!("`{text}` is beyond the whole numbers of 64 bits")),
        };
    }
    // Go parses the digits after `0b` once more on their own, where a sign may stand.
    let binary = plain.strip_prefix("0b").and_then(|digits| i64::from_str_radix(digits, 2).ok());
    match binary {
        Some(i) => Ok(Some(Value::Int(i))),
        None => float(&plain, text),
    }
}

/// A decimal number with a fraction or an exponent; anything else is a string.
fn float(plain: &str, text: &str) -> Result<Option<Value>, String> {
    let unsigned = plain.strip_prefix(['+', '-']).unwrap_or(plain);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let exponent_fits = exponent.is_none_or(|e| {
        let e = e.strip_prefix(['+', '-']).unwrap_or(e);
        !e.is_empty() && digits(e)
    });
    let any = !(whole.is_empty() && fraction.is_empty());
    if !any || !digits(whole) || !digits(fraction) || !exponent_fits {
        return Ok(None);
    }
    match plain.parse::<f64>() {
        Ok(x) if x.is_finite() => Ok(Some(Value::Float(x))),
        Ok(_) => Err(format!("`{text}` is beyond the numbers of 64 bits")),
        Err(_) => Ok(None),
    }
}

/// Whether every `_` stands between two digits, as Go wants it in a number without a digit first.
fn underscores_part_digits(text: &str) -> bool {
    let digit =
        |i: Option<usize>| i.and_then(|i| text.as_bytes().get(i)).is_some_and(u8::is_ascii_digit);
    text.match_indices('_').all(|(i, _)| digit(i.checked_sub(1)) && digit(Some(i + 1)))
}

fn not_finite(text: &str) -> String {
    format!("`{text}` is not a finite number")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Each pair was read by `sigs.k8s.io/yaml` 1.6.0 too.
    #[test]
    fn reads_as_go_does() {
        use Value::{Bool, Float, Int, Null};
        for (text, value) in [
            ("", Null),
            ("~", Null),
            ("NULL", Null),
            ("y", Bool(true)),
            ("On", Bool(true)),
            ("NO", Bool(false)),
            ("off", Bool(false)),
            ("0755", Int(493)),
            ("-0755", Int(-493)),
            ("0o17", Int(15)),
            ("0O17", Int(15)),
            ("0x_1F", Int(31)),
            ("-0x1f", Int(-31)),
            ("0b101", Int(5)),
            ("0b-1", Int(-1)),
            ("1_000", Int(1000)),
            ("1__0_", Int(10)),
            ("+5", Int(5)),
            ("00", Int(0)),
            ("-0", Int(0)),
            ("08", Float(8.0)),
            ("0_8.5", Float(8.5)),
            ("1e3", Float(1000.0)),
            ("3.0", Float(3.0)),
            ("1.", Float(1.0)),
            (".5", Float(0.5)),
            ("+.5", Float(0.5)),
            (".0_10", Float(0.01)),
            ("-9223372036854775808", Int(i64::MIN)),
        ] {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
        for text in [
            "yEs",
            "tRUE",
            "nULL",
            "0x",
            "0xg",
            "1.2.3",
            "1:30",
            "2001-01-01",
            "0x1p4",
            ".",
            "-",
            "+",
            "._5",
            ".5_",
            "1e",
            "e5",
            "_1",
            "<<",
            "Infinity",
            "NaN",
            "12e03x",
            "0b12",
        ] {
            assert_eq!(plain(text), Ok(Value::Text(text.into())), "{text}");
        }
        for text in
            [".nan", "-.INF", "+.inf", "1e400", "9223372036854775808", "0xFFFFFFFFFFFFFFFFF"]
        {
            assert!(plain(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tags_decide() {
        assert_eq!(tagged("5", Tag::Str), Ok(Value::Text("5".into())));
        assert_eq!(tagged("5", Tag::Float), Ok(Value::Float(5.0)));
        assert_eq!(tagged("yes", Tag::Bool), Ok(Value::Bool(true)));
        assert_eq!(tagged("x", Tag::Int), Err("`x` is a string, not what its tag says".to_owned()));
    }

    proptest! {
        #[test]
        fn every_whole_number_reads_back(i in any::<i64>()) {
            prop_assert_eq!(plain(&i.to_string()), Ok(Value::Int(i)));
        }

        #[test]
        fn every_finite_number_reads_back(x in any::<f64>().prop_filter("finite", |x| x.is_finite())) {
            prop_assert_eq!(plain(&format!("{x:e}")), Ok(Value::Float(x)));
        }

        #[test]
        fn a_string_that_is_kept_is_kept_whole(text in any::<String>()) {
            if let Ok(Value::Text(kept)) = plain(&text) {
                prop_assert_eq!(&*kept, text.as_str());
            }
        }
    }
}
