//! A server on loopback that misbehaves to order, and counts who comes.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use rcgen::{CertificateParams, CertifiedKey, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A server that runs until the tests end.
pub(crate) struct Server {
    /// Where it listens.
    pub(crate) address: SocketAddr,
    count: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What a server does with a connection: it gets the head of the request.
pub(crate) type Behaviour = dyn Fn(&str, &mut dyn Write) + Send + Sync;

impl Server {
    /// A server that answers every request so.
    pub(crate) fn new(behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static) -> Self {
        Self::start(Arc::new(behaviour), None)
    }

    /// The same behind TLS, with a certificate and its key in DER.
    pub(crate) fn with_tls(
        certificate: &CertifiedKey<KeyPair>,
        behaviour: impl Fn(&str, &mut dyn Write) + Send + Sync + 'static,
    ) -> Self {
        let chain = vec![CertificateDer::from(certificate.cert.der().to_vec())];
        let key = PrivateKeyDer::try_from(certificate.signing_key.serialize_der()).expect("a key");
        let config =
            ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_safe_default_protocol_versions()
                .expect("versions")
                .with_no_client_auth()
                .with_single_cert(chain, key)
                .expect("a certificate and its key");
        Self::start(Arc::new(behaviour), Some(Arc::new(config)))
    }

    fn start(behaviour: Arc<Behaviour>, tls: Option<Arc<ServerConfig>>) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let address = listener.local_addr().expect("an address");
        let (count, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
        let (counted, kept) = (Arc::clone(&count), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let (behaviour, tls, kept) =
                    (Arc::clone(&behaviour), tls.clone(), Arc::clone(&kept));
                thread::spawn(move || serve(stream, tls, &*behaviour, &kept));
            }
        });
        Self { address, count, requests }
    }

    /// An address of it.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// An address of it under TLS, by name.
    pub(crate) fn tls_url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.address.port())
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }

    /// The heads and bodies of the requests.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no thread failed").clone()
    }
}

fn serve(
    mut stream: TcpStream,
    tls: Option<Arc<ServerConfig>>,
    behaviour: &Behaviour,
    kept: &Mutex<Vec<String>>,
) {
    drop(stream.set_read_timeout(Some(Duration::from_secs(5))));
    match tls {
        None => {
            let head = request(&mut stream);
            kept.lock().expect("no thread failed").push(head.clone());
            behaviour(&head, &mut stream);
        }
        Some(config) => {
            let connection = ServerConnection::new(config).expect("a configuration");
            let mut stream = StreamOwned::new(connection, stream);
            let head = request(&mut stream);
            kept.lock().expect("no thread failed").push(head.clone());
            if !head.is_empty() {
                behaviour(&head, &mut stream);
            }
            stream.conn.send_close_notify();
            drop(stream.flush());
        }
    }
}

/// The head of a request, and the body as far as its length is told.
fn request(stream: &mut impl std::io::Read) -> String {
    let mut bytes = Vec::new();
    let mut piece = [0; 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some(end) = text.find("\r\n\r\n") {
            let length = text.to_ascii_lowercase();
            let length = length.split("content-length: ").nth(1);
            let length: usize =
                length.and_then(|rest| rest.split("\r\n").next()?.parse().ok()).unwrap_or_default();
            if bytes.len() >= end + 4 + length {
                return text;
            }
        }
        if bytes.first() == Some(&TLS_HANDSHAKE) {
            return text;
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return text,
        }
    }
}

/// What TLS begins with (RFC 8446 section 5.1): no line of HTTP follows.
const TLS_HANDSHAKE: u8 = 0x16;

/// A whole answer.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut text = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    text.extend_from_slice(body);
    text
}

/// A certificate for these hosts, valid between two years.
pub(crate) fn certificate(hosts: &[&str], from: i32, until: i32) -> CertifiedKey<KeyPair> {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = CertificateParams::new(hosts).expect("names");
    parameters.not_before = rcgen::date_time_ymd(from, 1, 1);
    parameters.not_after = rcgen::date_time_ymd(until, 1, 1);
    let signing_key = KeyPair::generate().expect("a key");
    let cert = parameters.self_signed(&signing_key).expect("a certificate");
    CertifiedKey { cert, signing_key }
}
