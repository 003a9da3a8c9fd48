//! Django, the framework under django-allauth: what its fields and validators take (read in its
//! source and tried with 5.2.19).

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::libraries::python::first;

/// Whether the validator of e-mail addresses takes a text, and the field has room for it.
pub fn is_email(text: &str) -> bool {
    let Some((user, domain)) = text.rsplit_once('@') else { return false };
    text.chars().count() <= EMAIL_LENGTH
        && (is_dot_atom(user) || is_quoted(user))
        && (domain == "localhost" || is_domain(domain) || is_literal(domain))
}

/// Whether the validator of user names takes a text.
pub fn is_username(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "_.@+-".contains(c);
    !text.is_empty() && text.chars().all(fits)
}

/// A name as its field keeps it.
pub fn kept_name(text: &str) -> &str {
    first(text, NAME_LENGTH)
}

/// A word that is set into a field of yes and no, as the field takes it; none where it refuses.
pub fn boolean(word: &str) -> Option<bool> {
    match word {
        "t" | "True" | "1" => Some(true),
        "f" | "False" | "0" => Some(false),
        _ => None,
    }
}

fn is_dot_atom(user: &str) -> bool {
    let fits = |c: char| is_latin(c) || c.is_ascii_digit() || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.').all(|atom| !atom.is_empty() && atom.chars().all(fits))
}

/// Letters from a to z without regard to case, as Python's expressions understand it.
fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'İ' | 'ı' | 'ſ' | '\u{212a}')
}

fn is_quoted(user: &str) -> bool {
    let Some(inner) = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) else {
        return false;
    };
    let mut characters = inner.chars();
    while let Some(c) = characters.next() {
        let fits = match c {
            '\\' => characters.next().is_some_and(|c| is_escapable(c) || c == '\t'),
            '"' | ' ' => false,
            c => is_escapable(c) && c != '\\',
        };
        if !fits {
            return false;
        }
    }
    true
}

fn is_escapable(c: char) -> bool {
    is_latin(c) || (c.is_ascii() && !matches!(c, '\0' | '\t' | '\n' | '\r'))
}

fn is_domain(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let [first, inner @ .., last] = labels.as_slice() else { return false };
    is_label(first) && inner.iter().all(|label| is_label(label)) && is_top_label(last)
}

/// Letters, digits and dashes, of which a dash neither begins nor ends it.
fn is_label(label: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || is_far_letter(c);
    (1..=63).contains(&label.chars().count()) && label.chars().all(fits) && is_bare(label)
}

fn is_top_label(label: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphabetic() || c == '-' || is_far_letter(c);
    let is_plain = (2..=63).contains(&label.chars().count()) && label.chars().all(fits);
    let folded = label.to_ascii_lowercase();
    let is_punycode = folded.strip_prefix("xn--").is_some_and(|rest| {
        (1..=59).contains(&rest.len()) && rest.chars().all(|c| c.is_ascii_alphanumeric())
    });
    (is_plain || is_punycode) && is_bare(label)
}

fn is_bare(label: &str) -> bool {
    !label.starts_with('-') && !label.ends_with('-')
}

fn is_far_letter(c: char) -> bool {
    ('\u{a1}'..='\u{ffff}').contains(&c)
}

fn is_literal(domain: &str) -> bool {
    let inner = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    inner
        .is_some_and(|inner| inner.parse::<Ipv4Addr>().is_ok() || inner.parse::<Ipv6Addr>().is_ok())
}

/// The longest e-mail address that the field takes.
const EMAIL_LENGTH: usize = 254;
/// The length to which user names, first and last names are cut.
const NAME_LENGTH: usize = 150;

#[cfg(test)]
mod tests {
    use super::{is_email, is_username};

    #[test]
    fn addresses_are_taken_and_refused_as_django_does() {
        for good in [
            "ann@acme.test",
            "a.b+c@x.co",
            "\"a\\ b\"@acme.test",
            "ann@localhost",
            "ann@[127.0.0.1]",
            "ann@[::1]",
            "x@münchen.test",
            "a@b.xn--p1ai",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "ann",
            "ann@acme",
            "zoë@acme.test",
            " ann@acme.test",
            "ann@acme.test ",
            "a..b@acme.test",
            "ann@-acme.test",
            "ann@acme.t",
            "ann@acme.test.",
            "\"a b\"@acme.test",
            "ann@[1.2.3]",
            "ann@acme.1st",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn a_user_name_with_a_blank_is_refused() {
        assert!(is_username("ann.o+1@acme-x_y") && is_username("zoë"));
        assert!(!is_username("ann o") && !is_username(""));
    }
}
