//! A wrong setting stops the start and is named.

use anyhow::Result;
use std::process::Command;
use tests::{database::sealing_key, gateway::binaries};

#[test]
fn a_wrong_setting_stops_the_start_and_is_named() -> Result<()> {
    let key = sealing_key(&format!("settings-{}", std::process::id()))?;
    let cases = [
        ("BINNACLE_LISTEN", "nowhere"),
        ("BINNACLE_DATABASE_URL", "mysql://x"),
        ("BINNACLE_OPERATION_TIMEOUT", "soon"),
        ("BINNACLE_ROLES", "api,king"),
        ("BINNACLE_LISTNE", "127.0.0.1:1"),
        ("BINNACLE_SEALING_KEY_FILE", "/nowhere"),
    ];
    for (name, value) in cases {
        let output = Command::new(binaries()?.join("binnacle"))
            .arg("serve")
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("BINNACLE_DATABASE_URL", "postgres://nobody:hidden-word@127.0.0.1:1/none")
            .env("BINNACLE_SEALING_KEY_FILE", &key)
            .env(name, value)
            .output()?;
        let words = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{name}={value}: {words}");
        assert!(words.contains(name) || words.contains(&name[9..].to_lowercase().replace('_', "-")), "{name}: {words}");
        assert!(!words.contains("hidden-word"), "the password is shown: {words}");
    }
    Ok(std::fs::remove_file(key)?)
}
