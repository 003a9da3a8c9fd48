//! What a token is judged by, from the flags, the configuration and the provider.

use jiff::Timestamp;
use url::Url;

use crate::apps::from_config::{self, Expected, Missing, Oidc};
use crate::commands::Failure;
use crate::commands::check::discovery_url;
use crate::commands::decode_assertion::{self as twin, Reading};
use crate::commands::decode_token::Args;
use crate::commands::decode_token::provider::{self, Whom};
use crate::model::{Config, Protocol, Provider};
use crate::oidc::jwt::{Algorithm, Expectation, Issuer, Object, Reader, Secret};
use crate::report::judgement::AppView;
use crate::world::World;

/// What the flags and the configuration say together.
pub(super) struct Judging {
    /// What the token is judged by.
    pub(super) expectation: Expectation,
    /// The application, for showing.
    pub(super) app: Option<AppView>,
    /// Remarks for people.
    pub(super) hints: Vec<String>,
}

/// Everything that the token is judged by, but what came with it.
pub(super) fn judging(
    args: &Args,
    at: Timestamp,
    reading: Option<&Reading>,
    chosen: Option<(&Config<'_>, &Provider<'_>)>,
    world: &World<'_>,
) -> Result<Judging, Failure> {
    let mut judging = Judging { expectation: Expectation::at(at), app: None, hints: Vec::new() };
    let configured = reading.zip(chosen).map(|(reading, (config, provider))| {
        let base = args.base_url.as_deref();
        let (app, deployment) = (reading.app, &reading.deployment);
        from_config::from_config(app, deployment, config, provider, Protocol::Oidc, base)
    });
    if let Some(reading) = reading {
        let name = configured.as_ref().map_or(&args.provider, |found| &found.provider);
        judging.app = Some(twin::app_view(reading.app, name.as_deref()));
        judging.expectation.reader = Reader::of(&reading.app.id);
    }
    let oidc = configured.and_then(|found| {
        judging.hints.extend(found.notes);
        if found.is_switched_off {
            judging.hints.push("single sign-on is switched off in the configuration".to_owned());
        }
        match found.expected {
            Expected::Oidc(oidc) => Some(oidc),
            Expected::Saml(_) => None,
        }
    });
    judging.flags(args)?;
    let mut provider = provider::of_files(args)?;
    if args.fetch || args.replay.is_some() {
        provider.fetch(args, whom(args, oidc.as_ref()), world)?;
    }
    judging.expectation.keys = provider.keys.take();
    if judging.expectation.keys.is_none() && !provider.hints.is_empty() {
        judging.expectation.keys_kept_away = Some(provider.hints.join("; "));
    }
    judging.hints.append(&mut provider.hints);
    let published = provider.discovery.and_then(|document| document.issuer);
    judging.issuer(args, published.map(|issuer| issuer.value), oidc.as_ref());
    judging.client(args, oidc.as_ref());
    Ok(judging)
}

/// The document to ask for.
fn whom(args: &Args, oidc: Option<&Oidc>) -> Option<Whom> {
    if let Some(issuer) = &args.issuer {
        let url = discovery_url(issuer)?;
        return Some(Whom { url, is_typed: true, issuer: Some(issuer.clone()) });
    }
    let url = Url::parse(oidc?.discovery.as_deref()?).ok()?;
    Some(Whom { url, is_typed: false, issuer: None })
}

impl Judging {
    fn flags(&mut self, args: &Args) -> Result<(), Failure> {
        let expectation = &mut self.expectation;
        if let Some(skew) = args.skew {
            expectation.skew = skew;
            expectation.reader =
                expectation.reader.map(|reader| Reader { expiry_skew: skew, ..reader });
        }
        expectation.audiences.clone_from(&args.audience);
        expectation.tenants.clone_from(&args.tenant);
        expectation.nonce.clone_from(&args.nonce);
        expectation.acr.clone_from(&args.acr);
        expectation.max_age = args.max_age;
        expectation.allows_rsa15 = args.allow_rsa15;
        expectation.requires_all = args.require_all;
        for name in &args.alg {
            let algorithm = Algorithm::named(name).ok_or_else(|| no_algorithm(name))?;
            expectation.algorithms.push(algorithm);
        }
        for path in &args.key {
            expectation.decryption_keys.push(twin::key_of_file(path)?);
        }
        if let Some(path) = &args.client_secret_file {
            if !path.exists() {
                return Err(Failure::no_secret_file("--client-secret-file"));
            }
            let bytes = twin::read_file(path, SMALL)?;
            let end = bytes.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
            let secret = bytes[..end.map_or(0, |at| at + 1)].to_vec();
            if secret.is_empty() {
                let name = path.to_string_lossy();
                return Err(Failure::new(format!("{name} is empty, so there is no client secret")));
            }
            expectation.secret = Some(Secret::new(secret));
        }
        if let Some(path) = &args.userinfo {
            let name = path.to_string_lossy();
            let bytes = twin::read_file(path, LARGEST)?;
            let object = Object::read(&bytes, &name).map_err(|reason| {
                Failure::new(format!("{name} cannot be used: {}", reason.problem.message))
                    .hint("save the JSON that the userinfo endpoint answers")
            })?;
            expectation.userinfo = Some(object);
        }
        Ok(())
    }

    /// The issuer: as typed, as the provider publishes it, or as near as the configuration has it.
    fn issuer(&mut self, args: &Args, published: Option<String>, oidc: Option<&Oidc>) {
        let exact = args.issuer.clone().or(published);
        if let Some(value) = exact {
            self.expectation.issuer = Some(Issuer { value, is_address: false });
            return;
        }
        match oidc.map(|oidc| &oidc.issuer) {
            Some(Ok(value)) => {
                self.expectation.issuer = Some(Issuer { value: value.clone(), is_address: true });
            }
            Some(Err(missing)) => self.hints.push(told(missing)),
            None => {}
        }
    }

    fn client(&mut self, args: &Args, oidc: Option<&Oidc>) {
        self.expectation.client_id.clone_from(&args.client_id);
        if self.expectation.client_id.is_some() {
            return;
        }
        match oidc.map(|oidc| &oidc.client_id) {
            Some(Ok(id)) => self.expectation.client_id = Some(id.clone()),
            Some(Err(missing)) => self.hints.push(told(missing)),
            None => {}
        }
    }
}

fn told(missing: &Missing) -> String {
    format!("{} is not known: {}; give {}", missing.what, missing.why, missing.give)
}

fn no_algorithm(name: &str) -> Failure {
    let all = Algorithm::of_pairs().chain(Algorithm::of_secrets());
    let names: Vec<&str> = all.map(|algorithm| algorithm.name).collect();
    Failure::new(format!("{name} is no algorithm that is known here"))
        .hint(format!("one of {}", names.join(", ")))
}

const SMALL: u64 = 64 << 10;
const LARGEST: u64 = 1 << 20;
