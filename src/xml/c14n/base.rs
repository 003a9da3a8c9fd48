//! Joining `xml:base` values (Canonical XML 1.1 section 2.4, after RFC 3986 section 5.2).

/// The parts of a URI reference (RFC 3986 appendix B).
#[derive(Clone, Copy)]
struct Parts<'u> {
    scheme: Option<&'u str>,
    authority: Option<&'u str>,
    path: &'u str,
    query: Option<&'u str>,
    fragment: Option<&'u str>,
}

/// A reference as it reads from where a base reads: the base may be relative itself.
pub(super) fn joined(base: &str, reference: &str) -> String {
    let (base, reference) = (Parts::of(base), Parts::of(reference));
    let mut joined = Parts { scheme: base.scheme, ..reference };
    let path;
    if reference.scheme.is_some() {
        joined.scheme = reference.scheme;
        path = without_dots(reference.path);
    } else if reference.authority.is_some() {
        path = without_dots(reference.path);
    } else {
        joined.authority = base.authority;
        if reference.path.is_empty() {
            path = without_dots(base.path);
            joined.query = reference.query.or(base.query);
        } else if reference.path.starts_with('/') {
            path = without_dots(reference.path);
        } else {
            path = without_dots(&merged(base, reference.path));
        }
    }
    joined.path = &path;
    joined.fragment = None;
    joined.written()
}

impl<'u> Parts<'u> {
    fn of(text: &'u str) -> Self {
        let (text, fragment) = parted(text, '#');
        let (text, query) = parted(text, '?');
        let scheme = text.split_once(':').filter(|(scheme, _)| !scheme.contains('/'));
        let (scheme, text) = scheme.map_or((None, text), |(scheme, rest)| (Some(scheme), rest));
        let (authority, path) = match text.strip_prefix("//") {
            Some(rest) => {
                let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
                (Some(authority), path)
            }
            None => (None, text),
        };
        Self { scheme, authority, path, query, fragment }
    }

    fn written(&self) -> String {
        let part = |before: &str, part: Option<&str>, after: &str| {
            part.map_or(String::new(), |part| format!("{before}{part}{after}"))
        };
        let front = part("", self.scheme, ":") + &part("//", self.authority, "");
        front + self.path + &part("?", self.query, "") + &part("#", self.fragment, "")
    }
}

/// A text up to a mark, and what follows the mark.
fn parted(text: &str, mark: char) -> (&str, Option<&str>) {
    text.split_once(mark).map_or((text, None), |(text, rest)| (text, Some(rest)))
}

/// A relative path behind all but the last segment of the base's (RFC 3986 section 5.2.3).
fn merged(base: Parts<'_>, path: &str) -> String {
    if base.authority.is_some() && base.path.is_empty() {
        return format!("/{path}");
    }
    // A last `..` is a folder.
    let folder = if base.path == ".." || base.path.ends_with("/..") {
        format!("{}/", base.path)
    } else {
        base.path[..base.path.rfind('/').map_or(0, |at| at + 1)].to_owned()
    };
    folder + path
}

/// A path without `.` and `..` where they can be worked out. A relative path keeps those that lead
/// out of it; a last one ends with `/`; several `/` are one.
fn without_dots(path: &str) -> String {
    let is_absolute = path.starts_with('/');
    let mut kept: Vec<&str> = Vec::new();
    let mut is_folder = path.ends_with('/');
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    for (at, &segment) in segments.iter().enumerate() {
        let is_last = at + 1 == segments.len();
        match segment {
            "." => is_folder |= is_last,
            ".." => {
                is_folder |= is_last;
                if kept.last().is_some_and(|&last| last != "..") {
                    kept.pop();
                } else if !is_absolute {
                    kept.push("..");
                }
            }
            segment => kept.push(segment),
        }
    }
    let mut joined = kept.join("/");
    if is_folder && !joined.is_empty() {
        joined.push('/');
    }
    if is_absolute { format!("/{joined}") } else { joined }
}
