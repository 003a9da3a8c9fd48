//! Probes: each is told before it is sent, one after the other, past the recorder and past retries.

use std::io::Write;

use url::Url;

use crate::commands::Failure;
use crate::commands::check::at_name;
use crate::commands::check::client::Client;
use crate::commands::check::oidc::Told;
use crate::fetch::{Fetch, Reply, Request};
use crate::libraries::allauth;
use crate::oidc::discovery::Discovery;
use crate::oidc::probe::{
    Arrival, Confirmed, Login, Method, Redeemed, Redemption, UNKNOWN_CLIENT, UNREGISTERED, arrival,
    redeemed,
};
use crate::report::Seen;
use crate::rules::answers::shown;
use crate::rules::probes::{Answer, NotSent, Places, Probes, judge};
use crate::source::{Spanned, printable};
use crate::world::Interrupt;

/// Who sends probes, and tells of them.
pub(super) struct Sender<'s> {
    /// The network itself.
    pub(super) net: &'s dyn Fetch,
    /// Where each request is told of beforehand.
    pub(super) stderr: &'s mut dyn Write,
    /// Whether what is not sent goes without a word.
    pub(super) is_quiet: bool,
    /// Whether the run is to end.
    pub(super) interrupt: Interrupt,
}

/// One provider that is probed.
struct Target<'t> {
    label: &'t str,
    document: &'t Discovery,
    /// The host that somebody typed.
    typed: Option<&'t str>,
}

/// Probes what a provider has on record of a configuration's client.
pub(super) fn configured(
    label: &str,
    app: &str,
    client: Option<&Client>,
    told: &mut Told,
    sender: &mut Sender<'_>,
) -> Result<(), Failure> {
    let Some(document) = document(told) else {
        return sender.nothing(label, "there is no discovery document");
    };
    let Some(client) = client else {
        return sender.nothing(label, "the configuration has no client id that can be read");
    };
    let target = Target { label, document: &document, typed: None };
    let mut probes = Probes {
        provider: Some(label.to_owned()),
        pkce: client.pkce,
        is_modelled: client.is_modelled,
        ..empty(app, client.places.clone())
    };
    logins(&target, client, &mut probes, sender)?;
    credentials(&target, client, &mut probes, sender)?;
    finish(&target, &probes, told, sender)
}

/// Probes what can be probed without a client: where a stranger's answer is sent.
pub(super) fn bare(url: &Url, told: &mut Told, sender: &mut Sender<'_>) -> Result<(), Failure> {
    let host = url.host_str().unwrap_or_default();
    let Some(document) = document(told) else {
        return sender.nothing(host, "there is no discovery document");
    };
    let target = Target { label: host, document: &document, typed: Some(host) };
    let place = at_name(&shown(url));
    let places = Places {
        client_id: place.clone(),
        client_secret: place.clone(),
        method: place.clone(),
        pkce: place,
    };
    let mut probes = empty("the application", places);
    if let Some(endpoint) = address(document.authorization_endpoint.as_ref()) {
        let login = Login {
            client_id: UNKNOWN_CLIENT,
            redirect_uri: UNREGISTERED,
            scope: "openid",
            pkce: true,
        };
        probes.unregistered = Some(sender.login(&target, &endpoint, &login)?);
    }
    for what in ["credentials", "redirect", "pkce"] {
        probes.not_sent.push(NotSent { what, why: NO_CLIENT.to_owned() });
    }
    finish(&target, &probes, told, sender)
}

fn logins(
    target: &Target<'_>,
    client: &Client,
    probes: &mut Probes,
    sender: &mut Sender<'_>,
) -> Result<(), Failure> {
    let published = || address(target.document.authorization_endpoint.as_ref());
    let Some(endpoint) = client.authorization_endpoint.clone().or_else(published) else {
        let why = "there is no authorization endpoint".to_owned();
        probes.not_sent.push(NotSent { what: "redirect", why });
        return Ok(());
    };
    let login = |redirect_uri| Login {
        client_id: &client.id,
        redirect_uri,
        scope: client.scope,
        pkce: client.pkce,
    };
    if let Some(own) = client.redirect_uri.as_deref() {
        let own = login(own);
        probes.login = Some(sender.login(target, &endpoint, &own)?);
        let other = Login { pkce: !own.pkce, ..own };
        probes.other_pkce = Some(sender.login(target, &endpoint, &other)?);
    } else {
        let why = "the redirect URI is not known: give --base-url".to_owned();
        probes.not_sent.push(NotSent { what: "redirect", why });
    }
    probes.unregistered = Some(sender.login(target, &endpoint, &login(UNREGISTERED))?);
    Ok(())
}

fn credentials(
    target: &Target<'_>,
    client: &Client,
    probes: &mut Probes,
    sender: &mut Sender<'_>,
) -> Result<(), Failure> {
    let not_sent = |why: String| NotSent { what: "credentials", why };
    let published = || address(target.document.token_endpoint.as_ref());
    let Some(endpoint) = client.token_endpoint.clone().or_else(published) else {
        probes.not_sent.push(not_sent("there is no token endpoint".to_owned()));
        return Ok(());
    };
    let Some(secret) = &client.secret else {
        let why = "the configuration has no client secret that can be read";
        probes.not_sent.push(not_sent(why.to_owned()));
        return Ok(());
    };
    let endpoint = match Confirmed::new(&endpoint, &client.named) {
        Ok(endpoint) => endpoint,
        Err(withheld) => {
            probes.not_sent.push(not_sent(withheld.to_string()));
            return Ok(());
        }
    };
    let Some(method) = allauth::auth_method(client.method.as_deref(), target.document) else {
        probes.not_sent.push(not_sent("the configured method takes no secret".to_owned()));
        return Ok(());
    };
    let redirect_uri = client.redirect_uri.as_deref();
    let own = Redemption {
        client_id: &client.id,
        client_secret: secret,
        method,
        redirect_uri,
        pkce: client.pkce,
    };
    let answer = sender.redemption(target, &endpoint, &own)?;
    let is_refused = matches!(&answer, Ok(Redeemed::ClientRefused { .. }));
    probes.redeemed.push((method, answer));
    let other = method.other();
    if is_refused && may_be(other, target.document) {
        let redemption = Redemption { method: other, ..own };
        let answer = sender.redemption(target, &endpoint, &redemption)?;
        probes.redeemed.push((other, answer));
    }
    Ok(())
}

/// Whether a provider offers a method, or does not say.
fn may_be(method: Method, document: &Discovery) -> bool {
    document.token_endpoint_auth_methods_supported.is_none()
        || document.offers_auth_method(method.name())
}

fn finish(
    target: &Target<'_>,
    probes: &Probes,
    told: &mut Told,
    sender: &mut Sender<'_>,
) -> Result<(), Failure> {
    for NotSent { what, why } in &probes.not_sent {
        sender.nothing(target.label, &format!("{what}: {why}"))?;
    }
    for line in judge(probes, &mut told.findings) {
        told.seen.push(Seen {
            of: target.label.to_owned(),
            what: line.what.to_owned(),
            ok: line.ok,
            says: line.says,
            url: None,
            milliseconds: None,
        });
    }
    Ok(())
}

impl Sender<'_> {
    fn login(
        &mut self,
        target: &Target<'_>,
        endpoint: &Url,
        login: &Login<'_>,
    ) -> Result<Answer<Arrival>, Failure> {
        let pkce = if login.pkce { "with PKCE" } else { "without PKCE" };
        let what = format!(
            "prompt=none, client_id {}, redirect_uri {}, {pkce}",
            login.client_id, login.redirect_uri
        );
        let reply = self.send(target, &what, endpoint, login.request(endpoint))?;
        Ok(reply.map(|reply| arrival(&reply, login.redirect_uri)))
    }

    fn redemption(
        &mut self,
        target: &Target<'_>,
        endpoint: &Confirmed,
        redemption: &Redemption<'_>,
    ) -> Result<Answer<Redeemed>, Failure> {
        let method = redemption.method.name();
        let what = format!(
            "an invented code, client_id {} and the client secret ({method})",
            redemption.client_id
        );
        let reply = self.send(target, &what, endpoint.url(), redemption.request(endpoint))?;
        Ok(reply.map(|reply| redeemed(&reply)))
    }

    /// Tells of a request, and only then sends it.
    fn send(
        &mut self,
        target: &Target<'_>,
        what: &str,
        endpoint: &Url,
        mut request: Request,
    ) -> Result<Answer<Reply>, Failure> {
        if self.interrupt.is_set() {
            return Err(Failure::Interrupted);
        }
        let verb = if request.form.is_some() { "POST" } else { "GET" };
        let line = format!("probe of {}: {verb} {}: {what}", target.label, shown(endpoint));
        writeln!(self.stderr, "{}", printable(&line))?;
        self.stderr.flush()?;
        request.is_named_by_user = target.typed.is_some() && target.typed == endpoint.host_str();
        Ok(self.net.fetch(&request).map_err(|error| error.to_string()))
    }

    /// Says what is not sent.
    pub(super) fn nothing(&mut self, label: &str, why: &str) -> Result<(), Failure> {
        if !self.is_quiet {
            writeln!(self.stderr, "not probed, {}", printable(&format!("{label}: {why}")))?;
        }
        Ok(())
    }
}

fn empty(app: &str, places: Places) -> Probes {
    Probes {
        app: app.to_owned(),
        provider: None,
        places,
        pkce: true,
        is_modelled: false,
        login: None,
        other_pkce: None,
        unregistered: None,
        redeemed: Vec::new(),
        not_sent: Vec::new(),
    }
}

fn document(told: &Told) -> Option<Discovery> {
    let (_, text) = told.discovery.as_ref()?;
    Discovery::read(text).ok()
}

fn address(text: Option<&Spanned<String>>) -> Option<Url> {
    Url::parse(&text?.value).ok().filter(Url::has_host)
}

const NO_CLIENT: &str = "no configuration names a client";
