//! Keys, signatures, digests and decryption: the one room that names the crates for them.
//!
//! Every operation is local and made once a run; there is nobody who could time many of them
//! (RUSTSEC-2023-0071).

pub mod digest;
pub mod encryption;
pub mod generate;
pub mod jose;
pub mod key;
pub mod signature;
