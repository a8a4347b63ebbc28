//! Logs of a pod, line by line, directly from the cluster.

mod container;
mod line;
mod place;

use super::{Clusters, Error};
use crate::kubernetes::client::{collection, explain, segment};
use async_stream::try_stream;
use chrono::{DateTime, Utc};
use container::Instance;
use domain::core::refusal::{ErrorCode, Refusal};
use domain::kubernetes::{object::ObjectRef, resource::Resource};
use futures::{AsyncBufRead, Stream, StreamExt};
use k8s_openapi::{api::core::v1::Pod, jiff::Timestamp};
use kube::core::{Request, subresource::LogParams};
use place::Place;
use std::{pin::Pin, sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// The time limit for opening a log.
const OPEN_LIMIT: Duration = Duration::from_secs(10);
/// How long a follower waits before the next read. Doubled while nothing comes.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How long the cluster may be unavailable before following ends with its error.
const MAX_SILENCE: Duration = Duration::from_secs(60);
/// How often in a row a log may seem to be of another instance than the pod says: about 15 s with the pauses in between. After
/// that its first lines are assumed to be rotated away.
const DOUBTS: u32 = 17;

/// A selection of lines of one container.
#[derive(Clone, Debug, Default)]
pub struct LogRequest {
    /// Any container of the pod, init and ephemeral ones too. None: its only one.
    pub container: Option<String>,
    /// Follows new lines, also those of later instances of the container.
    pub follow: bool,
    pub tail_lines: Option<i64>,
    /// The container instance before the last restart.
    pub previous: bool,
    pub since_seconds: Option<i64>,
    /// The exact time of the first line. A follower also gets lines of the previous instance.
    pub since_time: Option<DateTime<Utc>>,
    /// Whether each line has a time.
    pub timestamps: bool,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogLine {
    /// When the node received it from the container.
    pub time: Option<DateTime<Utc>>,
    pub container: String,
    pub line: String,
    /// Whether it is the first line after a restart that happened while the log was followed.
    pub restarted: bool,
}

impl Clusters {
    /// Streams the requested lines, each once.
    ///
    /// Following continues over restarts of the container and interruptions. It ends when the container has ended for
    /// good or the pod is gone, or with an error if the cluster is unavailable for long.
    pub async fn pod_log(
        &self,
        pod: &ObjectRef,
        request: LogRequest,
    ) -> Result<impl Stream<Item = Result<LogLine, crate::Error>> + Send + 'static, crate::Error> {
        if pod.kind != Resource::POD {
            return Err(Refusal::new(ErrorCode::NotFound, "pod", format!("{pod} is no pod")).into());
        }
        let (mut log, mut parts) = Log::open(self, pod, request).await?;
        let lines = try_stream! {
            let mut place = Place::new(log.request.since_time, log.tail().is_some());
            let mut restarted = false;
            loop {
                for mut part in parts {
                    place.reopen();
                    restarted |= part.is_restart;
                    while let Some(read) = part.next().await? {
                        if std::mem::take(&mut part.is_again) && log.doubts(&place, read.time) {
                            break;
                        }
                        if place.takes(read.time) {
                            log.pause = FIRST_PAUSE;
                            yield log.line(read, std::mem::take(&mut restarted));
                        } else if place.is_empty() {
                            // An instance with a line from before the start time is not new.
                            restarted = false;
                        }
                    }
                }
                parts = match log.more(&place).await? {
                    Some(more) => more,
                    None => break,
                };
            }
        };
        Ok(until_removed(lines, self.ends(&pod.cluster)))
    }
}

/// The same lines, until the cluster is removed.
fn until_removed(
    lines: impl Stream<Item = Result<LogLine, crate::Error>> + Send + 'static,
    ends: CancellationToken,
) -> impl Stream<Item = Result<LogLine, crate::Error>> + Send + 'static {
    lines.take_until(ends.cancelled_owned())
}

/// One log request to the kubelet: of one instance, from one time on.
struct Part {
    reader: Pin<Box<dyn AsyncBufRead + Send>>,
    /// Whether its first line is the first of another instance.
    is_restart: bool,
    /// Whether it is resumed after an interruption.
    is_resumed: bool,
    /// Whether it is to be of the instance that was read before.
    is_again: bool,
}

impl Part {
    /// The next line. None at the end, and at the interruption of a log that can be resumed.
    async fn next(&mut self) -> Result<Option<line::Line>, crate::Error> {
        match line::next(&mut self.reader).await {
            // The rest of the line may still come. The next log is opened to read it whole.
            Ok(Some(read)) if self.is_resumed && !read.has_newline => Ok(None),
            Ok(read) => Ok(read),
            Err(_) if self.is_resumed => Ok(None),
            Err(error) => Err(crate::Error::Unavailable { message: format!("the log ended: {error}") }),
        }
    }
}

/// The next step after all open logs have been read.
enum Step {
    Read(Vec<Part>),
    Wait,
    End,
}

/// A log being read.
struct Log {
    client: ::kube::Client,
    port: Arc<dyn super::Cluster>,
    pod: ObjectRef,
    uid: Option<String>,
    container: String,
    request: LogRequest,
    opened_at: Instant,
    /// The last opened instance.
    instance: Instance,
    /// Whether the last instance was opened after it ended.
    is_read_to_end: bool,
    pause: Duration,
    /// How often in a row the opened log seemed to be of another instance than the pod says.
    doubts: u32,
}

impl Log {
    async fn open(
        clusters: &Clusters,
        pod: &ObjectRef,
        request: LogRequest,
    ) -> Result<(Self, Vec<Part>), crate::Error> {
        let gone = || Refusal::new(ErrorCode::NotFound, "pod", format!("{pod} is not there any more"));
        let client = clusters.client(&pod.cluster)?;
        let port = Arc::clone(&clusters.get(&pod.cluster).ok_or_else(gone)?.port);
        let found = read_pod(port.as_ref(), pod).await?.ok_or_else(gone)?;
        let container = container::choose(&found, request.container.as_deref())?;
        let instance = container::instance(&found, &container);
        let log = Self {
            client,
            port,
            pod: pod.clone(),
            uid: found.metadata.uid,
            container,
            request,
            opened_at: Instant::now(),
            instance,
            is_read_to_end: false,
            pause: FIRST_PAUSE,
            doubts: 0,
        };
        let parts = log.first().await?;
        Ok((log, parts))
    }

    /// Maximum past lines. With a start time, there is no maximum.
    fn tail(&self) -> Option<i64> {
        self.request.tail_lines.filter(|_| self.request.since_time.is_none())
    }

    fn line(&self, read: line::Line, restarted: bool) -> LogLine {
        let time = read.time.filter(|_| self.request.timestamps);
        LogLine { time, container: self.container.clone(), line: read.text, restarted }
    }

    /// The first logs to read. A returning follower may have missed the end of the previous instance.
    async fn first(&self) -> Result<Vec<Part>, Error> {
        let LogRequest { follow, previous, since_seconds, since_time, .. } = self.request;
        let tail_lines = self.tail();
        let window =
            LogParams { since_seconds, tail_lines, since_time: whole_second(since_time)?, ..LogParams::default() };
        let is_resumed = follow && !previous;
        let current = self.part(LogParams { follow: is_resumed, previous, ..window.clone() }, is_resumed).await?;
        let started_since =
            self.instance.started_at.zip(window.since_time).is_some_and(|(started, since)| started >= since);
        if is_resumed && started_since && self.instance.previous.is_some() {
            return self.with_previous(window, Part { is_restart: true, ..current }, false).await;
        }
        Ok(vec![current])
    }

    /// Waits until there is more to read. None: nothing follows.
    async fn more(&mut self, place: &Place) -> Result<Option<Vec<Part>>, crate::Error> {
        if !self.request.follow || self.request.previous {
            return Ok(None);
        }
        let mut answered_at = Instant::now();
        loop {
            sleep(self.pause).await;
            self.pause = LONGEST_PAUSE.min(self.pause * 2);
            match self.step(place).await {
                Ok(Step::Read(parts)) => return Ok(Some(parts)),
                Ok(Step::End) => return Ok(None),
                Ok(Step::Wait) => answered_at = Instant::now(),
                Err(error) if answered_at.elapsed() > MAX_SILENCE => return Err(error.into()),
                Err(_) => {}
            }
        }
    }

    async fn step(&mut self, place: &Place) -> Result<Step, Error> {
        let found = read_pod(self.port.as_ref(), &self.pod).await?.filter(|found| found.metadata.uid == self.uid);
        let Some(found) = found else { return Ok(Step::End) };
        let now = container::instance(&found, &self.container);
        let window = self.window(place)?;
        if now.id.is_some() && now.id != self.instance.id {
            let whole = LogParams { follow: true, tail_lines: None, ..window.clone() };
            let current = Part { is_restart: self.instance.id.is_some(), ..self.part(whole, true).await? };
            let skips_one = self.instance.id.is_some() && now.previous != self.instance.id;
            let parts = self.with_previous(window, current, skips_one).await?;
            self.instance = now;
            self.is_read_to_end = false;
            return Ok(Step::Read(parts));
        }
        if now.is_running {
            let rest = self.part(LogParams { follow: true, ..window }, true).await?;
            return Ok(Step::Read(vec![Part { is_again: true, ..rest }]));
        }
        if self.is_read_to_end {
            return Ok(if now.is_last { Step::End } else { Step::Wait });
        }
        // Its last line may lack a newline, or following was interrupted before the line came.
        let rest = match self.part(window, false).await {
            Err(Error::Permanent { .. }) => Vec::new(),
            opened => vec![Part { is_again: !now.is_last, ..opened? }],
        };
        self.is_read_to_end = true;
        Ok(Step::Read(rest))
    }

    /// Whether a log that is to be of the instance read before seems to be of the next one: its first line is none that was
    /// read. The node serves a new log some time before the pod says so.
    fn doubts(&mut self, place: &Place, first: Option<DateTime<Utc>>) -> bool {
        let is_doubtful = !place.is_empty() && !place.has_passed(first);
        self.doubts = if is_doubtful { self.doubts + 1 } else { 0 };
        is_doubtful && self.doubts <= DOUBTS
    }

    /// The lines from the place on. Without a place, the lines that the request meant when it came.
    fn window(&self, place: &Place) -> Result<LogParams, Error> {
        let window = LogParams { since_time: whole_second(place.since())?, ..LogParams::default() };
        if !place.is_empty() {
            return Ok(window);
        }
        let tail_lines = self.tail().filter(|lines| *lines > 0);
        // Without past lines, the log starts at the time of the request.
        let before = if self.tail() == Some(0) { Some(0) } else { self.request.since_seconds };
        let elapsed = i64::try_from(self.opened_at.elapsed().as_secs()).unwrap_or(i64::MAX);
        let since_seconds = before.map(|before| before.saturating_add(elapsed).max(1));
        Ok(LogParams { since_seconds, tail_lines, ..window })
    }

    /// The current log after the rest of the previous one. It is opened first, so that no instance in between is
    /// missed.
    async fn with_previous(&self, window: LogParams, current: Part, is_restart: bool) -> Result<Vec<Part>, Error> {
        match self.part(LogParams { previous: true, ..window }, false).await {
            Ok(previous) => Ok(vec![Part { is_restart, ..previous }, current]),
            // The node keeps it only for some time.
            Err(Error::Permanent { .. }) => Ok(vec![current]),
            Err(error) => Err(error),
        }
    }

    async fn part(&self, parameters: LogParams, is_resumed: bool) -> Result<Part, Error> {
        // Without the time, a repeated line is not recognised.
        let parameters = LogParams { container: Some(self.container.clone()), timestamps: true, ..parameters };
        let request = Request::new(collection(&self.pod)?)
            .logs(&segment(&self.pod.name)?, &parameters)
            .map_err(|error| Error::permanent(ErrorCode::Invalid, error.to_string()))?;
        let opened = timeout(OPEN_LIMIT, self.client.request_stream(request)).await;
        let silent = |_| Error::Unreachable { message: format!("the log was not opened within {OPEN_LIMIT:?}") };
        let reader = opened.map_err(silent)?.map_err(|error| explain(&error).without_effect())?;
        Ok(Part { reader: Box::pin(reader), is_restart: false, is_resumed, is_again: false })
    }
}

/// The current pod. None if it is gone.
async fn read_pod(port: &dyn super::Cluster, pod: &ObjectRef) -> Result<Option<Pod>, Error> {
    let Some(found) = port.get(pod).await? else { return Ok(None) };
    let unreadable = |error| Error::permanent(ErrorCode::Internal, format!("{pod}: {error}"));
    serde_json::from_value(found).map(Some).map_err(unreadable)
}

/// The time cut to seconds, the smallest unit of the kubelet.
fn whole_second(time: Option<DateTime<Utc>>) -> Result<Option<Timestamp>, Error> {
    let Some(time) = time else { return Ok(None) };
    let unknown = |error| Error::permanent(ErrorCode::Invalid, format!("sinceTime: {error}"));
    Timestamp::from_second(time.timestamp()).map(Some).map_err(unknown)
}
