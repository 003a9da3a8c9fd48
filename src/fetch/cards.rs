//! The cards of NET: answers of the network.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/NET.md");
}
