//! What a message is judged by, from the flags and the configuration.

use std::path::Path;

use jiff::Timestamp;

use crate::apps::App;
use crate::apps::expect;
use crate::apps::from_config::{self, Expected, Missing, Saml, Trust};
use crate::apps::reader::Reader;
use crate::commands::decode_assertion::{Args, trust};
use crate::commands::{Failure, validate};
use crate::deployment::Deployment;
use crate::model::{Config, Protocol, Provider};
use crate::report::judgement::AppView;
use crate::saml::binding::{Outline, Received};
use crate::saml::expectation::Expectation;
use crate::saml::policy::Policy;
use crate::world::World;

/// The application that would read the message, with its files.
pub(in crate::commands) struct Reading {
    /// The application.
    pub(in crate::commands) app: &'static App,
    /// Its files; none where only its name was given.
    pub(in crate::commands) deployment: Deployment,
}

/// What the flags and the configuration say together.
pub(super) struct Judging {
    /// What the message is judged by.
    pub(super) expectation: Expectation,
    /// What the application's library enforces; without an application, SAML's own rules.
    pub(super) policy: Policy,
    /// The application, for showing.
    pub(super) app: Option<AppView>,
    /// Why the configuration gives no key to verify with.
    pub(super) without_key: Option<String>,
    /// Remarks for people.
    pub(super) hints: Vec<String>,
}

/// Opens the configuration that the arguments name.
pub(in crate::commands) fn reading(
    args: &Args,
    world: &mut World<'_>,
) -> Result<Option<Reading>, Failure> {
    let Some(path) = &args.config else {
        let app = args.app.as_deref().and_then(App::by_id);
        return Ok(app.map(|app| Reading { app, deployment: Deployment::default() }));
    };
    let lint = validate::Args {
        paths: vec![path.clone()],
        app: args.app.clone(),
        env_file: args.env_file.clone(),
        base_url: args.base_url.clone(),
        ..validate::Args::default()
    };
    let (app, deployment) = validate::open(&lint, world)?;
    if app.config(&deployment).root.is_none() && deployment.unreadable().next().is_some() {
        let name = path.to_string_lossy();
        return Err(Failure::new(format!("{name} cannot be read as it is"))
            .hint(format!("ssoctl validate {name} says why")));
    }
    Ok(Some(Reading { app, deployment }))
}

/// Everything that the message is judged by.
pub(super) fn judging(
    args: &Args,
    at: Timestamp,
    reading: Option<&Reading>,
    provider: Option<(&Config<'_>, &Provider<'_>)>,
    received: &Received,
) -> Result<Judging, Failure> {
    let mut expectation = Expectation::at(at);
    expectation.acs.clone_from(&args.acs);
    expectation.audiences.clone_from(&args.audience);
    expectation.issuer.clone_from(&args.issuer);
    expectation.request_id.clone_from(&args.request_id);
    expectation.skew = args.skew;
    expectation.max_age = args.max_age;
    expectation.allows_sha1 = args.allow_sha1;
    expectation.allows_rsa15 = args.allow_rsa15;
    expectation.requires_all = args.require_all;
    let mut judging = Judging {
        expectation,
        policy: Policy::strict(),
        app: None,
        without_key: None,
        hints: Vec::new(),
    };
    let sender = received.outline.issuer.as_deref();
    match (reading, provider) {
        (Some(reading), Some(provider)) => {
            judging.configured(args, reading, provider, received)?;
        }
        (Some(reading), None) => judging.named(args, reading),
        (None, _) => {}
    }
    for path in &args.cert {
        trust::certificates(path, &mut judging.expectation)?;
    }
    for path in &args.metadata {
        trust::metadata_file(path, sender, &mut judging.expectation, &mut judging.hints)?;
    }
    for path in &args.key {
        trust::private_key(path, &mut judging.expectation)?;
    }
    judging.recorded(received);
    Ok(judging)
}

impl Judging {
    /// Adds what a configuration says; flags stand above it.
    fn configured(
        &mut self,
        args: &Args,
        reading: &Reading,
        (config, provider): (&Config<'_>, &Provider<'_>),
        received: &Received,
    ) -> Result<(), Failure> {
        let (app, deployment) = (reading.app, &reading.deployment);
        let sender = received.outline.issuer.as_deref();
        let at = |base: Option<&str>| {
            from_config::from_config(app, deployment, config, provider, Protocol::Saml, base)
        };
        let mut found = at(args.base_url.as_deref());
        let is_homeless = matches!(&found.expected, Expected::Saml(saml) if saml.acs_url.is_err());
        if let Some(base) = recorded_base(app, received).filter(|_| is_homeless) {
            found = at(Some(&base));
            self.hints.push(format!("the recording gives the base URL: {base}"));
        }
        self.app = Some(app_view(app, found.provider.as_deref()));
        self.hints.extend(found.notes.iter().cloned());
        if found.is_switched_off {
            self.expectation.disabled = Some("single sign-on is switched off".to_owned());
        }
        let Expected::Saml(saml) = found.expected else { return Ok(()) };
        self.policy = saml.policy(app);
        let name = args.config.as_deref().unwrap_or(Path::new("the configuration"));
        self.saml(args, *saml, &name.to_string_lossy(), sender)
    }

    fn saml(
        &mut self,
        args: &Args,
        saml: Saml,
        name: &str,
        sender: Option<&str>,
    ) -> Result<(), Failure> {
        let expectation = &mut self.expectation;
        if expectation.acs.is_empty() {
            take(saml.acs_url, &mut expectation.acs, &mut self.hints);
        }
        if expectation.audiences.is_empty() {
            take(saml.audience, &mut expectation.audiences, &mut self.hints);
        }
        if expectation.issuer.is_none() {
            expectation.issuer = saml.issuer;
        }
        let has_own = !args.cert.is_empty() || !args.metadata.is_empty();
        match saml.trust {
            _ if has_own => {}
            Ok(Trust::Certificate(der)) => {
                let issuer = expectation.issuer.clone();
                expectation.pin(&der, name, issuer.as_deref());
            }
            Ok(Trust::Metadata(text)) => {
                let name = format!("the metadata in {name}");
                trust::metadata_text(&text, &name, sender, expectation, &mut self.hints)?;
            }
            Err(missing) => self.without_key = Some(told(&missing)),
        }
        Ok(())
    }

    /// Adds what the name of an application says.
    fn named(&mut self, args: &Args, reading: &Reading) {
        let app = reading.app;
        self.app = Some(app_view(app, args.provider.as_deref()));
        let reader = Reader::of(app, &reading.deployment);
        self.policy = expect::policy(&reader, app, true);
        let (Some(base), id) = (args.base_url.as_deref(), args.provider.as_deref()) else { return };
        let is_complete = |template: &Option<String>| {
            id.is_some() || template.as_ref().is_none_or(|text| !text.contains("{id}"))
        };
        let (needs_acs, needs_audience) =
            (self.expectation.acs.is_empty(), self.expectation.audiences.is_empty());
        let id = id.unwrap_or_default();
        if needs_acs && is_complete(&app.urls.saml_acs) {
            self.expectation.acs.extend(app.callback(Protocol::Saml, Some(base), id));
        } else if needs_acs {
            let name = &app.name;
            let what = app.urls.id.as_deref().unwrap_or("the provider's id");
            self.hints.push(format!("the addresses of {name} hold {what}: give it as --provider"));
        }
        if needs_audience && is_complete(&app.urls.saml_entity_id) {
            self.expectation.audiences.extend(app.saml_entity_id(Some(base), id));
        }
    }

    /// Adds what the recording of the login says, where nothing else does.
    fn recorded(&mut self, received: &Received) {
        let Some(capture) = &received.capture else { return };
        let expectation = &mut self.expectation;
        // The application said itself in its request what it expects of the answer; a request of
        // another application says nothing about this one.
        let is_own = |request: &&Outline| {
            let is_of = |known: &[String], said: &Option<String>| {
                let is_known = |said: &String| known.is_empty() || known.contains(said);
                said.as_ref().is_none_or(is_known)
            };
            is_of(&expectation.audiences, &request.issuer) && is_of(&expectation.acs, &request.acs)
        };
        let answered = capture.request.as_ref().filter(is_own);
        let asked = capture.asked().filter(is_own);
        if expectation.request_id.is_none() {
            expectation.request_id = answered.and_then(|request| request.id.clone());
        }
        if received.outline.kind != "Response" {
            return;
        }
        if expectation.audiences.is_empty() {
            expectation.audiences.extend(asked.and_then(|request| request.issuer.clone()));
        }
        if expectation.acs.is_empty() {
            let address = capture.exchanges.get(capture.chosen).map(|one| one.address.clone());
            expectation.acs.extend(asked.and_then(|one| one.acs.clone()).or(address));
        }
    }
}

/// The base URL of an application to which a message was posted.
fn recorded_base(app: &App, received: &Received) -> Option<String> {
    let capture = received.capture.as_ref()?;
    let address = &capture.exchanges.get(capture.chosen)?.address;
    let mut paths = app.urls.own_paths.iter();
    let own = paths.find_map(|path| address.find(path.as_str()));
    let end = own.or_else(|| address.match_indices('/').nth(2).map(|(at, _)| at))?;
    (received.outline.kind == "Response").then(|| address[..end].to_owned())
}

fn take(found: Result<String, Missing>, into: &mut Vec<String>, hints: &mut Vec<String>) {
    match found {
        Ok(text) => into.push(text),
        Err(missing) => hints.push(told(&missing)),
    }
}

fn told(missing: &Missing) -> String {
    format!("{} is not known: {}; give {}", missing.what, missing.why, missing.give)
}

pub(in crate::commands) fn app_view(app: &App, provider: Option<&str>) -> AppView {
    AppView { id: app.id.clone(), name: app.name.clone(), provider: provider.map(str::to_owned) }
}
