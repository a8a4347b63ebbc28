//! The rules against manifests in the style of public ones. Every secret in them is invented.

use super::{find, redact};
use crate::{
    core::sealing::{DataKey, KeyId, Sealer, leaf},
    kubernetes::manifest::Manifest,
};
use serde::Deserialize;
use serde_json::Value;

const HARMLESS: &str = include_str!("corpus/harmless.json");
const LEAKING: &str = include_str!("corpus/leaking.json");

#[derive(Deserialize)]
struct Sample {
    about: String,
    #[serde(default)]
    secret: String,
    manifest: Value,
}

/// A finding elsewhere in the manifest does not count: the secret itself must be found.
fn is_caught(sample: &Sample) -> bool {
    let mut redacted = sample.manifest.clone();
    redact(&mut redacted);
    !find(&sample.manifest).is_empty() && !redacted.to_string().contains(&sample.secret)
}

#[test]
fn leaking_manifests_are_found_among_public_ones() {
    let harmless: Vec<Sample> = serde_json::from_str(HARMLESS).expect("JSON");
    let leaking: Vec<Sample> = serde_json::from_str(LEAKING).expect("JSON");
    let refused: Vec<_> = harmless.iter().filter(|sample| !find(&sample.manifest).is_empty()).collect();
    let missed: Vec<_> = leaking.iter().filter(|sample| !is_caught(sample)).collect();

    println!("harmless: {} of {} refused", refused.len(), harmless.len());
    for sample in &refused {
        println!("  {}: {:?}", sample.about, find(&sample.manifest));
    }
    println!("leaking: {} of {} refused", leaking.len() - missed.len(), leaking.len());
    for sample in &missed {
        println!("  missed: {}", sample.about);
    }
    assert_eq!((harmless.len(), leaking.len()), (100, 100));
    assert!(refused.is_empty());
    assert!(missed.len() <= 5);
}

/// A field that no API has.
const UNKNOWN: &str = "unheardOf";

/// Adds a field that no API has to the object, to its metadata and `spec`, and to each container.
fn add_unknown(value: &mut Value, is_object: bool) {
    match value {
        Value::Object(fields) => {
            let is_container = fields.contains_key("image") && fields.contains_key("name");
            for (name, inner) in fields.iter_mut() {
                add_unknown(inner, is_object && matches!(name.as_str(), "metadata" | "spec"));
            }
            if is_object || is_container {
                fields.insert(UNKNOWN.to_owned(), "canary".into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| add_unknown(item, false)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The pointers of all texts and numbers that people may write anything into, with the field that makes them so.
fn free_places(value: &Value, path: &str, free: Option<&'static str>, found: &mut Vec<(&'static str, String)>) {
    const FREE: [&str; 4] = ["command", "args", "annotations", UNKNOWN];
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                let place = format!("{path}/{}", name.replace('~', "~0").replace('/', "~1"));
                let is_of_env =
                    path.rsplit_once('/').is_some_and(|(list, _)| list.ends_with("/env")) && name == "value";
                // What people search by: these keys are names there.
                let is_searched = matches!(name.as_str(), "labels" | "matchLabels" | "nodeSelector");
                let by_name = FREE.into_iter().find(|free| free == name).or(is_of_env.then_some("env"));
                if free.is_some() || !is_searched {
                    free_places(inner, &place, free.or(by_name), found);
                }
            }
        }
        Value::Array(items) => {
            for (nth, inner) in items.iter().enumerate() {
                free_places(inner, &format!("{path}/{nth}"), free, found);
            }
        }
        Value::Number(_) | Value::String(_) => found.extend(free.map(|free| (free, path.to_owned()))),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Whether the value at a pointer is a sealed leaf, or is in one.
fn is_sealed(stored: &Value, pointer: &str) -> bool {
    let mut ends = pointer.match_indices('/').map(|(at, _)| at).chain([pointer.len()]);
    let is_leaf = |end: usize| stored.pointer(&pointer[..end]).and_then(Value::as_object).is_some_and(leaf::is_leaf);
    ends.any(is_leaf)
}

/// Leaves nothing but what is stored in clear.
fn remove_sealed(stored: &mut Value) {
    match stored {
        Value::Object(fields) if leaf::is_leaf(fields) => *stored = Value::Null,
        Value::Object(fields) => fields.values_mut().for_each(remove_sealed),
        Value::Array(items) => items.iter_mut().for_each(remove_sealed),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn each_of_these_manifests_is_stored_sealed() {
    let samples: Vec<Sample> = [HARMLESS, LEAKING]
        .into_iter()
        .flat_map(|text| serde_json::from_str::<Vec<Sample>>(text).expect("JSON"))
        .collect();
    assert_eq!(samples.len(), 200);
    let key = DataKey::new(KeyId([1; 8]), &[1; 32]);
    let mut checked = Vec::new();
    for Sample { about, secret, mut manifest } in samples {
        add_unknown(&mut manifest, true);
        let mut stored = serde_json::to_value(Manifest::from(manifest.clone())).expect(&about);
        Sealer { key: Some(&key), salt: [2; 16] }.seal_value("s", &mut stored).expect(&about);
        assert!(!leaf::has_free(stored.to_string().as_bytes()), "{about}: {stored}");
        let mut places = Vec::new();
        free_places(&manifest, "", None, &mut places);
        for (_, place) in &places {
            assert!(is_sealed(&stored, place), "{about}: {place} in {stored}");
        }
        checked.extend(places.into_iter().map(|(field, _)| field));
        remove_sealed(&mut stored);
        let clear = stored.to_string();
        assert!(secret.is_empty() || !clear.contains(&secret), "{about}: {clear}");
        assert!(!clear.contains("canary"), "{about}: {clear}");
    }
    // The corpus has some of each.
    for field in ["env", "command", "args", "annotations", UNKNOWN] {
        let times = checked.iter().filter(|one| **one == field).count();
        assert!(times >= 30, "{field}: only {times} places");
    }
}
