//! `check --probe`: what is sent is told before, the secret goes to a named origin alone, and what an
//! answer does not say is no error.

use std::io::{Error, ErrorKind, Write};
use std::sync::Arc;

use serde_json::{Value, json};
use ssoctl::world::{Interrupt, Network, Terminal, World};
use tempfile::TempDir;

use crate::run::{NOW, Run, ssoctl, write};
use crate::server::{Server, answer};

const SECRET: &str = "tB7wJ3xC9nF5hL2d";
const BASE: &str = "https://cvat.acme.test";
const CALLBACK: &str = "https://cvat.acme.test/api/auth/oidc/local/login/callback/";
const OWN: &str =
    "redirect_uri=https%3A%2F%2Fcvat.acme.test%2Fapi%2Fauth%2Foidc%2Flocal%2Flogin%2Fcallback%2F";
const KEYS: &str = r#"{"keys": [{"kty": "EC", "crv": "P-256", "kid": "one", "use": "sig",
  "alg": "ES256", "x": "axfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY",
  "y": "T-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"}]}"#;

/// What an endpoint does: status, location and body of its answer to a request.
type Endpoint = dyn Fn(&str) -> (&'static str, Option<String>, String) + Send + Sync;

/// A provider, and what can be wrong with it.
#[derive(Clone)]
struct Provider {
    authorize: Arc<Endpoint>,
    token: Arc<Endpoint>,
    /// Where the token endpoint is, when it is not here.
    token_endpoint: Option<String>,
    methods: Value,
}

impl Provider {
    /// One that has the client on record, with its redirect URI and its secret.
    fn honest() -> Self {
        Self {
            authorize: Arc::new(|request| {
                if request.contains("client_id=cvat&") && request.contains(OWN) {
                    at(CALLBACK, "error=login_required&state=ssoctl-probe")
                } else {
                    page("400 Bad Request")
                }
            }),
            token: Arc::new(|request| {
                refusal(if request.contains(SECRET) { "invalid_grant" } else { "invalid_client" })
            }),
            token_endpoint: None,
            methods: json!(["client_secret_basic", "client_secret_post"]),
        }
    }

    fn authorizing(
        self,
        endpoint: impl Fn(&str) -> (&'static str, Option<String>, String) + Send + Sync + 'static,
    ) -> Self {
        Self { authorize: Arc::new(endpoint), ..self }
    }

    fn redeeming(
        self,
        endpoint: impl Fn(&str) -> (&'static str, Option<String>, String) + Send + Sync + 'static,
    ) -> Self {
        Self { token: Arc::new(endpoint), ..self }
    }

    fn start(self) -> Server {
        Server::new(move |head, out| {
            let host = head.split("host: ").nth(1).and_then(|rest| rest.split("\r\n").next());
            let base = format!("http://{}", host.unwrap_or_default());
            let path = head.split([' ', '?']).nth(1).unwrap_or_default();
            let token = self.token_endpoint.clone().unwrap_or_else(|| format!("{base}/token"));
            let (status, location, body) = match path {
                "/.well-known/openid-configuration" => (
                    "200 OK",
                    None,
                    json!({
                        "issuer": base,
                        "authorization_endpoint": format!("{base}/authorize"),
                        "token_endpoint": token,
                        "userinfo_endpoint": format!("{base}/userinfo"),
                        "jwks_uri": format!("{base}/keys"),
                        "response_types_supported": ["code"],
                        "subject_types_supported": ["public"],
                        "id_token_signing_alg_values_supported": ["ES256"],
                        "scopes_supported": ["openid"],
                        "token_endpoint_auth_methods_supported": self.methods,
                        "code_challenge_methods_supported": ["S256"],
                    })
                    .to_string(),
                ),
                "/keys" => ("200 OK", None, KEYS.to_owned()),
                "/authorize" => (self.authorize)(head),
                "/token" => (self.token)(head),
                _ => page("404 Not Found"),
            };
            let location = location.map_or_else(String::new, |to| format!("Location: {to}\r\n"));
            let headers = format!("Content-Type: application/json\r\n{location}");
            drop(out.write_all(&answer(status, &headers, body.as_bytes())));
        })
    }
}

fn at(uri: &str, parameters: &str) -> (&'static str, Option<String>, String) {
    ("302 Found", Some(format!("{uri}?{parameters}")), String::new())
}

fn page(status: &'static str) -> (&'static str, Option<String>, String) {
    (status, None, "<!DOCTYPE html><html>sorry</html>".to_owned())
}

fn refusal(error: &str) -> (&'static str, Option<String>, String) {
    let status = if error == "invalid_client" { "401 Unauthorized" } else { "400 Bad Request" };
    (
        status,
        None,
        json!({"error": error, "error_description": format!("you sent {SECRET}")}).to_string(),
    )
}

/// A configuration with further lines for all providers and for this one.
fn configuration(server_url: &str, switches: &str, lines: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "sso:\n  enabled: true\n  selection_mode: email_address\n{switches}  identity_providers:\n    \
         - id: local\n      name: Local\n      protocol: OIDC\n      server_url: {server_url}\n      \
         client_id: cvat\n      client_secret: \"{SECRET}\"\n      email_domain: acme.test\n{lines}"
    );
    write(&folder.path().join("auth_config.yml"), text.as_bytes(), 0o600);
    folder
}

fn path(folder: &TempDir) -> String {
    folder.path().join("auth_config.yml").to_str().expect("UTF-8").to_owned()
}

fn probe(server: &Server, switches: &str, lines: &str) -> Run {
    let folder = configuration(&server.url(""), switches, lines);
    let run = ssoctl(&[
        "check",
        "--probe",
        "--allow-private",
        "--base-url",
        BASE,
        "--format",
        "json",
        &path(&folder),
    ]);
    assert!(
        !run.stdout.contains(SECRET) && !run.stderr.contains(SECRET),
        "{}{}",
        run.stdout,
        run.stderr
    );
    run
}

/// The findings of probes: code and severity.
fn found(run: &Run) -> Vec<(String, String)> {
    let report: Value = serde_json::from_str(&run.stdout)
        .unwrap_or_else(|_| panic!("{} {}", run.stdout, run.stderr));
    let findings = report["findings"].as_array().expect("a list").iter();
    let text = |one: &Value, name: &str| one[name].as_str().expect("text").to_owned();
    let all = findings.map(|one| (text(one, "code"), text(one, "severity")));
    let mut all: Vec<_> = all.filter(|(code, _)| code.starts_with("OIDC4")).collect();
    all.sort();
    all
}

fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|(code, severity)| ((*code).to_owned(), (*severity).to_owned())).collect()
}

/// The requests that are probes.
fn probes(server: &Server) -> Vec<String> {
    let all = server.requests().into_iter();
    all.filter(|request| request.contains(" /authorize") || request.contains(" /token")).collect()
}

#[test]
fn nothing_is_probed_and_no_secret_is_sent_unless_that_is_asked_for() {
    let server = Provider::honest().start();
    let folder = configuration(&server.url(""), "", "");
    let run = ssoctl(&["check", "--allow-private", "--base-url", BASE, &path(&folder)]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert!(probes(&server).is_empty());
    assert!(server.requests().iter().all(|request| !request.contains(SECRET)));
}

#[test]
fn a_client_on_record_gives_no_error_and_each_request_is_told() {
    let server = Provider::honest().start();
    let run = probe(&server, "  enable_pkce: true\n", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC407", "info")])));
    let sent = probes(&server);
    assert_eq!(sent.len(), 4, "{sent:?}");
    let told: Vec<&str> = run.stderr.lines().collect();
    assert_eq!(told.len(), sent.len(), "{}", run.stderr);
    for (line, request) in told.iter().zip(&sent) {
        let (verb, rest) = request.split_once(' ').expect("a request line");
        let path = rest.split([' ', '?']).next().expect("a path");
        let start = format!("probe of local: {verb} {}:", server.url(path));
        assert!(line.starts_with(&start), "{line} for {request}");
    }
    let with_secret: Vec<&String> = sent.iter().filter(|one| one.contains(SECRET)).collect();
    assert_eq!(with_secret.len(), 1);
    assert!(with_secret[0].starts_with("POST /token"), "{with_secret:?}");
    let told = |part: &str| sent.iter().filter(|request| request.contains(part)).count();
    assert_eq!(
        (told("prompt=none"), told("code_challenge="), told("ssoctl-probe.invalid")),
        (3, 2, 1)
    );
}

#[test]
fn the_promise_is_kept_in_silence_too() {
    let server = Provider::honest().start();
    let folder = configuration(&server.url(""), "", "");
    let run =
        ssoctl(&["check", "-q", "--probe", "--allow-private", "--base-url", BASE, &path(&folder)]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert_eq!(run.stderr.lines().filter(|line| line.starts_with("probe of local: ")).count(), 4);
}

#[test]
fn a_wrong_secret_is_an_error_and_is_tried_in_both_ways() {
    let server = Provider::honest().redeeming(|_| refusal("invalid_client")).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (1, pairs(&[("OIDC401", "error"), ("OIDC407", "info")])));
    let tried = probes(&server).into_iter().filter(|one| one.starts_with("POST")).count();
    assert_eq!(tried, 2);
    let alone = Provider { methods: json!(["client_secret_post"]), ..Provider::honest() };
    let server = alone.redeeming(|_| refusal("invalid_client")).start();
    probe(&server, "", "");
    assert_eq!(probes(&server).into_iter().filter(|one| one.starts_with("POST")).count(), 1);
}

#[test]
fn a_client_of_the_other_method_is_told_from_a_wrong_secret() {
    let header_alone = |request: &str| {
        let is_basic = request.to_ascii_lowercase().contains("authorization: basic ");
        refusal(if is_basic { "invalid_grant" } else { "invalid_client" })
    };
    let server = Provider::honest().redeeming(header_alone).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC402", "warning"), ("OIDC407", "info")])));
    let run = probe(&server, "", "      token_auth_method: client_secret_basic\n");
    assert_eq!(found(&run), pairs(&[("OIDC407", "info")]));
}

#[test]
fn no_secret_goes_to_an_origin_that_the_configuration_does_not_name() {
    let elsewhere = Server::new(|_, out| drop(out.write_all(&answer("200 OK", "", b"{}"))));
    let provider = Provider { token_endpoint: Some(elsewhere.url("/token")), ..Provider::honest() };
    let server = provider.start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC407", "info"), ("OIDC410", "info")])));
    assert_eq!(elsewhere.connections(), 0);
    assert!(server.requests().iter().all(|request| !request.contains(SECRET)));
    let not_sent =
        run.stderr.lines().find(|line| line.starts_with("not probed, local: credentials: "));
    assert!(not_sent.is_some_and(|line| line.contains(&elsewhere.url(""))), "{}", run.stderr);
}

#[test]
fn no_redirect_is_followed_with_or_without_the_secret() {
    let elsewhere = Server::new(|_, out| drop(out.write_all(&answer("200 OK", "", b"{}"))));
    let (to, too) = (elsewhere.url("/login"), elsewhere.url("/token"));
    let server = Provider::honest()
        .authorizing(move |_| at(&to, "next=1"))
        .redeeming(move |_| ("307 Temporary Redirect", Some(too.clone()), String::new()))
        .start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC410", "info"), ("OIDC410", "info")])));
    assert_eq!(elsewhere.connections(), 0);
}

#[test]
fn an_error_page_is_a_guess_and_a_page_for_everything_decides_nothing() {
    let server = Provider::honest().authorizing(|_| page("400 Bad Request")).start();
    assert_eq!(found(&probe(&server, "", "")), pairs(&[("OIDC404", "warning")]));
    let server = Provider::honest().authorizing(|_| page("200 OK")).start();
    assert_eq!(found(&probe(&server, "", "")), pairs(&[("OIDC410", "info")]));
    let server = Provider::honest().authorizing(|_| page("429 Too Many Requests")).start();
    assert_eq!(found(&probe(&server, "", "")), pairs(&[("OIDC410", "info")]));
    let login_page =
        |request: &str| page(if request.contains(OWN) { "200 OK" } else { "400 Bad Request" });
    let server = Provider::honest().authorizing(login_page).start();
    assert_eq!(found(&probe(&server, "", "")), vec![]);
}

#[test]
fn an_answer_at_an_address_that_nobody_registered_is_an_open_redirect() {
    let open = |request: &str| {
        let uri =
            request.split("redirect_uri=").nth(1).and_then(|rest| rest.split(['&', ' ']).next());
        let uri = uri.unwrap_or_default().replace("%3A", ":").replace("%2F", "/");
        at(&uri, "error=login_required")
    };
    let server = Provider::honest().authorizing(open).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (1, pairs(&[("OIDC405", "error"), ("OIDC407", "info")])));
    let bare = ssoctl(&["check", "--probe", "--format", "json", &server.url("")]);
    assert_eq!((bare.code, &found(&bare)[0]), (1, &pairs(&[("OIDC405", "error")])[0]));
}

#[test]
fn an_issuer_without_a_client_is_probed_for_open_redirects_alone() {
    let server = Provider::honest().start();
    let run = ssoctl(&["check", "--probe", &server.url("")]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    assert_eq!(probes(&server).len(), 1);
    assert!(run.stdout.contains("other redirect  ok      nothing is sent there"), "{}", run.stdout);
    for what in ["credentials", "redirect", "pkce"] {
        assert!(
            run.stderr.contains(&format!(": {what}: no configuration names a client")),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn pkce_that_is_demanded_and_not_sent_is_an_error_and_only_then() {
    let demanding =
        |request: &str| match (request.contains(OWN), request.contains("code_challenge=")) {
            (false, _) => page("400 Bad Request"),
            (true, false) => at(CALLBACK, "error=invalid_request"),
            (true, true) => at(CALLBACK, "error=login_required"),
        };
    let server = Provider::honest().authorizing(demanding).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (1, pairs(&[("OIDC406", "error")])));
    let run = probe(&server, "  enable_pkce: true\n", "");
    assert_eq!((run.code, found(&run)), (0, vec![]));
}

#[test]
fn other_refusals_at_the_redirect_uri_are_told_by_their_names() {
    for (error, code) in [
        ("invalid_scope", ("OIDC408", "warning")),
        ("invalid_request", ("OIDC408", "warning")),
        ("unauthorized_client", ("OIDC403", "warning")),
        ("temporarily_unavailable", ("OIDC410", "info")),
    ] {
        let answer = move |request: &str| {
            if request.contains(OWN) {
                at(CALLBACK, &format!("error={error}"))
            } else {
                page("400 Bad Request")
            }
        };
        let server = Provider::honest().authorizing(answer).start();
        assert_eq!(found(&probe(&server, "", "")), pairs(&[code]), "{error}");
    }
}

#[test]
fn what_the_token_endpoint_says_of_something_else_decides_nothing() {
    for answer in
        [refusal("invalid_request"), page("404 Not Found"), page("200 OK"), refusal("slow_down")]
    {
        let server = Provider::honest().redeeming(move |_| answer.clone()).start();
        let run = probe(&server, "", "");
        assert_eq!(
            (run.code, found(&run)),
            (0, pairs(&[("OIDC407", "info"), ("OIDC410", "info")]))
        );
    }
    let refused = ("500 Internal Server Error", None, r#"{"error": "invalid_client"}"#.to_owned());
    let server = Provider::honest().redeeming(move |_| refused.clone()).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC401", "warning"), ("OIDC407", "info")])));
}

#[test]
fn tokens_for_an_invented_code_are_an_error_and_are_not_shown() {
    let tokens =
        ("200 OK", None, r#"{"access_token": "hush-hush", "token_type": "Bearer"}"#.to_owned());
    let server = Provider::honest().redeeming(move |_| tokens.clone()).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (1, pairs(&[("OIDC407", "info"), ("OIDC409", "error")])));
    assert!(!run.stdout.contains("hush-hush"));
}

#[test]
fn without_a_base_url_the_redirect_uri_is_not_guessed() {
    let server = Provider::honest().start();
    let folder = configuration(&server.url(""), "", "");
    let run = ssoctl(&["check", "--probe", "--allow-private", "--format", "json", &path(&folder)]);
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC410", "info")])));
    assert!(run.stderr.contains("give --base-url"), "{}", run.stderr);
    assert_eq!(probes(&server).len(), 2);
}

#[test]
fn probes_are_not_recorded_and_do_not_go_with_a_recording() {
    let server = Provider::honest().start();
    let folder = configuration(&server.url(""), "", "");
    let kept = folder.path().join("kept");
    let name = kept.to_str().expect("UTF-8");
    let run = ssoctl(&[
        "check",
        "--probe",
        "--allow-private",
        "--base-url",
        BASE,
        "--record",
        name,
        &path(&folder),
    ]);
    assert_eq!(run.code, 0, "{}", run.stdout);
    for entry in std::fs::read_dir(&kept).expect("a folder") {
        let text = std::fs::read_to_string(entry.expect("an entry").path()).expect("a text");
        assert!(
            !text.contains(SECRET)
                && !text.contains("/authorize?")
                && !text.contains("invalid_grant"),
            "{text}"
        );
    }
    let refused = ssoctl(&["check", "--probe", "--replay", name, &path(&folder)]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("--replay"), "{}", refused.stderr);
}

/// A stream that takes nothing.
struct Full;

impl Write for Full {
    fn write(&mut self, _: &[u8]) -> Result<usize, Error> {
        Err(ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> Result<(), Error> {
        Ok(())
    }
}

#[test]
fn what_cannot_be_told_is_not_sent() {
    let server = Provider::honest().start();
    let folder = configuration(&server.url(""), "", "");
    let mut world = World {
        now: NOW.parse().expect("an instant"),
        stdin: Box::new(&b""[..]),
        stdout: Box::new(Vec::new()),
        stderr: Box::new(Full),
        terminal: Terminal::default(),
        interrupt: Interrupt::default(),
        network: Network::default(),
    };
    let path = path(&folder);
    let arguments = ["ssoctl", "check", "--probe", "--allow-private", "--base-url", BASE, &path];
    let code = ssoctl::cli::run(arguments.into_iter().map(std::ffi::OsString::from), &mut world);
    assert_eq!(code, 2);
    assert!(probes(&server).is_empty());
}

#[test]
fn a_login_page_for_everything_is_no_error_page() {
    let login = |status| (status, None, "<html><input type=\"password\">".to_owned());
    for answer in [login("401 Unauthorized"), login("400 Bad Request"), page("401 Unauthorized")] {
        let server = Provider::honest().authorizing(move |_| answer.clone()).start();
        let run = probe(&server, "", "");
        assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC410", "info")])));
        assert!(run.stdout.contains("after a login it may be"), "{}", run.stdout);
    }
}

#[test]
fn providers_with_words_of_their_own_are_understood_and_not_believed_further() {
    let own = |request: &str| {
        let error = if request.contains(SECRET) { "invalid_code" } else { "unauthorized_client" };
        ("403 Forbidden", None, json!({ "error": error }).to_string())
    };
    let server = Provider::honest().redeeming(own).start();
    assert_eq!(found(&probe(&server, "", "")), pairs(&[("OIDC407", "info")]));
    let server = Provider::honest().redeeming(|_| refusal("unauthorized_client")).start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC401", "warning"), ("OIDC407", "info")])));
}

#[test]
fn a_wrong_redirect_uri_is_not_told_as_a_wrong_secret() {
    let server = Provider::honest()
        .authorizing(|_| page("403 Forbidden"))
        .redeeming(|_| refusal("unauthorized_client"))
        .start();
    let run = probe(&server, "", "");
    assert_eq!((run.code, found(&run)), (0, pairs(&[("OIDC404", "warning"), ("OIDC410", "info")])));
}

#[test]
fn of_an_application_whose_library_is_not_known_nothing_is_an_error_that_is_a_guess() {
    let demanding = |request: &str| match request.contains("ssoctl-probe.invalid") {
        true => page("400 Bad Request"),
        false if request.contains("code_challenge=") => {
            at("https://clearml.acme.test/callback_keycloak", "error=login_required")
        }
        false => at("https://clearml.acme.test/callback_keycloak", "error=invalid_request"),
    };
    let provider = Provider::honest().authorizing(demanding);
    let server = provider.redeeming(|_| refusal("invalid_client")).start();
    let folder = tempfile::tempdir().expect("a folder");
    let (secure, services) = (
        "CLEARML__secure__login__sso__oauth_client__keycloak__",
        "CLEARML__services__login__sso__oauth_client__keycloak__",
    );
    let text = format!(
        "{secure}client_id='\"clearml\"'\n{secure}client_secret='\"{SECRET}\"'\n\
         {secure}default_company='\"d1bd92a3b039400cbafc60a7a5b1e52b\"'\n\
         {services}authorize_url='\"{0}authorize\"'\n{services}access_token_url='\"{0}token\"'\n\
         {services}base_url='\"{0}\"'\n",
        server.url("/")
    );
    let file = folder.path().join("clearml.env");
    write(&file, text.as_bytes(), 0o600);
    let base = "https://clearml.acme.test";
    let file = file.to_str().expect("UTF-8");
    let run = ssoctl(&[
        "check",
        "--probe",
        "--app",
        "clearml",
        "--allow-private",
        "--base-url",
        base,
        "--format",
        "json",
        file,
    ]);
    assert!(!run.stdout.contains(SECRET) && !run.stderr.contains(SECRET));
    assert_eq!(
        found(&run),
        pairs(&[("OIDC401", "warning"), ("OIDC406", "warning")]),
        "{}",
        run.stderr
    );
}
