//! Plain secrets in prose whose word for them is not English: `密码：hunter2`, `le mot de passe est hunter2`.

use super::{
    Rule,
    literal::{self, is_like_credential, is_plain},
    name::Kind,
    pattern,
};
use regex::Regex;
use std::sync::LazyLock;

/// A word for a password or else for a token, a sign or a verb, and a value. What comes between word and value is bounded, so
/// that a search is linear in the text.
static STATEMENT: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"(?xi)
        (?: (?<password> 密码 | 密碼 | 口令
              | contrase[ñn]as? | mots?\ de\ passe | passwort | passwörter | kennwort | kennwörter
              | парол(?:ь|я|ю|ем|и) | (?-u:\b)senhas? | パスワード | 비밀번호 )
          | 密钥 | 密鑰 | 金鑰 | 令牌 )
        ["'”」]? [\ \t]{0,4}
        (?: (?<sign> [:=] )
          | (?: (?:现在|已经|已|就)? (?:改|换|更换|更改|修改|设|设置|重置|更新)? (?:是|为|為|成) )
          | (?: は | が | 는 | 은 | 가 )
          | (?: is | was | to | es | est | ist | war | lautet | é | это | теперь ) [\ \t] )
        [\ \t]{0,4} ["'“「]?
        (?<value> [^\s,;"'，；。、”」]{2,} )
        "#,
    )
});

/// Letters from here on are those of Chinese, Japanese and Korean. They are the words around a password, and not in it.
const CJK: char = '\u{2E80}';

/// The rule that finds a secret in `text`, in which the wide signs are narrow ones.
pub fn find(text: &str) -> Option<Rule> {
    STATEMENT.captures_iter(text).find_map(|parts| {
        let (value, sign) = (parts.name("value")?.as_str(), parts.name("sign").map(|sign| sign.as_str()));
        let kind = if parts.name("password").is_some() { Kind::Password } else { Kind::Token { is_plural: false } };
        let is_assigned = sign == Some("=") && value.starts_with(|c| c < CJK) && literal::is_literal(value, kind);
        (is_assigned || is_plain(value) && is_like_password(value)).then_some(Rule::Assignment)
    })
}

/// As [`is_like_credential`], in any alphabet.
fn is_like_password(value: &str) -> bool {
    let is_letter = |c: char| c.is_alphabetic() && c < CJK;
    let in_latin: String = value.chars().map(|c| if is_letter(c) { 'a' } else { c }).collect();
    is_like_credential(&in_latin, 6)
}
