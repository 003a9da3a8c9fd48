//! A configuration: everything that it names is asked, and then judged together with the answers.

use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use url::Url;

use crate::apps::App;
use crate::commands::Failure;
use crate::commands::check::client::{Client, client};
use crate::commands::check::oidc::{self, Asked, Told, discovery_url};
use crate::commands::check::probe::{self, Sender};
use crate::commands::check::{Args, Work, metadata};
use crate::commands::validate;
use crate::deployment::{Captured, Deployment, Saved};
use crate::libraries::allauth;
use crate::model::{Protocol, Provider, Role, Setting};
use crate::problem::Place;
use crate::report::{Judged, Seen};
use crate::rule::{Finding, Severity};
use crate::rules::Subject;
use crate::rules::oidc::Profile;
use crate::world::World;

/// What is to be asked for one provider.
struct Question {
    provider: String,
    place: Option<Place>,
    kind: Kind,
}

/// How it is asked.
enum Kind {
    /// Discovery: the address, the issuer as it is configured, and the client.
    Oidc { url: Url, issuer: String, client: Option<Box<Client>> },
    /// SAML metadata, and the entity id that is configured.
    Metadata { url: Url, entity_id: Option<String> },
    /// An address that is none, which the configuration's own rules tell.
    Unusable,
}

/// A configuration that was read, and what it names.
pub(super) struct Opened {
    app: &'static App,
    deployment: Deployment,
    questions: Vec<Question>,
}

/// Reads one configuration.
pub(super) fn open(
    path: &Path,
    args: &Args,
    at: Timestamp,
    world: &mut World<'_>,
) -> Result<Opened, Failure> {
    let (app, deployment) = validate::open(&arguments(path, args), world)?;
    let subject = subject(app, &deployment, args, at);
    let names = crate::rules::provider_names(&subject);
    if let Some(id) = args.provider.as_ref().filter(|id| !names.contains(&id.as_str())) {
        return Err(Failure::new(format!("no provider has the id `{id}`"))
            .hint(format!("there are: {}", names.join(", "))));
    }
    let questions = questions(&subject, args);
    Ok(Opened { app, deployment, questions })
}

impl Opened {
    /// How many providers are asked.
    pub(super) fn count(&self) -> usize {
        self.questions.len()
    }

    /// Asks for one of them.
    pub(super) fn ask(&self, number: usize, work: &Work<'_>) -> Option<Answered> {
        Some(answer(self.questions.get(number)?, self.app, work))
    }

    /// Probes the client of each provider.
    pub(super) fn probe(
        &self,
        answers: &mut [Answered],
        sender: &mut Sender<'_>,
    ) -> Result<(), Failure> {
        for (question, answered) in self.questions.iter().zip(answers) {
            let label = &question.provider;
            match &question.kind {
                Kind::Oidc { client, .. } => {
                    let (app, client) = (&self.app.name, client.as_deref());
                    probe::configured(label, app, client, &mut answered.oidc, sender)?;
                }
                Kind::Metadata { .. } => sender.nothing(label, "it speaks SAML")?,
                Kind::Unusable => sender.nothing(label, "its address is none")?,
            }
        }
        Ok(())
    }

    /// Judges the configuration together with the answers, which come in the providers' order.
    pub(super) fn judge(
        mut self,
        answers: Vec<Answered>,
        args: &Args,
        at: Timestamp,
    ) -> (Judged, Vec<Seen>) {
        let mut captured = Captured::default();
        let (mut seen, mut findings) = (Vec::new(), Vec::new());
        for (question, answered) in self.questions.iter().zip(answers) {
            seen.extend(answered.oidc.seen.iter().cloned());
            findings.extend(answered.oidc.findings.0.iter().cloned());
            captured_of(question, answered, &mut captured);
        }
        let doubled = doubled_slashes(&self.questions, &seen);
        self.deployment.captured = Arc::new(captured);
        let subject = subject(self.app, &self.deployment, args, at);
        let mut judged = validate::judged(&subject);
        settle_slashes(&mut judged.findings, &doubled);
        judged.findings.extend(findings);
        one_for_each_cause(&mut judged.findings);
        (judged, seen)
    }
}

/// The documents of an answer, for the rules of the application.
fn captured_of(question: &Question, answered: Answered, captured: &mut Captured) {
    let Told { discovery, keys, .. } = answered.oidc;
    if let Some((name, text)) = discovery {
        captured.discoveries.push(Saved::discovery(&name, text).fetched_for(&question.provider));
    }
    if let Some((name, text)) = keys {
        captured.key_sets.push(Saved::key_set(&name, text).fetched_for(&question.provider));
    }
    if let Some((name, text)) = answered.metadata {
        captured.metadata.push(Saved::metadata(&name, text).fetched_for(&question.provider));
    }
}

/// The arguments of `validate` that read the same configuration.
fn arguments(path: &Path, args: &Args) -> validate::Args {
    validate::Args {
        paths: vec![path.to_owned()],
        app: args.app.clone(),
        env_file: args.env_file.clone(),
        base_url: args.base_url.clone(),
        at: args.at,
        ..validate::Args::default()
    }
}

fn subject<'d>(
    app: &'static App,
    deployment: &'d Deployment,
    args: &Args,
    at: Timestamp,
) -> Subject<'d> {
    Subject {
        app,
        deployment,
        config: app.config(deployment),
        at,
        warn_days: args.warn_days,
        base_url: args.base_url.clone(),
        secret_ends: Vec::new(),
    }
}

fn questions(subject: &Subject<'_>, args: &Args) -> Vec<Question> {
    let providers = subject.config.providers.iter().enumerate();
    let wanted = providers.filter(|(_, provider)| {
        args.provider.as_deref().is_none_or(|id| provider.label() == Some(id))
    });
    wanted.filter_map(|(number, provider)| question(subject, provider, number)).collect()
}

fn question(subject: &Subject<'_>, provider: &Provider<'_>, number: usize) -> Option<Question> {
    let label = provider.label().map_or_else(|| format!("provider {}", number + 1), str::to_owned);
    let (setting, kind) = match provider.protocol? {
        Protocol::Oidc => {
            let role = [Role::IssuerUrl, Role::IssuerBase].into_iter();
            let setting =
                role.filter_map(|role| provider.setting(role)).find(|one| is_given(one))?;
            let text = setting.text()?;
            let url = match subject.app.id.as_str() {
                "cvat" => Url::parse(&allauth::discovery_url(text)).ok(),
                _ => discovery_url(text),
            };
            let issuer = text.split_once("/.well-known/").map_or(text, |(issuer, _)| issuer);
            let client = client(subject, provider).map(Box::new);
            let issuer = issuer.to_owned();
            (setting, url.map_or(Kind::Unusable, |url| Kind::Oidc { url, issuer, client }))
        }
        Protocol::Saml => {
            let setting = provider.setting(Role::MetadataUrl).filter(|one| is_given(one))?;
            let entity_id = provider.text(Role::EntityId).map(str::to_owned);
            let url = Url::parse(setting.text()?).ok();
            (setting, url.map_or(Kind::Unusable, |url| Kind::Metadata { url, entity_id }))
        }
        Protocol::Ldap | Protocol::Scim => return None,
    };
    Some(Question { provider: label, place: Some(subject.value_place(setting)), kind })
}

fn is_given(setting: &Setting<'_>) -> bool {
    setting.text().is_some()
}

/// An answer of either kind.
pub(super) struct Answered {
    oidc: Told,
    metadata: Option<(String, Arc<str>)>,
}

fn answer(question: &Question, app: &App, work: &Work<'_>) -> Answered {
    match &question.kind {
        Kind::Oidc { url, issuer, .. } => {
            let asked = Asked {
                net: work.net,
                label: question.provider.clone(),
                url: url.clone(),
                issuer: issuer.clone(),
                place: question.place.clone(),
                provider: Some(question.provider.clone()),
                profile: profile(app),
                warn_days: work.warn_days,
                at: work.at,
            };
            Answered { oidc: oidc::ask(&asked), metadata: None }
        }
        Kind::Metadata { url, entity_id } => {
            let asked = metadata::Asked {
                label: question.provider.clone(),
                url: url.clone(),
                entity_id: entity_id.clone(),
                place: question.place.clone(),
                provider: Some(question.provider.clone()),
            };
            let (oidc, metadata) = metadata::ask(&asked, work);
            Answered { oidc, metadata }
        }
        Kind::Unusable => Answered { oidc: Told::default(), metadata: None },
    }
}

/// What an application's library does with a discovery document (`docs/using.md`).
fn profile(app: &App) -> Option<Profile> {
    (app.id == "cvat").then(|| Profile {
        app: "CVAT",
        compares_issuer: false,
        needs_userinfo: true,
        claims: vec!["email".to_owned()],
    })
}

/// Providers whose address ends with a slash, so that the library asks for `//.well-known`, and
/// whether that was answered.
fn doubled_slashes(questions: &[Question], seen: &[Seen]) -> Vec<(String, bool)> {
    let doubled = questions.iter().filter(
        |question| matches!(&question.kind, Kind::Oidc { url, .. } if url.path().contains("//")),
    );
    let answers = |label: &str| {
        seen.iter().any(|line| line.of == label && line.what == "discovery" && line.ok)
    };
    let is_told = |label: &str| {
        seen.iter().any(|line| line.of == label && line.what == "discovery" && line.url.is_some())
    };
    // Where nobody answered, nothing is known of the slash.
    let told = doubled.filter(|one| is_told(&one.provider));
    told.map(|one| (one.provider.clone(), answers(&one.provider))).collect()
}

/// The doubled slash is no guess any more: it was asked for.
fn settle_slashes(findings: &mut [Finding], doubled: &[(String, bool)]) {
    for finding in findings.iter_mut().filter(|finding| finding.rule.code == "CVAT011") {
        let of = finding.problem.provider.as_deref();
        let Some((_, answers)) = doubled.iter().find(|(id, _)| Some(id.as_str()) == of) else {
            continue;
        };
        let (severity, note) = if *answers {
            (Severity::Info, "the provider answers at the doubled slash all the same")
        } else {
            (Severity::Error, "the provider does not answer at the doubled slash")
        };
        finding.severity = severity;
        finding.problem.notes.push(note.to_owned());
    }
}

/// The application's own rule stands for what the protocol's says of the same thing.
fn one_for_each_cause(findings: &mut Vec<Finding>) {
    let told: Vec<(&'static str, Option<String>)> = findings
        .iter()
        .map(|finding| (finding.rule.code, finding.problem.provider.clone()))
        .collect();
    findings.retain(|finding| {
        let Some((_, causes)) = EFFECTS.iter().find(|(code, _)| *code == finding.rule.code) else {
            return true;
        };
        let provider = &finding.problem.provider;
        !told.iter().any(|(code, of)| causes.contains(code) && of == provider)
    });
}

/// Rules of the protocol, and those of the application that tell the same.
const EFFECTS: [(&str, &[&str]); 11] = [
    ("NET003", &["CVAT026"]),
    ("OIDC003", &["CVAT010", "CVAT013"]),
    ("OIDC007", &["CVAT010", "CVAT011", "CVAT013"]),
    ("OIDC101", &["CVAT019"]),
    ("OIDC103", &["CVAT019", "IDP017"]),
    ("OIDC105", &["CVAT014", "CVAT019", "IDP017"]),
    ("OIDC201", &["CVAT019"]),
    ("OIDC202", &["CVAT019"]),
    ("OIDC203", &["CVAT019"]),
    ("OIDC204", &["CVAT019"]),
    ("OIDC212", &["CVAT019"]),
];
