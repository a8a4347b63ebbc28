//! Distributes changes from the reader to the subscribers. A change wakes only the subscribers of its topics.
//!
//! Promises that a subscriber gets every change of its topic after [`Live::since`], in order, or that its stream ends.
//! A full queue is closed, and its subscriber reads the log instead. The reader's position and the list of subscribers
//! share one lock, so that nothing is lost between them.

use super::change::{Published, published_position};
use domain::core::{
    ids::OperationId,
    planted::{Bug, is_planted},
};
use futures::{StreamExt, channel::mpsc};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// The length of a subscriber's queue; entries are shared between subscribers. A slower subscriber reads the log. A
/// channel of `futures` allocates only for waiting items (and one for each sender), while one of tokio starts with a
/// kilobyte.
const WAITING: usize = 512;

/// Which changes a subscriber receives. It may receive others: a topic saves wake-ups and does not filter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Everything,
    /// Changes of objects in this namespace, in any cluster.
    Namespace(String),
    Operation(OperationId),
}

/// The subscribers of a process.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Subscribers>>);

#[derive(Default)]
struct Subscribers {
    /// The position that the reader has published. None until it has started.
    published: Option<i64>,
    next: u64,
    queues: BTreeMap<u64, mpsc::Sender<Published>>,
    by_topic: HashMap<Topic, BTreeSet<u64>>,
}

/// The receiving end of one subscriber. Dropping it unsubscribes.
pub struct Live {
    hub: Hub,
    topics: Vec<Topic>,
    id: u64,
    receiver: mpsc::Receiver<Published>,
    /// The subscriber reads changes up to this position from the log.
    pub since: i64,
}

impl Hub {
    /// Subscribes from now on. None until the reader of this process has started.
    pub fn subscribe(&self, topics: &[Topic]) -> Option<Live> {
        let mut subscribers = self.lock();
        let since = subscribers.published?;
        let (sender, receiver) = mpsc::channel(WAITING - 1);
        let id = subscribers.next;
        subscribers.next += 1;
        subscribers.queues.insert(id, sender);
        for topic in topics {
            subscribers.by_topic.entry(topic.clone()).or_default().insert(id);
        }
        Some(Live { hub: self.clone(), topics: topics.to_vec(), id, receiver, since })
    }

    /// The position that the reader has published: `until` at its start, and when there are no subscribers.
    pub fn published(&self, until: i64) -> i64 {
        let mut subscribers = self.lock();
        let is_alone = subscribers.queues.is_empty();
        let published = subscribers.published.map_or(until, |at| if is_alone { at.max(until) } else { at });
        *subscribers.published.insert(published)
    }

    /// Publishes the next change to the subscribers of its topics. While a projection lags, all get it, because they
    /// may have to stop too. So do they if all rows of a cluster go.
    pub fn publish(&self, change: &Published, to_all: bool) {
        let mut subscribers = self.lock();
        let Subscribers { queues, by_topic, .. } = &mut *subscribers;
        let ends_rows = change.as_ref().is_ok_and(|change| change.ends_rows_of().is_some());
        if to_all || ends_rows || change.is_err() {
            queues.retain(|_, queue| enqueue(queue, change));
        } else {
            for id in topics_of(change).filter_map(|topic| by_topic.get(&topic)).flatten() {
                if queues.get_mut(id).is_some_and(|queue| !enqueue(queue, change)) {
                    queues.remove(id);
                }
            }
        }
        subscribers.published = Some(published_position(change));
    }

    fn lock(&self) -> MutexGuard<'_, Subscribers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn enqueue(queue: &mut mpsc::Sender<Published>, change: &Published) -> bool {
    queue.try_send(change.clone()).is_ok() || is_planted(Bug::GapInLive)
}

fn topics_of(change: &Published) -> impl Iterator<Item = Topic> {
    let change = change.as_ref().ok();
    let namespace = change.and_then(|change| change.object.as_ref()?.namespace.clone()).map(Topic::Namespace);
    let operation = change.and_then(|change| change.operation).map(Topic::Operation);
    std::iter::once(Topic::Everything).chain(namespace).chain(operation)
}

impl Live {
    /// The next change. None if the queue overflowed.
    pub async fn next(&mut self) -> Option<Published> {
        self.receiver.next().await
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let mut subscribers = self.hub.lock();
        subscribers.queues.remove(&self.id);
        for topic in &self.topics {
            if let Some(ids) = subscribers.by_topic.get_mut(topic) {
                ids.remove(&self.id);
                if ids.is_empty() {
                    subscribers.by_topic.remove(topic);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::change::Change;
    use domain::{
        core::{actor::Actor, envelope::Metadata, event::Recorded, ids::EventId},
        kubernetes::observed::ObservedEvent,
    };
    use futures::FutureExt;

    fn published(position: i64) -> Published {
        let recorded = Recorded {
            position,
            id: EventId(uuid::Uuid::from_u128(1)),
            stream: "observed:dev/shop/Pod/web".to_owned(),
            version: position,
            event_type: String::new(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            metadata: Metadata::by(Actor::system("test")),
            event: ObservedEvent::PodGone { uid: "u".to_owned() }.into(),
        };
        Ok(Arc::new(Change::from(Arc::new(recorded))))
    }

    #[tokio::test]
    async fn changes_arrive_in_order_until_the_queue_is_full() {
        let hub = Hub::default();
        hub.published(0);
        let (mut reads, mut waits) = (hub.subscribe(&[Topic::Everything]), hub.subscribe(&[Topic::Everything]));
        let (reads, waits) = (reads.as_mut().expect("live"), waits.as_mut().expect("live"));
        assert!(reads.next().now_or_never().is_none(), "nothing was published");
        let waiting = i64::try_from(WAITING).expect("few");
        for position in 1..=waiting + 1 {
            let (next, ()) = futures::join!(reads.next(), async { hub.publish(&published(position), false) });
            assert_eq!(next.as_ref().map(published_position), Some(position));
        }
        assert!(reads.next().now_or_never().is_none());
        for position in 1..=waiting {
            assert_eq!(waits.next().await.as_ref().map(published_position), Some(position));
        }
        assert!(waits.next().await.is_none(), "it reads the log instead");
        assert_eq!(hub.lock().queues.len(), 1);
    }
}
