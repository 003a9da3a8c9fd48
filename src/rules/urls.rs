//! Looking at URLs without changing a byte of them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// The parts of an absolute URL as it is written (RFC 3986 section 3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts<'u> {
    /// Before `://`.
    pub(super) scheme: &'u str,
    /// The host, brackets of an IPv6 address included.
    pub(super) host: &'u str,
    /// Where the host starts in the URL, in bytes.
    pub(super) host_start: usize,
    /// Behind the host and the port, from the first slash.
    pub(super) path: &'u str,
}

/// Takes a URL apart; none where there is no `://`.
pub(super) fn parts(url: &str) -> Option<Parts<'_>> {
    let (scheme, rest) = url.split_once("://")?;
    let authority_end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(authority_end);
    let user_end = authority.rfind('@').map_or(0, |at| at + 1);
    let host_and_port = &authority[user_end..];
    let host_end = match host_and_port.strip_prefix('[') {
        Some(address) => address.find(']').map_or(host_and_port.len(), |at| at + 2),
        None => host_and_port.find(':').unwrap_or(host_and_port.len()),
    };
    let host_start = scheme.len() + 3 + user_end;
    Some(Parts { scheme, host: &host_and_port[..host_end], host_start, path })
}

/// How far a host name reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// This machine.
    Loopback,
    /// A network of one's own.
    Private,
    /// Anywhere.
    Public,
}

/// How far a host reaches, by its name or address alone.
pub(super) fn reach(host: &str) -> Reach {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if let Some(address) = address(&host) {
        return match address {
            IpAddr::V4(address) => reach_v4(address),
            IpAddr::V6(address) => reach_v6(address),
        };
    }
    if host == "localhost" || host.ends_with(".localhost") {
        return Reach::Loopback;
    }
    let local = !host.contains('.') || LOCAL_ENDS.iter().any(|end| host.ends_with(end));
    if local { Reach::Private } else { Reach::Public }
}

/// Whether a host is a name of one label, which is neither `localhost` nor an address.
pub(super) fn is_single_label(host: &str) -> bool {
    let host = host.trim_end_matches('.');
    !host.is_empty()
        && !host.contains('.')
        && !host.eq_ignore_ascii_case("localhost")
        && address(host).is_none()
}

fn address(host: &str) -> Option<IpAddr> {
    let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    bare.parse().ok()
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    let [first, second, ..] = address.octets();
    let shared = first == 100 && (64..128).contains(&second);
    if address.is_loopback() {
        Reach::Loopback
    } else if address.is_private() || address.is_link_local() || shared {
        Reach::Private
    } else {
        Reach::Public
    }
}

fn reach_v6(address: Ipv6Addr) -> Reach {
    if let Some(mapped) = address.to_ipv4_mapped() {
        return reach_v4(mapped);
    }
    if address.is_loopback() {
        Reach::Loopback
    } else if address.is_unique_local() || address.is_unicast_link_local() {
        Reach::Private
    } else {
        Reach::Public
    }
}

/// Names that only a network of one's own resolves.
const LOCAL_ENDS: [&str; 8] = [
    ".local",
    ".internal",
    ".lan",
    ".svc",
    ".cluster.local",
    ".home.arpa",
    ".intranet",
    ".corp.local",
];

#[cfg(test)]
mod tests {
    use super::{Parts, Reach, is_single_label, parts, reach};

    #[test]
    fn a_url_is_taken_apart_as_written() {
        let url = "https://u:p@Idp.Acme.test:8443/a/b?c#d";
        let expected =
            Parts { scheme: "https", host: "Idp.Acme.test", host_start: 12, path: "/a/b?c#d" };
        assert_eq!(parts(url), Some(expected));
        assert_eq!(parts("http://[::1]:80").map(|parts| parts.host), Some("[::1]"));
        assert_eq!(parts("idp.acme.test/x"), None);
    }

    #[test]
    fn reach_is_told_by_name_and_address() {
        for (host, expected) in [
            ("localhost", Reach::Loopback),
            ("127.8.0.1", Reach::Loopback),
            ("[::1]", Reach::Loopback),
            ("keycloak", Reach::Private),
            ("10.1.2.3", Reach::Private),
            ("172.20.0.5", Reach::Private),
            ("172.32.0.5", Reach::Public),
            ("[fd00::1]", Reach::Private),
            ("sso.corp.internal", Reach::Private),
            ("kc.ns.svc", Reach::Private),
            ("idp.acme.test", Reach::Public),
            ("8.8.8.8", Reach::Public),
        ] {
            assert_eq!(reach(host), expected, "{host}");
        }
    }

    #[test]
    fn single_labels_are_neither_localhost_nor_addresses() {
        assert!(is_single_label("keycloak"));
        assert!(
            !is_single_label("localhost") && !is_single_label("[::1]") && !is_single_label("a.b")
        );
    }
}
