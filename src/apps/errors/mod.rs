//! Status codes and error numbers that identity providers answer with.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// What an answer of an identity provider means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownError {
    /// Whose it is: `AD FS`, `SAML 2.0 status`.
    #[serde(default)]
    pub of: String,
    /// Its names: the number, the code, the beginning of the text.
    pub names: Vec<String>,
    /// What it means.
    pub what: String,
    /// The usual causes.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// What else holds with an application, by its id.
    #[serde(default)]
    pub with: BTreeMap<String, String>,
    /// Rules that find the cause in a file.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Where this is known from.
    pub source: String,
    /// What its names begin with where they are written in full.
    #[serde(skip)]
    prefix: String,
}

/// A family of numbers, of which more are in use than anybody lists.
#[derive(Debug, PartialEq, Eq)]
pub struct Numbers {
    /// The letters before the number.
    pub letters: &'static str,
    /// Whose they are.
    pub of: &'static str,
    /// Where more is found; the number takes the place of `{}`.
    pub where_to_look: &'static str,
}

/// All errors that are known.
pub fn all() -> &'static [KnownError] {
    &ERRORS
}

/// The errors that some words name: a code, a number or a URN, alone or somewhere in a text.
pub fn named(words: &str) -> Vec<&'static KnownError> {
    let words = words.trim().to_lowercase();
    let is_whole = |name: &str, error: &KnownError| {
        words == name || words.strip_prefix(&error.prefix).is_some_and(|rest| rest == name)
    };
    let found = |exact: bool| {
        let names = |error: &&KnownError| {
            error.names.iter().any(|name| {
                let name = name.to_lowercase();
                if exact { is_whole(&name, error) } else { is_in(&words, &name, &error.prefix) }
            })
        };
        ERRORS.iter().filter(names).collect::<Vec<_>>()
    };
    let exact = found(true);
    if exact.is_empty() { found(false) } else { exact }
}

/// The code or number in some words that tells of no person: one that is known, or else a number of a
/// known family.
pub fn code(words: &str) -> Option<String> {
    let text = words.to_lowercase();
    let known = named(words).into_iter().find_map(|error| {
        let mut names = error.names.iter();
        names.find(|name| text.contains(&name.to_lowercase())).cloned()
    });
    known.or_else(|| unknown_number(words).map(|(of, number)| format!("{}{number}", of.letters)))
}

/// The family of a number in some words, where the number is none that is known.
pub fn unknown_number(words: &str) -> Option<(&'static Numbers, String)> {
    let words = words.to_ascii_uppercase();
    NUMBERS.iter().find_map(|numbers| {
        let (_, rest) = words.split_once(numbers.letters)?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        let is_number = (3..=9).contains(&digits.len());
        is_number.then_some((numbers, digits))
    })
}

/// Whether a text holds a name as a word of its own. Words of everyday language count only with
/// what stands before them in full.
fn is_in(text: &str, name: &str, prefix: &str) -> bool {
    let full = format!("{prefix}{name}");
    let is_telling =
        prefix.is_empty() && name.contains(['_', ' ']) || name.contains(char::is_numeric);
    let wanted = if is_telling { name } else { full.as_str() };
    if !is_telling && prefix.is_empty() {
        return false;
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(wanted).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + wanted.len()..].chars().next();
        !before.is_some_and(is_part) && !after.is_some_and(is_part)
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    of: String,
    #[serde(default)]
    prefix: String,
    error: Vec<KnownError>,
}

static ERRORS: LazyLock<Vec<KnownError>> = LazyLock::new(|| FILES.iter().flat_map(read).collect());

fn read(file: &(&str, &str)) -> Vec<KnownError> {
    let (name, text) = file;
    let data: Data =
        toml::from_str(text).unwrap_or_else(|error| panic!("bug: errors of {name}: {error}"));
    let prefix = data.prefix.to_lowercase();
    let whole = |error: KnownError| {
        let of = if error.of.is_empty() { data.of.clone() } else { error.of };
        KnownError { of, prefix: prefix.clone(), ..error }
    };
    data.error.into_iter().map(whole).collect()
}

const FILES: [(&str, &str); 6] = [
    ("AD FS", include_str!("adfs.toml")),
    ("Django", include_str!("django.toml")),
    ("Entra", include_str!("entra.toml")),
    ("OAuth", include_str!("oauth.toml")),
    ("others", include_str!("others.toml")),
    ("SAML", include_str!("saml-status.toml")),
];
/// The families of numbers. Entra's page is named by Microsoft's own list of its numbers.
const NUMBERS: [Numbers; 2] = [
    Numbers {
        letters: "AADSTS",
        of: "Microsoft Entra ID",
        where_to_look: "Microsoft explains it at https://login.microsoftonline.com/error?code={}",
    },
    Numbers {
        letters: "MSIS",
        of: "AD FS",
        where_to_look: "AD FS writes the cause into its event log: Applications and Services Logs > AD FS > Admin",
    },
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{ERRORS, code, named, unknown_number};
    use crate::apps::App;

    #[test]
    fn every_error_has_a_source_and_its_own_names_and_applications_that_exist() {
        let mut names = BTreeSet::new();
        for error in ERRORS.iter() {
            assert!(!error.source.is_empty() && !error.of.is_empty());
            assert!(error.with.keys().all(|id| App::by_id(id).is_some()), "{:?}", error.names);
            assert!(error.names.iter().all(|name| names.insert((&error.of, name.to_lowercase()))));
        }
    }

    #[test]
    fn codes_are_found_alone_in_full_and_in_a_text() {
        for (words, of) in [
            ("NoAuthnContext", "SAML 2.0 status"),
            ("urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext", "SAML 2.0 status"),
            ("aadsts75011", "Microsoft Entra ID"),
            ("AADSTS75011: Authentication method 'X509' does not match", "Microsoft Entra ID"),
            ("error=invalid_client&error_description=x", "OAuth 2.0 error"),
            ("MSIS7070", "AD FS"),
            ("Invalid requester", "Keycloak"),
            ("third-party login failure", "django-allauth"),
            ("Forbidden: CSRF verification failed. Request aborted.", "Django"),
            ("Error: app_not_configured_for_user", "Google"),
        ] {
            let found = named(words);
            assert_eq!(found.first().map(|error| error.of.as_str()), Some(of), "{words}");
        }
        for words in
            ["request denied by policy of success", "AADSTS750112", "responder of the door"]
        {
            assert!(named(words).is_empty(), "{words}");
        }
    }

    #[test]
    fn two_codes_of_one_response_are_both_told() {
        let prefix = "urn:oasis:names:tc:SAML:2.0:status:";
        let both = format!("{prefix}Requester {prefix}InvalidNameIDPolicy");
        assert_eq!(named(&both).len(), 2);
    }

    #[test]
    fn the_code_of_a_text_is_told_without_the_text() {
        for (words, expected) in [
            ("aadsts50105: Ada is not assigned", Some("AADSTS50105")),
            ("AADSTS999999: Ada", Some("AADSTS999999")),
            ("Ada may not", None),
        ] {
            assert_eq!(code(words).as_deref(), expected, "{words}");
        }
    }

    #[test]
    fn an_unknown_number_is_told_as_one() {
        let (numbers, number) = unknown_number("aadsts999999: what").expect("a number");
        assert_eq!((numbers.of, number.as_str()), ("Microsoft Entra ID", "999999"));
        assert_eq!(unknown_number("AADSTS"), None);
    }
}
