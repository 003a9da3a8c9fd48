//! What the provider publishes: from files, or asked for.

use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::commands::Failure;
use crate::commands::check;
use crate::commands::decode_assertion as twin;
use crate::commands::decode_token::Args;
use crate::deployment::Saved;
use crate::fetch::{Fetch, Request};
use crate::oidc::discovery::Discovery;
use crate::oidc::jwt::KeySet;
use crate::rules::answers::shown;
use crate::world::World;

/// What is known of the provider.
#[derive(Default)]
pub(super) struct Provider {
    /// Its discovery document.
    pub(super) discovery: Option<Discovery>,
    /// Its keys.
    pub(super) keys: Option<KeySet>,
    /// What kept something away.
    pub(super) hints: Vec<String>,
}

/// Where to ask.
pub(super) struct Whom {
    /// The discovery document.
    pub(super) url: Url,
    /// Whether the user typed its host.
    pub(super) is_typed: bool,
    /// The issuer that the document must have; none where whoever names it does not compare.
    pub(super) issuer: Option<String>,
}

/// Reads the files that the arguments name.
pub(super) fn of_files(args: &Args) -> Result<Provider, Failure> {
    let mut provider = Provider::default();
    if let Some(path) = &args.discovery {
        let (name, text) = text(path)?;
        let document = Discovery::read(&text).map_err(|unreadable| {
            Failure::new(format!("{name} is no discovery document: {unreadable}"))
                .hint("save what the provider answers at /.well-known/openid-configuration")
        })?;
        provider.discovery = Some(document);
    }
    if let Some(path) = &args.jwks {
        let (name, text) = text(path)?;
        let set = key_set(&name, text).map_err(|unreadable| {
            Failure::new(format!("{name} is no key set: {unreadable}"))
                .hint("save what the provider answers at its jwks_uri")
        })?;
        provider.keys = Some(set);
    }
    Ok(provider)
}

impl Provider {
    /// Asks for what is missing.
    pub(super) fn fetch(
        &mut self,
        args: &Args,
        whom: Option<Whom>,
        world: &World<'_>,
    ) -> Result<(), Failure> {
        let replay = args.replay.as_deref().map(check::recording::open).transpose()?;
        let http = check::http(&args.network(), world)?;
        let net: &dyn Fetch = replay.as_ref().map_or(&http, |replay| replay);
        let mut is_typed = false;
        if self.discovery.is_none() {
            let Some(whom) = whom else {
                return Err(Failure::new("nothing says which provider to ask")
                    .hint("--issuer URL, --discovery FILE or --config FILE"));
            };
            is_typed = whom.is_typed;
            self.document(&whom, net);
        }
        if self.keys.is_none() {
            self.key_set(is_typed, net);
        }
        Ok(())
    }

    fn document(&mut self, whom: &Whom, net: &dyn Fetch) {
        let Some(text) = self.ask(&whom.url, whom.is_typed, net) else { return };
        match Discovery::read(&text) {
            Err(unreadable) => {
                self.hints
                    .push(format!("{} gave no discovery document: {unreadable}", shown(&whom.url)));
            }
            Ok(document) => {
                let own = document.issuer.as_ref().map(|issuer| issuer.value.as_str());
                let other = whom.issuer.as_deref().filter(|wanted| own != Some(*wanted));
                if let Some(wanted) = other {
                    let own = own.unwrap_or("no issuer");
                    self.hints.push(format!(
                        "{} is the document of {own}, not of {wanted}, so its keys do not count",
                        shown(&whom.url)
                    ));
                    return;
                }
                self.discovery = Some(document);
            }
        }
    }

    fn key_set(&mut self, is_typed: bool, net: &dyn Fetch) {
        let Some(document) = &self.discovery else { return };
        let named = document.jwks_uri.as_ref().and_then(|uri| Url::parse(&uri.value).ok());
        let Some(url) = named else {
            self.hints.push("the discovery document names no jwks_uri that can be read".to_owned());
            return;
        };
        let Some(text) = self.ask(&url, is_typed, net) else { return };
        match key_set(&shown(&url), text.into()) {
            Ok(set) => self.keys = Some(set),
            Err(unreadable) => {
                self.hints.push(format!("{} gave no key set: {unreadable}", shown(&url)));
            }
        }
    }

    /// The text of an answer; none where nothing sound came, which is told.
    fn ask(&mut self, url: &Url, is_typed: bool, net: &dyn Fetch) -> Option<String> {
        let request =
            Request { is_named_by_user: is_typed, most: LARGEST, ..Request::get(url.clone()) };
        let hint = match net.fetch(&request) {
            Err(error) => format!("{} could not be had: {error}", shown(url)),
            Ok(reply) if reply.status != 200 => {
                format!("{} answered with status {}", shown(url), reply.status)
            }
            Ok(reply) => match reply.text() {
                Some(text) => return Some(text.to_owned()),
                None => format!("{} answered something that is no text", shown(url)),
            },
        };
        self.hints.push(hint);
        None
    }
}

fn key_set(name: &str, text: Arc<str>) -> Result<KeySet, crate::oidc::Unreadable> {
    let source = Saved::key_set(name, text).source;
    KeySet::read(&source, name)
}

fn text(path: &Path) -> Result<(String, Arc<str>), Failure> {
    let name = path.to_string_lossy().into_owned();
    let bytes = twin::read_file(path, FILE)?;
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::new(format!("{name} is not UTF-8")).hint("save it as UTF-8"))?;
    Ok((name, text.into()))
}

const LARGEST: usize = 512 << 10;
const FILE: u64 = 1 << 20;
