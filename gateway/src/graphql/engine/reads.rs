//! The reads of a request take turns: one request has few under way at once, and so has one person, so that whoever asks for much
//! leaves connections to everybody else.
//!
//! Promises that a resolver gets the connections only together with a turn. Streams, which read by key as events come, and the
//! loaders, which read for many at once, have theirs from [`crate::graphql::context::Services::pool`].

use super::error::Fault;
use crate::auth::Viewer;
use crate::graphql::context::services;
use async_graphql::Context;
use domain::core::ids::UserId;
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::Semaphore;

/// The turns of everybody.
pub struct Reads {
    /// Of one person at once: half of the connections.
    of_person: usize,
    persons: Mutex<HashMap<Option<UserId>, Weak<Semaphore>>>,
}

/// The turns of one request.
pub struct Turns {
    own: Semaphore,
    person: Arc<Semaphore>,
}

impl Reads {
    pub fn new(pool: &PgPool) -> Self {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
        Self { of_person: (connections / 2).max(1), persons: Mutex::default() }
    }

    /// For a request of this person; all who have not signed in are one.
    pub fn turns(&self, viewer: Option<&Viewer>) -> Turns {
        self.of(viewer.map(|viewer| viewer.user))
    }

    fn of(&self, person: Option<UserId>) -> Turns {
        let mut persons = self.persons.lock().unwrap_or_else(PoisonError::into_inner);
        persons.retain(|_, turns| turns.strong_count() > 0);
        let known = persons.get(&person).and_then(Weak::upgrade);
        let person = known.unwrap_or_else(|| {
            let turns = Arc::new(Semaphore::new(self.of_person));
            persons.insert(person, Arc::downgrade(&turns));
            turns
        });
        Turns { own: Semaphore::new(self.of_person.div_ceil(2)), person }
    }
}

impl Turns {
    /// Runs a read when it is its turn.
    async fn run<T>(&self, read: impl Future<Output = T>) -> T {
        // Neither is ever closed. A request that waits for its own turns does not stand in the way of others of its person.
        let _turn = (self.own.acquire().await, self.person.acquire().await);
        read.await
    }
}

/// Reads for a resolver.
pub async fn read<'a, T, F>(ctx: &Context<'a>, read: impl FnOnce(&'a PgPool) -> F) -> Result<T, Fault>
where
    F: Future<Output = Result<T, projections::Error>>,
{
    let turns: &Turns = ctx.data_unchecked();
    Ok(turns.run(read(services(ctx).pool())).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn person(id: u128) -> Option<UserId> {
        Some(UserId(uuid::Uuid::from_u128(id)))
    }

    /// The most reads that were under way at once when requests of these persons read eight times each.
    async fn most(reads: &Reads, persons: &[u128]) -> usize {
        let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let read = async || {
            most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            under_way.fetch_sub(1, Ordering::SeqCst);
        };
        let requests: Vec<Turns> = persons.iter().map(|id| reads.of(person(*id))).collect();
        join_all(requests.iter().flat_map(|turns| (0..8).map(|_| turns.run(read())))).await;
        most.into_inner()
    }

    #[tokio::test]
    async fn a_person_has_half_of_the_connections_at_most() {
        let reads = Reads { of_person: 4, persons: Mutex::default() };
        assert_eq!(most(&reads, &[1]).await, 2, "one request");
        assert_eq!(most(&reads, &[1, 1, 1, 1]).await, 4, "requests of one person");
        assert_eq!(most(&reads, &[1, 2, 3]).await, 6, "three persons");
        assert_eq!(reads.persons.lock().expect("no panic").len(), 3);
        reads.of(person(9));
        assert_eq!(reads.persons.lock().expect("no panic").len(), 1, "those who ask for nothing are forgotten");
    }
}
