//! Lines of a log as the kubelet sends them: a time, a space, and the text.

use chrono::{DateTime, Utc};
use futures::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt};

/// Longer text is cut and marked, so that one line cannot fill the memory.
const MAX_TEXT: usize = 64 << 10;
/// Room for the time before the text and the newline after it.
const MAX_AROUND: usize = 64;
const CUT: &str = " … (cut)";

#[derive(Debug, PartialEq, Eq)]
pub struct Line {
    /// None if the kubelet sent none.
    pub time: Option<DateTime<Utc>>,
    pub text: String,
    /// Whether the log continued after it. If not, the rest of the line may follow when the log is read again.
    pub has_newline: bool,
}

/// The next line. None after the last one.
pub async fn next(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<Line>> {
    let mut bytes = read(reader, MAX_TEXT + MAX_AROUND).await?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let mut has_newline = ends_line(&bytes);
    if bytes.len() == MAX_TEXT + MAX_AROUND {
        has_newline |= skip(reader, has_newline).await?;
    }
    while matches!(bytes.last(), Some(b'\n' | b'\r')) {
        bytes.pop();
    }
    let (time, text) = split(&bytes);
    Ok(Some(Line { time, text: readable(text), has_newline }))
}

/// Reads up to and including a newline, with a maximum of bytes.
async fn read(reader: &mut (impl AsyncBufRead + Unpin), limit: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limit as u64).read_until(b'\n', &mut bytes).await?;
    Ok(bytes)
}

/// Reads and discards the rest of a line. Returns whether the line ended with a newline.
async fn skip(reader: &mut (impl AsyncBufRead + Unpin), mut has_newline: bool) -> std::io::Result<bool> {
    while !has_newline {
        let rest = read(reader, MAX_TEXT).await?;
        if rest.is_empty() {
            break;
        }
        has_newline = ends_line(&rest);
    }
    Ok(has_newline)
}

fn ends_line(bytes: &[u8]) -> bool {
    bytes.last() == Some(&b'\n')
}

fn split(bytes: &[u8]) -> (Option<DateTime<Utc>>, &[u8]) {
    let space = bytes.iter().position(|byte| *byte == b' ').unwrap_or(bytes.len());
    let (before, after) = bytes.split_at(space);
    let time = std::str::from_utf8(before).ok().and_then(|before| before.parse().ok());
    (time, if time.is_some() { after.strip_prefix(b" ").unwrap_or(after) } else { bytes })
}

/// The bytes as text, cut between two characters if there are too many.
fn readable(bytes: &[u8]) -> String {
    if bytes.len() <= MAX_TEXT {
        return String::from_utf8_lossy(bytes).into_owned();
    }
    let begins_character = |at: &usize| bytes[*at] & 0b1100_0000 != 0b1000_0000;
    let end = (MAX_TEXT - 3..=MAX_TEXT).rev().find(begins_character).unwrap_or(MAX_TEXT);
    String::from_utf8_lossy(&bytes[..end]).into_owned() + CUT
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::{FutureExt, io::Cursor};
    use proptest::prelude::*;

    const TIME: &str = "2026-01-02T03:04:05.123456789Z ";

    fn lines(log: &[u8]) -> Vec<Line> {
        let mut reader = Cursor::new(log);
        std::iter::from_fn(|| next(&mut reader).now_or_never().expect("no waiting").expect("no fault")).collect()
    }

    fn only(log: &[u8]) -> Line {
        let mut lines = lines(log);
        assert_eq!(lines.len(), 1);
        lines.remove(0)
    }

    #[test]
    fn a_line_is_split_from_its_time() {
        let read = only(format!("{TIME}hello world\n").as_bytes());
        assert_eq!((read.text.as_str(), read.has_newline), ("hello world", true));
        assert_eq!(read.time.map(|time| time.to_rfc3339()), Some("2026-01-02T03:04:05.123456789+00:00".to_owned()));
        assert_eq!(only(b"2026-01-02T03:04:05+01:00 \r\n").text, "");
        let timeless = only(b"no time here");
        assert_eq!(timeless, Line { time: None, text: "no time here".to_owned(), has_newline: false });
    }

    #[test]
    fn bytes_that_are_no_text_spoil_only_their_line() {
        let texts: Vec<String> = lines(b"a\n\xff!\n\nlast").into_iter().map(|line| line.text).collect();
        assert_eq!(texts, ["a", "\u{fffd}!", "", "last"]);
    }

    #[test]
    fn a_line_is_cut_only_beyond_the_limit() {
        for (more, is_cut) in [(0, false), (1, true), (27, true), (28, true), (29, true), (3 * MAX_TEXT, true)] {
            for end in ["\n", "\r\n", ""] {
                let text = "x".repeat(MAX_TEXT + more);
                let read = lines(format!("{TIME}{text}{end}{TIME}next\n").as_bytes());
                assert_eq!(read.len(), if end.is_empty() { 1 } else { 2 }, "{more}");
                let cut = end.is_empty() || is_cut;
                assert_eq!(read[0].text, format!("{}{}", &text[..MAX_TEXT], if cut { CUT } else { "" }), "{more}");
                assert!(read[0].time.is_some() && read[0].has_newline, "{more}");
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn what_is_cut_is_the_beginning_up_to_a_character(
            before in 0_usize..8, unit in "\\PC{1,5}", is_longer: bool, has_time: bool,
        ) {
            let whole = "a".repeat(before) + &unit.repeat(MAX_TEXT / unit.len() + 2);
            let length = whole.floor_char_boundary(if is_longer { MAX_TEXT + 60 } else { MAX_TEXT });
            let text = &whole[..length];
            let read = only(format!("{}{text}\n", if has_time { TIME } else { "" }).as_bytes());
            if text.len() <= MAX_TEXT {
                prop_assert_eq!(read.text.as_str(), text);
            } else {
                let kept = &text[..text.floor_char_boundary(MAX_TEXT)];
                prop_assert_eq!(read.text.strip_suffix(CUT), Some(kept));
            }
        }

        #[test]
        fn any_bytes_are_read_in_as_many_lines(log in proptest::collection::vec(any::<u8>(), 0..2_000)) {
            let newlines = log.iter().filter(|byte| **byte == b'\n').count();
            let is_open = log.last().is_some_and(|byte| *byte != b'\n');
            prop_assert_eq!(lines(&log).len(), newlines + usize::from(is_open));
        }
    }
}
