//! Whether a value under the name of a secret is the secret itself, or only a reference, a switch or a mask.

use super::{REDACTED, name::Kind, pattern};
use regex::Regex;
use std::sync::LazyLock;

/// Values that switch something on or off, or mean that there is no value or a wrong one.
const SWITCHES: [&str; 38] = [
    "true",
    "false",
    "yes",
    "no",
    "on",
    "off",
    "y",
    "n",
    "null",
    "none",
    "nil",
    "undefined",
    "unset",
    "enabled",
    "disabled",
    "enable",
    "disable",
    "required",
    "optional",
    "always",
    "never",
    "auto",
    "default",
    "include",
    "omit",
    "same-origin",
    "prompt",
    "redacted",
    "masked",
    "hidden",
    "omitted",
    "removed",
    "ask",
    "manual",
    "missing",
    "invalid",
    "expired",
    "unknown",
];
/// Labels of input fields.
const LABELS: [&str; 4] = ["Password", "Passphrase", "Secret", "Token"];
/// Methods and types in places where a token can be.
const METHODS: [&str; 27] = [
    "jwt", "simple", "basic", "bearer", "digest", "oauth", "oauth2", "oidc", "ldap", "kerberos", "plain", "login",
    "iam", "token", "rbac", "str", "string", "int", "number", "bool", "boolean", "bytes", "text", "object", "uuid",
    "varchar", "opaque",
];

/// References that are the whole value: variables, templates, addresses of vaults and files, encrypted text.
static REFERENCE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?xs)
        ^(?:
            \$\(.* | \$\$\(.* | \$\{\{.* | `.*                          # of Kubernetes, shells, workflows
          | \$(?:[A-Z_][A-Z0-9_]*|[a-z_]+|[0-9@*\#?])(?:[/@:&;,)|}\]'"].*)?    # a variable
          | \$[a-z][A-Za-z]*(?:[.:_-][A-Za-z][\w-]*)*                   # a key of a Secret, for Argo CD
          | \$__[a-z]+\{.*
          | \(\(.*\)\) | \[[^\[\]]*\] | @@.*@@ | %%.*%%
          | \{\{.* | \{%.* | <%.* | <[^<>]*> | %\(.* | %\{.* | \#\{.* | @\{.* | \[\[.* | \{\w*\} | %[A-Za-z_]+%? | %[sdqvr][^A-Za-z].* | __\w+__
          | \{vault://.* | \{cipher\}.* | ENC[\[(].* | \$ANSIBLE_VAULT.* | Ag[A-Z][A-Za-z0-9+/=]{60,}
          | (?i:vault|bao|file|env|arn|urn|secret|pullsecret|k8s|ssm|sops):.*
          | (?i:ref\+[a-z]+|secrets?|secretref|gsm|sm|awssm|awsps|aws-sm|op|akv|azkv|keyvault|kv|doppler|infisical
             |berglas|gcp-?sm|conjur|https?|git|ssh|s3)://.*
          | projects/[^/]+/secrets/.* | @Microsoft\.KeyVault\(.*
          | (?:~|\.{1,2})?(?:/[\w.@%-]*)+                               # a path
          | [\w./-]+\.(?:pem|key|crt|txt|json|ya?ml|p12|pfx|jks|conf|ini|env|enc|encrypted)
          | (?:process\.env|os\.environ|ENV|secrets|config|settings|var|local|data|self|this|\.?Values|\.Env)[.\[].*
          | [A-Za-z_](?:[\w.?:]|->)*\(.*                                # a call in code
        )$"#,
    )
});
/// A reference with a default: `${NAME:-default}`, `${name:default}`.
static DEFAULTED: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\$\{([\w.]+):([-=]?)([^{}?]*)\}$"));
/// Providers before a colon in braces, where what follows is a name: `${env:TOKEN}`.
const PROVIDERS: [&str; 9] = ["env", "file", "sys", "secret", "vault", "const", "dir", "strings", "ssm"];

/// The shortest token. Shorter values are words of a language or a currency.
const SHORTEST_TOKEN: usize = 5;
const SHORTEST_NUMBER: usize = 6;

/// Whether `value` under a name of `kind` is a secret in plain text.
pub fn is_literal(value: &str, kind: Kind) -> bool {
    let value = value.trim();
    if kind == Kind::Authorization {
        return credentials(value)
            .is_some_and(|credentials| is_plain(credentials) && is_like_credential(credentials, 6));
    }
    if kind == Kind::Cookie {
        let values = value.split(';').filter_map(|cookie| cookie.split_once('=')).map(|(_, value)| value);
        return values.into_iter().any(|value| is_plain(value) && is_like_credential(value, 8));
    }
    if let Kind::Login { separator } = kind {
        return value.split_once(separator).is_some_and(|(_, password)| is_plain(password));
    }
    if kind == (Kind::Token { is_plural: true }) && value.contains(',') {
        return value.split(',').any(|value| is_literal(value, kind));
    }
    if !is_plain(value) {
        return false;
    }
    let is_number = value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match kind {
        Kind::Password => !is_number || value.len() >= 4,
        Kind::Token { is_plural } => {
            let shortest = if is_number { SHORTEST_NUMBER } else { SHORTEST_TOKEN };
            let is_count = is_number && is_plural;
            value.len() >= shortest && !is_count && !is_method(value) && !is_duration(value)
        }
        Kind::Key => is_like_credential(value, 8),
        Kind::Secret { is_reference } => {
            !is_method(value)
                && !is_duration(value)
                && !((is_reference || value.contains('/')) && is_object_name(value))
                && !is_number
        }
        Kind::Authorization | Kind::Cookie | Kind::Login { .. } => false,
    }
}

/// Whether a number under a name of `kind` is a secret. A password may be digits, a count of tokens is not a secret.
pub fn is_literal_number(digits: &str, kind: Kind) -> bool {
    is_literal(digits, kind)
}

/// Whether `value` is plain text: not empty, and not a reference, a switch, a mask or a template.
pub fn is_plain(value: &str) -> bool {
    let value = value.trim().trim_matches(['\'', '"']);
    if value.is_empty() || value.contains(REDACTED) || is_switch(value) || is_mask(value) || LABELS.contains(&value) {
        return false;
    }
    if let Some(parts) = DEFAULTED.captures(value) {
        let is_provider = parts[2].is_empty() && PROVIDERS.contains(&&parts[1]);
        return !is_provider && is_plain(&parts[3]);
    }
    if value.starts_with("${") || REFERENCE.is_match(value) {
        return is_key_with_slash(value);
    }
    // If the value contains a reference, the rest is a prefix or a separator.
    let has_reference = ["$(", "${", "{{", "%("].iter().any(|start| value.contains(start));
    !has_reference || is_like_credential(value.split(['$', '{', '%']).next().unwrap_or_default(), 8)
}

/// Whether a word is unlikely to be prose: long enough, with letters and with digits or signs.
pub fn is_like_credential(word: &str, shortest: usize) -> bool {
    let has = |test: fn(&u8) -> bool| word.as_bytes().iter().any(test);
    word.len() >= shortest
        && has(u8::is_ascii_alphabetic)
        && (has(u8::is_ascii_digit) || has(|byte| b"!#$%^&*+=~@".contains(byte)))
        && !word.contains(char::is_whitespace)
}

/// The text after the scheme of an `Authorization` header, or the whole value if there is no scheme.
fn credentials(value: &str) -> Option<&str> {
    let mut words = value.split_whitespace();
    let first = words.next()?;
    Some(words.next().unwrap_or(first))
}

fn is_switch(value: &str) -> bool {
    SWITCHES.iter().any(|switch| value.eq_ignore_ascii_case(switch))
}

fn is_method(value: &str) -> bool {
    let first = value.split(',').next().unwrap_or_default();
    METHODS.iter().any(|method| first.eq_ignore_ascii_case(method))
}

/// Only signs, or one repeated letter, for example `***` and `xxxx`.
fn is_mask(value: &str) -> bool {
    let is_crossed_out = value.len() > 2 && value.chars().all(|letter| matches!(letter, 'x' | 'X' | '*' | '-' | '.'));
    is_crossed_out || !value.chars().any(char::is_alphanumeric)
}

fn is_duration(value: &str) -> bool {
    let is_unit = |c: char| matches!(c, 'd' | 'h' | 'm' | 's' | 'w' | 'n' | 'u');
    value.starts_with(|c: char| c.is_ascii_digit())
        && value.chars().all(|c| c.is_ascii_digit() || is_unit(c) || c == '.')
}

/// The name of a Secret, with or without a namespace. Words with digits are more likely to be a value.
fn is_object_name(value: &str) -> bool {
    let is_word = |word: &str| {
        word.len() <= 3
            || word.bytes().all(|byte| byte.is_ascii_lowercase())
            || word.bytes().all(|byte| byte.is_ascii_digit())
    };
    value.starts_with(|c: char| c.is_ascii_lowercase())
        && value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-/.,".contains(&byte))
        && value.split(['-', '/', '.', ',']).all(is_word)
}

/// A base64 key that happens to begin with a slash is not a path.
fn is_key_with_slash(value: &str) -> bool {
    let has = |test: fn(&u8) -> bool| value.as_bytes().iter().any(test);
    value.starts_with('/')
        && !value[1..].contains('/')
        && value.len() >= 20
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: Kind = Kind::Token { is_plural: false };

    #[test]
    fn what_works_as_a_password_is_one() {
        for value in [
            "hunter2",
            "password",
            "changeme",
            "4711081542",
            "1234",
            "$ecret!2024",
            "${DB_PASSWORD:-hunter2}",
            "${spring.password:hunter2}",
            "four words in a row",
            "x)kU7^Lq",
        ] {
            assert!(is_literal(value, Kind::Password), "{value}");
        }
        assert!(is_literal("/Ab3dEfGhIjKlMnOpQrStUvWx9", TOKEN));
        assert!(
            is_literal("session=0a1b2c3d4e; theme=dark", Kind::Cookie) && !is_literal("canary=always", Kind::Cookie)
        );
        assert!(
            is_literal("Bearer 0a1b2c3d", Kind::Authorization)
                && is_literal("neo4j/graphs", Kind::Login { separator: '/' })
        );
    }

    #[test]
    fn references_switches_and_masks_are_no_secrets() {
        for value in [
            "",
            "yes",
            "Never",
            "***",
            "xxxxxxxx",
            REDACTED,
            "$(POSTGRES_PASSWORD)",
            "${X}",
            "${env:TOKEN}",
            "${DB_PASSWORD:-}",
            "${DB_PASSWORD:?not set}",
            "$PASSWORD",
            "$1",
            "$PW/",
            "$dex.github.clientSecret",
            "$email-password",
            "urn:k8s:secret:name:key",
            "certs/default/key.pem",
            "%s\\n",
            "'$PW'",
            "$(cat /run/secrets/x)",
            "`cat x`",
            "{{ .Values.password }}",
            "<password>",
            "%(password)s",
            "/run/secrets/db/password",
            "file:///etc/token",
            "vault:secret/data/x#password",
            "arn:aws:secretsmanager:eu-central-1:123456789012:secret:x",
            "projects/p/secrets/s/versions/latest",
            "getenv('X')",
            "request:headers():get('token')",
            "Password",
            "process.env.TOKEN",
            "ENC[AES256_GCM,data:abc]",
            "server.key",
        ] {
            assert!(!is_literal(value, Kind::Password), "{value}");
        }
        for value in ["3600", "24h0m0s", "jwt,pub-key=/etc/x", "simple", "USDC", "[PAD]", "((token))", "@@TOKEN@@"] {
            assert!(!is_literal(value, TOKEN), "{value}");
        }
        for value in ["8192", "[CLS],[SEP]"] {
            assert!(!is_literal(value, Kind::Token { is_plural: true }), "{value}");
        }
        for value in ["ca-secret-2", "default/ca-secret", "web-tls"] {
            assert!(!is_literal(value, Kind::Secret { is_reference: true }), "{value}");
        }
        assert!(!is_literal("service-orders", Kind::Key) && is_literal("2fl+Ktvkfl", Kind::Key));
        assert!(!is_literal("default/ca-secret", Kind::Secret { is_reference: true }));
        assert!(!is_literal("Bearer $(TOKEN)", Kind::Authorization) && !is_literal("Basic", Kind::Authorization));
    }
}
