//! GraphQL over HTTP by its specification: methods, media types, status codes, and which host a request may name.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::{Value, json};
use tests::{
    database::Database,
    gateway::{Gateway, Start},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

const VIEWER: &str = "{ viewer { username } }";
const JSON: &str = "application/json";
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";

async fn with_gateway() -> Result<(Database, Gateway)> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    gateway.token().await?;
    Ok((database, gateway))
}

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

async fn request(gateway: &Gateway, method: Method) -> Result<RequestBuilder> {
    let token = gateway.token().await?;
    Ok(gateway.http().request(method, format!("{}/graphql", gateway.url)).bearer_auth(token))
}

fn address(gateway: &Gateway, parameters: &[(&str, &str)]) -> Result<Url> {
    Ok(Url::parse_with_params(&format!("{}/graphql", gateway.url), parameters)?)
}

async fn get(gateway: &Gateway, parameters: &[(&str, &str)]) -> Result<RequestBuilder> {
    let token = gateway.token().await?;
    Ok(gateway.http().get(address(gateway, parameters)?).bearer_auth(token))
}

fn code(answer: &Value) -> &str {
    answer.pointer("/errors/0/extensions/code").and_then(Value::as_str).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_get_reads_and_does_nothing_else() -> Result<()> {
    let (database, gateway) = with_gateway().await?;
    let documents =
        format!("query A($all: Boolean!) {{ viewer {{ username id @include(if: $all) }} }} query B {VIEWER}");
    let parameters = [("query", documents.as_str()), ("operationName", "A"), ("variables", "{\"all\":false}")];
    let answer: Value = get(&gateway, &parameters).await?.send().await?.json().await?;
    assert_eq!(answer, json!({"data": {"viewer": {"username": "admin"}}}));
    let head = gateway.http().head(address(&gateway, &[("query", VIEWER)])?);
    let head = head.bearer_auth(gateway.token().await?).send().await?;
    assert_eq!((head.status(), head.bytes().await?.len()), (StatusCode::OK, 0));

    let stranger = gateway.http().get(address(&gateway, &[("query", VIEWER)])?).send().await?;
    assert_eq!(code(&stranger.json().await?), "UNAUTHENTICATED", "a link has no token");

    let mutation = get(&gateway, &[("query", "mutation { logout }")]).await?.send().await?;
    assert_eq!((mutation.status(), header(&mutation, "allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
    assert_eq!(code(&mutation.json().await?), "WRONG_METHOD");
    let subscription = [("query", "subscription { operationChanged { position } }")];
    assert_eq!(code(&get(&gateway, &subscription).await?.send().await?.json().await?), "BAD_INPUT");
    assert_eq!(gateway.data(VIEWER, json!({})).await?["viewer"]["username"], "admin", "still signed in");

    for wrong in [
        &[] as &[_],
        &[("query", VIEWER), ("token", "x")],
        &[("query", VIEWER), ("query", VIEWER)],
        &[("query", VIEWER), ("variables", "[]")],
    ] {
        assert_eq!(get(&gateway, wrong).await?.send().await?.status(), StatusCode::BAD_REQUEST, "{wrong:?}");
    }
    for method in [Method::PUT, Method::PATCH, Method::DELETE] {
        let answer = request(&gateway, method.clone()).await?.send().await?;
        assert_eq!((answer.status(), header(&answer, "allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, HEAD, POST"));
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_executed_has_no_data_and_a_status_of_its_media_type() -> Result<()> {
    let (database, gateway) = with_gateway().await?;
    let of_field = "{ workloads(after: \"x\") { totalCount } }";
    let enum_as_text = "{ workloads(orderBy: {field: \"NAME\"}) { totalCount } }";
    for (document, is_executed) in
        [("{", false), ("{ nothing }", false), (enum_as_text, false), (of_field, true), (VIEWER, true)]
    {
        for (accept, refused) in [(JSON, StatusCode::OK), (GRAPHQL_RESPONSE, StatusCode::BAD_REQUEST)] {
            let asked = request(&gateway, Method::POST).await?.header("accept", accept);
            let answer = asked.json(&json!({"query": document})).send().await?;
            assert_eq!(answer.status(), if is_executed { StatusCode::OK } else { refused }, "{document} as {accept}");
            assert_eq!(header(&answer, "content-type"), accept);
            let body: Value = answer.json().await?;
            assert_eq!(body.get("data").is_some(), is_executed, "{document}: {body}");
        }
    }
    let wrong = gateway.http().post(format!("{}/graphql", gateway.url)).bearer_auth("not.a.token");
    let wrong = wrong.json(&json!({"query": VIEWER})).send().await?;
    assert_eq!((wrong.status(), header(&wrong, "www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));

    let asked = async || request(&gateway, Method::POST).await;
    let query = json!({"query": VIEWER});
    let unacceptable = asked().await?.header("accept", "text/html").json(&query).send().await?;
    assert_eq!(unacceptable.status(), StatusCode::NOT_ACCEPTABLE);
    for content_type in ["text/plain", "application/graphql", "application/json; charset=utf-16"] {
        let answer = asked().await?.header("content-type", content_type).body(query.to_string()).send().await?;
        assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
    }
    for list in [json!([VIEWER]), json!([query])] {
        assert_eq!(asked().await?.json(&list).send().await?.status(), StatusCode::BAD_REQUEST, "{list}");
    }
    let hash = json!({"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "00"}}});
    let persisted: Value = asked().await?.json(&hash).send().await?.json().await?;
    assert_eq!(
        (code(&persisted), &persisted["errors"][0]["message"]),
        ("PERSISTED_QUERY_NOT_SUPPORTED", &json!("PersistedQueryNotSupported"))
    );
    drop(gateway);
    database.drop().await;
    Ok(())
}

/// Sends a head as it is; the status line.
async fn raw(gateway: &Gateway, head: &str) -> Result<String> {
    let address = gateway.url.strip_prefix("http://").context("an address")?;
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer.lines().next().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_request_names_one_host_and_names_it_well() -> Result<()> {
    let (database, gateway) = with_gateway().await?;
    let local = "host: localhost\r\n";
    for (head, status) in [
        (format!("GET /livez HTTP/1.1\r\n{local}"), "200"),
        ("GET /livez HTTP/1.0\r\n".to_owned(), "200"),
        ("GET /livez HTTP/1.1\r\n".to_owned(), "400"),
        (format!("GET /livez HTTP/1.1\r\n{local}{local}"), "400"),
        ("GET /livez HTTP/1.1\r\nhost: a b\r\n".to_owned(), "400"),
        ("GET /livez HTTP/1.1\r\nhost:\r\n".to_owned(), "400"),
        (format!("GET http://127.0.0.1/livez HTTP/1.1\r\n{local}"), "400"),
        ("GET /graphql HTTP/1.1\r\nhost: evil.example.org\r\n".to_owned(), "421"),
        ("GET / HTTP/1.1\r\nhost: evil.example.org\r\n".to_owned(), "421"),
    ] {
        let line = raw(&gateway, &head).await?;
        assert_eq!(line.split(' ').nth(1), Some(status), "{head:?}: {line}");
    }
    let elsewhere = gateway.http().get(format!("{}/graphql", gateway.url)).header("host", "evil.example.org");
    let body: Value = elsewhere.send().await?.json().await?;
    let words = body.pointer("/errors/0/message").and_then(Value::as_str).unwrap_or_default();
    assert!(words.contains("BINNACLE_PUBLIC_URL"), "it says how to allow the name: {body}");
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_page_that_is_known_is_not_sent_again_in_whichever_coding() -> Result<()> {
    let (database, gateway) = with_gateway().await?;
    let page = |name: &'static str, value: String| gateway.http().get(format!("{}/", gateway.url)).header(name, value);
    let mut tags = Vec::new();
    for (accepted, coding) in [("br, gzip", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", "")] {
        let answer = page("accept-encoding", accepted.to_owned()).send().await?;
        assert_eq!((answer.status(), header(&answer, "content-encoding")), (StatusCode::OK, coding), "{accepted}");
        tags.push(header(&answer, "etag").to_owned());
    }
    let strong = tags[0].strip_prefix("W/").context("a weak tag")?;
    assert!(tags.iter().all(|tag| *tag == tags[0]), "{tags:?}");
    for (known, status) in [
        (tags[0].clone(), StatusCode::NOT_MODIFIED),
        (strong.to_owned(), StatusCode::NOT_MODIFIED),
        (format!("\"other\", {strong}"), StatusCode::NOT_MODIFIED),
        ("*".to_owned(), StatusCode::NOT_MODIFIED),
        ("\"other\", W/\"another\"".to_owned(), StatusCode::OK),
    ] {
        assert_eq!(page("if-none-match", known.clone()).send().await?.status(), status, "{known}");
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}
