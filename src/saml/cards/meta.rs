//! The cards of META: SAML metadata.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/META.md");
}
