//! The cards of what OpenID Connect documents and tokens can be.

pub mod jwks;
pub mod jwt;
pub mod oidc;
