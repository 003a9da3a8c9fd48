//! Which attribute that was sent a mapped name most likely means.

use crate::account::seen::{Attributes, Seen};
use crate::model::nearest;

/// The name to write instead, if one of those that were sent is near enough: the same but for case,
/// the attribute's friendly name, the same end of a URI, another word for the same thing, a slip.
pub(super) fn suggestion(name: &str, words: &[String], attributes: &Attributes) -> Option<String> {
    let all = &attributes.0;
    let wanted = letters(tail(name));
    let same = |seen: &&Seen| seen.name.eq_ignore_ascii_case(name);
    let friendly = |seen: &&Seen| {
        let friendly = seen.friendly.as_deref();
        friendly.is_some_and(|friendly| letters(friendly) == wanted)
    };
    let ends = |seen: &&Seen| !wanted.is_empty() && letters(tail(&seen.name)) == wanted;
    let is_word = |text: &str| words.iter().any(|word| letters(word) == letters(tail(text)));
    let means = |seen: &&Seen| is_word(&seen.name) || seen.friendly.as_deref().is_some_and(is_word);
    let found = all.iter().find(same);
    let found = found.or_else(|| all.iter().find(|seen| seen.sent == name));
    let found = found.or_else(|| all.iter().find(friendly)).or_else(|| all.iter().find(ends));
    let found = found.or_else(|| all.iter().find(means)).map(|seen| seen.name.clone());
    found.or_else(|| {
        let tails = all.iter().map(|seen| tail(&seen.name));
        let (near, _) = nearest(tail(name), tails)?;
        all.iter().find(|seen| tail(&seen.name) == near).map(|seen| seen.name.clone())
    })
}

/// What identity providers call the attribute for a member of an account.
pub(super) fn usual(member: &str) -> impl Iterator<Item = String> {
    let words = USUAL.iter().find(|(own, _)| *own == member).map(|(_, words)| *words);
    words.into_iter().flatten().map(|word| (*word).to_owned())
}

/// The last part of a URI or URN.
fn tail(name: &str) -> &str {
    let is_uri = name.contains("://") || name.starts_with("urn:");
    let last = name.rsplit(['/', ':', '#']).next().unwrap_or(name);
    // The number at the end of an OID says nothing.
    if is_uri && !last.is_empty() && last.contains(char::is_alphabetic) { last } else { name }
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The usual names of attributes (RFC 4524, RFC 2798, claims of AD FS, OpenID Connect Core section 5.1).
const USUAL: [(&str, &[&str]); 7] = [
    ("display_name", &["name", "displayName", "fullName", "cn"]),
    ("email", &["mail", "email", "emailAddress"]),
    ("first_name", &["givenName", "firstName"]),
    ("groups", &["groups", "group", "memberOf", "roles", "role"]),
    ("last_name", &["surname", "sn", "lastName", "familyName"]),
    ("uid", &["objectIdentifier", "objectId", "uid", "userId", "id"]),
    ("username", &["userName", "login", "preferredUsername", "nickname", "upn"]),
];

#[cfg(test)]
mod tests {
    use super::suggestion;
    use crate::account::seen::{Attributes, Seen};

    #[test]
    fn the_attribute_that_is_meant_is_found() {
        let seen = |name: &str, friendly: Option<&str>| Seen {
            name: name.to_owned(),
            sent: name.to_owned(),
            friendly: friendly.map(str::to_owned),
            values: Vec::new(),
        };
        let attributes = Attributes(vec![
            seen("urn:oid:0.9.2342.19200300.100.1.3", Some("mail")),
            seen("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname", None),
            seen("LastName", None),
            seen("department", None),
        ]);
        let words = ["surname".to_owned()];
        for (name, near) in [
            ("mail", Some("urn:oid:0.9.2342.19200300.100.1.3")),
            ("givenName", Some("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname")),
            ("given_name", Some("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname")),
            ("lastname", Some("LastName")),
            ("http://corp.test/claims/lastname", Some("LastName")),
            ("departmant", Some("department")),
            ("uid", None),
        ] {
            assert_eq!(suggestion(name, &words, &attributes).as_deref(), near, "{name}");
        }
        let words = ["LastName".to_owned()];
        assert_eq!(suggestion("sn", &words, &attributes).as_deref(), Some("LastName"));
    }
}
