//! The console's gateway beside servers that others write GraphQL with: each a process of its own, asked over HTTP and followed
//! over a socket by the same client. The database is the same too: what Binnacle folded from its log, copied for each.

pub mod client;
pub mod contender;
pub mod crowd;
pub mod cut;
pub mod process;
pub mod scene;
pub mod socket;
