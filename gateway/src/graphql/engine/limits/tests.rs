use super::*;
use async_graphql::parser::parse_query;

fn checked(document: &str) -> Result<Vec<String>, &'static str> {
    check_with(document, serde_json::json!({}))
}

fn check_with(document: &str, variables: serde_json::Value) -> Result<Vec<String>, &'static str> {
    let variables = Variables::from_json(variables);
    check_text(document).map_err(|error| error.code)?;
    let document = parse_query(document).map_err(|_| "PARSE")?;
    let (_, operation) = document.operations.iter().next().ok_or("EMPTY")?;
    let roots = check(&document, &operation.node, &variables).map_err(|error| error.code)?;
    Ok(roots.iter().map(ToString::to_string).collect())
}

fn nested(depth: usize) -> String {
    format!("{{a{}{}", "{a".repeat(depth - 1), "}".repeat(depth))
}

#[test]
fn root_fields_are_found_in_fragments_too() {
    let document = "{ a ...F ... on Query { c } } fragment F on Query { b }";
    assert_eq!(checked(document), Ok(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
}

#[test]
fn a_document_is_at_most_twelve_fields_deep() {
    assert!(checked(&nested(12)).is_ok());
    assert_eq!(checked(&nested(13)), Err("TOO_COMPLEX"));
    assert_eq!(checked(&nested(30)), Err("TOO_COMPLEX"));
    let introspection = nested(15).replacen("{a", "{__schema", 1);
    assert!(checked(&introspection).is_ok());
    assert_eq!(
        checked(&introspection.replacen("{__schema", "{b __schema", 1)),
        Err("TOO_COMPLEX"),
        "no hiding behind it"
    );
}

#[test]
fn hostile_documents_are_refused_at_once() {
    let aliases: String = (0..1000).map(|i| format!("a{i}: viewer {{ id }} ")).collect();
    assert_eq!(checked(&format!("{{ {aliases} }}")), Err("TOO_COMPLEX"));
    let directives = "@skip(if: false) ".repeat(1000);
    assert_eq!(checked(&format!("{{ viewer {directives} {{ id }} }}")), Err("TOO_COMPLEX"));
    assert_eq!(checked(&"{a".repeat(5000)), Err("TOO_COMPLEX"));
    assert_eq!(checked(&"[".repeat(30_000)), Err("TOO_COMPLEX"));
    assert_eq!(checked(&" ".repeat(DOCUMENT + 1)), Err("TOO_LARGE"));
}

/// Fragments of which each uses the next so many times, written by `spread`; the last one asks for `last`.
fn tree(width: usize, levels: usize, spread: &dyn Fn(usize) -> String, last: &str) -> String {
    let fragment = |level: usize| format!("fragment F{level} on Query {{ {} }} ", spread(level + 1).repeat(width));
    (0..levels).map(fragment).collect::<String>() + &format!("fragment F{levels} on Query {{ {last} }}")
}

/// How many selections measuring a document looks at, and whether it is refused.
fn measured(document: &str) -> (usize, bool) {
    let document = parse_query(document).expect("a document");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let variables = Variables::default();
    let mut walk = Walk::new(&document.fragments, Inputs::of(&operation.node, &variables).expect("few variables"));
    let walked = document.operations.iter().try_for_each(|(_, operation)| walk.operation(&operation.node).map(drop));
    let is_refused = walked.and_then(|()| walk.unused_fragments()).is_err();
    (walk.steps, is_refused || check(&document, &operation.node, &variables).is_err())
}

#[test]
fn fragments_that_use_each_other_are_refused_after_one_look() {
    let plain = |level: usize| format!("...F{level} ");
    let inline = |level: usize| format!("... {{ ...F{level} }} ");
    let field = |level: usize| format!("a {{ ...F{level} }} ");
    let aliased = |level: usize| format!("b: a(c: [1, 2]) {{ ...F{level} }} ");
    let spreads: [&dyn Fn(usize) -> String; 4] = [&plain, &inline, &field, &aliased];
    let begins =
        ["{ ...F0 }", "{ a { ...F0 } }", "query A { b } query B { ...F0 }", "{ b } ", "{ ... on Query { ...F0 } }"];
    for width in [2, 3] {
        for spread in spreads {
            for last in ["x", "__typename", "...Missing"] {
                for begin in begins {
                    let document = format!("{begin} {}", tree(width, 30, spread, last));
                    let (steps, is_refused) = measured(&document);
                    assert!(is_refused, "{begin} {}", spread(1));
                    assert!(steps <= 2 * width * 31 + 5, "{steps} steps: {begin} {}", spread(1));
                }
            }
        }
    }
}

#[test]
fn a_chain_of_fragments_is_refused_whatever_its_length() {
    for length in [40, 1_500] {
        let chain = tree(1, length, &|level| format!("...F{level}"), "x");
        for begin in ["{ ...F0 }", "{ y }", "query A { y } query B { ...F0 }"] {
            assert_eq!(checked(&format!("{begin} {chain}")), Err("TOO_COMPLEX"), "{length}: {begin}");
        }
    }
    assert_eq!(checked("{ a { ...A } } fragment A on Q { ...B } fragment B on Q { ...A }"), Err("BAD_INPUT"));
}

#[test]
fn each_row_of_a_list_counts_with_its_selection() {
    let names = "__typename ".repeat(300);
    let lists = [
        format!("{{ a(first: 500) {{ nodes {{ {names} }} }} }}"),
        format!("query($n: Int) {{ a(first: $n) {{ ...P }} }} fragment P on Page {{ nodes {{ {names} }} }}"),
        format!("query($n: Int = 500) {{ a(first: $n) {{ edges {{ node {{ {names} }} }} }} }}"),
        format!("{{ a {{ nodes {{ b {{ edges {{ node {{ {names} }} }} }} }} }} }}"),
    ];
    for list in lists {
        assert_eq!(check_with(&list, serde_json::json!({"n": 500})), Err("TOO_COMPLEX"), "{list}");
    }
    assert!(checked(&format!("{{ a(first: 50) {{ nodes {{ {names} }} }} }}")).is_ok());
}

#[test]
fn values_count_wherever_they_are_used() {
    let used = |times: usize| format!("query($v: [String!]) {{ {} }}", "w { a(b: $v) }".repeat(times));
    let listed = |length: usize| serde_json::json!({"v": vec!["x"; length]});
    assert!(check_with(&used(10), listed(1_000)).is_ok());
    let repeated = format!("query($v: [String!]) {{ w {{ {} }} }}", "a(b: $v) ".repeat(200));
    assert_eq!(check_with(&repeated, listed(1_000)), Err("TOO_COMPLEX"), "copied for each use");
    let manifest = |times: usize| format!("query($v: String!) {{ {} }}", "w(manifest: $v)".repeat(times));
    let text = serde_json::json!({"v": "x".repeat(1_500_000)});
    assert!(check_with(&manifest(1), text.clone()).is_ok());
    assert_eq!(check_with(&manifest(25), text), Err("TOO_COMPLEX"), "a text is copied too");
    let default = format!("query($v: [Int!] = [{}]) {{ w {{ {} }} }}", "1,".repeat(900), "a(b: $v) ".repeat(200));
    assert_eq!(checked(&default), Err("TOO_COMPLEX"));
    let literals = format!("{{ w {{ {} }} }}", format!("a(b: [{}]) ", "1,".repeat(500)).repeat(25));
    assert_eq!(checked(&literals), Err("TOO_COMPLEX"));
    let arguments: String = (0..100).map(|nth| format!("a{nth}: 1 ")).collect();
    assert_eq!(checked(&format!("{{ w({arguments}) {{ a }} }}")), Err("TOO_COMPLEX"));
    let declared: String = (0..200).map(|nth| format!("$a{nth}: Int ")).collect();
    assert_eq!(checked(&format!("query({declared}) {{ w }}")), Err("TOO_COMPLEX"));
    let objects = serde_json::json!({"v": vec![serde_json::json!({"a": 1}); 9_000]});
    assert_eq!(check_with("query($v: [I!]) { w(b: $v) }", objects), Err("TOO_COMPLEX"));
}

/// The field that a value is refused for.
fn refused_for(arguments: &str, variables: serde_json::Value) -> Option<String> {
    let document = parse_query(format!("query($v: V) {{ w({arguments}) }}")).expect("a document");
    let (_, operation) = document.operations.iter().next().expect("an operation");
    let error = check(&document, &operation.node, &Variables::from_json(variables)).err()?;
    assert_eq!(error.code, "BAD_INPUT", "{}", error.message);
    error.field
}

#[test]
fn each_text_has_a_limit_by_its_name() {
    for (name, limit) in [("search", 200), ("name", 1024), ("after", 2048), ("labelSelector", 4096), ("reason", 4096)] {
        for (length, refused) in [(limit, None), (limit + 1, Some(name.to_owned()))] {
            let text = "x".repeat(length);
            let none = serde_json::json!({});
            assert_eq!(refused_for(&format!("{name}: \"{text}\""), none.clone()), refused, "{name} {length}");
            assert_eq!(refused_for(&format!("f: {{a: {{{name}: [\"{text}\"]}}}}"), none.clone()), refused);
            assert_eq!(refused_for(&format!("{name}: $v"), serde_json::json!({"v": text})), refused);
            assert_eq!(refused_for(&format!("f: {{{name}: [$v]}}"), serde_json::json!({"v": text})), refused);
            assert_eq!(refused_for("f: $v", serde_json::json!({"v": {"a": [{name: text}]}})), refused);
        }
    }
    assert_eq!(refused_for("manifest: $v", serde_json::json!({"v": "x".repeat(1_900_000)})), None);
    assert_eq!(refused_for("f: {names: $v}", serde_json::json!({"v": vec!["x"; 1001]})).as_deref(), Some("names"));
}

#[test]
fn the_schema_can_be_read_and_does_not_multiply() {
    let inner = "ofType { kind name ".repeat(9) + &"} ".repeat(9);
    let introspection = format!(
        "query IntrospectionQuery {{ __schema {{ queryType {{ name }} mutationType {{ name }} types {{ ...Full }} \
         directives {{ name locations args {{ ...Input }} }} }} }} \
         fragment Full on __Type {{ kind name fields(includeDeprecated: true) {{ name args {{ ...Input }} type {{ ...Ref }} }} \
         inputFields {{ ...Input }} interfaces {{ ...Ref }} enumValues {{ name }} possibleTypes {{ ...Ref }} }} \
         fragment Input on __InputValue {{ name type {{ ...Ref }} defaultValue }} \
         fragment Ref on __Type {{ kind name {inner} }}"
    );
    assert_eq!(checked(&introspection), Ok(vec!["__schema".to_owned()]));
    let nested = |times: usize| {
        let inner = "fields { type { ".repeat(times) + "name" + &" } }".repeat(times);
        checked(&format!("{{ __schema {{ types {{ {inner} }} }} }}"))
    };
    assert!(nested(2).is_ok());
    assert_eq!(nested(3), Err("TOO_COMPLEX"));
}

#[test]
fn what_cannot_be_stored_is_refused_by_its_name() {
    let none = serde_json::json!({});
    assert_eq!(refused_for("id: \"a\\u0000\"", none).as_deref(), Some("id"));
    let deep = serde_json::json!({"v": {"names": ["fine", "a\0b"]}});
    assert_eq!(refused_for("f: $v", deep).as_deref(), Some("names"));
    let key = serde_json::json!({"v": {"value": [{"a\0b": 1}]}});
    assert_eq!(refused_for("f: $v", key).as_deref(), Some("ab"));
    assert_eq!(refused_for("id: $v", serde_json::json!({"v": "fine"})), None);
}
