//! What only a real Kubernetes shows.

mod awkward;
mod causes;
mod editing;
mod faults;
mod following;
mod identity;
mod judges;
mod kinds;
mod many;
mod operations;
mod others;
mod preview;
mod reading;
mod second_actor;
mod situations;
mod watching;
mod world;
