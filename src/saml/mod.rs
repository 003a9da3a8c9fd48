//! SAML documents: metadata.

pub mod binding;
pub mod cards;
pub mod metadata;
