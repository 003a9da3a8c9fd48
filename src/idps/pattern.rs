//! The addresses of a provider, told apart without regular expressions: a question costs about a
//! microsecond, and nothing is compiled beforehand.

use serde::Deserialize;

use crate::idps::facts::Source;

/// One shape of address. Every part that is given must fit; a list fits when one of its items does.
///
/// In hosts, path segments and texts, `*` is one or more characters (in a host: labels or parts of
/// a label), `{alnum}` one or more letters or digits, `{alnum:32}` just so many, `{guid}` a GUID.
/// The last segment of a path may be `**`, any rest. One slash at the end of a path counts for
/// nothing. Schemes, hosts and texts are compared without regard to case, paths with it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pattern {
    /// Schemes; `http` and `https` when none is given.
    #[serde(borrow, default)]
    scheme: Vec<&'static str>,
    /// Hosts; any when none is given. A host that is given answers at its scheme's own port only.
    #[serde(borrow, default)]
    host: Vec<&'static str>,
    /// Ports, where a product is known by one.
    #[serde(default)]
    port: Vec<u16>,
    /// Paths; any when none is given.
    #[serde(borrow, default)]
    path: Vec<&'static str>,
    /// A query parameter that must be there with a value.
    #[serde(borrow, default)]
    query: Option<&'static str>,
    /// The whole of an entity id that is no URL; then nothing else is given.
    #[serde(borrow, default)]
    text: Option<&'static str>,
    /// How this shape is known.
    source: Source,
}

impl Pattern {
    /// How this shape is known.
    pub(crate) fn source(&self) -> Source {
        self.source
    }

    /// Whether an address has this shape.
    pub(crate) fn fits(&self, address: &Address<'_>) -> bool {
        match (self.text, &address.url) {
            (Some(text), None) => matches(text, address.text, Part::Name),
            (None, Some(url)) => self.fits_url(url),
            _ => false,
        }
    }

    fn fits_url(&self, url: &Url<'_>) -> bool {
        self.fits_port(url)
            && self.fits_host(url)
            && self.fits_scheme(url)
            && (self.path.is_empty() || self.path.iter().any(|path| path_matches(path, url.path)))
            && self.query.is_none_or(|name| has_parameter(url.query, name))
    }

    fn fits_scheme(&self, url: &Url<'_>) -> bool {
        let known: &[&str] = if self.scheme.is_empty() { &["https", "http"] } else { &self.scheme };
        known.iter().any(|scheme| scheme.eq_ignore_ascii_case(url.scheme))
    }

    fn fits_host(&self, url: &Url<'_>) -> bool {
        self.host.is_empty() || self.host.iter().any(|host| matches(host, url.host, Part::Name))
    }

    fn fits_port(&self, url: &Url<'_>) -> bool {
        if self.port.is_empty() {
            self.host.is_empty() || url.is_at_default_port()
        } else {
            url.port.parse().is_ok_and(|port| self.port.contains(&port))
        }
    }
}

/// A URL or entity id, cut where patterns look.
pub(crate) struct Address<'a> {
    text: &'a str,
    url: Option<Url<'a>>,
}

impl<'a> Address<'a> {
    /// The address as written, blanks around it taken off.
    pub(crate) fn of(text: &'a str) -> Self {
        let text = text.trim();
        Self { text, url: Url::of(text) }
    }
}

/// The parts of a URL as written, none of them decoded.
struct Url<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    query: &'a str,
}

impl<'a> Url<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let (scheme, rest) = text.split_once("://")?;
        let rest = rest.split('#').next().unwrap_or_default();
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let authority = authority.rsplit('@').next().unwrap_or_default();
        let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
        (1..=MAX_HOST).contains(&host.len()).then_some(Self { scheme, host, port, path, query })
    }

    fn is_at_default_port(&self) -> bool {
        matches!((self.port, self.scheme.len()), ("", _) | ("443", 5) | ("80", 4))
    }
}

/// What a pattern is laid against.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A host, or a text that is like one: the case of letters is nothing, `*` stays within names.
    Name,
    /// A segment of a path: the case of letters counts, `*` takes anything.
    Segment,
}

fn path_matches(pattern: &str, path: &str) -> bool {
    let mut wanted = segments(pattern);
    let mut given = segments(path);
    loop {
        match (wanted.next(), given.next()) {
            (Some("**"), _) | (None, None) => return true,
            (Some(wanted), Some(given)) if matches(wanted, given, Part::Segment) => {}
            _ => return false,
        }
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.strip_prefix('/').unwrap_or(path).split_terminator('/')
}

fn has_parameter(query: &str, name: &str) -> bool {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .any(|(key, value)| key == name && !value.is_empty())
}

/// Whether a text fits a pattern of literals and wildcards from end to end.
fn matches(pattern: &str, text: &str, part: Part) -> bool {
    let literal = pattern.find(['*', '{']).unwrap_or(pattern.len());
    let Some((head, tail)) = text.split_at_checked(literal) else { return false };
    if !is_alike(&pattern[..literal], head, part) {
        return false;
    }
    let wild = &pattern[literal..];
    if let Some(rest) = wild.strip_prefix('*') {
        let longest = tail.find(|c| !is_name_char(c, part)).unwrap_or(tail.len());
        any_cut(rest, tail, longest, part)
    } else if let Some((class, rest)) = wild.strip_prefix('{').and_then(|wild| wild.split_once('}'))
    {
        class_matches(class, rest, tail, part)
    } else {
        tail.is_empty()
    }
}

fn class_matches(class: &str, rest: &str, text: &str, part: Part) -> bool {
    let longest = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let fits_after = |length| text.get(length..).is_some_and(|tail| matches(rest, tail, part));
    match class.strip_prefix("alnum:").map(str::parse) {
        Some(Ok(length)) => longest >= length && fits_after(length),
        _ if class == "alnum" => any_cut(rest, text, longest, part),
        _ => {
            class == "guid"
                && text.get(..GUID_LENGTH).is_some_and(is_guid)
                && fits_after(GUID_LENGTH)
        }
    }
}

/// Whether the rest of a pattern fits after one to `longest` bytes of the text.
fn any_cut(rest: &str, text: &str, longest: usize, part: Part) -> bool {
    if rest.contains(['*', '{']) {
        return (1..=longest)
            .any(|cut| text.is_char_boundary(cut) && matches(rest, &text[cut..], part));
    }
    let cut = text.len().checked_sub(rest.len()).filter(|cut| (1..=longest).contains(cut));
    cut.and_then(|cut| text.get(cut..)).is_some_and(|tail| is_alike(rest, tail, part))
}

fn is_alike(wanted: &str, given: &str, part: Part) -> bool {
    match part {
        Part::Segment => wanted == given,
        Part::Name => wanted.eq_ignore_ascii_case(given),
    }
}

/// What a `*` takes in: the characters of host names, or anything within a path segment.
fn is_name_char(c: char, part: Part) -> bool {
    part == Part::Segment || c.is_ascii_alphanumeric() || matches!(c, '.' | '-')
}

/// Whether a text is a GUID as consoles print it: 8-4-4-4-12 hexadecimal digits, no braces.
pub fn is_guid(text: &str) -> bool {
    text.len() == GUID_LENGTH
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

const GUID_LENGTH: usize = 36;

/// The longest host name there is (RFC 1035 section 2.3.4); it also bounds what matching can cost.
const MAX_HOST: usize = 253;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_guid_is_thirty_two_digits_in_five_groups() {
        assert!(is_guid("2f1c3b4a-0000-4000-8000-ABCDEFabcdef"));
        for other in [
            "",
            "{2f1c3b4a-0000-4000-8000-abcdefabcdef}",
            "2f1c3b4a00004000-8000-abcdefabcdef",
            "2f1c3b4a-0000-4000-8000-abcdefabcdeg",
            "2f1c3b4a-0000-4000-8000-abcdefabcdef ",
            "2f1c3b4a-0000-4000-8000_abcdefabcdef",
            "2f1c3b4a-0000-4000-8000-abcdefabcdé",
        ] {
            assert!(!is_guid(other), "{other}");
        }
    }

    #[test]
    fn wildcards_take_at_least_one_character_of_their_kind() {
        for (pattern, text, part, fits) in [
            ("*.okta.com", "a.okta.com", Part::Name, true),
            ("*.okta.com", "A.B.Okta.Com", Part::Name, true),
            ("*.okta.com", ".okta.com", Part::Name, false),
            ("*.okta.com", "okta.com", Part::Name, false),
            ("*.okta.com", "a.okta.com.evil.com", Part::Name, false),
            ("*.okta.com", "evil.com\\.okta.com", Part::Name, false),
            ("*-admin.okta.com", "acme-admin.okta.com", Part::Name, true),
            ("*-admin.okta.com", "-admin.okta.com", Part::Name, false),
            (
                "*.auth.*.amazoncognito.com",
                "a.auth.b.auth.eu-west-1.amazoncognito.com",
                Part::Name,
                true,
            ),
            ("*.auth.*.amazoncognito.com", "a.auth.amazoncognito.com", Part::Name, false),
            ("exk{alnum}", "exk1aB", Part::Segment, true),
            ("exk{alnum}", "exk", Part::Segment, false),
            ("exk{alnum}", "exk1-", Part::Segment, false),
            ("exk{alnum}", "EXK1", Part::Segment, false),
            ("*_{alnum}", "eu-west-1_aB9", Part::Segment, true),
            ("*_{alnum}", "a_b_c", Part::Segment, true),
            ("*_{alnum}", "_b", Part::Segment, false),
            ("{alnum:4}", "aB9z", Part::Segment, true),
            ("{alnum:4}", "aB9", Part::Segment, false),
            ("{alnum:4}", "aB9zz", Part::Segment, false),
            ("*", "é", Part::Segment, true),
            ("*", "", Part::Segment, false),
        ] {
            assert_eq!(matches(pattern, text, part), fits, "{pattern} {text}");
        }
    }

    #[test]
    fn a_path_is_compared_segment_by_segment() {
        for (pattern, path, fits) in [
            ("/", "", true),
            ("/", "/", true),
            ("/", "/a", false),
            ("/adfs/ls", "/adfs/ls/", true),
            ("/adfs/ls", "/adfs/ls//", false),
            ("/realms/*", "/realms/main", true),
            ("/realms/*", "/realms/", false),
            ("/realms/*", "/realms//", false),
            ("/realms/*", "/x/realms/main", false),
            ("/oidc/2/**", "/oidc/2", true),
            ("/oidc/2/**", "/oidc/2/.well-known/openid-configuration", true),
            ("/oidc/2/**", "/oidc/22", false),
        ] {
            assert_eq!(path_matches(pattern, path), fits, "{pattern} {path}");
        }
    }
}
