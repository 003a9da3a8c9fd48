//! The cards of BIND: how messages travel.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/BIND.md");
}
