//! Answers of the network, before anybody reads what is in them.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::fetch::cards as net;
use crate::fetch::{FetchError, Reply};
use crate::oidc::cards::{jwks, oidc};
use crate::pki::Certificate;
use crate::problem::{Place, Problem};
use crate::rule::{Findings, Rule, Severity};
use crate::source::{KeyPath, Source, Span, printable};

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A discovery document.
    Discovery,
    /// A key set.
    KeySet,
    /// SAML metadata.
    Metadata,
}

impl Wanted {
    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Self::Discovery => "discovery document",
            Self::KeySet => "key set",
            Self::Metadata => "metadata",
        }
    }

    fn cards(self) -> Cards {
        match self {
            Self::Discovery => Cards {
                unreachable: &oidc::UNREACHABLE,
                tls: &oidc::BROKEN_TLS,
                status: &oidc::UNEXPECTED_STATUS,
                redirect: &oidc::REDIRECTED,
                size: &oidc::OVERSIZED,
            },
            Self::KeySet => Cards { status: &jwks::UNREACHABLE, ..NET },
            Self::Metadata => NET,
        }
    }
}

/// The cards under which one kind of document tells the same faults.
struct Cards {
    unreachable: &'static Rule,
    tls: &'static Rule,
    status: &'static Rule,
    redirect: &'static Rule,
    size: &'static Rule,
}

const NET: Cards = Cards {
    unreachable: &net::UNREACHABLE,
    tls: &net::TLS,
    status: &net::STATUS,
    redirect: &net::REDIRECT,
    size: &net::SIZE,
};

/// A question, and where its address came from.
#[derive(Clone, Debug)]
pub struct Question {
    /// What was asked for.
    pub wanted: Wanted,
    /// The address.
    pub url: Url,
    /// The setting that names it; none where the user typed it.
    pub place: Option<Place>,
    /// The id of the provider in the configuration.
    pub provider: Option<String>,
}

impl Question {
    /// A problem at the setting that names the address, or at the address itself.
    fn problem(&self, message: impl Into<String>) -> Problem {
        let at_address = || {
            let source = Arc::new(Source::new(shown(&self.url), ""));
            Place { source, span: Span::at(0), path: KeyPath::default() }
        };
        let mut problem = Problem::new(message, self.place.clone().unwrap_or_else(at_address));
        problem.provider.clone_from(&self.provider);
        if self.place.is_some() {
            problem = problem.note(format!("asked: {}", shown(&self.url)));
        }
        problem
    }
}

/// Whether nothing can be said about a configuration because of it: the world's fault.
pub fn is_undecided(rule: &Rule) -> bool {
    UNDECIDED.contains(&rule.code)
}

/// What is wrong with an answer as such; true where its body can be read on.
pub fn judge(
    question: &Question,
    answer: &Result<Reply, FetchError>,
    warn_days: i64,
    out: &mut Findings,
) -> bool {
    match answer {
        Err(error) => {
            failure(question, error, out);
            false
        }
        Ok(reply) => {
            transport(question, reply, out);
            certificate(question, reply, warn_days, out);
            clock(question, reply, out);
            redirects(question, reply, out);
            status(question, reply, out)
        }
    }
}

fn failure(question: &Question, error: &FetchError, out: &mut Findings) {
    let cards = question.wanted.cards();
    let what = question.wanted.name();
    let message = format!("the {what} cannot be had: {}", printable(&error.to_string()));
    let problem = question.problem(message);
    let (rule, remedy) = match error {
        FetchError::Tls(fault) => (cards.tls, tls_remedy(fault)),
        FetchError::TooLarge { .. } => (cards.size, "look at what the address answers"),
        FetchError::Forbidden { .. } => (
            &net::PRIVATE_ADDRESS,
            "--allow-private where the provider really stands inside your network",
        ),
        FetchError::Scheme(_) => (&net::SCHEME, "an https address"),
        FetchError::NotRecorded => (&net::NOT_RECORDED, "record again with --record DIR"),
        FetchError::UnknownHost(_) => (
            cards.unreachable,
            "look for a slip in the host's name; or this machine has no DNS or no network: --proxy URL \
             where only a proxy leads out, or ask from where the application runs",
        ),
        FetchError::Refused => (cards.unreachable, "look at the port, and whether the server runs"),
        FetchError::TimedOut { .. } => (
            cards.unreachable,
            "--timeout SECONDS for a slow server, --proxy URL where only a proxy leads out",
        ),
        FetchError::Proxy(_) => {
            (cards.unreachable, "look at the proxy's address and who may use it")
        }
        FetchError::Interrupted
        | FetchError::NotHttp
        | FetchError::Unreachable
        | FetchError::Other(_) => {
            (cards.unreachable, "ask from the machine on which the application runs")
        }
    };
    out.report(rule, problem.remedy(remedy).severity(Severity::Error));
}

fn tls_remedy(fault: &crate::fetch::TlsFault) -> &'static str {
    use crate::fetch::TlsFault as Fault;
    match fault {
        Fault::Expired => "renew the server's certificate",
        Fault::UnknownAuthority => {
            "complete the server's certificate chain, or give --ca FILE with your own authority's certificate (the application needs it too)"
        }
        Fault::WrongName => "ask under a name that the certificate holds, or get one for this name",
        Fault::NotYetValid => "look at the clock of this machine and of the server",
        Fault::NoCommonGround => "the server must offer TLS 1.2 or 1.3",
        Fault::NotTls => "look at the port: this one speaks no TLS",
        Fault::NoAuthorities => "install the ca-certificates of your system, or give --ca FILE",
        Fault::Other(_) => "look at the server's certificate",
    }
}

/// Plain http to loopback is for trying things out; anywhere else it is a hole.
fn transport(question: &Question, reply: &Reply, out: &mut Findings) {
    let url = reply.url();
    // The configuration's own rules speak of http in its settings.
    if url.scheme() != "http" || question.place.is_some() {
        return;
    }
    let is_local = matches!(url.host(), Some(url::Host::Domain("localhost" | "localhost.")))
        || matches!(url.host(), Some(url::Host::Ipv4(address)) if address.is_loopback())
        || matches!(url.host(), Some(url::Host::Ipv6(address)) if address.is_loopback());
    let severity = if is_local { Severity::Info } else { Severity::Error };
    let problem = question
        .problem(format!("the {} comes over plain http", question.wanted.name()))
        .why("anybody in between can put their own keys into it")
        .remedy("the https address")
        .severity(severity);
    out.report(&net::PLAIN_HTTP, problem);
}

fn certificate(question: &Question, reply: &Reply, warn_days: i64, out: &mut Findings) {
    let read = reply.certificate.as_deref().and_then(Certificate::from_der);
    let Some(certificate) = read else { return };
    let days = days_between(reply.at, certificate.not_after);
    if days > warn_days {
        return;
    }
    let problem = question
        .problem(format!("the server's certificate ends in {days} days"))
        .why("from then on every login fails before anything is read")
        .remedy("renew it; look why that does not happen by itself")
        .severity(Severity::Warning);
    out.report(question.wanted.cards().tls, problem);
}

fn clock(question: &Question, reply: &Reply, out: &mut Findings) {
    let Some(ahead) = reply.ahead().filter(|ahead| ahead.abs() > TOLERATED) else { return };
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    let problem = question
        .problem(format!("the provider's clock is {} s {way} this machine's", ahead.abs()))
        .why("tokens and assertions are valid for minutes: with such a difference they come too early or too late")
        .remedy("set the clocks by NTP; find out which of the two is wrong")
        .severity(if ahead.abs() > FATAL { Severity::Error } else { Severity::Warning });
    out.report(&oidc::CLOCK_DIFFERENCE, problem);
}

fn redirects(question: &Question, reply: &Reply, out: &mut Findings) {
    let Some(last) = reply.hops.last() else { return };
    let problem = question
        .problem(format!(
            "the {} stands behind a redirect to {}",
            question.wanted.name(),
            shown(last)
        ))
        .why("not every application follows, and another host is another server to trust")
        .remedy(format!("configure {}", shown(last)));
    let is_same_host = last.host_str() == reply.asked.host_str();
    let severity = if is_same_host { Severity::Info } else { Severity::Warning };
    out.report(question.wanted.cards().redirect, problem.severity(severity));
}

fn status(question: &Question, reply: &Reply, out: &mut Findings) -> bool {
    if reply.status == 200 {
        return true;
    }
    let what = question.wanted.name();
    let location = reply.location.as_deref().map(printable);
    let message = match (&location, reply.status) {
        (Some(location), 300..=399) => {
            format!("the {what} is answered with a redirect ({}) to {location}", reply.status)
        }
        (_, status) => format!("the {what} is answered with status {status}"),
    };
    let remedy = match reply.status {
        300..=399 => "configure the address at the end of the redirect",
        401 | 403 => "the document must be there for everybody: look at the server's access rules",
        404 | 410 => {
            "the path is wrong: look for a missing realm, tenant or version, or a suffix that stands twice"
        }
        429 => "the server wants fewer requests: wait, then ask again",
        500..=599 => "the server has a fault of its own: look at its log",
        _ => "compare the address with the one on the provider's page",
    };
    let rule = match reply.status {
        300..=399 => question.wanted.cards().redirect,
        _ => question.wanted.cards().status,
    };
    out.report(rule, question.problem(message).remedy(remedy).severity(Severity::Error));
    false
}

/// An address without what logs in, for output.
pub fn shown(url: &Url) -> String {
    let mut bare = url.clone();
    let is_bare = bare.set_username("").is_ok() && bare.set_password(None).is_ok();
    printable(if is_bare { bare.as_str() } else { "an address" }).into_owned()
}

/// Whole days from one instant to another.
pub fn days_between(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs().div_euclid(SignedDuration::from_hours(24).as_secs())
}

/// Seconds of difference that are told, and those that break logins (OpenID Connect Core section
/// 3.1.3.7 leaves it to the client; django-allauth allows none, python3-saml 300).
const TOLERATED: i64 = 5;
const FATAL: i64 = 300;
/// Rules that say: nobody answered.
const UNDECIDED: [&str; 7] =
    ["NET001", "NET002", "NET005", "NET009", "OIDC001", "OIDC002", "OIDC009"];
