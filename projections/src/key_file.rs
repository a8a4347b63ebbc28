//! The file of the sealing keys, which is kept outside the database.

use domain::core::sealing::keys::{self, SealingKeys};
use std::{fs, io, os::unix::fs::MetadataExt, path::Path};

/// Maximum bytes of a key file.
const MAX_FILE: u64 = 64 << 10;

/// Why a file contains no keys.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: it cannot be read")]
    File { path: String, source: io::Error },
    #[error("{path}: others may use it (mode {mode:04o}): chmod 600 makes it yours alone")]
    Exposed { path: String, mode: u32 },
    #[error(transparent)]
    Keys(#[from] keys::Error),
}

/// Reads a file that only its owner may use.
pub fn read(path: &Path) -> Result<SealingKeys, Error> {
    let failed = |source| Error::File { path: path.display().to_string(), source };
    let about = fs::metadata(path).map_err(failed)?;
    let mode = about.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(Error::Exposed { path: path.display().to_string(), mode });
    }
    if about.len() > MAX_FILE {
        return Err(failed(io::ErrorKind::FileTooLarge.into()));
    }
    Ok(SealingKeys::parse(&fs::read_to_string(path).map_err(failed)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_file_that_others_may_use_is_refused() {
        let path = std::env::temp_dir().join(format!("sealing-key-{}", std::process::id()));
        fs::write(&path, "key AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").expect("written");
        for (mode, is_taken) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false), (0o620, false)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("a mode");
            let read = read(&path);
            assert_eq!(read.is_ok(), is_taken, "{mode:o}");
            assert!(is_taken || matches!(read, Err(Error::Exposed { .. })), "{mode:o}");
        }
        fs::remove_file(&path).expect("removed");
        assert!(matches!(read(&path), Err(Error::File { .. })));
    }
}
