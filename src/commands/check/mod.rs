//! `ssoctl check`: ask what a configuration names, and judge the answers.

mod args;
mod client;
mod configuration;
mod document;
mod drift;
mod many;
mod metadata;
mod oidc;
mod probe;
mod progress;
pub(in crate::commands) mod recording;
mod target;

pub(in crate::commands) use oidc::discovery_url;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use url::Url;

use crate::commands::{Failure, Outcome};
use crate::crypto::key::PublicKey;
use crate::deployment::Saved;
use crate::fetch::{Fetch, Http, Manners, Proxies, Recorder};
use crate::pki;
use crate::problem::Place;
use crate::render::{self, Style};
use crate::report::{Judged, Report, Seen, Selection};
use crate::rule::{Finding, Severity};
use crate::rules::answers::{self, shown};
use crate::settings::Settings;
use crate::source::{KeyPath, Source};
use crate::syntax::json;
use crate::world::{World, disk};

pub use args::Args;
use many::{Asked, everything};
use oidc::Told;
use target::Target;

/// What every question needs.
pub(super) struct Work<'w> {
    /// Who answers.
    net: &'w dyn Fetch,
    /// Who answers probes, which are neither recorded nor repeated; none where none are sent.
    probes: Option<&'w dyn Fetch>,
    /// The instant of judgement.
    at: Timestamp,
    /// Days ahead for certificates.
    warn_days: i64,
    /// Days ahead for certificates in files, which nobody fetches anew.
    warn_days_in_file: i64,
    /// What metadata has to be that somebody named.
    pinned: &'w metadata::Pinned,
}

/// Asks and judges every target.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let targets: Result<Vec<Target>, Failure> =
        args.targets.iter().map(|typed| target::understand(typed)).collect();
    let targets = targets?;
    let at = args.at.unwrap_or(world.now);
    let http = http(args, world)?;
    let replay = args.replay.as_deref().map(recording::open).transpose()?;
    let net: &dyn Fetch = replay.as_ref().map_or(&http, |replay| replay);
    let recorder = Recorder::new(net);
    let warn_days = args.warn_days.unwrap_or(WARN_DAYS);
    let warn_days_in_file = args.warn_days.unwrap_or(WARN_DAYS_IN_FILE);
    let once = self::http(&Args { retries: 0, ..args.clone() }, world)?;
    let probes: Option<&dyn Fetch> = if args.probe { Some(&once) } else { None };
    let pinned = &pinned(args)?;
    let work = Work { net: &recorder, probes, at, warn_days, warn_days_in_file, pinned };
    let Asked { judged, mut loose, seen } = everything(&targets, args, &work, world)?;
    if let Some(folder) = &args.against {
        loose.extend(drift::findings(folder, &recorder, at)?);
    }
    if let Some(folder) = &args.record {
        recording::write(folder, &recorder.files(at))?;
    }
    let report = report(args, at, judged, loose, seen);
    write_report(args, &report, world)?;
    Ok(outcome(&report))
}

/// An address that was typed: a document where it is named or answers so, else an issuer.
fn address(url: &Url, args: &Args, work: &Work<'_>) -> Told {
    let mut bare = url.clone();
    // What stands behind # is the browser's alone, and no server ever sees it.
    bare.set_fragment(None);
    let path = bare.path().to_ascii_lowercase();
    let is_metadata = args.protocol.as_deref() == Some("saml");
    if !is_metadata
        && document::is_named(&path)
        && let Some(told) = document::ask(&bare, work)
    {
        return told;
    }
    let looks_so = METADATA.iter().any(|part| path.contains(part));
    if is_metadata || (args.protocol.is_none() && looks_so) {
        let asked = metadata::Asked {
            label: label(&bare),
            url: bare,
            entity_id: None,
            place: None,
            provider: None,
        };
        return metadata::ask(&asked, work).0;
    }
    let told = issuer(url, &bare, work);
    let is_answered = told.seen.iter().any(|line| line.url.is_some());
    let is_document = || document::ask(&bare, work);
    let is_other = told.discovery.is_none() && is_answered && bare.path() != "/";
    is_other.then(is_document).flatten().unwrap_or(told)
}

/// An issuer that was typed, or the address of its document.
fn issuer(url: &Url, bare: &Url, work: &Work<'_>) -> Told {
    let text = shown(url);
    // A host alone is written with a slash by whoever reads addresses: the issuer has none.
    let is_host = url.path() == "/" && url.fragment().is_none();
    let typed = if is_host { text.trim_end_matches('/') } else { text.as_str() };
    let issuer = typed.split_once("/.well-known/").map_or(typed, |(issuer, _)| issuer);
    let is_document = bare.path().to_ascii_lowercase().contains("/.well-known/");
    let document = if is_document { Some(bare.clone()) } else { discovery_url(typed) };
    oidc::ask(&asked_for(url, document.unwrap_or_else(|| bare.clone()), issuer.to_owned(), work))
}

/// What is asked where an address was typed.
fn asked_for<'w>(typed: &Url, url: Url, issuer: String, work: &Work<'w>) -> oidc::Asked<'w> {
    oidc::Asked {
        net: work.net,
        label: label(typed),
        url,
        issuer,
        place: None,
        provider: None,
        profile: None,
        warn_days: work.warn_days,
        at: work.at,
    }
}

/// What an address is called in the view.
fn label(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

fn saved_discovery(name: &str, text: &Arc<str>) -> Told {
    let mut told = Told::default();
    let Ok(json) = json::read(text, &LIMITS) else { return told };
    let Some(root) = json.tree.root() else { return told };
    let source = Saved::discovery(name, Arc::clone(text)).source;
    let issuer = root.get("issuer").and_then(crate::syntax::tree::NodeRef::key_text);
    let document = crate::rules::oidc::Document {
        source: &source,
        root,
        asked: None,
        idp: crate::idps::recognise(issuer.unwrap_or_default()),
        profile: None,
        provider: None,
    };
    crate::rules::oidc::judge_discovery(&document, &mut told.findings);
    let says = format!("issuer {}", issuer.unwrap_or("missing"));
    told.seen.push(line(name, "discovery", says));
    told
}

fn saved_keys(name: &str, text: &Arc<str>, work: &Work<'_>) -> Told {
    let mut told = Told::default();
    let Ok(json) = json::read(text, &LIMITS) else { return told };
    let Some(root) = json.tree.root() else { return told };
    let source = Saved::key_set(name, Arc::clone(text)).source;
    let set = crate::rules::oidc::KeySet {
        source: &source,
        root,
        algorithms: None,
        idp: crate::idps::recognise(""),
        provider: None,
        at: work.at,
    };
    crate::rules::oidc::judge_keys(&set, &mut told.findings);
    let count = root.get("keys").and_then(|keys| keys.items().map(Iterator::count));
    told.seen.push(line(name, "keys", oidc::counted(count.unwrap_or(0))));
    told
}

fn line(of: &str, what: &str, says: String) -> Seen {
    let (of, what) = (of.to_owned(), what.to_owned());
    Seen { of, what, ok: true, says, url: None, milliseconds: None }
}

/// What metadata has to be, where somebody said.
fn pinned(args: &Args) -> Result<metadata::Pinned, Failure> {
    let mut keys = Vec::new();
    for path in &args.cert {
        let name = path.to_string_lossy();
        let file =
            disk::read(path, LARGEST_CA).map_err(|error| Failure::file("read", &name, &error))?;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let mut found = pki::pem_certificates(&text);
        if found.is_empty() {
            found.push(file.bytes);
        }
        for der in found {
            let key = PublicKey::from_certificate(&der).map_err(|_| {
                Failure::new(format!("{name} holds no certificate"))
                    .hint("a PEM file with -----BEGIN CERTIFICATE-----")
            })?;
            keys.push(key);
        }
    }
    Ok(metadata::Pinned { keys, entity_id: args.entity_id.clone() })
}

/// The network, asked in the manner of the arguments.
pub(in crate::commands) fn http(args: &Args, world: &World<'_>) -> Result<Http, Failure> {
    let mut authorities = Vec::new();
    for path in &args.ca {
        let name = path.to_string_lossy();
        let file =
            disk::read(path, LARGEST_CA).map_err(|error| Failure::file("read", &name, &error))?;
        let text = String::from_utf8_lossy(&file.bytes).into_owned();
        let found = pki::pem_certificates(&text);
        if found.is_empty() {
            return Err(Failure::new(format!("{name} holds no certificate"))
                .hint("a PEM file with -----BEGIN CERTIFICATE-----"));
        }
        authorities.extend(found);
    }
    let variables = &world.network.variables;
    let proxies = match &args.proxy {
        Some(url) => Proxies::named(url),
        None => Proxies::of_environment(|name| {
            variables.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
        }),
    };
    let total = Duration::from_secs(args.timeout);
    let defaults = Manners::default();
    let manners = Manners {
        total,
        connect: defaults.connect.min(total),
        idle: defaults.idle.min(total),
        allow_private: args.allow_private,
        authorities,
        proxies,
        retries: usize::from(args.retries),
    };
    let clock = world.network.clock.unwrap_or(|| Timestamp::UNIX_EPOCH);
    Ok(Http::new(manners, clock))
}

fn report(
    args: &Args,
    at: Timestamp,
    mut judged: Vec<Judged>,
    loose: Vec<Finding>,
    seen: Vec<Seen>,
) -> Report {
    judged.push(Judged::loose(loose));
    let settings = Settings::default();
    let selection = Selection {
        select: args.select.clone(),
        ignore: args.ignore.clone(),
        severities: BTreeMap::new(),
        strict: args.strict,
        baseline: None,
        settings: &settings,
    };
    let mut report = Report::new("check", at, judged, &selection);
    report.seen = seen;
    report
}

fn write_report(args: &Args, report: &Report, world: &mut World<'_>) -> Result<(), Failure> {
    let output = args.output.as_ref().filter(|path| path.as_os_str() != "-");
    let style = Style {
        format: args.format,
        colour: output.is_none() && world.uses_colour(),
        verbose: args.verbose,
        quiet: args.quiet,
        columns: world.columns(),
    };
    let mut text = Vec::new();
    render::render(report, style, &mut text)?;
    if let Some(path) = output {
        return disk::write(path, &text)
            .map_err(|error| Failure::file("write", &path.to_string_lossy(), &error));
    }
    world.stdout.write_all(&text)?;
    Ok(world.stdout.flush()?)
}

/// Wrong outweighs undecided; what kept an answer away decides nothing.
fn outcome(report: &Report) -> Outcome {
    let errors = report.findings.iter().map(|one| &one.finding);
    let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
    let fails_by_warning = report.strict && report.count(Severity::Warning) > 0;
    let is_undecided = errors.clone().any(|finding| answers::is_undecided(finding.rule));
    if fails_by_warning || errors.any(|finding| !answers::is_undecided(finding.rule)) {
        Outcome::Findings
    } else if is_undecided {
        Outcome::Undecided
    } else {
        Outcome::Clean
    }
}

/// A place at the beginning of a document that has no text here.
fn at_name(name: &str) -> Place {
    let source = Arc::new(Source::new(name, ""));
    Place { source, span: crate::source::Span::at(0), path: KeyPath::default() }
}

/// Parts of addresses under which metadata stands.
const METADATA: [&str; 5] =
    ["metadata", "/protocol/saml/descriptor", "/saml2/idp", "/sso/saml", "/samlp/"];
const WARN_DAYS: i64 = 30;
const WARN_DAYS_IN_FILE: i64 = 45;
const LARGEST_CA: u64 = 4 << 20;
const LIMITS: json::Options = json::Options { bytes: 512 << 10, depth: 32, nodes: 20_000 };
