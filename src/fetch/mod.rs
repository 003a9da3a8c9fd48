//! Asking the network: what may be asked, how far, and what came back.
//!
//! Each answer becomes a text that is judged like a file. Nothing here judges: a failure says what
//! kept the answer away, and everything else is a [`Reply`].

mod address;
pub mod cards;
mod error;
mod http;
mod proxy;
mod record;
mod tls;

use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use url::Url;

pub use self::address::Standing;
pub use self::error::{FetchError, TlsFault};
pub use self::http::Http;
pub use self::proxy::Proxies;
pub use self::record::{Recorder, Recording, Replay};

/// Something that answers requests: the network, or what was recorded of it.
pub trait Fetch: Sync {
    /// The answer to a request, or what kept it away.
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError>;
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    /// The address.
    pub url: Url,
    /// Whether the user typed this host, so that it may stand inside a private network.
    pub is_named_by_user: bool,
    /// How many redirects are followed.
    pub hops: usize,
    /// What kind of document is wanted, as an `Accept` header.
    pub accept: &'static str,
    /// The most bytes of the body, after decompression.
    pub most: usize,
    /// A form to send with POST; none for GET. It goes to the origin of `url` alone, and is never
    /// recorded.
    pub form: Option<Vec<(String, SecretString)>>,
    /// An `Authorization` header, which goes to the origin of `url` alone and is never recorded.
    pub authorization: Option<SecretString>,
}

impl Request {
    /// A plain GET of a JSON document, as a host that a configuration names is asked.
    pub fn get(url: Url) -> Self {
        Self {
            url,
            is_named_by_user: false,
            hops: 0,
            accept: "application/json",
            most: MOST,
            form: None,
            authorization: None,
        }
    }
}

/// An answer, whatever its status.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The address that was asked first.
    pub asked: Url,
    /// Where redirects led, each an address; the last one answered.
    pub hops: Vec<Url>,
    /// The status of HTTP.
    pub status: u16,
    /// The `Content-Type`, as it is written.
    pub content_type: Option<String>,
    /// The `Date` of the answer.
    pub date: Option<Timestamp>,
    /// When the answer was there, by our clock.
    pub at: Timestamp,
    /// The seconds for which the answer may be kept, by its `Cache-Control`.
    pub max_age: Option<u64>,
    /// Where a redirect that was not followed leads.
    pub location: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// How long the answer took.
    pub took: Duration,
    /// The certificate of the server in DER; none without TLS.
    pub certificate: Option<Vec<u8>>,
    /// The proxy that was asked in between, without its credentials.
    pub proxy: Option<String>,
}

impl Reply {
    /// The address that answered.
    pub fn url(&self) -> &Url {
        self.hops.last().unwrap_or(&self.asked)
    }

    /// The body as text; none where it is no UTF-8.
    pub fn text(&self) -> Option<&str> {
        std::str::from_utf8(&self.body).ok()
    }

    /// By how many seconds the server's clock is ahead of ours; none where it says no time.
    pub fn ahead(&self) -> Option<i64> {
        Some(self.date?.as_second() - self.at.as_second())
    }
}

/// How the network is asked, whatever is asked.
#[derive(Clone, Debug)]
pub struct Manners {
    /// The longest time for one request, from the look-up of the name to the last byte.
    pub total: Duration,
    /// The longest time until a connection stands.
    pub connect: Duration,
    /// The longest silence.
    pub idle: Duration,
    /// Whether addresses inside private and loopback networks may be asked without being named.
    pub allow_private: bool,
    /// Certificates in DER that are trusted besides the system's.
    pub authorities: Vec<Vec<u8>>,
    /// Which proxies are asked in between.
    pub proxies: Proxies,
    /// How often a request that met no answer is made again.
    pub retries: usize,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            total: Duration::from_secs(20),
            connect: Duration::from_secs(5),
            idle: Duration::from_secs(10),
            allow_private: false,
            authorities: Vec::new(),
            proxies: Proxies::default(),
            retries: 0,
        }
    }
}

/// The most bytes of a body, unless a request says otherwise.
const MOST: usize = 1 << 20;
