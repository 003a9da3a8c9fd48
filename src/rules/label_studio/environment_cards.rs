//! The cards of what goes wrong in the environment of Label Studio. One check finds them all, since
//! what the carriers give is put together once.

use crate::rules::card::lint;
use crate::rules::label_studio::environment::judge;
use crate::rules::{Check, Lint};

pub(in crate::rules) static NO_SIGNATURE: Lint = lint!(
    "LS032",
    "no-signature-required",
    Error,
    "no signature of a SAML response is required at all",
    Check::Deployment(judge)
);
pub(in crate::rules) static UNMET_RESPONSE_SIGNATURE: Lint = lint!(
    "LS033",
    "unmet-response-signature",
    Warning,
    "a signed response is required of an identity provider that signs the assertion only",
    Check::Elsewhere
);
pub(in crate::rules) static UNCHECKED_METADATA_TLS: Lint = lint!(
    "LS034",
    "unchecked-metadata-tls",
    Warning,
    "metadata is fetched without a check of the server's certificate",
    Check::Elsewhere
);
pub(in crate::rules) static UNSOLICITED: Lint = lint!(
    "LS035",
    "unsolicited-responses-allowed",
    Warning,
    "responses are accepted that nobody asked for",
    Check::Elsewhere
);
pub(in crate::rules) static TEMPLATE_WITHOUT_USER: Lint = lint!(
    "LS040",
    "template-without-user",
    Error,
    "the template of a user's name has no `%(user)s`",
    Check::Elsewhere
);
pub(in crate::rules) static USER_LOOKUP: Lint = lint!(
    "LS041",
    "ambiguous-user-lookup",
    Error,
    "users are looked up in two ways, or in none",
    Check::Elsewhere
);
pub(in crate::rules) static PLAIN_LDAP: Lint = lint!(
    "LS042",
    "plain-ldap",
    Warning,
    "passwords go to the directory unencrypted",
    Check::Elsewhere
);
pub(in crate::rules) static CONTEXT_NOT_LAST: Lint = lint!(
    "LS043",
    "tls-context-not-last",
    Error,
    "`OPT_X_TLS_NEWCTX=0` is not the last of the connection options",
    Check::Elsewhere
);
pub(in crate::rules) static QUERY_FIELD: Lint = lint!(
    "LS044",
    "unknown-query-field",
    Error,
    "the query field is neither `email` nor `username`, or is not mapped",
    Check::Elsewhere
);
pub(in crate::rules) static MALFORMED: Lint = lint!(
    "LS045",
    "malformed-ldap-value",
    Error,
    "a distinguished name, filter, address or table that cannot be read",
    Check::Elsewhere
);
pub(in crate::rules) static UNKNOWN_VARIABLE: Lint = lint!(
    "LS046",
    "unknown-ldap-variable",
    Error,
    "an `AUTH_LDAP_` variable that Label Studio does not document",
    Check::Elsewhere
);
pub(in crate::rules) static MISSING_OWNER: Lint = lint!(
    "LS047",
    "missing-owner-email",
    Warning,
    "LDAP users have no organization to join",
    Check::Elsewhere
);
pub(in crate::rules) static OTHER_SUFFIX: Lint = lint!(
    "LS048",
    "different-directory-suffix",
    Warning,
    "a distinguished name ends in another directory than the rest",
    Check::Elsewhere
);
pub(in crate::rules) static QUOTED: Lint = lint!(
    "LS049",
    "quoted-environment-value",
    Info,
    "quotes that `docker run --env-file` leaves in the value",
    Check::Elsewhere
);
pub(in crate::rules) static BESIDE_SAML: Lint = lint!(
    "LS050",
    "ldap-beside-saml",
    Warning,
    "LDAP is switched on beside SAML settings, or on the hosted service",
    Check::Elsewhere
);
pub(in crate::rules) static UNREADABLE_BOOLEAN: Lint = lint!(
    "LS055",
    "unreadable-boolean",
    Error,
    "a switch that is neither yes nor no",
    Check::Elsewhere
);
pub(in crate::rules) static NONSTANDARD_ATTRIBUTE: Lint = lint!(
    "LS056",
    "nonstandard-ldap-attribute",
    Info,
    "an attribute that no standard schema of LDAP has",
    Check::Elsewhere
);
pub(in crate::rules) static USERNAME_AGAINST_EMAIL: Lint = lint!(
    "LS057",
    "username-against-email",
    Info,
    "user names are typed, e-mail addresses are looked up",
    Check::Elsewhere
);

/// In the order of their codes.
pub(in crate::rules) const LINTS: &[&Lint] = &[
    &NO_SIGNATURE,
    &UNMET_RESPONSE_SIGNATURE,
    &UNCHECKED_METADATA_TLS,
    &UNSOLICITED,
    &TEMPLATE_WITHOUT_USER,
    &USER_LOOKUP,
    &PLAIN_LDAP,
    &CONTEXT_NOT_LAST,
    &QUERY_FIELD,
    &MALFORMED,
    &UNKNOWN_VARIABLE,
    &MISSING_OWNER,
    &OTHER_SUFFIX,
    &QUOTED,
    &BESIDE_SAML,
    &UNREADABLE_BOOLEAN,
    &NONSTANDARD_ATTRIBUTE,
    &USERNAME_AGAINST_EMAIL,
];
