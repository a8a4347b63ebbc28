//! What a person set for themselves: theirs alone, bounded, and gone when they are forgotten.

use super::forget::forget;
use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    database::Database,
    gateway::{Gateway, Start},
};

const SET: &str = "mutation($input: SetPreferenceInput!) { setPreference(input: $input) { key value } }";

async fn set(gateway: &Gateway, key: &str, value: Value) -> Result<Value> {
    gateway.ask_again(SET, json!({"input": {"key": key, "value": value}})).await
}

async fn all(gateway: &Gateway) -> Result<Value> {
    let found = gateway.data("{ preferences { key value } }", Value::Null).await?;
    Ok(found["preferences"].clone())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn preferences_are_kept_bounded_and_forgotten_with_the_person() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let views = json!([{"name": "Broken", "query": "state:failed"}]);
    set(&gateway, "views.workload", views.clone()).await?;
    set(&gateway, "language", json!("en")).await?;
    let answer = set(&gateway, "language", json!("zh-CN")).await?;
    assert_eq!(answer["data"]["setPreference"], json!({"key": "language", "value": "zh-CN"}));
    let kept = json!([{"key": "language", "value": "zh-CN"}, {"key": "views.workload", "value": views}]);
    assert_eq!(all(&gateway).await?, kept);

    for (key, value) in
        [("", json!(1)), ("a b", json!(1)), (&"k".repeat(101), json!(1)), ("x", json!("x".repeat(16385)))]
    {
        let answer = set(&gateway, key, value).await?;
        assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_INPUT", "{answer}");
    }
    for nth in 0..98 {
        set(&gateway, &format!("n{nth}"), json!(nth)).await?;
    }
    let answer = set(&gateway, "n98", json!(98)).await?;
    assert_eq!(answer["errors"][0]["extensions"]["field"], "key", "{answer}");
    assert_eq!(set(&gateway, "n97", json!(0)).await?["errors"], Value::Null, "one that is there may change");
    set(&gateway, "n97", Value::Null).await?;
    assert_eq!(set(&gateway, "n98", json!(98)).await?["errors"], Value::Null);
    drop(gateway);

    forget(&database, &["--person", "admin"])?;
    let gateway = Start::on(&database)?.run().await?;
    assert_eq!(all(&gateway).await?, json!([]));
    drop(gateway);
    database.drop().await;
    Ok(())
}
