//! The cards of META: SAML metadata.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/META.md");
    EXPIRED = "META001" "md-expired" Error
        "metadata past its `validUntil`, or the end of a group around it";
    VALIDITY = "META002" "md-validity" Info
        "metadata that says no end of its validity, or one that is too far away to help";
    DURATION = "META003" "md-duration" Error
        "a `cacheDuration` or `validUntil` that nobody can read";
    UNSIGNED = "META004" "md-unsigned" Info
        "metadata without a signature";
    NO_SIGNING_KEY = "META005" "md-no-signing-key" Error
        "an identity provider without a key that a signature can be checked with";
    BAD_CERTIFICATE = "META006" "md-bad-certificate" Warning
        "a certificate that cannot be read, beside one that can";
    ENTITY_NOT_FOUND = "META007" "md-entity-not-found" Error
        "the entity that was asked for is not in the metadata";
    ENTITY_DUPLICATE = "META008" "md-entity-duplicate" Error
        "two entities with the same name in one document";
    URL_SCHEME = "META009" "md-url-scheme" Error
        "an endpoint that is no https address";
    STRUCTURE = "META010" "md-structure" Warning
        "elements or attributes that are not as the schema of metadata has them";
    ENTITY_ID = "META011" "md-entity-id" Warning
        "an entity id that is no absolute URI of at most 1024 characters";
    NO_ENDPOINT = "META012" "md-no-endpoint" Warning
        "an identity provider without single sign-on over HTTP-Redirect or HTTP-POST";
    WEAK_SIGNATURE = "META013" "md-weak-signature" Warning
        "metadata signed with SHA-1";
    PEM_ARMOUR = "META014" "md-pem-armour" Warning
        "a certificate with its PEM frame inside the metadata";
    SAML1 = "META015" "md-saml1" Info
        "a role that also offers SAML 1";
    REQUESTS_SIGNED = "META016" "md-requests-signed" Info
        "an identity provider that wants requests signed";
    ENTITY_SIZE = "META017" "md-entity-size" Error
        "one entity larger than 4 MiB";
    ENDPOINT_QUERY = "META018" "md-endpoint-query" Error
        "an endpoint whose address already carries a parameter of SAML";
}
