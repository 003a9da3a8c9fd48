//! The cards of SAML: SAML messages.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/SAML.md");
}
