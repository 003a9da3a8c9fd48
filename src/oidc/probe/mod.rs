//! Probes: requests that show what a provider has on record of a client, and log nobody in.
//!
//! Every request is one that a login makes too, with something in it that keeps the login from
//! happening: nobody is asked to log in (`prompt=none`, Core section 3.1.2.1), or the authorization
//! code is one that nobody issued (RFC 6749 section 4.1.3). What an answer means differs between
//! providers, so only what an answer says in so many words counts.

mod answer;
mod request;

pub use self::answer::{Arrival, Redeemed, Words, arrival, redeemed};
pub use self::request::{Confirmed, Login, Method, Redemption, Withheld};

/// The redirect URI that no client has: no name ends so (RFC 6761 section 6.4).
pub const UNREGISTERED: &str = "https://ssoctl-probe.invalid/callback";
/// The client that no provider knows.
pub const UNKNOWN_CLIENT: &str = "ssoctl-probe";
/// The authorization code that nobody issued.
const INVENTED_CODE: &str = "ssoctl-probe-not-a-code";
/// What the answer has to bring back.
const STATE: &str = "ssoctl-probe";
/// The verifier of PKCE (RFC 7636 section 4.1). It guards nothing, so it need not be secret.
const VERIFIER: &str = "ssoctl-probe-verifier-that-guards-nothing-at-all";
