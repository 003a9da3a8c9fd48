//! The cards of JWKS: key sets.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/JWKS.md");
}
