//! The cards of JWT: tokens.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/JWT.md");
    ACR = "JWT001" "jwt-acr" Error
        "the person logged in by other means than were asked for";
    ALG_KEY_MISMATCH = "JWT002" "jwt-alg-key-mismatch" Error
        "the key that the token names is not for its algorithm";
    ALG_NONE = "JWT003" "jwt-alg-none" Error
        "the token says of itself that nobody signed it";
    ALG_NOT_ALLOWED = "JWT004" "jwt-alg-not-allowed" Error
        "the token is signed in a way that the client is not registered for";
    AT_HASH = "JWT005" "jwt-at-hash" Error
        "the token belongs to another access token, code or state";
    AUD = "JWT006" "jwt-aud" Error
        "the token is meant for another client, or for further ones";
    AUTH_TIME = "JWT007" "jwt-auth-time" Error
        "the person logged in too long ago, or nobody knows when";
    AZP = "JWT008" "jwt-azp" Error
        "the token was issued to another client";
    B64 = "JWT009" "jwt-b64" Error
        "the header changes what the signature is over";
    CLAIM_TYPE = "JWT010" "jwt-claim-type" Error
        "a claim is of another kind than it has to be";
    CRIT = "JWT011" "jwt-crit" Error
        "the header demands extensions that are not known";
    DEPTH = "JWT012" "jwt-depth" Error
        "the JSON of the token is nested too deep or has too many values";
    EXP = "JWT013" "jwt-exp" Error
        "the token has expired, or never does";
    EXP_FAR = "JWT014" "jwt-exp-far" Warning
        "the token is valid for a very long time";
    HEADER_KEY = "JWT015" "jwt-header-key" Error
        "the header says where a key is to be fetched";
    HMAC_KEY_SHORT = "JWT016" "jwt-hmac-key-short" Error
        "the client secret is too short to sign with";
    IAT = "JWT017" "jwt-iat" Error
        "the token does not say when it was issued, or that was too long ago";
    IAT_FUTURE = "JWT018" "jwt-iat-future" Error
        "the token was issued in the future";
    ISS = "JWT019" "jwt-iss" Error
        "the token is from another issuer";
    ISS_TEMPLATE = "JWT020" "jwt-iss-template" Error
        "the issuer is a template, and which tenants may log in is not said";
    JSON = "JWT021" "jwt-json" Error
        "header or claims are no JSON object";
    JSON_DUPLICATE = "JWT022" "jwt-json-duplicate" Error
        "a member stands twice in one JSON object";
    KID_ABSENT = "JWT023" "jwt-kid-absent" Warning
        "the token does not say which of several keys signed it";
    KID_UNKNOWN = "JWT024" "jwt-kid-unknown" Error
        "the key set has no key that could have signed the token";
    NBF = "JWT025" "jwt-nbf" Error
        "the token is not valid yet";
    NO_KEY = "JWT026" "jwt-no-key" Error
        "no key is at hand to verify the token with";
    NONCE = "JWT027" "jwt-nonce" Error
        "the token answers another login";
    SIG = "JWT028" "jwt-sig" Error
        "the signature does not hold";
    SIZE = "JWT029" "jwt-size" Error
        "the token or its header is larger than tokens are";
    STRUCTURE = "JWT030" "jwt-structure" Error
        "the text is not built as a token is";
    SUB = "JWT031" "jwt-sub" Error
        "the token does not say whom it is about, or userinfo is about somebody else";
    TYP = "JWT032" "jwt-typ" Error
        "the token is of another kind than an ID token";
    UNCHECKED = "JWT033" "jwt-unchecked" Error
        "something was not checked, and everything was asked for";
    SYMMETRIC = "JWT034" "jwk-symmetric" Error
        "the key set publishes a symmetric key";
    EMAIL_UNVERIFIED = "JWT035" "id-email-unverified" Info
        "the provider does not say that the e-mail address is the person's own";
}
