//! From a configuration that exists to the setup that it is part of.

use std::collections::BTreeMap;
use std::path::Path;

use crate::apps::App;
use crate::commands::setup::{Args, Chosen, differences};
use crate::commands::{Failure, validate};
use crate::deployment::Deployment;
use crate::model::{Config, Provider, nearest};
use crate::setups;
use crate::world::World;

/// Application, identity provider and addresses of a configuration, and what differs there.
pub(super) fn chosen(args: &Args, path: &Path, world: &mut World<'_>) -> Result<Chosen, Failure> {
    let lint = validate::Args {
        paths: vec![path.to_owned()],
        app: args.cell.app.clone(),
        env_file: args.env_file.clone(),
        ..validate::Args::default()
    };
    let (app, deployment) = validate::open(&lint, world)?;
    let config = app.config(&deployment);
    if config.root.is_none() && deployment.unreadable().next().is_some() {
        let name = path.to_string_lossy();
        return Err(Failure::new(format!("{name} cannot be read as it is"))
            .hint(format!("ssoctl validate {name} says why")));
    }
    from(args, app, &deployment, &config, world)
}

fn from(
    args: &Args,
    app: &'static App,
    deployment: &Deployment,
    config: &Config<'_>,
    world: &mut World<'_>,
) -> Result<Chosen, Failure> {
    let provider = provider(args, config)?;
    let mut named = args.cell.clone();
    named.app = Some(app.id.clone());
    if named.idp.is_none() {
        named.idp = provider.map(|provider| provider.idp.id.to_owned());
    }
    if named.protocol.is_none() {
        let protocol = provider.and_then(|provider| provider.protocol);
        named.protocol = protocol.map(|protocol| protocol.id().to_owned());
    }
    if named.provider.is_none() {
        named.provider = provider.and_then(Provider::label).map(str::to_owned);
    }
    if named.base_url.is_none() {
        named.base_url = base_url(app, config);
    }
    let cell = named.cell("setup")?;
    let answered = named.answered(cell, world)?;
    let mut answers = answered.answers;
    if let Some(provider) = provider {
        metadata_parts(provider, &mut answers);
    }
    let given = named.given(answers);
    let found = differences::Found { deployment, config, provider };
    let settings = setups::app_settings(cell, &given);
    let differences = Some(differences::all(&settings, &found));
    Ok(Chosen { cell, given, differences })
}

/// The provider that is named, or the only one.
pub(in crate::commands) fn provider<'c, 't>(
    args: &Args,
    config: &'c Config<'t>,
) -> Result<Option<&'c Provider<'t>>, Failure> {
    let labels: Vec<&str> = config.providers.iter().filter_map(Provider::label).collect();
    match (&args.cell.provider, config.providers.as_slice()) {
        (_, []) => Ok(None),
        (None, [only]) => Ok(Some(only)),
        (None, _) => Err(Failure::new("the configuration has several providers")
            .hint(format!("choose one: --provider {}", labels.join("|")))),
        // A configuration that knows its providers by no name has one at most.
        (Some(_), [only]) if labels.is_empty() => Ok(Some(only)),
        (Some(wanted), providers) => {
            let named = |provider: &&Provider<'_>| provider.label() == Some(wanted.as_str());
            providers.iter().find(named).map(Some).ok_or_else(|| {
                let failure = Failure::new(format!("the configuration has no provider {wanted}"));
                match nearest(wanted, labels.iter().copied()) {
                    Some((near, _)) => failure.hint(format!("did you mean {near}?")),
                    None => failure.hint(format!("it has: {}", labels.join(", "))),
                }
            })
        }
    }
}

/// The application's address, where its environment says it.
pub(in crate::commands) fn base_url(app: &App, config: &Config<'_>) -> Option<String> {
    let variable = config.environment.variable(app.urls.base_variable.as_deref()?)?;
    validate::base_url(variable.known()?).ok()
}

/// Where the configuration holds the parts of metadata instead of its address, so does the sheet.
fn metadata_parts(provider: &Provider<'_>, answers: &mut BTreeMap<String, String>) {
    let written = |key: &str| {
        let settings = provider.settings.iter();
        let mut found = settings.filter(|setting| setting.card.key == key && setting.is_present());
        found.next().map(|setting| setting.text().unwrap_or_default().to_owned())
    };
    if written("metadata_url").is_some() || answers.contains_key("metadata_url") {
        return;
    }
    for key in ["sso_url", "x509_cert", "metadata_xml"] {
        if let Some(text) = written(key).filter(|text| !text.is_empty()) {
            answers.entry(key.to_owned()).or_insert(text);
        }
    }
}
