//! ResourceQuotas.

use super::{
    ObjectState, Said,
    seen::{Seen, plain},
};
use crate::{
    core::message::Code,
    kubernetes::{cause::is_key, quantity},
};

/// Characters of a quantity that is shown, at most.
const LONGEST: usize = 24;

pub(super) fn evaluate(seen: &Seen) -> Said {
    let used = seen.status.get("used");
    let full: Vec<String> = seen
        .status
        .get("hard")
        .fields()
        .filter_map(|(name, hard)| full(name, used.get(name).text()?, hard.text()?))
        .collect();
    if full.is_empty() {
        return (ObjectState::Ready, None);
    }
    let message = Code::QuotaFull.message([("quota", seen.name.into()), ("resources", full.into())]);
    (ObjectState::Degraded, Some(plain(message)))
}

/// The resource with what is used of it, if nothing more of it can be used. A limit of nothing is a ban: it is full only if
/// something was there before it.
fn full(name: &str, used: &str, hard: &str) -> Option<String> {
    let (is_used, limit) = (quantity::parse(used)?, quantity::parse(hard)?);
    let is_full = is_used >= limit && is_used > 0.0;
    let is_short = used.len() <= LONGEST && hard.len() <= LONGEST;
    (is_full && is_short && is_key(name)).then(|| format!("{name} {used}/{hard}"))
}
