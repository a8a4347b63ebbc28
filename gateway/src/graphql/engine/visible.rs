//! Words of a cluster, so that a page shows them as they are: characters that nobody sees, and those that change the reading
//! direction, are escaped. The log keeps the words as they were observed.

use serde_json::Value;
use std::fmt::Write;

/// The text with such characters escaped as in JSON (`\u202e`), as `binnacle-audit` prints them.
pub fn visible(text: String) -> String {
    if !text.contains(is_hidden) {
        return text;
    }
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// The same for each text of a value. Keys are names of arguments.
pub fn make_visible(value: &mut Value) {
    match value {
        Value::String(text) => *text = visible(std::mem::take(text)),
        Value::Array(items) => items.iter_mut().for_each(make_visible),
        Value::Object(fields) => fields.values_mut().for_each(make_visible),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Characters without a width, and those that change the reading direction.
const fn is_hidden(c: char) -> bool {
    matches!(
        c,
        '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_nobody_sees_is_shown() {
        for (text, shown) in [
            ("image \u{202e}dab\u{202c} was pulled", "image \\u202edab\\u202c was pulled"),
            ("\u{feff}pay\u{200b}load\u{2060}", "\\ufeffpay\\u200bload\\u2060"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}", "\\u2066a\\u2069\\u200f\\u061c"),
            ("Größe 大小 שלום 🧭\n\t", "Größe 大小 שלום 🧭\n\t"),
            ("", ""),
        ] {
            assert_eq!(visible(text.to_owned()), shown);
        }
    }

    #[test]
    fn every_text_of_a_value_is_shown() {
        let mut value = json!({"detail": "a\u{202e}b", "of": [{"image": "\u{200b}"}], "count": 3, "none": null});
        make_visible(&mut value);
        assert_eq!(value, json!({"detail": "a\\u202eb", "of": [{"image": "\\u200b"}], "count": 3, "none": null}));
    }
}
