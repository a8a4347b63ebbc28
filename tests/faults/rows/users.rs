//! Users against each other: the same command many times, many commands for one object, a cancel too late.

use super::Plan;
use crate::{
    traffic::{Answer, Command, since},
    world::{OBJECTS, World, id, within},
};
use anyhow::{Context, Result, ensure};
use futures::future::join_all;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use uuid::Uuid;

/// The object that all change.
const SHARED: usize = OBJECTS - 1;

/// F38: one command with one key, sent a hundred times at once to both gateways, is one operation. Another body with that
/// key is a conflict at either gateway.
pub async fn same_command(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 2 } else { 10 };
    let caller = &world.traffic.caller;
    for _ in 0..rounds {
        let command = Command { object: SHARED, replicas: 1, key: Uuid::from_u128(plan.dice.u128(..)) };
        let mut answers = join_all((0..100).map(|number| caller.answer(&command, number))).await;
        let first = answers.pop().flatten().context("no answer")?;
        ensure!(matches!(first, Answer::Accepted { .. }), "{first:?}");
        ensure!(
            answers.iter().all(|answer| answer.as_ref() == Some(&first)),
            "one command, several answers: {answers:?}"
        );
        let other = Command { replicas: 2, ..command.clone() };
        for answer in join_all((0..2).map(|number| caller.answer(&other, number))).await {
            let is_conflict = matches!(&answer, Some(Answer::Refused { code, .. }) if code == "CONFLICT");
            ensure!(is_conflict, "another body with a used key: {answer:?}");
        }
        caller.record(command, Some(first));
    }
    Ok(format!(
        "{rounds} commands, each sent 100 times at once with one key: one operation each, another body is CONFLICT"
    ))
}

/// F39: 20 users send a command for one version at once. One is accepted; the others get the current version.
pub async fn editors(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 3 } else { 20 };
    // The others do not change it meanwhile.
    let _pause = world.traffic.pause().await;
    for round in 0..rounds {
        // An operation that ends meanwhile makes the version outdated; then no command is accepted.
        within(Duration::from_secs(20), "one of 20 is accepted", async || {
            let accepted = edit_at_once(world).await?;
            if accepted > 1 {
                panic!("round {round}: {accepted} of 20 were accepted on one version");
            }
            Ok(accepted == 1)
        })
        .await?;
    }
    Ok(format!("{rounds} times 20 users with one version: 1 accepted, 19 CONFLICT each time"))
}

/// How many of 20 commands for one version are accepted.
async fn edit_at_once(world: &World) -> Result<usize> {
    let caller = &world.traffic.caller;
    let place = id(&world.namespace.name, SHARED);
    let version = current_version(world, &place).await?;
    let input = |user: usize| json!({"id": place, "replicas": user % 3, "expectedVersion": version, "idempotencyKey": Uuid::new_v4()});
    let send = async |user: usize| {
        let input = input(user);
        caller
            .until_answered(|side| caller.mutate("scaleWorkload", "ScaleWorkloadInput", input.clone(), side % 2), user)
            .await
    };
    let mut accepted = 0;
    for (user, answer) in join_all((0..20).map(send)).await.into_iter().enumerate() {
        match answer.context("a command was never answered")? {
            answer @ Answer::Accepted { .. } => {
                accepted += 1;
                let command = Command { object: SHARED, replicas: user as i64 % 3, key: Uuid::new_v4() };
                caller.record(command, Some(answer));
            }
            Answer::Refused { code, message } => ensure!(code == "CONFLICT", "{code} {message}"),
        }
    }
    Ok(accepted)
}

/// The version that a conflict names: of the last observation and the last command.
async fn current_version(world: &World, place: &str) -> Result<String> {
    let query = "mutation($input: ScaleWorkloadInput!) { scaleWorkload(input: $input) \
        { ... on OperationRefused { code currentVersion } } }";
    let input = json!({"id": place, "replicas": 0, "expectedVersion": "0.0.none"});
    let answer = world.traffic.caller.post(query, json!({"input": input}), 0).await?;
    let version = answer.pointer("/data/scaleWorkload/currentVersion").and_then(Value::as_str);
    Ok(version.with_context(|| answer.to_string())?.to_owned())
}

/// F18: all users change one object at once, over both gateways. Appends conflict, and all commands are accepted in turn.
pub async fn storm(world: &mut World, plan: &mut Plan) -> Result<String> {
    let (users, each) = (40, if plan.is_short { 2 } else { 8 });
    let caller = &world.traffic.caller;
    let keys: Vec<u128> = (0..users * each).map(|_| plan.dice.u128(..)).collect();
    let before = caller.history().failures.clone();
    join_all((0..users).map(|user| {
        let keys = &keys;
        async move {
            for key in &keys[user * each..][..each] {
                let command = Command { object: 0, replicas: (key % 4) as i64, key: Uuid::from_u128(*key) };
                caller.send_until_answered(command, user).await;
            }
        }
    }))
    .await;
    let retried = since(&caller.history().failures, &before);
    Ok(format!("{users} users, {} commands for one object; retried because of {retried:?}", users * each))
}

/// F40: the other gateway cancels a new operation, at another moment each time. Each operation ends once.
pub async fn cancel(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 30 } else { 300 };
    let caller = &world.traffic.caller;
    let mut answers = BTreeMap::<String, usize>::new();
    for round in 0..rounds {
        let command = Command {
            object: round % OBJECTS,
            replicas: plan.dice.i64(0..4),
            key: Uuid::from_u128(plan.dice.u128(..)),
        };
        let Some(Answer::Accepted { operation }) = caller.send_until_answered(command, round).await else { continue };
        tokio::time::sleep(Duration::from_millis(plan.dice.u64(0..120))).await;
        let cancel = |side| caller.mutate("cancelOperation", "OperationInput", json!({"id": operation}), side % 2);
        let words = match caller.until_answered(cancel, round + 1).await.context("a cancel was never answered")? {
            Answer::Accepted { .. } => "accepted".to_owned(),
            Answer::Refused { code, message } => {
                ensure!(code == "INVALID", "a cancel was refused: {code} {message}");
                message
            }
        };
        *answers.entry(words).or_default() += 1;
    }
    Ok(format!("{rounds} cancels: {answers:?}"))
}
