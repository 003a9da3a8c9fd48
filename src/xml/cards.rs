//! The cards of XML: documents that are no acceptable XML.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/XML.md");
}
