//! Nodes, namespaces, autoscalers, budgets, and what extends the API.

use super::*;

#[test]
fn a_node_is_what_its_kubelet_says() {
    let ready = || conditions(&[("Ready", Truth::True, "KubeletReady")]);
    let cordoned = || json!({"spec": {"unschedulable": true}});
    let pressed = || ready().with("MemoryPressure", Truth::True, "KubeletHasInsufficientMemory");
    hold(
        "Node",
        vec![
            (
                "ready",
                Value::Null,
                ready().with("MemoryPressure", Truth::False, "KubeletHasSufficientMemory"),
                Ready,
                None,
            ),
            ("never reported", Value::Null, Report::default(), Unknown, None),
            (
                "not ready",
                Value::Null,
                conditions(&[("Ready", Truth::False, "KubeletNotReady")]),
                Failed,
                Some(Code::NodeNotReady),
            ),
            (
                "silent",
                cordoned(),
                conditions(&[("Ready", Truth::Unknown, "NodeStatusUnknown")]),
                Failed,
                Some(Code::NodeLost),
            ),
            ("short of memory", Value::Null, pressed(), Degraded, Some(Code::NodeUnderPressure)),
            ("short of memory and cordoned", cordoned(), pressed(), Degraded, Some(Code::NodeUnderPressure)),
            (
                "without a network",
                Value::Null,
                ready().with("NetworkUnavailable", Truth::True, "NoRouteCreated"),
                Degraded,
                Some(Code::NodeWithoutNetwork),
            ),
            ("cordoned", cordoned(), ready(), Inactive, Some(Code::NodeCordoned)),
        ],
    );
}

#[test]
fn a_namespace_that_goes_says_what_is_left() {
    let going = || phase("Terminating").deleted(&[]);
    hold(
        "Namespace",
        vec![
            ("active", Value::Null, phase("Active"), Ready, None),
            ("goes", Value::Null, going(), Deleting, None),
            ("goes, as an old event says", Value::Null, phase("Terminating"), Deleting, None),
            (
                "objects are left",
                Value::Null,
                going().with("NamespaceContentRemaining", Truth::True, "SomeResourcesRemain").with(
                    "NamespaceDeletionContentFailure",
                    Truth::False,
                    "ContentDeleted",
                ),
                Deleting,
                Some(Code::NamespaceContentRemains),
            ),
            (
                "a finalizer holds them",
                Value::Null,
                going().with("NamespaceContentRemaining", Truth::True, "SomeResourcesRemain").with(
                    "NamespaceFinalizersRemaining",
                    Truth::True,
                    "SomeFinalizersRemain",
                ),
                Deleting,
                Some(Code::NamespaceContentHeld),
            ),
            (
                "a group does not answer",
                Value::Null,
                going().with("NamespaceDeletionDiscoveryFailure", Truth::True, "DiscoveryFailed"),
                Deleting,
                Some(Code::NamespaceNotListed),
            ),
        ],
    );
}

#[test]
fn autoscalers_and_budgets_say_what_they_cannot_do() {
    let scaling = |status, reason| {
        conditions(&[("AbleToScale", Truth::True, "SucceededGetScale"), ("ScalingActive", status, reason)])
    };
    let limited = scaling(Truth::True, "ValidMetricFound").with("ScalingLimited", Truth::True, "TooManyReplicas");
    hold(
        "HorizontalPodAutoscaler",
        vec![
            ("works", Value::Null, limited, Ready, None),
            ("new", Value::Null, Report::default(), Progressing, None),
            (
                "no metric",
                Value::Null,
                scaling(Truth::False, "FailedGetResourceMetric"),
                Degraded,
                Some(Code::MetricUnreadable),
            ),
            (
                "a bad selector",
                Value::Null,
                scaling(Truth::False, "InvalidSelector"),
                Degraded,
                Some(Code::CannotScale),
            ),
            (
                "no target",
                Value::Null,
                conditions(&[("AbleToScale", Truth::False, "FailedGetScale")]),
                Degraded,
                Some(Code::CannotScale),
            ),
            (
                "its target is stopped",
                Value::Null,
                scaling(Truth::False, "ScalingDisabled"),
                Inactive,
                Some(Code::TargetScaledToZero),
            ),
        ],
    );
    let counts = |expected: i32, healthy: i32, desired: i32| {
        status(json!({"expectedPods": expected, "currentHealthy": healthy, "desiredHealthy": desired}))
    };
    let unsynced = conditions(&[("DisruptionAllowed", Truth::False, "SyncFailed")]);
    let unobserved = Report { generation: 2, observed_generation: Some(1), ..counts(3, 1, 2) };
    let uncounted = Report { generation: 1, ..counts(0, 0, 0) };
    hold(
        "PodDisruptionBudget",
        vec![
            ("enough", Value::Null, counts(3, 3, 2), Ready, None),
            (
                "just enough",
                Value::Null,
                counts(3, 2, 2).with("DisruptionAllowed", Truth::False, "InsufficientPods"),
                Ready,
                None,
            ),
            ("too few", Value::Null, counts(3, 1, 2), Degraded, Some(Code::TooFewHealthy)),
            ("no pods", Value::Null, counts(0, 0, 2), Inactive, Some(Code::BudgetWithoutPods)),
            ("not computed", Value::Null, unsynced, Degraded, Some(Code::BudgetNotComputed)),
            ("not observed", Value::Null, unobserved, Progressing, Some(Code::NotObserved)),
            ("new", Value::Null, uncounted, Progressing, Some(Code::NotObserved)),
        ],
    );
}

#[test]
fn what_extends_the_api_is_there_or_not() {
    let named = |status| conditions(&[("NamesAccepted", status, "NoConflicts")]);
    hold(
        "CustomResourceDefinition.apiextensions.k8s.io",
        vec![
            ("new", Value::Null, Report::default(), Progressing, None),
            (
                "established",
                Value::Null,
                named(Truth::True).with("Established", Truth::True, "InitialNamesAccepted").with(
                    "NonStructuralSchema",
                    Truth::True,
                    "Violations",
                ),
                Ready,
                None,
            ),
            (
                "comes",
                Value::Null,
                named(Truth::True).with("Established", Truth::False, "Installing"),
                Progressing,
                Some(Code::ConditionReported),
            ),
            ("a name is taken", Value::Null, named(Truth::False), Failed, Some(Code::NamesNotAccepted)),
            (
                "its webhook is wrong",
                Value::Null,
                named(Truth::True).with("Established", Truth::False, "InvalidConversionWebhook"),
                Failed,
                Some(Code::ConditionReported),
            ),
        ],
    );
    let available = |status, reason| conditions(&[("Available", status, reason)]);
    hold(
        "APIService.apiregistration.k8s.io",
        vec![
            ("there", Value::Null, available(Truth::True, "Passed"), Ready, None),
            ("silent", Value::Null, available(Truth::False, "MissingEndpoints"), Failed, Some(Code::ApiUnavailable)),
        ],
    );
}
