//! The cards of BIND: how messages travel.

use crate::rule::family;

family! {
    include_str!("../../../docs/rules/BIND.md");

    BIND_BASE64 = "BIND001" "bind-base64" Error
        "base64 that is not written by the letter";
    BIND_COVERAGE = "BIND002" "bind-coverage" Error
        "signature beside the message that leaves out what travels with it";
    BIND_DUPLICATE_PARAM = "BIND003" "bind-duplicate-param" Error
        "parameter that comes twice, or a request and a response together";
    BIND_ENCODING = "BIND004" "bind-encoding" Error
        "value encoded otherwise than the way it travelled";
    BIND_INFLATE_LIMIT = "BIND005" "bind-inflate-limit" Error
        "compressed message that grows past all measure";
    BIND_INFLATE_TRAILING = "BIND006" "bind-inflate-trailing" Error
        "compressed message with something around its stream";
    BIND_REDIRECT_SIGNATURE = "BIND007" "bind-redirect-signature" Error
        "signature beside the message that does not hold";
    BIND_RELAY_STATE = "BIND008" "bind-relay-state" Warning
        "RelayState that can lead astray";
    BIND_SIGALG = "BIND009" "bind-sigalg" Error
        "signature beside the message without a known algorithm";
    BIND_SIZE = "BIND010" "bind-size" Error
        "message that is larger than messages are";
    BIND_CLOCK_DIFFERENCE = "BIND011" "bind-clock-difference" Warning
        "clocks of identity provider and application that stand apart";
    BIND_COOKIE_LOST = "BIND012" "bind-cookie-lost" Warning
        "cookie that did not come back with the message";
    BIND_FAILED_ANSWER = "BIND013" "bind-failed-answer" Warning
        "message that the application answered with an error";
    BIND_UNPAIRED_RESPONSE = "BIND014" "bind-unpaired-response" Warning
        "response to a request that was not recorded";
    BIND_RESPONSE_IN_ADDRESS = "BIND015" "bind-response-in-address" Warning
        "response that travelled in an address";
    BIND_BODY_MISSING = "BIND016" "bind-body-missing" Error
        "recording without the body that carried the message";
}
