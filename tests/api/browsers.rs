//! What the gateway tells browsers: which pages may use the API, which cookie is theirs, and whether it is for TLS only.

use anyhow::{Context, Result};
use reqwest::{Method, RequestBuilder, header::HeaderMap};
use serde_json::{Value, json};
use tests::{
    asking::answered,
    database::Database,
    gateway::{Gateway, PASSWORD, Start, USERNAME},
};

const ALLOWED: &str = "https://tools.example.org";
const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) { __typename } }";
const REFRESH: &str = "mutation { refreshSession { __typename } }";

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn post(gateway: &Gateway, query: &str, variables: Value) -> RequestBuilder {
    gateway.http().post(format!("{}/graphql", gateway.url)).json(&json!({"query": query, "variables": variables}))
}

/// The headers of the answer to a sign-in.
async fn signed_in(request: impl Fn() -> RequestBuilder) -> HeaderMap {
    answered(request).await.0
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
    let allowed = allowed.headers();
    assert_eq!(header(allowed, "access-control-allow-origin"), ALLOWED);
    assert_eq!(header(allowed, "access-control-allow-methods"), "GET,POST");
    assert_eq!(header(allowed, "access-control-allow-headers"), "accept,authorization,content-type");
    assert_eq!(header(allowed, "access-control-max-age"), "600");
    for origin in ["https://evil.example.org", "null", "http://tools.example.org", "https://tools.example.org.evil.org"]
    {
        let refused = preflight(origin).await?;
        assert_eq!(header(refused.headers(), "access-control-allow-origin"), "", "{origin}");
        let refused = login(&gateway).header("origin", origin).send().await?;
        assert_eq!((refused.status().as_u16(), header(refused.headers(), "set-cookie")), (403, ""), "{origin}");
        assert_eq!(header(refused.headers(), "access-control-allow-origin"), "", "{origin}");
    }

    let own = signed_in(|| login(&gateway)).await;
    let cookie = header(&own, "set-cookie").split(';').next().unwrap_or_default().to_owned();
    assert!(cookie.starts_with("binnacle_refresh="), "{cookie}");
    let foreign = signed_in(|| login(&gateway).header("origin", ALLOWED)).await;
    assert_eq!(header(&foreign, "access-control-allow-origin"), ALLOWED);
    assert_eq!(header(&foreign, "access-control-allow-credentials"), "");
    assert_eq!(header(&foreign, "access-control-expose-headers"), "retry-after,x-request-id");
    for headers in [&own, &foreign] {
        let vary = headers.get_all("vary").iter().filter_map(|value| value.to_str().ok());
        assert!(vary.collect::<Vec<_>>().join(",").contains("origin"), "{headers:?}");
    }
    assert_eq!(header(&foreign, "set-cookie"), "", "a page elsewhere is given no cookie");
    let with_cookie = || post(&gateway, REFRESH, Value::Null).header("cookie", &cookie);
    assert_eq!(refreshed(with_cookie().header("origin", ALLOWED)).await?, "LoginRefused", "nor uses one");
    assert_eq!(refreshed(with_cookie().header("origin", &gateway.url)).await?, "Session");
    drop(gateway);
    database.drop().await;
    Ok(())
}

const PUBLIC: &str = "https://console.example.org";
const HOST: &str = "console.example.org";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn behind_a_public_url_of_tls_the_cookie_is_of_that_host_alone() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.with("BINNACLE_PUBLIC_URL", PUBLIC).run().await?;
    let answered = signed_in(|| login(&gateway).header("host", HOST).header("origin", PUBLIC)).await;
    let set = header(&answered, "set-cookie").to_owned();
    assert!(set.starts_with("__Host-binnacle_refresh=") && !set.contains("Domain"), "{set}");
    for attribute in ["; Path=/;", "; Secure", "; HttpOnly", "; SameSite=Strict"] {
        assert!(set.contains(attribute), "{set}");
    }
    assert!(header(&answered, "strict-transport-security").starts_with("max-age=31536000"));
    let cookie = set.split(';').next().unwrap_or_default();
    let with = |cookie: &str| post(&gateway, REFRESH, Value::Null).header("cookie", cookie).header("host", HOST);
    let renamed = cookie.replacen("__Host-", "", 1);
    assert_eq!(refreshed(with(&renamed)).await?, "LoginRefused", "a cookie that another host could set");
    assert_eq!(refreshed(with(cookie)).await?, "Session");
    // A proxy that names another host does not make its pages strangers.
    assert_eq!(login(&gateway).header("origin", PUBLIC).send().await?.status(), 200);

    let get = |path: &str, host: &str| gateway.http().get(format!("{}{path}", gateway.url)).header("host", host).send();
    for (path, host, status) in [
        ("/graphql?query=%7B__typename%7D", "CONSOLE.example.org:443", 200),
        ("/graphql?query=%7B__typename%7D", "localhost:1", 200),
        ("/graphql?query=%7B__typename%7D", "10.0.0.7", 421),
        ("/graphql?query=%7B__typename%7D", "evil.example.org", 421),
        ("/graphql?query=%7B__typename%7D", "console.example.org.evil.org", 421),
        ("/graphql/ws", "evil.example.org", 421),
        ("/metrics", "evil.example.org", 421),
        ("/livez", "10.0.0.7:8080", 200),
    ] {
        assert_eq!(get(path, host).await?.status(), status, "{path} of {host}");
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_trusted_proxy_says_that_a_client_came_by_tls() -> Result<()> {
    let database = Database::create().await?;
    for (proxies, is_secure) in [("127.0.0.1", true), ("10.0.0.7", false)] {
        let gateway = Start::on(&database)?.with("BINNACLE_TRUSTED_PROXIES", proxies).run().await?;
        let by = async |scheme| signed_in(|| login(&gateway).header("x-forwarded-proto", scheme)).await;
        let (tls, plain) = (by("https").await, by("http").await);
        let cookie = header(&tls, "set-cookie");
        assert!(
            cookie.starts_with("binnacle_refresh=") && cookie.contains("Secure") == is_secure,
            "{proxies}: {cookie}"
        );
        assert_eq!(!header(&tls, "strict-transport-security").is_empty(), is_secure, "{proxies}");
        assert!(!header(&plain, "set-cookie").contains("Secure"), "{proxies}");
        assert_eq!(header(&plain, "strict-transport-security"), "", "{proxies}");
        drop(gateway);
    }
    database.drop().await;
    Ok(())
}
