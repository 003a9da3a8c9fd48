//! What an identifier must not be: a value that people are told apart by deserves a closer look than
//! a name to be shown.

use icu_normalizer::ComposingNormalizer;

use crate::account::objection::{About, Objection};
use crate::account::{cards, seen::Seen};
use crate::source::{is_unprintable, printable};
use crate::verdict::Weight;

/// What speaks against a value as the identifier of somebody.
pub(super) fn judge(member: &str, value: &str, about: &About) -> Vec<Objection> {
    let judged = [unseen(member, value, about), look_alike(member, value, about)];
    let case = || capitals(member, value, about);
    let found: Vec<Objection> = judged.into_iter().flatten().collect();
    found.into_iter().chain(case()).collect()
}

/// Several different values where one is needed: which of them counts is an accident of order.
pub(super) fn ambiguous(member: &str, seen: &Seen) -> Option<Objection> {
    let first = seen.texts().next()?;
    let other = seen.texts().find(|value| *value != first)?;
    let message = format!(
        "{} values for {member}, `{}` and `{}` among them",
        seen.values.len(),
        printable(first),
        printable(other)
    );
    let about = About::Attribute(seen.sent.clone());
    let objection = Objection::new(&cards::AMBIGUOUS, Weight::Reject, about, message);
    Some(
        objection
            .why("the application reads the first one, whichever that is")
            .remedy("send one value, or map an attribute that has one"),
    )
}

fn unseen(member: &str, value: &str, about: &About) -> Option<Objection> {
    if let Some(hidden) = value.chars().find(|c| is_unprintable(*c)) {
        let message =
            format!("{member} holds {}, which nobody sees: {}", point(hidden), shown(value));
        let objection = Objection::new(&cards::CONTROL, Weight::Reject, about.clone(), message);
        return Some(objection.why("two accounts can look the same and be two"));
    }
    let is_padded = value.trim() != value;
    is_padded.then(|| {
        let message = format!("{member} begins or ends with a blank: {}", shown(value));
        Objection::new(&cards::CONTROL, Weight::Warning, about.clone(), message)
            .why("the blank is a part of the identifier, or is taken off, depending on the library")
    })
}

fn look_alike(member: &str, value: &str, about: &About) -> Option<Objection> {
    if value.is_ascii() {
        return None;
    }
    let odd = value.split(|c: char| !c.is_alphanumeric()).find_map(foreign_letter);
    let composed = ComposingNormalizer::new_nfkc().normalize(value);
    let odd = odd.or_else(|| {
        let pairs = value.chars().zip(composed.chars());
        let differing = pairs.into_iter().find(|(own, other)| own != other);
        differing.map(|(own, _)| own).filter(|_| composed != value)
    })?;
    let message = format!("{member} holds {} among letters like it: {}", point(odd), shown(value));
    let objection = Objection::new(&cards::CONFUSABLE, Weight::Warning, about.clone(), message);
    Some(objection.why("it looks like another identifier, and nothing folds the two together"))
}

/// A letter of another script in a word that has letters of ASCII.
fn foreign_letter(word: &str) -> Option<char> {
    let is_mixed = word.contains(|c: char| c.is_ascii_alphabetic());
    word.chars().find(|c| is_mixed && is_of_like_script(*c))
}

/// Greek, Cyrillic, Armenian and Cherokee have letters that look like those of Latin.
fn is_of_like_script(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{58f}' | '\u{13a0}'..='\u{13ff}' | '\u{1c80}'..='\u{1c8f}'
        | '\u{2de0}'..='\u{2dff}' | '\u{a640}'..='\u{a69f}' | '\u{ab70}'..='\u{abbf}')
}

fn capitals(member: &str, value: &str, about: &About) -> Option<Objection> {
    let is_concerned = value.contains('@') && value.contains(char::is_uppercase);
    is_concerned.then(|| {
        let message = format!("{member} has capital letters: {}", shown(value));
        Objection::new(&cards::CASE, Weight::Warning, about.clone(), message).why(
            "who compares letter by letter takes it for another person than the one in small letters",
        )
    })
}

fn point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn shown(value: &str) -> String {
    format!("`{}`", printable(value))
}

#[cfg(test)]
mod tests {
    use super::{ambiguous, judge};
    use crate::account::objection::About;
    use crate::account::seen::Seen;

    #[test]
    fn hidden_characters_look_alikes_and_capitals_are_told() {
        for (value, names) in [
            ("alice", &[][..]),
            ("zoë@acme.test", &[]),
            ("müller", &[]),
            ("рома@почта.рф", &[]),
            ("東京", &[]),
            ("ann\u{200b}@acme.test", &["id-control"]),
            ("ann\n", &["id-control"]),
            ("ann ", &["id-control"]),
            ("\u{430}nn@acme.test", &["id-confusable"]),
            ("ａnn", &["id-confusable"]),
            ("zoe\u{308}", &["id-confusable"]),
            ("Ann@acme.test", &["id-case"]),
            ("ABC-1", &[]),
        ] {
            let found = judge("uid", value, &About::NameId);
            let found: Vec<&str> = found.iter().map(|one| one.rule.name).collect();
            assert_eq!(found, names, "{value:?}");
        }
    }

    #[test]
    fn the_same_value_twice_is_one_value() {
        let seen = |values: &[&str]| Seen {
            values: values.iter().map(|value| Some((*value).to_owned())).collect(),
            ..Seen::default()
        };
        assert!(ambiguous("uid", &seen(&["a", "a"])).is_none());
        assert!(ambiguous("uid", &seen(&["a", "b"])).is_some());
    }
}
