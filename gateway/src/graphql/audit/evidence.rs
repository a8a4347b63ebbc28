//! Proof for others: the newest checkpoint of the log, that an event stands in it, and that it only grew.

use crate::graphql::engine::{error::Fault, reads::read, scalar::Position};
use async_graphql::{Context, Object, SimpleObject};
use projections::evidence::prove;

/// That an event stands in the log (RFC 6962, section 2.1.1). Hashes are base64.
#[derive(SimpleObject)]
pub struct InclusionProof {
    /// Events in the tree, of which this one is number `position`.
    tree_size: Position,
    /// The leaf is the SHA-256 of a zero byte and this hash.
    content_hash: String,
    root_hash: String,
    /// From the leaf's sibling up.
    path: Vec<String>,
    /// All of it with the signed checkpoint as a file of c2sp.org/tlog-proof, which `binnacle-audit verify --proof` checks;
    /// null where the log is not signed.
    text: Option<String>,
}

impl From<prove::Inclusion> for InclusionProof {
    fn from(proof: prove::Inclusion) -> Self {
        Self {
            tree_size: Position(proof.size),
            content_hash: prove::base64(&proof.event.content_hash),
            root_hash: prove::base64(&proof.root),
            path: proof.path.iter().map(|hash| prove::base64(hash)).collect(),
            text: proof.text(),
        }
    }
}

/// How large the log was when it was last sealed, and which root its tree had.
#[derive(SimpleObject)]
pub struct LogCheckpoint {
    tree_size: Position,
    /// Base64.
    root_hash: String,
    /// The checkpoint of c2sp.org/tlog-checkpoint, signed; null where the log is not signed.
    note: Option<String>,
}

#[derive(Default)]
pub struct EvidenceQuery;

#[Object]
impl EvidenceQuery {
    /// The newest one; null before the first event was sealed.
    async fn log_checkpoint(&self, ctx: &Context<'_>) -> Result<Option<LogCheckpoint>, Fault> {
        let newest = read(ctx, prove::newest).await?;
        Ok(newest.map(|sealed| LogCheckpoint {
            tree_size: Position(sealed.size),
            root_hash: prove::base64(&sealed.root),
            note: sealed.note,
        }))
    }

    /// That the first `from` events are the beginning of the first `to` (RFC 6962, section 2.1.2), base64. Null unless both
    /// are sealed and in this order.
    async fn log_consistency(
        &self,
        ctx: &Context<'_>,
        from: Position,
        to: Position,
    ) -> Result<Option<Vec<String>>, Fault> {
        let proof = read(ctx, |pool| prove::consistency(pool, from.0, to.0)).await?;
        Ok(proof.map(|path| path.iter().map(|hash| prove::base64(&hash.0)).collect()))
    }
}
