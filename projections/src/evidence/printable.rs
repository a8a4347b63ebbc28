//! Text of the log for a terminal and for a page. Names, reasons and words of a cluster come from others. They must not move
//! the cursor, hide a line or a letter, or reverse the reading direction.

use std::fmt::Write;

/// Escapes every control character as in JSON (`\u001b`), except line ends. JSON stays JSON, because the escapes have
/// the same meaning there.
pub fn lines(text: &str) -> String {
    escaped(text, |c| c != '\n' && is_control(c))
}

/// The same as one line.
pub fn line(text: &str) -> String {
    escaped(text, is_control)
}

/// For a page, which obeys no other control character: escapes characters without a width, and those that change the
/// reading direction.
pub fn on_page(text: String) -> String {
    if text.contains(is_hidden) { escaped(&text, is_hidden) } else { text }
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> String {
    let mut printable = String::with_capacity(text.len());
    for c in text.chars() {
        if is_escaped(c) {
            // Writing to a string cannot fail.
            let _ = write!(printable, "\\u{:04x}", u32::from(c));
        } else {
            printable.push(c);
        }
    }
    printable
}

/// C0, DEL, C1, line and paragraph separators, and characters that change the reading direction.
fn is_control(c: char) -> bool {
    c.is_control() || turns(c) || ['\u{2028}', '\u{2029}'].contains(&c)
}

/// Characters without a width, and those that change the reading direction.
fn is_hidden(c: char) -> bool {
    turns(c) || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn turns(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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

    #[test]
    fn what_nobody_sees_is_shown() {
        for (text, shown) in [
            ("image \u{202e}dab\u{202c} was pulled", "image \\u202edab\\u202c was pulled"),
            ("\u{feff}pay\u{200b}load\u{2060}", "\\ufeffpay\\u200bload\\u2060"),
            ("\u{2066}a\u{2069}\u{200f}\u{61c}", "\\u2066a\\u2069\\u200f\\u061c"),
            ("Größe 大小 שלום 🧭\n\t", "Größe 大小 שלום 🧭\n\t"),
            ("", ""),
        ] {
            assert_eq!(on_page(text.to_owned()), shown);
        }
    }
}
