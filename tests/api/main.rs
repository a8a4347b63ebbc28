//! The public API of a real gateway: its schema, its doors, its answers to bad input and on bad days.

mod audit_tool;
mod bad_days;
mod bad_input;
mod browsers;
mod cancel;
mod connections;
mod doors;
mod fuzz;
mod huge;
mod many_at_once;
mod quarantine;
mod reads;
mod resume;
mod roles;
mod schema;
mod sessions;
mod settings;
mod socket;
mod wishes;
