//! What is sent.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret as _, SecretString};
use url::{Host, Url};

use crate::crypto::digest::{Hash, digest};
use crate::fetch::{Request, Standing};
use crate::oidc::probe::{INVENTED_CODE, STATE, VERIFIER};

/// A request to the authorization endpoint (RFC 6749 section 4.1.1) that asks nobody to log in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Login<'a> {
    /// The client.
    pub client_id: &'a str,
    /// Where the answer is to go.
    pub redirect_uri: &'a str,
    /// What is asked for.
    pub scope: &'a str,
    /// Whether a challenge of PKCE is sent (RFC 7636 section 4.3).
    pub pkce: bool,
}

impl Login<'_> {
    /// The request.
    pub fn request(&self, endpoint: &Url) -> Request {
        let mut url = endpoint.clone();
        url.set_fragment(None);
        let mut query = url.query_pairs_mut();
        query
            .append_pair("response_type", "code")
            .append_pair("client_id", self.client_id)
            .append_pair("redirect_uri", self.redirect_uri)
            .append_pair("scope", self.scope)
            .append_pair("state", STATE)
            .append_pair("prompt", "none");
        if self.pkce {
            let challenge = URL_SAFE_NO_PAD.encode(digest(Hash::Sha256, VERIFIER.as_bytes()));
            query
                .append_pair("code_challenge", &challenge)
                .append_pair("code_challenge_method", "S256");
        }
        drop(query);
        let mut request = Request::get(url);
        // As a browser asks: programs are told other things.
        request.accept = "text/html,*/*;q=0.8";
        request
    }
}

/// How a client proves itself at the token endpoint (Core section 9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// In the `Authorization` header.
    Basic,
    /// In the form.
    Post,
}

impl Method {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Basic, Self::Post];

    /// Its registered name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Post => "client_secret_post",
        }
    }

    /// The method of a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.name() == name)
    }

    /// The other one.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Basic => Self::Post,
            Self::Post => Self::Basic,
        }
    }
}

/// A token endpoint to which a secret may go: the configuration names its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Confirmed(Url);

/// Why a secret goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// The endpoint stands at an origin that the configuration does not name.
    ForeignOrigin(String),
    /// Everybody on the way could read it.
    PlainHttp(String),
}

impl Confirmed {
    /// The endpoint, where it stands at the origin of an address that the configuration names.
    pub fn new(endpoint: &Url, named: &[Url]) -> Result<Self, Withheld> {
        let origin = endpoint.origin();
        if !origin.is_tuple() || named.iter().all(|url| url.origin() != origin) {
            return Err(Withheld::ForeignOrigin(origin.ascii_serialization()));
        }
        if endpoint.scheme() != "https" && !is_loopback(endpoint) {
            return Err(Withheld::PlainHttp(origin.ascii_serialization()));
        }
        let mut endpoint = endpoint.clone();
        endpoint.set_fragment(None);
        Ok(Self(endpoint))
    }

    /// The address.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ForeignOrigin(origin) => write!(
                f,
                "the token endpoint is at {origin}, which the configuration does not name, and no \
                 secret is sent there"
            ),
            Self::PlainHttp(origin) => {
                write!(f, "{origin} is without TLS, and no secret is sent in the clear")
            }
        }
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => Standing::of(address.into()) == Standing::Loopback,
        Some(Host::Ipv6(address)) => Standing::of(address.into()) == Standing::Loopback,
        None => false,
    }
}

/// A request to the token endpoint (RFC 6749 section 4.1.3) with a code that nobody issued.
#[derive(Clone, Debug)]
pub struct Redemption<'a> {
    /// The client.
    pub client_id: &'a str,
    /// What it proves itself with.
    pub client_secret: &'a SecretString,
    /// How it does.
    pub method: Method,
    /// Where the code would have been sent; none where that is not known.
    pub redirect_uri: Option<&'a str>,
    /// Whether a verifier of PKCE is sent.
    pub pkce: bool,
}

impl Redemption<'_> {
    /// The request.
    pub fn request(&self, endpoint: &Confirmed) -> Request {
        let text = |name: &str, value: &str| (name.to_owned(), SecretString::from(value));
        let mut form = vec![text("grant_type", "authorization_code"), text("code", INVENTED_CODE)];
        form.extend(self.redirect_uri.map(|uri| text("redirect_uri", uri)));
        if self.pkce {
            form.push(text("code_verifier", VERIFIER));
        }
        let mut request = Request::get(endpoint.0.clone());
        match self.method {
            Method::Basic => request.authorization = Some(self.basic()),
            Method::Post => {
                form.push(text("client_id", self.client_id));
                form.push(("client_secret".to_owned(), self.client_secret.clone()));
            }
        }
        request.form = Some(form);
        request
    }

    /// The header as Python's requests builds it: in Latin-1, and not percent-encoded before
    /// (RFC 6749 section 2.3.1 would have it so).
    fn basic(&self) -> SecretString {
        let pair = format!("{}:{}", self.client_id, self.client_secret.expose_secret());
        let latin: Option<Vec<u8>> =
            pair.chars().map(|c| u8::try_from(u32::from(c)).ok()).collect();
        let bytes = latin.unwrap_or_else(|| pair.into_bytes());
        SecretString::from(format!("Basic {}", STANDARD.encode(bytes)))
    }
}

#[cfg(test)]
mod tests {
    use secrecy::{ExposeSecret as _, SecretString};
    use url::Url;

    use super::{Confirmed, Login, Method, Redemption, Withheld};
    use crate::oidc::probe::VERIFIER;

    const LOGIN: Login<'_> = Login {
        client_id: "a b",
        redirect_uri: "https://cvat.acme.test/callback/",
        scope: "openid email",
        pkce: true,
    };

    fn endpoint() -> Url {
        "https://id.acme.test/authorize?realm=staff#top".parse().expect("an address")
    }

    #[test]
    fn the_query_of_the_endpoint_stays_and_the_fragment_goes() {
        let url = Login { pkce: false, ..LOGIN }.request(&endpoint()).url;
        assert_eq!(
            url.as_str(),
            "https://id.acme.test/authorize?realm=staff&response_type=code&client_id=a+b\
             &redirect_uri=https%3A%2F%2Fcvat.acme.test%2Fcallback%2F&scope=openid+email\
             &state=ssoctl-probe&prompt=none"
        );
    }

    #[test]
    fn the_challenge_is_the_digest_of_a_verifier_that_is_long_enough() {
        let url = LOGIN.request(&endpoint()).url;
        let challenge = url.query_pairs().find(|(name, _)| name == "code_challenge");
        let (_, challenge) = challenge.expect("a challenge");
        assert_eq!(challenge, "_4IyI5EIjaB4G1gYFxA5b1GC3Kob42mQOrjNl-JfEOw");
        assert!((43..=128).contains(&VERIFIER.len()));
    }

    #[test]
    fn the_secret_goes_into_the_form_or_into_the_header_and_into_no_debug_output() {
        let secret = SecretString::from("hüsh:+");
        let redemption = Redemption {
            client_id: "cvat",
            client_secret: &secret,
            method: Method::Post,
            redirect_uri: None,
            pkce: false,
        };
        let token = Confirmed::new(&endpoint(), &[endpoint()]).expect("its own origin");
        let post = redemption.request(&token);
        let form = post.form.as_ref().expect("a form");
        let sent = form.iter().find(|(name, _)| name == "client_secret").expect("sent");
        assert_eq!(sent.1.expose_secret(), "hüsh:+");
        assert!(post.authorization.is_none());
        let basic = Redemption { method: Method::Basic, ..redemption.clone() }.request(&token);
        let header = basic.authorization.as_ref().expect("a header").expose_secret();
        assert_eq!(header, "Basic Y3ZhdDpo/HNoOis=");
        assert!(basic.form.iter().flatten().all(|(name, _)| name != "client_secret"));
        let shown = format!("{post:?} {basic:?} {redemption:?}");
        assert!(!shown.contains("sh:+") && !shown.contains("Y3Zh"), "{shown}");
    }

    #[test]
    fn a_secret_goes_only_to_a_named_origin_and_only_under_tls() {
        let url = |text: &str| Url::parse(text).expect("an address");
        let named = [url("https://id.acme.test/realms/staff"), url("http://127.0.0.1:8080/")];
        let confirmed = |text: &str| Confirmed::new(&url(text), &named).map(|_| ());
        for own in [
            "https://id.acme.test/token",
            "https://id.acme.test:443/token",
            "http://127.0.0.1:8080/token",
        ] {
            assert_eq!(confirmed(own), Ok(()), "{own}");
        }
        for foreign in [
            "https://id.acme.test:8443/token",
            "https://id.acme.test.corp.test/token",
            "https://acme.test/token",
            "http://id.acme.test/token",
            "http://127.0.0.1:8081/token",
            "https://id.acme.test@corp.test/token",
            "data:text/plain,x",
        ] {
            assert!(matches!(confirmed(foreign), Err(Withheld::ForeignOrigin(_))), "{foreign}");
        }
        let plain = url("http://id.acme.test/token");
        let withheld = Confirmed::new(&plain, &[url("http://id.acme.test/")]);
        assert!(matches!(withheld, Err(Withheld::PlainHttp(_))));
    }
}
