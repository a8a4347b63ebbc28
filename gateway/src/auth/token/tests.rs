use super::*;
use jsonwebtoken::EncodingKey;
use serde_json::{Value, json};

const LIFE: Duration = Duration::from_secs(600);

fn verify(keys: &Keys, token: &str) -> Option<Viewer> {
    super::verify(keys, token, LIFE)
}

fn viewer() -> Viewer {
    Viewer {
        user: UserId(Uuid::now_v7()),
        username: "ada".to_owned(),
        display_name: "Ada".to_owned(),
        session: SessionId(Uuid::now_v7()),
        expires_at: DateTime::default(),
    }
}

fn claims() -> Value {
    let now = Utc::now().timestamp();
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": Uuid::now_v7(), "sid": Uuid::now_v7(), "exp": now + 60, "nbf": now,
        "iat": now, "jti": Uuid::now_v7(), "typ": TYPE, "username": "ada", "display_name": "Ada",
    })
}

fn header(keys: &Keys) -> Header {
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(HEADER_TYPE.to_owned());
    header.kid = Some(keys.kid.clone());
    header
}

fn sign(header: &Header, claims: &Value, key: &EncodingKey) -> String {
    jsonwebtoken::encode(header, claims, key).expect("signed")
}

#[test]
fn a_token_stands_for_the_viewer_it_was_made_for() {
    let keys = Keys::ephemeral();
    let viewer = viewer();
    let issued = issue(&keys, &viewer, Duration::from_secs(60)).expect("issued");
    assert_eq!(verify(&keys, &issued.token), Some(Viewer { expires_at: issued.expires_at, ..viewer }));
    assert!(verify(&keys, &sign(&header(&keys), &claims(), &keys.signing)).is_some());
}

#[test]
fn a_claim_that_is_absent_or_of_another_type_is_refused() {
    let keys = Keys::ephemeral();
    let names: Vec<String> = claims().as_object().expect("object").keys().cloned().collect();
    for name in names {
        let mut absent = claims();
        absent.as_object_mut().expect("object").remove(&name);
        assert_eq!(verify(&keys, &sign(&header(&keys), &absent, &keys.signing)), None, "without {name}");
        for wrong in [Value::Null, json!(["x"]), json!({}), json!(true), json!("x")] {
            let is_name = (name == "username" || name == "display_name") && wrong.is_string();
            let mut forged = claims();
            forged[&name] = wrong.clone();
            let verified = verify(&keys, &sign(&header(&keys), &forged, &keys.signing));
            assert_eq!(verified.is_some(), is_name, "{name} = {wrong}");
        }
    }
}

#[test]
fn a_token_of_a_replica_whose_clock_is_half_a_minute_ahead_is_taken() {
    let keys = Keys::ephemeral();
    let issued = Utc::now().timestamp() + 30;
    let mut ahead = claims();
    (ahead["iat"], ahead["nbf"], ahead["exp"]) = (issued.into(), (issued - LEEWAY).into(), (issued + 600).into());
    assert!(verify(&keys, &sign(&header(&keys), &ahead, &keys.signing)).is_some());
}

#[test]
fn a_token_of_ten_years_is_valid_for_as_long_as_any_other() {
    let (keys, now) = (Keys::ephemeral(), Utc::now().timestamp());
    for (age, is_taken) in [(0, true), (300, true), (610, false)] {
        let (mut forged, issued) = (claims(), now - age);
        (forged["iat"], forged["nbf"], forged["exp"]) = (issued.into(), issued.into(), (now + 315_360_000).into());
        let verified = verify(&keys, &sign(&header(&keys), &forged, &keys.signing));
        let ends = verified.map(|viewer| viewer.expires_at.timestamp());
        assert_eq!(ends, is_taken.then_some(issued + 600), "{age} seconds old");
    }
}

#[test]
fn a_token_out_of_its_time_is_refused() {
    let keys = Keys::ephemeral();
    let now = Utc::now().timestamp();
    let cases = [
        ("exp", json!(now - 10)),
        ("exp", json!((now + 60).to_string())),
        ("exp", json!(-1)),
        ("nbf", json!(now + 60)),
        ("iat", json!(now + 70)),
        ("aud", json!([AUDIENCE])),
        ("aud", json!("another")),
        ("iss", json!("another")),
        ("typ", json!("refresh")),
    ];
    for (name, value) in cases {
        let mut forged = claims();
        forged[name] = value.clone();
        assert_eq!(verify(&keys, &sign(&header(&keys), &forged, &keys.signing)), None, "{name} = {value}");
    }
}

#[test]
fn a_token_of_another_key_or_algorithm_is_refused() {
    let (keys, other) = (Keys::ephemeral(), Keys::ephemeral());
    assert_eq!(verify(&keys, &sign(&header(&keys), &claims(), &other.signing)), None, "another key");
    assert_eq!(verify(&keys, &sign(&header(&other), &claims(), &other.signing)), None, "another kid");
    for change in [
        (|header: &mut Header| header.kid = None) as fn(&mut Header),
        |header| header.typ = Some("JWT".to_owned()),
        |header| header.typ = None,
        |header| header.crit = Some(vec!["x".to_owned()]),
    ] {
        let mut header = header(&keys);
        change(&mut header);
        assert_eq!(verify(&keys, &sign(&header, &claims(), &keys.signing)), None);
    }
    let mut symmetric = header(&keys);
    symmetric.alg = Algorithm::HS256;
    let secret = EncodingKey::from_secret(b"the public key, taken for a secret");
    assert_eq!(verify(&keys, &sign(&symmetric, &claims(), &secret)), None, "HS256");
}

#[test]
fn what_is_no_token_is_refused() {
    let keys = Keys::ephemeral();
    let good = sign(&header(&keys), &claims(), &keys.signing);
    let unsigned = format!("{}.", good.rsplit_once('.').expect("three parts").0);
    let none = format!("eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.{}.", good.split('.').nth(1).expect("payload"));
    for wrong in ["", ".", "..", "a.b.c", &unsigned, &none, &format!("{good}x"), &"x".repeat(100_000)] {
        assert_eq!(verify(&keys, wrong), None);
    }
}
