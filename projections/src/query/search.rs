//! A search in a list: part of a name, an image or a reason, or words of the sentence that says the cause.

use super::page::contains;
use crate::language::Language;
use domain::core::message::{Code, Message};
use serde_json::Value;
use sqlx::{Postgres, QueryBuilder};
use std::sync::LazyLock;
use strum::IntoEnumIterator;

/// What is searched for. Sentences are searched in every language at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// In lower case.
    words: String,
    /// The codes whose sentence has the words.
    codes: Vec<&'static str>,
}

/// A shorter text is in too many sentences. Three bytes are one Chinese character.
const SHORTEST: usize = 3;
/// Words of more sentences, such as "pod", mean none of them.
const MOST: usize = 30;

/// The sentence of each code in each language, in lower case, with a line break for each argument.
static SENTENCES: LazyLock<Vec<(&'static str, String)>> = LazyLock::new(|| {
    let message = |code: Code| Message {
        code: code.as_str().into(),
        arguments: code.arguments().iter().map(|name| ((*name).into(), Value::from("\n"))).collect(),
    };
    let languages = [Language::English, Language::Chinese];
    let sentences = Code::iter().flat_map(|code| languages.map(|language| (code, language)));
    sentences.map(|(code, language)| (code.as_str(), language.text(&message(code)).to_lowercase())).collect()
});

impl Search {
    /// None if there is nothing to search for.
    pub fn new(words: &str) -> Option<Self> {
        let words = words.trim();
        let codes = codes_saying(&words.to_lowercase());
        (!words.is_empty()).then(|| Self { words: words.to_ascii_lowercase(), codes })
    }

    /// Adds ` AND (part of one of these texts, or this cause)`.
    pub(crate) fn push(&self, query: &mut QueryBuilder<Postgres>, texts: &[&str], cause: &str) {
        query.push(" AND (false");
        // A cause is part of a JSON text, which takes longer to read than the other columns.
        if !self.codes.is_empty() {
            query.push(" OR ").push(cause).push(" = ANY (").push_bind(self.codes.clone()).push(")");
        }
        for text in texts {
            query.push(" OR ").push(text).push(" ILIKE ").push_bind(contains(&self.words));
        }
        query.push(")");
    }

    /// The same condition as [`Search::push`], for a row.
    pub(crate) fn finds<'t>(&self, texts: impl IntoIterator<Item = &'t str>, cause: Option<&str>) -> bool {
        cause.is_some_and(|cause| self.codes.contains(&cause))
            || texts.into_iter().any(|text| text.to_ascii_lowercase().contains(&self.words))
    }
}

fn codes_saying(words: &str) -> Vec<&'static str> {
    if words.len() < SHORTEST {
        return Vec::new();
    }
    let said = SENTENCES.iter().filter(|(_, sentence)| says(sentence, words));
    let mut codes: Vec<&str> = said.map(|(code, _)| *code).collect();
    codes.dedup();
    if codes.len() > MOST { Vec::new() } else { codes }
}

/// Whether the words begin with a word of the sentence. Chinese has no spaces between words.
fn says(sentence: &str, words: &str) -> bool {
    let begins =
        |(place, _): (usize, &str)| !sentence[..place].ends_with(|before: char| before.is_ascii_alphanumeric());
    sentence.match_indices(words).any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_found_by_the_words_of_its_sentence_in_either_language() {
        let cause = Some(Code::QuotaExceeded.as_str());
        let finds = |words: &str, cause| Search::new(words).is_some_and(|search| search.finds(["web"], cause));
        for found in ["quota", " Quota ", "配额", "eb"] {
            assert!(finds(found, cause), "{found}");
        }
        for missed in ["uota", "qu", "", "  ", "\n", "pod", "no such words"] {
            assert!(!finds(missed, cause), "{missed}");
        }
        assert!(!finds("quota", Some(Code::ImageNotFound.as_str())) && !finds("quota", None));
    }
}
