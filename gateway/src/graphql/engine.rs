//! Mechanism of the API: the guard, limits, errors, lists and live streams. It knows no type of a row.

pub mod connection;
pub mod error;
pub mod guard;
pub mod limits;
pub mod live;
pub mod loaders;
pub mod message;
pub mod reads;
pub mod rows;
pub mod scalar;
pub mod values;
