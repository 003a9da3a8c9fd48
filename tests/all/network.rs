//! Asking the network: what keeps an answer away is told apart, in time, and nobody is asked who was
//! not named.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use jiff::Timestamp;
use ssoctl::fetch::{
    Fetch as _, FetchError, Http, Manners, Proxies, Recorder, Replay, Reply, Request, Standing,
    TlsFault,
};
use url::Url;

use crate::server::{Server, answer, certificate};

const JSON: &str = "Content-Type: application/json\r\n";

fn clock() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().expect("an instant")
}

fn quick() -> Manners {
    Manners {
        total: Duration::from_millis(1500),
        connect: Duration::from_millis(700),
        idle: Duration::from_millis(700),
        ..Manners::default()
    }
}

fn named(url: &str) -> Request {
    let mut request = Request::get(Url::parse(url).expect("a URL"));
    request.is_named_by_user = true;
    request
}

fn ask(request: &Request, manners: Manners) -> Result<Reply, FetchError> {
    Http::new(manners, clock).fetch(request)
}

/// Sends bytes to whoever still listens.
fn write(out: &mut dyn Write, bytes: &[u8]) {
    send(out, bytes);
}

/// Sends bytes; false once nobody listens.
fn send(out: &mut dyn Write, bytes: &[u8]) -> bool {
    out.write_all(bytes).and_then(|()| out.flush()).is_ok()
}

#[test]
fn an_answer_comes_with_its_status_date_kind_and_age() {
    let server = Server::new(|_, out| {
        let headers = "Content-Type: application/json\r\n\
            Date: Tue, 24 Nov 2026 11:58:20 GMT\r\nCache-Control: public, max-age=3600\r\n";
        write(out, &answer("200 OK", headers, b"{}"));
    });
    let reply = ask(&named(&server.url("/x")), quick()).expect("an answer");
    assert_eq!((reply.status, reply.text()), (200, Some("{}")));
    assert_eq!(reply.content_type.as_deref(), Some("application/json"));
    assert_eq!((reply.ahead(), reply.max_age), (Some(-100), Some(3600)));
    assert!(server.requests()[0].starts_with("GET /x HTTP/1.1\r\n"));
    assert!(server.requests()[0].contains("accept: application/json"));
}

#[test]
fn a_host_that_the_user_did_not_type_may_not_stand_inside() {
    let server = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"{}")));
    let unnamed = Request::get(Url::parse(&server.url("/")).expect("a URL"));
    let forbidden = ask(&unnamed, quick()).expect_err("it stands inside");
    assert!(
        matches!(forbidden, FetchError::Forbidden { standing: Standing::Loopback, .. }),
        "{forbidden:?}"
    );
    let disguised = format!("http://[::ffff:127.0.0.1]:{}/", server.address.port());
    let request = Request::get(Url::parse(&disguised).expect("a URL"));
    assert!(matches!(ask(&request, quick()), Err(FetchError::Forbidden { .. })));
    for number in ["http://2130706433", "http://0x7f.1", "http://0177.0.0.1", "http://LOCALHOST"] {
        let url = format!("{number}:{}/", server.address.port());
        let request = Request::get(Url::parse(&url).expect("a URL"));
        assert!(matches!(ask(&request, quick()), Err(FetchError::Forbidden { .. })), "{number}");
    }
    assert_eq!(server.connections(), 0);
    let allowed = Manners { allow_private: true, ..quick() };
    assert!(ask(&unnamed, allowed).is_ok());
}

#[test]
fn a_redirect_is_followed_only_where_that_is_asked_for_and_never_inwards() {
    let inside = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"secret")));
    let target = inside.url("/").replace("127.0.0.1", "127.0.0.2");
    let server = Server::new(move |head, out| {
        let location = match head.split(' ').nth(1) {
            Some("/linklocal") => "http://169.254.169.254/latest/meta-data/".to_owned(),
            Some("/inside") => target.clone(),
            Some("/loop") => "/loop".to_owned(),
            Some("/once") => "/end".to_owned(),
            Some("/file") => "file:///etc/passwd".to_owned(),
            _ => {
                write(out, &answer("200 OK", JSON, b"{}"));
                return;
            }
        };
        let headers = format!("Location: {location}\r\n");
        write(out, &answer("302 Found", &headers, b""));
    });
    let hops = |path: &str, hops| Request { hops, ..named(&server.url(path)) };
    let unfollowed = ask(&hops("/once", 0), quick()).expect("an answer");
    assert_eq!((unfollowed.status, unfollowed.location.as_deref()), (302, Some("/end")));
    let followed = ask(&hops("/once", 3), quick()).expect("an answer");
    assert_eq!((followed.status, followed.url().path()), (200, "/end"));
    assert_eq!(ask(&hops("/loop", 3), quick()).map(|reply| reply.status), Ok(302));
    let outward = ask(&hops("/linklocal", 3), quick()).expect_err("it leads inside");
    assert!(matches!(outward, FetchError::Forbidden { standing: Standing::LinkLocal, .. }));
    let inward = ask(&hops("/inside", 3), quick()).expect_err("it leads inside");
    assert!(matches!(inward, FetchError::Forbidden { standing: Standing::Loopback, .. }));
    assert_eq!(ask(&hops("/file", 3), quick()), Err(FetchError::Scheme("file".into())));
    assert_eq!(inside.connections(), 0);
}

#[test]
fn what_logs_in_and_what_was_posted_goes_to_the_first_origin_only() {
    let other = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"{}")));
    let location = format!("Location: {}\r\n", other.url("/next"));
    let server = Server::new(move |_, out| write(out, &answer("307 Moved", &location, b"")));
    let request = Request {
        hops: 1,
        form: Some(vec![("code".into(), "c0de&=".into())]),
        authorization: Some("Bearer t0ken".to_owned().into()),
        ..named(&server.url("/"))
    };
    let manners = Manners { allow_private: true, ..quick() };
    ask(&request, manners).expect("an answer");
    let first = server.requests().concat();
    assert!(first.starts_with("POST / ") && first.contains("Bearer t0ken"), "{first}");
    assert!(first.ends_with("code=c0de%26%3D"), "{first}");
    let second = other.requests().concat();
    assert!(second.starts_with("GET /next "), "{second}");
    assert!(!second.contains("t0ken") && !second.contains("c0de"), "{second}");
}

#[test]
fn a_redirect_to_another_port_of_the_typed_host_is_not_followed_inwards() {
    let other = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"secret")));
    let location = format!("Location: {}\r\n", other.url("/admin"));
    let server = Server::new(move |_, out| write(out, &answer("302 Found", &location, b"")));
    let request = Request { hops: 3, ..named(&server.url("/")) };
    let inward = ask(&request, quick()).expect_err("it leads to another service");
    assert!(
        matches!(inward, FetchError::Forbidden { standing: Standing::Loopback, .. }),
        "{inward:?}"
    );
    assert_eq!(other.connections(), 0);
}

#[test]
fn a_redirect_brings_no_name_and_password_and_keeps_the_typed_ones_at_their_origin() {
    let other = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"{}")));
    let foreign = other.url("/x").replace("http://", "http://root:s3cr3t@");
    let server = Server::new(move |head, out| {
        let location = match head.split(' ').nth(1) {
            Some("/foreign") => foreign.clone(),
            Some("/own") => "/end".to_owned(),
            _ => return write(out, &answer("200 OK", JSON, b"{}")),
        };
        write(out, &answer("302 Found", &format!("Location: {location}\r\n"), b""));
    });
    let manners = Manners { allow_private: true, ..quick() };
    let typed = server.url("/foreign").replace("http://", "http://me:typed@");
    let reply = ask(&Request { hops: 3, ..named(&typed) }, manners.clone()).expect("an answer");
    assert_eq!(reply.url().as_str(), other.url("/x"));
    let head = other.requests().concat().to_ascii_lowercase();
    assert!(!head.contains("authorization:"), "{head}");
    let typed = server.url("/own").replace("http://", "http://me:typed@");
    let reply = ask(&Request { hops: 3, ..named(&typed) }, manners).expect("an answer");
    assert_eq!(reply.url().as_str(), server.url("/end"));
    let last = server.requests().pop().unwrap_or_default().to_ascii_lowercase();
    assert!(last.starts_with("get /end ") && last.contains("authorization: basic"), "{last}");
}

#[test]
fn refusal_silence_and_names_that_nobody_knows_are_told_apart() {
    let port = {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let refused = ask(&named(&format!("http://127.0.0.1:{port}/")), quick());
    assert_eq!(refused, Err(FetchError::Refused));
    let unknown = ask(&named("http://no-such-host.invalid/"), quick());
    assert!(
        matches!(unknown, Err(FetchError::UnknownHost(_) | FetchError::TimedOut { .. })),
        "{unknown:?}"
    );
    let silent = Server::new(|_, _| std::thread::park_timeout(Duration::from_secs(4)));
    let silent = ask(&named(&silent.url("/")), quick());
    assert_eq!(silent, Err(FetchError::TimedOut { is_connected: true }));
}

#[test]
fn answers_that_stop_never_end_or_drip_are_cut_off() {
    let stops = Server::new(|_, out| {
        write(out, b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
    });
    assert_eq!(ask(&named(&stops.url("/")), quick()), Err(FetchError::Interrupted));
    let endless = Server::new(|_, out| {
        let mut is_read = send(out, b"HTTP/1.1 200 OK\r\n\r\n");
        while is_read {
            is_read = send(out, &[b' '; 8192]);
        }
    });
    let endless = ask(&named(&endless.url("/")), quick());
    assert_eq!(endless, Err(FetchError::TooLarge { most: 1 << 20 }));
    let drip = Server::new(|_, out| {
        let mut is_read = send(out, b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
        while is_read {
            std::thread::park_timeout(Duration::from_millis(50));
            is_read = send(out, b" ");
        }
    });
    let drip = ask(&named(&drip.url("/")), quick());
    assert_eq!(drip, Err(FetchError::TimedOut { is_connected: true }));
    let noise = Server::new(|_, out| write(out, b"SSH-2.0-OpenSSH_9.2\r\n"));
    assert_eq!(ask(&named(&noise.url("/")), quick()), Err(FetchError::NotHttp));
}

#[test]
fn what_is_compressed_counts_as_what_it_becomes() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    for _ in 0..8192 {
        encoder.write_all(&[b' '; 8192]).expect("memory");
    }
    let bomb = encoder.finish().expect("memory");
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    let headers = "Content-Encoding: gzip\r\nContent-Type: application/json\r\n";
    let server = Server::new(move |_, out| write(out, &answer("200 OK", headers, &bomb)));
    let reply = ask(&named(&server.url("/")), quick());
    assert_eq!(reply, Err(FetchError::TooLarge { most: 1 << 20 }));
}

#[test]
fn the_reasons_why_tls_fails_are_told_apart() {
    let ok = |_: &str, out: &mut dyn Write| write(out, &answer("200 OK", JSON, b"{}"));
    let fault = |server: &Server, authority: Option<Vec<u8>>| {
        let manners = Manners { authorities: authority.into_iter().collect(), ..quick() };
        match ask(&named(&server.tls_url("/")), manners) {
            Err(FetchError::Tls(fault)) => Some(fault),
            Err(other) => panic!("{other:?}"),
            Ok(reply) => {
                assert!(reply.certificate.is_some());
                None
            }
        }
    };
    let good = certificate(&["localhost"], 2020, 2099);
    let server = Server::with_tls(&good, ok);
    assert_eq!(fault(&server, Some(good.cert.der().to_vec())), None);
    assert_eq!(fault(&server, None), Some(TlsFault::UnknownAuthority));
    let expired = certificate(&["localhost"], 2020, 2021);
    let server = Server::with_tls(&expired, ok);
    assert_eq!(fault(&server, Some(expired.cert.der().to_vec())), Some(TlsFault::Expired));
    let early = certificate(&["localhost"], 2090, 2099);
    let server = Server::with_tls(&early, ok);
    assert_eq!(fault(&server, Some(early.cert.der().to_vec())), Some(TlsFault::NotYetValid));
    let other = certificate(&["idp.acme.test"], 2020, 2099);
    let server = Server::with_tls(&other, ok);
    assert_eq!(fault(&server, Some(other.cert.der().to_vec())), Some(TlsFault::WrongName));
    let plain = Server::new(|_, out| write(out, b"HTTP/1.1 400 Bad Request\r\n\r\n"));
    assert_eq!(fault(&plain, None), Some(TlsFault::NotTls));
    let truncated = Server::new(|_, out| write(out, &[0x16, 3, 3, 0, 90, 2]));
    let cut = ask(&named(&truncated.tls_url("/")), quick());
    assert_eq!(cut, Err(FetchError::Interrupted));
}

#[test]
fn a_flaky_server_is_asked_again_only_where_that_was_said() {
    let flaky = || {
        let count = std::sync::atomic::AtomicUsize::new(0);
        Server::new(move |_, out| {
            if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) > 0 {
                write(out, &answer("200 OK", JSON, b"{}"));
            }
        })
    };
    let server = flaky();
    assert_eq!(ask(&named(&server.url("/")), quick()), Err(FetchError::Interrupted));
    let server = flaky();
    let manners = Manners { retries: 1, ..quick() };
    assert_eq!(ask(&named(&server.url("/")), manners).map(|reply| reply.status), Ok(200));
}

#[test]
fn a_proxy_is_asked_in_between_and_told_without_its_credentials() {
    let proxy = Server::new(|_, out| write(out, &answer("200 OK", JSON, b"{}")));
    let url = format!("http://me:pa55word@{}", proxy.address);
    let manners = Manners { proxies: Proxies::named(&url), ..quick() };
    let reply = ask(&Request::get(Url::parse("http://idp.acme.test/x").expect("a URL")), manners);
    let reply = reply.expect("an answer");
    assert_eq!(reply.proxy, Some(format!("http://{}/", proxy.address)));
    let asked = proxy.requests().concat();
    assert!(asked.starts_with("GET http://idp.acme.test/x HTTP/1.1"), "{asked}");
}

#[test]
fn a_recording_answers_again_without_network_and_without_secrets() {
    let server = Server::new(|_, out| {
        let headers = "Content-Type: application/json\r\nDate: Tue, 24 Nov 2026 12:00:02 GMT\r\n";
        write(out, &answer("404 Not Found", headers, b"{\"a\": 1}"));
    });
    let url = server.url("/realms/a/.well-known/openid-configuration?x=1").replace("//", "//u:pw@");
    let http = Http::new(quick(), clock);
    let recorder = Recorder::new(&http);
    let live = recorder.fetch(&named(&url)).expect("an answer");
    let refused = "http://127.0.0.1:1/";
    drop(recorder.fetch(&named(refused)));
    let files = recorder.files(clock());
    let index = files.iter().find(|(name, _)| name == "index.json").expect("an index");
    assert!(!String::from_utf8_lossy(&index.1).contains("pw"), "credentials were recorded");
    let body = |name: &str| {
        let found = files.iter().find(|(file, _)| file == name);
        found.map(|(_, bytes)| bytes.clone()).ok_or_else(|| "no file".to_owned())
    };
    let replay = Replay::new(&index.1, body).expect("a recording");
    let again = replay.fetch(&named(&url)).expect("an answer");
    assert_eq!((again.status, &again.body, again.ahead()), (404, &live.body, Some(2)));
    assert_eq!(
        replay.fetch(&named(refused)),
        Err(FetchError::Other("the connection was refused".into()))
    );
    assert_eq!(replay.fetch(&named("http://127.0.0.1:2/")), Err(FetchError::NotRecorded));
    assert_eq!(replay.at, Some(clock()));
}
