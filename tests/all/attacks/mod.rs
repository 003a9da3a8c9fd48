//! The attack corpus: what somebody who holds real messages, or a key, can make of them.

mod encrypt;
mod keys;
mod mint;
