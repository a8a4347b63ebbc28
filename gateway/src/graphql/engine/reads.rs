//! The reads of requests take turns. A request has few reads under way, and so has a person, so that one busy person
//! leaves connections to others.
//!
//! Promises that a resolver gets a connection only together with a turn. Streams, which read by key at each event, and
//! loaders, which read for many requests, have their own.

use super::error::ApiError;
use crate::auth::Viewer;
use async_graphql::Context;
use domain::core::ids::UserId;
use sqlx::PgPool;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tokio::sync::Semaphore;

/// The turns of all requests.
pub struct Reads {
    /// Maximum reads of one person at once: half of the connections.
    of_person: usize,
    pool: PgPool,
    persons: Mutex<HashMap<Option<UserId>, Weak<Semaphore>>>,
}

/// The turns of one request.
pub struct Turns {
    own: Semaphore,
    person: Arc<Semaphore>,
    pool: PgPool,
}

impl Reads {
    pub fn new(pool: &PgPool) -> Self {
        let connections = usize::try_from(pool.options().get_max_connections()).unwrap_or(usize::MAX);
        Self { of_person: (connections / 2).max(1), pool: pool.clone(), persons: Mutex::default() }
    }

    /// The turns for a request of this person. All requests without a viewer share one set of turns.
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
        Turns { own: Semaphore::new(self.of_person.div_ceil(2)), person, pool: self.pool.clone() }
    }
}

impl Turns {
    /// Runs a read when a turn is free.
    async fn run<T>(&self, read: impl Future<Output = T>) -> T {
        // Neither is ever closed. A request first waits for its own turn, so it does not block others of its person.
        let _turn = (self.own.acquire().await, self.person.acquire().await);
        read.await
    }
}

/// Reads for a resolver.
pub async fn read<'a, T, F>(ctx: &Context<'a>, read: impl FnOnce(&'a PgPool) -> F) -> Result<T, ApiError>
where
    F: Future<Output = Result<T, projections::Error>>,
{
    let turns: &Turns = ctx.data_unchecked();
    Ok(turns.run(read(&turns.pool)).await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
    use std::sync::atomic::{AtomicUsize, Ordering};

    fn person(id: u128) -> Option<UserId> {
        Some(UserId(uuid::Uuid::from_u128(id)))
    }

    /// Runs eight reads for each of these requests. Returns the most that were under way at once.
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
        let pool = PgPoolOptions::new().connect_lazy_with(PgConnectOptions::new());
        let reads = Reads { of_person: 4, pool, persons: Mutex::default() };
        assert_eq!(most(&reads, &[1]).await, 2, "one request");
        assert_eq!(most(&reads, &[1, 1, 1, 1]).await, 4, "requests of one person");
        assert_eq!(most(&reads, &[1, 2, 3]).await, 6, "three persons");
        assert_eq!(reads.persons.lock().expect("no panic").len(), 3);
        reads.of(person(9));
        assert_eq!(reads.persons.lock().expect("no panic").len(), 1, "those who ask for nothing are forgotten");
    }
}
