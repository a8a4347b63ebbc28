//! Secrets inside longer text: settings of any format, addresses, statements, scripts, prose.

use super::{
    Rule,
    literal::{self, is_like_credential, is_plain},
    name::{self, Kind},
    pattern, token,
};
use regex::{Captures, Regex};
use std::sync::LazyLock;

/// The number of bytes that are read of a value, address or line.
const LONGEST: usize = 512;

/// The kind of text. In prose a colon is followed by a word more often than by a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Settings,
    Prose,
}

/// A pattern of text with a place for a secret, and the test whether the place holds one.
struct Statement {
    rule: Rule,
    pattern: Regex,
    is_secret: fn(&Captures<'_>) -> bool,
}

/// Every repetition is bounded or ends at a sign that it cannot take, so that a search is linear in the text. Those of letters
/// of all languages have no bound: the program of each would be as many times as large, a megabyte and more.
static STATEMENTS: LazyLock<Vec<Statement>> = LazyLock::new(|| {
    let last: fn(&Captures<'_>) -> bool = |parts| is_plain(&parts[1]);
    let named: fn(&Captures<'_>) -> bool =
        |parts| name::kind(&parts[1]).is_some_and(|kind| literal::is_literal(&parts[2], kind));
    let directive: fn(&Captures<'_>) -> bool = |parts| {
        let is_known = ["requirepass", "masterauth", "auth_pass", "bindpw", "rootpw"].contains(&&parts[1]);
        (is_known || is_like_credential(&parts[2], 6))
            && name::kind(&parts[1]).is_some_and(|kind| literal::is_literal(&parts[2], kind))
    };
    let host: fn(&Captures<'_>) -> bool = |parts| {
        let is_digest = parts.get(3).is_some_and(|host| matches!(host.as_str(), "sha256" | "sha512"));
        !is_digest && is_plain(&parts[2])
    };
    let bearer: fn(&Captures<'_>) -> bool = |parts| is_like_credential(&parts[1], 16);
    let basic: fn(&Captures<'_>) -> bool = |parts| token::is_login(&parts[1]);
    let prose: fn(&Captures<'_>) -> bool = |parts| is_like_credential(&parts[1], 6) && is_plain(&parts[1]);
    [
        // SQL.
        (Rule::Statement, r#"(?i)(?-u:\b)(?:identified[ \t]{1,4}by|password)[ \t]{1,4}['"]([^'"\n]+)['"]"#, last),
        // XML.
        (Rule::Assignment, r"<(?:[a-z]{1,20}:)?([A-Za-z0-9_.-]{2,40})>[ \t\r\n]{0,8}([^<>\s][^<>]*)</", named),
        // PHP.
        (Rule::Assignment, r#"define\(['"]([A-Za-z0-9_]{2,80})['"], {0,4}['"]([^'"\n]+)['"]"#, named),
        // Settings of two words a line, as of redis and keepalived.
        (Rule::Assignment, r"(?m)^[ \t]{0,40}([A-Za-z][A-Za-z0-9_.-]{2,40})[ \t]{1,40}(\S+)[ \t]{0,8}\r?$", directive),
        // haproxy, and users of redis.
        (
            Rule::Assignment,
            r"(?-u:\b)(?:stats[ \t]{1,8}auth[ \t]{1,8}[^\s:]+:|insecure-password[ \t]{1,8})(\S+)",
            last,
        ),
        (Rule::Assignment, r"(?i)(?-u:\b)(?:set)?user[ \t]{1,4}\S+[ \t]{1,4}on[ \t]{1,4}>(\S+)", last),
        // .netrc and .pgpass.
        (Rule::Assignment, r"(?-u:\b)login[ \t\n]{1,8}\S+[ \t\n]{1,8}password[ \t\n]{1,8}(\S+)", last),
        (Rule::Assignment, r#"(?m)(?:^|[\s"'])[A-Za-z0-9_.*-]{1,80}:(?:[0-9]{4,5}|\*):[^:\s]+:[^:\s]+:([^\s:"']+)(?:$|[\s"'])"#, last),
        // Addresses without a scheme, and those of Oracle.
        (Rule::Address, r"(?-u::thin:)[^/\s@]+/([^@\s]+)@", last),
        (
            Rule::Address,
            r#"(?:^|[\s"'=])[A-Za-z0-9_]{1,30}/([^\s/@]{2,})@(?://|[A-Za-z0-9_.-]{1,80}:[0-9]{2,5}/)"#,
            last,
        ),
        (
            Rule::Address,
            r#"(?:^|[\s"'=,(])([A-Za-z0-9_.+-]{1,64}):([^\s:@/"']{2,})@(?:tcp\(|unix\(|([A-Za-z0-9_.-]{1,80}):[0-9]{2,5}(?-u:\b))"#,
            host,
        ),
        (Rule::Header, r"(?-u)\b[Bb]earer[ \t]{1,4}([A-Za-z0-9._~+/=-]{16,200})", bearer),
        (Rule::Header, r"(?-u)\b[Bb]asic[ \t]{1,4}([A-Za-z0-9+/=]{6,200})", basic),
        // Prose.
        (
            Rule::Assignment,
            r"(?i)(?-u:\b)(?:password|passwd|passphrase|secret|token|api[ -]?key)[ \t]{1,4}(?:is|was|to)[ \t]{1,4}([^\s,;]{6,})",
            prose,
        ),
    ]
    .map(|(rule, text, is_secret)| Statement { rule, pattern: pattern(text), is_secret })
    .into()
});

/// The rule that finds a secret in `text`. `steps` grows by the bytes that are read.
pub fn find(text: &str, style: Style, steps: &mut usize) -> Option<Rule> {
    *steps += text.len();
    if let Some(name) = token::find(text) {
        return Some(Rule::Token(name));
    }
    // Most texts are one word.
    if !text.contains([':', '=', '@', ' ', '\n', '\t', '<', ',']) {
        return None;
    }
    assignment(text, style, steps).or_else(|| address(text, steps)).or_else(|| {
        *steps += text.len() * STATEMENTS.len();
        STATEMENTS
            .iter()
            .find(|statement| statement.pattern.captures_iter(text).any(|parts| (statement.is_secret)(&parts)))
            .map(|statement| statement.rule)
    })
}

/// `name=value`, `name: value`, `"name": "value"`, `?name=value&` and so on.
fn assignment(text: &str, style: Style, steps: &mut usize) -> Option<Rule> {
    let bytes = text.as_bytes();
    for (at, sign) in bytes.iter().enumerate().filter(|(_, byte)| matches!(byte, b'=' | b':')) {
        let Some(left) = Left::of(text, at) else { continue };
        *steps += name::LONGEST;
        let Some(kind) = name::kind(left.name) else { continue };
        let (after, is_spaced) = right(&text[at + 1..], *sign);
        *steps += LONGEST;
        let value = value(after, left.is_expansion, kind, *sign == b':');
        let is_prose = if *sign == b'=' { left.is_label(after) || is_expression(after) } else { is_sentence(after) };
        let is_setting = match style {
            Style::Settings => *sign == b'=' || left.starts_line && is_spaced,
            Style::Prose => *sign == b'=' && !is_title(after),
        };
        let is_certain = left.is_quoted || is_setting && !is_prose;
        let is_secret = literal::is_literal(value, kind)
            && value.len() > 1
            && (is_certain || left.is_expansion || left.is_value(value));
        if is_secret {
            return Some(if kind == Kind::Authorization { Rule::Header } else { Rule::Assignment });
        }
    }
    None
}

/// The text before a sign: a name and its place.
struct Left<'t> {
    /// From the name on.
    text: &'t str,
    name: &'t str,
    /// The name is in quotes, as in JSON.
    is_quoted: bool,
    /// Only blanks, dashes, similar signs or a bracket come before it in its line.
    starts_line: bool,
    /// `${name:-default}`.
    is_expansion: bool,
    is_path: bool,
}

impl<'t> Left<'t> {
    /// None if `at` is not an assignment, for example `!=`, `::` and `://`.
    fn of(text: &'t str, at: usize) -> Option<Self> {
        let bytes = text.as_bytes();
        let (before, sign, after) = (at.checked_sub(1).map(|at| bytes[at])?, bytes[at], bytes.get(at + 1));
        let is_other = match sign {
            b'=' => matches!(before, b'=' | b'!' | b'<' | b'>' | b'~' | b'[') || matches!(after, Some(b'=' | b'~')),
            _ => before == b':' || after == Some(&b':') || text[at + 1..].starts_with("//"),
        };
        if is_other {
            return None;
        }
        let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b':' | b'+' | b'?');
        let mut end = at - bytes[..at].iter().rev().take(4).take_while(|byte| is_blank(byte)).count();
        let is_quoted = end > 0 && matches!(bytes[end - 1], b'"' | b'\'' | b'`');
        while end > 0 && matches!(bytes[end - 1], b'"' | b'\'' | b'`' | b'\\') {
            end -= 1;
        }
        let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-' | b'/');
        let length = bytes[..end].iter().rev().take(name::LONGEST).take_while(|byte| is_of_name(byte)).count();
        let start = end - length;
        let name = &text[start..end];
        let lead = start.checked_sub(1).map(|at| bytes[at]);
        let is_expansion = sign == b':' && lead == Some(b'{') && start > 1 && bytes[start - 2] == b'$';
        // `"$TOKEN" = ""` compares, and `system:secrets:reader` is a name.
        let is_part = sign == b':' && lead == Some(b':');
        if name.is_empty() || is_part || is_quoted && lead == Some(b'$') {
            return None;
        }
        let is_path = name.contains('/');
        Some(Self {
            text: &text[start..],
            name,
            is_quoted,
            starts_line: starts_line(&text[..start]),
            is_expansion,
            is_path,
        })
    }
}

impl Left<'_> {
    /// Whether a phrase follows a name with a dot, as in files of messages: `error.token=Invalid token`.
    fn is_label(&self, after: &str) -> bool {
        let line = upto(after, LONGEST).lines().next().unwrap_or_default().trim();
        let is_phrase =
            line.contains(' ') && line.bytes().all(|byte| byte.is_ascii_alphabetic() || b" .!?'".contains(&byte));
        self.name.contains('.') && is_phrase && line.starts_with(|c: char| c.is_ascii_uppercase())
    }

    /// Whether a word after a name and a colon is its value, and not prose, `image:tag` or `vault:path`.
    fn is_value(&self, word: &str) -> bool {
        let whole = upto(self.text, LONGEST).split_whitespace().next().unwrap_or_default();
        !self.is_path && is_like_credential(word, 6) && is_plain(whole)
    }
}

/// Whether a word after ` = ` is a variable of code: `password = given or "x"`.
fn is_expression(after: &str) -> bool {
    let mut words = upto(after, LONGEST).lines().next().unwrap_or_default().split_whitespace();
    let is_name = words.next().is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'_'));
    after.starts_with(' ') && is_name && words.next().is_some_and(|word| ["or", "and", "if", "+", "??"].contains(&word))
}

/// Whether a phrase with a capital follows, as in a list of values: `SECRET = Secrets of a safe`.
fn is_title(after: &str) -> bool {
    let words: Vec<_> = upto(after, LONGEST).split_whitespace().take(2).collect();
    after.starts_with(' ')
        && words.len() == 2
        && words[0].starts_with(|c: char| c.is_ascii_uppercase())
        && words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether at least three words of letters follow: `Token: renew it soon`.
fn is_sentence(after: &str) -> bool {
    let line = upto(after, LONGEST).lines().next().unwrap_or_default();
    let words: Vec<_> = line.split_whitespace().take(3).collect();
    words.len() == 3 && words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

/// Whether what follows `before` starts a line, a map, or a header in quotes.
fn starts_line(before: &str) -> bool {
    let window = before.len().saturating_sub(60);
    let line = before.as_bytes()[window..].rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
    let is_lead = |byte: &u8| matches!(byte, b' ' | b'\t' | b'-' | b'#' | b';' | b'"' | b'\'' | b'\\' | b'?');
    let rest = line.iter().rposition(|byte| !is_lead(byte)).map_or(&line[..0], |last| &line[..=last]);
    rest.is_empty()
        || rest.ends_with(b"{")
        || rest.ends_with(b",") && !line.ends_with(b"\"") && !line.ends_with(b"'")
        || rest.ends_with(b"export")
        || is_header(line)
}

/// `-H 'name` of curl, `--header "name`.
fn is_header(line: &[u8]) -> bool {
    let line = line.trim_ascii_end();
    let Some((b'"' | b'\'', flag)) = line.split_last() else { return false };
    let flag = flag.trim_ascii_end();
    flag.ends_with(b"-H") || flag.ends_with(b"--header")
}

/// The text after a sign, and whether a blank, a quote or the end of the line comes first.
fn right(after: &str, sign: u8) -> (&str, bool) {
    let after = after.strip_prefix(if sign == b'=' { '>' } else { '=' }).unwrap_or(after);
    (after, after.starts_with([' ', '\t', '"', '\'', '\\', '\n', '\r']))
}

/// The value at the beginning of `after`, without its quotes.
fn value(after: &str, is_expansion: bool, kind: Kind, is_colon: bool) -> &str {
    let after = upto(after, LONGEST);
    if is_expansion {
        let inner = after.split('}').next().unwrap_or_default();
        let is_part = inner.starts_with('?') || !inner.contains(char::is_alphabetic);
        return if is_part { "" } else { inner.trim_start_matches(['-', '=', '+']) };
    }
    let trimmed = after.trim_start_matches([' ', '\t']);
    // A block of YAML: the value is in the next line.
    if is_colon && trimmed.starts_with(['|', '>']) {
        return trimmed.split_once('\n').map_or("", |(_, next)| next.lines().next().unwrap_or_default().trim());
    }
    let trimmed = trimmed.trim_start_matches('\\');
    if let Some(quote) = trimmed.chars().next().filter(|first| matches!(first, '"' | '\'' | '`')) {
        let inner = trimmed[1..].split([quote, '\n']).next().unwrap_or_default();
        // A quote before a blank ends the text before it.
        return if inner.starts_with(' ') { "" } else { inner.trim_end_matches('\\') };
    }
    // A list, an anchor, a pattern or a path is not a password. Templates that begin like one are an exception.
    if trimmed.starts_with(['[', '{', '&', '*', '!', '.', '^', '(']) && !trimmed.starts_with("{{") {
        return "";
    }
    let is_end = |c: char| matches!(c, ',' | ';' | '&' | '|' | ')' | '}' | ']' | '"' | '\'' | '<' | '>' | '`');
    if kind == Kind::Authorization {
        return trimmed.split(|c: char| is_end(c) || c == '\n').next().unwrap_or_default().trim();
    }
    if trimmed.starts_with("$(") || trimmed.starts_with("${") || trimmed.starts_with("{{") {
        // A reference with its blanks: its content decides.
        return trimmed.split(['\n', '"', '\'', '&', ';']).next().unwrap_or_default().trim();
    }
    let word = trimmed.split(|c: char| is_end(c) || c.is_whitespace()).next().unwrap_or_default();
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    if word.starts_with('/') && !word.bytes().all(is_base64) { "" } else { word }
}

/// `scheme://user:password@host`, and a token as the user of a web address.
fn address(text: &str, steps: &mut usize) -> Option<Rule> {
    for (at, _) in text.match_indices("://") {
        let authority = upto(&text[at + 3..], LONGEST);
        *steps += authority.len();
        let is_end = |c: char| matches!(c, '/' | '?' | '#' | '"' | '\'' | '`' | '\\' | '\n' | '\t' | ' ');
        let authority = authority.split(is_end).next().unwrap_or_default();
        let Some((login, _)) = authority.rsplit_once('@') else { continue };
        let is_secret = match login.split_once(':') {
            Some((_, password)) => is_plain(password),
            None => text[..at].ends_with("http") || text[..at].ends_with("https"),
        };
        let is_token = login.contains(':') || is_plain(login) && is_like_credential(login, 16);
        if is_secret && is_token {
            return Some(Rule::Address);
        }
    }
    None
}

/// At most `length` bytes of `text`, cut at a character boundary.
fn upto(text: &str, length: usize) -> &str {
    let end = (0..=length.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or_default();
    &text[..end]
}
