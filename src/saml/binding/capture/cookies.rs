//! Cookies that the application set and that did not come back with the message, because it was
//! posted from another site.

use crate::saml::binding::Remark;
use crate::saml::binding::capture::entry::Entry;
use crate::saml::cards::bind::BIND_COOKIE_LOST;
use crate::verdict::Weight;

/// The cookies that the post lost by their SameSite attribute.
pub(super) fn lost(entries: &[Entry<'_>], at: usize) -> Option<Remark> {
    let post = &entries[at];
    let is_cross_site = post.sender_host().is_some_and(|host| site(host) != site(post.host()));
    if !post.method.eq_ignore_ascii_case("POST") || !is_cross_site {
        return None;
    }
    let sent = post.sent_cookies();
    let before = entries[..at].iter().filter(|entry| entry.host() == post.host());
    let mut lost: Vec<Cookie<'_>> = Vec::new();
    for (name, value) in before.flat_map(|entry| &entry.answered) {
        if !name.eq_ignore_ascii_case("set-cookie") {
            continue;
        }
        // Firefox writes several of them into one field, a line each.
        for line in value.lines() {
            let Some(cookie) = Cookie::parse(line) else { continue };
            lost.retain(|known| known.name != cookie.name);
            if cookie.stays_behind() && !sent.contains(&cookie.name) {
                lost.push(cookie);
            }
        }
    }
    let names: Vec<&str> = lost.iter().map(|cookie| cookie.name).collect();
    let first = lost.first()?;
    let has_failed = post.status.is_some_and(|status| status >= 400);
    let weight = if has_failed { Weight::Warning } else { Weight::Note };
    let message = format!(
        "the message was posted without the cookie {}, which is {}",
        names.join(", "),
        first.reason()
    );
    Some(
        Remark::new(&BIND_COOKIE_LOST, weight, message)
            .why("an application that keeps the request in that session does not know it any more")
            .remedy("let the application set it with SameSite=None; Secure, or keep the request elsewhere"),
    )
}

/// What a `Set-Cookie` says that matters here.
struct Cookie<'t> {
    name: &'t str,
    same_site: Option<String>,
    is_secure: bool,
    is_removal: bool,
}

impl<'t> Cookie<'t> {
    fn parse(line: &'t str) -> Option<Self> {
        let mut parts = line.split(';').map(str::trim);
        let (name, value) = parts.next()?.split_once('=')?;
        let mut cookie = Self {
            name: name.trim(),
            same_site: None,
            is_secure: false,
            is_removal: value.is_empty(),
        };
        for part in parts {
            let (attribute, value) = part.split_once('=').unwrap_or((part, ""));
            match attribute.trim().to_ascii_lowercase().as_str() {
                "samesite" => cookie.same_site = Some(value.trim().to_ascii_lowercase()),
                "secure" => cookie.is_secure = true,
                "max-age" => cookie.is_removal |= value.trim().starts_with(['-', '0']),
                _ => {}
            }
        }
        Some(cookie)
    }

    /// Whether a browser keeps it back from a form that another site posts.
    fn stays_behind(&self) -> bool {
        !self.is_removal && (self.same_site.as_deref() != Some("none") || !self.is_secure)
    }

    fn reason(&self) -> &'static str {
        match self.same_site.as_deref() {
            Some("none") => "SameSite=None without Secure",
            Some("strict") => "SameSite=Strict",
            Some("lax") => "SameSite=Lax",
            _ => "without SameSite, so taken for Lax",
        }
    }
}

/// The registrable domain of a host, or the host itself.
fn site(host: &str) -> &str {
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    psl::domain_str(name).unwrap_or(name)
}
