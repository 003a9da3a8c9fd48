//! Keys, signatures, digests and decryption: the one room that names the crates for them.
