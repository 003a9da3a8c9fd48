//! The cards of OIDC: discovery documents and issuers.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/OIDC.md");
}
