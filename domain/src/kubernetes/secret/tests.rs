use super::*;
use proptest::prelude::*;
use serde_json::json;

fn places(value: &Value) -> Vec<String> {
    find(value).into_iter().map(|finding| finding.path).collect()
}

#[test]
fn a_secret_is_found_and_taken_out() {
    let mut manifest = json!({
        "metadata": {"managedFields": [1], "annotations": {COPIES[0]: "x", "kept": "y"}},
        "spec": {"containers": [{"name": "a", "env": [
            {"name": "MODE", "value": "fast"},
            {"name": "DB_PASSWORD", "value": "hunter2"},
            {"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}},
        ], "args": ["--url=amqp://u:p@host"]}]},
    });
    assert_eq!(places(&manifest), ["spec.containers[0].args[0]", "spec.containers[0].env[1].value"]);
    redact(&mut manifest);
    assert_eq!(find(&manifest), []);
    let text = manifest.to_string();
    assert!(!text.contains("hunter2") && !text.contains("u:p@") && text.contains("fast") && text.contains("kept"));
}

#[test]
fn each_place_of_a_secret_is_named() {
    for (manifest, path, rule) in [
        (json!({"env": [{"name": "PIN_PASSWORD", "value": 47110815}]}), "env[0].value", Rule::Named),
        (json!({"env": [{"name": "PASSWORDS", "value": ["a1", "b2"]}]}), "env[0].value[0]", Rule::Named),
        (json!({"auth": {"password": {"plain": "hunter2"}}}), "auth.password.plain", Rule::Named),
        (json!({"annotations": {"a.example/token": "8f3a1c9e"}}), "annotations.a.example/token", Rule::Named),
        (json!({"args": ["--password", "hunter2"]}), "args[1]", Rule::Flag),
        (json!({"command": ["redis-cli"], "args": ["-a", "hunter2"]}), "args[1]", Rule::Command),
        (json!({"image": "docker.io/curl:8", "args": ["-u", "a:hunter2"]}), "args[1]", Rule::Command),
        (json!({"command": ["sh", "-c", "mysql -phunter2"]}), "command[2]", Rule::Command),
        (json!({"command": ["sh", "-c", "PGPASSWORD=hunter2 psql"]}), "command[2]", Rule::Assignment),
        (json!({"value": "{\"smtp\": {\"password\": \"hunter2\"}}"}), "value", Rule::Assignment),
        (json!({"value": "a:\n  password: |\n    hunter2\n"}), "value", Rule::Assignment),
        (json!({"value": "jdbc:x://h/d?user=a&password=hunter2"}), "value", Rule::Assignment),
        (json!({"value": "Server=h;Password=hunter2"}), "value", Rule::Assignment),
        (json!({"value": "https://0a1b2c3d4e5f60718293@h/r"}), "value", Rule::Address),
        (json!({"value": "CREATE USER a IDENTIFIED BY 'hunter2'"}), "value", Rule::Statement),
        (json!({"headers": [{"name": "x", "value": "Basic YWRtaW46c2VzYW1l"}]}), "headers[0].value", Rule::Header),
        (json!({"auths": {"r": {"auth": "YWRtaW46c2VzYW1l"}}}), "auths.r.auth", Rule::Registry),
        (json!({"kind": "Secret", "data": {"a": "eA=="}}), "data.a", Rule::Data),
        (json!({"value": "cGFzc3dvcmQ9aHVudGVyMgo="}), "value", Rule::Encoded),
        (json!({"ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8": 1}), "<redacted>", Rule::Key),
        (json!({"value": "-----BEGIN EC PRIVATE KEY-----"}), "value", Rule::Token("a private key")),
    ] {
        let found: Vec<_> = find(&manifest).into_iter().map(|finding| (finding.path, finding.rule)).collect();
        assert!(found.contains(&(path.to_owned(), rule)), "{manifest}: {found:?}");
    }
}

#[test]
fn everything_in_a_secret_object_is_masked() {
    let mut list = json!({"kind": "List", "items": [
        {"kind": "Secret", "data": {"user": "YQ==", "n": 1}, "stringData": {"mode": "fast"}, "type": "Opaque"},
    ]});
    redact(&mut list);
    assert_eq!(
        list["items"][0],
        json!({"kind": "Secret", "data": {"user": REDACTED, "n": REDACTED}, "stringData": {"mode": REDACTED}, "type": "Opaque"})
    );
}

#[test]
fn copies_of_the_manifest_are_taken_out_of_templates_too() {
    let copy = json!({COPIES[0]: "{}", COPIES[1]: "H4sI", "kept": "y"});
    let mut manifest =
        json!({"metadata": {"annotations": copy}, "spec": {"template": {"metadata": {"annotations": copy}}}});
    assert_eq!(forget_last_applied(&mut manifest).len(), 4);
    assert_eq!(manifest["spec"]["template"]["metadata"]["annotations"], json!({"kept": "y"}));
}

#[test]
fn a_reason_with_a_secret_differs_from_prose() {
    for leaking in [
        "new password is hunter2!",
        "rotated, password: hunter2",
        "token=elephant for the test",
        "use postgres://app:elephant@db/app",
        "ran curl -u admin:Tr0ub4dor&3 https://example.org",
        "mysql -uroot -pTr0ub4dor3 worked",
        "see ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    ] {
        assert!(in_text(leaking).is_some(), "{leaking}");
    }
    for harmless in [
        "",
        "the password: field was empty",
        "Secret: see the vault, ticket OPS-1234",
        "rotate the token, it has expired",
        "back to 3 replicas: the api key is in db-credentials",
        "https://wiki.example.com/page?id=3#section:a",
        "password reset was broken at 12:30",
    ] {
        assert_eq!(in_text(harmless), None, "{harmless}");
    }
}

#[test]
fn a_reason_with_a_secret_is_found_in_other_languages() {
    for leaking in [
        "密码：hunter2",
        "新密码: Tr0ub4dor&3",
        "已重置，密码是hunter2，请保密",
        "数据库密码已改为 hunter2",
        "密碼為hunter2",
        "口令＝elephant",
        "密钥：4f9a1c77e2",
        "令牌=elephant",
        "password：hunter2",
        "token＝elephant",
        "la contraseña es hunter2",
        "contraseña: hunter2",
        "contrasena=elephant",
        "le mot de passe est hunter2",
        "Mot de passe : hunter2",
        "Das Passwort lautet hunter2",
        "Datenbankpasswort: hunter2",
        "Kennwort = elephant",
        "Новый пароль: секрет123",
        "ПАРОЛЬ=привет",
        "a senha é hunter2",
        "Senha: hunter2",
        "パスワード：hunter2",
        "パスワードは「hunter2」です",
        "비밀번호: hunter2",
        "비밀번호는 hunter2 입니다",
    ] {
        assert!(in_text(leaking).is_some(), "{leaking}");
    }
    for harmless in [
        "重置密码页面",
        "password rotation finished",
        "密码：见保险库",
        "密码=错误",
        "密码是必填项",
        "密码为空时登录失败",
        "密码为8位以上字母",
        "密码策略：至少 12 位",
        "修复密码重置，见 OPS-1234",
        "密钥轮换完成：OPS-1234",
        "口令：${DB_PASSWORD}",
        "令牌已过期，重启 web-7f9c4 以更新",
        "更新：镜像改为 web:v2",
        "la contraseña es obligatoria",
        "mot de passe : voir le coffre, ticket OPS-1234",
        "Passwort ist abgelaufen, siehe OPS-1234",
        "пароль: смотри хранилище",
        "ele desenha=v2 o painel",
        "パスワードは必須です",
        "パスワードリセット画面を v2 に更新",
        "비밀번호는 필수입니다",
    ] {
        assert_eq!(in_text(harmless), None, "{harmless}");
    }
}

#[test]
fn an_image_with_a_password_before_its_registry_is_found() {
    let pod = |image: &str| json!({"spec": {"containers": [{"name": "a", "image": image}]}});
    for leaking in ["u:Tr0ub4dor@reg.example/x:1", "robot$ci:a@b:5000/x"] {
        assert_eq!(find(&pod(leaking)).len(), 1, "{leaking}");
    }
    for harmless in ["reg.example:5000/x:1", "x@sha256:0011", "reg.example/a/x:1@sha256:0011", "a:1"] {
        assert!(find(&pod(harmless)).is_empty(), "{harmless}");
    }
}

#[test]
fn words_that_quote_a_secret_are_masked_as_a_whole_and_others_stay() {
    let mut value = json!({
        "code": "PROBE_FAILS",
        "arguments": {
            "detail": "dial postgres://app:elephant@db/app: connection refused",
            "pods": ["web-1", "password: hunter2 is wrong"],
            "key": "tls.crt",
            "count": 3,
        },
    });
    mask_words(&mut value);
    let arguments = &value["arguments"];
    assert_eq!(arguments["detail"], MASKED_WORDS);
    assert_eq!(arguments["pods"], json!(["web-1", MASKED_WORDS]));
    assert_eq!(
        (&arguments["key"], &arguments["count"], &value["code"]),
        (&json!("tls.crt"), &json!(3), &json!("PROBE_FAILS"))
    );
}

#[test]
fn a_leaf_that_holds_a_secret_is_masked_and_its_neighbours_stay_sealed() {
    let leaf = |value: Value| json!({"$free": value, "$sealed": "x"});
    let manifest = json!({"spec": {
        "unknown": leaf(json!({"password": "Tr0ub4dor&3-a", "mode": "fast"})),
        "other": leaf(json!("plain")),
    }});
    let masked = masked(&manifest);
    assert_eq!(masked["spec"]["unknown"], REDACTED);
    assert_eq!(masked["spec"]["other"], manifest["spec"]["other"]);
}

/// How many bytes are looked at for a text of each kind of size `size`.
fn work(unit: &str, size: usize) -> usize {
    Walk::over(&json!({"command": ["sh", "-c", unit.repeat(size / unit.len())]})).steps
}

#[test]
fn the_work_grows_with_the_text_and_not_faster() {
    let units = [
        "a",
        "=",
        "password=",
        "password: ",
        "${password:",
        "x://a:$(b)@",
        "'",
        "docker login -p ",
        "{\"a\":",
        "[",
        "eyJ-glpat-xxxxxxxxxxxxxxxxxxxx",
        "<a>b</a>",
        "echo \"a b\" | ",
        "a b\n",
        "YWJj",
    ];
    for unit in units {
        let (one, two, four) = (work(unit, 1 << 16), work(unit, 1 << 17), work(unit, 1 << 18));
        assert!(20 * two <= 41 * one && 20 * four <= 41 * two, "{unit}: {one} {two} {four}");
        assert!(four <= 400 << 18, "{unit}: {four}");
    }
}

/// Text in which secrets, references and noise meet in all ways.
fn nasty_text() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "password",
        "DB_TOKEN",
        "=",
        ":",
        ": ",
        " ",
        "\n",
        "\"",
        "'",
        "\\",
        "$",
        "{",
        "}",
        "(",
        ")",
        "://",
        "@",
        "/",
        "hunter2",
        "$(X)",
        "${Y:-z1}",
        "-p",
        "--token",
        "curl",
        "-u",
        "mysql",
        "echo",
        "|",
        "<redacted>",
        "<",
        ">",
        ",",
        "é",
        "\u{0}",
        "AKIAQ3EGRT5XW7PZ2MNB",
        "YWRtaW46c2VzYW1l",
        "Bearer",
        "{\"a\":\"b\"}",
        "\u{1F600}",
        ";",
        "&",
        "sh -c",
    ]);
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn nasty_key() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "name",
        "value",
        "key",
        "password",
        "secret",
        "token",
        "env",
        "args",
        "command",
        "auth",
        "kind",
        "data",
        "image",
        "stringData",
        "a/b~c",
        "ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
        "annotations",
        "",
    ])
    .prop_map(str::to_owned)
}

fn nasty_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        nasty_text().prop_map(Value::String),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
        Just(json!("Secret")),
        Just(json!("DB_PASSWORD")),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((nasty_key(), inner), 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn after_masking_nothing_is_found_and_masking_twice_is_masking_once(value in nasty_value()) {
        let mut once = value;
        redact(&mut once);
        prop_assert_eq!(find(&once), [], "{}", once);
        let mut twice = once.clone();
        redact(&mut twice);
        prop_assert_eq!(once, twice);
    }

    #[test]
    fn the_order_of_keys_is_irrelevant(fields in prop::collection::vec((nasty_key(), nasty_value()), 0..6)) {
        let text = |fields: &[(String, Value)]| {
            let fields: Vec<_> = fields.iter().map(|(key, value)| format!("{}:{value}", json!(key))).collect();
            format!("{{{}}}", fields.join(","))
        };
        let mut fields = fields;
        fields.sort_by(|one, other| one.0.cmp(&other.0));
        fields.dedup_by(|one, other| one.0 == other.0);
        let forwards = text(&fields);
        fields.reverse();
        let backwards = text(&fields);
        let read = |text: &str| find(&json!({"a": text, "b": serde_json::from_str::<Value>(text).expect("JSON")}));
        prop_assert_eq!(places(&json!({"a": forwards.as_str()})), places(&json!({"a": backwards.as_str()})));
        let ordered = |text: &str| read(text).into_iter().map(|finding| finding.pointer).collect::<Vec<_>>();
        prop_assert_eq!(ordered(&forwards), ordered(&backwards));
    }

    #[test]
    fn any_text_is_searched_without_a_panic(text in "\\PC{0,80}", pieces in nasty_text()) {
        in_text(&text);
        find(&json!([text, pieces, format!("{text}{pieces}")]));
    }
}
