//! The cards of SAML that are about the account. Their names are those of the attack catalogue's layer
//! on who is logged in, so they hold for tokens too.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/SAML.md");
    CONTROL = "SAML101" "id-control" Error
        "an identifier holds a character that nobody sees";
    AMBIGUOUS = "SAML102" "id-ambiguous" Error
        "several values were sent where the account needs one";
    ATTRIBUTE_MISSING = "SAML103" "id-attribute-missing" Error
        "an attribute that the account cannot do without was not sent";
    CASE = "SAML104" "id-case" Warning
        "an identifier has capital letters, which applications treat differently";
    CONFUSABLE = "SAML105" "id-confusable" Warning
        "an identifier has letters that look like others";
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
