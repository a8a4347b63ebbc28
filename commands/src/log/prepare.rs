//! Encodes and seals a request before it is appended.

use super::{
    append::{Prepared, Request},
    data_keys::{self, DataKeys},
};
use aws_lc_rs::rand;
use domain::core::{
    canonical::canonical,
    codec::{self, Encoded},
    ids::OperationId,
    sealing::{self, DataKey, KeyScope, Sealer, leaf},
};
use std::sync::Arc;

impl Prepared {
    /// Seals it again with the current keys, because one of its keys was deleted.
    pub async fn seal_anew(&mut self, keys: &DataKeys) -> Result<(), PrepareError> {
        keys.drop_forgotten().await.map_err(data_keys::Error::Database)?;
        *self = self.request.clone().prepare(keys).await?;
        Ok(())
    }
}

/// Why a request cannot be encoded or sealed.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    #[error(transparent)]
    Key(#[from] data_keys::Error),
    #[error("it has no JSON form")]
    Encode(#[from] serde_json::Error),
    #[error(transparent)]
    Seal(#[from] sealing::Error),
    #[error("no random bytes")]
    Random,
}

impl Request {
    /// Encodes and seals events and effects. All that is sealed has its keys in the database then. A stream whose events hold
    /// nothing free needs none.
    pub async fn prepare(self, keys: &DataKeys) -> Result<Prepared, PrepareError> {
        let encoded = self.events.iter().map(|new| codec::encode(&new.event)).collect::<Result<Vec<_>, _>>()?;
        let has_free = encoded.iter().any(|event| leaf::has_free(&event.payload))
            || self.effects.iter().any(|(_, effect)| effect.is_some());
        let scope = KeyScope::of_stream(&self.stream).filter(|_| has_free);
        let people = self.events.iter().filter_map(|new| new.metadata.actor.key_scope());
        let keys = keys.of(&scope.iter().cloned().chain(people).collect()).await?;
        let key = |scope: Option<KeyScope>| scope.and_then(|scope| keys.get(&scope)).map(Arc::as_ref);
        let own = key(scope);
        let mut events = Vec::with_capacity(self.events.len());
        for (new, encoded) in self.events.iter().zip(encoded) {
            let payload = sealer(own)?.seal(&codec::payload_of(&self.stream), encoded.payload)?;
            let person = sealer(key(new.metadata.actor.key_scope()))?;
            let metadata = person.seal(&codec::metadata_of(&self.stream), canonical(&new.metadata)?)?;
            events.push((Encoded { payload, ..encoded }, metadata));
        }
        let mut effects = Vec::with_capacity(self.effects.len());
        for (operation, effect) in &self.effects {
            let mut body = effect.as_ref().map(|effect| effect.body.clone());
            if let Some(body) = &mut body {
                sealer(own)?.seal_value(&effect_of(*operation), body)?;
            }
            effects.push(body);
        }
        let keys = keys.values().map(|key| key.id()).collect();
        Ok(Prepared { events, effects, keys, request: self })
    }
}

/// The document of an effect, for [`sealing`].
pub fn effect_of(operation: OperationId) -> String {
    format!("effect of {operation}")
}

/// For one document.
pub fn sealer(key: Option<&DataKey>) -> Result<Sealer<'_>, PrepareError> {
    let mut salt = [0; 16];
    rand::fill(&mut salt).map_err(|_| PrepareError::Random)?;
    Ok(Sealer { key, salt })
}
