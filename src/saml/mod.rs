//! SAML documents: metadata.

pub mod metadata;
pub mod xml;
