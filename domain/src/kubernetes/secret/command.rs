//! Secrets among the words of a command: after a flag, and where certain programs expect a password.

use super::{
    Rule,
    literal::{self, is_like_credential, is_plain},
    name,
};

/// The maximum depth of scripts inside scripts: `sh -c "ssh host 'mysql -p..'"`.
const DEEPEST: usize = 2;

/// The number of words before a flag that are searched for a subcommand.
const WINDOW: usize = 16;

/// Where a program expects a password.
enum Place {
    /// The word after one of these flags.
    After(&'static [&'static str]),
    /// Within the word of this flag, as `-pX`.
    Within(&'static str),
    /// The part after the colon, the percent sign or the comma of the word after one of these flags.
    Login(&'static [&'static str]),
    /// The part after the colon within the word of this flag, as `-uadmin:X`.
    LoginWithin(&'static str),
    /// Like `After`, if this word came before.
    AfterWord(&'static str, &'static [&'static str]),
    /// This many words after this word.
    Following(&'static str, usize),
}

/// Programs, and the places of their passwords, besides flags with a secret name.
const PROGRAMS: [(&[&str], Place); 30] = [
    (MYSQL, Place::Within("-p")),
    (&["mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport"], Place::After(&["-p"])),
    (&["redis-cli", "redis-benchmark", "valkey-cli", "keydb-cli"], Place::After(&["-a", "--pass"])),
    (&["curl"], Place::Login(&["-u", "--user", "-U", "--proxy-user"])),
    (&["curl"], Place::LoginWithin("-u")),
    (&["http", "https", "xh"], Place::Login(&["-a", "--auth"])),
    (&["vault", "bao"], Place::Following("login", 1)),
    (&["curl"], Place::After(&["--oauth2-bearer"])),
    (&["sshpass"], Place::After(&["-p"])),
    (&["sshpass"], Place::Within("-p")),
    (
        &[
            "docker", "podman", "nerdctl", "buildah", "skopeo", "crane", "oras", "helm", "regctl", "az", "oc", "cf",
            "argocd",
        ],
        Place::AfterWord("login", &["-p"]),
    ),
    (&["skopeo", "crane", "podman"], Place::Login(&["--creds", "--src-creds", "--dest-creds"])),
    (
        &["ldapsearch", "ldapadd", "ldapmodify", "ldapwhoami", "ldappasswd", "ldapdelete", "ldapcompare"],
        Place::After(&["-w"]),
    ),
    (&["ldappasswd"], Place::After(&["-s", "-a"])),
    (&["sqlcmd", "bcp"], Place::After(&["-P"])),
    (&["sqlcmd", "bcp"], Place::Within("-P")),
    (&["cqlsh", "cypher-shell", "beeline", "couchbase-cli"], Place::After(&["-p"])),
    (&["influx"], Place::After(&["-t", "-p"])),
    (&["swaks"], Place::After(&["-ap"])),
    (&["mosquitto_pub", "mosquitto_sub", "ipmitool", "unzip", "zip"], Place::After(&["-P"])),
    (&["smbclient", "rpcclient"], Place::Login(&["-U"])),
    (&["lftp"], Place::Login(&["-u"])),
    (&["rabbitmqctl"], Place::Following("add_user", 2)),
    (&["rabbitmqctl"], Place::Following("change_password", 2)),
    (&["rabbitmqctl"], Place::Following("authenticate_user", 2)),
    (&["htpasswd"], Place::Following("-bn", 2)),
    (&["htpasswd"], Place::Following("-nb", 2)),
    (&["htpasswd"], Place::Following("-nbB", 2)),
    (&["htpasswd"], Place::Following("-b", 3)),
    (&["mc"], Place::Following("set", 4)),
];
const MYSQL: &[&str] = &[
    "mysql",
    "mysqldump",
    "mysqladmin",
    "mysqlimport",
    "mysqlcheck",
    "mysqlslap",
    "mysqlpump",
    "mariadb",
    "mariadb-dump",
    "mariadb-admin",
    "mariadb-backup",
    "xtrabackup",
];
/// Words that may come before the program.
const PREFIXES: [&str; 14] =
    ["exec", "sudo", "env", "time", "nohup", "then", "do", "else", "if", "while", "until", "!", "command", "timeout"];

/// The places of secrets in `words`, each with its rule. `program` is what runs when no word names a program.
pub fn find<W: AsRef<str>>(words: &[W], program: Option<&str>) -> Vec<(usize, Rule)> {
    let words: Vec<&str> = words.iter().map(AsRef::as_ref).collect();
    let mut found = flags(&words);
    let mut program = program.map(|program| (0, program));
    for (at, word) in words.iter().enumerate() {
        let name = word.rsplit('/').next().unwrap_or_default();
        if PROGRAMS.iter().any(|(names, _)| names.contains(&name)) {
            program = Some((at + 1, name));
        }
        if let Some((start, program)) = program {
            found.extend(of_program(&words, start, at, program));
        }
    }
    found
}

/// `--password X`, `-token X`, `set some_token X`; with `=` it is found in the text of the word.
fn flags(words: &[&str]) -> Vec<(usize, Rule)> {
    let is_pair = |flag: &str, value: &str| {
        let is_flag = flag.starts_with('-') && !flag.contains(['=', ' ', ':']);
        // A name alone is often a word of a sentence, so its value must look like more than a word.
        let is_setting =
            flag.contains('_') && is_like_credential(value, 12) || ["requirepass", "masterauth"].contains(&flag);
        (is_flag || is_setting)
            && !value.starts_with(['-', '<', '>'])
            && name::kind(flag.trim_start_matches('-')).is_some_and(|kind| literal::is_literal(value, kind))
    };
    let pairs = words.iter().zip(words.iter().skip(1)).enumerate();
    pairs.filter(|(_, (flag, value))| is_pair(flag, value)).map(|(at, _)| (at + 1, Rule::Flag)).collect()
}

/// Whether the word at `at` ends in a password that `program` expects. The words of the program begin at `start`.
fn of_program(words: &[&str], start: usize, at: usize, program: &str) -> Option<(usize, Rule)> {
    let word = words[at];
    let before = |distance: usize| at.checked_sub(distance).filter(|at| *at >= start).map(|at| words[at]);
    let follows = |flags: &[&str]| before(1).is_some_and(|flag| flags.contains(&flag));
    let is_secret = |(names, place): &(&[&str], Place)| {
        names.contains(&program)
            && match place {
                Place::After(flags) => follows(flags) && is_password(word),
                Place::Within(flag) => {
                    word.strip_prefix(flag).is_some_and(|rest| !rest.starts_with('-') && is_password(rest))
                }
                Place::Login(flags) => {
                    follows(flags) && word.split_once([':', '%', ',']).is_some_and(|(_, rest)| is_password(rest))
                }
                Place::LoginWithin(flag) => word
                    .strip_prefix(flag)
                    .and_then(|login| login.split_once(':'))
                    .is_some_and(|(_, rest)| is_password(rest)),
                Place::AfterWord(needed, flags) => {
                    let window = start.max(at.saturating_sub(WINDOW));
                    follows(flags) && words[window..at].contains(needed) && is_password(word)
                }
                Place::Following(needed, distance) => {
                    before(*distance) == Some(*needed) && is_password(word) && !word.starts_with('-')
                }
            }
    };
    (at >= start && PROGRAMS.iter().any(is_secret)).then_some((at, Rule::Command))
}

fn is_password(word: &str) -> bool {
    is_plain(word) && !word.starts_with(['<', '>'])
}

/// The rule that finds a secret in a shell script. `steps` grows by the bytes that are read.
pub fn in_script(script: &str, steps: &mut usize) -> Option<Rule> {
    script_at(script, 0, steps)
}

fn script_at(script: &str, depth: usize, steps: &mut usize) -> Option<Rule> {
    *steps += script.len();
    let mut piped: Option<String> = None;
    for command in commands(script) {
        let words = command.words.iter().skip_while(|word| is_prefix(word)).collect::<Vec<_>>();
        if let Some((_, rule)) = find(&words, None).first() {
            return Some(*rule);
        }
        let reads_password = words.iter().any(|word| {
            matches!(word.as_str(), "--password-stdin" | "--with-token" | "chpasswd" | "kinit" | "cryptsetup")
        });
        if reads_password && piped.as_deref().is_some_and(is_password) {
            return Some(Rule::Command);
        }
        if depth < DEEPEST
            && let Some(rule) =
                words.iter().filter(|word| word.contains(' ')).find_map(|word| script_at(word, depth + 1, steps))
        {
            return Some(rule);
        }
        let is_output = words.first().is_some_and(|program| matches!(program.as_str(), "echo" | "printf"));
        piped = if command.is_piped && is_output { words.last().map(|word| (*word).clone()) } else { None };
    }
    None
}

/// A variable before the program, or a word that runs another.
fn is_prefix(word: &str) -> bool {
    PREFIXES.contains(&word) || word.split_once('=').is_some_and(|(name, _)| !name.starts_with('-') && !name.is_empty())
}

#[derive(Default)]
struct Command {
    words: Vec<String>,
    /// Its output goes to the next one.
    is_piped: bool,
}

/// The simple commands of a script, without quotes. The parser is rough: text that is not shell is also split into
/// words.
fn commands(script: &str) -> Vec<Command> {
    let mut commands = vec![Command::default()];
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = script.chars().peekable();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(end)) if letter == end => quote = None,
            ('\\', None | Some('"')) => match letters.next() {
                Some('\n') | None => {}
                Some(escaped) => word.get_or_insert_default().push(escaped),
            },
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (';' | '&' | '|' | '\n' | '`' | '(' | ')', None) if !is_substitution(letter, word.as_deref()) => {
                end_word(&mut commands, &mut word);
                let is_piped = letter == '|' && letters.peek() != Some(&'|');
                if let Some(command) = commands.last_mut() {
                    command.is_piped = is_piped;
                }
                commands.push(Command::default());
            }
            (blank, None) if blank.is_whitespace() => end_word(&mut commands, &mut word),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    end_word(&mut commands, &mut word);
    commands
}

/// `$(` belongs to the word, which makes it a reference.
fn is_substitution(letter: char, word: Option<&str>) -> bool {
    letter == '(' && word.is_some_and(|word| word.ends_with('$'))
}

fn end_word(commands: &mut [Command], word: &mut Option<String>) {
    if let (Some(command), Some(word)) = (commands.last_mut(), word.take()) {
        command.words.push(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn script(text: &str) -> Option<Rule> {
        in_script(text, &mut 0)
    }

    #[test]
    fn words_after_flags_and_of_programs_are_found() {
        assert_eq!(find(&["serve", "--password", "hunter2"], None), [(2, Rule::Flag)]);
        assert_eq!(find(&["mysqldump", "-uroot", "-phunter2"], None), [(2, Rule::Command)]);
        assert_eq!(find(&["-u", "a:hunter2", "https://h"], Some("curl")), [(1, Rule::Command)]);
        assert_eq!(find(&["redis-cli", "-a", "hunter2", "ping"], None), [(2, Rule::Command)]);
        for harmless in [
            &["serve", "--password", "$(PASSWORD)"][..],
            &["ssh", "-p", "2222", "host"],
            &["docker", "run", "-p", "80:80", "web"],
            &["--token", "--verbose"],
            &["curl", "-u", "$USER:$PASSWORD"],
            &["mysql", "-p"],
        ] {
            assert_eq!(find(harmless, None), [], "{harmless:?}");
        }
    }

    #[test]
    fn scripts_are_read_like_a_shell() {
        for leaking in [
            "set -e; mysqldump -h db -u root -phunter2 shop | gzip",
            "sudo docker login -u ci -p hunter2 registry",
            "echo hunter2 | docker login -u ci --password-stdin",
            "echo 'root:hunter2' | chpasswd",
            "echo hunter2 | kinit admin",
            "curl -uadmin:hunter2 https://h",
            "vault login s.8Vq2hunter2",
            "redis-cli config set requirepass hunter2",
            "sh -c \"redis-cli -a 'hunter2' ping\"",
            "app --token \\\n  hunter2x",
            "aws configure set aws_secret_access_key 3vQ9x7LmT2bN5cR8wZ1k",
        ] {
            assert!(script(leaking).is_some(), "{leaking}");
        }
        for harmless in [
            "mysql -p\"$PASSWORD\" <<SQL",
            "echo \"$TOKEN\" | docker login --password-stdin",
            "mkdir -p /data && nc -z db 5432",
            "curl -u \"$(cat /user)\" https://h",
            "curl -uadmin:$PASSWORD https://h",
            "vault login -method=kubernetes role=web",
            "gitlab-runner register --token \"$TOKEN\" --executor kubernetes",
            "it's prose; with an apostrophe",
        ] {
            assert_eq!(script(harmless), None, "{harmless}");
        }
    }
}
