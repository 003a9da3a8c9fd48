//! The network itself. The one file that names the HTTP library.

use std::collections::HashMap;
use std::io::Read as _;
use std::net::{IpAddr, SocketAddr, ToSocketAddrs as _};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::blocking::{Client, RequestBuilder, Response};
use reqwest::header::{self, HeaderMap};
use secrecy::ExposeSecret as _;
use url::{Host, Url};

use crate::fetch::address::Standing;
use crate::fetch::error::FetchError;
use crate::fetch::proxy::without_credentials;
use crate::fetch::{Fetch, Manners, Reply, Request, tls};

/// The network, asked in these manners.
pub struct Http {
    manners: Manners,
    /// Tells the time of an answer.
    clock: fn() -> Timestamp,
    /// TLS, prepared once it is needed.
    tls: OnceLock<Result<rustls::ClientConfig, FetchError>>,
    /// Connections that can be used again, by origin and address.
    clients: Mutex<HashMap<Route, Arc<Client>>>,
}

/// A way to a server: what was asked, the addresses that were judged, and the proxy in between.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Route {
    origin: String,
    addresses: Vec<SocketAddr>,
    proxy: Option<String>,
}

impl Http {
    /// The network in these manners, with a clock.
    pub fn new(manners: Manners, clock: fn() -> Timestamp) -> Self {
        Self { manners, clock, tls: OnceLock::new(), clients: Mutex::default() }
    }

    /// One request with its redirects, without a second try.
    fn once(&self, request: &Request) -> Result<Reply, FetchError> {
        let start = Instant::now();
        let end = start + self.manners.total;
        let mut url = request.url.clone();
        let mut hops = Vec::new();
        loop {
            let route = self.route(&url, request, end)?;
            let proxy = route.proxy.as_deref().map(without_credentials);
            let client = self.client(&url, route)?;
            let asked = self.asked(&client, &url, request, hops.is_empty(), end)?;
            let response = asked
                .send()
                .map_err(|error| FetchError::of(&error, url.host_str().unwrap_or_default()))?;
            let next = next_hop(&response, &url);
            if let Some(next) = next.filter(|_| hops.len() < request.hops) {
                url = with_typed_credentials(&next, &request.url);
                hops.push(next);
                continue;
            }
            let mut reply = self.reply(response, request, hops, end)?;
            reply.proxy = proxy;
            reply.took = start.elapsed();
            return Ok(reply);
        }
    }

    /// Finds the addresses of a host and judges each: the ones that come back are the ones that
    /// are asked.
    fn route(&self, url: &Url, request: &Request, end: Instant) -> Result<Route, FetchError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(FetchError::Scheme(url.scheme().to_owned()));
        }
        let origin = url.origin().ascii_serialization();
        let port = url.port_or_known_default().unwrap_or_default();
        let proxy = self.manners.proxies.of(url).map(str::to_owned);
        let addresses: Vec<SocketAddr> = match url.host() {
            Some(Host::Ipv4(address)) => vec![SocketAddr::new(IpAddr::V4(address), port)],
            Some(Host::Ipv6(address)) => vec![SocketAddr::new(IpAddr::V6(address), port)],
            // The proxy finds the address, and we cannot judge it.
            Some(Host::Domain(_)) if proxy.is_some() => Vec::new(),
            Some(Host::Domain(name)) => look_up(name, port, until(end, self.manners.connect))?,
            None => return Err(FetchError::UnknownHost(String::new())),
        };
        let is_named = request.is_named_by_user && is_meant(url, &request.url);
        for address in addresses.iter().map(SocketAddr::ip) {
            self.judge(url, address, is_named)?;
        }
        Ok(Route { origin, addresses, proxy })
    }

    fn judge(&self, url: &Url, address: IpAddr, is_named: bool) -> Result<(), FetchError> {
        let standing = Standing::of(address);
        let host = url.host_str().unwrap_or_default();
        let is_literal = matches!(url.host(), Some(Host::Ipv4(_) | Host::Ipv6(_)));
        let may = match standing {
            Standing::Public => true,
            Standing::Loopback | Standing::Private => self.manners.allow_private || is_named,
            // A name may lead there by accident or on purpose; an address that was typed is meant.
            Standing::LinkLocal | Standing::Platform => {
                self.manners.allow_private || (is_named && is_literal)
            }
            Standing::Unreachable => false,
        };
        if may {
            return Ok(());
        }
        Err(FetchError::Forbidden { host: host.to_owned(), address, standing })
    }

    fn client(&self, url: &Url, route: Route) -> Result<Arc<Client>, FetchError> {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&route) {
            return Ok(Arc::clone(client));
        }
        let host = url.host_str().unwrap_or_default();
        let mut builder = Client::builder()
            .user_agent(concat!("ssoctl/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .tls_info(true)
            .connect_timeout(self.manners.connect)
            .resolve_to_addrs(host, &route.addresses);
        // The library sets TLS up for every client, also for one that asks without.
        builder = match self.tls_for(url) {
            Ok(config) => builder.tls_backend_preconfigured(config),
            Err(error) => return Err(error),
        };
        if let Some(proxy) = &route.proxy {
            let proxy = reqwest::Proxy::all(proxy.as_str())
                .map_err(|_| FetchError::Proxy("its address is none".to_owned()))?;
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| FetchError::of(&error, host))?;
        let client = Arc::new(client);
        clients.insert(route, Arc::clone(&client));
        Ok(client)
    }

    /// TLS for an address: trust in the system's authorities costs time, so it is asked for where
    /// it is needed only.
    fn tls_for(&self, url: &Url) -> Result<rustls::ClientConfig, FetchError> {
        if url.scheme() == "http" && self.manners.proxies.of(url).is_none() {
            return Ok(tls::without_trust());
        }
        self.tls.get_or_init(|| tls::config(&self.manners.authorities)).clone()
    }

    fn asked(
        &self,
        client: &Client,
        url: &Url,
        request: &Request,
        is_first: bool,
        end: Instant,
    ) -> Result<RequestBuilder, FetchError> {
        let left = until(end, self.manners.total);
        if left.is_zero() {
            return Err(FetchError::TimedOut { is_connected: true });
        }
        let asked = match request.form.as_ref().filter(|_| is_first) {
            Some(form) => {
                let pairs = form.iter().map(|(name, value)| (name, value.expose_secret()));
                let body = url::form_urlencoded::Serializer::new(String::new())
                    .extend_pairs(pairs)
                    .finish();
                let kind = "application/x-www-form-urlencoded";
                client.post(url.clone()).header(header::CONTENT_TYPE, kind).body(body)
            }
            None => client.get(url.clone()),
        };
        let asked = asked.header(header::ACCEPT, request.accept).timeout(left);
        // What logs in goes to the origin that was meant, and nowhere else.
        let secret =
            request.authorization.as_ref().filter(|_| url.origin() == request.url.origin());
        Ok(match secret {
            Some(secret) => asked.header(header::AUTHORIZATION, secret.expose_secret()),
            None => asked,
        })
    }

    fn reply(
        &self,
        mut response: Response,
        request: &Request,
        hops: Vec<Url>,
        end: Instant,
    ) -> Result<Reply, FetchError> {
        let at = (self.clock)();
        let certificate = response.extensions().get::<reqwest::tls::TlsInfo>();
        let certificate = certificate.and_then(|info| info.peer_certificate()).map(<[u8]>::to_vec);
        let headers = response.headers();
        let (content_type, date) = (text(headers, &header::CONTENT_TYPE), date(headers));
        let (max_age, location) = (max_age(headers), text(headers, &header::LOCATION));
        let status = response.status().as_u16();
        let body = body(&mut response, request.most, end)?;
        Ok(Reply {
            asked: request.url.clone(),
            hops,
            status,
            content_type,
            date,
            at,
            max_age,
            location,
            body,
            took: Duration::ZERO,
            certificate,
            proxy: None,
        })
    }
}

impl Fetch for Http {
    fn fetch(&self, request: &Request) -> Result<Reply, FetchError> {
        let mut left = self.manners.retries;
        loop {
            match self.once(request) {
                Err(error) if left > 0 && error.may_pass() => left -= 1,
                done => return done,
            }
        }
    }
}

/// What is left of the time, at most so much.
fn until(end: Instant, most: Duration) -> Duration {
    end.saturating_duration_since(Instant::now()).min(most)
}

/// The addresses of a name. The system's look-up knows no time limit, so it runs beside us.
fn look_up(name: &str, port: u16, limit: Duration) -> Result<Vec<SocketAddr>, FetchError> {
    let unknown = || FetchError::UnknownHost(name.to_owned());
    let (sender, receiver) = mpsc::channel();
    let asked = (name.to_owned(), port);
    thread::spawn(move || {
        let found = asked.to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        drop(sender.send(found));
    });
    match receiver.recv_timeout(limit) {
        Ok(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        Ok(_) => Err(unknown()),
        Err(_) => Err(FetchError::TimedOut { is_connected: false }),
    }
}

/// Whether somebody who typed an address also means another one: the same origin, or its page with
/// TLS. Another port of the same host is another service.
fn is_meant(url: &Url, typed: &Url) -> bool {
    let is_default = |url: &Url, scheme: &str| url.scheme() == scheme && url.port().is_none();
    let gains_tls = is_default(typed, "http") && is_default(url, "https");
    url.origin() == typed.origin() || (gains_tls && url.host() == typed.host())
}

/// An address with the name and password that were typed, for the origin for which they were.
fn with_typed_credentials(url: &Url, typed: &Url) -> Url {
    let mut url = url.clone();
    if url.origin() == typed.origin() {
        let _ = url.set_username(typed.username());
        let _ = url.set_password(typed.password());
    }
    url
}

/// Where a redirect leads. A name and password in it are not ours to send, and not shown.
fn next_hop(response: &Response, url: &Url) -> Option<Url> {
    let is_redirect = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let location = text(response.headers(), &header::LOCATION).filter(|_| is_redirect)?;
    let mut next = url.join(&location).ok()?;
    let _ = next.set_username("");
    let _ = next.set_password(None);
    Some(next)
}

/// The body, decompressed, up to a ceiling and until the time is over.
fn body(response: &mut Response, most: usize, end: Instant) -> Result<Vec<u8>, FetchError> {
    let mut body = Vec::new();
    let mut piece = [0; 16 << 10];
    loop {
        if Instant::now() >= end {
            return Err(FetchError::TimedOut { is_connected: true });
        }
        let count = response.read(&mut piece).map_err(|error| FetchError::of_io(&error))?;
        if count == 0 {
            return Ok(body);
        }
        body.extend_from_slice(&piece[..count]);
        if body.len() > most {
            return Err(FetchError::TooLarge { most });
        }
    }
}

fn text(headers: &HeaderMap, name: &header::HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().map(str::to_owned)
}

/// The `Date` (RFC 9110 section 6.6.1).
fn date(headers: &HeaderMap) -> Option<Timestamp> {
    let written = text(headers, &header::DATE)?;
    rfc2822::DateTimeParser::new().parse_timestamp(&written).ok()
}

/// The `max-age` of a `Cache-Control` (RFC 9111 section 5.2.2.1).
fn max_age(headers: &HeaderMap) -> Option<u64> {
    let written = text(headers, &header::CACHE_CONTROL)?;
    let mut parts = written.split(',').map(str::trim);
    parts.find_map(|part| part.strip_prefix("max-age=")?.parse().ok())
}
