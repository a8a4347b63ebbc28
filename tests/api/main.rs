//! The public API of a real gateway: its schema, its entry points, its answers to bad input and on bad days.

mod access;
mod audit_tool;
mod bad_days;
mod bad_input;
mod browsers;
mod canaries;
mod cancel;
mod connections;
mod entry_points;
mod forget;
mod fuzz;
mod http;
mod huge;
mod many_at_once;
mod mutations;
mod nodes;
mod quarantine;
mod reads;
mod resume;
mod roles;
mod schema;
mod sealing_key;
mod sessions;
mod settings;
mod socket;
mod storable;
