//! The cards of SIG: signatures of SAML messages and metadata.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/SIG.md");
}
