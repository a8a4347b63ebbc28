//! Formats that only secrets have, in any place.

use super::{literal, pattern};
use base64::{Engine, engine::general_purpose::STANDARD};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

const BOOTSTRAP: &str = "a bootstrap token of Kubernetes";

/// The name of a format, and its pattern. The patterns are bounded, so that a search is linear in the text.
const SHAPES: [(&str, &str); 65] = [
    ("a private key", r"-----BEGIN [A-Z ]{0,20}PRIVATE KEY( BLOCK)?-----"),
    ("a private key of PuTTY", r"PuTTY-User-Key-File-[0-9]"),
    ("a private key of age", r"\bAGE-SECRET-KEY-1[0-9A-Z]{50}"),
    ("a token of GitHub", r"\bgh[pousr]_[A-Za-z0-9]{36}"),
    ("a token of GitHub", r"\bgithub_pat_[A-Za-z0-9_]{22}"),
    ("a token of GitLab", r"\bgl(?:pat|ptt|dt|rt|cbt|ft|imt|agent|oas|soat|ffct)-[A-Za-z0-9_-]{20}"),
    ("an access key of AWS", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
    ("a token of Slack", r"\bxox[abeoprs]-[A-Za-z0-9-]{10}"),
    ("a token of Slack", r"\bxapp-[0-9]-[A-Z0-9]{8,16}-[0-9]{8}"),
    (
        "a hook of Slack",
        r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{6,16}/[A-Za-z0-9]{6,40}/[A-Za-z0-9]{8}",
    ),
    ("a hook of Discord", r"discord(?:app)?\.com/api/webhooks/[0-9]{16,20}/[A-Za-z0-9_-]{20}"),
    ("a hook of Teams", r"\.webhook\.office\.com/webhookb2/[0-9a-f-]{36}@"),
    ("a key of Google", r"\bAIza[0-9A-Za-z_-]{35}"),
    ("a client secret of Google", r"\bGOCSPX-[A-Za-z0-9_-]{20}"),
    ("a token of Google", r"\bya29\.[A-Za-z0-9_-]{20}"),
    ("a key of Stripe", r"\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{10}"),
    ("a signing secret of webhooks", r"\bwhsec_[A-Za-z0-9+/=]{16}"),
    ("a token of npm", r"\bnpm_[A-Za-z0-9]{36}"),
    ("a token of PyPI", r"\bpypi-AgE[A-Za-z0-9_-]{20}"),
    ("a token of RubyGems", r"\brubygems_[a-f0-9]{48}"),
    ("a token of Docker", r"\bdckr_[po]at_[A-Za-z0-9_-]{20}"),
    ("a signed token (JWT)", r"\beyJ[A-Za-z0-9_-]{8,512}\.eyJ[A-Za-z0-9_-]{8}"),
    ("a key of an Azure account", r"(?i)\bAccountKey=[A-Za-z0-9+/]{40}"),
    ("a shared key of Azure", r"(?i)\bSharedAccess(?:Key|Signature)=[A-Za-z0-9+/%]{16}"),
    ("a signed address", r"[?&]sig=[A-Za-z0-9%+/]{20}"),
    ("a signed address", r"X-Amz-Signature=[a-f0-9]{32}"),
    ("a client secret of Azure", r"\b[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31}"),
    ("a key of Anthropic", r"\bsk-ant-[A-Za-z0-9_-]{20}"),
    ("a key of OpenAI", r"\bsk-(?:proj|svcacct|admin|or-v1|live)-[A-Za-z0-9_-]{20}"),
    ("a key of OpenAI", r"\bsk-[A-Za-z0-9]{32}"),
    ("a token of Hugging Face", r"\bhf_[A-Za-z0-9]{30}"),
    ("a token of Vault", r"\bhv[sbr]\.[A-Za-z0-9_-]{20}"),
    ("a token of Terraform", r"\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{40}"),
    ("a token of Pulumi", r"\bpul-[a-f0-9]{40}"),
    ("a token of DigitalOcean", r"\bdo[opr]_v1_[a-f0-9]{40}"),
    ("a token of Doppler", r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.-]{20}"),
    ("a token of Databricks", r"\bdapi[a-f0-9]{32}"),
    ("a token of Grafana", r"\bgl(?:sa|c)_[A-Za-z0-9+/=]{32}"),
    ("a key of New Relic", r"\bNR(?:AK|II|RA|JS)-[A-Za-z0-9_-]{24}|\b[a-f0-9]{36}NRAL\b"),
    ("a key of SendGrid", r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{30}"),
    ("a key of Mailgun", r"\bkey-[0-9a-f]{32}\b"),
    ("a key of Mailchimp", r"\b[0-9a-f]{32}-us[0-9]{1,2}\b"),
    ("a token of Shopify", r"\bshp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}"),
    ("a token of Square", r"\bsq0(?:atp|csp)-[A-Za-z0-9_-]{20}"),
    ("a token of Telegram", r"\b[0-9]{8,10}:AA[A-Za-z0-9_-]{32}"),
    ("a token of Telegram", r"\bapi\.telegram\.org/bot[0-9]{5,12}:[A-Za-z0-9_-]{20}"),
    ("a key of Ceph", r"\bAQ[A-Za-z0-9+/]{36}=="),
    ("a key of PagerDuty", r"(?i)\b(?:routing|integration)_?key[ \t:=\x22']{1,6}[0-9a-z]{32}\b"),
    ("a token of Atlassian", r"\bATATT3[A-Za-z0-9_=-]{20}"),
    ("a token of Dynatrace", r"\bdt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{32}"),
    ("a key of Tailscale", r"\btskey-[a-z]{3,10}-[A-Za-z0-9-]{10}"),
    ("a token of PlanetScale", r"\bpscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{20}"),
    ("a key of Postman", r"\bPMAK-[a-f0-9]{24}"),
    ("a token of Sentry", r"\bsntr(?:y|ys)_[A-Za-z0-9_=+/-]{20}"),
    ("a token of Figma", r"\bfig[dou]_[A-Za-z0-9_-]{30}"),
    ("a token of Notion", r"\bntn_[A-Za-z0-9]{30}|\bsecret_[A-Za-z0-9]{43}"),
    ("a token of Linear", r"\blin_api_[A-Za-z0-9]{32}"),
    ("a token of Supabase", r"\bsb(?:p|_secret)_[A-Za-z0-9_]{24}"),
    ("a token of Buildkite", r"\bbk(?:ua|ct|at|rt)_[A-Za-z0-9]{30}"),
    ("a token of CircleCI", r"\bCCIPAT_[A-Za-z0-9_]{30}"),
    ("a token of Artifactory", r"\bAKCp[A-Za-z0-9]{60}|\bcmVmdGtu[A-Za-z0-9]{40}"),
    (BOOTSTRAP, r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b"),
    ("the hash of a password", r"\$(?:2[abxy]|apr1|1|5|6|y|argon2(?:id|i|d))\$[A-Za-z0-9./=,$]{16}"),
    ("the hash of a password", r"\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{20}|\bpbkdf2_sha(?:1|256|512)\$[0-9]{3}"),
    ("the hash of a password", r"\bSCRAM-SHA-(?:1|256)\$[0-9]{4}"),
];

static ANY: LazyLock<Regex> = LazyLock::new(|| pattern(&SHAPES.map(|(_, shape)| format!("(?-u:{shape})")).join("|")));
static EACH: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(SHAPES.map(|(_, shape)| format!("(?-u:{shape})"))).expect("patterns that a test compiles")
});

/// The number of bytes after a match that are read.
const LONGEST: usize = 200;
/// The length of the shortest text with one of the formats: a Slack token, a hash.
const SHORTEST: usize = 15;

/// The name of the first secret format in `text`.
pub fn find(text: &str) -> Option<&'static str> {
    if text.len() < SHORTEST {
        return None;
    }
    ANY.find_iter(text).find_map(|found| {
        let name = EACH.matches(found.as_str()).iter().next().map(|index| SHAPES[index].0)?;
        let is_secret = match name {
            BOOTSTRAP => is_bootstrap(found.as_str(), &text[found.end()..]),
            _ => is_filled(found.as_str(), &text[found.end()..]),
        };
        is_secret.then_some(name)
    })
}

/// The names of files and hosts have fewer digits, or are longer.
fn is_bootstrap(found: &str, after: &str) -> bool {
    let secret = found.rsplit('.').next().unwrap_or_default();
    let digits = secret.bytes().filter(u8::is_ascii_digit).count();
    digits >= 2 && digits < secret.len() && !after.starts_with(['.', '-'])
}

/// Whether the token is more than an example that ends in one repeated letter. The patterns match its beginning, `after`
/// starts with the rest.
fn is_filled(found: &str, after: &str) -> bool {
    let is_of_token = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let rest = after.bytes().take(LONGEST).take_while(is_of_token);
    let token: Vec<u8> = found.bytes().chain(rest).collect();
    let last = token.last();
    token.iter().rev().take_while(|byte| Some(*byte) == last).count() < 10
}

/// The decoded text, if `text` is base64 of text.
pub fn decoded(text: &str) -> Option<String> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if text.len() < 12 || !text.len().is_multiple_of(4) || !text.bytes().all(is_base64) {
        return None;
    }
    String::from_utf8(STANDARD.decode(text).ok()?).ok()
}

/// Whether `text` is base64 of a user and a password, as in registry logins and `Basic` headers.
pub fn is_login(text: &str) -> bool {
    STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok()).is_some_and(|login| {
        !login.contains(char::is_control)
            && login.split_once(':').is_some_and(|(_, password)| literal::is_plain(password))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_compiles_and_knows_itself() {
        for (text, name) in [
            ("-----BEGIN ENCRYPTED PRIVATE KEY-----", "a private key"),
            ("x ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8 y", "a token of GitHub"),
            ("glpat-x9Yz8Wv7Ut6Sr5Qp4On3", "a token of GitLab"),
            ("AKIAQ3EGRT5XW7PZ2MNB", "an access key of AWS"),
            ("--token=abcdef.0123456789abcdef", "a bootstrap token of Kubernetes"),
            ("admin:$apr1$x3zPq0mL$1yVZk9C7QfW2sT4uB6nD80", "the hash of a password"),
            ("xoxb-1234567890", "a token of Slack"),
            ("xoxb-0000000000-a1B2c3D4e5F6", "a token of Slack"),
            ("https://api.telegram.org/bot123456:a1B2c3D4e5F6g7H8i9J0/send", "a token of Telegram"),
            ("SCRAM-SHA-1$4096", "the hash of a password"),
            ("key = AQa1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8==", "a key of Ceph"),
            ("routing_key: 0a1b2c3d4e5f60718293a4b5c6d7e8f9", "a key of PagerDuty"),
            ("https://h/?a=b&sig=uQ2mP0r3T5vX7zB9dF1hJ3lN5", "a signed address"),
        ] {
            assert_eq!(find(text), Some(name), "{text}");
        }
    }

    #[test]
    fn what_is_only_near_a_shape_is_none() {
        for text in [
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN CERTIFICATE-----",
            "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
            "task-runner-abcdefghijklmnopqrstuvwxyz0123456789",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "nodejs.internalservices",
            "styles.0123456789abcdef.css",
            "backup.2024010112000000",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
            "pk_live_51H8aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
            "eyJhbGciOiJIUzI1NiJ9",
        ] {
            assert_eq!(find(text), None, "{text}");
        }
    }

    #[test]
    fn logins_in_base64_are_read() {
        assert!(is_login("YWRtaW46c2VzYW1l") && !is_login("YWRtaW4=") && !is_login("not base64"));
        assert_eq!(decoded("aGVsbG8gd29ybGQh").as_deref(), Some("hello world!"));
        assert_eq!(decoded("too short"), None);
    }
}
