//! Text of the log for a terminal. Names and reasons in the log come from users. They must not move the cursor, hide a
//! line or reverse the reading direction.

use std::fmt::Write;

/// Escapes every control character as in JSON (`\u001b`), except line ends. JSON stays JSON, because the escapes have
/// the same meaning there.
pub fn lines(text: &str) -> String {
    escaped(text, |c| c != '\n')
}

/// The same as one line.
pub fn line(text: &str) -> String {
    escaped(text, |_| true)
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if is_control(c) && is_escaped(c) {
            // Writing to a string cannot fail.
            let _ = write!(printable, "\\u{:04x}", u32::from(c));
        } else {
            printable.push(c);
        }
    }
    printable
}

/// C0, DEL, C1, line and paragraph separators, and characters that change the text direction.
fn is_control(c: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}'].contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c);
    c.is_control() || turns || ['\u{2028}', '\u{2029}'].contains(&c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ALL: &str = "\u{0}\u{7}\t\r\u{1b}[2J\u{7f}\u{80}\u{9b}31m\u{9f}\u{61c}\u{200e}\u{200f}\u{202a}\u{202e}\u{2028}\u{2066}\u{2069}";

    #[test]
    fn nothing_reaches_a_terminal_that_it_would_obey() {
        for printed in [line(ALL), lines(ALL)] {
            assert!(!printed.chars().any(is_control), "{printed:?}");
            assert!(printed.starts_with("\\u0000\\u0007\\u0009\\u000d\\u001b[2J\\u007f\\u0080\\u009b31m"), "{printed}");
        }
        assert_eq!((line("a\nb"), lines("a\nb")), ("a\\u000ab".to_owned(), "a\nb".to_owned()));
        assert_eq!(line("Größe 大小 👩‍👩‍👧"), "Größe 大小 👩‍👩‍👧", "letters stay");
    }

    #[test]
    fn json_that_is_escaped_means_the_same() {
        let value = json!({ ALL: [ALL, "a\nb"] });
        for text in [value.to_string(), serde_json::to_string_pretty(&value).expect("text")] {
            let printed = lines(&text);
            assert!(!printed.chars().any(|c| is_control(c) && c != '\n'), "{printed:?}");
            assert_eq!(serde_json::from_str::<Value>(&printed).ok(), Some(value.clone()));
        }
    }
}
