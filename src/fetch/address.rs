//! Where an address stands: on the open internet, or somewhere that a stranger's text must not
//! lead us.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Where an address stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// On this link only, where cloud hosts keep their credentials (RFC 3927, RFC 4291).
    LinkLocal,
    /// On this machine.
    Loopback,
    /// At the host of a cloud, which answers its guests at fixed addresses with settings and
    /// credentials.
    Platform,
    /// Inside a private network (RFC 1918, RFC 4193, RFC 6598).
    Private,
    /// On the open internet.
    Public,
    /// Nowhere: unspecified, multicast, broadcast, for documentation or for later.
    Unreachable,
}

impl Standing {
    /// Where an address stands. An IPv4 address in IPv6 clothes is judged as what it is.
    pub fn of(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => four(address),
            IpAddr::V6(address) => six(address),
        }
    }

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::LinkLocal => "link-local",
            Self::Loopback => "loopback",
            Self::Platform => "cloud platform's",
            Self::Private => "private",
            Self::Public => "public",
            Self::Unreachable => "unreachable",
        }
    }
}

fn four(address: Ipv4Addr) -> Standing {
    if PLATFORMS.contains(&address) {
        return Standing::Platform;
    }
    let [a, b, c, _] = address.octets();
    match (a, b, c) {
        (127, ..) => Standing::Loopback,
        (169, 254, _) => Standing::LinkLocal,
        (10, ..) | (192, 168, _) | (172, 16..=31, _) | (100, 64..=127, _) | (198, 18..=19, _) => {
            Standing::Private
        }
        (0 | 224..=255, ..) | (192, 0, 0 | 2) | (198, 51, 100) | (203, 0, 113) => {
            Standing::Unreachable
        }
        _ => Standing::Public,
    }
}

fn six(address: Ipv6Addr) -> Standing {
    if let Some(four) = embedded(address) {
        return self::four(four);
    }
    let first = address.segments()[0];
    if address == Ipv6Addr::LOCALHOST {
        Standing::Loopback
    } else if address.is_unspecified() || first & 0xff00 == 0xff00 {
        Standing::Unreachable
    } else if first & 0xffc0 == 0xfe80 {
        Standing::LinkLocal
    } else if PLATFORM_NETWORKS.iter().any(|network| address.segments().starts_with(network)) {
        Standing::Platform
    } else if first & 0xfe00 == 0xfc00 || first & 0xffc0 == 0xfec0 {
        Standing::Private
    } else if address.segments()[..2] == [0x2001, 0xdb8] {
        Standing::Unreachable
    } else {
        Standing::Public
    }
}

/// The IPv4 address inside: mapped (RFC 4291), compatible, translated (RFC 6052, RFC 8215) or
/// tunnelled (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let segments = address.segments();
    let pair = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        Ipv4Addr::new(a, b, c, d)
    };
    match segments {
        [0, 0, 0, 0, 0, 0, 0, 0 | 1] => None,
        [0, 0, 0, 0, 0, 0xffff | 0, high, low]
        | [0, 0, 0, 0, 0xffff, 0, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x64, 0xff9b, 1, _, _, _, high, low]
        | [0x2002, high, low, ..] => Some(pair(high, low)),
        _ => None,
    }
}

/// Where clouds answer their guests outside of 169.254.0.0/16: Azure, Alibaba Cloud, Oracle.
const PLATFORMS: [Ipv4Addr; 3] = [
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(192, 0, 0, 192),
];
/// The networks in which they do so in IPv6: Amazon, Google, Oracle, Scaleway.
const PLATFORM_NETWORKS: [[u16; 2]; 4] =
    [[0xfd00, 0xec2], [0xfd20, 0xce], [0xfd00, 0xc1], [0xfd00, 0x42]];

#[cfg(test)]
mod tests {
    use super::Standing;

    fn standing(address: &str) -> Standing {
        Standing::of(address.parse().expect("an address"))
    }

    #[test]
    fn addresses_inside_are_told_from_those_outside() {
        for (address, expected) in [
            ("8.8.8.8", Standing::Public),
            ("2606:4700::1111", Standing::Public),
            ("172.15.0.1", Standing::Public),
            ("172.32.0.1", Standing::Public),
            ("127.0.0.1", Standing::Loopback),
            ("127.255.0.9", Standing::Loopback),
            ("::1", Standing::Loopback),
            ("10.1.2.3", Standing::Private),
            ("172.16.0.1", Standing::Private),
            ("172.31.255.255", Standing::Private),
            ("192.168.0.1", Standing::Private),
            ("100.64.0.1", Standing::Private),
            ("fd00::1", Standing::Private),
            ("169.254.169.254", Standing::LinkLocal),
            ("fe80::1", Standing::LinkLocal),
            ("0.0.0.0", Standing::Unreachable),
            ("::", Standing::Unreachable),
            ("255.255.255.255", Standing::Unreachable),
            ("ff02::1", Standing::Unreachable),
        ] {
            assert_eq!(standing(address), expected, "{address}");
        }
    }

    #[test]
    fn addresses_at_which_clouds_answer_their_guests_are_not_public_and_neighbours_are() {
        for address in [
            "168.63.129.16",
            "::ffff:168.63.129.16",
            "64:ff9b::168.63.129.16",
            "100.100.100.200",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd00:ec2::23",
            "fd20:ce::254",
            "fd00:c1::a9fe:a9fe",
            "fd00:42::42",
        ] {
            assert_eq!(standing(address), Standing::Platform, "{address}");
        }
        assert_eq!(standing("168.63.129.17"), Standing::Public);
        assert_eq!(standing("100.100.100.201"), Standing::Private);
        assert_eq!(standing("fd00:ec3::254"), Standing::Private);
    }

    #[test]
    fn an_ipv4_address_in_ipv6_clothes_is_judged_as_what_it_is() {
        for address in [
            "::ffff:127.0.0.1",
            "::ffff:0:127.0.0.1",
            "::127.0.0.2",
            "64:ff9b::127.0.0.1",
            "64:ff9b:1::127.0.0.1",
            "2002:7f00:1::",
        ] {
            assert_eq!(standing(address), Standing::Loopback, "{address}");
        }
        assert_eq!(standing("::ffff:169.254.169.254"), Standing::LinkLocal);
        assert_eq!(standing("::ffff:8.8.8.8"), Standing::Public);
    }
}
