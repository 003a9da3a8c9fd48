//! The attack corpus: what somebody who holds real messages, or a key, can make of them.

pub(crate) mod encrypt;
pub(crate) mod keys;
pub(crate) mod mint;
