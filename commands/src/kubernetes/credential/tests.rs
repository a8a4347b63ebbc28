use super::*;
use serde_json::{Value, json};

/// A canary: no refusal may quote it.
const SECRET: &str = "canary-4711";

fn authority() -> String {
    BASE64_STANDARD.encode(format!("{BEGINNING}\nAAAA\n-----END CERTIFICATE-----\n"))
}

fn kubeconfig(cluster: Value, user: Value) -> Given {
    let text = json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "it",
        "contexts": [
            {"name": "it", "context": {"cluster": "one", "user": "me"}},
            {"name": "other", "context": {"cluster": "one", "user": "them"}},
        ],
        "clusters": [{"name": "one", "cluster": cluster}],
        "users": [{"name": "me", "user": user}, {"name": "them", "user": {"exec": {"command": "aws"}}}],
    });
    Given::Kubeconfig(text.to_string())
}

fn cluster() -> Value {
    json!({"server": "https://192.0.2.1:6443", "certificate-authority-data": authority()})
}

fn with(mut value: Value, field: &str, new: Value) -> Value {
    value[field] = new;
    value
}

fn code(given: &Given) -> String {
    match Credential::read(given) {
        Ok(_) => String::new(),
        Err(refusal) => {
            let text = format!("{refusal:?}");
            assert!(!text.contains(SECRET), "{text}");
            refusal.message
        }
    }
}

#[test]
fn each_kubeconfig_that_is_refused_has_a_code_of_its_own() {
    let token = || json!({"token": SECRET});
    let of_cluster = |field: &str, new: Value| kubeconfig(with(cluster(), field, new), token());
    let of_user = |field: &str, new: Value| kubeconfig(cluster(), with(token(), field, new));
    for (given, expected) in [
        (kubeconfig(cluster(), token()), ""),
        (kubeconfig(cluster(), json!({"client-certificate-data": "QQ==", "client-key-data": SECRET})), ""),
        (of_user("exec", json!({"command": "aws", "args": [SECRET]})), "KUBECONFIG_EXEC"),
        (of_user("auth-provider", json!({"name": "gcp", "config": {"k": SECRET}})), "KUBECONFIG_AUTH_PROVIDER"),
        (of_user("tokenFile", json!("/var/token")), "KUBECONFIG_FILE"),
        (of_user("client-certificate", json!("/var/crt")), "KUBECONFIG_FILE"),
        (of_user("client-key", json!("/var/key")), "KUBECONFIG_FILE"),
        (of_cluster("certificate-authority", json!("/var/ca")), "KUBECONFIG_FILE"),
        (of_cluster("insecure-skip-tls-verify", json!(true)), "KUBECONFIG_INSECURE"),
        (of_cluster("insecure-skip-tls-verify", json!(false)), ""),
        (of_cluster("proxy-url", json!("http://proxy:3128")), "KUBECONFIG_PROXY"),
        (of_cluster("server", json!("http://192.0.2.1")), "ADDRESS_NOT_HTTPS"),
        (of_cluster("server", json!(format!("https://me:{SECRET}@192.0.2.1"))), "ADDRESS_INVALID"),
        (of_cluster("server", json!("192.0.2.1:6443")), "ADDRESS_INVALID"),
        (of_cluster("server", json!("")), "ADDRESS_INVALID"),
        (of_cluster("certificate-authority-data", json!("QUFB")), "AUTHORITY_UNREADABLE"),
        (of_user("username", json!("me")), "KUBECONFIG_PASSWORD"),
        (of_user("password", json!(SECRET)), "KUBECONFIG_PASSWORD"),
        (of_user("as", json!("root")), "KUBECONFIG_IMPERSONATION"),
        (of_user("as-groups", json!(["system:masters"])), "KUBECONFIG_IMPERSONATION"),
        (kubeconfig(cluster(), json!({})), "KUBECONFIG_NO_CREDENTIAL"),
        (kubeconfig(cluster(), json!({"client-certificate-data": "QQ=="})), "KUBECONFIG_NO_CREDENTIAL"),
        (Given::Kubeconfig(format!("{{{SECRET}")), "KUBECONFIG_UNREADABLE"),
        (Given::Kubeconfig(String::new()), "KUBECONFIG_NO_CONTEXT"),
        (Given::Kubeconfig("current-context: nowhere".to_owned()), "KUBECONFIG_NO_CONTEXT"),
        (Given::Kubeconfig("x".repeat(MOST + 1)), "KUBECONFIG_TOO_LARGE"),
    ] {
        let text = match &given {
            Given::Kubeconfig(text) => text.chars().take(400).collect(),
            Given::Token { .. } | Given::InCluster => String::new(),
        };
        assert_eq!(code(&given), expected, "{text}");
    }
}

#[test]
fn a_token_needs_an_address_and_an_authority() {
    let pem = format!("{BEGINNING}\nAAAA\n-----END CERTIFICATE-----\n");
    let given = |server: &str, authority: &str, token: &str| Given::Token {
        server: server.to_owned(),
        certificate_authority: authority.to_owned(),
        token: token.to_owned(),
    };
    let server = "https://api.example.org";
    for (given, expected) in [
        (given(server, &pem, SECRET), ""),
        (given(server, &authority(), SECRET), ""),
        (given("http://api.example.org", &pem, SECRET), "ADDRESS_NOT_HTTPS"),
        (given(server, "", SECRET), "AUTHORITY_UNREADABLE"),
        (given(server, "/etc/ca.crt", SECRET), "AUTHORITY_UNREADABLE"),
        (given(server, &pem, " "), "KUBECONFIG_NO_CREDENTIAL"),
        (given(server, &pem, "two words"), "KUBECONFIG_NO_CREDENTIAL"),
    ] {
        assert_eq!(code(&given), expected);
    }
}

#[test]
fn only_what_is_needed_is_stored() {
    let user = json!({"token": SECRET, "extensions": [{"name": "x", "extension": {"note": "kept by others"}}]});
    let credential = Credential::read(&kubeconfig(cluster(), user)).unwrap_or_else(|refusal| panic!("{refusal}"));
    assert_eq!(credential.server(), Some("https://192.0.2.1:6443"));
    let stored = serde_json::to_value(&credential).expect("it is written");
    let text = stored.to_string();
    assert!(text.contains(SECRET) && !text.contains("aws") && !text.contains("kept by others"), "{text}");
    let read: Credential = serde_json::from_value(stored).expect("it is read");
    assert_eq!(read.server(), credential.server());
}
