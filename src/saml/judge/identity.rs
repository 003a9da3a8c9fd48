//! Whom an assertion names.

use crate::saml::cards::saml;
use crate::saml::judge::ledger::Ledger;
use crate::saml::judge::{Ground, Part, nearness, shown};
use crate::saml::message::{Assertion, Name, SubjectName, TRANSIENT, Text};
use crate::saml::policy::{Point, Stance};
use crate::source::is_unprintable;
use crate::verdict::Weight;

/// That somebody is named, for this application, in the wanted format.
pub(super) fn judge(
    part: Part<'_>,
    ground: &Ground<'_>,
    assertion: &Assertion,
    opened: Option<&Name>,
    is_mapped: bool,
    ledger: &mut Ledger,
) {
    let name = match &assertion.name {
        Some(SubjectName::Name(name)) => Some(name),
        // What could not be decrypted is told as that.
        Some(SubjectName::Encrypted(_)) if opened.is_none() => return,
        _ => opened,
    };
    let tag = assertion.subject.unwrap_or(assertion.tag);
    // Places of a decrypted name are places of another text.
    let is_here = opened.is_none();
    let missing = |message: &str, span| part.problem(message, if is_here { span } else { tag });
    match name {
        None => {
            let problem = missing("the assertion has no NameID", tag);
            ledger.point(ground.policy, Point::NameMissing, &saml::NAMEID, problem);
        }
        Some(name) if name.text.value.trim().is_empty() => {
            let problem = missing("the NameID is empty", name.text.span);
            ledger.point(ground.policy, Point::NameMissing, &saml::NAMEID, problem);
        }
        Some(name) => {
            let name = if is_here { name.clone() } else { moved(name, tag) };
            format(part, ground, &name, ledger);
            qualifier(part, ground, &name, ledger);
            if !is_mapped {
                letters(part, &name.text, ledger);
            }
        }
    }
    ledger.checked("name-id", &[&saml::NAMEID, &saml::NAMEID_QUALIFIER, &saml::NAMEID_FORMAT]);
}

/// A name with its parts where its encrypted form stands.
fn moved(name: &Name, span: crate::source::Span) -> Name {
    let mut name = name.clone();
    name.text.span = span;
    let parts = [&mut name.format, &mut name.name_qualifier, &mut name.sp_name_qualifier];
    parts.into_iter().flatten().for_each(|part| part.span = span);
    name
}

fn format(part: Part<'_>, ground: &Ground<'_>, name: &Name, ledger: &mut Ledger) {
    let format = name.format.as_ref();
    let got = format.map_or("", |format| format.value.as_str());
    let span = format.map_or(name.text.span, |format| format.span);
    if let Some(wanted) = ground.expectation.name_format.as_ref().filter(|wanted| *wanted != got) {
        let problem = part
            .problem("the NameID has another format than the one asked for", span)
            .compared(nearness::compared(std::slice::from_ref(wanted), got));
        ledger.reject(&saml::NAMEID_FORMAT, problem);
    }
    // Where an attribute is the key of the account, nobody is known by the NameID.
    let is_key = ground.policy.stance(Point::NameMissing) != Stance::Accept;
    if got == TRANSIENT && is_key {
        let problem = part
            .problem("the NameID is transient", span)
            .why("it changes with every login, so it knows nobody again")
            .remedy("let the identity provider send a persistent one, or map another attribute");
        ledger.add(&saml::NAMEID_TRANSIENT, Weight::Warning, problem);
    }
}

fn qualifier(part: Part<'_>, ground: &Ground<'_>, name: &Name, ledger: &mut Ledger) {
    let expected = &ground.expectation.audiences;
    let Some(qualifier) = name.sp_name_qualifier.as_ref().filter(|_| !expected.is_empty()) else {
        return;
    };
    if expected.contains(&qualifier.value) {
        return;
    }
    let problem = part
        .problem("the NameID is meant for another application", qualifier.span)
        .compared(nearness::compared(expected, &qualifier.value));
    ledger.point(ground.policy, Point::NameQualifier, &saml::NAMEID_QUALIFIER, problem);
}

/// What the letters of a name can deceive with.
fn letters(part: Part<'_>, text: &Text, ledger: &mut Ledger) {
    let value = text.value.as_str();
    let is_hidden = value.chars().any(is_unprintable);
    if is_hidden || value.trim() != value {
        let what = if is_hidden { "has characters that nobody sees" } else { "is padded" };
        let problem = part
            .problem(format!("the NameID {} {what}", shown(value)), text.span)
            .why("two names that look the same would be two persons");
        let weight = if is_hidden { Weight::Reject } else { Weight::Warning };
        ledger.add(&saml::ID_CONTROL, weight, problem);
    }
    if value.contains('@') && value.chars().any(char::is_uppercase) {
        let message = format!("the NameID {} has capital letters", shown(value));
        let problem = part
            .problem(message, text.span)
            .why("applications differ in whether they tell them from small ones");
        ledger.add(&saml::ID_CASE, Weight::Warning, problem);
    }
    if let Some(word) = words(value).find(|word| is_confusable(word)) {
        let codes: Vec<String> = word.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        let message = format!("the NameID {} has letters that look like others", shown(value));
        let problem = part.problem(message, text.span).note(codes.join(" "));
        ledger.add(&saml::ID_CONFUSABLE, Weight::Warning, problem);
    }
}

fn words(value: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
    value.split(ends).filter(|word| !word.is_empty())
}

/// Whether a word mixes alphabets that look alike, or is written in letters made for show.
fn is_confusable(word: &str) -> bool {
    let has_latin =
        word.chars().any(|c| c.is_ascii_alphabetic() || ('\u{c0}'..='\u{24f}').contains(&c));
    let is_alike = |c: char| {
        matches!(c, '\u{370}'..='\u{3ff}' | '\u{400}'..='\u{52f}' | '\u{530}'..='\u{58f}'
            | '\u{13a0}'..='\u{13ff}')
    };
    let is_shown = |c: char| {
        is_combining(c)
            || matches!(c, '\u{ff01}'..='\u{ff5e}' | '\u{1d400}'..='\u{1d7ff}'
                | '\u{2100}'..='\u{214f}')
    };
    let is_all_latin_shaped = || word.chars().all(|c| LATIN_SHAPED.contains(c));
    (has_latin && word.chars().any(is_alike))
        || word.chars().any(is_shown)
        || (word.chars().any(is_alike) && is_all_latin_shaped())
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}')
}

/// Cyrillic letters that look like Latin ones.
const LATIN_SHAPED: &str = "аеорсухіјѕԁһԛԝѵАВЕКМНОРСТХІЈЅ";

#[cfg(test)]
mod tests {
    use super::*;

    fn deceives(value: &str) -> bool {
        words(value).any(is_confusable)
    }

    #[test]
    fn letters_of_two_alphabets_in_one_word_deceive() {
        for value in [
            "p\u{430}ul@corp.test",
            "paul\u{ff20}",
            "ｐaul",
            "\u{441}\u{43e}\u{440}",
            "e\u{301}mile",
        ] {
            assert!(deceives(value), "{value}");
        }
    }

    #[test]
    fn honest_names_of_any_alphabet_do_not() {
        for value in ["zoë@corp.test", "Иванов", "иванов@corp.test", "Ελένη", "山田太郎", "paul"]
        {
            assert!(!deceives(value), "{value}");
        }
    }
}
