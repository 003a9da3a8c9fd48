//! The cards of key sets.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/JWKS.md");
    UNREACHABLE = "JWKS001" "unreachable-key-set" Error "the key set cannot be had";
    NO_KEYS = "JWKS002" "empty-key-set" Error "there is no list of keys, or none in it";
    NOT_KEY_SET = "JWKS003" "no-key-set" Error "the document is something else than a key set";
    INCOMPLETE_KEY = "JWKS004" "incomplete-key" Warning "a key lacks what makes it a key";
    ODD_ENCODING = "JWKS005" "odd-key-encoding" Info "a number of a key is not written as the standard says";
    PRIVATE_IN_SET = "JWKS006" "jwk-private-in-set" Error "a private or symmetric key is published";
    NO_KEY_ID = "JWKS007" "missing-key-id" Info "a key has no name";
    DUPLICATE_KEY_ID = "JWKS008" "jwk-duplicate-kid" Warning "two keys have one name";
    UNCLEAR_USE = "JWKS009" "unclear-key-use" Warning "what a key is for is not said, or said twice and differently";
    WRONG_ALGORITHM = "JWKS010" "wrong-key-algorithm" Warning "a key's algorithm is unknown or does not fit the key";
    WEAK_KEY = "JWKS011" "jwk-weak" Warning "a key is too small or unsound";
    UNKNOWN_KEY = "JWKS013" "unknown-key-type" Info "a key of a kind that is not known here";
    WRONG_CERTIFICATE = "JWKS014" "wrong-key-certificate" Warning "a key's certificate is unreadable or another key's";
    EXPIRED_CERTIFICATE = "JWKS015" "expired-key-certificate" Info "a key's certificate is outside its dates";
    NO_KEY_FOR_ALGORITHM = "JWKS016" "missing-signing-key" Info "no key makes the signatures that are announced";
    FOREIGN_KEY_ISSUER = "JWKS017" "foreign-key-issuer" Info "keys carry an issuer of their own";
    LARGE_SET = "JWKS019" "large-key-set" Info "there are very many keys";
}
