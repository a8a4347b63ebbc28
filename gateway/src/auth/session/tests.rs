use super::*;

const LIFE: Duration = Duration::from_secs(3600);

fn sealing() -> SealingKeys {
    SealingKeys::parse(&format!("test {}", "00".repeat(32))).expect("a key")
}

async fn user(pool: &PgPool, username: &str) -> UserId {
    let user = UserId(Uuid::now_v7());
    sqlx::query("INSERT INTO auth.credentials (user_id, username, sealed_hash) VALUES ($1, $2, '')")
        .bind(user.0)
        .bind(username)
        .execute(pool)
        .await
        .expect("an account");
    user
}

/// A session of a user of its own, with its first token.
async fn started(pool: &PgPool) -> RefreshToken {
    let token = RefreshToken::random();
    start(pool, &sealing(), user(pool, "ada").await, &token, LIFE).await.expect("a session");
    token
}

async fn renew(pool: &PgPool, token: &RefreshToken) -> Renewal {
    super::renew(pool, &sealing(), token).await.expect("asked")
}

async fn renewed(pool: &PgPool, token: &RefreshToken) -> RefreshToken {
    match renew(pool, token).await {
        Renewal::Renewed(renewed) => renewed.token,
        Renewal::Refused | Renewal::Reused(_) => panic!("the session goes on"),
    }
}

/// As if the last renewal had been half a minute ago.
async fn later(pool: &PgPool) {
    let past = "UPDATE auth.sessions SET renewed_at = renewed_at - interval '30 seconds'";
    sqlx::query(past).execute(pool).await.expect("moved");
}

#[test]
fn a_refresh_token_is_found_again_in_its_cookie() {
    let token = RefreshToken::random();
    let text = token.to_cookie();
    assert!(RefreshToken::parse(&text) == Some(token.clone()));
    for wrong in ["", ".", "x.y", &text[..text.len() - 1], &format!("{text}0")] {
        assert!(RefreshToken::parse(wrong).is_none(), "{wrong:?} passed");
    }
}

#[test]
fn the_same_renewal_gives_the_same_successor() {
    let token = RefreshToken::random();
    assert!(token.successor(b"salt") == token.successor(b"salt"));
    assert!(token.successor(b"salt") != token.successor(b"another") && token.successor(b"salt") != token);
    assert_eq!(token.successor(b"salt").session(), token.session());
}

#[test]
fn the_id_of_a_session_is_no_cookie() {
    let token = RefreshToken::random();
    let id = token.session();
    assert!(!token.to_cookie().contains(&id.0.simple().to_string()));
    for text in [id.to_string(), id.0.simple().to_string()] {
        let forged = RefreshToken::parse(&format!("{text}.{}", "0".repeat(64)));
        assert!(forged.is_none_or(|forged| forged.session() != id));
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn a_secret_that_never_was_ends_no_session(pool: PgPool) {
    let first = started(&pool).await;
    let second = renewed(&pool, &first).await;
    for secret in [[0; 32], random::bytes()] {
        let forged = RefreshToken { secret, ..first.clone() };
        assert!(matches!(renew(&pool, &forged).await, Renewal::Refused));
        assert!(matches!(owner(&pool, &sealing(), &forged).await, Ok(None)));
    }
    renewed(&pool, &second).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn each_token_that_was_renewed_ends_the_session(pool: PgPool) {
    let mut tokens = vec![started(&pool).await];
    for nth in 0..20 {
        tokens.push(renewed(&pool, &tokens[nth]).await);
    }
    let now = tokens.pop().expect("the current token");
    later(&pool).await;
    for old in tokens {
        assert!(matches!(renew(&pool, &old).await, Renewal::Reused(_)));
        assert!(matches!(renew(&pool, &now).await, Renewal::Refused), "it has ended");
        sqlx::query("UPDATE auth.sessions SET ended_at = NULL").execute(&pool).await.expect("revived");
    }
}

#[sqlx::test(migrations = "../migrations")]
async fn two_tabs_that_renew_at_once_go_on_with_one_token(pool: PgPool) {
    let first = started(&pool).await;
    let second = renewed(&pool, &first).await;
    assert!(renewed(&pool, &first).await == second);
    later(&pool).await;
    assert!(matches!(renew(&pool, &first).await, Renewal::Reused(_)), "the time of grace is over");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_keeps_so_many_past_tokens_and_no_more(pool: PgPool) {
    let first = started(&pool).await;
    let mut token = first.clone();
    for _ in 0..260 {
        token = renewed(&pool, &token).await;
    }
    let kept = "SELECT cardinality(past_hashes) FROM auth.sessions";
    assert_eq!(sqlx::query_scalar::<_, i32>(kept).fetch_one(&pool).await.expect("a count"), 256);
    assert!(matches!(renew(&pool, &first).await, Renewal::Refused), "forgotten, and harmless");
    renewed(&pool, &token).await;
}

#[sqlx::test(migrations = "../migrations")]
async fn a_row_moved_to_another_user_is_useless(pool: PgPool) {
    let own = started(&pool).await;
    let other = user(&pool, "bob").await;
    sqlx::query("UPDATE auth.sessions SET user_id = $1").bind(other.0).execute(&pool).await.expect("moved");
    assert!(matches!(renew(&pool, &own).await, Renewal::Refused), "of another user");

    let new = RefreshToken { secret: own.secret, ..RefreshToken::random() };
    let copied = "INSERT INTO auth.sessions (id, user_id, token_hash, expires_at)
                  SELECT $1, user_id, token_hash, expires_at FROM auth.sessions";
    sqlx::query(copied).bind(new.session().0).execute(&pool).await.expect("copied");
    assert!(matches!(renew(&pool, &new).await, Renewal::Refused), "of another session");
}

#[sqlx::test(migrations = "../migrations")]
async fn a_session_goes_on_when_a_new_sealing_key_is_put_in_front(pool: PgPool) {
    let first = started(&pool).await;
    let (old, new) = (format!("test {}", "00".repeat(32)), format!("new {}", "11".repeat(32)));
    let both = SealingKeys::parse(&format!("{new}\n{old}")).expect("keys");
    let Ok(Renewal::Renewed(renewed)) = super::renew(&pool, &both, &first).await else { panic!("it goes on") };
    let new = SealingKeys::parse(&new).expect("keys");
    assert!(matches!(super::renew(&pool, &new, &renewed.token).await, Ok(Renewal::Renewed(_))), "without the old one");
}
