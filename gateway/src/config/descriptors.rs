//! The number of client connections that the process can hold. Each needs a file descriptor, as do Postgres, Kubernetes
//! and the files of the process.

use super::{Database, Server};
use crate::http::server::connections::Limits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Descriptors kept for everything except clients and the database pool: log followers, rebuilds, cluster watches,
/// spare places, files.
const RESERVED: usize = 64;
/// The minimum of places that is useful.
const FEWEST: usize = 16;
/// Maximum places without a setting, because their memory is bounded too.
const MOST: usize = 16_384;
/// Open files that the process requests from the system.
const WANTED_FILES: u64 = 1 << 20;

impl Server {
    /// Maximum connections of the main address. The error message names the setting.
    pub fn limits(&self, database: &Database) -> Result<Limits, String> {
        let files = raised();
        let pool = usize::try_from(database.database_connections).unwrap_or(usize::MAX);
        let total = total(files, pool, self.connections)?;
        // One client may use three quarters of the places at most.
        let per_address = self.connections_per_address.min(total - total / 4);
        Ok(Limits { total, per_address, trusted_proxies: self.trusted_proxies.clone().into() })
    }
}

fn total(files: usize, pool: usize, setting: Option<usize>) -> Result<usize, String> {
    let left = files.saturating_sub(RESERVED.saturating_add(pool));
    let hint = "raise it (ulimit -n, LimitNOFILE of systemd)";
    match setting {
        Some(wanted) if wanted > left => {
            Err(format!("BINNACLE_CONNECTIONS: the limit of {files} open files leaves {left} connections: {hint}"))
        }
        Some(wanted) => Ok(wanted),
        None if left < FEWEST => Err(format!("the limit of {files} open files leaves {left} connections: {hint}")),
        None => Ok(left.min(MOST)),
    }
}

/// The limit of open files, raised as far as allowed. The soft limit is usually lower than needed.
fn raised() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.unwrap_or(WANTED_FILES).min(WANTED_FILES);
    let has_enough = current.is_none_or(|current| current >= wanted);
    if !has_enough {
        // If raising it is not allowed, the limit read next applies.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
    let current = getrlimit(Resource::Nofile).current.unwrap_or(WANTED_FILES);
    usize::try_from(current).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_what_the_limit_of_open_files_leaves() {
        assert_eq!(total(100, 12, None), Ok(24));
        assert_eq!(total(1 << 20, 12, None), Ok(MOST));
        assert_eq!(total(1 << 20, 12, Some(100_000)), Ok(100_000));
    }

    #[test]
    fn a_limit_that_leaves_too_few_places_is_an_error_that_says_so() {
        for (files, setting) in [(80, None), (76, None), (1024, Some(1000))] {
            let message = total(files, 12, setting).expect_err("too few");
            assert!(message.contains(&format!("{files} open files")), "{message}");
        }
    }
}
