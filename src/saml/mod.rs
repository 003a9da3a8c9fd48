//! SAML documents: metadata.

pub mod cards;
pub mod decrypt;
pub mod dsig;
pub mod metadata;
