//! Users against each other: the same wish many times, many wishes for one object, a cancel too late.

use super::Plan;
use crate::{
    traffic::{Answer, Verb, Wish, since},
    world::{SCALED_FROM, World, id, within},
};
use anyhow::{Context, Result, ensure};
use futures::future::join_all;
use serde_json::{Value, json};
use std::{collections::BTreeMap, time::Duration};
use uuid::Uuid;

/// F38: one wish, one key, a hundred times at once over both gateways: one operation. Another body with that key is a
/// conflict, whichever gateway is asked.
pub async fn same_wish(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 2 } else { 10 };
    let caller = &world.traffic.caller;
    for _ in 0..rounds {
        let wish = Wish { object: SCALED_FROM, verb: Verb::Scale(1), key: Uuid::from_u128(plan.dice.u128(..)) };
        let mut answers = join_all((0..100).map(|number| caller.answer(&wish, number))).await;
        let first = answers.pop().flatten().context("no answer")?;
        ensure!(matches!(first, Answer::Accepted { .. }), "{first:?}");
        ensure!(answers.iter().all(|answer| answer.as_ref() == Some(&first)), "one wish, several answers: {answers:?}");
        let other = Wish { verb: Verb::Scale(2), ..wish.clone() };
        for answer in join_all((0..2).map(|number| caller.answer(&other, number))).await {
            let is_conflict = matches!(&answer, Some(Answer::Refused { code, .. }) if code == "CONFLICT");
            ensure!(is_conflict, "another body with a used key: {answer:?}");
        }
        caller.record(wish, Some(first));
    }
    Ok(format!(
        "{rounds} wishes, each sent 100 times at once with one key: one operation each, another body is CONFLICT"
    ))
}

/// F39: 20 users who all look at one version ask at once: one is taken in, the others are told which version to look at.
pub async fn editors(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 3 } else { 20 };
    // The others do not change it meanwhile.
    let _pause = world.traffic.pause().await;
    for round in 0..rounds {
        // What is asked is done meanwhile, and makes the version that was just looked at an older one: nobody gets in then.
        within(Duration::from_secs(20), "one of 20 is taken in", async || {
            let taken_in = edit_at_once(world).await?;
            if taken_in > 1 {
                panic!("round {round}: {taken_in} of 20 were taken in on one version");
            }
            Ok(taken_in == 1)
        })
        .await?;
    }
    Ok(format!("{rounds} times 20 users with one version: 1 taken in, 19 CONFLICT each time"))
}

/// How many of 20 users who look at one version are taken in.
async fn edit_at_once(world: &World) -> Result<usize> {
    let caller = &world.traffic.caller;
    let place = id(&world.namespace.name, SCALED_FROM);
    let version = current_version(world, &place).await?;
    let input = |user: usize| json!({"id": place, "replicas": user % 3, "expectedVersion": version, "idempotencyKey": Uuid::new_v4()});
    let ask = |user: usize| caller.wish("scaleWorkload", "ScaleWorkloadInput", input(user), user % 2);
    let mut taken_in = 0;
    for (user, answer) in join_all((0..20).map(ask)).await.into_iter().enumerate() {
        match answer? {
            answer @ Answer::Accepted { .. } => {
                taken_in += 1;
                let wish = Wish { object: SCALED_FROM, verb: Verb::Scale(user as i64 % 3), key: Uuid::new_v4() };
                caller.record(wish, Some(answer));
            }
            Answer::Refused { code, message } => ensure!(code == "CONFLICT", "{code} {message}"),
        }
    }
    Ok(taken_in)
}

/// The version that a conflict names: of what was seen and what was asked.
async fn current_version(world: &World, place: &str) -> Result<String> {
    let query = "mutation($input: ScaleWorkloadInput!) { scaleWorkload(input: $input) \
        { ... on OperationRefused { code currentVersion } } }";
    let input = json!({"id": place, "replicas": 0, "expectedVersion": "0.0.none"});
    let answer = world.traffic.caller.post(query, json!({"input": input}), 0).await?;
    let version = answer.pointer("/data/scaleWorkload/currentVersion").and_then(Value::as_str);
    Ok(version.with_context(|| answer.to_string())?.to_owned())
}

/// F18: everybody wants the same object at once, over both gateways: appends conflict, and all come through in turn.
pub async fn storm(world: &mut World, plan: &mut Plan) -> Result<String> {
    let (users, each) = (40, if plan.is_short { 2 } else { 8 });
    let caller = &world.traffic.caller;
    let keys: Vec<u128> = (0..users * each).map(|_| plan.dice.u128(..)).collect();
    let before = caller.history().failures.clone();
    join_all((0..users).map(|user| {
        let keys = &keys;
        async move {
            for key in &keys[user * each..][..each] {
                let wish = Wish { object: 0, verb: Verb::Restart, key: Uuid::from_u128(*key) };
                caller.ask_until_answered(wish, user).await;
            }
        }
    }))
    .await;
    let asked_again = since(&caller.history().failures, &before);
    Ok(format!("{users} users, {} wishes for one object; asked again because of {asked_again:?}", users * each))
}

/// F40: what was just asked is cancelled by the other gateway, at another moment each time: one end each.
pub async fn cancel(world: &mut World, plan: &mut Plan) -> Result<String> {
    let rounds = if plan.is_short { 30 } else { 300 };
    let caller = &world.traffic.caller;
    let mut told = BTreeMap::<String, usize>::new();
    for round in 0..rounds {
        let wish = Wish { object: round % 16, verb: Verb::Restart, key: Uuid::from_u128(plan.dice.u128(..)) };
        let Some(Answer::Accepted { operation }) = caller.ask_until_answered(wish, round).await else { continue };
        tokio::time::sleep(Duration::from_millis(plan.dice.u64(0..120))).await;
        let cancel = |side| caller.wish("cancelOperation", "OperationInput", json!({"id": operation}), side % 2);
        let words = match caller.until_answered(cancel, round + 1).await.context("a cancel was never answered")? {
            Answer::Accepted { .. } => "taken in".to_owned(),
            Answer::Refused { code, message } => {
                ensure!(code == "INVALID", "a cancel was refused: {code} {message}");
                message
            }
        };
        *told.entry(words).or_default() += 1;
    }
    Ok(format!("{rounds} cancels: {told:?}"))
}
