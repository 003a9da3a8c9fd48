//! SAML documents: metadata.

pub mod cards;
pub mod metadata;
pub mod sp_metadata;
