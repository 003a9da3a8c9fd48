//! SAML documents: metadata.

pub mod cards;
pub mod metadata;
