//! Which known name a misspelt one most likely means.

use strsim::damerau_levenshtein;

/// How sure a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nearness {
    /// The same but for case, dashes, underscores or spaces.
    SameLetters,
    /// One or two slips of the pen.
    Slip,
}

/// The nearest of some names, if one is near enough to be meant. Of several equally near ones, the
/// first.
pub fn nearest<'n>(
    written: &str,
    names: impl IntoIterator<Item = &'n str>,
) -> Option<(&'n str, Nearness)> {
    let letters = letters(written);
    let mut best: Option<(&str, Nearness, usize)> = None;
    let length = written.chars().count();
    for name in names {
        let allowed = slips_allowed(name.chars().count().min(length));
        let (nearness, distance) = if self::letters(name) == letters {
            (Nearness::SameLetters, 0)
        } else if name.chars().count().abs_diff(length) > allowed {
            continue;
        } else {
            (Nearness::Slip, damerau_levenshtein(&written.to_lowercase(), &name.to_lowercase()))
        };
        if distance <= allowed && best.is_none_or(|(_, _, shortest)| distance < shortest) {
            best = Some((name, nearness, distance));
        }
    }
    best.map(|(name, nearness, _)| (name, nearness))
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn slips_allowed(length: usize) -> usize {
    match length {
        0..=2 => 0,
        3..=5 => 1,
        6..=9 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::{Nearness, nearest};

    #[test]
    fn slips_and_other_spellings_are_near() {
        let names = ["client_id", "client_secret", "server_url", "id"];
        assert_eq!(nearest("client_secert", names), Some(("client_secret", Nearness::Slip)));
        assert_eq!(nearest("clientId", names), Some(("client_id", Nearness::SameLetters)));
        assert_eq!(nearest("Server-URL", names), Some(("server_url", Nearness::SameLetters)));
        assert_eq!(nearest("scope", names), None);
        assert_eq!(nearest("x", names), None);
    }
}
