//! `podLog`: the lines of a container, straight from the cluster.

use crate::graphql::{
    context::{scope, services},
    engine::error::{Fault, code},
};
use async_graphql::{Context, ID, InputObject, SimpleObject, Subscription};
use async_stream::try_stream;
use chrono::{DateTime, Utc};
use commands::kubernetes::logs;
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use futures::{Stream, StreamExt};
use projections::models::pods;
use std::pin::pin;

/// Lines of the past that may be asked for at once.
const MAX_TAIL: i32 = 10_000;

#[derive(InputObject)]
pub struct PodLogInput {
    pod: ID,
    container: Option<String>,
    #[graphql(default_with = "Some(true)")]
    follow: Option<bool>,
    #[graphql(default_with = "Some(200)")]
    tail_lines: Option<i32>,
    #[graphql(default_with = "Some(false)")]
    previous: Option<bool>,
    since_seconds: Option<i32>,
    #[graphql(default_with = "Some(true)")]
    timestamps: Option<bool>,
}

#[derive(SimpleObject)]
pub struct LogLine {
    time: Option<DateTime<Utc>>,
    container: String,
    line: String,
}

impl From<logs::LogLine> for LogLine {
    fn from(line: logs::LogLine) -> Self {
        let logs::LogLine { time, container, line } = line;
        Self { time, container, line }
    }
}

impl PodLogInput {
    fn read(self) -> Result<(ObjectRef, logs::LogRequest), Fault> {
        let pod = self.pod.parse::<ObjectRef>().ok().filter(|pod| pod.kind == Resource::POD);
        let pod = pod.ok_or_else(no_such_pod)?;
        let tail = self.tail_lines.unwrap_or(200);
        if !(0..=MAX_TAIL).contains(&tail) {
            return Err(Fault::bad_input("tailLines", format!("tailLines must be between 0 and {MAX_TAIL}")));
        }
        if self.since_seconds.is_some_and(|seconds| seconds < 1) {
            return Err(Fault::new(code::BAD_INPUT, "sinceSeconds must be at least 1"));
        }
        let request = logs::LogRequest {
            container: self.container,
            follow: self.follow.unwrap_or(true),
            tail_lines: Some(i64::from(tail)),
            previous: self.previous.unwrap_or(false),
            since_seconds: self.since_seconds.map(i64::from),
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
    ) -> Result<impl Stream<Item = Result<LogLine, Fault>> + use<>, Fault> {
        let (pod, request) = input.read()?;
        must_be_known(ctx, &pod).await?;
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

/// The cluster is asked only for what the viewer sees in the read model.
async fn must_be_known(ctx: &Context<'_>, pod: &ObjectRef) -> Result<(), Fault> {
    let found = pods::get(services(ctx).pool(), &scope(ctx)?, &pod.id()).await?;
    found.map(|_| ()).ok_or_else(no_such_pod)
}

fn no_such_pod() -> Fault {
    Fault::new("NOT_FOUND", "there is no such pod")
}
