//! The cards of discovery documents and of how they are had. Numbers follow the parts of a document:
//! 0xx fetching, 1xx issuer, 2xx members, 3xx what they say about safety, 4xx what probes find.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/OIDC.md");
    UNREACHABLE = "OIDC001" "unreachable-provider" Error "the identity provider gives no answer";
    BROKEN_TLS = "OIDC002" "broken-tls" Error "the identity provider's TLS fails, or its certificate ends soon";
    UNEXPECTED_STATUS = "OIDC003" "unexpected-status" Error "a document is asked for and the answer has another status than 200";
    REDIRECTED = "OIDC004" "redirected-document" Warning "the document stands behind a redirect";
    WRONG_CONTENT_TYPE = "OIDC005" "wrong-content-type" Info "the answer is JSON and does not say so";
    NO_DISCOVERY = "OIDC006" "no-discovery-document" Error "the answer is no discovery document";
    WRONG_PATH = "OIDC007" "wrong-well-known-path" Error "the address of the discovery document is built wrongly";
    DIVERGING_METADATA = "OIDC008" "diverging-metadata" Info "the OAuth and the OpenID Connect form of the document differ";
    OVERSIZED = "OIDC009" "oversized-document" Error "the document is larger than a ceiling";
    CLOCK_DIFFERENCE = "OIDC010" "clock-difference" Warning "the provider's clock and this one differ";
    SLOW = "OIDC011" "slow-provider" Warning "the provider answers more slowly than the application waits";
    ISSUER_NOT_URL = "OIDC101" "issuer-not-https-url" Error "the issuer is missing or no absolute https address";
    ISSUER_WITH_QUERY = "OIDC102" "issuer-with-query" Error "the issuer has a query or a fragment";
    ISSUER_MISMATCH = "OIDC103" "issuer-mismatch" Warning "the issuer is not the address that the document was fetched for";
    ISSUER_TEMPLATE = "OIDC105" "issuer-template" Warning "the issuer is a template that no token carries";
    INTERNAL_ISSUER = "OIDC106" "internal-issuer" Warning "the issuer's host can be reached from inside only";
    NO_AUTHORIZATION_ENDPOINT = "OIDC201" "missing-authorization-endpoint" Error "no usable authorization endpoint";
    NO_TOKEN_ENDPOINT = "OIDC202" "missing-token-endpoint" Error "no usable token endpoint";
    NO_JWKS_URI = "OIDC203" "missing-jwks-uri" Error "no usable address of the key set";
    NO_USERINFO_ENDPOINT = "OIDC204" "missing-userinfo-endpoint" Info "no usable userinfo endpoint";
    NO_CODE_FLOW = "OIDC205" "missing-code-flow" Error "the response type code is not offered";
    NO_SUBJECT_TYPES = "OIDC206" "missing-subject-types" Info "no kind of subject identifier that the standard knows";
    NO_RS256 = "OIDC207" "missing-rs256" Info "ID tokens are not signed with RS256";
    NO_OPENID_SCOPE = "OIDC208" "missing-openid-scope" Warning "the list of scopes leaves openid out";
    ILLEGAL_SCOPE = "OIDC209" "illegal-scope" Warning "a scope that cannot be asked for";
    NO_CODE_GRANT = "OIDC210" "missing-code-grant" Error "the grant type authorization_code is not offered";
    NO_USABLE_RESPONSE_MODE = "OIDC211" "unusable-response-mode" Info "codes come back in no usual way";
    UNKNOWN_AUTH_METHOD = "OIDC212" "unknown-auth-method" Info "no, or an unknown, way to prove oneself at the token endpoint";
    NO_AUTH_SIGNING_ALG = "OIDC213" "missing-auth-signing-algorithm" Info "signed client assertions without their algorithms";
    UNLISTED_CLAIM = "OIDC214" "unlisted-claim" Info "a claim that is mapped is not among those that are listed";
    WRONG_MEMBER_TYPE = "OIDC215" "wrong-member-type" Info "a member is of another kind than its specification says";
    UNKNOWN_MEMBER = "OIDC216" "misspelt-member" Info "a member that is nearly, but not quite, one that is known";
    PLAIN_HTTP_ENDPOINT = "OIDC217" "plain-http-endpoint" Warning "an endpoint without TLS";
    SIGNED_USERINFO_ONLY = "OIDC220" "signed-userinfo-only" Info "userinfo answers can be signed";
    NO_PKCE = "OIDC301" "missing-pkce" Info "no PKCE with S256";
    PLAIN_PKCE = "OIDC302" "plain-pkce" Info "PKCE without a hash, or a word that is no way of PKCE";
    IMPLICIT_FLOW = "OIDC303" "implicit-flow" Info "tokens are also given out through the browser's address";
    PASSWORD_GRANT = "OIDC304" "password-grant" Info "passwords are taken by clients";
    UNSIGNED_ID_TOKEN = "OIDC305" "unsigned-id-token" Info "ID tokens without a signature are offered";
    SYMMETRIC_ID_TOKEN = "OIDC306" "symmetric-id-token" Info "ID tokens may be signed with the client secret";
    ISSUER_IN_RESPONSE = "OIDC307" "issuer-in-response" Info "the answer at the callback names its issuer";
    PUSHED_REQUESTS_ONLY = "OIDC308" "pushed-requests-only" Warning "only requests that were pushed beforehand are taken";
    SIGNED_REQUESTS_ONLY = "OIDC309" "signed-requests-only" Warning "only signed request objects are taken";
    LOPSIDED_LOGOUT = "OIDC316" "lopsided-logout" Info "a logout flag without the one that it needs";
    RSA15_OFFERED = "OIDC317" "rsa15-encryption" Info "key transport that tells attackers too much is offered";
    FOREIGN_ENDPOINT = "OIDC318" "foreign-endpoint" Info "endpoints stand under another domain than the issuer";
    REFUSED_CREDENTIALS = "OIDC401" "refused-client-credentials" Error "the token endpoint refuses the client: its id, its secret, or how it proves itself";
    OTHER_AUTH_METHOD = "OIDC402" "other-client-authentication" Warning "the client is taken where it proves itself in another way than the application does";
    CLIENT_NOT_ALLOWED = "OIDC403" "unauthorized-client" Warning "the client may not use the authorization code flow";
    UNKNOWN_CLIENT_OR_REDIRECT = "OIDC404" "unknown-client-or-redirect-uri" Warning "an error page in place of an answer to the application's redirect URI";
    OPEN_REDIRECT = "OIDC405" "open-redirect" Error "answers are sent to a redirect URI that nobody registered";
    PKCE_MISMATCH = "OIDC406" "pkce-mismatch" Error "the provider takes the application's request only with, or only without, PKCE";
    PKCE_NOT_DEMANDED = "OIDC407" "optional-pkce" Info "the provider takes requests without PKCE";
    REFUSED_REQUEST = "OIDC408" "refused-authorization-request" Warning "the authorization endpoint refuses the application's request";
    INVENTED_CODE_TAKEN = "OIDC409" "invented-code-taken" Error "tokens are given for a code that nobody issued";
    UNDECIDED_PROBE = "OIDC410" "undecided-probe" Info "a probe decides nothing, or was not sent";
}
