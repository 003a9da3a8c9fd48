//! The names of attribute types that stand in distinguished names.

/// Whether two names or OIDs stand for the same attribute type.
pub(super) fn are_same(one: &str, two: &str) -> bool {
    one.eq_ignore_ascii_case(two) || matches!((row(one), row(two)), (Some(a), Some(b)) if a == b)
}

fn row(name: &str) -> Option<usize> {
    NAMES.iter().position(|row| row.iter().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The types of RFC 4514 section 3, each with its long name (RFC 4519 section 2) and its OID.
const NAMES: [[&str; 3]; 9] = [
    ["cn", "commonName", "2.5.4.3"],
    ["l", "localityName", "2.5.4.7"],
    ["st", "stateOrProvinceName", "2.5.4.8"],
    ["o", "organizationName", "2.5.4.10"],
    ["ou", "organizationalUnitName", "2.5.4.11"],
    ["c", "countryName", "2.5.4.6"],
    ["street", "streetAddress", "2.5.4.9"],
    ["dc", "domainComponent", "0.9.2342.19200300.100.1.25"],
    ["uid", "userId", "0.9.2342.19200300.100.1.1"],
];
