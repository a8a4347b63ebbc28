//! The whole path of an operation on a real Postgres and a cluster in memory that fails on command.

mod access;
mod batch;
mod batches;
mod beside_insert;
mod deleted_keys;
mod evidence;
mod forced;
mod kubernetes_events;
mod operations;
mod publish;
mod regression;
mod removal;
mod replicas;
mod rights;
mod silence;
mod typed;
mod ways;
