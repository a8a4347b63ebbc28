//! Logs of a pod, line by line, straight from the cluster.

use super::{
    Clusters,
    kube::{api_resource, explain},
};
use crate::{Error, Refusal, Rule};
use chrono::{DateTime, Utc};
use domain::object::{Kind, ObjectRef};
use futures::{AsyncBufReadExt, Stream, StreamExt};
use kube::core::{DynamicObject, Request, Resource, subresource::LogParams};

/// A longer line is cut here and marked, so that one line cannot fill the memory.
const MAX_LINE: usize = 64 << 10;

/// Which lines of which container.
#[derive(Clone, Debug, Default)]
pub struct LogRequest {
    /// None: the only one, or the first.
    pub container: Option<String>,
    /// Goes on with new lines as they come.
    pub follow: bool,
    pub tail_lines: Option<i64>,
    /// The instance before the last restart.
    pub previous: bool,
    pub since_seconds: Option<i64>,
    /// Whether each line carries its time.
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
    /// The lines asked for. Ends with the log, or with an error.
    pub async fn pod_log(
        &self,
        pod: &ObjectRef,
        request: LogRequest,
    ) -> Result<impl Stream<Item = Result<LogLine, Error>> + Send + 'static, Error> {
        if pod.kind != Kind::Pod {
            return Err(Refusal::new(Rule::NotFound, "pod", format!("{pod} is no pod")).into());
        }
        let client = self.client(&pod.cluster)?.clone();
        let path = DynamicObject::url_path(&api_resource(Kind::Pod), pod.namespace.as_deref());
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
        let built = Request::new(path)
            .logs(&pod.name, &parameters)
            .map_err(|error| Refusal::new(Rule::Invalid, "pod", error.to_string()))?;
        let reader = client.request_stream(built).await.map_err(|error| Error::from(explain(&error)))?;
        let timestamps = request.timestamps;
        Ok(reader.lines().map(move |line| {
            let line = line.map_err(|error| Error::Unavailable { message: format!("the log ended: {error}") })?;
            Ok(parse(&line, &container, timestamps))
        }))
    }

    async fn first_container(&self, pod: &ObjectRef) -> Result<String, Error> {
        let gone = || Refusal::new(Rule::NotFound, "pod", format!("{pod} is not there any more"));
        let known = self.get(&pod.cluster).ok_or_else(gone)?;
        let found = known.port.get(pod).await?.ok_or_else(gone)?;
        let name = found.pointer("/spec/containers/0/name").and_then(serde_json::Value::as_str).ok_or_else(gone)?;
        Ok(name.to_owned())
    }
}

fn parse(line: &str, container: &str, timestamps: bool) -> LogLine {
    let (time, text) = match line.split_once(' ') {
        Some((time, text)) if timestamps => match time.parse() {
            Ok(time) => (Some(time), text),
            Err(_) => (None, line),
        },
        _ => (None, line),
    };
    let mut text = text.to_owned();
    if text.len() > MAX_LINE {
        let end = (0..=MAX_LINE).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
        text.truncate(end);
        text.push_str(" … (cut)");
    }
    LogLine { time, container: container.to_owned(), line: text }
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

    #[test]
    fn an_endless_line_is_cut() {
        let line = parse(&"é".repeat(MAX_LINE), "app", false);
        assert!(line.line.len() < MAX_LINE + 20 && line.line.ends_with("(cut)"));
    }
}
