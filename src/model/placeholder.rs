//! Hints that somebody forgot to replace, told apart from honest values.

use crate::model::{Kind, Role, SettingCard};

/// Why a value is taken for a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// A hint to the reader; the words say which.
    Hint(&'static str),
    /// A name that is reserved for documentation (RFC 2606, RFC 6761).
    ReservedName,
}

/// Whether a value is a placeholder, by the kind of setting it stands in.
pub fn placeholder(card: &SettingCard, value: &str) -> Option<Placeholder> {
    let value = value.trim();
    if card.kind == Kind::Certificate {
        return certificate_hint(value).map(Placeholder::Hint);
    }
    hint(card, value).map(Placeholder::Hint).or_else(|| {
        let named = matches!(card.kind, Kind::Url | Kind::Domain | Kind::Identifier);
        (named && !card.secret && is_reserved_host(host_of(value)))
            .then_some(Placeholder::ReservedName)
    })
}

/// Whether a host name is reserved for documentation: `example.com` and its siblings themselves,
/// and everything below `.example` and `.invalid`. Names below `example.org` are left alone, since
/// people use them in tests that are meant to work.
pub fn is_reserved_host(host: &str) -> bool {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    let bare = host.strip_prefix("www.").unwrap_or(&host);
    ["example.com", "example.net", "example.org"].contains(&bare)
        || [".example", ".invalid"].iter().any(|end| host.ends_with(end))
}

fn hint(card: &SettingCard, value: &str) -> Option<&'static str> {
    if is_bracketed(value) {
        return Some("a hint in brackets");
    }
    if is_filler(value) || is_instruction(value) {
        return Some("a stand-in");
    }
    if names_itself(card, value) {
        return Some("the name of the setting itself");
    }
    if card.secret || card.kind == Kind::Label {
        return None;
    }
    if matches!(card.kind, Kind::Url | Kind::Identifier | Kind::Domain) {
        return hint_inside(card, value);
    }
    None
}

fn hint_inside(card: &SettingCard, value: &str) -> Option<&'static str> {
    if has_bracketed_part(value, '<', '>') || has_bracketed_part(value, '{', '}') {
        return Some("a hint in brackets");
    }
    let is_url = card.kind == Kind::Url || value.contains("://");
    if is_url && has_bracketed_part(value, '[', ']') {
        return Some("a hint in brackets");
    }
    if value.ends_with(')') && value.contains(" (") {
        return Some("a hint in parentheses");
    }
    if !is_url && card.kind != Kind::Domain {
        return None;
    }
    let parts = value.split(['/', '.', ':', '?', '=', '&', '@']);
    parts.into_iter().any(|part| is_filler(part) || is_instruction(part)).then_some("a stand-in")
}

/// `<client id>`, `{{...}}` excluded: the whole value is a hint.
fn is_bracketed(value: &str) -> bool {
    [('<', '>'), ('{', '}'), ('[', ']')].iter().any(|&(open, close)| {
        value.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).is_some_and(is_words)
    })
}

fn has_bracketed_part(value: &str, open: char, close: char) -> bool {
    value
        .split(open)
        .skip(1)
        .any(|rest| rest.split_once(close).is_some_and(|(inside, _)| is_words(inside)))
}

/// Text as people write it for people: starts with a letter, no brackets inside.
fn is_words(text: &str) -> bool {
    text.trim_start().starts_with(char::is_alphabetic)
        && !text.contains(['<', '>', '{', '}', '[', ']'])
        && !text.contains("::")
        && text.parse::<std::net::Ipv6Addr>().is_err()
}

/// `xxx`, `XXXXXXXX-XXXX-…`, `...`, `***`, the nil GUID.
fn is_filler(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let only = |allowed: &[char], needed: char| {
        lower.chars().all(|c| allowed.contains(&c))
            && lower.chars().filter(|&c| c == needed).count() >= 3
    };
    only(&['x', '-', '_'], 'x')
        || only(&['.'], '.')
        || only(&['*'], '*')
        || text == "…"
        || text == NIL_GUID
}

fn is_instruction(text: &str) -> bool {
    let may_be =
        text.bytes().next().is_some_and(|first| INITIALS.contains(&first.to_ascii_lowercase()))
            || text.to_ascii_lowercase().ends_with("here");
    if !may_be {
        return false;
    }
    let plain: String = text
        .chars()
        .map(|c| if matches!(c, '_' | ' ' | '.') { '-' } else { c.to_ascii_lowercase() })
        .collect();
    WHOLE.contains(&plain.as_str())
        || STARTS.iter().any(|start| plain.strip_prefix(start).is_some_and(is_wordy))
        || plain.strip_suffix("-here").is_some_and(is_wordy)
}

/// Letters and dashes, as in `your-client-id`; random text has digits or other signs.
fn is_wordy(text: &str) -> bool {
    text.len() > 1 && text.chars().all(|c| c.is_ascii_lowercase() || c == '-')
}

/// `client_id: client_id`, `client_secret: secret`.
fn names_itself(card: &SettingCard, value: &str) -> bool {
    let plain: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    match card.role {
        Role::ClientId => ["clientid", "applicationid", "appid"].contains(&plain.as_str()),
        Role::ClientSecret => {
            ["clientsecret", "secret", "password", "secretvalue", "value"].contains(&plain.as_str())
        }
        Role::EmailDomain => ["domain", "emaildomain", "companydomain", "companyemaildomain"]
            .contains(&plain.as_str()),
        _ => false,
    }
}

/// A certificate whose body is words or dots instead of base64.
fn certificate_hint(value: &str) -> Option<&'static str> {
    if is_bracketed(value) || is_filler(value) || is_instruction(value) {
        return Some("a stand-in");
    }
    let body: Vec<&str> = value
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("-----"))
        .collect();
    let is_hint = |line: &&str| {
        line.contains("...")
            || line.contains('…')
            || is_bracketed(line)
            || is_filler(line)
            || (line.contains(' ') && line.chars().all(|c| c.is_alphabetic() || c == ' '))
    };
    (!body.is_empty() && body.len() <= 4 && body.iter().any(is_hint)).then_some("a stand-in")
}

/// The host of a URL or e-mail address, or the text itself.
fn host_of(value: &str) -> &str {
    let after_scheme = value.split_once("://").map_or(value, |(_, rest)| rest);
    let authority = after_scheme.split(['/', '?', '#']).next().unwrap_or(after_scheme);
    let host = authority.rsplit('@').next().unwrap_or(authority);
    host.split(':').next().unwrap_or(host)
}

/// How the words below begin.
const INITIALS: &[u8] = b"crtfpdiyme";
const NIL_GUID: &str = "00000000-0000-0000-0000-000000000000";
const WHOLE: [&str; 22] = [
    "changeme",
    "change-me",
    "changeit",
    "replaceme",
    "replace-me",
    "todo",
    "tbd",
    "fixme",
    "placeholder",
    "dummy",
    "fill-me-in",
    "fillmein",
    "insert-here",
    "yourdomain",
    "yourcompany",
    "yourorg",
    "yourtenant",
    "yourrealm",
    "mydomain",
    "company-domain",
    "tenant-id",
    "tenantid",
];
const STARTS: [&str; 8] = [
    "your-",
    "replace-with-",
    "replace-me-",
    "change-me-",
    "insert-your-",
    "enter-your-",
    "paste-your-",
    "put-your-",
];

#[cfg(test)]
mod tests {
    use super::{Placeholder, placeholder};
    use crate::model::{Kind, Role, SettingCard};

    fn judged(role: Role, kind: Kind, value: &str) -> Option<Placeholder> {
        let secret = role == Role::ClientSecret;
        let card = SettingCard {
            key: String::new(),
            role,
            kind,
            protocol: None,
            secret,
            also_known_as: Vec::new(),
            source: String::new(),
        };
        placeholder(&card, value)
    }

    #[test]
    fn hints_are_placeholders() {
        for (role, kind, value) in [
            (Role::ClientSecret, Kind::Identifier, "<Secret Value>"),
            (Role::ClientSecret, Kind::Identifier, "xxx"),
            (Role::ClientSecret, Kind::Identifier, "changeme"),
            (Role::ClientSecret, Kind::Identifier, "YOUR_CLIENT_SECRET"),
            (Role::ClientSecret, Kind::Identifier, "client_secret"),
            (Role::ClientId, Kind::Identifier, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
            (Role::ClientId, Kind::Identifier, "your-client-id"),
            (Role::ClientId, Kind::Identifier, "insert-client-id-here"),
            (Role::IssuerUrl, Kind::Url, "https://<okta_domain>/"),
            (Role::IssuerUrl, Kind::Url, "https://login.microsoftonline.com/{tenant}/v2.0"),
            (Role::IssuerUrl, Kind::Url, "https://your-tenant.okta.com"),
            (Role::IssuerUrl, Kind::Url, "https://login.microsoftonline.com/xxxx/v2.0"),
            (Role::EntityId, Kind::Identifier, "https://sts.windows.net/x/ (copy from the portal)"),
            (
                Role::Certificate,
                Kind::Certificate,
                "-----BEGIN CERTIFICATE-----\ncertificate content\n-----END CERTIFICATE-----",
            ),
            (Role::Certificate, Kind::Certificate, "MIIC..."),
        ] {
            assert!(matches!(judged(role, kind, value), Some(Placeholder::Hint(_))), "{value}");
        }
    }

    #[test]
    fn honest_values_are_not_placeholders() {
        for (role, kind, value) in [
            (Role::ClientSecret, Kind::Identifier, "a<b>c9Kq"),
            (Role::ClientSecret, Kind::Identifier, "xxxtra-8fh3k2"),
            (Role::ClientSecret, Kind::Identifier, "your-k2h4k1h23kj4h"),
            (Role::ClientId, Kind::Identifier, "todo-app"),
            (Role::ClientId, Kind::Identifier, "cvat"),
            (Role::Name, Kind::Label, "Acme (staging)"),
            (Role::Name, Kind::Label, "Sign in with Example"),
            (Role::IssuerUrl, Kind::Url, "https://idp1.org5.example.org/realms/main"),
            (Role::IssuerUrl, Kind::Url, "https://[2001:db8::1]:8443/realms/x"),
            (Role::EmailDomain, Kind::Domain, "acme.test"),
            (Role::IssuerUrl, Kind::Url, "https://xx.okta.com"),
        ] {
            assert_eq!(judged(role, kind, value), None, "{value}");
        }
    }

    #[test]
    fn names_for_documentation_are_told_apart() {
        for value in ["https://example.com/x", "https://www.example.org", "http://idp.example:80/"]
        {
            assert_eq!(judged(Role::IssuerUrl, Kind::Url, value), Some(Placeholder::ReservedName));
        }
        assert_eq!(
            judged(Role::EmailDomain, Kind::Domain, "example.com"),
            Some(Placeholder::ReservedName)
        );
    }
}
