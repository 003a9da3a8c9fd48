//! What an answer says.
//!
//! Of the provider's own words only codes are taken that everybody knows: what else it says could
//! repeat what was sent.

use std::fmt;

use url::Url;

use crate::fetch::Reply;
use crate::syntax::json;
use crate::syntax::tree::NodeRef;

/// What came of a request to the authorization endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// The browser would be sent to the redirect URI with a code, though nobody logged in.
    Code,
    /// The browser would be sent to another address of this host.
    Elsewhere(String),
    /// The browser would be sent to the redirect URI: all is known, and nobody is logged in
    /// (Core section 3.1.2.6).
    NobodyLoggedIn(&'static str),
    /// The browser stays here.
    Page {
        /// The status of HTTP.
        status: u16,
        /// Whether it asks for a password.
        asks_to_log_in: bool,
        /// What the page says.
        says: Words,
    },
    /// The browser would be sent to the redirect URI with a refusal.
    Refused(Words),
}

impl Arrival {
    /// Whether the browser would be sent to the redirect URI.
    pub fn is_at_redirect_uri(&self) -> bool {
        matches!(self, Self::Code | Self::NobodyLoggedIn(_) | Self::Refused(_))
    }

    /// Whether the client, its redirect URI and everything else in the request is taken.
    pub fn is_taken(&self) -> bool {
        matches!(self, Self::Code | Self::NobodyLoggedIn(_))
    }

    /// Whether a page says that there is nobody to answer to. A login page and an overloaded server
    /// say nothing of the kind, whatever their status.
    pub fn is_turned_away(&self) -> bool {
        match self {
            Self::Page { asks_to_log_in: true, .. } => false,
            Self::Page { status, .. } => (400..500).contains(status) && !UNRELATED.contains(status),
            _ => false,
        }
    }
}

/// What came of a request to the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The client is refused (RFC 6749 section 5.2), or is said to have no right to this.
    ClientRefused {
        /// The status of HTTP.
        status: u16,
        /// What it says.
        says: Words,
    },
    /// The code is refused.
    CodeRefused(&'static str),
    /// An answer that says neither.
    Other {
        /// The status of HTTP.
        status: u16,
        /// What it says all the same.
        says: Words,
    },
    /// Tokens, for a code that nobody issued.
    Tokens,
}

impl Redeemed {
    /// Whether it is the client that is refused, and in the words and with a status of the standard.
    pub fn is_invalid_client(&self) -> bool {
        matches!(self, Self::ClientRefused { status: 400 | 401, says } if says.error == Some("invalid_client"))
    }
}

/// The words of an answer that everybody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    /// The error code.
    pub error: Option<&'static str>,
    /// The number that the identity provider has for it: `AADSTS50011`.
    pub number: Option<String>,
}

impl fmt::Display for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.error, &self.number) {
            (Some(error), Some(number)) => write!(f, "{error}, {number}"),
            (Some(error), None) => f.write_str(error),
            (None, Some(number)) => f.write_str(number),
            (None, None) => f.write_str("no error code that is known"),
        }
    }
}

/// What the authorization endpoint answered to a request with this redirect URI.
pub fn arrival(reply: &Reply, redirect_uri: &str) -> Arrival {
    let is_redirect = (300..400).contains(&reply.status);
    let location = reply.location.as_deref().filter(|_| is_redirect);
    let Some(target) = location.and_then(|location| reply.url().join(location).ok()) else {
        let says = words(reply);
        return Arrival::Page { status: reply.status, asks_to_log_in: asks_to_log_in(reply), says };
    };
    if !Url::parse(redirect_uri).is_ok_and(|own| is_same_place(&own, &target)) {
        return Arrival::Elsewhere(target.host_str().unwrap_or_default().to_owned());
    }
    let parameters = target.query().or(target.fragment()).unwrap_or_default();
    let parameter = |wanted: &str| {
        let mut all = url::form_urlencoded::parse(parameters.as_bytes());
        all.find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned())
    };
    let Some(error) = parameter("error") else {
        let words = Words::default();
        return parameter("code").map_or(Arrival::Refused(words), |_| Arrival::Code);
    };
    match known(&error) {
        Some(error) if NOBODY_LOGGED_IN.contains(&error) => Arrival::NobodyLoggedIn(error),
        error => Arrival::Refused(Words { error, number: number(parameters) }),
    }
}

/// What the token endpoint answered.
pub fn redeemed(reply: &Reply) -> Redeemed {
    let status = reply.status;
    if status == 200 && (has_text(reply, "access_token") || has_text(reply, "id_token")) {
        return Redeemed::Tokens;
    }
    let says = words(reply);
    match says.error {
        Some(error) if CODE_REFUSED.contains(&error) => Redeemed::CodeRefused(error),
        Some(error) if CLIENT_REFUSED.contains(&error) => Redeemed::ClientRefused { status, says },
        _ => Redeemed::Other { status, says },
    }
}

/// Whether an address is a redirect URI, apart from what is appended to it.
fn is_same_place(own: &Url, target: &Url) -> bool {
    own.origin() == target.origin() && own.path() == target.path()
}

/// Whether a page has a field for a password.
fn asks_to_log_in(reply: &Reply) -> bool {
    let page = reply.text().unwrap_or_default().to_ascii_lowercase();
    PASSWORD_FIELDS.iter().any(|field| page.contains(field))
}

fn words(reply: &Reply) -> Words {
    let text = reply.text().unwrap_or_default();
    let error = member(text, "error").and_then(|error| known(&error));
    Words { error, number: number(text) }
}

fn has_text(reply: &Reply, name: &str) -> bool {
    member(reply.text().unwrap_or_default(), name).is_some_and(|value| !value.is_empty())
}

/// A text in a JSON object.
fn member(text: &str, name: &str) -> Option<String> {
    let json = json::read(text, &LIMITS).ok()?;
    json.tree.root()?.get(name).and_then(NodeRef::key_text).map(str::to_owned)
}

fn known(error: &str) -> Option<&'static str> {
    ERRORS.into_iter().find(|known| *known == error)
}

/// The first number of Microsoft Entra ID in a text.
fn number(text: &str) -> Option<String> {
    let (_, rest) = text.split_once(LETTERS)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).take(LONGEST).collect();
    (digits.len() >= SHORTEST).then(|| format!("{LETTERS}{digits}"))
}

/// Errors that only say that nobody is logged in (Core section 3.1.2.6).
const NOBODY_LOGGED_IN: [&str; 4] =
    ["account_selection_required", "consent_required", "interaction_required", "login_required"];
/// What providers say of the code: the standard's word, and those of GitHub and glewlwyd.
const CODE_REFUSED: [&str; 3] = ["bad_verification_code", "invalid_code", "invalid_grant"];
/// What providers say of the client: the standard's word, that of GitHub, and the one that glewlwyd
/// and others have for a wrong secret, where the standard means a grant that is not allowed.
const CLIENT_REFUSED: [&str; 3] =
    ["incorrect_client_credentials", "invalid_client", "unauthorized_client"];
const PASSWORD_FIELDS: [&str; 3] = ["type=\"password\"", "type='password'", "type=password"];
/// Statuses that say nothing of the client: not logged in, time-outs, too many requests.
const UNRELATED: [u16; 5] = [401, 407, 408, 425, 429];
/// Errors of RFC 6749 sections 4.1.2.1 and 5.2, of Core section 3.1.2.6, of RFC 7591 section 3.2.2
/// and RFC 9101 section 7, and what some providers have in their place.
const ERRORS: [&str; 26] = [
    "access_denied",
    "account_selection_required",
    "bad_verification_code",
    "consent_required",
    "incorrect_client_credentials",
    "interaction_required",
    "invalid_client",
    "invalid_code",
    "invalid_grant",
    "invalid_redirect_uri",
    "invalid_request",
    "invalid_request_object",
    "invalid_request_uri",
    "invalid_scope",
    "login_required",
    "redirect_uri_mismatch",
    "registration_not_supported",
    "request_not_supported",
    "request_uri_not_supported",
    "server_error",
    "temporarily_unavailable",
    "unauthorized_client",
    "unmet_authentication_requirements",
    "unsupported_grant_type",
    "unsupported_response_mode",
    "unsupported_response_type",
];
const LETTERS: &str = "AADSTS";
const SHORTEST: usize = 5;
const LONGEST: usize = 9;
const LIMITS: json::Options = json::Options { bytes: 512 << 10, depth: 32, nodes: 20_000 };

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::Timestamp;

    use super::{Arrival, Redeemed, Words, arrival, redeemed};
    use crate::fetch::Reply;

    const OWN: &str = "https://cvat.acme.test/api/auth/oidc/staff/login/callback/";

    fn reply(status: u16, location: Option<&str>, body: &str) -> Reply {
        Reply {
            asked: "https://id.acme.test/authorize".parse().expect("an address"),
            hops: Vec::new(),
            status,
            content_type: None,
            date: None,
            at: Timestamp::UNIX_EPOCH,
            max_age: None,
            location: location.map(str::to_owned),
            body: body.as_bytes().to_vec(),
            took: Duration::ZERO,
            certificate: None,
            proxy: None,
        }
    }

    fn at(location: &str) -> Arrival {
        arrival(&reply(302, Some(location), ""), OWN)
    }

    #[test]
    fn only_the_redirect_uri_itself_is_an_arrival() {
        assert_eq!(
            at(&format!("{OWN}?error=login_required&state=x")),
            Arrival::NobodyLoggedIn("login_required")
        );
        assert_eq!(
            at(&format!("{OWN}#error=login_required")),
            at(&format!("{OWN}?error=login_required"))
        );
        assert_eq!(at(&format!("{OWN}?code=abc")), Arrival::Code);
        for other in [
            "https://cvat.acme.test.evil.test/api/auth/oidc/staff/login/callback/?error=login_required",
            "http://cvat.acme.test/api/auth/oidc/staff/login/callback/?error=login_required",
            "https://cvat.acme.test/api/auth/oidc/staff/login/callback?error=login_required",
            "/login?next=https://cvat.acme.test/api/auth/oidc/staff/login/callback/",
        ] {
            assert!(matches!(at(other), Arrival::Elsewhere(_)), "{other}");
        }
    }

    #[test]
    fn a_page_is_no_arrival_whatever_its_location_says() {
        let location = format!("{OWN}?error=login_required");
        let page = arrival(&reply(200, Some(&location), "<html>AADSTS50011: no</html>"), OWN);
        let says = Words { error: None, number: Some("AADSTS50011".to_owned()) };
        assert_eq!(page, Arrival::Page { status: 200, asks_to_log_in: false, says });
    }

    #[test]
    fn words_that_nobody_knows_are_not_taken() {
        let said = at(&format!("{OWN}?error=hush&error_description=AADSTS7"));
        assert_eq!(said, Arrival::Refused(Words::default()));
        let said = redeemed(&reply(400, None, r#"{"error": "hush"}"#));
        assert_eq!(said, Redeemed::Other { status: 400, says: Words::default() });
    }

    #[test]
    fn tokens_are_tokens_only_where_there_is_one() {
        assert_eq!(redeemed(&reply(200, None, r#"{"access_token": "a"}"#)), Redeemed::Tokens);
        for body in [r#"{"access_token": ""}"#, "{}", "<html>", r#"["access_token"]"#] {
            let said = redeemed(&reply(200, None, body));
            assert!(matches!(said, Redeemed::Other { .. }), "{body}");
        }
        let error = r#"{"error": "invalid_client", "error_description": "AADSTS7000215: no"}"#;
        let says =
            Words { error: Some("invalid_client"), number: Some("AADSTS7000215".to_owned()) };
        let said = redeemed(&reply(401, None, error));
        assert!(said.is_invalid_client());
        assert_eq!(said, Redeemed::ClientRefused { status: 401, says });
        assert!(!redeemed(&reply(200, None, error)).is_invalid_client());
    }

    #[test]
    fn a_login_page_turns_nobody_away_whatever_its_status() {
        let page = |status: u16, body: &str| arrival(&reply(status, None, body), OWN);
        assert!(page(400, "<html>no such client").is_turned_away());
        assert!(page(403, "<html>no such client").is_turned_away());
        assert!(!page(400, "<html><INPUT TYPE=\"password\">").is_turned_away());
        for status in [200, 401, 429, 500] {
            assert!(!page(status, "<html>no such client").is_turned_away(), "{status}");
        }
    }
}
