//! The steps of a row, and how each is played.

use super::{
    console::{Console, Ended},
    place::until,
};
use anyhow::{Context, Result, ensure};
use commands::kubernetes::manifest;
use domain::{
    core::{message::Code, refusal::ErrorCode},
    kubernetes::{object::ObjectRef, status::State},
};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use tests::write_side::{CLUSTER, cluster_id};

/// How a request ends.
#[derive(Clone, Copy, Debug)]
pub enum End {
    Refused {
        code: ErrorCode,
        field: &'static str,
        /// Part of its message.
        words: &'static str,
    },
    /// One of these says what is there.
    Succeeded(&'static [Code]),
    /// With one of these causes; without any where the list is empty.
    Failed(ErrorCode, &'static [Code]),
    /// By this change, and this field manager where the cluster names one.
    Overtaken(Code, Option<&'static str>),
}

/// Something that a person requests of a workload.
#[derive(Clone, Copy, Debug)]
pub enum Verb {
    Create,
    Scale(i32),
    Restart,
    Stop,
    Start,
    Delete,
    /// Asks again for what was requested last.
    Retry,
}

/// A check of one row alone.
pub type Check = for<'a> fn(&'a Play<'a>) -> BoxFuture<'a, Result<()>>;

/// Arguments of a cause by name.
pub type Names = &'static [(&'static str, &'static str)];

pub enum Step {
    /// A request, and how it ends.
    Request(Verb, End),
    /// A request that goes on.
    Begin(Verb),
    /// How the request that goes on ends.
    Ends(End),
    /// Another applies this input.
    Apply(&'static str),
    /// Another calls kubectl with these words, where `@` is the object.
    Kubectl(&'static [&'static str]),
    /// The workload comes to one of these states, for this cause. Values are JSON.
    Says(&'static [State], Option<Code>, Names),
    /// The row of the workload at the end of the request has this state, at once.
    Agrees(State),
    /// The row of the workload comes to have these values, by pointer. Values are JSON.
    Shows(Names),
    /// The row of the workload goes.
    Gone,
    /// All but these can be requested, and these cannot, for these reasons.
    Offers(&'static [(&'static str, Code)]),
    /// This is said before it is requested.
    Cautions(&'static str, Code),
    /// Whether the last request can be asked again, by the one rule of all places.
    CanRetry(bool),
    /// These fields were taken out of the manifest, and said.
    Removed(&'static [&'static str]),
    /// The live object has these values now, by pointer. Values are JSON; null: it is not there.
    Live(Names),
    /// The live object comes to have them.
    ComesToHave(Names),
    Check(Check),
}

/// An input, and what is done with it.
pub struct Row {
    pub input: &'static str,
    /// The name of the object in the input, and the one that it has here.
    pub renamed: Option<(&'static str, String)>,
    pub steps: Vec<Step>,
}

/// A row that is being played.
pub struct Play<'a> {
    pub console: &'a Console,
    text: String,
    target: Option<ObjectRef>,
    /// The last answer to a request.
    answer: Value,
}

impl<'a> Play<'a> {
    pub async fn run(console: &'a Console, row: &Row) -> Result<()> {
        let mut text = console.place.input(row.input)?;
        if let Some((from, to)) = &row.renamed {
            text = text.replace(from, to);
        }
        let target = manifest::read(&text, &cluster_id()).ok().map(|read| read.object);
        let mut play = Self { console, text, target, answer: Value::Null };
        for (at, step) in row.steps.iter().enumerate() {
            play.step(step).await.with_context(|| format!("{}, step {}", row.input, at + 1))?;
        }
        Ok(())
    }

    pub fn target(&self) -> Result<&ObjectRef> {
        self.target.as_ref().context("the input is no workload")
    }

    pub fn id(&self) -> Result<String> {
        Ok(self.target()?.id())
    }

    async fn step(&mut self, step: &Step) -> Result<()> {
        match step {
            Step::Request(verb, end) => {
                self.request(*verb).await?;
                self.must_end(*end).await
            }
            Step::Begin(verb) => {
                self.request(*verb).await?;
                self.operation().map(|_| ())
            }
            Step::Ends(end) => self.must_end(*end).await,
            Step::Apply(file) => self.console.place.apply(file).await,
            Step::Kubectl(words) => self.kubectl(words).await,
            Step::Says(states, cause, names) => self.until_said(states, *cause, names).await,
            Step::Agrees(state) => self.must_agree(*state).await,
            Step::Shows(values) => self.until_shown(values).await,
            Step::Gone => self.until_gone().await,
            Step::Offers(reasons) => self.until_offered(reasons).await,
            Step::Cautions(action, code) => self.until_cautioned(action, *code).await,
            Step::CanRetry(can) => self.must_retry(*can).await,
            Step::Removed(fields) => {
                let removed = self.answer["removed"].as_array().context("what was removed")?;
                let is_said = |field: &&&str| removed.contains(&json!(field));
                ensure!(fields.iter().all(|field| is_said(&field)), "removed are {removed:?}");
                Ok(())
            }
            Step::Live(values) => has(&self.console.place.live(self.target()?).await?, values),
            Step::ComesToHave(values) => {
                let look = || async { has(&self.console.place.live(self.target()?).await?, values).map(Some) };
                until("the live object has it", look).await
            }
            Step::Check(check) => check(self).await,
        }
    }

    /// Asks until the watch has seen what it needs.
    async fn request(&mut self, verb: Verb) -> Result<()> {
        let id = self.target.as_ref().map(ObjectRef::id);
        let (field, input) = match verb {
            Verb::Create => ("createWorkload", json!({"cluster": CLUSTER, "manifest": self.text})),
            Verb::Scale(replicas) => ("scaleWorkload", json!({"id": id, "replicas": replicas})),
            Verb::Restart => ("restartWorkload", json!({"id": id})),
            Verb::Stop => ("stopWorkload", json!({"id": id})),
            Verb::Start => ("startWorkload", json!({"id": id})),
            Verb::Delete => ("deleteWorkload", json!({"id": id})),
            Verb::Retry => ("retryOperation", json!({"id": self.operation()?})),
        };
        self.answer = self.console.mutate(field, input).await?;
        Ok(())
    }

    fn operation(&self) -> Result<&str> {
        let operation = self.answer.pointer("/operation/id").and_then(Value::as_str);
        operation.with_context(|| format!("not accepted: {}", self.answer))
    }

    pub async fn ended(&self) -> Result<Ended> {
        self.console.ended(self.operation()?).await
    }

    async fn must_end(&self, end: End) -> Result<()> {
        if let End::Refused { code, field, words } = end {
            let Value::String(message) = &self.answer["message"] else { anyhow::bail!("accepted: {}", self.answer) };
            let is_it = self.answer["code"] == code.as_str() && self.answer["field"] == field;
            ensure!(is_it && message.contains(words), "{}, not {end:?}", self.answer);
            return Ok(());
        }
        let Ended { operation, events } = self.ended().await?;
        let of = |kind: &str, pointer: &str| events.get(kind).and_then(|event| event.pointer(pointer)).cloned();
        let is_one =
            |codes: &[Code], found: Option<&Value>| codes.iter().any(|code| found == Some(&json!(code.as_str())));
        let is_it = match end {
            End::Refused { .. } => false,
            End::Succeeded(codes) => {
                let last = of("OperationStageSucceeded", "/message/code");
                operation["state"] == "SUCCEEDED" && is_one(codes, last.as_ref())
            }
            End::Failed(code, causes) => {
                let cause = operation.pointer("/cause/message/code");
                let is_cause = if causes.is_empty() { cause.is_none() } else { is_one(causes, cause) };
                operation["state"] == "FAILED" && operation["error"]["code"] == code.as_str() && is_cause
            }
            End::Overtaken(change, manager) => {
                let change = json!(change.as_str());
                let is_change = of("OperationOvertaken", "/overtaken/change/code") == Some(change);
                operation["state"] == "OVERTAKEN" && is_change && operation["overtakenBy"] == json!(manager)
            }
        };
        ensure!(is_it, "{operation}, not {end:?}: {events:?}");
        Ok(())
    }

    async fn kubectl(&self, words: &[&str]) -> Result<()> {
        let target = self.target()?;
        let object = format!("{}/{}", target.kind.kind().to_lowercase(), target.name);
        let namespace = target.namespace.as_deref().unwrap_or_default();
        let mut all = vec!["-n", namespace];
        all.extend(words.iter().map(|word| if *word == "@" { object.as_str() } else { *word }));
        self.console.place.kubectl(&all, &self.text).await.map(|_| ())
    }

    async fn row(&self) -> Result<Value> {
        self.console.workload(&self.id()?, None).await
    }

    /// Waits until the row is as wanted; the last one is told otherwise.
    async fn until_row(&self, what: &str, is_wanted: impl Fn(&Value) -> bool) -> Result<()> {
        until(what, || async {
            let row = self.row().await?;
            ensure!(is_wanted(&row), "{row}");
            Ok(Some(()))
        })
        .await
    }

    async fn until_said(&self, states: &[State], cause: Option<Code>, names: Names) -> Result<()> {
        let what = format!("it is said to be {states:?} because {cause:?} {names:?}");
        self.until_row(&what, |row| {
            let code = row.pointer("/cause/message/code");
            let is_cause = cause.is_none_or(|cause| code == Some(&json!(cause.as_str())));
            let arguments = &row["cause"]["message"]["arguments"];
            states.iter().any(|state| row["state"] == state.as_str()) && is_cause && has_named(arguments, names)
        })
        .await
    }

    async fn must_agree(&self, state: State) -> Result<()> {
        let position = self.ended().await?.operation["lastPosition"].clone();
        let row = self.console.workload(&self.id()?, Some(&position)).await?;
        ensure!(row["state"] == state.as_str(), "not {} at the end of the request: {row}", state.as_str());
        Ok(())
    }

    async fn until_shown(&self, values: Names) -> Result<()> {
        self.until_row(&format!("it shows {values:?}"), |row| has(row, values).is_ok()).await
    }

    async fn until_gone(&self) -> Result<()> {
        self.until_row("it is no row any more", Value::is_null).await
    }

    async fn until_offered(&self, reasons: &[(&'static str, Code)]) -> Result<()> {
        self.until_row(&format!("all but these are offered: {reasons:?}"), |row| {
            let actions = row["availableActions"].as_array().map_or(&[][..], Vec::as_slice);
            let is_right = |offer: &Value| {
                let reason = reasons.iter().find(|(action, _)| offer["action"] == *action);
                // What a kind never has goes without saying.
                let not_of_kind = Code::NotOfKind.as_str();
                let is_of_kind = offer.pointer("/reason/code").is_none_or(|code| code != not_of_kind);
                let reason = if is_of_kind { reason.map(|(_, code)| code.as_str()) } else { Some(not_of_kind) };
                offer["allowed"] == reason.is_none()
                    && offer.pointer("/reason/code") == reason.map(Value::from).as_ref()
            };
            actions.len() >= 5 && actions.iter().all(is_right)
        })
        .await
    }

    async fn until_cautioned(&self, action: &str, code: Code) -> Result<()> {
        self.until_row(&format!("{action} is allowed with the caution {code:?}"), |row| {
            let mut actions = row["availableActions"].as_array().into_iter().flatten();
            let offer = actions.find(|offer| offer["action"] == action);
            offer.is_some_and(|offer| offer["allowed"] == true && offer["caution"]["code"] == code.as_str())
        })
        .await
    }

    async fn must_retry(&self, can: bool) -> Result<()> {
        let operation = self.ended().await?.operation;
        ensure!(operation["canRetry"] == can, "{operation}");
        ensure!(operation["error"].is_null() || operation["error"]["retryable"] == can, "{operation}");
        if !can {
            let answer = self.console.mutate("retryOperation", json!({"id": self.operation()?})).await?;
            ensure!(answer["code"] == "INVALID" && answer["field"] == "id", "{answer}");
        }
        Ok(())
    }
}

fn has_named(arguments: &Value, names: Names) -> bool {
    names.iter().all(|(name, value)| arguments.get(name).map(Value::to_string).as_deref() == Some(value))
}

/// Whether `found` has these values by pointer; null where there is nothing.
fn has(found: &Value, values: Names) -> Result<()> {
    for (pointer, value) in values {
        let there = found.pointer(pointer).unwrap_or(&Value::Null).to_string();
        ensure!(there == *value, "{pointer} is {there}, not {value}");
    }
    Ok(())
}
