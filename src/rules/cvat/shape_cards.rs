//! Cards of what the JSON Schema finds; `rules::shape` tells them apart.

use crate::rules::card::lint;
use crate::rules::{Check, Lint};

pub(in crate::rules) static MISSING_SSO_BLOCK: Lint = lint!(
    "CVAT001",
    "missing-sso-block",
    Error,
    "the file has no `sso` section",
    Check::Deployment(crate::rules::shape::report)
);
pub(in crate::rules) static UNKNOWN_KEY: Lint =
    lint!("CVAT002", "unknown-key", Warning, "a key that CVAT does not read", Check::Elsewhere);
pub(in crate::rules) static UNKNOWN_SELECTION_MODE: Lint = lint!(
    "CVAT003",
    "unknown-selection-mode",
    Error,
    "`selection_mode` is neither `email_address` nor `lowest_weight`",
    Check::Elsewhere
);
pub(in crate::rules) static MISSING_SETTING: Lint = lint!(
    "CVAT005",
    "missing-setting",
    Error,
    "a setting that the protocol needs is missing or empty",
    Check::Elsewhere
);
pub(in crate::rules) static UNSAFE_PROVIDER_ID: Lint = lint!(
    "CVAT007",
    "unsafe-provider-id",
    Error,
    "a provider id that cannot stand in a URL as it is",
    Check::Elsewhere
);
pub(in crate::rules) static SETTING_OF_OTHER_PROTOCOL: Lint = lint!(
    "CVAT009",
    "setting-of-other-protocol",
    Warning,
    "a setting that only the other protocol reads",
    Check::Elsewhere
);
pub(in crate::rules) static UNSUPPORTED_TOKEN_AUTH_METHOD: Lint = lint!(
    "CVAT017",
    "unsupported-token-auth-method",
    Error,
    "a token endpoint authentication method that CVAT does not offer",
    Check::Elsewhere
);
pub(in crate::rules) static NO_SAML_ENDPOINT: Lint = lint!(
    "CVAT020",
    "no-saml-endpoint",
    Error,
    "neither `metadata_url` nor `sso_url` with `x509_cert`",
    Check::Elsewhere
);
pub(in crate::rules) static INCOMPLETE_INLINE_ENDPOINT: Lint = lint!(
    "CVAT022",
    "incomplete-inline-endpoint",
    Error,
    "`sso_url` without `x509_cert`, or the reverse",
    Check::Elsewhere
);
pub(in crate::rules) static MISSING_ATTRIBUTE_MAPPING: Lint = lint!(
    "CVAT030",
    "missing-attribute-mapping",
    Error,
    "a SAML provider without an `attribute_mapping`",
    Check::Elsewhere
);
pub(in crate::rules) static UNKNOWN_ACCOUNT_FIELD: Lint = lint!(
    "CVAT033",
    "unknown-account-field",
    Warning,
    "a mapping to an account field that CVAT does not have",
    Check::Elsewhere
);
pub(in crate::rules) static NON_INTEGER_WEIGHT: Lint = lint!(
    "CVAT046",
    "non-integer-weight",
    Error,
    "`weight` is not a whole number",
    Check::Elsewhere
);
pub(in crate::rules) static WRONG_TYPE: Lint =
    lint!("CVAT048", "wrong-type", Error, "a value of the wrong type", Check::Elsewhere);
