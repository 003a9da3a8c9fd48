//! SAML documents: metadata.

pub mod binding;
pub mod cards;
pub mod decrypt;
pub mod dsig;
pub mod expectation;
pub mod judge;
pub mod message;
pub mod metadata;
pub mod policy;
pub mod schema;
pub mod sp_metadata;
