//! Logs of a pod, line by line, directly from the cluster.

use super::Clusters;
use crate::Error;
use crate::kubernetes::client::{collection, explain, segment};
use async_stream::try_stream;
use chrono::{DateTime, Utc};
use domain::core::refusal::{ErrorCode, Refusal};
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use futures::{AsyncBufRead, AsyncBufReadExt, AsyncReadExt, Stream};
use kube::core::{Request, subresource::LogParams};
use std::time::Duration;

/// A longer line is cut and marked, so that one line cannot fill the memory.
const MAX_LINE: usize = 64 << 10;
/// The time limit for opening a log.
const OPEN_LIMIT: Duration = Duration::from_secs(10);

/// Which lines of which container.
#[derive(Clone, Debug, Default)]
pub struct LogRequest {
    /// None: the first container.
    pub container: Option<String>,
    /// Follows new lines.
    pub follow: bool,
    pub tail_lines: Option<i64>,
    /// The container instance before the last restart.
    pub previous: bool,
    pub since_seconds: Option<i64>,
    /// Whether each line has a time.
    pub timestamps: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    pub time: Option<DateTime<Utc>>,
    pub container: String,
    pub line: String,
}

impl Clusters {
    /// Streams the requested lines. Ends with the log, or with an error.
    pub async fn pod_log(
        &self,
        pod: &ObjectRef,
        request: LogRequest,
    ) -> Result<impl Stream<Item = Result<LogLine, Error>> + Send + 'static, Error> {
        if pod.kind != Resource::POD {
            return Err(Refusal::new(ErrorCode::NotFound, "pod", format!("{pod} is no pod")).into());
        }
        let client = self.client(&pod.cluster)?.clone();
        let container = match request.container.clone() {
            Some(container) => container,
            None => self.first_container(pod).await?,
        };
        let parameters = LogParams {
            container: Some(container.clone()),
            follow: request.follow,
            previous: request.previous,
            since_seconds: request.since_seconds,
            tail_lines: request.tail_lines,
            timestamps: request.timestamps,
            ..LogParams::default()
        };
        let built = Request::new(collection(pod)?)
            .logs(&segment(&pod.name)?, &parameters)
            .map_err(|error| Refusal::new(ErrorCode::Invalid, "pod", error.to_string()))?;
        let opened = tokio::time::timeout(OPEN_LIMIT, client.request_stream(built)).await;
        let reader = opened
            .map_err(|_| Error::Unavailable { message: "the log was not opened within 10 s".to_owned() })?
            .map_err(|error| Error::from(explain(&error)))?;
        let timestamps = request.timestamps;
        Ok(try_stream! {
            let mut reader = std::pin::pin!(reader);
            loop {
                let read = next_line(&mut reader).await;
                let line = read.map_err(|error| Error::Unavailable { message: format!("the log ended: {error}") })?;
                match line {
                    Some(line) => yield parse(&line, &container, timestamps),
                    None => break,
                }
            }
        })
    }

    async fn first_container(&self, pod: &ObjectRef) -> Result<String, Error> {
        let gone = || Refusal::new(ErrorCode::NotFound, "pod", format!("{pod} is not there any more"));
        let known = self.get(&pod.cluster).ok_or_else(gone)?;
        let found = known.port.get(pod).await?.ok_or_else(gone)?;
        let name = found.pointer("/spec/containers/0/name").and_then(serde_json::Value::as_str).ok_or_else(gone)?;
        Ok(name.to_owned())
    }
}

/// The next line without its newline. None after the last one. The part beyond [`MAX_LINE`] is read and discarded.
async fn next_line(reader: &mut (impl AsyncBufRead + Unpin)) -> std::io::Result<Option<String>> {
    let mut line = Vec::new();
    (&mut *reader).take(MAX_LINE as u64).read_until(b'\n', &mut line).await?;
    if line.is_empty() {
        return Ok(None);
    }
    let is_cut = line.len() == MAX_LINE && line.last() != Some(&b'\n');
    let mut rest = Vec::new();
    while is_cut && rest.last() != Some(&b'\n') {
        rest.clear();
        if (&mut *reader).take(MAX_LINE as u64).read_until(b'\n', &mut rest).await? == 0 {
            break;
        }
    }
    let text = String::from_utf8_lossy(&line);
    let text = text.trim_end_matches(['\n', '\r']);
    Ok(Some(if is_cut { format!("{text} … (cut)") } else { text.to_owned() }))
}

fn parse(line: &str, container: &str, timestamps: bool) -> LogLine {
    let (time, text) = match line.split_once(' ') {
        Some((time, text)) if timestamps => match time.parse() {
            Ok(time) => (Some(time), text),
            Err(_) => (None, line),
        },
        _ => (None, line),
    };
    LogLine { time, container: container.to_owned(), line: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_split_from_its_time() {
        let line = parse("2026-01-02T03:04:05.123456789Z hello world", "app", true);
        assert_eq!(line.line, "hello world");
        assert!(line.time.is_some());
        assert_eq!(parse("no time here", "app", true).line, "no time here");
        assert_eq!(parse("2026-01-02T03:04:05Z x", "app", false).line, "2026-01-02T03:04:05Z x");
    }

    #[tokio::test]
    async fn an_endless_line_is_cut_and_bytes_that_are_no_text_are_kept_apart() -> std::io::Result<()> {
        let long = [vec![b'x'; 3 * MAX_LINE + 7], b"\nnext\n\xff!\nlast".to_vec()].concat();
        let mut reader = futures::io::Cursor::new(long);
        let cut = next_line(&mut reader).await?.unwrap_or_default();
        assert!(cut.len() < MAX_LINE + 20 && cut.ends_with("(cut)"));
        for expected in [Some("next"), Some("\u{fffd}!"), Some("last"), None] {
            assert_eq!(next_line(&mut reader).await?.as_deref(), expected);
        }
        Ok(())
    }
}
