//! Encodes and seals a request before it is appended.

use super::{
    append::{NewEvent, Prepared, Request},
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
        let scope_of = |(new, encoded): (&NewEvent, &Encoded)| {
            leaf::has_free(&encoded.payload).then(|| new.event.key_scope(&self.stream)).flatten()
        };
        let scopes: Vec<Option<KeyScope>> = self.events.iter().zip(&encoded).map(scope_of).collect();
        let has_effects = self.effects.iter().any(|(_, effect)| effect.is_some());
        let of_effects = KeyScope::of_stream(&self.stream).filter(|_| has_effects);
        let people = self.events.iter().filter_map(|new| new.metadata.actor.key_scope());
        let keys = keys.of(&scopes.iter().chain([&of_effects]).flatten().cloned().chain(people).collect()).await?;
        let key = |scope: Option<KeyScope>| scope.and_then(|scope| keys.get(&scope)).map(Arc::as_ref);
        let mut events = Vec::with_capacity(self.events.len());
        for ((new, encoded), scope) in self.events.iter().zip(encoded).zip(scopes) {
            let payload = sealer(key(scope))?.seal(&codec::payload_of(&self.stream), encoded.payload)?;
            let person = sealer(key(new.metadata.actor.key_scope()))?;
            let metadata = person.seal(&codec::metadata_of(&self.stream), canonical(&new.metadata)?)?;
            events.push((Encoded { payload, ..encoded }, metadata));
        }
        let own = key(of_effects);
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
