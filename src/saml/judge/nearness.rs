//! What two texts that ought to be equal differ in.

use crate::problem::Comparison;

/// The comparison of what came with the nearest of what was expected.
pub fn compared(expected: &[String], got: &str) -> Comparison {
    let near = expected.iter().find_map(|one| difference(one, got).map(|what| (one, what)));
    let (expected, difference) = match near {
        Some((one, what)) => (one.clone(), Some(what.to_owned())),
        None => (expected.join(" or "), None),
    };
    Comparison { expected, got: got.to_owned(), difference }
}

/// What the difference is, where two texts are nearly equal.
pub fn difference(expected: &str, got: &str) -> Option<&'static str> {
    if expected == got {
        return None;
    }
    DIFFERENCES.iter().find(|(_, is)| is(expected, got)).map(|(name, _)| *name)
}

/// A way in which two texts can differ.
type Differs = fn(&str, &str) -> bool;

/// The ways in which texts are nearly equal, the narrowest first.
const DIFFERENCES: [(&str, Differs); 12] = [
    ("it is empty", |_, got| got.is_empty()),
    ("white space around it", |expected, got| expected.trim() == got.trim()),
    ("the final slash is missing", |expected, got| expected.strip_suffix('/') == Some(got)),
    ("a final slash too many", |expected, got| got.strip_suffix('/') == Some(expected)),
    ("the prefix spn: is there", |expected, got| got.strip_prefix("spn:") == Some(expected)),
    ("the prefix spn: is missing", |expected, got| expected.strip_prefix("spn:") == Some(got)),
    ("only letter case differs", |expected, got| expected.eq_ignore_ascii_case(got)),
    ("the scheme differs", |expected, got| same_but(expected, got, |url| url.without_scheme())),
    ("the port differs", |expected, got| same_but(expected, got, |url| url.without_port())),
    ("the host differs by www.", |expected, got| same_but(expected, got, |url| url.without_www())),
    ("the host differs", |expected, got| {
        same_but(expected, got, |url| url.without_host())
            && Url::of(got).is_some_and(|u| u.path.len() > 1)
    }),
    ("percent-encoding differs", |expected, got| decoded(expected) == decoded(got)),
];

fn same_but(one: &str, other: &str, rest: for<'u> fn(Url<'u>) -> [&'u str; 4]) -> bool {
    match (Url::of(one), Url::of(other)) {
        (Some(one), Some(other)) => rest(one) == rest(other),
        _ => false,
    }
}

/// An address, taken apart as text.
struct Url<'u> {
    scheme: &'u str,
    host: &'u str,
    port: &'u str,
    path: &'u str,
}

impl<'u> Url<'u> {
    fn of(text: &'u str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        Some(Self { scheme, host, port, path })
    }

    fn without_scheme(self) -> [&'u str; 4] {
        ["", self.host, self.port, self.path]
    }

    fn without_port(self) -> [&'u str; 4] {
        [self.scheme, self.host, "", self.path]
    }

    fn without_www(self) -> [&'u str; 4] {
        [self.scheme, self.host.trim_start_matches("www."), self.port, self.path]
    }

    fn without_host(self) -> [&'u str; 4] {
        [self.scheme, "", self.port, self.path]
    }
}

/// Percent-encoding undone, as bytes.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let code = behind.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let code = code.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(code)) = (first, code) {
            bytes.push(code);
            rest = &behind[2..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn near_misses_are_named() {
        let acs = "https://app.acme.test/acs";
        let told = [
            ("", "it is empty"),
            ("https://app.acme.test/acs ", "white space around it"),
            ("https://app.acme.test/acs/", "a final slash too many"),
            ("https://App.acme.test/acs", "only letter case differs"),
            ("http://app.acme.test/acs", "the scheme differs"),
            ("https://app.acme.test:8443/acs", "the port differs"),
            ("https://www.app.acme.test/acs", "the host differs by www."),
            ("https://internal/acs", "the host differs"),
            ("https://app.acme.test/%61cs", "percent-encoding differs"),
            ("spn:https://app.acme.test/acs", "the prefix spn: is there"),
        ];
        for (got, name) in told {
            assert_eq!(difference(acs, got), Some(name), "{got}");
        }
    }

    #[test]
    fn equal_and_quite_different_texts_have_no_name() {
        assert_eq!(difference("a", "a"), None);
        assert_eq!(difference("urn:a", "urn:b"), None);
        assert_eq!(difference("https://app.acme.test/", "https://evil.test/"), None);
    }
}
