//! The roots of the schema, merged here and nowhere else.

use super::{audit, context::Services, engine::limits, kubernetes, node, operation, platform};
use async_graphql::{
    MergedObject, MergedSubscription, OutputType, SDLExportOptions, SubscriptionType, registry::Registry,
};
use std::sync::{Arc, LazyLock};

#[derive(MergedObject, Default)]
pub struct Query(
    platform::user::UserQuery,
    platform::preference::PreferenceQuery,
    kubernetes::overview::OverviewQuery,
    platform::cluster::ClusterQuery,
    platform::cluster::check::CheckQuery,
    kubernetes::workload::WorkloadQuery,
    kubernetes::workload::preview::PreviewQuery,
    kubernetes::pod::PodQuery,
    operation::OperationQuery,
    operation::batch::BatchQuery,
    kubernetes::namespace::NamespaceQuery,
    kubernetes::event::EventQuery,
    kubernetes::kind::KindQuery,
    kubernetes::object::ObjectQuery,
    kubernetes::object::preview::ManifestPreviewQuery,
    audit::AuditQuery,
    audit::evidence::EvidenceQuery,
    node::NodeQuery,
);

#[derive(MergedObject, Default)]
pub struct Mutation(
    platform::session::SessionMutation,
    platform::preference::PreferenceMutation,
    platform::cluster::register::ClusterMutation,
    kubernetes::kind::choose::KindMutation,
    kubernetes::workload::change::WorkloadMutation,
    kubernetes::object::change::ObjectMutation,
    kubernetes::fields::FieldMutation,
    operation::change::OperationMutation,
    operation::batch::change::BatchMutation,
);

#[derive(MergedSubscription, Default)]
pub struct Subscription(
    operation::live::OperationSubscription,
    operation::batch::live::BatchSubscription,
    kubernetes::workload::live::WorkloadSubscription,
    audit::AuditSubscription,
    kubernetes::pod::log::PodLogSubscription,
    kubernetes::pod::live::PodSubscription,
    kubernetes::capacity::CapacitySubscription,
    kubernetes::object::live::ObjectSubscription,
    kubernetes::pod::usage::UsageSubscription,
    kubernetes::workload::usage::WorkloadUsageSubscription,
);

pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// The schema with its services.
pub fn schema(services: Arc<Services>) -> Schema {
    build().data(services).finish()
}

/// The types of the schema, for checks that the library does not make.
pub fn registry() -> &'static Registry {
    static REGISTRY: LazyLock<Registry> = LazyLock::new(|| {
        let mut registry = Registry::default();
        Query::create_type_info(&mut registry);
        Mutation::create_type_info(&mut registry);
        Subscription::create_type_info(&mut registry);
        registry.query_type = <Query as OutputType>::type_name().into_owned();
        registry.mutation_type = Some(<Mutation as OutputType>::type_name().into_owned());
        registry.subscription_type = Some(<Subscription as SubscriptionType>::type_name().into_owned());
        registry
    });
    &REGISTRY
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
    use domain::operation::Intent;
    use strum::IntoEnumIterator;

    #[test]
    fn every_verb_has_a_mutation() {
        let sdl = super::sdl();
        for verb in Intent::iter().map(|intent| intent.verb()) {
            let (first, rest) = verb.split_at(1);
            let mutation = format!("\t{}{rest}(", first.to_lowercase());
            assert!(sdl.contains(&mutation), "no mutation for {verb}");
        }
    }

    #[test]
    fn the_committed_schema_is_that_of_the_code() {
        let committed = include_str!("../../schema.graphql");
        assert!(committed == super::sdl(), "run: binnacle schema > gateway/schema.graphql");
    }
}
