//! Clusters that people register and remove at run time: every gateway knows them, what they are reached with is shown to nobody,
//! and what cannot be used is refused by name.

use crate::canaries::finder::Finder;
use anyhow::{Context, Result, ensure};
use kube::config::Kubeconfig;
use serde_json::{Value, json};
use std::{fs, process::Command};
use tests::{
    cluster::{kubeconfig, server},
    database::Database,
    gateway::{Gateway, Start, binaries},
    socket::Subscription,
    until,
};

/// A certificate authority that signed nothing here.
const ANOTHER_AUTHORITY: &str = "-----BEGIN CERTIFICATE-----
MIIBizCCATGgAwIBAgIURgnBh/6wCE58HTeHVY3zzeBSvm0wCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHYW5vdGhlcjAgFw0yNjEyMDIyMzU4NTNaGA8yMTI2MTEwODIz
NTg1M1owEjEQMA4GA1UEAwwHYW5vdGhlcjBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABKKptLc4T6wWdskEfsdReIrlpy96y6Z0puazTsXhUvhdaK6iVPxkhbx6zlv8
nsOCMnw6VCQ102BNVbzgcHjmGnejYzBhMB0GA1UdDgQWBBSN4sZU41ycW01lnqu+
6FA2BnzyNDAfBgNVHSMEGDAWgBSN4sZU41ycW01lnqu+6FA2BnzyNDAPBgNVHRMB
Af8EBTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNIADBFAiEA0i4V
oOvSp/FpE7nKAGLEZYQPtC0LgIC3l+YOnY907cQCIDieH1GLlsREW5q4M3YXYSxb
aYg2UEZIBi84qMJpSo+7
-----END CERTIFICATE-----
";

fn real() -> Result<String> {
    Ok(fs::read_to_string(kubeconfig()?)?)
}

/// The certificate authority of the real cluster, in base64.
fn authority() -> Result<String> {
    let config = Kubeconfig::from_yaml(&real()?)?;
    let data = config.clusters.into_iter().next().and_then(|named| named.cluster?.certificate_authority_data);
    data.context("a certificate authority")
}

fn by_token(server: &str, authority: &str, token: &str) -> Value {
    json!({"server": server, "certificateAuthority": authority, "token": token})
}

/// Whether the gateway itself, and not only the read model, knows the cluster.
async fn until_asked(gateway: &Gateway, id: &str) {
    let query = "query($c: ID!) { kinds(cluster: $c, first: 1) { totalCount } }";
    until("the gateway can ask the cluster", || async {
        let found = gateway.data(query, json!({"c": id})).await.ok()?;
        (found.pointer("/kinds/totalCount")?.as_i64()? > 10).then_some(())
    })
    .await;
}

async fn workloads(gateway: &Gateway, cluster: &str) -> Result<i64> {
    let query = "query($c: ID) { workloads(filter: {cluster: $c}) { totalCount } }";
    let found = gateway.data(query, json!({"c": cluster})).await?;
    found.pointer("/workloads/totalCount").and_then(Value::as_i64).context("a number")
}

async fn count(database: &Database, query: &'static str) -> Result<i64> {
    let owner = database.owner().await;
    let found = sqlx::query_scalar(query).fetch_one(&owner).await?;
    owner.close().await;
    Ok(found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_gateways_know_a_cluster_until_it_is_removed() -> Result<()> {
    let database = Database::create().await?;
    let one = Start::without_clusters(&database)?.run().await?;
    let other = Start::without_clusters(&database)?.run().await?;
    let input = json!({"name": "late", "environment": "STAGING", "kubeconfig": real()?, "reason": "it is new"});
    let result = one.register(input.clone()).await?;
    assert_eq!(result.pointer("/cluster/environment"), Some(&json!("STAGING")), "{result}");
    assert_eq!(result.pointer("/cluster/id"), Some(&json!("late")), "{result}");
    for gateway in [&one, &other] {
        until_asked(gateway, "late").await;
        let found = gateway.until_ready_cluster("late").await;
        assert_eq!(found["versionSupport"], "SUPPORTED", "{found}");
    }
    until("its workloads are listed", || async { (workloads(&other, "late").await.ok()? > 0).then_some(()) }).await;
    let again = one.register(input.clone()).await?;
    assert_eq!(again["code"], "ALREADY_EXISTS", "{again}");

    let query = "subscription { objectChanged { kind objectId } }";
    let mut live = Subscription::open(&other.url, &other.token().await?, query, json!({})).await?;
    let removed = one.remove_cluster("late").await?;
    assert_eq!(removed["__typename"], "ClusterAccepted", "{removed}");
    let told = loop {
        let next = live.next().await?.context("the subscription goes on")?;
        if next["objectChanged"]["objectId"] == "late" {
            break next;
        }
    };
    assert_eq!(told["objectChanged"]["kind"], "REMOVED");
    for gateway in [&one, &other] {
        gateway.until_cluster("late", "gone", Value::is_null).await;
        until("nothing of it is listed", || async { (workloads(gateway, "late").await.ok()? == 0).then_some(()) })
            .await;
    }
    until("its watch has ended", || async {
        let ended = "SELECT count(*) FROM events WHERE stream = 'cluster:late' AND type = 'ClusterWatchEnded'";
        (count(&database, ended).await.ok()? == 1).then_some(())
    })
    .await;
    until("its credential is forgotten", || async {
        let left = "SELECT (SELECT count(*) FROM cluster_credentials) + \
                    (SELECT count(*) FROM data_keys WHERE scope = 'credential:late')";
        (count(&database, left).await.ok()? == 0).then_some(())
    })
    .await;
    let forgotten =
        "SELECT count(*) FROM events WHERE stream = 'sealing:credential:late' AND type = 'DataKeyForgotten'";
    assert_eq!(count(&database, forgotten).await?, 1);
    let history = "SELECT count(*) FROM read.audit_log WHERE cluster = 'late' AND type = 'ClusterRemoved'";
    assert_eq!(count(&database, history).await?, 1, "its history stays");

    // The name is free again, and the id is not.
    assert_eq!(other.registered(input).await?, "late-2");
    one.until_ready_cluster("late-2").await;
    let gone = one.remove_cluster("late").await?;
    assert_eq!(gone["__typename"], "ClusterAccepted", "a second removal is silence: {gone}");
    let unknown = one.remove_cluster("never").await?;
    assert_eq!(unknown["code"], "NOT_FOUND", "{unknown}");
    drop((one, other));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cluster_of_the_settings_is_removed_once_nobody_gives_it() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    gateway.until_ready_cluster("dev").await;
    let refused = gateway.remove_cluster("dev").await?;
    assert_eq!(refused["code"], "NOT_SUPPORTED", "{refused}");
    let refused = gateway.register(json!({"name": "dev", "kubeconfig": real()?})).await?;
    assert_eq!(refused["code"], "ALREADY_EXISTS", "{refused}");
    // The same cluster under another name: who is who is told by its uid.
    assert_eq!(gateway.registered(json!({"name": "double", "kubeconfig": real()?})).await?, "double");
    let says_why = |found: &Value| found["reason"].as_str().is_some_and(|reason| reason.contains("registered as dev"));
    let found = gateway.until_cluster("double", "recognised", says_why).await;
    assert_eq!(found["state"], "UNREACHABLE", "{found}");
    assert_eq!(workloads(&gateway, "double").await?, 0, "nothing of it is recorded twice");
    let removed = gateway.remove_cluster("double").await?;
    assert_eq!(removed["__typename"], "ClusterAccepted", "{removed}");

    // Another gateway does not have it in its settings, and sees that it is watched.
    let other = Start::without_clusters(&database)?.run().await?;
    let refused = other.remove_cluster("dev").await?;
    let message = refused["message"].as_str().unwrap_or_default();
    assert!(refused["code"] == "NOT_SUPPORTED" && message.contains("KUBECONFIG"), "{refused}");
    // Once nobody gives it any more, it is one like others.
    drop(gateway);
    until("it is removed", || async {
        let removed = other.remove_cluster("dev").await.ok()?;
        (removed["__typename"] == "ClusterAccepted").then_some(())
    })
    .await;
    other.until_cluster("dev", "gone", Value::is_null).await;
    until("nothing of it is listed", || async { (workloads(&other, "dev").await.ok()? == 0).then_some(()) }).await;
    let again = Start::on(&database)?.run().await?;
    let found = again.until_ready_cluster("dev-2").await;
    assert_eq!(found["name"], "dev", "its id is not given again");
    drop((again, other));
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_used_is_refused_by_name() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::without_clusters(&database)?.run().await?;
    let with = |what: &str, new: &str| Ok::<_, anyhow::Error>(real()?.replacen(what, new, 1));
    let user = |user: Value| {
        json!({"current-context": "a", "contexts": [{"name": "a", "context": {"cluster": "a", "user": "a"}}],
            "clusters": [{"name": "a", "cluster": {"server": "https://127.0.0.1:1"}}], "users": [{"name": "a", "user": user}]})
        .to_string()
    };
    for (kubeconfig, words) in [
        (user(json!({"exec": {"command": "aws"}})), "running a program (exec)"),
        (user(json!({"auth-provider": {"name": "gcp"}})), "auth provider gcp"),
        (user(json!({"tokenFile": "/var/token"})), "tokenFile names a file"),
        (user(json!({})), "neither a token nor a client certificate"),
        (with("client-key-data:", "client-key: /var/key, x-data:")?, "client-key names a file"),
        (with("certificate-authority-data:", "insecure-skip-tls-verify: true, x-data:")?, "insecure-skip-tls-verify"),
        (with("https://", "http://")?, "begins with https://"),
        ("{".to_owned(), "cannot be read"),
    ] {
        let refused = gateway.register(json!({"name": "bad", "kubeconfig": kubeconfig})).await?;
        let message = refused["message"].as_str().unwrap_or_default();
        assert!(refused["code"] == "INVALID" && message.contains(words), "{words}: {refused}");
    }
    let name = gateway.register(json!({"name": "Prod", "kubeconfig": real()?})).await?;
    assert!(name["code"] == "INVALID" && name["field"] == "name", "{name}");
    let both = json!({"name": "bad", "kubeconfig": real()?, "inCluster": true});
    assert_eq!(gateway.register(both).await?["code"], "INVALID");
    assert_eq!(gateway.register(json!({"name": "bad", "inCluster": true})).await?["field"], "inCluster");
    assert_eq!(count(&database, "SELECT count(*) FROM cluster_credentials").await?, 0, "nothing is kept");
    assert_eq!(count(&database, "SELECT count(*) FROM streams WHERE category = 'cluster'").await?, 0);
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_credential_is_in_clear_nowhere_and_outlives_the_sealing_key() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::without_clusters(&database)?.run().await?;
    let token = format!("7319{:012}", fastrand::u64(0..1_000_000_000_000));
    let finder = Finder::of(std::slice::from_ref(&token));
    let input = |name: &str, address: &str| {
        Ok::<_, anyhow::Error>(json!({"name": name, "token": by_token(address, &authority()?, &token)}))
    };
    let address = format!("https://{}", server()?);
    gateway.check_cluster(input("hidden", &address)?).await?;
    gateway.registered(input("hidden", &address)?).await?;
    // Refused ones leave no trace either.
    gateway.register(input("Hidden", &address)?).await?;
    gateway.register(input("hidden", "http://127.0.0.1:1")?).await?;
    let found = gateway.until_cluster("hidden", "refused", |found| found["state"] == "UNREACHABLE").await;
    assert!(finder.found_in(&found.to_string()).is_empty(), "{found}");

    let nowhere = async |log: String| -> Result<()> {
        let owner = database.owner().await;
        let found = finder.found_in_database(&owner).await?;
        owner.close().await;
        ensure!(found.is_empty(), "{found:?}");
        ensure!(finder.found_in(&log).is_empty(), "it is in the log of the gateway");
        Ok(())
    };
    nowhere(gateway.log()).await?;
    drop(gateway);

    for arguments in [&[][..], &["--activate"], &["--finish"]] {
        let mut rotate = Command::new(binaries()?.join("binnacle"));
        rotate.args(["seal", "rotate"]).args(arguments).env("BINNACLE_DATABASE_URL", database.application_url());
        let output = rotate.env("BINNACLE_SEALING_KEY_FILE", &database.sealing_key).output()?;
        ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let lines = fs::read_to_string(&database.sealing_key)?;
    fs::write(&database.sealing_key, format!("{}\n", lines.lines().next().context("a key")?))?;
    let gateway = Start::without_clusters(&database)?.run().await?;
    // The log goes on from the first start.
    until("it is opened by the new key", || async {
        (gateway.log().matches("cluster.connected").count() >= 2).then_some(())
    })
    .await;
    assert!(!gateway.log().contains("cluster.not_opened"));
    nowhere(gateway.log()).await?;
    drop(gateway);
    database.drop().await;
    Ok(())
}

/// The step that is not passed, as name and code.
fn stopped(check: &Value) -> Option<(String, String)> {
    let steps = check["steps"].as_array()?;
    assert_eq!(steps.len(), 8, "{check}");
    let failed = steps.iter().find(|step| step["state"] == "FAILED")?;
    Some((failed["name"].as_str()?.to_owned(), failed.pointer("/message/code")?.as_str()?.to_owned()))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_check_names_the_step_that_fails() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::without_clusters(&database)?.run().await?;
    let (address, authority) = (format!("https://{}", server()?), authority()?);
    let check = gateway.check_cluster(json!({"name": "new", "kubeconfig": real()?})).await?;
    assert!(check["ok"] == true && stopped(&check).is_none(), "{check}");
    let closed = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    for (token, step, code) in [
        (by_token("http://127.0.0.1:1", &authority, "x"), "CREDENTIALS", "ADDRESS_NOT_HTTPS"),
        (by_token("https://nowhere.invalid", &authority, "x"), "ADDRESS", "CHECK_ADDRESS_UNKNOWN"),
        (by_token(&format!("https://{closed}"), &authority, "x"), "CONNECT", "CHECK_NOT_CONNECTED"),
        (by_token(&address, ANOTHER_AUTHORITY, "x"), "TLS", "CHECK_TLS_FAILED"),
        (by_token(&address, &authority, "x"), "AUTHENTICATION", "CHECK_NOT_AUTHENTICATED"),
    ] {
        let check = gateway.check_cluster(json!({"name": "new", "token": token})).await?;
        assert_eq!(stopped(&check), Some((step.to_owned(), code.to_owned())), "{check}");
        assert_eq!(check["ok"], false);
    }
    assert_eq!(
        count(&database, "SELECT count(*) FROM streams WHERE category = 'cluster'").await?,
        0,
        "nothing is recorded"
    );
    drop(gateway);
    database.drop().await;
    Ok(())
}
