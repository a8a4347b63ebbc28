//! Names of environment variables: an unknown `BINNACLE_*` is an error that names it and the nearest known one.

use clap::Command;

/// Used by scripts around Binnacle, not by Binnacle.
const FOREIGN: [&str; 7] = [
    "BINNACLE_DATABASE_ADMIN_URL",
    "BINNACLE_URL",
    "BINNACLE_BIN",
    "BINNACLE_STATE",
    "BINNACLE_API_AUDIT_LOG",
    "BINNACLE_CLUSTER_DIR",
    "BINNACLE_VERIFIER_KEY",
];

/// Returns an error for the first unknown name.
pub fn check<'a>(names: impl IntoIterator<Item = &'a str>, command: &Command) -> Result<(), String> {
    let known = known(command);
    for name in names {
        let is_ours = name.starts_with("BINNACLE_") && !name.starts_with("BINNACLE_TEST_") && !FOREIGN.contains(&name);
        if is_ours && !known.iter().any(|known| known == name) {
            return Err(unknown(name, &known));
        }
    }
    Ok(())
}

fn unknown(name: &str, known: &[String]) -> String {
    match known.iter().min_by_key(|known| distance(name, known)) {
        Some(nearest) => format!("{name}: there is no such setting; the nearest one is {nearest}"),
        None => format!("{name}: there is no such setting"),
    }
}

/// The environment variable of a flag.
pub fn setting_of(flag: &str) -> String {
    let name = flag.trim_start_matches('-').split([' ', '=']).next().unwrap_or_default();
    format!("BINNACLE_{}", name.replace('-', "_").to_uppercase())
}

fn known(command: &Command) -> Vec<String> {
    let own = command.get_arguments().filter_map(|argument| Some(argument.get_env()?.to_str()?.to_owned()));
    own.chain(command.get_subcommands().flat_map(known)).collect()
}

/// The edit distance between two names.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, b) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::CommandFactory;

    #[test]
    fn an_unknown_setting_is_named_with_the_nearest_one() {
        let wrong = check(["PATH", "BINNACLE_LISTEN", "BINNACLE_LISTN"], &Cli::command());
        let message = wrong.expect_err("a wrong name");
        assert!(message.contains("BINNACLE_LISTN:") && message.ends_with("BINNACLE_LISTEN"), "{message}");
    }

    #[test]
    fn what_scripts_use_is_let_through() {
        let names = ["BINNACLE_DATABASE_ADMIN_URL", "BINNACLE_URL", "BINNACLE_TEST_X", "BINNACLE_BIN", "HOME"];
        assert_eq!(check(names, &Cli::command()), Ok(()));
    }

    #[test]
    fn every_setting_has_the_name_of_its_flag() {
        for command in Cli::command().get_subcommands() {
            for argument in command.get_arguments() {
                let (Some(env), Some(long)) = (argument.get_env(), argument.get_long()) else { continue };
                // A variable without the prefix, which all tools for Kubernetes share.
                if long != "kubeconfig" {
                    assert_eq!(env.to_str(), Some(setting_of(long).as_str()));
                }
            }
        }
    }
}
