//! Services, and what leads to them.

use super::*;

#[test]
fn services_and_ingresses_lead_somewhere() {
    let balanced = || json!({"spec": {"type": "LoadBalancer"}});
    let addressed = || status(json!({"loadBalancer": {"ingress": [{"ip": "192.0.2.7"}]}}));
    let unaddressed = || status(json!({"loadBalancer": {}}));
    hold(
        "Service",
        vec![
            ("inside", json!({"spec": {"type": "ClusterIP"}}), unaddressed(), Ready, None),
            ("a name", json!({"spec": {"type": "ExternalName"}}), Report::default(), Ready, None),
            ("addressed", balanced(), addressed(), Ready, None),
            ("waits", balanced(), unaddressed(), Progressing, Some(Code::LoadBalancerPending)),
            (
                "refused",
                balanced(),
                unaddressed().noted("SyncLoadBalancerFailed", "Error syncing load balancer: quota", 0),
                Degraded,
                Some(Code::LoadBalancerFailed),
            ),
            (
                "refused once",
                balanced(),
                addressed().noted("SyncLoadBalancerFailed", "Error syncing load balancer: quota", 0),
                Ready,
                None,
            ),
        ],
    );
    let path = json!({"path": "/", "backend": {"service": {"name": "web"}}});
    hold(
        "Ingress.networking.k8s.io",
        vec![
            (
                "a default",
                json!({"spec": {"defaultBackend": {"service": {"name": "web"}}}}),
                Report::default(),
                Ready,
                None,
            ),
            ("a rule", json!({"spec": {"rules": [{"http": {"paths": [path]}}]}}), Report::default(), Ready, None),
            ("nothing", json!({"spec": {"tls": []}}), Report::default(), Degraded, Some(Code::NoBackend)),
            (
                "a host alone",
                json!({"spec": {"rules": [{"host": "a"}]}}),
                Report::default(),
                Degraded,
                Some(Code::NoBackend),
            ),
            ("forgotten", json!({"spec": {"rules": {SEALED: "s"}}}), Report::default(), Unknown, None),
        ],
    );
}

#[test]
fn gateways_and_routes_are_taken_or_refused() {
    let accepted = |status| conditions(&[("Accepted", status, "Invalid")]);
    for kind in ["Gateway.gateway.networking.k8s.io", "GatewayClass.gateway.networking.k8s.io"] {
        hold(
            kind,
            vec![
                ("accepted", Value::Null, accepted(Truth::True), Ready, None),
                ("refused", Value::Null, accepted(Truth::False), Degraded, Some(Code::ConditionReported)),
                ("waits", Value::Null, accepted(Truth::Unknown), Progressing, Some(Code::ConditionReported)),
                ("without a controller", Value::Null, Report::default(), Progressing, None),
                (
                    "not looked at",
                    Value::Null,
                    conditions(&[("Accepted", Truth::False, "Pending")]),
                    Progressing,
                    Some(Code::ConditionReported),
                ),
                (
                    "not programmed",
                    Value::Null,
                    accepted(Truth::True).with("Programmed", Truth::False, "AddressNotAssigned"),
                    Degraded,
                    Some(Code::ConditionReported),
                ),
            ],
        );
    }
    let listener = |status: &str| {
        json!({"listeners": [{"name": "https", "conditions": [
            {"type": "Accepted", "status": "True"},
            {"type": "ResolvedRefs", "status": status, "reason": "InvalidCertificateRef"}]}]})
    };
    let listening = |status: &str| Report { status: listener(status).into(), ..accepted(Truth::True) };
    hold(
        "Gateway.gateway.networking.k8s.io",
        vec![
            ("its listeners work", Value::Null, listening("True"), Ready, None),
            ("one does not", Value::Null, listening("False"), Degraded, Some(Code::ListenerReported)),
        ],
    );
    let parent = |kind: &str, status: &str| {
        json!({"parentRef": {"name": "public", "namespace": "gateways"}, "controllerName": "example.org/x",
            "conditions": [{"type": kind, "status": status, "reason": "BackendNotFound", "message": "words",
                "lastTransitionTime": "2026-12-01T00:00:00Z"}]})
    };
    let parents = |parents: Value| status(json!({ "parents": parents }));
    hold(
        "HTTPRoute.gateway.networking.k8s.io",
        vec![
            ("taken", Value::Null, parents(json!([parent("Accepted", "True")])), Ready, None),
            ("not taken", Value::Null, Report::default(), Progressing, Some(Code::RouteNotTaken)),
            (
                "one of two refuses it",
                Value::Null,
                parents(json!([parent("Accepted", "True"), parent("ResolvedRefs", "False")])),
                Degraded,
                Some(Code::RouteReported),
            ),
            (
                "waits",
                Value::Null,
                parents(json!([parent("Accepted", "Unknown")])),
                Progressing,
                Some(Code::RouteReported),
            ),
        ],
    );
    let refused = parents(json!([parent("ResolvedRefs", "False")]));
    let cause = told("HTTPRoute.gateway.networking.k8s.io", &Value::Null, &refused, None).cause.expect("a cause");
    let said = ["parent", "type", "status", "reason"].map(|name| cause.message.text(name).unwrap_or_default());
    assert_eq!(said, ["gateways/public", "ResolvedRefs", "False", "BackendNotFound"]);
    assert!(cause.since.is_some());
}
