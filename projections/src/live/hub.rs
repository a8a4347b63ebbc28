//! From the one reader of changes to its subscribers: each is woken for its own topic only, so that a change costs those whom
//! it concerns and not all who are there.
//!
//! Promises that a subscriber is told every change of its topic after [`Live::since`], in order, or that its stream ends: a
//! queue that is full is closed, and its subscriber reads the log instead. How far the reader is and who is there are
//! under one lock, so that nothing falls between the two.

use crate::live::changes::{Told, position_of_told};
use domain::core::{
    ids::OperationId,
    planted::{Bug, is_planted},
};
use futures::{StreamExt, channel::mpsc};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Changes that wait for one subscriber, shared with the others who wait for them. Who is further behind reads the log. In a
/// channel of `futures`, which takes room for what waits (and for one more of each sender): one of tokio has a kilobyte before
/// anything does.
const WAITING: usize = 512;

/// Which changes a subscriber is told of. It may be told of others: a topic saves waking it, and filters nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Topic {
    Everything,
    /// What is about objects of this namespace, in any cluster.
    Namespace(String),
    Operation(OperationId),
}

/// The subscribers of a process.
#[derive(Clone, Default)]
pub struct Hub(Arc<Mutex<Subscribers>>);

#[derive(Default)]
struct Subscribers {
    /// Up to where the reader has told; None until it has begun.
    told: Option<i64>,
    next: u64,
    queues: BTreeMap<u64, mpsc::Sender<Told>>,
    by_topic: HashMap<Topic, BTreeSet<u64>>,
}

/// What one subscriber is told; when it is dropped, it is told nothing more.
pub struct Live {
    hub: Hub,
    topics: Vec<Topic>,
    id: u64,
    receiver: mpsc::Receiver<Told>,
    /// What came before or with this position it has to read itself.
    pub since: i64,
}

impl Hub {
    /// From here on, live; None while the reader of this process has not begun.
    pub fn subscribe(&self, topics: &[Topic]) -> Option<Live> {
        let mut subscribers = self.lock();
        let since = subscribers.told?;
        let (sender, receiver) = mpsc::channel(WAITING - 1);
        let id = subscribers.next;
        subscribers.next += 1;
        subscribers.queues.insert(id, sender);
        for topic in topics {
            subscribers.by_topic.entry(topic.clone()).or_default().insert(id);
        }
        Some(Live { hub: self.clone(), topics: topics.to_vec(), id, receiver, since })
    }

    /// Up to where the reader has told: `until` when it begins, and when there is nobody to tell of what comes before.
    pub fn told(&self, until: i64) -> i64 {
        let mut subscribers = self.lock();
        let is_alone = subscribers.queues.is_empty();
        let told = subscribers.told.map_or(until, |told| if is_alone { told.max(until) } else { told });
        *subscribers.told.insert(told)
    }

    /// Tells those whom the next change concerns. Who knows of a projection that does not go on tells everybody: they may have
    /// to stop too.
    pub fn tell(&self, told: &Told, to_all: bool) {
        let mut subscribers = self.lock();
        let Subscribers { queues, by_topic, .. } = &mut *subscribers;
        if to_all || told.is_err() {
            queues.retain(|_, queue| took(queue, told));
        } else {
            for id in topics_of(told).filter_map(|topic| by_topic.get(&topic)).flatten() {
                if queues.get_mut(id).is_some_and(|queue| !took(queue, told)) {
                    queues.remove(id);
                }
            }
        }
        subscribers.told = Some(position_of_told(told));
    }

    fn lock(&self) -> MutexGuard<'_, Subscribers> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn took(queue: &mut mpsc::Sender<Told>, told: &Told) -> bool {
    queue.try_send(told.clone()).is_ok() || is_planted(Bug::GapInLive)
}

fn topics_of(told: &Told) -> impl Iterator<Item = Topic> {
    let change = told.as_ref().ok();
    let namespace = change.and_then(|change| change.object.as_ref()?.namespace.clone()).map(Topic::Namespace);
    let operation = change.and_then(|change| change.operation).map(Topic::Operation);
    std::iter::once(Topic::Everything).chain(namespace).chain(operation)
}

impl Live {
    /// The next change; None when there were too many.
    pub async fn next(&mut self) -> Option<Told> {
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
    use crate::live::changes::Change;
    use domain::{
        core::{actor::Actor, envelope::Metadata, event::Recorded, ids::EventId},
        kubernetes::observed::ObservedEvent,
    };
    use futures::FutureExt;

    fn told(position: i64) -> Told {
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
    async fn a_subscriber_is_told_in_order_and_one_who_is_too_far_behind_until_its_queue_was_full() {
        let hub = Hub::default();
        hub.told(0);
        let (mut reads, mut waits) = (hub.subscribe(&[Topic::Everything]), hub.subscribe(&[Topic::Everything]));
        let (reads, waits) = (reads.as_mut().expect("live"), waits.as_mut().expect("live"));
        assert!(reads.next().now_or_never().is_none(), "nothing was told");
        let waiting = i64::try_from(WAITING).expect("few");
        for position in 1..=waiting + 1 {
            let (next, ()) = futures::join!(reads.next(), async { hub.tell(&told(position), false) });
            assert_eq!(next.as_ref().map(position_of_told), Some(position));
        }
        assert!(reads.next().now_or_never().is_none());
        for position in 1..=waiting {
            assert_eq!(waits.next().await.as_ref().map(position_of_told), Some(position));
        }
        assert!(waits.next().await.is_none(), "it reads the log instead");
        assert_eq!(hub.lock().queues.len(), 1);
    }
}
