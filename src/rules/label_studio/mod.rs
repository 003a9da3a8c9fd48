//! What goes wrong in the settings and the environment of Label Studio.

pub(super) mod captured;
mod domain;
mod environment;
pub(super) mod environment_cards;
mod fields;
mod groups;
mod ldap;
mod management;
mod mapping;
mod metadata;
mod sheet;
mod tables;

use crate::rules::Lint;

/// In the order of their codes.
pub(super) const LINTS: &[&Lint] = &[
    &fields::UNKNOWN_FIELD,
    &tables::MALFORMED_PAIR,
    &tables::UNKNOWN_ROLE,
    &tables::STATE_AS_ROLE,
    &tables::UNKNOWN_PROJECT_ROLE,
    &tables::MALFORMED_PROJECT_ID,
    &groups::SEVERAL_ROLES,
    &groups::CASE_CLASH,
    &groups::OBJECT_ID,
    &mapping::UNRENAMED_GROUPS_CLAIM,
    &mapping::MIXED_NAMES,
    &mapping::OTHER_THAN_PRESET,
    &mapping::NO_EMAIL,
    &domain::MALFORMED,
    &domain::PUBLIC,
    &metadata::ONE_SOURCE,
    &metadata::NO_APP_ID,
    &metadata::GOOGLE_ADDRESS,
    &captured::UNUSABLE_METADATA,
    &captured::FOREIGN_AUDIENCE,
    &metadata::ACS_SHAPE,
    &captured::SINGLE_LOGOUT,
    &fields::SCIM_BASE,
    &fields::UNSUPPORTED_SCIM_ATTRIBUTE,
    &groups::DIFFERENT_TABLES,
    &management::EMPTY_ROLES,
    &management::OVERRIDE,
    &metadata::MALFORMED_ADDRESS,
    &groups::ROLE_WITHOUT_WORKSPACE,
    &management::EMPTY_WORKSPACES,
    &management::EMPTY_PROJECTS,
];
