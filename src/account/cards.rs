//! The cards of SAML that are about the account. Their names are those of the attack catalogue's layer
//! on who is logged in, so they hold for tokens too.

use crate::rule::family;

pub use crate::saml::cards::saml::{
    ID_CASE as CASE, ID_CONFUSABLE as CONFUSABLE, ID_CONTROL as CONTROL,
};

family! {
    include_str!("../../docs/rules/SAML.md");
    AMBIGUOUS = "SAML102" "id-ambiguous" Error
        "several values were sent where the account needs one";
    ATTRIBUTE_MISSING = "SAML103" "id-attribute-missing" Error
        "an attribute that the account cannot do without was not sent";
    DOMAIN = "SAML106" "id-domain" Error
        "the e-mail address lies outside of the domains that are configured";
    NOT_TEXT = "SAML107" "id-not-text" Error
        "a value that the account needs as text is something else";
    UNUSABLE = "SAML108" "id-unusable" Error
        "the application cannot make an account key of the value";
    MAPPING_UNREADABLE = "SAML109" "id-mapping-unreadable" Error
        "the attribute mapping stops the application at every login";
    MAPPING_UNKNOWN = "SAML110" "id-mapping-unknown" Error
        "the name of a mapped attribute is filled in elsewhere";
    NO_GROUP = "SAML111" "id-no-group" Error
        "the application lets members of known groups in only, and no group was sent";
}
