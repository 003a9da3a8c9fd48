//! In what two addresses differ that were meant to be one.

use crate::rules::urls::parts;

/// A piece of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Piece {
    /// Upper and lower case of letters.
    Case,
    /// The host name.
    Host,
    /// The path, and what follows it.
    Path,
    /// The port.
    Port,
    /// `https` or `http`.
    Scheme,
    /// The slash at the end.
    Slash,
}

impl Piece {
    fn name(self) -> &'static str {
        match self {
            Self::Case => "upper and lower case",
            Self::Host => "host name",
            Self::Path => "path",
            Self::Port => "port",
            Self::Scheme => "scheme",
            Self::Slash => "final slash",
        }
    }

    fn weight(self) -> u8 {
        match self {
            Self::Case | Self::Scheme | Self::Slash => 1,
            Self::Port => 2,
            Self::Host | Self::Path => 4,
        }
    }
}

/// The pieces in which two addresses or names differ; none where they are the same text.
pub(in crate::rules) fn differences(expected: &str, got: &str) -> Vec<Piece> {
    if expected == got {
        return Vec::new();
    }
    let (Some(one), Some(other)) = (parts(expected), parts(got)) else {
        return of_texts(expected, got);
    };
    let mut found = Vec::new();
    if !one.scheme.eq_ignore_ascii_case(other.scheme) {
        found.push(Piece::Scheme);
    }
    if !one.host.eq_ignore_ascii_case(other.host) {
        found.push(Piece::Host);
    } else if one.host != other.host || (one.scheme != other.scheme && found.is_empty()) {
        found.push(Piece::Case);
    }
    if port(expected, &one) != port(got, &other) {
        found.push(Piece::Port);
    }
    for piece in of_texts(one.path, other.path) {
        if !found.contains(&piece) {
            found.push(piece);
        }
    }
    found
}

/// In words, for a label: "differs in the final slash".
pub(in crate::rules) fn described(pieces: &[Piece]) -> String {
    let names: Vec<&str> = pieces.iter().map(|piece| piece.name()).collect();
    match names.as_slice() {
        [] => "the same but for how it is written".to_owned(),
        [one] => format!("differs in the {one}"),
        [first @ .., last] => format!("differs in the {} and the {last}", first.join(", the ")),
    }
}

/// Whether two addresses are one but for slips: slash, case, scheme, port.
pub(in crate::rules) fn is_near(expected: &str, got: &str) -> bool {
    differences(expected, got).iter().all(|piece| !matches!(piece, Piece::Host | Piece::Path))
}

/// How far two addresses are apart.
pub(in crate::rules) fn distance(expected: &str, got: &str) -> u8 {
    differences(expected, got).iter().map(|piece| piece.weight()).sum()
}

fn of_texts(expected: &str, got: &str) -> Vec<Piece> {
    let bare = |text: &str| text.strip_suffix('/').unwrap_or(text).to_owned();
    let (one, other) = (bare(expected), bare(got));
    let mut found = Vec::new();
    if one != other {
        found.push(if one.eq_ignore_ascii_case(&other) { Piece::Case } else { Piece::Path });
    }
    let differs_in_slash = expected.ends_with('/') != got.ends_with('/');
    if differs_in_slash && found.first() != Some(&Piece::Path) {
        found.push(Piece::Slash);
    }
    found
}

/// The port as it is written, with its colon.
fn port<'u>(url: &'u str, parts: &crate::rules::urls::Parts<'_>) -> &'u str {
    let start = parts.host_start + parts.host.len();
    &url[start..url.len() - parts.path.len()]
}

#[cfg(test)]
mod tests {
    use super::{Piece, differences, is_near};

    #[test]
    fn each_slip_is_named() {
        let url = "https://cvat.acme.test/api/acs/";
        for (other, expected) in [
            ("https://cvat.acme.test/api/acs/", vec![]),
            ("https://cvat.acme.test/api/acs", vec![Piece::Slash]),
            ("http://cvat.acme.test/api/acs/", vec![Piece::Scheme]),
            ("https://CVAT.acme.test/api/acs/", vec![Piece::Case]),
            ("https://cvat.acme.test/API/acs/", vec![Piece::Case]),
            ("https://cvat.acme.test:8443/api/acs/", vec![Piece::Port]),
            ("https://cvat.corp.test/api/acs/", vec![Piece::Host]),
            ("https://cvat.acme.test/api/acs/x", vec![Piece::Path]),
            ("http://cvat.acme.test:8080/api/acs", vec![Piece::Scheme, Piece::Port, Piece::Slash]),
        ] {
            assert_eq!(differences(url, other), expected, "{other}");
        }
        assert_eq!(differences("urn:acme", "URN:acme/"), [Piece::Case, Piece::Slash]);
    }

    #[test]
    fn another_host_or_path_is_not_near() {
        assert!(is_near("https://a.test/x", "http://A.test:80/x/"));
        assert!(!is_near("https://a.test/x", "https://b.test/x"));
        assert!(!is_near("https://a.test/x", "https://a.test/y"));
    }
}
