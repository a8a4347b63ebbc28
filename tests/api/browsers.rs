//! What browsers are told: which pages may use the API, which cookie is theirs, and whether it is for TLS only.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tests::{
    database::Database,
    gateway::{Gateway, PASSWORD, Start, USERNAME},
};

const ALLOWED: &str = "https://tools.example.org";
const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) { __typename } }";
const REFRESH: &str = "mutation { refreshSession { __typename } }";

fn header<'a>(response: &'a Response, name: &str) -> &'a str {
    response.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn post(gateway: &Gateway, query: &str, variables: Value) -> RequestBuilder {
    gateway.http().post(format!("{}/graphql", gateway.url)).json(&json!({"query": query, "variables": variables}))
}

fn login(gateway: &Gateway) -> RequestBuilder {
    post(gateway, LOGIN, json!({"input": {"username": USERNAME, "password": PASSWORD}}))
}

/// What a refresh with this cookie finds.
async fn refreshed(request: RequestBuilder) -> Result<String> {
    let answer: Value = request.send().await?.json().await?;
    let found = answer.pointer("/data/refreshSession/__typename").and_then(Value::as_str);
    Ok(found.with_context(|| answer.to_string())?.to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pages_of_allowed_origins_use_the_api_without_cookies_and_others_do_not() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.with("BINNACLE_ALLOWED_ORIGINS", ALLOWED).run().await?;
    let preflight = |origin: &str| {
        let request = gateway.http().request(Method::OPTIONS, format!("{}/graphql", gateway.url));
        let request = request.header("origin", origin).header("access-control-request-method", "POST");
        request.header("access-control-request-headers", "authorization,content-type").send()
    };
    let allowed = preflight(ALLOWED).await?;
    assert!(allowed.status().is_success(), "{}", allowed.status());
    assert_eq!(header(&allowed, "access-control-allow-origin"), ALLOWED);
    assert_eq!(header(&allowed, "access-control-allow-methods"), "GET,POST");
    assert_eq!(header(&allowed, "access-control-allow-headers"), "accept,authorization,content-type");
    assert_eq!(header(&allowed, "access-control-max-age"), "600");
    for origin in ["https://evil.example.org", "null", "http://tools.example.org", "https://tools.example.org.evil.org"]
    {
        let refused = preflight(origin).await?;
        assert_eq!(header(&refused, "access-control-allow-origin"), "", "{origin}");
        let refused = login(&gateway).header("origin", origin).send().await?;
        assert_eq!((refused.status().as_u16(), header(&refused, "set-cookie")), (403, ""), "{origin}");
        assert_eq!(header(&refused, "access-control-allow-origin"), "", "{origin}");
    }

    let own = login(&gateway).send().await?;
    let cookie = header(&own, "set-cookie").split(';').next().unwrap_or_default().to_owned();
    assert!(cookie.starts_with("binnacle_refresh="), "{cookie}");
    let foreign = login(&gateway).header("origin", ALLOWED).send().await?;
    assert_eq!(header(&foreign, "access-control-allow-origin"), ALLOWED);
    assert_eq!(header(&foreign, "access-control-allow-credentials"), "");
    assert_eq!(header(&foreign, "access-control-expose-headers"), "retry-after,x-request-id");
    for response in [&own, &foreign] {
        let vary = response.headers().get_all("vary").iter().filter_map(|value| value.to_str().ok());
        assert!(vary.collect::<Vec<_>>().join(",").contains("origin"), "{:?}", response.headers());
    }
    assert_eq!(header(&foreign, "set-cookie"), "", "a page elsewhere is given no cookie");
    let with_cookie = || post(&gateway, REFRESH, Value::Null).header("cookie", &cookie);
    assert_eq!(refreshed(with_cookie().header("origin", ALLOWED)).await?, "LoginRefused", "nor uses one");
    assert_eq!(refreshed(with_cookie().header("origin", &gateway.url)).await?, "Session");
    drop(gateway);
    database.drop().await;
    Ok(())
}
