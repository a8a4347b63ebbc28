//! A client of the real API server whose watches are answered in the ways in which they are known to go wrong.

use bytes::Bytes;
use futures::{AsyncBufReadExt, StreamExt, TryStreamExt, future::BoxFuture, stream, stream::BoxStream};
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::{BodyExt, StreamBody};
use kube::{Client, client::Body};
use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::watch;
use tower::{BoxError, service_fn};

/// How a watch is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    True,
    /// An event of type ERROR says that the revision is too old.
    Expired,
    /// The status of the answer says so: 410.
    Gone,
    /// 200, no event, and the end.
    Empty,
    /// 200, no event, and no end.
    Silent,
    /// Each event is sent twice.
    Twice,
    /// Each event is followed by the one before it.
    Late,
    /// The status says that the revision is too old, and the list that is asked for then is the one that was kept.
    OldList,
}

const EXPIRED: &str = r#"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version","reason":"Expired","code":410}"#;

type Lines = BoxStream<'static, Result<Frame<Bytes>, BoxError>>;

/// The switch.
#[derive(Clone)]
pub struct Answers {
    now: Arc<watch::Sender<Answer>>,
    served: Arc<Mutex<HashSet<(String, Answer)>>>,
    /// Lists of some time ago, by path.
    kept: Arc<Mutex<HashMap<String, Bytes>>>,
}

impl Default for Answers {
    fn default() -> Self {
        Self { now: Arc::new(watch::Sender::new(Answer::True)), served: Arc::default(), kept: Arc::default() }
    }
}

impl Answers {
    /// Ends the watches under way, but for the silent ones; those that begin from now on are answered so.
    pub fn set(&self, answer: Answer) {
        self.served().clear();
        self.now.send_replace(answer);
    }

    /// Keeps the list at `path` as it is now.
    pub async fn keep(&self, real: &Client, path: &str) -> anyhow::Result<()> {
        let list = real.request_text(Request::get(path).body(Vec::new())?).await?;
        self.kept().insert(path.to_owned(), Bytes::from(list));
        Ok(())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<String, Bytes>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a watch, or a list that was kept, at `path` has been answered as it is set now.
    pub fn has_served(&self, path: &str) -> bool {
        self.served().contains(&(path.to_owned(), *self.now.borrow()))
    }

    fn served(&self) -> std::sync::MutexGuard<'_, HashSet<(String, Answer)>> {
        self.served.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn client(&self, real: Client) -> Client {
        let answers = self.clone();
        let service = service_fn(move |request: Request<Body>| answers.clone().answer(real.clone(), request));
        Client::new(service, "default")
    }

    fn answer(
        self,
        real: Client,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<StreamBody<Lines>>, BoxError>> {
        Box::pin(async move {
            let is_watch = request.uri().query().is_some_and(|query| query.contains("watch=true"));
            let (path, mut now) = (request.uri().path().to_owned(), self.now.subscribe());
            let answer = *now.borrow_and_update();
            if !is_watch {
                let old = self.kept().get(&path).filter(|_| answer == Answer::OldList).cloned();
                let Some(old) = old else {
                    return Ok(real.send(request).await?.map(|body| StreamBody::new(frames(body))));
                };
                self.served().insert((path, answer));
                return Ok(Response::new(StreamBody::new(frames(Body::from(old)))));
            }
            let made = |status, lines| Response::builder().status(status).body(StreamBody::new(lines));
            let response = match answer {
                Answer::OldList if !self.kept().contains_key(&path) => {
                    real.send(request).await?.map(|body| StreamBody::new(frames(body)))
                }
                Answer::Gone | Answer::OldList => made(StatusCode::GONE, sent(vec![EXPIRED.to_owned()]))?,
                Answer::Expired => {
                    made(StatusCode::OK, sent(vec![format!(r#"{{"type":"ERROR","object":{EXPIRED}}}"#)]))?
                }
                Answer::Empty => made(StatusCode::OK, sent(Vec::new()))?,
                Answer::Silent => made(StatusCode::OK, stream::pending().boxed())?,
                Answer::True | Answer::Twice | Answer::Late => {
                    let repeat = move |lines| repeated(lines, answer);
                    let changed = async move { now.changed().await };
                    let until = Box::pin(changed);
                    real.send(request).await?.map(|body| StreamBody::new(repeat(body).take_until(until).boxed()))
                }
            };
            if answer != Answer::OldList {
                self.served().insert((path, answer));
            }
            Ok(response)
        })
    }
}

fn frames(body: Body) -> Lines {
    body.into_data_stream().map_ok(Frame::data).map_err(BoxError::from).boxed()
}

fn sent(lines: Vec<String>) -> Lines {
    stream::iter(lines).map(|line| Ok(frame(&line))).boxed()
}

fn frame(line: &str) -> Frame<Bytes> {
    Frame::data(Bytes::from(format!("{line}\n")))
}

/// The events of a watch, a line each, with what `answer` adds.
fn repeated(body: Body, answer: Answer) -> Lines {
    let lines = body.into_data_stream().map_err(std::io::Error::other).into_async_read().lines();
    let mut before = None;
    lines
        .map_err(BoxError::from)
        .map_ok(move |line| {
            let more = match answer {
                Answer::Twice => Some(line.clone()),
                Answer::Late => before.replace(line.clone()),
                _ => None,
            };
            stream::iter([Some(line), more].into_iter().flatten().map(|line| Ok(frame(&line))))
        })
        .try_flatten()
        .boxed()
}
