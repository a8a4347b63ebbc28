//! The roots of the schema, merged here and nowhere else.

use super::{audit, context::Services, engine::limits, kubernetes, operation, platform};
use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};
use std::sync::Arc;

#[derive(MergedObject, Default)]
pub struct Query(
    platform::user::UserQuery,
    kubernetes::overview::OverviewQuery,
    platform::cluster::ClusterQuery,
    kubernetes::workload::WorkloadQuery,
    kubernetes::pod::PodQuery,
    operation::OperationQuery,
    kubernetes::namespace::NamespaceQuery,
    audit::AuditQuery,
    audit::evidence::EvidenceQuery,
);

#[derive(MergedObject, Default)]
pub struct Mutation(
    platform::session::SessionMutation,
    kubernetes::workload::change::WorkloadMutation,
    operation::change::OperationMutation,
);

#[derive(MergedSubscription, Default)]
pub struct Subscription(
    operation::live::OperationSubscription,
    kubernetes::workload::live::WorkloadSubscription,
    audit::AuditSubscription,
    kubernetes::pod::log::PodLogSubscription,
    kubernetes::pod::live::PodSubscription,
    kubernetes::pod::usage::UsageSubscription,
);

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema with everything behind it.
pub fn schema(services: Arc<Services>) -> Schema {
    build().data(services).finish()
}

/// The schema as text.
pub fn sdl() -> String {
    build().finish().sdl_with_options(SDLExportOptions::new().sorted_fields().sorted_arguments().sorted_enum_items())
}

fn build() -> async_graphql::SchemaBuilder<Query, Mutation, Subscription> {
    Schema::build(Query::default(), Mutation::default(), Subscription::default())
        .limit_complexity(limits::COMPLEXITY)
        .limit_recursive_depth(limits::RECURSION)
        .disable_suggestions()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_committed_schema_is_that_of_the_code() {
        let committed = include_str!("../../schema.graphql");
        assert!(committed == super::sdl(), "run: binnacle schema > gateway/schema.graphql");
    }
}
