//! SAML documents: metadata.
