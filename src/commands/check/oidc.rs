//! One OpenID Connect provider: its discovery document and its keys, asked and judged.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::deployment::Saved;
use crate::fetch::{Fetch, FetchError, Reply, Request};
use crate::idps;
use crate::libraries::allauth::DISCOVERY_SUFFIX;
use crate::oidc::candidates::candidates;
use crate::oidc::cards::{jwks as key_cards, oidc as cards};
use crate::oidc::{discovery, jwks};
use crate::problem::{Place, Problem};
use crate::report::Seen;
use crate::rule::{Findings, Severity};
use crate::rules::answers::{self, Question, Wanted, shown};
use crate::rules::oidc::{Document, KeySet, Profile, judge_discovery, judge_keys};
use crate::source::{KeyPath, Source, Span, printable};
use crate::syntax::json;

/// What is asked, and for whom.
pub(super) struct Asked<'a> {
    /// Who answers.
    pub(super) net: &'a dyn Fetch,
    /// What it is called in the view.
    pub(super) label: String,
    /// The address of the discovery document.
    pub(super) url: Url,
    /// The issuer that it is asked for.
    pub(super) issuer: String,
    /// The setting that names it; none where the user typed it.
    pub(super) place: Option<Place>,
    /// The id of the provider in a configuration.
    pub(super) provider: Option<String>,
    /// The application that reads it.
    pub(super) profile: Option<Profile>,
    /// Days ahead for certificates of servers.
    pub(super) warn_days: i64,
    /// The instant of judgement.
    pub(super) at: Timestamp,
}

/// What came of it.
#[derive(Default)]
pub(super) struct Told {
    /// Lines of the view.
    pub(super) seen: Vec<Seen>,
    /// What is wrong.
    pub(super) findings: Findings,
    /// The discovery document: its address and text.
    pub(super) discovery: Option<(String, Arc<str>)>,
    /// The key set: its address and text.
    pub(super) keys: Option<(String, Arc<str>)>,
}

/// Asks for the document and for the keys that it names.
pub(super) fn ask(asked: &Asked<'_>) -> Told {
    let mut told = Told::default();
    let question = asked.question(Wanted::Discovery, asked.url.clone());
    let answer = asked.net.fetch(&asked.request(asked.url.clone()));
    let is_readable = answers::judge(&question, &answer, asked.warn_days, &mut told.findings);
    let reply = match answer {
        Ok(reply) => reply,
        Err(error) => {
            let says = told.findings.0.last().map(|one| one.problem.message.clone());
            told.seen.push(asked.line("discovery", false, says.unwrap_or_default(), None));
            let is_wrong_host = matches!(error, FetchError::UnknownHost(_));
            perhaps(asked, is_wrong_host, &mut told.findings);
            return told;
        }
    };
    let text = reply.text().filter(|_| is_readable).map(Arc::<str>::from);
    let read = text.as_deref().map(discovery::Discovery::read);
    match (text, read) {
        (Some(text), Some(Ok(document))) => {
            judge_text(asked, &text, &reply, &mut told.findings);
            content_type(asked, &reply, &mut told.findings);
            slow(asked, &reply, &mut told.findings);
            told.discovery = Some((reply.url().to_string(), Arc::clone(&text)));
            let says = summary(&document);
            told.seen.push(asked.line("discovery", true, says, Some(&reply)));
            keys(asked, &document, &mut told);
            other_form(asked, &document, &mut told);
            clock(asked, &reply, &mut told);
        }
        (_, read) => {
            let what = match read {
                Some(Err(unreadable)) => unreadable.to_string(),
                _ => format!("status {}", reply.status),
            };
            told.seen.push(asked.line("discovery", false, what.clone(), Some(&reply)));
            instead(asked, is_readable, &what, &mut told.findings);
            path(asked, &mut told.findings);
        }
    }
    told
}

impl Asked<'_> {
    fn question(&self, wanted: Wanted, url: Url) -> Question {
        Question { wanted, url, place: self.place.clone(), provider: self.provider.clone() }
    }

    fn request(&self, url: Url) -> Request {
        let mut request = Request::get(url);
        request.is_named_by_user = self.place.is_none();
        // A bare address may move; an application's own request is what its library does.
        request.hops = if self.place.is_none() { HOPS } else { 0 };
        request.most = LARGEST;
        request
    }

    fn line(&self, what: &str, ok: bool, says: String, reply: Option<&Reply>) -> Seen {
        Seen {
            of: self.label.clone(),
            what: what.to_owned(),
            ok,
            says,
            url: reply.map(|reply| shown(reply.url())),
            milliseconds: reply
                .map(|reply| u64::try_from(reply.took.as_millis()).unwrap_or(u64::MAX)),
        }
    }

    fn problem(&self, message: String, url: &Url) -> Problem {
        let at_address = || {
            let source = Arc::new(Source::new(shown(url), ""));
            Place { source, span: Span::at(0), path: KeyPath::default() }
        };
        let place = self.place.clone().unwrap_or_else(at_address);
        let mut problem = Problem::new(message, place);
        problem.provider.clone_from(&self.provider);
        problem
    }
}

fn judge_text(asked: &Asked<'_>, text: &Arc<str>, reply: &Reply, out: &mut Findings) {
    let Ok(json) = json::read(text, &LIMITS) else { return };
    let Some(root) = json.tree.root() else { return };
    let source = Saved::discovery(&shown(reply.url()), Arc::clone(text)).source;
    let document = Document {
        source: &source,
        root,
        asked: Some(&asked.issuer),
        idp: idps::recognise(&asked.issuer),
        profile: asked.profile.as_ref(),
        provider: asked.provider.as_deref(),
    };
    judge_discovery(&document, out);
}

fn content_type(asked: &Asked<'_>, reply: &Reply, out: &mut Findings) {
    let kind = reply.content_type.as_deref().unwrap_or_default();
    if kind.split(';').next().unwrap_or_default().trim().ends_with("json") {
        return;
    }
    let message = match kind {
        "" => "the answer does not say what it is".to_owned(),
        kind => format!("the answer is JSON and says that it is {}", printable(kind)),
    };
    let problem = asked.problem(message, reply.url()).why("strict clients refuse it");
    out.report(&cards::WRONG_CONTENT_TYPE, problem.remedy("Content-Type: application/json"));
}

/// The keys that the document names.
fn keys(asked: &Asked<'_>, document: &discovery::Discovery, told: &mut Told) {
    let named = document.jwks_uri.as_ref().and_then(|uri| Url::parse(&uri.value).ok());
    let Some(url) = named else { return };
    let listed = document.id_token_signing_alg_values_supported.iter().flatten();
    let algorithms: Vec<String> = listed.map(|one| one.value.clone()).collect();
    key_set(asked, &url, (!algorithms.is_empty()).then_some(algorithms), told);
}

/// The key set at an address.
pub(super) fn key_set(
    asked: &Asked<'_>,
    url: &Url,
    algorithms: Option<Vec<String>>,
    told: &mut Told,
) {
    let question = asked.question(Wanted::KeySet, url.clone());
    let answer = asked.net.fetch(&asked.request(url.clone()));
    let is_readable = answers::judge(&question, &answer, asked.warn_days, &mut told.findings);
    let Ok(reply) = answer else {
        let says = told.findings.0.last().map(|one| one.problem.message.clone());
        told.seen.push(asked.line("keys", false, says.unwrap_or_default(), None));
        return;
    };
    let text = reply.text().filter(|_| is_readable).map(Arc::<str>::from);
    match (text.as_deref().map(jwks::Jwks::read), text) {
        (Some(Ok(set)), Some(text)) => {
            let source = Saved::key_set(&shown(reply.url()), Arc::clone(&text)).source;
            if let Ok(json) = json::read(&text, &LIMITS)
                && let Some(root) = json.tree.root()
            {
                let subject = KeySet {
                    source: &source,
                    root,
                    algorithms,
                    idp: idps::recognise(&asked.issuer),
                    provider: asked.provider.as_deref(),
                    at: asked.at,
                };
                judge_keys(&subject, &mut told.findings);
            }
            told.keys = Some((reply.url().to_string(), text));
            let says = counted(set.keys.len());
            told.seen.push(asked.line("keys", true, says, Some(&reply)));
        }
        (read, _) => {
            let what = match read {
                Some(Err(unreadable)) => unreadable.to_string(),
                _ => format!("status {}", reply.status),
            };
            told.seen.push(asked.line("keys", false, what.clone(), Some(&reply)));
            if is_readable {
                let message = format!("the key set is none: {what}");
                let problem = asked.problem(message, url).why("no ID token can be verified");
                told.findings.report(&key_cards::NOT_KEY_SET, problem);
            }
        }
    }
}

/// The difference of the clocks, told where there is one worth a line.
fn clock(asked: &Asked<'_>, reply: &Reply, told: &mut Told) {
    let Some(ahead) = reply.ahead().filter(|ahead| ahead.abs() > 1) else { return };
    let way = if ahead > 0 { "ahead" } else { "behind" };
    let says = format!("provider is {} s {way}", ahead.abs());
    told.seen.push(asked.line("clock", true, says, None));
}

/// What the answer is that is no discovery document, and what may be meant.
fn instead(asked: &Asked<'_>, is_readable: bool, what: &str, out: &mut Findings) {
    let meant = meant(asked);
    if is_readable {
        let message = format!("this is no discovery document: {what}");
        let problem =
            asked.problem(message, &asked.url).note(format!("asked: {}", shown(&asked.url)));
        out.report(&cards::NO_DISCOVERY, problem);
    }
    let Some((issuer, reason)) = meant else { return perhaps(asked, true, out) };
    let remedy = format!("{} ({reason}; it answers)", printable(&issuer));
    if let Some(last) = out.0.last_mut() {
        last.problem.remedy = Some(remedy);
    }
}

/// An issuer on another host that may be meant, which is not asked, since nobody named it. It is the
/// remedy where the address is what is wrong.
fn perhaps(asked: &Asked<'_>, is_remedy: bool, out: &mut Findings) {
    let is_elsewhere =
        |issuer: &str| Url::parse(issuer).is_ok_and(|url| url.host_str() != asked.url.host_str());
    let found = candidates(&asked.issuer);
    let Some(one) = found.into_iter().find(|one| is_elsewhere(&one.issuer)) else { return };
    let Some(last) = out.0.last_mut() else { return };
    let meant = format!("perhaps {} is meant: {}", printable(&one.issuer), one.reason);
    if is_remedy {
        last.problem.remedy = Some(meant);
    } else {
        last.problem.notes.push(meant);
    }
}

/// What is wrong with an address at which nothing was found.
fn path(asked: &Asked<'_>, out: &mut Findings) {
    let path = asked.url.path();
    let message = match () {
        () if path.contains("/openid_configuration") => {
            "the suffix is written with a hyphen, not with an underscore"
        }
        () if path.matches("/.well-known/").count() > 1 => "the suffix stands twice",
        () if path.contains("//") => "the path has a doubled slash",
        () => return,
    };
    let plain = asked.issuer.split("/.well-known").next().unwrap_or_default();
    let remedy = format!("{}{DISCOVERY_SUFFIX}", plain.trim_end_matches('/'));
    let problem = asked.problem(message.to_owned(), &asked.url);
    out.report(&cards::WRONG_PATH, problem.remedy(printable(&remedy).into_owned()));
}

/// An application that reads the document at each login waits for it each time.
fn slow(asked: &Asked<'_>, reply: &Reply, out: &mut Findings) {
    let Some(profile) = asked.profile.as_ref().filter(|_| reply.took > SLOW) else { return };
    let message = format!("the discovery document took {:.1} s", reply.took.as_secs_f64());
    let why = format!(
        "{} reads it at each login and gives up after {} s",
        profile.app,
        PATIENCE.as_secs()
    );
    let is_fatal = reply.took > PATIENCE;
    let problem = asked
        .problem(message, reply.url())
        .why(why)
        .remedy("ask from the machine on which the application runs; look for a proxy in between")
        .severity(if is_fatal { Severity::Error } else { Severity::Warning });
    out.report(&cards::SLOW, problem);
}

/// The form of plain OAuth (RFC 8414 section 3.1), where an address that was typed has it too.
fn other_form(asked: &Asked<'_>, document: &discovery::Discovery, told: &mut Told) {
    let Some(url) = oauth_url(&asked.issuer).filter(|_| asked.place.is_none()) else { return };
    let Ok(reply) = asked.net.fetch(&asked.request(url.clone())) else { return };
    let text = reply.text().filter(|_| reply.status == 200);
    let Some(Ok(other)) = text.map(discovery::Discovery::read) else { return };
    let pairs = [
        ("issuer", &document.issuer, &other.issuer),
        ("authorization_endpoint", &document.authorization_endpoint, &other.authorization_endpoint),
        ("token_endpoint", &document.token_endpoint, &other.token_endpoint),
        ("jwks_uri", &document.jwks_uri, &other.jwks_uri),
    ];
    let differs = pairs.into_iter().filter(|(_, one, other)| match (one, other) {
        (Some(one), Some(other)) => one.value != other.value,
        _ => false,
    });
    let names: Vec<&str> = differs.map(|(name, _, _)| name).collect();
    if names.is_empty() {
        return;
    }
    let message = format!("the OAuth form of the document differs in {}", names.join(", "));
    let problem =
        asked.problem(message, &url).why("clients that read one form meet another server");
    told.findings.report(&cards::DIVERGING_METADATA, problem);
}

/// Where the OAuth form of an issuer's document stands: the suffix comes before the path.
fn oauth_url(issuer: &str) -> Option<Url> {
    let mut url = Url::parse(issuer).ok()?;
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&format!("/.well-known/oauth-authorization-server{path}"));
    Some(url)
}

/// The candidate that answers with a document of its own issuer.
fn meant(asked: &Asked<'_>) -> Option<(String, &'static str)> {
    candidates(&asked.issuer).into_iter().find_map(|candidate| {
        let url = discovery_url(&candidate.issuer)?;
        // Candidates stay with the host that was named; elsewhere nobody sent us.
        if url.host_str() != asked.url.host_str() {
            return None;
        }
        let reply = asked.net.fetch(&asked.request(url)).ok()?;
        let document = discovery::Discovery::read(reply.text()?).ok()?;
        let issuer = document.issuer?.value;
        (reply.status == 200 && issuer == candidate.issuer)
            .then_some((candidate.issuer, candidate.reason))
    })
}

/// Where the document of an issuer stands (Discovery section 4): one slash before the suffix. An
/// issuer has neither query nor fragment, and behind them the suffix would be nobody's.
pub(in crate::commands) fn discovery_url(issuer: &str) -> Option<Url> {
    let issuer = issuer.split(['?', '#']).next().unwrap_or_default();
    Url::parse(&format!("{}{DISCOVERY_SUFFIX}", issuer.trim_end_matches('/'))).ok()
}

/// So many keys, in words.
pub(super) fn counted(keys: usize) -> String {
    if keys == 1 { "1 key".to_owned() } else { format!("{keys} keys") }
}

fn summary(document: &discovery::Discovery) -> String {
    let issuer = document.issuer.as_ref().map_or("no issuer", |issuer| issuer.value.as_str());
    let listed = document.id_token_signing_alg_values_supported.iter().flatten();
    let algorithms: Vec<&str> = listed.map(|one| one.value.as_str()).take(MOST_NAMED).collect();
    let pkce = match document.offers_code_challenge("S256") {
        Some(true) => ", PKCE S256",
        _ => "",
    };
    format!("issuer {issuer}, {}{pkce}", algorithms.join(" "))
}

/// How long django-allauth waits for the document (its default), and what is near to that.
const PATIENCE: Duration = Duration::from_secs(5);
const SLOW: Duration = Duration::from_secs(2);
const HOPS: usize = 3;
const LARGEST: usize = 512 << 10;
const MOST_NAMED: usize = 4;
const LIMITS: json::Options = json::Options { bytes: 512 << 10, depth: 32, nodes: 20_000 };

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use url::Url;

    use super::{Asked, ask};
    use crate::fetch::{Fetch, FetchError, Reply, Request};

    /// A network in which nobody can be had, always for the same reason.
    struct Nobody(FetchError);

    impl Fetch for Nobody {
        fn fetch(&self, _: &Request) -> Result<Reply, FetchError> {
            Err(self.0.clone())
        }
    }

    fn remedy(issuer: &str, error: FetchError) -> String {
        let asked = Asked {
            net: &Nobody(error),
            label: "typed".to_owned(),
            url: Url::parse(issuer).expect("an address"),
            issuer: issuer.to_owned(),
            place: None,
            provider: None,
            profile: None,
            warn_days: 30,
            at: Timestamp::UNIX_EPOCH,
        };
        let told = ask(&asked);
        told.findings.0[0].problem.remedy.clone().expect("a remedy")
    }

    #[test]
    fn the_issuer_that_is_meant_is_the_remedy_where_its_paste_has_no_host() {
        let tenant = "2f1c7d9e-0a4b-4c6d-8e2f-9a41b3c5d7e9";
        let unknown = || FetchError::UnknownHost("it".to_owned());
        let typed = format!("https://{tenant}/v2.0");
        let meant = format!("perhaps https://login.microsoftonline.com/{tenant}/v2.0 is meant");
        assert!(remedy(&typed, unknown()).starts_with(&meant));
        let okta = remedy("https://acme-admin.okta.com", unknown());
        assert!(okta.starts_with("perhaps https://acme.okta.com is meant"), "{okta}");
    }

    #[test]
    fn a_host_that_nobody_knows_may_be_this_machines_lack_of_a_network() {
        let unknown = || FetchError::UnknownHost("it".to_owned());
        let found = remedy("https://accounts.google.com", unknown());
        assert!(found.contains("--proxy URL") && found.contains("no DNS"), "{found}");
        let refused = remedy("https://acme-admin.okta.com", FetchError::Refused);
        assert!(refused.contains("whether the server runs"), "{refused}");
    }
}
