//! The cards of ENC: encrypted parts of messages.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/ENC.md");
    ALGORITHM = "ENC001" "enc-algorithm" Error
        "The encryption algorithm is missing, unknown or outdated";
    CBC = "ENC002" "enc-cbc" Warning
        "The encryption does not notice changes";
    DEPTH = "ENC003" "enc-depth" Error
        "Encrypted parts or references to keys are nested too deep";
    EXTERNAL_REF = "ENC004" "enc-external-ref" Error
        "The encrypted part refers to something outside the message";
    FAILED = "ENC005" "enc-failed" Error
        "The encrypted part cannot be decrypted";
    KEY_MISSING = "ENC006" "enc-key-missing" Error
        "No private key is at hand that fits the encrypted part";
    KEYS = "ENC007" "enc-keys" Error
        "More private keys are given than are tried";
    KEYTRANSPORT = "ENC008" "enc-keytransport" Error
        "The key is encrypted with RSA 1.5 or with an unknown algorithm";
    NAMESPACES = "ENC009" "enc-namespaces" Info
        "The decrypted part relies on prefixes declared around it";
    RECIPIENTS = "ENC010" "enc-recipients" Error
        "The message carries more encrypted keys than are tried";
    STRUCTURE = "ENC011" "enc-structure" Error
        "The encrypted part is not built as XML Encryption has it";
}
