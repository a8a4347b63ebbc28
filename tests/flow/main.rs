//! The whole path of an operation on a real Postgres and a cluster in memory that fails when told to.

mod batches;
mod beside_insert;
mod evidence;
mod forced;
mod publish;
mod regression;
mod replicas;
mod rights;
mod silence;
mod wishes;
