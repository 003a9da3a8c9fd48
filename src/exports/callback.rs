//! Addresses that a provider sends answers to, and which addresses each stands for.

use crate::exports::stated::Stated;

/// An address to which answers may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Callback {
    /// The address: whole, also where a part of it is written elsewhere.
    pub url: Stated<String>,
    /// What it is for.
    pub used_as: Use,
    /// How it is compared.
    pub matching: Matching,
}

/// What an address is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// SAML responses.
    AssertionConsumer,
    /// Codes for a program on a device.
    Native,
    /// Codes, and SAML responses where the request may name its address.
    Redirect,
    /// Codes for a page that runs in the browser.
    SinglePage,
}

/// How an address is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Matching {
    /// Byte for byte.
    Exact,
    /// A `*` stands for a part of the host name.
    Host,
    /// Whatever follows the text before the `*` at its end.
    Prefix,
}

impl Callback {
    /// An address that is compared byte for byte.
    pub(super) fn exact(url: Stated<String>, used_as: Use) -> Self {
        Self { url, used_as, matching: Matching::Exact }
    }

    /// An address in which `*` stands for a part of the host name.
    pub(super) fn host_pattern(url: Stated<String>, used_as: Use) -> Self {
        let matching = if url.value.contains('*') { Matching::Host } else { Matching::Exact };
        Self { url, used_as, matching }
    }

    /// Whether it stands for more than one address.
    pub fn is_wildcard(&self) -> bool {
        self.matching != Matching::Exact
    }

    /// Whether answers to this address are let through.
    pub fn admits(&self, address: &str) -> bool {
        let own = self.url.value.as_str();
        match self.matching {
            Matching::Exact => own == address,
            Matching::Host => fits_host(own, address),
            Matching::Prefix => {
                // Keycloak drops the query before it compares, and takes `/a/*` for `/a` too.
                let bare = address.split(['?', '#']).next().unwrap_or_default();
                let start = own.strip_suffix('*').unwrap_or(own);
                bare.starts_with(start) || start.strip_suffix('/') == Some(bare)
            }
        }
    }
}

/// Whether `address` is `pattern` with something of a host name for its one `*`.
fn fits_host(pattern: &str, address: &str) -> bool {
    let Some((start, end)) = pattern.split_once('*') else { return pattern == address };
    let inside = address.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    inside.is_some_and(|label| !label.is_empty() && !label.contains(['/', '?', '#', '@', ':', '.']))
}

#[cfg(test)]
mod tests {
    use super::{Callback, Matching, Use};
    use crate::exports::Stated;
    use crate::idps::facts::Source;
    use crate::source::{KeyPath, Span};

    fn callback(url: &str, matching: Matching) -> Callback {
        let (span, path) = (Span::at(0), KeyPath::default());
        let value = url.to_owned();
        let url = Stated { value, span, path, source: Source::General, is_default: false };
        Callback { url, used_as: Use::Redirect, matching }
    }

    #[test]
    fn an_exact_address_admits_itself_only() {
        let one = callback("https://cvat.acme.test/a", Matching::Exact);
        assert!(one.admits("https://cvat.acme.test/a"));
        assert!(!one.admits("https://cvat.acme.test/a/"));
    }

    #[test]
    fn a_star_at_the_end_admits_what_follows() {
        let one = callback("https://cvat.acme.test/a/*", Matching::Prefix);
        for address in ["/a", "/a/", "/a/b/c", "/a/b?x=1"] {
            assert!(one.admits(&format!("https://cvat.acme.test{address}")), "{address}");
        }
        for address in ["/ab", "/", ""] {
            assert!(!one.admits(&format!("https://cvat.acme.test{address}")), "{address}");
        }
    }

    #[test]
    fn a_star_in_the_host_admits_one_label() {
        let one = callback("https://*.acme.test/a", Matching::Host);
        assert!(one.admits("https://cvat.acme.test/a"));
        for address in
            ["https://a.b.acme.test/a", "https://.acme.test/a", "https://evil.test/.acme.test/a"]
        {
            assert!(!one.admits(address), "{address}");
        }
    }
}
