//! One request of a recording and its answer, whichever tool recorded it.

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// One request and its answer.
#[derive(Debug, Default)]
pub(super) struct Entry<'t> {
    /// `GET`, `POST`.
    pub(super) method: &'t str,
    /// The whole address.
    pub(super) url: &'t str,
    /// What was sent in the body.
    pub(super) body: Body<'t>,
    /// When the request began, by the clock of the browser.
    pub(super) started: Option<Timestamp>,
    /// How long it took, in milliseconds.
    pub(super) took: f64,
    /// The status of the answer; none where there was no answer.
    pub(super) status: Option<u16>,
    /// Words of the answer's page that tell of a failure.
    pub(super) failure: Option<&'static str>,
    /// Header fields of the request.
    pub(super) sent: Vec<(&'t str, &'t str)>,
    /// Header fields of the answer.
    pub(super) answered: Vec<(&'t str, &'t str)>,
    /// Names of the cookies that were sent, where the recording lists them by themselves.
    pub(super) cookies: Vec<&'t str>,
}

/// The body of a request.
#[derive(Debug, Default)]
pub(super) enum Body<'t> {
    /// None, or none that was recorded.
    #[default]
    None,
    /// As it was sent.
    Text(&'t str),
    /// Taken apart and decoded.
    Fields(Vec<(&'t str, &'t str)>),
}

impl<'t> Entry<'t> {
    /// The host that it went to, with its port.
    pub(super) fn host(&self) -> &'t str {
        host(self.url)
    }

    /// The time of the answer by the clock of who answered.
    pub(super) fn date(&self) -> Option<Timestamp> {
        let date = header(&self.answered, "date")?;
        rfc2822::parse(date).ok().map(|date| date.timestamp())
    }

    /// The host of the page that sent it, as its header fields say.
    pub(super) fn sender_host(&self) -> Option<&'t str> {
        let named = |name| header(&self.sent, name).map(host).filter(|host| !host.is_empty());
        named("origin").or_else(|| named("referer"))
    }

    /// Names of all cookies that were sent.
    pub(super) fn sent_cookies(&self) -> Vec<&'t str> {
        let headers = self.sent.iter().filter(|(name, _)| name.eq_ignore_ascii_case("cookie"));
        let pairs = headers.flat_map(|(_, value)| value.split(';'));
        let names = pairs.filter_map(|pair| Some(pair.split_once('=')?.0.trim()));
        names.chain(self.cookies.iter().copied()).collect()
    }
}

/// The first header field of a name.
pub(super) fn header<'t>(fields: &[(&'t str, &'t str)], name: &str) -> Option<&'t str> {
    fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| *value)
}

/// The host of an address, with its port.
pub(super) fn host(url: &str) -> &str {
    let behind = url.split_once("://").map_or("", |(_, behind)| behind);
    let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}
