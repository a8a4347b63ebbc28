//! The gateway dies between any two steps from the click to the outcome: after a restart every operation ends, none is
//! lost, none is done twice, as the API server's own audit log shows.

mod batches;
mod points;
