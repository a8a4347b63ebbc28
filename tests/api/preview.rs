//! `workloadPreview`: what a create would do, refused as the create is, and answered plainly when the cluster cannot be asked.

use crate::mutations::{mutate, until_seen};
use anyhow::Result;
use serde_json::{Value, json};
use tests::{
    cluster::{Namespace, kubeconfig_by, manifest, server},
    database::Database,
    fault_proxy::{FaultProxy, Link},
    gateway::{Gateway, Start},
    until,
};

const PREVIEW: &str = "query($input: CreateWorkloadInput!) { workloadPreview(input: $input) { __typename \
    ... on WorkloadPreview { workloadId manifest changes { path before after important } removed } \
    ... on WorkloadNotChecked { message } ... on OperationRefused { code message field } } }";

async fn preview(gateway: &Gateway, input: Value) -> Result<Value> {
    let answer = gateway.ask_again(PREVIEW, json!({"input": input})).await?;
    Ok(answer.pointer("/data/workloadPreview").cloned().unwrap_or(answer))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_preview_shows_what_would_be_stored_and_is_refused_as_the_create_is() -> Result<()> {
    let (database, namespace) = (Database::create().await?, Namespace::create("preview").await?);
    let link = FaultProxy::open(server()?).await?;
    let path = std::env::temp_dir().join(format!("{}.kubeconfig", database.name));
    kubeconfig_by(link.address.port(), &path)?;
    let gateway = Start::on(&database)?.with("KUBECONFIG", &path.to_string_lossy()).run().await?;
    until_seen(&gateway, &namespace).await;
    let text = manifest(&namespace.name, "web", 1);
    let input = |text: &str| json!({"cluster": "dev", "manifest": text, "reason": "a look"});

    let pasted = text.replacen("\"metadata\":{", "\"metadata\":{\"uid\":\"u-1\",", 1);
    let good = preview(&gateway, input(&pasted)).await?;
    assert_eq!(good["__typename"], "WorkloadPreview", "{good}");
    assert_eq!(good["workloadId"], format!("Deployment~dev~{}~web", namespace.name));
    assert_eq!(
        (&good["removed"], good.pointer("/manifest/spec/replicas")),
        (&json!(["metadata.uid"]), Some(&json!(1)))
    );
    let changes = good["changes"].as_array().cloned().unwrap_or_default();
    let added = changes.iter().find(|change| change["path"] == "/spec/strategy");
    assert!(added.is_some_and(|change| change["before"].is_null()), "{changes:?}");

    let secret = text.replace("\"sleep\"", "\"--token=ghp_0123456789abcdefghijklmnopqrstuvwxyz\"");
    let mars = json!({"cluster": "mars", "manifest": text});
    let with_secret = json!({"cluster": "dev", "manifest": text,
        "reason": "the token is ghp_0123456789abcdefghijklmnopqrstuvwxyz"});
    let inputs = [input(&secret), input("a: 1"), input(&manifest("no-such", "web", 1)), mars, with_secret];
    for input in inputs {
        let said = preview(&gateway, input.clone()).await?;
        let of_create = mutate(&gateway, "createWorkload", input).await?;
        assert_eq!(said["__typename"], "OperationRefused", "{said}");
        for part in ["code", "message", "field"] {
            assert_eq!(said[part], of_create[part], "the same words as the create");
        }
    }

    let wrong = preview(&gateway, input(&text.replace("\"IfNotPresent\"", "\"Sometimes\""))).await?;
    assert_eq!(
        (&wrong["code"], wrong["__typename"].as_str()),
        (&json!("INVALID"), Some("OperationRefused")),
        "{wrong}"
    );
    assert_eq!(wrong["field"], "manifest.spec.template.spec.containers[0].imagePullPolicy");
    let words = wrong["message"].as_str().unwrap_or_default();
    assert!(words.starts_with("The API server rejected it") && words.contains("Unsupported value"), "{words}");

    let token = gateway.token().await?;
    let document = "%7BworkloadPreview(input:%7Bcluster:%22dev%22,manifest:%22a%22%7D)%7B__typename%7D%7D";
    let got = gateway.http().get(format!("{}/graphql?query={document}", gateway.url)).bearer_auth(token);
    let got: Value = got.send().await?.json().await?;
    assert_eq!(got.pointer("/errors/0/extensions/code"), Some(&json!("WRONG_METHOD")), "an address is logged: {got}");

    link.set(Link::Cut);
    let silent = until("the cluster is silent", || async {
        let said = preview(&gateway, input(&text)).await.ok()?;
        (said["__typename"] == "WorkloadNotChecked").then_some(said)
    })
    .await;
    let words = silent["message"].as_str().unwrap_or_default();
    assert!(words.starts_with("The cluster did not say whether it would accept this: "), "{words}");

    let owner = database.owner().await;
    let recorded = "SELECT (SELECT count(*) FROM events WHERE stream LIKE 'target:%') + \
        (SELECT count(*) FROM effects)";
    let recorded: i64 = sqlx::query_scalar(recorded).fetch_one(&owner).await?;
    assert_eq!((recorded, namespace.live("web", "/metadata/name").await), (0, None));
    owner.close().await;
    drop(gateway);
    let _ = std::fs::remove_file(path);
    namespace.drop().await;
    database.drop().await;
    Ok(())
}
