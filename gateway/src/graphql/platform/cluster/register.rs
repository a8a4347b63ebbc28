//! Registers and removes clusters.

use super::{Cluster, Environment, unknown};
use crate::graphql::{
    context::{origin, scope, services},
    engine::{error::ApiError, reads::read, scalar::Position},
    operation::result::OperationRefused,
};
use async_graphql::{Context, ID, InputObject, Object, SimpleObject, Union};
use commands::{
    Error,
    kubernetes::{credential::Given, registry::Registration},
};
use domain::core::{
    ids::ClusterId,
    message::Code,
    refusal::{ErrorCode, Refusal},
};
use projections::models::clusters;

#[derive(InputObject)]
pub struct RegisterClusterInput {
    name: String,
    #[graphql(default_with = "Environment::Development")]
    environment: Environment,
    /// Exactly one of this, `token` and `inCluster`. Of a kubeconfig, the current context is taken.
    #[graphql(secret)]
    kubeconfig: Option<String>,
    #[graphql(secret)]
    token: Option<ClusterTokenInput>,
    /// The cluster that Binnacle itself runs in, by the service account of its pod.
    #[graphql(default)]
    in_cluster: bool,
    /// Where the credential may see only some.
    namespaces: Option<Vec<String>>,
    pub(super) reason: Option<String>,
}

#[derive(InputObject)]
pub struct ClusterTokenInput {
    server: String,
    /// PEM, or PEM in base64 as in a kubeconfig.
    certificate_authority: String,
    #[graphql(secret)]
    token: String,
}

#[derive(InputObject)]
pub struct ClusterInput {
    id: ID,
    reason: Option<String>,
}

#[derive(Union)]
pub enum ClusterResult {
    Accepted(ClusterAccepted),
    Refused(OperationRefused),
}

/// The command is in the log.
#[derive(SimpleObject)]
pub struct ClusterAccepted {
    cluster: Cluster,
    position: Position,
}

impl RegisterClusterInput {
    /// What is to be registered, or why it cannot be read.
    pub(super) fn registration(self) -> Result<Registration, Refusal> {
        let given = match (self.kubeconfig, self.token, self.in_cluster) {
            (Some(text), None, false) => Given::Kubeconfig(text),
            (None, Some(ClusterTokenInput { server, certificate_authority, token }), false) => {
                Given::Token { server, certificate_authority, token }
            }
            (None, None, true) => Given::InCluster,
            _ => {
                let reason = Code::CredentialMissing.message([]);
                return Err(Refusal::because(ErrorCode::Invalid, "kubeconfig", reason));
            }
        };
        let (name, environment) = (self.name, self.environment.into());
        Ok(Registration { name, environment, given, namespaces: self.namespaces.unwrap_or_default() })
    }
}

fn refused(ctx: &Context<'_>, refusal: Refusal) -> ClusterResult {
    ClusterResult::Refused(OperationRefused::new(ctx, refusal))
}

#[derive(Default)]
pub struct ClusterMutation;

#[Object]
impl ClusterMutation {
    /// Registers a cluster. It is called after the answer: its state says what is found, and `clusterCheck` says it before.
    /// The credential is stored sealed, and shown to nobody.
    async fn register_cluster(
        &self,
        ctx: &Context<'_>,
        input: RegisterClusterInput,
    ) -> Result<ClusterResult, ApiError> {
        let mut input = input;
        let origin = origin(ctx, input.reason.take(), None)?;
        let registration = match input.registration() {
            Ok(registration) => registration,
            Err(refusal) => return Ok(refused(ctx, refusal)),
        };
        match services(ctx).registry.register(origin, registration).await {
            Ok((id, executed)) => {
                let row = clusters::fold(&executed.events).unwrap_or_else(|| unknown(id.as_str()));
                let (cluster, position) = (Cluster::from(row), Position(executed.position));
                Ok(ClusterResult::Accepted(ClusterAccepted { cluster, position }))
            }
            Err(Error::Refused(refusal)) => Ok(refused(ctx, refusal)),
            Err(error) => Err(error.into()),
        }
    }

    /// Removes a cluster. What runs on it ends, its objects leave the lists, and its credential is forgotten. Its history stays.
    async fn remove_cluster(&self, ctx: &Context<'_>, input: ClusterInput) -> Result<ClusterResult, ApiError> {
        let origin = origin(ctx, input.reason, None)?;
        let id = ClusterId::from_name(&input.id);
        let scope = scope(ctx)?;
        // As it was: afterwards there is no row.
        let before = read(ctx, |pool| clusters::get(pool, &scope, id.as_str())).await?;
        match services(ctx).registry.remove(origin, &id).await {
            Ok(executed) => {
                let cluster = Cluster::from(before.unwrap_or_else(|| unknown(id.as_str())));
                Ok(ClusterResult::Accepted(ClusterAccepted { cluster, position: Position(executed.position) }))
            }
            Err(Error::Refused(refusal)) => Ok(refused(ctx, refusal)),
            Err(error) => Err(error.into()),
        }
    }
}
