use super::*;
use async_graphql::parser::parse_query;

fn judge(document: &str) -> Result<Vec<String>, &'static str> {
    check_text(document).map_err(|fault| fault.code)?;
    let document = parse_query(document).map_err(|_| "PARSE")?;
    let (_, operation) = document.operations.iter().next().ok_or("EMPTY")?;
    let roots = check(&document, &operation.node).map_err(|fault| fault.code)?;
    Ok(roots.iter().map(ToString::to_string).collect())
}

fn nested(depth: usize) -> String {
    format!("{{a{}{}", "{a".repeat(depth - 1), "}".repeat(depth))
}

#[test]
fn root_fields_are_found_in_fragments_too() {
    let document = "{ a ...F ... on Query { c } } fragment F on Query { b }";
    assert_eq!(judge(document), Ok(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
}

#[test]
fn a_document_is_at_most_twelve_fields_deep() {
    assert!(judge(&nested(12)).is_ok());
    assert_eq!(judge(&nested(13)), Err("TOO_COMPLEX"));
    assert_eq!(judge(&nested(30)), Err("TOO_COMPLEX"));
    let introspection = nested(15).replacen("{a", "{__schema", 1);
    assert!(judge(&introspection).is_ok());
    assert_eq!(
        judge(&introspection.replacen("{__schema", "{b __schema", 1)),
        Err("TOO_COMPLEX"),
        "no hiding behind it"
    );
}

#[test]
fn hostile_documents_are_refused_at_once() {
    let aliases: String = (0..1000).map(|i| format!("a{i}: viewer {{ id }} ")).collect();
    assert_eq!(judge(&format!("{{ {aliases} }}")), Err("TOO_COMPLEX"));
    let directives = "@skip(if: false) ".repeat(1000);
    assert_eq!(judge(&format!("{{ viewer {directives} {{ id }} }}")), Err("TOO_COMPLEX"));
    assert_eq!(judge(&"{a".repeat(5000)), Err("TOO_COMPLEX"));
    assert_eq!(judge(&"[".repeat(30_000)), Err("TOO_COMPLEX"));
    assert_eq!(judge(&" ".repeat(DOCUMENT + 1)), Err("TOO_LARGE"));
}

#[test]
fn a_bomb_of_fragments_does_not_go_off() {
    let bomb: String =
        (0..60).map(|i| format!("fragment F{i} on Query {{ ...F{next} ...F{next} }} ", next = i + 1)).collect();
    let document = format!("{{ a {{ ...F0 }} }} {bomb} fragment F60 on Query {{ x }}");
    assert_eq!(judge(&document), Err("TOO_COMPLEX"));
    assert_eq!(judge("{ a { ...A } } fragment A on Q { ...B } fragment B on Q { ...A }"), Err("BAD_INPUT"));
}

#[test]
fn what_cannot_be_stored_is_refused() {
    assert_eq!(judge("{ workload(id: \"a\\u0000\") { id } }"), Err("BAD_INPUT"));
    let deep = serde_json::json!({"input": {"names": ["fine", "a\0b"]}});
    assert!(check_variables(&Variables::from_json(deep)).is_err());
    assert!(check_variables(&Variables::from_json(serde_json::json!({"input": "fine"}))).is_ok());
}
