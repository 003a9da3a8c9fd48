//! What service-provider libraries really do with a value.

pub mod allauth;
pub mod django;
pub mod pysaml2;
pub mod python;
pub mod python3_saml;
