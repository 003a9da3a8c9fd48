//! Whether a text is a URI reference (RFC 3986), as XML Schema's `anyURI` wants it: what the URI
//! syntax does not know, but escaping makes known, is let through.

/// Whether a text is one.
pub(super) fn is_reference(text: &str) -> bool {
    let bytes = text.as_bytes();
    if text.is_empty() {
        return true;
    }
    if has_broken_escape(bytes) {
        return false;
    }
    let (rest, fragment) = split(text, '#');
    if fragment.is_some_and(|fragment| !all(fragment, "/?:@[]")) {
        return false;
    }
    let (path, query) = split(rest, '?');
    if query.is_some_and(|query| !all(query, "/?:@")) {
        return false;
    }
    match path.split_once(':') {
        Some((scheme, rest)) if is_scheme(scheme) => is_hierarchy(rest),
        Some((before, _)) if !before.contains('/') => false,
        _ => is_hierarchy(path),
    }
}

/// Whether a text is one that needs nothing around it, as it stands and without escaping.
pub(super) fn is_absolute(text: &str) -> bool {
    let has_scheme = || text.split_once(':').is_some_and(|(scheme, _)| is_scheme(scheme));
    is_reference(text) && has_scheme() && !text.chars().any(is_escaped)
}

fn split(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(before, behind)| (before, Some(behind)))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// An authority with its path, or a path alone.
fn is_hierarchy(text: &str) -> bool {
    let Some(rest) = text.strip_prefix("//") else { return all(text, "/:@") };
    let end = rest.find('/').unwrap_or(rest.len());
    is_authority(&rest[..end]) && all(&rest[end..], "/:@")
}

fn is_authority(text: &str) -> bool {
    let (user, rest) = match text.split_once('@') {
        Some((user, rest)) => (user, rest),
        None => ("", text),
    };
    let (host, port) = match rest.strip_prefix('[') {
        Some(literal) => {
            let Some((_, behind)) = literal.split_once(']') else { return false };
            match behind.strip_prefix(':') {
                Some(port) => ("", Some(port)),
                None if behind.is_empty() => ("", None),
                None => return false,
            }
        }
        None => split(rest, ':'),
    };
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    all(user, ":") && all(host, "") && port.is_none_or(is_port)
}

/// Whether there is nothing but letters, digits, what is always let in, and `also`.
fn all(text: &str, also: &str) -> bool {
    text.chars().all(|c| {
        c.is_ascii_alphanumeric() || ALWAYS.contains(c) || also.contains(c) || is_escaped(c)
    })
}

/// Whether a character stands for its escape.
fn is_escaped(c: char) -> bool {
    c >= '\u{7f}' || c <= ' ' || "<>\"{}|\\^`".contains(c)
}

fn has_broken_escape(bytes: &[u8]) -> bool {
    let digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let marks = bytes.iter().enumerate().filter(|(_, b)| **b == b'%');
    marks.into_iter().any(|(at, _)| !digit(at + 1) || !digit(at + 2))
}

/// Unreserved characters, delimiters inside parts, and the mark of an escape.
const ALWAYS: &str = "-._~!$&'()*+,;=%";
