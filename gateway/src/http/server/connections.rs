//! The open connections of a server: the limits, in total and for each address, and the choice of a connection to close
//! when a new one arrives.

use super::activity::Activity;
use prometheus::IntGauge;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv6Addr},
    ops::Deref,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// How often a new connection requests room.
const ATTEMPTS: usize = 4;
/// How long a connection may take to make room, on a busy machine.
const LEAVING: Duration = Duration::from_millis(250);
/// The first half of an IPv6 address names a network. One client has all its addresses.
const NETWORK: u128 = !(u64::MAX as u128);

/// The limits of connections.
#[derive(Clone, Debug)]
pub struct Limits {
    pub total: usize,
    /// Of one IPv4 address or one IPv6 network of 64 bits.
    pub per_address: usize,
    /// These proxies carry many clients, so their connections count only towards the total.
    pub trusted_proxies: Arc<[IpAddr]>,
}

/// The connections of a server. Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<Shared>);

struct Shared {
    limits: Limits,
    open: Mutex<Open>,
    /// Notified when a connection closes.
    left: Notify,
    gauge: IntGauge,
}

#[derive(Default)]
struct Open {
    total: usize,
    next: u64,
    of_address: HashMap<IpAddr, HashMap<u64, Arc<Activity>>>,
}

/// A place for a connection. It is free again when the last copy of this value is dropped.
#[derive(Clone)]
pub struct Slot(Arc<Place>);

struct Place {
    activity: Arc<Activity>,
    id: u64,
    address: IpAddr,
    shared: Arc<Shared>,
}

impl Connections {
    pub fn new(limits: Limits, gauge: IntGauge) -> Self {
        Self(Arc::new(Shared { limits, open: Mutex::default(), left: Notify::new(), gauge }))
    }

    /// A place for a connection from this address. At a limit, closes the connection that has waited longest for its
    /// client. None if the server works for all of them.
    pub async fn admit(&self, peer: IpAddr) -> Option<Slot> {
        for _ in 0..ATTEMPTS {
            // Created first, so that no close is missed.
            let left = self.0.left.notified();
            match self.take(peer) {
                Ok(slot) => return Some(slot),
                Err(longest_idle) => longest_idle?.give_way(),
            }
            let _ = timeout(LEAVING, left).await;
        }
        None
    }

    /// Closes the connection that has waited longest, to free its file descriptor for something else.
    pub fn make_room(&self) {
        let longest_idle = longest_idle(self.0.open().of_address.values().flat_map(HashMap::values));
        if let Some(idle) = longest_idle {
            idle.give_way();
        }
    }

    fn take(&self, peer: IpAddr) -> Result<Slot, Option<Arc<Activity>>> {
        let Limits { total, per_address, trusted_proxies } = &self.0.limits;
        let (peer, mut open) = (peer.to_canonical(), self.0.open());
        let address = network(peer);
        if !trusted_proxies.contains(&peer)
            && let Some(own) = open.of_address.get(&address).filter(|own| own.len() >= *per_address)
        {
            return Err(longest_idle(own.values()));
        }
        if open.total >= *total {
            return Err(longest_idle(open.of_address.values().flat_map(HashMap::values)));
        }
        let id = open.next;
        let activity = Arc::new(Activity::start());
        open.next += 1;
        open.total += 1;
        open.of_address.entry(address).or_default().insert(id, Arc::clone(&activity));
        self.0.gauge.inc();
        Ok(Slot(Arc::new(Place { activity, id, address, shared: Arc::clone(&self.0) })))
    }
}

fn longest_idle<'a>(connections: impl Iterator<Item = &'a Arc<Activity>>) -> Option<Arc<Activity>> {
    let idle = connections.filter_map(|activity| Some((activity.idle_for()?, activity)));
    idle.max_by_key(|(idle, _)| *idle).map(|(_, activity)| Arc::clone(activity))
}

fn network(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V4(_) => peer,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & NETWORK).into(),
    }
}

impl Shared {
    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.shared.open();
        open.total -= 1;
        if let Some(own) = open.of_address.get_mut(&self.address) {
            own.remove(&self.id);
            if own.is_empty() {
                open.of_address.remove(&self.address);
            }
        }
        drop(open);
        self.shared.gauge.dec();
        self.shared.left.notify_waiters();
    }
}

impl Deref for Slot {
    type Target = Activity;

    fn deref(&self) -> &Activity {
        &self.0.activity
    }
}

impl AsRef<Activity> for Slot {
    fn as_ref(&self) -> &Activity {
        &self.0.activity
    }
}
