//! What goes wrong in CVAT's file and environment.

pub(super) mod captured;
pub(super) mod certificate;
mod cluster;
pub(super) mod domains;
mod entra;
mod environment;
mod exposure;
mod identifiers;
mod mapping;
mod placeholders;
mod protocol;
mod saml;
mod server_url;
pub(super) mod shape_cards;
mod transport;
mod weights;
mod yaml_traps;

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &shape_cards::MISSING_SSO_BLOCK,
    &shape_cards::UNKNOWN_KEY,
    &shape_cards::UNKNOWN_SELECTION_MODE,
    &protocol::UNKNOWN_PROTOCOL,
    &shape_cards::MISSING_SETTING,
    &identifiers::DUPLICATE_PROVIDER_ID,
    &shape_cards::UNSAFE_PROVIDER_ID,
    &placeholders::PLACEHOLDER,
    &shape_cards::SETTING_OF_OTHER_PROTOCOL,
    &server_url::TENANT_ID_AS_HOST,
    &server_url::TRAILING_SLASH,
    &server_url::WELL_KNOWN_SUFFIX,
    &entra::V1_ENDPOINT,
    &entra::TENANT_ALIAS,
    &entra::SECRET_ID,
    &transport::PLAIN_HTTP,
    &shape_cards::UNSUPPORTED_TOKEN_AUTH_METHOD,
    &protocol::PKCE_WITHOUT_OIDC,
    &captured::UNUSABLE_DISCOVERY,
    &shape_cards::NO_SAML_ENDPOINT,
    &saml::IGNORED_INLINE_ENDPOINT,
    &shape_cards::INCOMPLETE_INLINE_ENDPOINT,
    &captured::FOREIGN_ENTITY_ID,
    &captured::NO_REDIRECT_ENDPOINT,
    &certificate::UNREADABLE,
    &certificate::EXPIRED,
    &captured::STALE_CERTIFICATE,
    &saml::SINGLE_LABEL_HOST,
    &shape_cards::MISSING_ATTRIBUTE_MAPPING,
    &mapping::UNMAPPED_ACCOUNT_FIELD,
    &mapping::MUTABLE_UID,
    &shape_cards::UNKNOWN_ACCOUNT_FIELD,
    &entra::NAMEIDENTIFIER_ATTRIBUTE,
    &entra::EMAIL_VERIFIED,
    &mapping::CONFIRMATION_MAIL,
    &mapping::NEAR_MISS,
    &domains::MISSING,
    &domains::SHARED,
    &domains::MALFORMED,
    &domains::PUBLIC,
    &weights::SETTING_WITHOUT_EFFECT,
    &weights::EQUAL_LOWEST,
    &shape_cards::NON_INTEGER_WEIGHT,
    &transport::MALFORMED_URL,
    &shape_cards::WRONG_TYPE,
    &environment::FAULTY,
    &environment::PLAIN_HTTP,
    &cluster::MISPLACED_FILE,
    &captured::CALLBACK_MISMATCH,
    &captured::SIGNED_REQUESTS,
    &captured::SHA1_SIGNATURE,
    &captured::ENCRYPTED_ASSERTION,
    &saml::IDP_INITIATED,
    &exposure::EXPOSED_SECRET,
    &yaml_traps::TRAP,
    &yaml_traps::CHANGED,
];
