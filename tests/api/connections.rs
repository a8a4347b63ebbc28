//! Clients that keep connections open and do nothing do not keep others out, however few connections there may be.

use anyhow::{Context, Result, bail};
use reqwest::{StatusCode, header::RETRY_AFTER};
use serde_json::{Value, json};
use std::time::Duration;
use tests::{
    database::Database,
    gateway::{Gateway, Start},
    socket::Subscription,
    until,
};
use tokio::{io::AsyncWriteExt, net::TcpStream};

const OPEN_FILES: u32 = 100;
const HALF_REQUESTS: usize = 140;
const HALVES: [&str; 5] = [
    "",
    "GET /livez HTTP/1.1\r\nhost: localhost\r\nx-half: ",
    "POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "GET /graphql/ws HTTP/1.1\r\nhost: localhost\r\nconnection: upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
     sec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n",
];
const FEED: &str = "subscription { auditEventRecorded(after: \"0\") { position } }";

fn open_files(gateway: &Gateway) -> Result<usize> {
    Ok(std::fs::read_dir(format!("/proc/{}/fd", gateway.id()))?.count())
}

/// The name of the user, as a new client asks for it: told to come again, it does so.
async fn username(newcomer: &reqwest::Client, gateway: &Gateway, token: &str) -> Result<String> {
    for _ in 0..10 {
        let query = newcomer.post(format!("{}/graphql", gateway.url)).bearer_auth(token);
        let answer = query.json(&json!({"query": "{ viewer { username } }"})).send().await.context("a query")?;
        let (status, wait) = (answer.status(), answer.headers().get(RETRY_AFTER).cloned());
        let words = answer.text().await?;
        if status == StatusCode::SERVICE_UNAVAILABLE && wait.is_some() {
            tokio::time::sleep(Duration::from_secs(1)).await;
            continue;
        }
        let body: Value = serde_json::from_str(&words).with_context(|| format!("{status}: {words}"))?;
        let name = body.pointer("/data/viewer/username").and_then(Value::as_str);
        return name.map(str::to_owned).with_context(|| format!("{status}: {words}"));
    }
    bail!("it was told to come again ten times")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_requests_do_not_keep_others_out_of_a_process_with_100_descriptors() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.with_open_files(OPEN_FILES).run().await?;
    let token = gateway.token().await?;
    let address = gateway.url.trim_start_matches("http://");
    let mut attack = Vec::new();
    for nth in 0..HALF_REQUESTS {
        let mut stream = TcpStream::connect(address).await?;
        stream.write_all(HALVES[nth % HALVES.len()].as_bytes()).await?;
        attack.push(stream);
    }
    // Each request on a connection of its own, as somebody new would come.
    let newcomer = reqwest::Client::builder().no_proxy().pool_max_idle_per_host(0).build()?;
    for _ in 0..20 {
        let health = newcomer.get(format!("{}/livez", gateway.url)).send().await.context("health")?;
        assert_eq!(health.status(), 200);
        assert_eq!(username(&newcomer, &gateway, &token).await?, "admin");
        let mut feed = Subscription::open(&gateway.url, &token, FEED, json!({})).await.context("a socket")?;
        assert_eq!(feed.next().await?.context("an event")?["auditEventRecorded"]["position"], "1");
        let found = open_files(&gateway)?;
        assert!(found < OPEN_FILES as usize, "{found} files are open");
    }
    assert!(!gateway.log().contains("connection.not_accepted"), "it ran out of descriptors");
    drop(attack);
    until("its metrics say that they are gone", || async {
        let metrics = newcomer.get(format!("{}/metrics", gateway.url)).send().await.ok()?.text().await.ok()?;
        metrics.contains("binnacle_client_connections 1\n").then_some(())
    })
    .await;
    drop(gateway);
    database.drop().await;
    Ok(())
}
