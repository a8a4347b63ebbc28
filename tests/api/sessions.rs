//! Refresh tokens by the cookie: a forged one does nothing, one that was used before ends the session, and nothing that is kept
//! names the cookie.

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::process::Command;
use tests::{
    asking::answered,
    database::Database,
    gateway::{Gateway, PASSWORD, Start, USERNAME, binaries},
};

const LOGIN: &str = "mutation($input: LoginInput!) { login(input: $input) { __typename } }";

/// Asks with a cookie; the answer, and the cookie that came with it.
async fn ask(gateway: &Gateway, cookie: &str, query: &str, variables: &Value) -> (Value, String) {
    let (headers, answer) = answered(|| {
        let request = gateway.http().post(format!("{}/graphql", gateway.url));
        let request = request.header("cookie", format!("binnacle_refresh={cookie}"));
        request.json(&json!({"query": query, "variables": variables}))
    })
    .await;
    let set = headers.get("set-cookie").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let cookie = set.split(';').next().and_then(|pair| pair.strip_prefix("binnacle_refresh=")).unwrap_or_default();
    (answer, cookie.to_owned())
}

/// The cookie of a new session.
async fn signed_in(gateway: &Gateway) -> Result<String> {
    let variables = json!({"input": {"username": USERNAME, "password": PASSWORD}});
    let (answer, cookie) = ask(gateway, "", LOGIN, &variables).await;
    ensure!(answer.pointer("/data/login/__typename") == Some(&json!("Session")) && !cookie.is_empty(), "{answer}");
    Ok(cookie)
}

/// The cookie after a renewal; None when it was refused.
async fn renewed(gateway: &Gateway, cookie: &str) -> Result<Option<String>> {
    let (answer, cookie) = ask(gateway, cookie, "mutation { refreshSession { __typename } }", &Value::Null).await;
    match answer.pointer("/data/refreshSession/__typename").and_then(Value::as_str) {
        Some("Session") => Ok(Some(cookie)),
        Some("LoginRefused") => Ok(None),
        _ => bail!("{answer}"),
    }
}

async fn sign_out(gateway: &Gateway, cookie: &str) -> Result<()> {
    let (answer, _) = ask(gateway, cookie, "mutation { logout }", &Value::Null).await;
    ensure!(answer.pointer("/data/logout") == Some(&json!(true)), "{answer}");
    Ok(())
}

/// The ids of the sessions that the log says have started, and those that have ended.
async fn sessions(database: &Database, event: &str) -> Result<Vec<String>> {
    let pool = database.application().await;
    let ids = "SELECT convert_from(payload, 'UTF8')::jsonb ->> 'session' FROM events WHERE type = $1";
    let found = sqlx::query_scalar(ids).bind(event).fetch_all(&pool).await?;
    pool.close().await;
    Ok(found)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_forged_cookie_does_nothing_and_a_used_one_ends_its_session() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let first = signed_in(&gateway).await?;
    let id = sessions(&database, "SessionStarted").await?.pop().context("no session")?;
    let (own, zeros) = (first.split('.').next().unwrap_or_default(), "0".repeat(64));
    for forged in [format!("{id}.{zeros}"), format!("{}.{zeros}", id.replace('-', "")), format!("{own}.{zeros}")] {
        assert_eq!(renewed(&gateway, &forged).await?, None, "{forged}");
        sign_out(&gateway, &forged).await?;
    }
    let second = renewed(&gateway, &first).await?.context("the session was ended by a forged cookie")?;
    let third = renewed(&gateway, &second).await?.context("it goes on")?;
    assert_eq!(sessions(&database, "SessionEnded").await?, [""; 0]);

    assert_eq!(renewed(&gateway, &first).await?, None, "it was used before");
    assert_eq!(renewed(&gateway, &third).await?, None, "somebody has a copy: the session is over");
    assert_eq!(sessions(&database, "RefreshTokenReused").await?, [id.as_str()], "an auditor sees why");
    assert_eq!(sessions(&database, "SessionEnded").await?, [id]);
    drop(gateway);
    database.drop().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn neither_log_nor_bundle_holds_what_is_in_a_cookie() -> Result<()> {
    let database = Database::create().await?;
    let gateway = Start::on(&database)?.run().await?;
    let first = signed_in(&gateway).await?;
    let second = renewed(&gateway, &first).await?.context("it goes on")?;
    sign_out(&gateway, &second).await?;
    let bundle = std::env::temp_dir().join(format!("{}.bundle", database.name));
    let mut tool = Command::new(binaries()?.join("binnacle-audit"));
    let exported = tool.arg("export").arg("--output").arg(&bundle);
    let exported = exported.env("BINNACLE_DATABASE_URL", database.application_url()).status()?;
    ensure!(exported.success(), "{exported}");
    let kept = [std::fs::read_to_string(&bundle)?, gateway.log()];
    std::fs::remove_file(&bundle)?;
    assert!(kept[0].contains("SessionEnded"), "the bundle has no session");
    for part in [first, second].iter().flat_map(|cookie| cookie.split('.')) {
        for text in &kept {
            let text = text.replace('-', "");
            assert!(!text.contains(part), "{part} is kept");
        }
    }
    drop(gateway);
    database.drop().await;
    Ok(())
}
