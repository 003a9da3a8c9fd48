//! A verifier that believes too much, to prove that an attack is alive: what it refuses would be
//! refused by anybody, for the wrong reason. It shares no code with the product.

mod canonical;
mod dom;
mod verify;

pub(crate) use verify::{accepts, covered, names};
