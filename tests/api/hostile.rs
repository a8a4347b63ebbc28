//! Documents that are short and would take for ever: they are refused before anything walks them whole, also from strangers.

use anyhow::Result;
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::{database::Database, gateway::Start};

/// Fragments that each use the next one `width` times: `width` to the power of `levels` fields in all.
fn bomb(width: usize, levels: usize, operation: &str) -> String {
    let uses = |level: usize| format!("...F{level} ").repeat(width);
    let fragments: String =
        (0..levels).map(|level| format!("fragment F{level} on User {{ {} }} ", uses(level + 1))).collect();
    format!("{operation} {fragments} fragment F{levels} on User {{ username }}")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fragment_bombs_are_refused_and_health_is_answered_meanwhile() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let token = gateway.token().await?;
    let chosen = "query A { viewer { ...F0 } }";
    let other = "query A { viewer { username } } query B { viewer { ...F0 } }";
    let send = async |document: &str, token: Option<&str>| -> Result<Value> {
        let request = gateway.http().post(format!("{}/graphql", gateway.url));
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        Ok(request.json(&json!({"query": document, "operationName": "A"})).send().await?.json().await?)
    };
    for (width, levels) in [(2, 30), (3, 30), (30, 20)] {
        for operation in [chosen, other] {
            let document = bomb(width, levels, operation);
            for token in [None, Some(token.as_str())] {
                let (answer, health) = tokio::join!(send(&document, token), async {
                    gateway.http().get(format!("{}/livez", gateway.url)).send().await
                });
                let answer = answer?;
                let code = answer.pointer("/errors/0/extensions/code").and_then(Value::as_str);
                let is_refused = matches!(code, Some("TOO_COMPLEX" | "TOO_LARGE"));
                assert!(is_refused || token.is_none() && code == Some("UNAUTHENTICATED"), "{width}: {answer}");
                assert_eq!(health?.status(), StatusCode::OK);
            }
        }
    }
    assert_eq!(send("query A { viewer { username } }", Some(&token)).await?["data"]["viewer"]["username"], "admin");
    drop(gateway);
    database.drop().await;
    Ok(())
}
