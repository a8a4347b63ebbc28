//! Wishes about the nouns of the platform, whose rules refuse nothing and cause no effects.

use super::{Dispatcher, busy};
use crate::{
    error::Error,
    log::{self, Appended, Expected, NewEvent, Request},
};
use domain::core::{decider::Decider, envelope::Metadata, event::Event, ids::CommandId};
use std::convert::Infallible;
use uuid::Uuid;

impl Dispatcher {
    pub(super) async fn decide<D>(
        &self,
        stream: String,
        command: D::Command,
        metadata: Metadata,
        own: impl Fn(Event) -> Option<D::Event>,
    ) -> Result<i64, Error>
    where
        D: Decider<Refusal = Infallible>,
        D::Command: Clone,
        D::Event: Into<Event>,
    {
        for _ in 0..super::TRIES {
            let recorded = log::load::stream_after(self.store.pool(), &stream, 0).await?;
            let (version, position) = recorded.last().map_or((0, 0), |last| (last.version, last.position));
            let history: Vec<D::Event> = recorded.into_iter().filter_map(|recorded| own(recorded.event)).collect();
            let events = match D::decide(&D::fold(&history), command.clone()) {
                Ok(events) => events,
                Err(never) => match never {},
            };
            if events.is_empty() {
                return Ok(position);
            }
            let id = CommandId(Uuid::now_v7());
            let events = events.into_iter().enumerate().map(|(ordinal, event)| NewEvent {
                id: id.event(ordinal),
                event: event.into(),
                metadata: metadata.clone(),
            });
            let request = Request::new(stream.clone(), Expected::Exact(version), events.collect());
            if let Appended::Done { position, .. } = self.store.append(request).await? {
                return Ok(position);
            }
        }
        Err(busy())
    }
}
