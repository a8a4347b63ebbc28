//! A witness on another machine remembers the last checkpoint. It signs the next one only if the log has only grown. So
//! it exposes a log keeper that shows different logs to different readers.
//!
//! Promises to sign only a log that continues the last one it saw. Tested in tests/flow/evidence.rs.

use super::{
    Broken, Error,
    checkpoint::{self, TrustedKeys, Witness},
    prove, sealed,
};
use chrono::Utc;
use sqlx::PgPool;

/// Adds the signature of the witness to the newest signed checkpoint, or reports how the log changed. `seen` is the
/// previous result, None the first time.
pub async fn look(
    pool: &PgPool,
    trusted: &TrustedKeys,
    witness: &Witness,
    seen: Option<&str>,
) -> Result<Result<String, Broken>, Error> {
    let newest = sealed::signed(pool, i64::MAX).await?;
    let note = newest.ok_or_else(|| Error::NotNow("the log has no signed checkpoint yet".to_owned()))?;
    let (now, _) = match trusted.open(&note) {
        Ok(opened) => opened,
        Err(error) => return Ok(Err(Broken::anywhere(format!("its newest checkpoint cannot be believed: {error}")))),
    };
    if let Some(seen) = seen {
        let (before, _) = trusted.open(seen).map_err(Error::Checkpoint)?;
        if let Err(broken) = has_only_grown(pool, &before, &now).await? {
            return Ok(Err(broken));
        }
    }
    let time = Utc::now().timestamp().unsigned_abs();
    witness.cosign(&note, time).map(Ok).map_err(Error::Checkpoint)
}

async fn has_only_grown(
    pool: &PgPool,
    before: &tlog_tiles::Checkpoint,
    now: &tlog_tiles::Checkpoint,
) -> Result<Result<(), Broken>, Error> {
    let (old, new) = (before.size(), now.size());
    if before.origin() != now.origin() {
        let problem = format!("this is the log {}, and not {}", now.origin(), before.origin());
        return Ok(Err(Broken::anywhere(problem)));
    }
    if sealed::were_lost(pool, new, old).await? {
        let problem = format!(
            "the newest checkpoint is of {new} events, and one of {old} was seen: after a crash of the database it comes back within \
             seconds, so if it does not, checkpoints are being removed"
        );
        return Err(Error::NotNow(problem));
    }
    if new < old {
        let problem = format!("it had {old} events, and has {new} by now: the others were cut off");
        return Ok(Err(Broken::at(new.cast_signed() + 1, problem)));
    }
    let rewritten = |error: checkpoint::Error| Broken::at(old.cast_signed(), error.to_string());
    let proof = match prove::consistency(pool, old.cast_signed(), new.cast_signed()).await {
        Ok(proof) => proof.ok_or_else(|| Error::NotNow("the log gave no proof".to_owned()))?,
        Err(crate::Error::Sealed { .. }) => return Ok(Err(rewritten(checkpoint::Error::NotConsistent { old, new }))),
        Err(error) => return Err(error.into()),
    };
    Ok(prove::is_consistent(before, now, &proof).map_err(rewritten))
}
