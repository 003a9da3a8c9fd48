//! The cards of CERT: certificates.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/CERT.md");
}
