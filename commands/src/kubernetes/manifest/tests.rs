use super::*;
use std::{fs, path::Path};

fn refusal(text: &str) -> Refusal {
    read(text, &ClusterId::from_name("dev")).map(|read| read.object).expect_err("it must be refused")
}

#[test]
fn a_manifest_is_read_from_yaml_and_from_json() {
    for text in [
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web, uid: x}\nstatus: {}\n",
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n---\n",
        r#"{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "web", "namespace": "default"}}"#,
    ] {
        let read = read(text, &ClusterId::from_name("dev")).expect("it must be read");
        assert_eq!(read.object.id(), "Deployment~dev~default~web");
        assert_eq!(read.manifest["metadata"], serde_json::json!({"name": "web", "namespace": "default"}));
        assert_eq!(read.manifest.get("status"), None);
    }
}

#[test]
fn what_is_wrong_is_refused_with_its_field() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let nested = format!("a: {}", "{a: ".repeat(100_000));
    let large = " ".repeat(5 << 20);
    let cases = [
        ("", "manifest"),
        ("{{{", "manifest"),
        ("just words", "manifest"),
        (deep.as_str(), "manifest"),
        (nested.as_str(), "manifest"),
        (large.as_str(), "manifest"),
        ("a: 1\n---\nb: 2", "manifest"),
        ("a: 1\n---\nb: 2\n---\nc: 3\n---\nd: 4", "manifest"),
        ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec: {x: \"\\0\"}", "manifest"),
        ("metadata: {name: a}", "manifest.kind"),
        ("kind: Planet", "manifest.kind"),
        ("kind: Pod\napiVersion: v1", "manifest.kind"),
        ("kind: Deployment", "manifest.apiVersion"),
        ("kind: Deployment\napiVersion: extensions/v1beta1", "manifest.apiVersion"),
        ("kind: Deployment\napiVersion: apps/v1", "manifest.metadata.name"),
        ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: ../up}", "manifest.metadata.name"),
        ("kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a, namespace: 7}", "manifest.metadata.namespace"),
        (
            "kind: Deployment\napiVersion: apps/v1\nmetadata: {name: a}\nspec: {env: [{name: TOKEN, value: hunter2}]}",
            "manifest.spec.env[0].value",
        ),
    ];
    for (text, field) in cases {
        let start: String = text.chars().take(60).collect();
        assert_eq!(refusal(text).field.as_deref(), Some(field), "{start}");
    }
}

#[test]
fn a_tower_of_aliases_is_refused_and_not_built() {
    let mut text = "a0: &a0 [x, x]\n".to_owned();
    for level in 1..40 {
        text.push_str(&format!("a{level}: &a{level} [*a{}, *a{}]\n", level - 1, level - 1));
    }
    assert_eq!(refusal(&text).field.as_deref(), Some("manifest"));
}

/// The manifests of a folder of examples, each with its first line.
fn examples(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/manifests").join(folder);
    let mut files: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("a file"));
    let documents = texts.flat_map(|text| text.split("\n---\n").map(str::to_owned).collect::<Vec<_>>());
    documents.map(|text| (text.lines().next().unwrap_or_default().to_owned(), text)).collect()
}

fn is_of_a_secret(refusal: &Refusal) -> bool {
    refusal.message.contains("valueFrom.secretKeyRef")
}

/// How many harmless and leaking manifests there are in two folders, with those that are judged wrongly.
fn measure(harmless: &str, leaking: &str) -> [(usize, Vec<String>); 2] {
    let cluster = ClusterId::from_name("dev");
    let (harmless, leaking) = (examples(harmless), examples(leaking));
    let refused = harmless.iter().filter_map(|(title, text)| {
        let refusal = read(text, &cluster).err()?;
        Some(format!("{title} {:?} {}", refusal.field, refusal.message))
    });
    let taken = leaking.iter().filter(|(_, text)| !read(text, &cluster).is_err_and(|refusal| is_of_a_secret(&refusal)));
    let measured = [
        (harmless.len(), refused.collect::<Vec<_>>()),
        (leaking.len(), taken.map(|(title, _)| title.clone()).collect()),
    ];
    println!("{} of {} harmless ones refused: {:#?}", measured[0].1.len(), measured[0].0, measured[0].1);
    println!("{} of {} leaking ones taken: {:#?}", measured[1].1.len(), measured[1].0, measured[1].1);
    measured
}

#[test]
fn harmless_manifests_are_taken_and_leaking_ones_refused() {
    let [(harmless, refused), (leaking, taken)] = measure("harmless", "leaking");
    assert!(harmless >= 100 && leaking >= 100);
    assert!(refused.is_empty() && taken.len() * 20 <= leaking);
}

#[test]
fn held_out_manifests_are_told_apart_as_well() {
    let [(harmless, refused), (leaking, taken)] = measure("held-out-harmless", "held-out-leaking");
    assert!(harmless >= 40 && leaking >= 40);
    // When they were written, 5 of these 40 harmless ones were refused and 4 of these 40 leaking ones taken.
    assert!(refused.is_empty() && taken.len() <= 1);
}
