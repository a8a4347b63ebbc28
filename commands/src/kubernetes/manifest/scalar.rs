//! Plain scalars as kubectl reads them: the YAML 1.1 of its parser (go-yaml), then JSON.

use serde_json::{Number, Value};

/// The value of an unquoted scalar. Refused: numbers that JSON does not have.
///
/// Octal numbers may be written `0400` and `0o400`, `yes` and `off` are booleans, and underscores between digits do not
/// count. Dates and `1:30` are text.
pub fn plain(text: &str) -> Result<Value, &'static str> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Value::Null),
        "y" | "Y" | "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => {
            return Ok(Value::Bool(true));
        }
        "n" | "N" | "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            return Ok(Value::Bool(false));
        }
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf"
        | "-.INF" => return Err("infinite numbers and numbers that are none have no place in JSON"),
        _ => {}
    }
    let number = match text.as_bytes().first() {
        Some(b'.') => float(text),
        Some(b'0'..=b'9' | b'+' | b'-') => {
            let digits = text.replace('_', "");
            integer(&digits).or_else(|| float(&digits))
        }
        _ => None,
    };
    Ok(number.map_or_else(|| Value::String(text.to_owned()), Value::Number))
}

/// Whether the text is an integer, written in any of the ways that [`plain`] reads.
pub fn is_integer(text: &str) -> bool {
    integer(&text.replace('_', "")).is_some()
}

fn integer(digits: &str) -> Option<Number> {
    let (sign, rest) = match digits.as_bytes().first()? {
        b'-' => ("-", &digits[1..]),
        b'+' => ("", &digits[1..]),
        _ => ("", digits),
    };
    let (radix, magnitude) = match rest.as_bytes() {
        [b'0', b'x' | b'X', _, ..] => (16, &rest[2..]),
        [b'0', b'o' | b'O', _, ..] => (8, &rest[2..]),
        [b'0', b'b' | b'B', _, ..] => (2, &rest[2..]),
        [b'0', _, ..] => (8, &rest[1..]),
        _ => (10, rest),
    };
    // The standard library accepts a second sign. kubectl accepts one only after 0b, by accident: 0b-1 is -1.
    let takes_sign = rest.starts_with("0b") && rest.len() == digits.len();
    if !takes_sign && !magnitude.starts_with(|c: char| c.is_ascii_hexdigit()) {
        return None;
    }
    if let Ok(number) = i64::from_str_radix(&format!("{sign}{magnitude}"), radix) {
        return Some(number.into());
    }
    let number = u64::from_str_radix(magnitude, radix).ok().filter(|_| rest.len() == digits.len())?;
    // Kubernetes has no integer above 63 bits: it reads a larger one as a float.
    Number::from_f64(number as f64)
}

/// A decimal float. A whole number becomes an integer, because kubectl writes it into JSON like that.
fn float(digits: &str) -> Option<Number> {
    let is_decimal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    let number = digits.parse::<f64>().ok().filter(|number| is_decimal && number.is_finite())?;
    let is_whole = number.fract() == 0.0 && number.abs() < i64::MAX as f64;
    if is_whole { Some((number as i64).into()) } else { Number::from_f64(number) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn plain_scalars_are_read_as_kubectl_reads_them() {
        // tests/cluster compares many more with kubectl itself.
        for (text, value) in [
            ("0400", json!(256)),
            ("0o400", json!(256)),
            ("-0400", json!(-256)),
            ("0x1F", json!(31)),
            ("0b101", json!(5)),
            ("1_000", json!(1000)),
            ("08", json!(8)),
            ("1e3", json!(1000)),
            ("1.50", json!(1.5)),
            ("+.5", json!(0.5)),
            ("on", json!(true)),
            ("No", json!(false)),
            ("oN", json!("oN")),
            ("~", json!(null)),
            ("1:30", json!("1:30")),
            ("2001-01-01", json!("2001-01-01")),
            ("1.2.3", json!("1.2.3")),
            ("1Gi", json!("1Gi")),
            ("18446744073709551615", json!(18446744073709551615.0)),
            ("1e999", json!("1e999")),
            ("-", json!("-")),
            ("0x", json!("0x")),
        ] {
            assert_eq!(plain(text), Ok(value), "{text}");
        }
        assert!(plain(".inf").is_err() && plain("-.INF").is_err() && plain(".nan").is_err());
    }
}
