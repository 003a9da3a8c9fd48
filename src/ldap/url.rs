//! Addresses of LDAP servers (RFC 4516), as libldap's `ldap_initialize` reads them.

use std::{error, fmt};

use crate::source::Span;

/// The address of one server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LdapUrl {
    /// How the server is reached.
    pub scheme: Scheme,
    /// The host without brackets and percent escapes, or for `ldapi` the path of the socket.
    /// Empty for the local host.
    pub host: String,
    /// The port as written.
    pub port: Option<u16>,
    /// Where the host stands, brackets and all.
    pub host_span: Span,
    /// What stands behind host and port, such as `/dc=acme,dc=test`: libldap takes no part of it
    /// into a connection.
    pub rest: Span,
    /// The whole address.
    pub span: Span,
}

/// How a server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// Over TCP, in the clear unless StartTLS is asked for.
    Ldap,
    /// Over a socket of the same machine.
    Ldapi,
    /// Over TLS from the first byte.
    Ldaps,
}

impl LdapUrl {
    /// Reads a list of addresses with blanks or commas between them, tried from left to right.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, UrlError> {
        let mut urls = Vec::new();
        let mut at = 0;
        for part in text.split([',', ' ']) {
            if !part.is_empty() {
                urls.push(parse(text, Span::new(at, at + part.len()))?);
            }
            at += part.len() + 1;
        }
        if urls.is_empty() {
            return Err(UrlError { kind: UrlErrorKind::Empty, span: Span::new(0, text.len()) });
        }
        Ok(urls)
    }

    /// The port that is asked, the scheme's own where none is written; none for `ldapi`.
    pub fn effective_port(&self) -> Option<u16> {
        match self.scheme {
            Scheme::Ldap => Some(self.port.unwrap_or(389)),
            Scheme::Ldapi => None,
            Scheme::Ldaps => Some(self.port.unwrap_or(636)),
        }
    }
}

/// Why a text is no address, and the place to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UrlError {
    /// What is wrong.
    pub kind: UrlErrorKind,
    /// The place to look at, in bytes of the text.
    pub span: Span,
}

/// What is wrong with an address. All are faults of its author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlErrorKind {
    /// A port that is no number up to 65535, or nothing behind the colon.
    BadPort,
    /// No address at all.
    Empty,
    /// A text without `ldap://`, such as a bare host name.
    NoScheme,
    /// Another scheme than `ldap`, `ldaps` and `ldapi`.
    OtherScheme,
    /// A `[` or `<` that is never closed, or text behind a `]`.
    Unbalanced,
    /// An IPv6 address without brackets.
    UnbracketedAddress,
}

impl fmt::Display for UrlError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self.kind {
            UrlErrorKind::BadPort => "no port: expected is a number from 1 to 65535",
            UrlErrorKind::Empty => "no address: expected is `ldaps://host`",
            UrlErrorKind::NoScheme => "no scheme: an address begins with `ldaps://` or `ldap://`",
            UrlErrorKind::OtherScheme => {
                "no scheme of LDAP: expected is `ldaps://`, `ldap://` or `ldapi://`"
            }
            UrlErrorKind::Unbalanced => "a bracket without its partner around the host",
            UrlErrorKind::UnbracketedAddress => {
                "an IPv6 address stands in brackets: `ldap://[2001:db8::1]`"
            }
        })
    }
}

impl error::Error for UrlError {}

fn parse(text: &str, whole: Span) -> Result<LdapUrl, UrlError> {
    let fail = |kind, start, end| Err(UrlError { kind, span: Span::new(start, end) });
    let mut inside = whole;
    if text[inside.range()].starts_with('<') {
        if !text[inside.range()].ends_with('>') {
            return fail(UrlErrorKind::Unbalanced, inside.start, inside.start + 1);
        }
        inside = Span::new(inside.start + 1, inside.end - 1);
    }
    if has_prefix(&text[inside.range()], "URL:") {
        inside.start += 4;
    }
    let Some((scheme, prefix)) =
        SCHEMES.iter().find(|row| has_prefix(&text[inside.range()], row.1))
    else {
        let has_scheme = text[inside.range()].contains("://");
        let kind = if has_scheme { UrlErrorKind::OtherScheme } else { UrlErrorKind::NoScheme };
        return fail(kind, inside.start, inside.end);
    };
    let start = inside.start + prefix.len();
    let body = &text[start..inside.end];
    let cut = body.find('/').or_else(|| body.find('?')).unwrap_or(body.len());
    let rest = Span::new(start + cut, inside.end);
    let authority = Span::new(start, start + cut);
    let (host_span, host, port) = match scheme {
        Scheme::Ldapi => (authority, &text[authority.range()], None),
        Scheme::Ldap | Scheme::Ldaps => host_and_port(text, authority)?,
    };
    let host = unescaped(host);
    Ok(LdapUrl { scheme: *scheme, host, port, host_span, rest, span: whole })
}

/// The host with its place, and the port.
type Authority<'s> = (Span, &'s str, Option<u16>);

fn host_and_port(text: &str, authority: Span) -> Result<Authority<'_>, UrlError> {
    let body = &text[authority.range()];
    let fail = |kind, from, to| {
        let span = Span::new(authority.start + from, authority.start + to);
        Err(UrlError { kind, span })
    };
    let (host_len, host) = match body.strip_prefix('[').map(|rest| rest.split_once(']')) {
        Some(None) => return fail(UrlErrorKind::Unbalanced, 0, 1),
        Some(Some((host, _))) => (host.len() + 2, host),
        None => {
            let len = body.find(':').unwrap_or(body.len());
            (len, &body[..len])
        }
    };
    let host_span = Span::new(authority.start, authority.start + host_len);
    let behind = &body[host_len..];
    let Some(port) = behind.strip_prefix(':') else {
        if behind.contains(':') {
            return fail(UrlErrorKind::Unbalanced, host_len, body.len());
        }
        return Ok((host_span, host, None));
    };
    match unescaped(port).trim_start().parse() {
        Ok(port @ 1..) => Ok((host_span, host, Some(port))),
        _ if port.contains(':') && !body.starts_with('[') => {
            fail(UrlErrorKind::UnbracketedAddress, 0, body.len())
        }
        _ => fail(UrlErrorKind::BadPort, host_len, body.len()),
    }
}

fn has_prefix(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// The text without percent escapes; what is no escape stays.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let digit = |at: usize| behind.get(at).and_then(|&byte| char::from(byte).to_digit(16));
        let escaped = (first == b'%').then(|| Some(digit(0)? * 16 + digit(1)?)).flatten();
        let byte = escaped.and_then(|value| u8::try_from(value).ok());
        rest = if byte.is_some() { &behind[2..] } else { behind };
        bytes.push(byte.unwrap_or(first));
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

const SCHEMES: [(Scheme, &str); 3] =
    [(Scheme::Ldap, "ldap://"), (Scheme::Ldapi, "ldapi://"), (Scheme::Ldaps, "ldaps://")];

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str) -> LdapUrl {
        let urls = LdapUrl::parse_list(text).unwrap_or_else(|error| panic!("{text}: {error}"));
        let [url] = urls.as_slice() else { panic!("{text}: {} addresses", urls.len()) };
        url.clone()
    }

    #[test]
    fn scheme_host_and_port_are_read() {
        for (text, scheme, host, port, rest) in [
            ("ldap://dc1.acme.test", Scheme::Ldap, "dc1.acme.test", Some(389), ""),
            ("LDAPS://dc1.acme.test/", Scheme::Ldaps, "dc1.acme.test", Some(636), "/"),
            ("ldap://dc1:3268/dc=acme?cn", Scheme::Ldap, "dc1", Some(3268), "/dc=acme?cn"),
            ("ldap://[2001:db8::1]:390", Scheme::Ldap, "2001:db8::1", Some(390), ""),
            ("ldaps://[::1]", Scheme::Ldaps, "::1", Some(636), ""),
            ("ldap:///dc=acme", Scheme::Ldap, "", Some(389), "/dc=acme"),
            ("ldapi://%2Frun%2Fldapi:1", Scheme::Ldapi, "/run/ldapi:1", None, ""),
            ("<URL:ldap://dc1?x>", Scheme::Ldap, "dc1", Some(389), "?x"),
        ] {
            let url = one(text);
            assert_eq!((url.scheme, url.host.as_str()), (scheme, host), "{text}");
            assert_eq!(url.effective_port(), port, "{text}");
            assert_eq!(&text[url.rest.range()], rest, "{text}");
        }
    }

    #[test]
    fn several_addresses_stand_apart_by_blanks_or_commas() {
        let text = "ldaps://a.test, ldaps://b.test:637 ldap://c.test,";
        let urls = LdapUrl::parse_list(text).expect("addresses");
        let hosts: Vec<_> = urls.iter().map(|url| &text[url.host_span.range()]).collect();
        assert_eq!(hosts, ["a.test", "b.test", "c.test"]);
        assert_eq!(&text[urls[1].span.range()], "ldaps://b.test:637");
    }

    #[test]
    fn what_is_no_address_is_refused_at_its_place() {
        for (text, kind, at) in [
            ("", UrlErrorKind::Empty, ""),
            (" , ", UrlErrorKind::Empty, " , "),
            ("dc1.acme.test", UrlErrorKind::NoScheme, "dc1.acme.test"),
            ("dc1.acme.test:636", UrlErrorKind::NoScheme, "dc1.acme.test:636"),
            ("ldap:/dc1", UrlErrorKind::NoScheme, "ldap:/dc1"),
            ("https://dc1", UrlErrorKind::OtherScheme, "https://dc1"),
            ("ldaps://a ldap//b", UrlErrorKind::NoScheme, "ldap//b"),
            ("ldap://a:", UrlErrorKind::BadPort, ":"),
            ("ldap://a:ldap", UrlErrorKind::BadPort, ":ldap"),
            ("ldap://a:0", UrlErrorKind::BadPort, ":0"),
            ("ldap://a:65536", UrlErrorKind::BadPort, ":65536"),
            ("ldap://https://a", UrlErrorKind::BadPort, ":"),
            ("ldap://[::1", UrlErrorKind::Unbalanced, "["),
            ("ldap://[::1]x:1", UrlErrorKind::Unbalanced, "x:1"),
            ("<ldap://a", UrlErrorKind::Unbalanced, "<"),
            ("ldap://2001:db8::1", UrlErrorKind::UnbracketedAddress, "2001:db8::1"),
        ] {
            let error = LdapUrl::parse_list(text).expect_err(text);
            assert_eq!((error.kind, &text[error.span.range()]), (kind, at), "{text}");
        }
    }
}
