//! The users: each sends commands at a steady pace. Without an answer it sends the same command to the other gateway, with
//! the same key, until it has one. The answers are one of the three witnesses.

use crate::world::{OBJECTS, id};
use anyhow::{Context, Result, bail, ensure};
use fastrand::Rng;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{
    sync::{RwLock, RwLockWriteGuard},
    task::JoinSet,
    time::{Instant, sleep, sleep_until},
};
use uuid::Uuid;

/// Users at once, and how long each waits between two commands: 70 commands a second when answers come at once.
const USERS: usize = 28;
const PACE: Duration = Duration::from_millis(400);
/// How long a user waits for an answer, and how long it retries.
const ANSWER: Duration = Duration::from_secs(4);
const PATIENCE: Duration = Duration::from_secs(150);

const FRAGMENT: &str = "{ __typename ... on OperationAccepted { operation { id } position } \
    ... on OperationRefused { code message } }";

/// A scale. To 0 it ends at once, else it waits for replicas that never come, until the next one.
#[derive(Clone, Debug)]
pub struct Command {
    pub object: usize,
    pub replicas: i64,
    pub key: Uuid,
}

/// What a gateway said.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Answer {
    Accepted { operation: String },
    Refused { code: String, message: String },
}

impl Answer {
    /// The message of a refusal because too much waits: nothing is wrong with the command.
    pub fn refused_for_now(&self) -> Option<&str> {
        match self {
            Self::Refused { code, message } if code == "UNAVAILABLE" => Some(message),
            Self::Refused { .. } | Self::Accepted { .. } => None,
        }
    }
}

/// A command and its answer.
pub struct SentCommand {
    pub command: Command,
    pub answer: Option<Answer>,
    pub at: Instant,
}

#[derive(Default)]
pub struct History {
    pub sent: Vec<SentCommand>,
    /// Answers that were none, by kind.
    pub failures: BTreeMap<String, usize>,
    /// The longest wait for an answer of any kind, since a row set it to zero.
    pub longest_wait: Duration,
}

impl History {
    /// How often a command was refused, by what was said.
    pub fn refusals(&self) -> BTreeMap<&str, usize> {
        let refused = self.sent.iter().filter_map(|sent| match &sent.answer {
            Some(Answer::Refused { message, .. }) => Some(message.as_str()),
            Some(Answer::Accepted { .. }) | None => None,
        });
        refused.fold(BTreeMap::new(), |mut counts, message| {
            *counts.entry(message).or_default() += 1;
            counts
        })
    }
}

pub struct Traffic {
    pub caller: Arc<Caller>,
    going: Arc<RwLock<()>>,
    users: JoinSet<()>,
}

/// Sends commands to the gateways and records the answers.
pub struct Caller {
    http: reqwest::Client,
    urls: Vec<String>,
    token: String,
    namespace: String,
    history: Mutex<History>,
}

impl Traffic {
    pub fn start(urls: Vec<String>, token: String, namespace: &str, seed: u64) -> Result<Self> {
        let http =
            reqwest::Client::builder().no_proxy().http1_only().pool_max_idle_per_host(USERS).timeout(ANSWER).build()?;
        let namespace = namespace.to_owned();
        let caller = Arc::new(Caller { http, urls, token, namespace, history: Mutex::default() });
        let (going, mut users) = (Arc::new(RwLock::new(())), JoinSet::new());
        for number in 0..USERS {
            let dice = Rng::with_seed(seed ^ (number as u64 + 1) << 40);
            users.spawn(user(Arc::clone(&caller), Arc::clone(&going), number, dice));
        }
        Ok(Self { caller, going, users })
    }

    /// Waits until every command under way has its answer. None begins while the guard lives.
    pub async fn pause(&self) -> RwLockWriteGuard<'_, ()> {
        self.going.write().await
    }

    /// What everybody holds who does something, so that [`Traffic::pause`] waits for it.
    pub fn turns(&self) -> Arc<RwLock<()>> {
        Arc::clone(&self.going)
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        self.caller.history()
    }

    /// Commands accepted a second, between `from` and `until`.
    pub fn rate(&self, from: Instant, until: Instant) -> f64 {
        let is_in = |sent: &&SentCommand| {
            sent.at >= from && sent.at < until && matches!(sent.answer, Some(Answer::Accepted { .. }))
        };
        let count = self.history().sent.iter().filter(is_in).count();
        count as f64 / (until - from).as_secs_f64()
    }

    pub async fn stop(mut self) {
        self.users.shutdown().await;
    }
}

async fn user(caller: Arc<Caller>, going: Arc<RwLock<()>>, number: usize, mut dice: Rng) {
    let mut next = Instant::now() + PACE.mul_f64(number as f64 / USERS as f64);
    loop {
        sleep_until(next).await;
        let turn = going.read().await;
        // After an outage no user makes up for the commands that it did not send.
        next = (next + PACE).max(Instant::now());
        let object = if dice.u8(..4) == 0 { dice.usize(..OBJECTS) } else { number % OBJECTS };
        let command = Command { object, replicas: dice.i64(0..4), key: Uuid::from_u128(dice.u128(..)) };
        caller.send_until_answered(command, number).await;
        drop(turn);
    }
}

/// What was counted after `before`.
pub fn since(now: &BTreeMap<String, usize>, before: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let more = |(words, count): (&String, &usize)| {
        let more = count - before.get(words).copied().unwrap_or_default();
        (more > 0).then(|| (words.clone(), more))
    };
    now.iter().filter_map(more).collect()
}

impl Caller {
    /// The same by somebody else's token, with a history of its own.
    pub fn with_token(&self, token: String) -> Self {
        let Self { http, urls, namespace, .. } = self;
        let (http, urls, namespace) = (http.clone(), urls.clone(), namespace.clone());
        Self { http, urls, token, namespace, history: Mutex::default() }
    }

    /// Ends the session by one gateway; whether it said that it did.
    pub async fn sign_out(&self, side: usize) -> Result<bool> {
        Ok(self.post("mutation { logout }", json!({}), side).await?["data"]["logout"] == true)
    }

    pub fn history(&self) -> MutexGuard<'_, History> {
        self.history.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends until there is an answer, and records it.
    pub async fn send_until_answered(&self, command: Command, first: usize) -> Option<Answer> {
        let answer = self.answer(&command, first).await;
        self.record(command, answer.clone());
        answer
    }

    pub fn record(&self, command: Command, answer: Option<Answer>) {
        self.history().sent.push(SentCommand { command, answer, at: Instant::now() });
    }

    /// Sends until there is an answer, each time to another gateway.
    pub async fn answer(&self, command: &Command, first: usize) -> Option<Answer> {
        self.until_answered(|side| self.send(command, side % self.urls.len()), first).await
    }

    /// The same for any request that may be sent twice. A refusal because too much waits is retried too, and is the answer in
    /// the end.
    pub async fn until_answered<F: Future<Output = Result<Answer>>>(
        &self,
        send: impl Fn(usize) -> F,
        first: usize,
    ) -> Option<Answer> {
        let begun = Instant::now();
        for side in first.. {
            match send(side).await {
                Ok(answer) => match answer.refused_for_now() {
                    Some(message) => {
                        self.failed(message);
                        if begun.elapsed() > PATIENCE {
                            return Some(answer);
                        }
                    }
                    None => return Some(answer),
                },
                Err(error) => self.failed(&format!("{error:#}")),
            }
            if begun.elapsed() > 2 * PATIENCE {
                break;
            }
            sleep(Duration::from_millis(50)).await;
        }
        None
    }

    fn failed(&self, words: &str) {
        let kind: String = words.split(['(', ':']).next().unwrap_or_default().chars().take(60).collect();
        *self.history().failures.entry(kind).or_default() += 1;
    }

    /// Sends to one gateway once.
    pub async fn send(&self, command: &Command, side: usize) -> Result<Answer> {
        let Command { object, replicas, key } = command;
        let input = json!({"id": id(&self.namespace, *object), "replicas": replicas, "idempotencyKey": key});
        self.mutate("scaleWorkload", "ScaleWorkloadInput", input, side).await
    }

    /// The mutation `field` of one gateway, once.
    pub async fn mutate(&self, field: &str, argument: &str, input: Value, side: usize) -> Result<Answer> {
        let query = format!("mutation($input: {argument}!) {{ {field}(input: $input) {FRAGMENT} }}");
        let value = self.post(&query, json!({"input": input}), side).await?;
        let result = &value["data"][field];
        let text = |pointer: &str| result.pointer(pointer).and_then(Value::as_str).map(str::to_owned);
        match result["__typename"].as_str() {
            Some("OperationAccepted") => {
                Ok(Answer::Accepted { operation: text("/operation/id").context("no operation")? })
            }
            Some(_) => Ok(Answer::Refused {
                code: text("/code").unwrap_or_default(),
                message: text("/message").unwrap_or_default(),
            }),
            None => {
                bail!("{}", value.pointer("/errors/0/extensions/code").and_then(Value::as_str).unwrap_or("no data"))
            }
        }
    }

    /// A document to one gateway, once.
    pub async fn post(&self, query: &str, variables: Value, side: usize) -> Result<Value> {
        let body = json!({"query": query, "variables": variables});
        let request = self.http.post(format!("{}/graphql", self.urls[side])).bearer_auth(&self.token).json(&body);
        let begun = Instant::now();
        let answer = request.header("accept", "application/graphql-response+json").send().await;
        {
            let mut history = self.history();
            history.longest_wait = history.longest_wait.max(begun.elapsed());
        }
        let answer = answer.map_err(|error| match error {
            error if error.is_timeout() => anyhow::anyhow!("no answer in time"),
            error if error.is_connect() => anyhow::anyhow!("no connection"),
            _ => anyhow::anyhow!("connection lost"),
        })?;
        let may_ask_again = answer.status() != 503 || answer.headers().contains_key("retry-after");
        ensure!(may_ask_again, "a 503 that does not say when to ask again");
        let text = answer.text().await.map_err(|_| anyhow::anyhow!("connection lost"))?;
        serde_json::from_str(&text).context("an answer that is no JSON")
    }
}
