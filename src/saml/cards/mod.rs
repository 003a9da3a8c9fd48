//! The cards of what SAML documents can be.

pub mod bind;
pub mod enc;
pub mod meta;
pub mod saml;
pub mod sig;
