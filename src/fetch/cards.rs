//! The cards of NET: answers of the network.

use crate::rule::family;

family! {
    include_str!("../../docs/rules/NET.md");
    UNREACHABLE = "NET001" "net-unreachable" Error "a server gives no answer";
    TLS = "NET002" "net-tls" Error "a server's TLS fails, or its certificate ends soon";
    STATUS = "NET003" "net-status" Error "the answer has another status than 200";
    REDIRECT = "NET004" "net-redirect" Warning "the document stands behind a redirect";
    PRIVATE_ADDRESS = "NET005" "net-private-address" Error "an address inside a private network that nobody typed";
    SIZE = "NET006" "net-size" Error "the answer is larger than a ceiling";
    SCHEME = "NET007" "net-scheme" Error "an address that is neither http nor https";
    PLAIN_HTTP = "NET008" "net-plain-http" Error "a document is fetched without TLS";
    CHANGED = "NET010" "net-changed-document" Warning "a document has changed since it was recorded";
    NO_METADATA = "NET011" "net-no-metadata" Error "the answer is no SAML metadata";
    NOT_RECORDED = "NET009" "net-not-recorded" Error "a recording that is replayed does not hold this address";
}
