//! The cards of ENC: encrypted parts of messages.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/ENC.md");
}
