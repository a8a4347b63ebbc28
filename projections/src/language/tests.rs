use super::*;
use domain::{core::message::Code, operation::Intent};
use fluent_syntax::ast::{Entry, Resource};
use std::collections::BTreeSet;
use strum::IntoEnumIterator;

const CATALOGUES: [(Language, &str); 2] =
    [(Language::English, include_str!("en.ftl")), (Language::Chinese, include_str!("zh-CN.ftl"))];

/// The code with its arguments, numbers or texts.
fn sample(code: Code, number: Option<i64>) -> Message {
    let value = |name: &str| number.map_or_else(|| Value::from(format!("<{name}>")), Value::from);
    let arguments = code.arguments().iter().map(|name| ((*name).into(), value(name))).collect();
    Message { code: code.as_str().into(), arguments }
}

#[test]
fn both_catalogues_have_every_code_and_no_other() {
    let codes: BTreeSet<String> = Code::iter().map(|code| code.as_str().to_owned()).collect();
    for (language, text) in CATALOGUES {
        let parsed: Resource<&str> = fluent_syntax::parser::parse(text).expect("a catalogue without a fault");
        let ids: Vec<String> = parsed
            .body
            .iter()
            .filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            })
            .collect();
        let found: BTreeSet<String> = ids.iter().filter(|id| id.to_uppercase() == **id).cloned().collect();
        assert_eq!(found, codes, "{language:?}");
        assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len(), "a message stands twice in {language:?}");
    }
}

#[test]
fn every_message_has_words_for_texts_and_for_numbers() {
    for (language, _) in CATALOGUES {
        for code in Code::iter() {
            for number in [None, Some(0), Some(1), Some(2), Some(1_000_000)] {
                let text = language.text(&sample(code, number));
                assert_ne!(text, code.as_str(), "{language:?} lacks an argument or the message");
                assert!(!text.contains('{') && !text.contains("  ") && text.trim() == text, "{text:?}");
                assert!(!text.ends_with('.') && !text.ends_with('。'), "{text:?}");
            }
        }
    }
}

#[test]
fn every_argument_is_said() {
    // Each of these decides between words instead of standing in the sentence, or is shown beside it.
    let decides = [
        ("role", None),
        ("probe", Some(Language::Chinese)),
        ("found", None),
        ("rule", None),
        ("conflicts", None),
        ("recorded", None),
    ];
    for (language, _) in CATALOGUES {
        for code in Code::iter() {
            let text = language.text(&sample(code, None));
            for name in code.arguments() {
                let is_said = text.contains(&format!("<{name}>"));
                let may_miss = decides.iter().any(|(one, of)| one == name && of.is_none_or(|of| of == language));
                assert!(is_said || may_miss, "{language:?} {code:?} does not say {name}: {text}");
            }
        }
    }
}

#[test]
fn every_verb_has_a_name() {
    for (language, _) in CATALOGUES {
        for verb in Intent::iter().map(|intent| intent.verb()) {
            for code in [Code::QueuedBehind, Code::ActionLabel, Code::ActionEffect] {
                let text = language.text(&code.message([("verb", verb.into())]));
                assert!(!text.contains(verb), "{language:?} shows {verb} as it is");
            }
            let intent = Intent::iter().find(|intent| intent.verb() == verb).expect("it is one of them");
            let text = language.text(&intent.summary("Deployment team/web".to_owned()));
            assert!(!text.contains(verb) && text.contains("team/web"), "{language:?}: {text}");
        }
    }
}

#[test]
fn numbers_follow_the_plural_rules_of_each_language() {
    let text = |language: Language, pods: i32| language.text(&Code::Removing.message([("pods", pods.into())]));
    assert_eq!(text(Language::English, 1), "1 pod is being removed");
    assert_eq!(text(Language::English, 2), "2 pods are being removed");
    assert_eq!(text(Language::English, 0), "0 pods are being removed");
    assert_eq!(text(Language::Chinese, 1), "正在移除 1 个 Pod");
    assert_eq!(text(Language::Chinese, 2), "正在移除 2 个 Pod");
}

#[test]
fn one_is_said_in_the_singular() {
    // A run is a noun where these follow it.
    const PLURALS: [&str; 7] = ["pods", "replicas", "completions", "containers", "times", "runs go", "runs are"];
    let says = |plural: &str, number: i64| {
        let counted = format!("{number} {plural}");
        // The containers of a pod are spoken of as a whole: 1 of 1 containers.
        let whole = format!("of {number} containers");
        let text = |code| Language::English.text(&sample(code, Some(number))).replace(&whole, "of all");
        Code::iter().map(text).filter(|text| text.contains(&counted)).collect::<Vec<_>>()
    };
    for plural in PLURALS {
        assert_eq!(says(plural, 1), Vec::<String>::new(), "1 {plural}");
    }
    // Where the number is another one, they are said.
    for plural in PLURALS.into_iter().filter(|plural| *plural != "containers") {
        assert_ne!(says(plural, 2), Vec::<String>::new(), "2 {plural}");
    }
}

#[test]
fn words_of_others_follow_and_lists_are_joined() {
    let image = Code::ImageNotFound.message([
        ("pod", "web-1".into()),
        ("container", "web".into()),
        ("role", "init".into()),
        ("image", "web:typo".into()),
        ("detail", "manifest unknown".into()),
    ]);
    assert_eq!(
        Language::English.text(&image),
        "Image web:typo was not found. Init container web of pod web-1 waits: manifest unknown"
    );
    let finalizers = Code::FinalizersBlock.message([("finalizers", vec!["a/b", "c/d"].into())]);
    assert_eq!(Language::English.text(&finalizers), "It stays until these finalizers are taken off: a/b, c/d");
    assert_eq!(Language::Chinese.text(&finalizers), "以下终结器移除之前不会消失：a/b、c/d");
    let limit = Code::OomKilled.message([
        ("pod", "web-1".into()),
        ("container", "web".into()),
        ("role", "main".into()),
        ("limit", "".into()),
    ]);
    assert_eq!(Language::English.text(&limit), "Out of memory. Container web of pod web-1 was killed");
}

#[test]
fn a_code_of_a_newer_version_is_shown_as_it_is() {
    let message = Message { code: "FROM_LATER".into(), arguments: Default::default() };
    assert_eq!(Language::English.text(&message), "FROM_LATER");
}

#[test]
fn the_language_is_the_one_that_is_accepted_most() {
    for (header, language) in [
        ("", Language::English),
        ("*", Language::English),
        ("de-DE, fr;q=0.5", Language::English),
        ("zh-CN,zh;q=0.9,en;q=0.8", Language::Chinese),
        ("zh", Language::Chinese),
        ("en-GB, zh-CN;q=0.9", Language::English),
        ("fr, zh-CN;q=0.9, en;q=0.8", Language::Chinese),
        (";;;q=x", Language::English),
    ] {
        assert_eq!(Language::accepted(header), language, "{header}");
    }
}
