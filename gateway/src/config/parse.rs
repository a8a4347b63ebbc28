//! Parsers of single settings. Their messages say what is allowed.

use domain::platform::cluster::{Environment, name};
use std::time::Duration;
use tracing_subscriber::{EnvFilter, filter::LevelFilter};
use url::Url;

/// A number with a unit: 30s, 10m, 12h, 7d.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "write a number with a unit: 30s, 10m, 12h or 7d".to_owned();
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    match number.checked_mul(seconds) {
        Some(0) => Err("it must be longer than nothing".to_owned()),
        Some(total) if total <= 366 * 86400 => Ok(Duration::from_secs(total)),
        _ => Err("it must not be longer than 366d".to_owned()),
    }
}

pub fn token_life(text: &str) -> Result<Duration, String> {
    let life = duration(text)?;
    let allowed = Duration::from_secs(5)..=Duration::from_secs(3600);
    if allowed.contains(&life) { Ok(life) } else { Err("it must be between 5s and 1h".to_owned()) }
}

pub fn environment(text: &str) -> Result<Environment, String> {
    let all = [Environment::Production, Environment::Staging, Environment::Development];
    let named = all.into_iter().find(|environment| environment.as_str().eq_ignore_ascii_case(text));
    named.ok_or_else(|| "write production, staging or development".to_owned())
}

/// The name of a cluster, in its one spelling.
pub fn cluster_name(text: &str) -> Result<String, String> {
    let canonical = name::canonical(text);
    if text == canonical { Ok(canonical) } else { Err(format!("write it as {canonical}: a name has one spelling")) }
}

/// A number of places for connections.
pub fn places(text: &str) -> Result<usize, String> {
    let places = text.parse().ok().filter(|places| (8..=1_000_000).contains(places));
    places.ok_or_else(|| "write a number from 8 to 1000000".to_owned())
}

/// `scheme://host[:port]` without a path.
pub fn origin(text: &str) -> Result<String, String> {
    let text = text.trim().trim_end_matches('/').to_lowercase();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    if host.is_empty() || host.contains(['/', '?', '#', '@', ' ', '*']) {
        return Err("write an origin such as https://console.example.org".to_owned());
    }
    Ok(text)
}

/// The address of the console: an origin, because it is served at the root of its host.
pub fn public_url(text: &str) -> Result<Url, String> {
    let url = origin(text).ok().and_then(|origin| Url::parse(&origin).ok());
    url.ok_or_else(|| "write an address without a path such as https://console.example.org".to_owned())
}

pub fn username(text: &str) -> Result<String, String> {
    let name = text.trim().to_lowercase();
    let fits = (1..=64).contains(&name.chars().count()) && !name.chars().any(|c| c.is_control() || c.is_whitespace());
    if fits { Ok(name) } else { Err("write 1 to 64 characters without spaces".to_owned()) }
}

/// A log filter: a level, or levels of modules as `module=level`.
pub fn filter(text: &str) -> Result<String, String> {
    // The filter reads a single unknown word as a module: it would log all lines of that module and no others.
    let mut words = text.split(',').map(str::trim).filter(|word| !word.is_empty() && !word.contains(['=', '[']));
    if let Some(word) = words.find(|word| word.parse::<LevelFilter>().is_err()) {
        return Err(format!("{word:?} is no level: off, error, warn, info, debug or trace, or part=level"));
    }
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_is_no_level_is_not_taken_for_the_name_of_a_part() {
        for right in ["info", "WARN", "off", "info,sqlx=warn", "debug,hyper=off", "info,[socket]=debug", "info,", ""] {
            assert_eq!(filter(right).as_deref(), Ok(right));
        }
        for wrong in ["loud", "infoo", "info,sqlx", "info,sqlx=wran"] {
            assert!(filter(wrong).is_err(), "{wrong:?} passed");
        }
    }

    #[test]
    fn a_time_has_a_unit_and_a_limit() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("7d"), Ok(Duration::from_secs(604_800)));
        for wrong in ["", "10", "m", "0s", "-1s", "1.5h", "10 m", "1w", "400d", "99999999999999999999d", "1ü"] {
            assert!(duration(wrong).is_err(), "{wrong:?} passed");
        }
        assert!(token_life("2h").is_err() && token_life("1s").is_err() && token_life("10m").is_ok());
    }

    #[test]
    fn an_origin_is_no_address_of_a_page() {
        assert_eq!(origin("https://Console.example.org/"), Ok("https://console.example.org".to_owned()));
        for wrong in ["*", "console.example.org", "https://", "https://a/b", "https://*.a", "ftp://a", "https://u@a"] {
            assert!(origin(wrong).is_err() && public_url(wrong).is_err(), "{wrong:?} passed");
        }
        let url = public_url("HTTPS://Console.example.org:443/").map(|url| url.origin().ascii_serialization());
        assert_eq!(url.as_deref(), Ok("https://console.example.org"));
        assert!(public_url("https://a:port").is_err());
    }
}
