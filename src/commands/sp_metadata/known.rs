//! What the application and its configuration say of the service provider.

use std::path::Path;

use crate::apps::App;
use crate::commands::cell::CellArgs;
use crate::commands::setup::{self, configured};
use crate::commands::sp_metadata::Args;
use crate::commands::{Failure, validate};
use crate::model::{Config, Protocol, Provider};
use crate::saml::sp_metadata::{Requested, Service};
use crate::world::World;

/// What is known without a word on the command line.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// The application.
    pub(super) app: Option<&'static App>,
    /// The flags that would tell its addresses, and are missing.
    pub(super) lacks: Vec<&'static str>,
    /// Its entity id.
    pub(super) entity_id: Option<String>,
    /// Its assertion consumer service.
    pub(super) acs: Option<String>,
    /// Its single logout service.
    pub(super) slo: Option<String>,
    /// What it wants to be told.
    pub(super) service: Option<Service>,
    /// Whether it neither signs nor decrypts, whatever keys there are.
    pub(super) cannot_use_keys: bool,
}

/// What the configuration says, or else the application alone, or else nothing.
pub(super) fn known(args: &Args, world: &mut World<'_>) -> Result<Known, Failure> {
    match (&args.config, &args.app) {
        (Some(path), _) => configured(args, path, world),
        (None, Some(id)) => {
            let app = App::by_id(id).expect("the command line knows its applications");
            Ok(of_app(app, args.base_url.as_deref(), args.provider.as_deref()))
        }
        (None, None) => Ok(Known::default()),
    }
}

fn configured(args: &Args, path: &Path, world: &mut World<'_>) -> Result<Known, Failure> {
    let lint = validate::Args {
        paths: vec![path.to_owned()],
        app: args.app.clone(),
        env_file: args.env_file.clone(),
        ..validate::Args::default()
    };
    let (app, deployment) = validate::open(&lint, world)?;
    let config = app.config(&deployment);
    let name = path.to_string_lossy();
    if config.root.is_none() && deployment.unreadable().next().is_some() {
        return Err(Failure::new(format!("{name} cannot be read as it is"))
            .hint(format!("ssoctl validate {name} says why")));
    }
    let provider = chosen(args, &config)?;
    if let Some(protocol) = provider.and_then(|provider| provider.protocol)
        && protocol != Protocol::Saml
    {
        return Err(Failure::new(format!(
            "the provider in {name} speaks {}, not saml",
            protocol.id()
        ))
        .hint("only SAML knows service-provider metadata"));
    }
    let base = args.base_url.clone().or_else(|| configured::base_url(app, &config));
    let id = provider.and_then(Provider::label).map(str::to_owned);
    let id = id.or_else(|| args.provider.clone());
    let mut known = of_app(app, base.as_deref(), id.as_deref());
    known.service = provider.and_then(|provider| service(app, provider));
    Ok(known)
}

/// The provider that is named, or the only one that speaks SAML.
fn chosen<'c, 't>(
    args: &Args,
    config: &'c Config<'t>,
) -> Result<Option<&'c Provider<'t>>, Failure> {
    if args.provider.is_none() {
        let saml = |provider: &&Provider<'_>| provider.protocol == Some(Protocol::Saml);
        let mut found = config.providers.iter().filter(saml);
        if let (Some(only), None) = (found.next(), found.next()) {
            return Ok(Some(only));
        }
    }
    let cell = CellArgs { provider: args.provider.clone(), ..CellArgs::default() };
    configured::provider(&setup::Args { cell, ..setup::Args::default() }, config)
}

fn of_app(app: &'static App, base: Option<&str>, id: Option<&str>) -> Known {
    let mut known =
        Known { app: Some(app), cannot_use_keys: app.without_saml_key, ..Known::default() };
    let needs_id = app.urls.saml_acs.as_ref().is_some_and(|template| template.contains("{id}"));
    known.lacks.extend((id.is_none() && needs_id).then_some("--provider"));
    known.lacks.extend(base.is_none().then_some("--base-url"));
    if !known.lacks.is_empty() {
        return known;
    }
    let id = id.unwrap_or_default();
    known.entity_id = app.saml_entity_id(base, id);
    known.acs = app.callback(Protocol::Saml, base, id);
    known.slo = app.saml_slo(base, id);
    known
}

/// What the mapping asks for.
fn service(app: &App, provider: &Provider<'_>) -> Option<Service> {
    let mut attributes: Vec<Requested> = Vec::new();
    for setting in &provider.mapping {
        let Some(name) = setting.text().filter(|name| !name.is_empty()) else { continue };
        let is_required = REQUIRED.contains(&setting.card.key.as_str());
        match attributes.iter_mut().find(|one| one.name == name) {
            Some(one) => one.is_required |= is_required,
            None => attributes.push(Requested {
                name: name.to_owned(),
                friendly_name: setting.card.key.clone(),
                is_required,
            }),
        }
    }
    (!attributes.is_empty()).then(|| Service { name: app.name.clone(), attributes })
}

/// Account fields without which there is no account.
const REQUIRED: [&str; 2] = ["uid", "email"];
