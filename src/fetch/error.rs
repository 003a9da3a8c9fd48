//! What keeps an answer away.

use std::error::Error;
use std::fmt;
use std::io;
use std::net::IpAddr;

use crate::fetch::address::Standing;
use crate::fetch::tls;

/// Why there is no answer. Each says whose fault it may be and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FetchError {
    /// The address stands where nobody sent us: the target is another one, or it is meant.
    Forbidden {
        /// The host that was asked.
        host: String,
        /// The address of it.
        address: IpAddr,
        /// Where that stands.
        standing: Standing,
    },
    /// The connection ended before the answer did.
    Interrupted,
    /// What came is no HTTP.
    NotHttp,
    /// Nothing was recorded of this address.
    NotRecorded,
    /// The proxy does not let us through.
    Proxy(String),
    /// The server, or a wall before it, refuses connections.
    Refused,
    /// Only `http` and `https` can be asked.
    Scheme(String),
    /// The time is over: while connecting, or while waiting for the rest.
    TimedOut {
        /// Whether a connection stood.
        is_connected: bool,
    },
    /// TLS could not be agreed upon.
    Tls(TlsFault),
    /// More bytes than the ceiling.
    TooLarge {
        /// The ceiling.
        most: usize,
    },
    /// No such name, or nobody who knows.
    UnknownHost(String),
    /// No way leads there.
    Unreachable,
    /// Anything else, in the words of the system.
    Other(String),
}

/// What is wrong with a server's TLS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TlsFault {
    /// The certificate's time is over.
    Expired,
    /// Nobody here trusts who issued the certificate.
    UnknownAuthority,
    /// The certificate names other hosts.
    WrongName,
    /// The certificate's time has not come.
    NotYetValid,
    /// Neither version nor cipher is common to both.
    NoCommonGround,
    /// The other side speaks no TLS at this port.
    NotTls,
    /// No certificates of authorities are installed here.
    NoAuthorities,
    /// Anything else, in the words of the library.
    Other(String),
}

impl FetchError {
    /// Whether asking again may help.
    pub(super) fn may_pass(&self) -> bool {
        matches!(
            self,
            Self::Interrupted | Self::Refused | Self::TimedOut { .. } | Self::UnknownHost(_)
        )
    }

    /// What a failed request of the HTTP library comes from: the innermost cause that we know.
    pub(super) fn of(error: &reqwest::Error, host: &str) -> Self {
        let causes = || chain(error);
        if let Some(fault) = causes().find_map(tls::fault) {
            return Self::Tls(fault);
        }
        if error.is_timeout() {
            return Self::TimedOut { is_connected: !error.is_connect() };
        }
        let mut failures = causes().filter_map(|cause| cause.downcast_ref::<io::Error>());
        if let Some(known) = failures.find_map(|failure| of_io(failure.kind())) {
            return known;
        }
        let innermost = causes().last().map(ToString::to_string).unwrap_or_default();
        let is = |words: &str| causes().any(|cause| cause.to_string().contains(words));
        if is("tunnel") || is("proxy") {
            return Self::Proxy(innermost);
        }
        if is("dns error") || is("failed to lookup") {
            return Self::UnknownHost(host.to_owned());
        }
        if is("connection closed before message completed") || is("incomplete") {
            return Self::Interrupted;
        }
        if is("invalid HTTP") || is("parse") {
            return Self::NotHttp;
        }
        Self::Other(innermost)
    }

    /// What an input or output that failed comes from.
    pub(super) fn of_io(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<reqwest::Error>());
        match inner {
            Some(inner) => Self::of(inner, ""),
            None => of_io(error.kind()).unwrap_or_else(|| Self::Other(error.to_string())),
        }
    }
}

/// An error and what it comes from, the outermost first.
fn chain<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |error| next(*error))
}

/// What an error comes from. One of input or output hides the error that it wraps from `source`.
fn next<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

fn of_io(kind: io::ErrorKind) -> Option<FetchError> {
    use io::ErrorKind as Kind;
    Some(match kind {
        Kind::ConnectionRefused => FetchError::Refused,
        Kind::ConnectionReset
        | Kind::ConnectionAborted
        | Kind::BrokenPipe
        | Kind::UnexpectedEof => FetchError::Interrupted,
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => {
            FetchError::Unreachable
        }
        Kind::TimedOut | Kind::WouldBlock => FetchError::TimedOut { is_connected: true },
        _ => return None,
    })
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forbidden { host, address, standing } => {
                write!(f, "{host} is {address}, a {} address", standing.name())
            }
            Self::Interrupted => f.write_str("the connection ended before the answer did"),
            Self::NotHttp => f.write_str("the answer is no HTTP"),
            Self::NotRecorded => f.write_str("nothing was recorded of this address"),
            Self::Proxy(why) => write!(f, "the proxy does not let us through: {why}"),
            Self::Refused => f.write_str("the connection was refused"),
            Self::Scheme(scheme) => write!(f, "{scheme}: addresses cannot be asked"),
            Self::TimedOut { is_connected: false } => f.write_str("no connection in time"),
            Self::TimedOut { is_connected: true } => f.write_str("no whole answer in time"),
            Self::Tls(fault) => fault.fmt(f),
            Self::TooLarge { most } => write!(f, "the answer is larger than {most} bytes"),
            Self::UnknownHost(host) => write!(f, "no host is called {host}"),
            Self::Unreachable => f.write_str("no way leads to the host"),
            Self::Other(why) => f.write_str(why),
        }
    }
}

impl fmt::Display for TlsFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Expired => "the server's certificate is past its date",
            Self::UnknownAuthority => "the server's certificate is from an authority unknown here",
            Self::WrongName => "the server's certificate is for other hosts",
            Self::NotYetValid => "the server's certificate is not valid yet",
            Self::NoCommonGround => "the server offers no version of TLS that is safe",
            Self::NotTls => "the server speaks no TLS at this port",
            Self::NoAuthorities => "no certificates of authorities are installed here",
            Self::Other(why) => return write!(f, "TLS failed: {why}"),
        })
    }
}

impl Error for FetchError {}
