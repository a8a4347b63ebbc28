//! Proofs for auditors: the newest checkpoint of the log, inclusion of an event, and consistency of two sizes.

use crate::graphql::engine::{error::ApiError, reads::read, scalar::Position};
use async_graphql::{Context, Object, SimpleObject};
use projections::evidence::prove;

/// Proof that an event is in the log (RFC 6962, section 2.1.1). Hashes are base64.
#[derive(SimpleObject)]
pub struct InclusionProof {
    /// Number of events in the tree. This event is number `position`.
    tree_size: Position,
    /// The leaf is the SHA-256 of a zero byte and this hash.
    content_hash: String,
    root_hash: String,
    /// From the sibling of the leaf upwards.
    path: Vec<String>,
    /// This proof with the signed checkpoint, as a file of c2sp.org/tlog-proof, which `binnacle-audit verify --proof`
    /// checks; null if the log is not signed.
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

/// The size of the log when it was last sealed, and the root of its tree.
#[derive(SimpleObject)]
pub struct LogCheckpoint {
    tree_size: Position,
    /// Base64.
    root_hash: String,
    /// The signed checkpoint of c2sp.org/tlog-checkpoint; null if the log is not signed.
    note: Option<String>,
}

#[derive(Default)]
pub struct EvidenceQuery;

#[Object]
impl EvidenceQuery {
    /// The newest checkpoint; null before the first event is sealed.
    async fn log_checkpoint(&self, ctx: &Context<'_>) -> Result<Option<LogCheckpoint>, ApiError> {
        let newest = read(ctx, prove::newest).await?;
        Ok(newest.map(|sealed| LogCheckpoint {
            tree_size: Position(sealed.size),
            root_hash: prove::base64(&sealed.root),
            note: sealed.note,
        }))
    }

    /// Proof that the first `to` events begin with the first `from` events (RFC 6962, section 2.1.2), base64. Null
    /// unless both are sealed and `from` is at most `to`.
    async fn log_consistency(
        &self,
        ctx: &Context<'_>,
        from: Position,
        to: Position,
    ) -> Result<Option<Vec<String>>, ApiError> {
        let proof = read(ctx, |pool| prove::consistency(pool, from.0, to.0)).await?;
        Ok(proof.map(|path| path.iter().map(|hash| prove::base64(&hash.0)).collect()))
    }
}
