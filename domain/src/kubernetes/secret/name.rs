//! Which names of variables, fields, flags and headers say that their value is a secret.

use super::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// Every secret name contains one of these. Most names contain none, and cost only this search.
static STEMS: LazyLock<Regex> = LazyLock::new(|| {
    pattern("(?i)pass|pswd|pwd|pw|secret|token|cred|key|auth|cookie|salt|pat|psk|mnemonic|honeycomb|sonar")
});

/// The kind of secret that a name means. It decides which values are only references or switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Password,
    /// A token or a key. `is_plural` for names such as `MAX_TOKENS`, which often count something.
    Token {
        is_plural: bool,
    },
    /// A key whose name is also used for other things. Only a value that looks like a key counts.
    Key,
    /// A secret or credentials. The value may also be the name of a Secret; `is_reference` if the field's name says so.
    Secret {
        is_reference: bool,
    },
    /// The value of an `Authorization` header.
    Authorization,
    /// The value of a `Cookie` header: names and values.
    Cookie,
    /// User and password in one value, for example `neo4j/password` and `admin:password`.
    Login {
        separator: char,
    },
}

/// Endings of names that mean a password, separators left out.
const PASSWORDS: [&str; 23] = [
    "PASSWORD",
    "PASSWORDS",
    "PASSWD",
    "PASSPHRASE",
    "PASSCODE",
    "PSWD",
    "REQUIREPASS",
    "MASTERAUTH",
    "REDISAUTH",
    "SSHPASS",
    "KEYPASS",
    "STOREPASS",
    "DBPASS",
    "USERPASS",
    "ROOTPASS",
    "ADMINPASS",
    "AUTHPASS",
    "BINDPW",
    "ROOTPW",
    "MNEMONIC",
    "PRESHAREDKEY",
    "TLSPSK",
    "PASSWORDHASH",
];
/// Endings of names that mean a token or a key, separators left out.
const TOKENS: [&str; 18] = [
    "TOKEN",
    "APIKEY",
    "SECRETACCESSKEY",
    "SHAREDACCESSKEY",
    "SECRETKEY",
    "SECRETKEYBASE",
    "PRIVATEKEY",
    "SIGNINGKEY",
    "ENCRYPTIONKEY",
    "DECRYPTIONKEY",
    "MASTERKEY",
    "ACCOUNTKEY",
    "FERNETKEY",
    "ERLANGCOOKIE",
    "SONARLOGIN",
    "TOKENS",
    "APIKEYS",
    "SECRETKEYS",
];
/// Endings of names that often mean a key, and sometimes something else.
const KEYS: [&str; 26] = [
    "ACCESSKEY",
    "ADMINKEY",
    "AESKEY",
    "APPKEY",
    "AUTHKEY",
    "COOKIEKEY",
    "CRYPTKEY",
    "DEPLOYKEY",
    "ENCRYPTKEY",
    "HMACKEY",
    "HONEYCOMBTEAM",
    "JWTKEY",
    "KEYDATA",
    "LICENCEKEY",
    "LICENSEKEY",
    "LOGGEDINKEY",
    "NONCEKEY",
    "SECUREAUTHKEY",
    "SERVICEKEY",
    "SESSIONKEY",
    "SHAREDKEY",
    "SIGNKEY",
    "SSHKEY",
    "STORAGEKEY",
    "SUBSCRIPTIONKEY",
    "PASSWORDSALT",
];
/// Endings of names that mean a user and a password, and the sign between the two.
const LOGINS: [(&str, char); 6] =
    [("NEO4JAUTH", '/'), ("BASICAUTH", ':'), ("HTTPAUTH", ':'), ("PROXYAUTH", ':'), ("WEBAUTH", ':'), ("USERPWD", ':')];
const SECRETS: [&str; 6] = ["SECRET", "SECRETS", "CREDENTIAL", "CREDENTIALS", "SECRETSTRING", "SECRETVALUE"];
/// Words that count only as a whole word: BYPASS is not a password.
const WORDS: [(&str, Kind); 9] = [
    ("PASS", Kind::Password),
    ("PWD", Kind::Password),
    ("PW", Kind::Password),
    ("PSK", Kind::Password),
    ("SALT", Kind::Key),
    ("PAT", Kind::Key),
    ("COOKIE", Kind::Cookie),
    ("CREDS", Kind::Secret { is_reference: false }),
    ("AUTHORIZATION", Kind::Authorization),
];
/// Words that may follow the name, for example in `API_TOKEN_PROD`.
const TAILS: [&str; 20] = [
    "PROD",
    "PRODUCTION",
    "STAGING",
    "STAGE",
    "STG",
    "DEV",
    "TEST",
    "QA",
    "LIVE",
    "OLD",
    "NEW",
    "CURRENT",
    "PREVIOUS",
    "PRIMARY",
    "SECONDARY",
    "VALUE",
    "STRING",
    "PLAIN",
    "PLAINTEXT",
    "DEFAULT",
];
/// Words that cancel the meaning: the public half, a checksum, encrypted text, a path in a vault, the name of a Secret.
const HARMLESS: [&str; 9] =
    ["PUBLIC", "PUBLISHABLE", "SEALED", "ENCRYPTED", "CHECKSUM", "HASHER", "DUMMY", "INJECT", "EXISTING"];
/// Names of references, which may come before the name of what is referred to.
const REFERRING: [&str; 3] = ["SECRETKEYREF", "FROMSECRET", "K8SSECRET"];
/// Words before SECRET that make it the name of a Kubernetes Secret.
const REFERENCES: [&str; 19] = [
    "AUTH",
    "BOOTSTRAP",
    "BUNDLE",
    "CA",
    "CERT",
    "CERTIFICATE",
    "CONFIG",
    "CREDENTIAL",
    "CREDENTIALS",
    "EXISTING",
    "IMAGE",
    "KUBECONFIG",
    "PASSWORD",
    "PULL",
    "REGISTRY",
    "SOURCE",
    "SSL",
    "TLS",
    "TOKEN",
];
/// Words before SECRET that make it the secret itself. In a field such as `licenseSecret`, another word makes it a name.
const ITSELF: [&str; 14] = [
    "ACCESS", "API", "APP", "CLIENT", "CONSUMER", "COOKIE", "HASH", "HMAC", "JWT", "OAUTH", "SESSION", "SHARED",
    "SIGNING", "WEBHOOK",
];

/// Endings of names that only sound like one: etcd calls the name of a new cluster a token, 1Password is a program, and
/// the others are lists of names.
const OTHERS: [&str; 5] =
    ["INITIALCLUSTERTOKEN", "ONEPASSWORD", "PULLSECRETS", "CERTIFICATESECRETS", "CERTIFICATESSECRETS"];

/// Directives of nginx that say where a request goes.
const UPSTREAMS: [&str; 6] = ["proxy_pass", "fastcgi_pass", "uwsgi_pass", "scgi_pass", "grpc_pass", "memcached_pass"];

/// The longest name that is checked.
pub const LONGEST: usize = 80;

/// The kind of secret that a variable, field, flag, header or annotation of this name usually holds.
pub fn kind(name: &str) -> Option<Kind> {
    if !name.is_ascii() || !STEMS.is_match(name) || UPSTREAMS.contains(&name) {
        return None;
    }
    let mut words = words(name);
    let whole = words.concat();
    if REFERRING.iter().any(|name| whole.contains(name))
        || OTHERS.iter().any(|name| whole.ends_with(name))
        || words.iter().any(|word| HARMLESS.contains(&word.as_str()))
    {
        return None;
    }
    while words.len() > 1 && words.last().is_some_and(|last| TAILS.contains(&last.as_str())) {
        words.pop();
    }
    let last = words.last()?;
    let letters = words.concat();
    let ends = |endings: &[&str]| endings.iter().any(|ending| letters.ends_with(ending));
    if let Some((_, separator)) = LOGINS.iter().find(|(login, _)| whole.ends_with(login)) {
        return Some(Kind::Login { separator: *separator });
    }
    if ends(&PASSWORDS) {
        return Some(Kind::Password);
    }
    if ends(&TOKENS) {
        return Some(Kind::Token { is_plural: letters.ends_with('S') });
    }
    if ends(&KEYS) || letters.strip_suffix('S').is_some_and(|one| KEYS.iter().any(|key| one.ends_with(key))) {
        return Some(Kind::Key);
    }
    if let Some((_, kind)) = WORDS.iter().find(|(word, _)| word == last) {
        return Some(*kind);
    }
    if ends(&SECRETS) {
        let before = words.len().checked_sub(2).and_then(|index| words.get(index));
        let is_field =
            name.bytes().all(|byte| byte.is_ascii_alphabetic()) && name.starts_with(|c: char| c.is_lowercase());
        let is_reference = before
            .is_none_or(|word| REFERENCES.contains(&word.as_str()) || is_field && !ITSELF.contains(&word.as_str()));
        return Some(Kind::Secret { is_reference });
    }
    None
}

/// The words of a name in upper case, without digits at their end: `dbPassword1`, `db-password` and `DB_PASSWORD` have
/// the same two. The domain before the name of an annotation does not count.
fn words(name: &str) -> Vec<String> {
    let name = match name.rsplit_once('/') {
        Some((domain, last)) if domain.contains('.') => last,
        _ => name,
    };
    let name = &name[name.len().saturating_sub(LONGEST)..];
    let mut words: Vec<String> = vec![String::new()];
    let mut before = ' ';
    let mut letters = name.chars().peekable();
    while let Some(letter) = letters.next() {
        let starts_word = letter.is_ascii_uppercase()
            && (before.is_ascii_lowercase()
                || before.is_ascii_uppercase() && letters.peek().is_some_and(char::is_ascii_lowercase));
        if !letter.is_ascii_alphanumeric() || starts_word {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut()
            && letter.is_ascii_alphanumeric()
        {
            word.push(letter.to_ascii_uppercase());
        }
        before = letter;
    }
    for word in &mut words {
        let end = word.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        word.truncate(end);
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_secrets_are_known_in_every_spelling() {
        for name in [
            "DB_PASSWORD",
            "dbPassword",
            "db-password",
            "dbpassword",
            "spring.mail.password",
            "example.com/password",
            "PASSWORD2",
            "API_TOKEN_PROD",
            "PGPASSWORD",
            "DB_PASS",
            "api-key",
            "X-Api-Key",
            "GITHUB_TOKEN",
            "aws.access.key",
            "AWS_SECRET_ACCESS_KEY",
            "oauthClientSecret",
            "OAuthClientSecret",
            "SECRET_KEY_BASE",
            "Authorization",
            "RABBITMQ_ERLANG_COOKIE",
            "Cookie",
            "NEO4J_AUTH",
            "basic-auth",
            "APP_KEYS",
            "requirepass",
            "client-key-data",
            "WORDPRESS_AUTH_KEY",
        ] {
            assert!(kind(name).is_some(), "{name}");
        }
    }

    #[test]
    fn every_name_of_the_tables_is_known() {
        let words = WORDS.iter().map(|(word, _)| word);
        for name in PASSWORDS.iter().chain(&TOKENS).chain(&KEYS).chain(&SECRETS).chain(words) {
            assert!(kind(&format!("MY_{name}")).is_some(), "{name}");
        }
    }

    #[test]
    fn names_that_only_contain_the_word_are_not() {
        for name in [
            "KEYBOARD",
            "TOKENIZER",
            "MODE",
            "SECRETARY",
            "PASSWORDLESS",
            "SECRET_NAME",
            "COMPASS",
            "BYPASS",
            "TOKEN_FILE",
            "PASSWORD_POLICY",
            "TOKEN_EXPIRY",
            "tokenExpirationSeconds",
            "SESSION_COOKIE_NAME",
            "JWT_PUBLIC_KEY",
            "checksum/secret",
            "example.com/sealed-password",
            "PARTITION_KEY",
            "initial-cluster-token",
            "onepassword",
            "imagePullSecrets",
            "fastcgi_pass",
            "vault.hashicorp.com/agent-inject-secret-token",
            "SECRET_KEY_BASE_DUMMY",
            "existingSecretAdminPassword",
            "from_secret",
            "k8s_secret_password",
            "spark.kubernetes.driver.secretKeyRef.DB_PASSWORD",
            "",
            "_",
        ] {
            assert_eq!(kind(name), None, "{name}");
        }
    }
}
