//! The rules against manifests in the style of public ones. Every secret in them is invented.

use serde::Deserialize;
use serde_json::Value;

use super::{find, redact};

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
