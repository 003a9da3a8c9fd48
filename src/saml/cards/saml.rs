//! The cards of SAML: SAML messages, and whom they name.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/SAML.md");
    MESSAGE_TYPE = "SAML001" "saml-message-type" Error
        "The message is of another kind than the one that logs somebody in";
    VERSION = "SAML002" "saml-version" Error
        "The message is not of SAML 2.0";
    STATUS = "SAML003" "saml-status" Error
        "The identity provider answered that the login failed";
    NO_ASSERTION = "SAML004" "saml-no-assertion" Error
        "The response carries no assertion";
    MULTIPLE_ASSERTIONS = "SAML005" "saml-multiple-assertions" Error
        "The response carries more than one assertion";
    SCHEMA = "SAML006" "saml-schema" Error
        "The message is not built as the schemas of SAML demand";
    ISSUER = "SAML007" "saml-issuer" Error
        "The message was not issued by the expected identity provider";
    DESTINATION = "SAML008" "saml-destination" Error
        "The response was sent to another address than the application's";
    RECIPIENT = "SAML009" "saml-recipient" Error
        "The assertion is to be brought to another address than the application's";
    AUDIENCE = "SAML010" "saml-audience" Error
        "The assertion is meant for another application";
    IN_RESPONSE_TO = "SAML011" "saml-in-response-to" Error
        "The response answers another request";
    UNSOLICITED = "SAML012" "saml-unsolicited" Error
        "The response answers no request, and the application refuses that";
    SUBJECT_CONFIRMATION = "SAML013" "saml-subject-confirmation" Error
        "No confirmation of the subject holds by itself";
    CONDITIONS_MISSING = "SAML014" "saml-conditions-missing" Error
        "The assertion has no conditions";
    CONDITION_UNKNOWN = "SAML015" "saml-condition-unknown" Error
        "The assertion depends on a condition that is not known";
    AUTHN_STATEMENT = "SAML016" "saml-authn-statement" Error
        "The assertion does not say that anybody logged in";
    AUTHN_CONTEXT = "SAML017" "saml-authn-context" Error
        "The person logged in by other means than those asked for";
    NAMEID = "SAML018" "saml-nameid" Error
        "The assertion names nobody";
    NAMEID_QUALIFIER = "SAML019" "saml-nameid-qualifier" Error
        "The name of the person is meant for another application";
    NAMEID_TRANSIENT = "SAML020" "saml-nameid-transient" Warning
        "The name of the person changes with every login";
    NAMEID_FORMAT = "SAML021" "saml-nameid-format" Error
        "The name of the person has another format than the one asked for";
    ATTRIBUTES_MISSING = "SAML022" "saml-attributes-missing" Error
        "The assertion carries no attributes, and the application refuses that";
    ATTRIBUTE_DUPLICATE = "SAML023" "saml-attribute-duplicate" Info
        "Several attributes have the same name";
    TIME_FORMAT = "SAML024" "saml-time-format" Error
        "An instant is not written as SAML demands";
    ISSUE_INSTANT = "SAML025" "saml-issue-instant" Error
        "The message or the login is too old, or lies in the future";
    NOT_YET_VALID = "SAML026" "saml-not-yet-valid" Error
        "The assertion is not valid yet";
    NOT_BEFORE = "SAML027" "saml-not-before" Error
        "A bearer confirmation says that it is not valid yet";
    BEARER_NOT_BEFORE = "SAML028" "saml-bearer-not-before" Warning
        "A bearer confirmation says from when on it is valid, which it must not";
    EXPIRED = "SAML029" "saml-expired" Error
        "The assertion is no longer valid";
    SESSION_EXPIRED = "SAML030" "saml-session-expired" Error
        "The session at the identity provider is over";
    CLOCK_SKEW = "SAML031" "saml-clock-skew" Info
        "The message is valid only because clocks may differ";
    ID_NCNAME = "SAML032" "saml-id-ncname" Warning
        "An ID is not written as XML demands";
    CONNECTION_DISABLED = "SAML033" "saml-connection-disabled" Error
        "The configuration takes no logins of this identity provider";
    UNCHECKED = "SAML034" "saml-unchecked" Error
        "Something could not be checked, and everything was to be";
    REQUESTED_CONTEXT = "SAML035" "saml-requested-context" Warning
        "The request allows only one way of logging in";
    ID_CONTROL = "SAML101" "id-control" Error
        "A name has characters that cannot be seen";
    ID_CASE = "SAML104" "id-case" Warning
        "A name has capital letters, which not all readers tell from small ones";
    ID_CONFUSABLE = "SAML105" "id-confusable" Warning
        "A name has letters that look like others";
}
