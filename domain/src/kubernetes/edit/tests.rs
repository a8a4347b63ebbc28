use super::*;
use crate::{core::message::FREE_TEXT, kubernetes::resource::Resource};
use serde_json::{Value, json};

/// What comes of an edit: the merged object, or the places of the conflicts.
fn edited(base: &Value, yours: &Value, live: &Value) -> Result<Value, Vec<String>> {
    let merged = merge(live, live, &changes(base, yours, Lists::Known));
    merged.map_err(|conflicts| conflicts.into_iter().map(|conflict| conflict.path).collect())
}

fn pod(containers: Value) -> Value {
    json!({"spec": {"containers": containers}})
}

fn web(image: &str) -> Value {
    json!({"name": "web", "image": image})
}

#[test]
fn an_edit_changes_what_its_author_changed_and_nothing_else() {
    let log = json!({"name": "log", "image": "log:1"});
    let rows: Vec<(&str, Value, Value, Value, Value)> = vec![
        (
            "others changed something else",
            json!({"a": 1, "b": 1}),
            json!({"a": 2, "b": 1}),
            json!({"a": 1, "b": 3}),
            json!({"a": 2, "b": 3}),
        ),
        ("others added a field", json!({"a": 1}), json!({"a": 2}), json!({"a": 1, "c": 1}), json!({"a": 2, "c": 1})),
        ("a removed field goes", json!({"a": 1, "b": 1}), json!({"b": 1}), json!({"a": 1, "b": 2}), json!({"b": 2})),
        ("null is left out", json!({"a": 1, "b": null}), json!({"a": null}), json!({"a": 1}), json!({})),
        ("both did the same", json!({"a": 1}), json!({"a": 2}), json!({"a": 2}), json!({"a": 2})),
        ("both removed it", json!({"a": 1}), json!({}), json!({}), json!({})),
        (
            "a new map beside that of others",
            json!({"metadata": {}}),
            json!({"metadata": {"labels": {"a": "1"}}}),
            json!({"metadata": {"labels": {"b": "2"}}}),
            json!({"metadata": {"labels": {"a": "1", "b": "2"}}}),
        ),
        (
            "a map that is left out keeps what others added",
            json!({"metadata": {"labels": {"a": "1"}}}),
            json!({"metadata": {}}),
            json!({"metadata": {"labels": {"a": "1", "b": "2"}}}),
            json!({"metadata": {"labels": {"b": "2"}}}),
        ),
        (
            "an item by its name, wherever it stands",
            pod(json!([web("web:1"), log])),
            pod(json!([web("web:2"), log])),
            pod(json!([log, web("web:1")])),
            pod(json!([log, web("web:2")])),
        ),
        (
            "an item that others added stays",
            pod(json!([web("web:1")])),
            pod(json!([web("web:2")])),
            pod(json!([web("web:1"), log])),
            pod(json!([web("web:2"), log])),
        ),
        (
            "a new item stands where the author put it",
            pod(json!([web("web:1"), log])),
            pod(json!([web("web:1"), {"name": "new"}, log])),
            pod(json!([{"name": "x"}, web("web:1"), log])),
            pod(json!([{"name": "x"}, web("web:1"), {"name": "new"}, log])),
        ),
        (
            "a port is told by number and protocol",
            json!({"ports": [{"port": 80, "name": "a"}, {"port": 80, "protocol": "UDP", "name": "b"}]}),
            json!({"ports": [{"port": 80, "name": "c"}, {"port": 80, "protocol": "UDP", "name": "b"}]}),
            json!({"ports": [{"port": 80, "protocol": "TCP", "name": "a"}, {"port": 80, "protocol": "UDP", "name": "d"}]}),
            json!({"ports": [{"port": 80, "protocol": "TCP", "name": "c"}, {"port": 80, "protocol": "UDP", "name": "d"}]}),
        ),
        (
            "a member of a set",
            json!({"finalizers": ["a", "b"]}),
            json!({"finalizers": ["b", "c"]}),
            json!({"finalizers": ["a", "b", "d"]}),
            json!({"finalizers": ["b", "c", "d"]}),
        ),
        ("an empty object", json!({}), json!({"emptyDir": {}}), json!({}), json!({"emptyDir": {}})),
    ];
    for (what, base, yours, live, merged) in rows {
        assert_eq!(edited(&base, &yours, &live), Ok(merged), "{what}");
    }
}

#[test]
fn what_overlaps_is_a_conflict_and_nothing_is_made() {
    let rows: Vec<(&str, Value, Value, Value, &str)> = vec![
        ("another value", json!({"a": 1}), json!({"a": 2}), json!({"a": 3}), ".a"),
        ("others removed it", json!({"a": 1}), json!({"a": 2}), json!({}), ".a"),
        ("the author removes what others changed", json!({"a": 1}), json!({}), json!({"a": 2}), ".a"),
        ("both added it", json!({}), json!({"a": 1}), json!({"a": 2}), ".a"),
        (
            "others removed the item",
            pod(json!([web("web:1")])),
            pod(json!([web("web:2")])),
            pod(json!([])),
            ".spec.containers[name=\"web\"].image",
        ),
        (
            "others removed the item to which a field is added",
            pod(json!([web("web:1")])),
            pod(json!([{"name": "web", "image": "web:1", "tty": true}])),
            pod(json!([])),
            ".spec.containers[name=\"web\"].tty",
        ),
        ("a list without keys", json!({"args": ["a"]}), json!({"args": ["a", "b"]}), json!({"args": ["c"]}), ".args"),
        (
            "a list in another order",
            json!({"initContainers": [{"name": "a"}, {"name": "b"}]}),
            json!({"initContainers": [{"name": "b"}, {"name": "a"}]}),
            json!({"initContainers": [{"name": "a"}, {"name": "b"}, {"name": "c"}]}),
            ".initContainers",
        ),
        (
            "a list with two of one key",
            json!({"env": [{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]}),
            json!({"env": [{"name": "A", "value": "1"}]}),
            json!({"env": [{"name": "B", "value": "1"}]}),
            ".env",
        ),
    ];
    for (what, base, yours, live, path) in rows {
        assert_eq!(edited(&base, &yours, &live), Err(vec![path.to_owned()]), "{what}");
    }
}

#[test]
fn a_conflict_has_three_values_and_who_wrote_it() {
    let fields = json!({"f:spec": {"f:replicas": {}}});
    let managed = json!([{"manager": "kubectl", "time": "2026-01-01T00:00:00Z", "fieldsV1": fields}]);
    let live = json!({"metadata": {"managedFields": managed}, "spec": {"replicas": 3}});
    let found = changes(&json!({"spec": {"replicas": 1}}), &json!({"spec": {"replicas": 2}}), Lists::Known);
    let conflicts = merge(&live, &live, &found).expect_err("a conflict");
    let wanted = Conflict {
        path: ".spec.replicas".to_owned(),
        manager: "kubectl".to_owned(),
        base: Some(json!(1)),
        live: Some(json!(3)),
        yours: Some(json!(2)),
    };
    assert_eq!(conflicts, [wanted]);
    let message = in_words(&conflicts);
    assert_eq!((conflicts_in(&message), message.text(FREE_TEXT)), (conflicts, Some(".spec.replicas")));
    let long = json!("x".repeat(10_000));
    let cut = Conflict::new(".a".to_owned(), None, None, Some(&long), None);
    assert!(cut.live.is_some_and(|value| value.as_str().is_some_and(|text| text.len() < 5000)));
}

#[test]
fn a_mask_means_as_it_was_and_is_refused_elsewhere() {
    let args = |first: &str, second: &str| json!({"args": [first, second], "env": {"A": "<redacted>"}});
    let (base, live) = (args("<redacted>", "--v=1"), json!({"args": ["--token=x", "--v=1"], "env": {"A": "secret"}}));
    let found = changes(&base, &args("<redacted>", "--v=2"), Lists::Known);
    assert_eq!(misplaced_mask(&found), None);
    let merged = merge(&live, &base, &found).expect("no conflict");
    assert_eq!(merged, json!({"args": ["--token=x", "--v=2"], "env": {"A": "secret"}}));
    let moved = changes(&base, &args("--v=2", "<redacted>"), Lists::Known);
    assert_eq!(misplaced_mask(&moved).as_deref(), Some(".args"));
    let copied = changes(&base, &json!({"args": base["args"], "env": base["env"], "b": "<forgotten>"}), Lists::Known);
    assert_eq!(misplaced_mask(&copied).as_deref(), Some(".b"));
    let replaced = changes(&base, &json!({"args": base["args"], "env": {"A": "new"}}), Lists::Known);
    assert_eq!(merge(&live, &base, &replaced).map(|merged| merged["env"]["A"].clone()), Ok(json!("new")));
}

#[test]
fn a_patch_makes_one_object_of_another() {
    let from = json!({"a": 1, "b": {"c": 1, "d": 1}, "e": [1, 2], "f": 1});
    let to = json!({"a": 1, "b": {"c": 2}, "e": [1], "g": {"h": 1}});
    assert_eq!(patch(&from, &to), json!({"b": {"c": 2, "d": null}, "e": [1], "f": null, "g": {"h": 1}}));
    assert_eq!(patch(&from, &from), json!({}));
}

#[test]
fn lists_of_custom_kinds_are_keyed_as_their_schema_says() {
    let rules = json!({"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
        "items": {"allOf": [{"$ref": "#/definitions/Rule"}]}});
    let tags = json!({"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}});
    let schema = json!({
        "properties": {"spec": {"properties": {"rules": rules}}},
        "definitions": {"Rule": {"properties": {"tags": tags}}},
    });
    let of = |tags: Value, extra: Value| json!({"spec": {"rules": [extra, {"id": "a", "tags": tags}]}});
    let (base, yours) = (of(json!(["x"]), json!({"id": "b"})), of(json!(["x", "y"]), json!({"id": "b"})));
    let found = changes(&base, &yours, Lists::of_schema(&schema));
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].path.to_string(), ".spec.rules[id=\"a\"].tags[=\"y\"]");
    let live = of(json!(["z", "x"]), json!({"id": "c"}));
    assert_eq!(merge(&live, &live, &found), Ok(of(json!(["z", "x", "y"]), json!({"id": "c"}))));
    let without = changes(&base, &yours, Lists::of_schema(&Value::Null));
    assert_eq!(without[0].path.to_string(), ".spec.rules", "as a whole");
}

#[test]
fn a_place_is_read_as_it_is_written() {
    let object = json!({
        "metadata": {"annotations": {"a.b/c": "1", "a": "2"}, "finalizers": ["x"]},
        "spec": {"containers": [{"name": "w]\"", "ports": [{"containerPort": 80, "protocol": "TCP"}]}]},
    });
    for text in [
        ".metadata.annotations.a.b/c",
        ".metadata.annotations.a",
        ".metadata.finalizers[=\"x\"]",
        ".spec.containers[name=\"w]\\\"\"].ports[containerPort=80,protocol=\"TCP\"].containerPort",
    ] {
        let path = Path::parse(text, &object).expect(text);
        assert!(path.get(&object).is_some(), "{text}");
        assert_eq!(path.to_string(), text);
        let mut without = object.clone();
        path.remove(&mut without);
        assert_eq!(path.get(&without), None, "{text}");
    }
    for text in ["spec", ".spec.replicas", ".spec.containers[0]", ".spec.containers[name=\"a\"]", ".spec[", ".["] {
        assert_eq!(Path::parse(text, &object), None, "{text}");
    }
}

#[test]
fn fields_that_stay_for_ever_are_known() {
    let fixed_in = |kind: &str, base: Value, yours: Value| {
        let kind: Resource = kind.parse().expect("a kind");
        fixed(&kind, &changes(&base, &yours, Lists::Known))
    };
    let selector = |app: &str| json!({"spec": {"selector": {"matchLabels": {"app": app}}}});
    let place = Some(".spec.selector.matchLabels.app".to_owned());
    assert_eq!(fixed_in("Deployment", selector("a"), selector("b")), place);
    assert_eq!(fixed_in("Service", selector("a"), selector("b")), None);
    assert_eq!(
        fixed_in("Service", json!({"apiVersion": "v1"}), json!({"apiVersion": "v2"})),
        Some(".apiVersion".to_owned())
    );
    let class = |class: Value| json!({"spec": {"storageClassName": class}});
    assert_eq!(fixed_in("PersistentVolumeClaim", json!({"spec": {}}), class("a".into())), None, "the first one");
    assert!(fixed_in("PersistentVolumeClaim", class("a".into()), class("b".into())).is_some());
}

#[test]
fn who_keeps_an_object_is_named() {
    let of = |metadata: Value| keeper(&json!({"metadata": metadata}));
    assert_eq!(
        of(json!({"annotations": {"argocd.argoproj.io/tracking-id": "shop:apps/Deployment:a/b"}})).as_deref(),
        Some("Argo CD (shop)")
    );
    assert_eq!(of(json!({"annotations": {"meta.helm.sh/release-name": "web"}})).as_deref(), Some("Helm (web)"));
    assert_eq!(
        of(json!({"ownerReferences": [{"kind": "CronJob", "name": "n", "controller": true}]})).as_deref(),
        Some("CronJob n")
    );
    let scaled = json!({"managedFields": [{"manager": "horizontal-pod-autoscaler"}, {"manager": "kubectl"}]});
    assert_eq!(of(scaled).as_deref(), Some("HorizontalPodAutoscaler"));
    assert_eq!(of(json!({"managedFields": [{"manager": "kubectl"}]})), None);
}
