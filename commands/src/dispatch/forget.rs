//! Deletes a data key: the event of the decision and the deletion are one transaction.

use super::{Dispatcher, Executed, Origin, guard};
use crate::{
    error::Error,
    log::{self, Expected, NewEvent, Request, forget::Pending},
};
use domain::{
    access,
    core::{
        decider::Decider,
        sealing::{KeyId, KeyScope},
    },
    platform::data_key::{DataKeyCommand, DataKeys},
};
use serde_json::Value;

impl Dispatcher {
    /// Forgets the values sealed for a scope so far. Later values get another key.
    pub async fn forget(
        &self,
        origin: Origin,
        scope: &KeyScope,
        key: KeyId,
        pending: Pending,
    ) -> Result<Executed, Error> {
        self.must_be_whole()?;
        let entry = guard::entry(origin, None, &Value::Null)?;
        let command = DataKeyCommand::Forget { scope: scope.clone(), key: format!("{key:?}") };
        if !access::allows(&entry.metadata.actor, DataKeys::action(&command)) {
            let stream = DataKeys::stream(scope);
            return Err(self.forbidden(&entry.metadata, DataKeys::action(&command), stream).await);
        }
        let Ok(events) = DataKeys::decide(&DataKeys, command);
        let new = (0..).zip(events).map(|(ordinal, event)| NewEvent {
            id: entry.command.event(ordinal),
            event: event.into(),
            metadata: entry.metadata.clone(),
        });
        let request = Request::new(DataKeys::stream(scope), Expected::Any, new.collect());
        let position = log::forget::forget(&self.store, request, key, pending).await?;
        Ok(Executed { command: entry.command, position, events: Vec::new() })
    }
}
