//! `podLog`: the lines of a container, straight from the cluster.

use crate::graphql::{
    context::{origin, scope, services, viewer},
    engine::error::{ApiError, code},
};
use async_graphql::{Context, ID, InputObject, SimpleObject, Subscription};
use async_stream::try_stream;
use chrono::{DateTime, Utc};
use commands::kubernetes::logs;
use domain::{
    kubernetes::{
        object::ObjectRef,
        resource::{Resource, is_label},
    },
    platform::access_log::{AccessEvent, Person},
};
use futures::{Stream, StreamExt};
use projections::models::pods;
use std::{num::NonZeroU32, pin::pin};

/// Maximum past lines in one request.
const MAX_TAIL: i32 = 10_000;

#[derive(InputObject)]
pub struct PodLogInput {
    pod: ID,
    /// Any container of the pod, init and ephemeral ones included. Required if the pod has several.
    container: Option<String>,
    /// Follows new lines, across restarts of the container. Completes when the container has ended for good.
    #[graphql(default_with = "Some(true)")]
    follow: Option<bool>,
    /// Maximum number of past lines. Has no effect with `sinceTime`.
    #[graphql(default_with = "Some(200)")]
    tail_lines: Option<i32>,
    #[graphql(default_with = "Some(false)")]
    previous: Option<bool>,
    since_seconds: Option<i32>,
    /// Exactly the lines from this time on. To resume, send the time of the last line. Lines of the previous instance
    /// come first if the container has restarted since. Excludes `sinceSeconds`.
    since_time: Option<DateTime<Utc>>,
    #[graphql(default_with = "Some(true)")]
    timestamps: Option<bool>,
}

#[derive(SimpleObject)]
pub struct LogLine {
    /// When the node received it from the container.
    time: Option<DateTime<Utc>>,
    container: String,
    line: String,
    /// Whether it is the first line after a restart of the container.
    restarted: bool,
}

impl From<logs::LogLine> for LogLine {
    fn from(line: logs::LogLine) -> Self {
        let logs::LogLine { time, container, line, restarted } = line;
        Self { time, container, line, restarted }
    }
}

impl PodLogInput {
    fn read(self) -> Result<(ObjectRef, logs::LogRequest), ApiError> {
        let pod = self.pod.parse::<ObjectRef>().ok().filter(|pod| pod.kind == Resource::POD);
        let pod = pod.ok_or_else(no_such_pod)?;
        let tail = self.tail_lines.unwrap_or(200);
        if !(0..=MAX_TAIL).contains(&tail) {
            return Err(ApiError::bad_input("tailLines", format!("tailLines must be between 0 and {MAX_TAIL}")));
        }
        if self.since_seconds.is_some_and(|seconds| seconds < 1) {
            return Err(ApiError::bad_input("sinceSeconds", "sinceSeconds must be at least 1"));
        }
        if self.since_seconds.is_some() && self.since_time.is_some() {
            return Err(ApiError::bad_input("sinceTime", "sinceTime and sinceSeconds exclude each other: name one"));
        }
        // The name goes into the log, which must not keep arbitrary text.
        if self.container.as_deref().is_some_and(|container| !is_label(container)) {
            let words = "container must be the name of one: at most 63 lower-case letters, digits and hyphens";
            return Err(ApiError::bad_input("container", words));
        }
        let request = logs::LogRequest {
            container: self.container,
            follow: self.follow.unwrap_or(true),
            tail_lines: Some(i64::from(tail)),
            previous: self.previous.unwrap_or(false),
            since_seconds: self.since_seconds.map(i64::from),
            since_time: self.since_time,
            timestamps: self.timestamps.unwrap_or(true),
        };
        Ok((pod, request))
    }
}

#[derive(Default)]
pub struct PodLogSubscription;

#[Subscription]
impl PodLogSubscription {
    async fn pod_log(
        &self,
        ctx: &Context<'_>,
        input: PodLogInput,
    ) -> Result<impl Stream<Item = Result<LogLine, ApiError>> + use<>, ApiError> {
        let (pod, request) = input.read()?;
        must_be_known(ctx, &pod, request.container.as_deref()).await?;
        must_be_recorded(ctx, &pod, request.container.clone()).await?;
        let clusters = services(ctx).clusters.clone();
        Ok(try_stream! {
            let lines = clusters.pod_log(&pod, request).await?;
            let mut lines = pin!(lines);
            while let Some(line) = lines.next().await {
                yield LogLine::from(line?);
            }
        })
    }
}

/// The read model must show the pod and its container to the viewer before the cluster is called. The log keeps the name of
/// the container, so that it must be one.
async fn must_be_known(ctx: &Context<'_>, pod: &ObjectRef, container: Option<&str>) -> Result<(), ApiError> {
    let found = pods::get(services(ctx).pool(), &scope(ctx)?, &pod.id()).await?.ok_or_else(no_such_pod)?;
    if container.is_none_or(|name| found.containers.iter().any(|known| known.name == name)) {
        return Ok(());
    }
    Err(ApiError { field: Some("container".to_owned()), ..ApiError::new("NOT_FOUND", "the pod has no such container") })
}

/// Records an event before the log is opened.
async fn must_be_recorded(ctx: &Context<'_>, pod: &ObjectRef, container: Option<String>) -> Result<(), ApiError> {
    let opened = AccessEvent::LogOpened { object: pod.id(), container, count: NonZeroU32::MIN };
    let (person, origin) = (Person::User(viewer(ctx)?.user), origin(ctx, None, None)?);
    match services(ctx).dispatcher.record_access(origin, person, opened).await {
        Err(commands::Error::Unavailable { message }) => {
            tracing::warn!(error = %message, "request.unavailable");
            let words = "the database does not answer, and a log is opened only when that is recorded: try again";
            Err(ApiError::new(code::UNAVAILABLE, words))
        }
        recorded => Ok(recorded?),
    }
}

fn no_such_pod() -> ApiError {
    ApiError::new("NOT_FOUND", "there is no such pod")
}

#[cfg(test)]
mod tests {
    use super::*;
    use async_graphql::{InputType, Value};
    use serde_json::json;

    #[test]
    fn a_log_is_read_since_a_time_or_some_seconds_but_not_both() {
        let read = |fields: serde_json::Value| {
            let mut input = json!({"pod": "Pod~dev~team~web-1"});
            input.as_object_mut().expect("an object").extend(fields.as_object().cloned().unwrap_or_default());
            let input = PodLogInput::parse(Value::from_json(input).ok())
                .map_err(|error| error.into_server_error(Default::default()));
            input.expect("an input").read()
        };
        let time = "2026-01-02T03:04:05.123456789Z";
        let (_, request) = read(json!({"sinceTime": time})).expect("a time");
        assert_eq!(request.since_time.map(|time| time.timestamp_subsec_nanos()), Some(123_456_789));
        assert!(read(json!({"sinceSeconds": 1})).is_ok());
        for (wrong, field) in [
            (json!({"sinceSeconds": 1, "sinceTime": time}), "sinceTime"),
            (json!({"sinceSeconds": 0}), "sinceSeconds"),
            (json!({"tailLines": -1}), "tailLines"),
            (json!({"container": "No Name"}), "container"),
        ] {
            let error = read(wrong).expect_err("refused");
            assert_eq!((error.code, error.field.as_deref()), (code::BAD_INPUT, Some(field)));
        }
    }
}
