//! OpenID Connect documents: discovery and key sets.

pub mod candidates;
pub mod cards;
pub mod discovery;
pub mod jwks;
pub mod jwt;
pub mod key_numbers;
mod members;
pub mod probe;
mod unreadable;

pub use self::members::Misfit;
pub use self::unreadable::{Instead, Unreadable, UnreadableKind};
