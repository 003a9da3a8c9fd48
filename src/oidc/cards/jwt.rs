//! The cards of JWT: tokens.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/JWT.md");
}
