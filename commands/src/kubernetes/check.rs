//! The check of a cluster before it is registered: each step with a time-out of its own, in an order in which the first failure
//! is the reason of all others.

use super::{
    client,
    credential::{Credential, Given},
};
use chrono::{DateTime, Utc};
use domain::{
    core::{
        message::{Code, FREE_TEXT, Message},
        refusal::Refusal,
    },
    kubernetes::resource::Resource,
    platform::cluster::check::{Check, CheckName},
};
use futures::{StreamExt, stream};
use http::{HeaderMap, Request, StatusCode, Uri, header::DATE};
use http_body_util::{BodyExt, Limited};
use kube::{Client, client::Body};
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};

/// How long each step may take. Together they are shorter than the time limit of a query.
const ADDRESS: Duration = Duration::from_secs(3);
const CONNECT: Duration = Duration::from_secs(3);
const TLS: Duration = Duration::from_secs(6);
const AUTHENTICATION: Duration = Duration::from_secs(5);
const RIGHTS: Duration = Duration::from_secs(8);
/// Reviews of rights at a time.
const AT_A_TIME: usize = 8;
/// Addresses of a name that are shown and tried.
const ADDRESSES: usize = 4;
/// Bytes of an answer. Those of a review are short.
const MOST: usize = 64 << 10;

/// An answer of the server, of any status.
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Value,
}

/// The check of what cannot be used.
pub fn of_refusal(refusal: Refusal) -> Check {
    let reason = refusal.reason.map_or_else(|| failed(&refusal.message), |reason| *reason);
    Check::default().failed(CheckName::Credentials, reason)
}

/// Runs the steps. `namespaces`: where the credential may see only some.
pub async fn run(given: &Given, namespaces: &[String]) -> Check {
    let opened = async {
        let credential = Credential::read(given)?;
        Ok::<_, Refusal>((credential.address().await?, credential.client().await?))
    };
    let (address, client) = match opened.await {
        Ok(opened) => opened,
        Err(refusal) => return of_refusal(refusal),
    };
    let mut check = Check::default();
    check.passed(CheckName::Credentials, Code::CheckCredentials.message([]));
    match reach(check, &address).await {
        Ok(check) => ask(check, &client, namespaces).await,
        Err(check) => check,
    }
}

/// The steps up to a connection. An error is the check that ends there.
async fn reach(mut check: Check, address: &Uri) -> Result<Check, Check> {
    let host = address.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = address.port_u16().unwrap_or(443);
    let addresses = match timeout(ADDRESS, lookup_host((host.as_str(), port))).await {
        Err(_) => return Err(check.failed(CheckName::Address, late(ADDRESS))),
        Ok(found) => found.map(|found| found.take(ADDRESSES).collect::<Vec<SocketAddr>>()),
    };
    let addresses = match addresses {
        Ok(addresses) if !addresses.is_empty() => addresses,
        Ok(_) => return Err(check.failed(CheckName::Address, no_address(&host, ""))),
        Err(error) => return Err(check.failed(CheckName::Address, no_address(&host, &error.to_string()))),
    };
    let shown: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    check.passed(
        CheckName::Address,
        Code::CheckAddress.message([("host", host.as_str().into()), ("addresses", shown.into())]),
    );
    let place = format!("{host}:{port}");
    match timeout(CONNECT, TcpStream::connect(addresses.as_slice())).await {
        Err(_) => Err(check.failed(CheckName::Connect, late(CONNECT))),
        Ok(Err(error)) => {
            let detail = [("address", place.into()), (FREE_TEXT, error.to_string().into())];
            Err(check.failed(CheckName::Connect, Code::CheckNotConnected.message(detail)))
        }
        Ok(Ok(_)) => {
            check.passed(CheckName::Connect, Code::CheckConnected.message([("address", place.into())]));
            Ok(check)
        }
    }
}

/// The steps that the server answers.
async fn ask(mut check: Check, client: &Client, namespaces: &[String]) -> Check {
    // Any answer at all came over a connection whose certificate was the right one.
    let version = match timeout(TLS, get(client, "/version")).await {
        Err(_) => return check.failed(CheckName::Tls, late(TLS)),
        Ok(Err(words)) => {
            return check.failed(CheckName::Tls, Code::CheckTlsFailed.message([(FREE_TEXT, words.into())]));
        }
        Ok(Ok(answer)) => answer,
    };
    check.passed(CheckName::Tls, Code::CheckTls.message([]));
    let user = match timeout(AUTHENTICATION, who(client)).await {
        Err(_) => return check.failed(CheckName::Authentication, late(AUTHENTICATION)),
        Ok(Err(message)) => return check.failed(CheckName::Authentication, message),
        Ok(Ok(user)) => user,
    };
    check.passed(CheckName::Authentication, Code::CheckAuthenticated.message([("user", user.into())]));
    let (readable, missing) = match timeout(RIGHTS, rights(client, namespaces)).await {
        Err(_) => return check.failed(CheckName::Rights, late(RIGHTS)),
        Ok(Err(message)) => return check.failed(CheckName::Rights, message),
        Ok(Ok(found)) => found,
    };
    if let Err(message) = check.rights(&readable, &missing) {
        return check.failed(CheckName::Rights, message);
    }
    let Some(found) = version.body["gitVersion"].as_str().filter(|_| version.status.is_success()) else {
        return check.failed(CheckName::Version, failed(&words(&version)));
    };
    check.version(found);
    check.clock(ahead(&version.headers, Utc::now()));
    check.finished()
}

/// The name by which the server knows the credential.
async fn who(client: &Client) -> Result<String, Message> {
    let review = json!({"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"});
    let answer = post(client, "/apis/authentication.k8s.io/v1/selfsubjectreviews", &review).await;
    let answer = answer.map_err(|words| failed(&words))?;
    let name = answer.body.pointer("/status/userInfo/username").and_then(Value::as_str).unwrap_or_default();
    match answer.status {
        StatusCode::UNAUTHORIZED => Err(not_known(&words(&answer))),
        // Without credentials, some servers let everybody in as nobody.
        _ if name == "system:anonymous" => Err(not_known("")),
        status if status.is_success() => Ok(name.to_owned()),
        // It knows who asks, and does not say it.
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Ok("?".to_owned()),
        _ => Err(failed(&words(&answer))),
    }
}

/// The kinds that may be listed, and those that may not, by their names. With namespaces: in all of them.
async fn rights(client: &Client, namespaces: &[String]) -> Result<(Vec<String>, Vec<String>), Message> {
    let is_bound = !namespaces.is_empty();
    let kinds = Resource::watched().filter(|kind| !is_bound || kind.is_namespaced() == Some(true));
    let places: Vec<Option<String>> =
        if is_bound { namespaces.iter().cloned().map(Some).collect() } else { vec![None] };
    let asked: Vec<(Resource, Option<String>)> =
        kinds.flat_map(|kind| places.iter().map(move |place| (kind.clone(), place.clone()))).collect();
    let reviews = asked.into_iter().map(|(kind, place)| async move {
        let allowed = may_list(client, &kind, place.as_deref()).await?;
        Ok::<_, Message>((kind.to_string(), allowed))
    });
    let mut reviews = stream::iter(reviews).buffered(AT_A_TIME);
    let (mut readable, mut missing) = (Vec::new(), Vec::new());
    while let Some(review) = reviews.next().await {
        let (kind, allowed) = review?;
        if !allowed {
            readable.retain(|readable| *readable != kind);
            missing.push(kind);
        } else if !missing.contains(&kind) {
            readable.push(kind);
        }
    }
    for kinds in [&mut readable, &mut missing] {
        kinds.dedup();
    }
    Ok((readable, missing))
}

async fn may_list(client: &Client, kind: &Resource, namespace: Option<&str>) -> Result<bool, Message> {
    let attributes = json!({
        "verb": "list", "group": kind.group(), "resource": kind.plural().unwrap_or_default(),
        "namespace": namespace.unwrap_or_default(),
    });
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": {"resourceAttributes": attributes},
    });
    let answer = post(client, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", &review).await;
    let answer = answer.map_err(|words| failed(&words))?;
    if !answer.status.is_success() {
        return Err(failed(&words(&answer)));
    }
    Ok(answer.body.pointer("/status/allowed").and_then(Value::as_bool).unwrap_or_default())
}

async fn get(client: &Client, path: &str) -> Result<Answer, String> {
    sent(client, Request::get(path).body(Body::empty())).await
}

async fn post(client: &Client, path: &str, body: &Value) -> Result<Answer, String> {
    let request = Request::post(path).header(http::header::CONTENT_TYPE, "application/json");
    sent(client, request.body(Body::from(body.to_string().into_bytes()))).await
}

async fn sent(client: &Client, request: http::Result<Request<Body>>) -> Result<Answer, String> {
    let request = request.map_err(|error| error.to_string())?;
    let response = client.send(request).await.map_err(|error| client::chain(&error))?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, MOST).collect().await.map_err(|error| error.to_string())?.to_bytes();
    let text = || json!({"message": String::from_utf8_lossy(&body).trim()});
    let body = serde_json::from_slice(&body).unwrap_or_else(|_| text());
    Ok(Answer { status: head.status, headers: head.headers, body })
}

fn words(answer: &Answer) -> String {
    let message = answer.body["message"].as_str().unwrap_or_default();
    let message: String = message.chars().take(500).collect();
    format!("{} {message}", answer.status).trim().to_owned()
}

fn late(limit: Duration) -> Message {
    Code::CheckTimedOut.message([("seconds", limit.as_secs().into())])
}

fn failed(words: &str) -> Message {
    Code::CheckFailed.message([(FREE_TEXT, words.into())])
}

fn not_known(words: &str) -> Message {
    Code::CheckNotAuthenticated.message([(FREE_TEXT, words.into())])
}

fn no_address(host: &str, words: &str) -> Message {
    Code::CheckAddressUnknown.message([("host", host.into()), (FREE_TEXT, words.into())])
}

/// How many seconds the clock of the server is ahead.
fn ahead(headers: &HeaderMap, now: DateTime<Utc>) -> Option<i64> {
    let date = DateTime::parse_from_rfc2822(headers.get(DATE)?.to_str().ok()?).ok()?;
    Some((date.to_utc() - now).num_seconds())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::platform::cluster::check::CheckState;
    use http::Response;

    /// A server that answers as it is told: a status and a body by path.
    fn server(answer: fn(&str, &Value) -> (u16, Value)) -> Client {
        let service = tower::service_fn(move |request: Request<Body>| async move {
            let path = request.uri().path().to_owned();
            let body = request.into_body().collect().await?.to_bytes();
            let (status, body) = answer(&path, &serde_json::from_slice(&body).unwrap_or_default());
            let date = Utc::now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            let response = Response::builder().status(status).header(DATE, date);
            response.body(Body::from(body.to_string().into_bytes())).map_err(kube::Error::HttpError)
        });
        Client::new(service, "default")
    }

    fn good(path: &str, body: &Value) -> (u16, Value) {
        match path {
            "/version" => (200, json!({"gitVersion": "v1.35.4"})),
            "/apis/authentication.k8s.io/v1/selfsubjectreviews" => {
                (201, json!({"status": {"userInfo": {"username": "system:serviceaccount:a:b"}}}))
            }
            _ => {
                let of = |name: &str| body.pointer(&format!("/spec/resourceAttributes/{name}")).and_then(Value::as_str);
                (201, json!({"status": {"allowed": of("namespace") != Some("closed")}}))
            }
        }
    }

    fn without_rights(path: &str, body: &Value) -> (u16, Value) {
        match path {
            "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews" => (201, json!({"status": {"allowed": false}})),
            _ => good(path, body),
        }
    }

    fn unknown_user(path: &str, body: &Value) -> (u16, Value) {
        match path {
            "/version" => good(path, body),
            _ => (401, json!({"message": "Unauthorized"})),
        }
    }

    fn old(path: &str, body: &Value) -> (u16, Value) {
        match path {
            "/version" => (200, json!({"gitVersion": "v1.27.1"})),
            "/apis/authentication.k8s.io/v1/selfsubjectreviews" => (404, json!({"message": "not found"})),
            _ => good(path, body),
        }
    }

    async fn checked(answer: fn(&str, &Value) -> (u16, Value), namespaces: &[&str]) -> Vec<(CheckState, String)> {
        let namespaces: Vec<String> = namespaces.iter().map(|name| (*name).to_owned()).collect();
        let mut check = Check::default();
        for name in [CheckName::Credentials, CheckName::Address, CheckName::Connect] {
            check.passed(name, Code::CheckCredentials.message([]));
        }
        let check = ask(check, &server(answer), &namespaces).await;
        check.steps().iter().skip(3).map(|step| (step.state, step.message.code.to_string())).collect()
    }

    #[tokio::test]
    async fn the_first_step_that_fails_says_why() {
        use CheckState::{Failed, Passed, Skipped, Warning};
        let codes = |found: Vec<(CheckState, String)>| found.into_iter().map(|(_, code)| code).collect::<Vec<_>>();
        let states = |found: Vec<(CheckState, String)>| found.into_iter().map(|(state, _)| state).collect::<Vec<_>>();
        assert_eq!(states(checked(good, &[]).await), [Passed; 5]);
        assert_eq!(states(checked(good, &["team"]).await), [Passed; 5]);
        assert_eq!(states(checked(unknown_user, &[]).await), [Passed, Failed, Skipped, Skipped, Skipped]);
        assert_eq!(codes(checked(unknown_user, &[]).await)[1], "CHECK_NOT_AUTHENTICATED");
        assert_eq!(states(checked(without_rights, &[]).await), [Passed, Passed, Failed, Skipped, Skipped]);
        assert_eq!(states(checked(good, &["team", "closed"]).await)[2], Failed, "no kind in all of them");
        assert_eq!(states(checked(old, &[]).await), [Passed, Passed, Passed, Warning, Passed]);
    }

    #[tokio::test]
    async fn nobody_at_the_address_is_said() {
        let closed = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = format!("https://{}", closed.expect("a port")).parse::<Uri>().expect("an address");
        let check = reach(Check::default(), &address).await.expect_err("nobody listens");
        let found: Vec<_> = check.steps().iter().map(|step| (step.state, step.message.code.to_string())).collect();
        // The step of the credentials comes before, and is left out here.
        assert!(found.contains(&(CheckState::Failed, "CHECK_NOT_CONNECTED".to_owned())), "{found:?}");
        let nowhere = "https://nowhere.invalid".parse::<Uri>().expect("an address");
        let check = reach(Check::default(), &nowhere).await.expect_err("there is no such name");
        assert!(check.steps().iter().any(|step| step.state == CheckState::Failed));
    }

    #[test]
    fn the_clock_is_compared() {
        let mut headers = HeaderMap::new();
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        assert_eq!(ahead(&headers, now), None);
        headers.insert(DATE, "Fri, 15 Jan 2027 08:01:00 GMT".parse().expect("a header"));
        assert_eq!(ahead(&headers, now), Some(60));
    }
}
