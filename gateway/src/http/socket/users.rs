//! Counts and limits the sockets and subscriptions of each user.

use super::ending::{CROWDED, Ending, TOO_MANY_SOCKETS};
use domain::core::ids::UserId;
use prometheus::IntGauge;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Maximum subscriptions of a user, for each allowed socket.
const SUBSCRIPTIONS_A_SOCKET: usize = 10;

/// The sockets of all users of this process.
pub struct Users {
    limits: Limits,
    counts: Mutex<HashMap<UserId, Counts>>,
    /// Subscriptions of all sockets.
    gauge: IntGauge,
}

/// Maximum number of signed-in sockets.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub total: usize,
    pub per_user: usize,
}

#[derive(Default)]
struct Counts {
    sockets: usize,
    subscriptions: usize,
}

/// A socket of a user, counted while this value lives.
pub struct Seat {
    users: Arc<Users>,
    user: UserId,
}

/// A subscription of a user, counted while this value lives.
pub struct Subscribed {
    users: Arc<Users>,
    user: UserId,
}

impl Users {
    pub fn new(limits: Limits, gauge: IntGauge) -> Self {
        Self { limits, counts: Mutex::default(), gauge }
    }

    /// Counts one more socket of this user. Fails at the limit.
    pub fn enter(self: &Arc<Self>, user: UserId) -> Result<Seat, Ending> {
        let mut counts = self.counts();
        if counts.values().map(|counts| counts.sockets).sum::<usize>() >= self.limits.total {
            return Err(CROWDED);
        }
        let own = counts.entry(user).or_default();
        if own.sockets >= self.limits.per_user {
            return Err(TOO_MANY_SOCKETS);
        }
        own.sockets += 1;
        Ok(Seat { users: Arc::clone(self), user })
    }

    fn counts(&self) -> MutexGuard<'_, HashMap<UserId, Counts>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn update(&self, user: UserId, change: impl FnOnce(&mut Counts)) {
        let mut counts = self.counts();
        let Some(own) = counts.get_mut(&user) else { return };
        change(own);
        if own.sockets == 0 && own.subscriptions == 0 {
            counts.remove(&user);
        }
    }
}

impl Seat {
    /// Counts one more subscription of this user. None at the limit.
    pub fn subscribe(&self) -> Option<Subscribed> {
        let mut counts = self.users.counts();
        let own = counts.entry(self.user).or_default();
        (own.subscriptions < self.users.limits.per_user * SUBSCRIPTIONS_A_SOCKET).then(|| {
            own.subscriptions += 1;
            self.users.gauge.inc();
            Subscribed { users: Arc::clone(&self.users), user: self.user }
        })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.users.update(self.user, |own| own.sockets -= 1);
    }
}

impl Drop for Subscribed {
    fn drop(&mut self) {
        self.users.gauge.dec();
        self.users.update(self.user, |own| own.subscriptions -= 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_has_so_many_sockets_and_subscriptions_and_gets_them_back() {
        let gauge = IntGauge::new("running", "for this test").expect("a gauge");
        let users = Arc::new(Users::new(Limits { total: 3, per_user: 2 }, gauge.clone()));
        let [one, other, third] = [1, 2, 3].map(|nth| UserId(uuid::Uuid::from_u128(nth)));
        let (first, second) = (users.enter(one).expect("a seat"), users.enter(one));
        assert!(second.is_ok());
        assert_eq!(users.enter(one).err(), Some(TOO_MANY_SOCKETS));
        let only = users.enter(other);
        assert!(only.is_ok());
        assert_eq!(users.enter(third).err(), Some(CROWDED));
        let mut running: Vec<_> = (0..20).map(|_| first.subscribe().expect("a subscription")).collect();
        assert!(first.subscribe().is_none());
        assert_eq!(gauge.get(), 20);
        running.pop();
        assert!(first.subscribe().is_some());
        drop((running, first, second, only));
        assert_eq!((gauge.get(), users.counts().len()), (0, 0));
    }
}
