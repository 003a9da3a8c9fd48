//! From an application's configuration to what a message or token is judged by.

use crate::apps::App;
use crate::apps::reader::Reader;
use crate::deployment::Deployment;
use crate::idps::Idp;
use crate::libraries::allauth::{DISCOVERY_SUFFIX, discovery_url};
use crate::libraries::python3_saml::{CertificateFault, certificate_der};
use crate::model::{Config, Protocol, Provider, Role, Setting};

/// What a configuration says about the messages of one identity provider.
#[derive(Clone, Debug)]
pub struct FromConfig {
    /// The application.
    pub app: &'static App,
    /// What people call the provider.
    pub provider: Option<String>,
    /// Which identity provider it is.
    pub idp: &'static Idp,
    /// Whether single sign-on is plainly switched off, so that nobody gets in at all.
    pub is_switched_off: bool,
    /// What its protocol needs.
    pub expected: Expected,
    /// What is worth saying about it: lower case, no full stop.
    pub notes: Vec<String>,
}

/// What one protocol needs.
#[derive(Clone, Debug)]
pub enum Expected {
    /// OpenID Connect.
    Oidc(Oidc),
    /// SAML 2.0.
    Saml(Box<Saml>),
}

/// What an assertion is judged by.
#[derive(Clone, Debug)]
pub struct Saml {
    /// The assertion consumer service: recipient and destination.
    pub acs_url: Result<String, Missing>,
    /// The application's entity id: the audience.
    pub audience: Result<String, Missing>,
    /// The identity provider's entity id, where the configuration has it; else it is that of the
    /// metadata.
    pub issuer: Option<String>,
    /// Whose signatures count.
    pub trust: Result<Trust, Missing>,
    /// What the application's library demands.
    pub reader: Reader,
    /// Whether the permanent key comes from an attribute, so that a name is not needed.
    pub has_uid: bool,
}

/// Whose signatures count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trust {
    /// Those of the key in this certificate (DER).
    Certificate(Vec<u8>),
    /// Those of the keys in this metadata.
    Metadata(String),
}

/// What an ID token is judged by.
#[derive(Clone, Debug)]
pub struct Oidc {
    /// The issuer, as far as the configuration has it; the discovery document says it for good.
    pub issuer: Result<String, Missing>,
    /// The client id: the audience.
    pub client_id: Result<String, Missing>,
    /// Where the application asks for discovery.
    pub discovery: Option<String>,
    /// The redirect URI.
    pub redirect_uri: Result<String, Missing>,
}

/// Something that the configuration does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// What it is: `the ACS URL`.
    pub what: &'static str,
    /// Why it is not there.
    pub why: String,
    /// What to give instead: `--base-url URL`.
    pub give: &'static str,
}

/// Why no provider could be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoProvider {
    /// The configuration has none of the protocol.
    None(Protocol),
    /// It has several, by these names, and none was chosen.
    Several(Vec<String>),
    /// None has this name; those that are there.
    Unknown(String, Vec<String>),
}

impl NoProvider {
    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::None(protocol) => {
                format!("the configuration has no {} provider", protocol.name())
            }
            Self::Several(names) => format!("the configuration has {} providers", names.len()),
            Self::Unknown(name, _) => format!("the configuration has no provider `{name}`"),
        }
    }

    /// What to do.
    pub fn hint(&self) -> String {
        match self {
            Self::None(Protocol::Saml) => {
                "an ID token is judged by `ssoctl decode-token`".to_owned()
            }
            Self::None(_) => "an assertion is judged by `ssoctl decode-assertion`".to_owned(),
            Self::Several(names) => format!("choose with --provider: {}", names.join(", ")),
            Self::Unknown(_, names) if names.is_empty() => "its providers have no names".to_owned(),
            Self::Unknown(_, names) => format!("there are {}", names.join(", ")),
        }
    }
}

/// The provider that messages of a protocol are from: the one that was named, else the only one.
pub fn choose<'c, 't>(
    config: &'c Config<'t>,
    protocol: Protocol,
    wanted: Option<&str>,
) -> Result<&'c Provider<'t>, NoProvider> {
    let speaks = |provider: &&Provider<'_>| provider.protocol.is_none_or(|own| own == protocol);
    let all: Vec<&Provider<'t>> = config.providers.iter().filter(speaks).collect();
    let name = |provider: &&Provider<'t>| provider.label().map(str::to_owned);
    let names = || all.iter().filter_map(name).collect::<Vec<_>>();
    if let Some(wanted) = wanted {
        let is_wanted = |provider: &Provider<'_>| {
            provider.label() == Some(wanted) || provider.text(Role::Name) == Some(wanted)
        };
        let found = all.iter().copied().find(|provider| is_wanted(provider));
        // A provider without any name is the one that is meant, whatever it is called.
        let only = || all.first().copied().filter(|one| all.len() == 1 && one.label().is_none());
        return found.or_else(only).ok_or_else(|| NoProvider::Unknown(wanted.to_owned(), names()));
    }
    match all.as_slice() {
        [] => Err(NoProvider::None(protocol)),
        [only] => Ok(only),
        _ => Err(NoProvider::Several(names())),
    }
}

/// The only provider whose entity id is this one.
pub fn of_entity<'c, 't>(config: &'c Config<'t>, entity_id: &str) -> Option<&'c Provider<'t>> {
    let is_it = |one: &&Provider<'_>| one.text(Role::EntityId) == Some(entity_id);
    let mut found = config.providers.iter().filter(is_it);
    found.next().filter(|_| found.next().is_none())
}

/// What a configuration says about the messages of one of its providers.
pub fn from_config(
    app: &'static App,
    deployment: &Deployment,
    config: &Config<'_>,
    provider: &Provider<'_>,
    protocol: Protocol,
    base_url: Option<&str>,
) -> FromConfig {
    let variable = app.urls.base_variable.as_deref();
    let variable = || config.environment.variable(variable?)?.known();
    let base = base_url.or_else(variable).or(config.base_url.as_deref());
    let place = Place { app, deployment, provider, base };
    let mut notes = Vec::new();
    let expected = match protocol {
        Protocol::Oidc => Expected::Oidc(place.oidc()),
        _ => Expected::Saml(Box::new(place.saml(&mut notes))),
    };
    FromConfig {
        app,
        provider: provider.label().map(str::to_owned),
        idp: provider.idp,
        is_switched_off: config.is_switched_off(),
        expected,
        notes,
    }
}

/// One provider of one application at its address.
#[derive(Clone, Copy)]
struct Place<'p, 't> {
    app: &'static App,
    deployment: &'p Deployment,
    provider: &'p Provider<'t>,
    base: Option<&'p str>,
}

impl Place<'_, '_> {
    fn saml(&self, notes: &mut Vec<String>) -> Saml {
        let reader = Reader::of(self.app, self.deployment);
        if !reader.certain && !reader.is_signing_set() {
            notes.push(format!(
                "what {} demands to be signed is not public: its library's own defaults are applied",
                self.app.name
            ));
        }
        Saml {
            acs_url: self.acs_url(),
            audience: self.audience(),
            issuer: self.provider.text(Role::EntityId).map(str::to_owned),
            trust: self.trust(notes),
            reader,
            has_uid: self.provider.mapped("uid").is_some_and(Setting::is_present),
        }
    }

    /// The address that the application computed, else the one that its template gives.
    fn acs_url(&self) -> Result<String, Missing> {
        if let Some(computed) = self.provider.text(Role::Callback) {
            return Ok(computed.to_owned());
        }
        self.callback(Protocol::Saml, "the ACS URL", "--base-url URL or --acs URL")
    }

    fn callback(
        &self,
        protocol: Protocol,
        what: &'static str,
        give: &'static str,
    ) -> Result<String, Missing> {
        let missing = |why: &str, give| Missing { what, why: why.to_owned(), give };
        let base = self.base.ok_or_else(|| {
            missing("the configuration does not say at which address the application is", give)
        })?;
        let id = self.id().ok_or_else(|| {
            if self.app.id == "label-studio" {
                return missing("Label Studio makes a part of it by itself", "--acs URL");
            }
            missing("the provider has no id that can be read", give)
        })?;
        let url = self.app.callback(protocol, Some(base), id);
        url.ok_or_else(|| missing("the application has no such address", give))
    }

    /// What stands for the provider in the application's addresses; nothing where nothing does.
    fn id(&self) -> Option<&str> {
        let token = self.provider.settings.iter().find(|setting| setting.card.key == "token");
        let token = token.filter(|_| self.app.id == "label-studio");
        let needs = self.app.urls.saml_acs.as_ref().is_some_and(|acs| acs.contains("{id}"));
        let own = token.and_then(Setting::written_text);
        let own = own.or_else(|| self.provider.text(Role::Id));
        own.or((!needs).then_some(""))
    }

    fn audience(&self) -> Result<String, Missing> {
        if let Some(own) = self.provider.text(Role::SpEntityId) {
            return Ok(own.to_owned());
        }
        let what = "the application's entity id";
        let Some(template) = &self.app.urls.saml_entity_id else {
            let why = "entity_id is not set".to_owned();
            return Err(Missing { what, why, give: "--audience ID" });
        };
        if Some(template) == self.app.urls.saml_acs.as_ref() {
            let give = "--base-url URL or --audience ID";
            return self.acs_url().map_err(|missing| Missing { what, give, ..missing });
        }
        let why = "the configuration does not say at which address the application is";
        let missing =
            || Missing { what, why: why.to_owned(), give: "--base-url URL or --audience ID" };
        let (base, id) = self.base.zip(self.id()).ok_or_else(missing)?;
        self.app.saml_entity_id(Some(base), id).ok_or_else(missing)
    }

    /// Metadata counts before a certificate, as the libraries have it.
    fn trust(&self, notes: &mut Vec<String>) -> Result<Trust, Missing> {
        let what = "the identity provider's certificate";
        let missing = |why: String| Missing { what, why, give: "--metadata FILE" };
        let xml = self.provider.setting(Role::MetadataXml).and_then(Setting::written_text);
        if let Some(xml) = xml.filter(|xml| !xml.trim().is_empty()) {
            if self.provider.has(Role::MetadataUrl) {
                notes.push("metadata_xml and metadata_url are both set, and which one counts is not documented: metadata_xml is used".to_owned());
            }
            return Ok(Trust::Metadata(xml.to_owned()));
        }
        if let Some(url) = self.provider.text(Role::MetadataUrl) {
            return Err(missing(format!(
                "it stands in the metadata at {url}, which is not fetched (curl -o idp.xml '{url}')"
            )));
        }
        if let Some(file) = self.provider.text(Role::MetadataFile) {
            return Err(missing(format!("it stands in {file}, a file of the server")));
        }
        let Some(certificate) = self.provider.text(Role::Certificate) else {
            let named = [Role::MetadataUrl, Role::MetadataFile, Role::Certificate];
            let is_named = named.into_iter().any(|role| self.provider.has(role));
            return Err(missing(if is_named {
                "what the configuration has for it is filled in elsewhere".to_owned()
            } else {
                "the configuration names no metadata and no certificate".to_owned()
            }));
        };
        let der = certificate_der(certificate);
        der.map(Trust::Certificate).map_err(|fault| Missing {
            what,
            why: format!("the configured one cannot be read: {}", word(fault)),
            give: "--cert FILE",
        })
    }

    fn oidc(&self) -> Oidc {
        let server_url = self.provider.text(Role::IssuerUrl);
        let base = server_url.or_else(|| self.provider.text(Role::IssuerBase));
        let issuer = base.map(|url| match url.split_once("/.well-known/") {
            Some((issuer, _)) => issuer.to_owned(),
            None => url.to_owned(),
        });
        let issuer = issuer.or_else(|| self.fixed_issuer());
        let discovery = server_url.map(discovery_url).or_else(|| {
            let issuer = issuer.as_deref()?;
            Some(format!("{}{DISCOVERY_SUFFIX}", issuer.trim_end_matches('/')))
        });
        Oidc {
            issuer: issuer.ok_or_else(|| Missing {
                what: "the issuer",
                why: "the configuration names endpoints and no issuer".to_owned(),
                give: "--issuer ID",
            }),
            client_id: self.provider.text(Role::ClientId).map(str::to_owned).ok_or_else(|| {
                let why = "the configuration holds none that can be read".to_owned();
                Missing { what: "the client id", why, give: "--client-id ID" }
            }),
            discovery,
            redirect_uri: self.callback(Protocol::Oidc, "the redirect URI", "--base-url URL"),
        }
    }

    /// The issuer of a provider that has one for everybody.
    fn fixed_issuer(&self) -> Option<String> {
        let shapes = self.provider.idp.facts().oidc.issuer.value.as_ref()?;
        let fixed = shapes.iter().find(|shape| !shape.contains('{'));
        fixed.map(|issuer| (*issuer).to_owned())
    }
}

fn word(fault: CertificateFault) -> &'static str {
    match fault {
        CertificateFault::FilePath => "it is the path of a file",
        CertificateFault::LiteralLineBreak => "it holds \\n where line breaks belong",
        CertificateFault::NotBase64 | CertificateFault::NotCertificate => "it is no certificate",
        CertificateFault::OtherBlock => "it is a PEM block of another kind",
        CertificateFault::PrivateKey => "it is a private key",
        CertificateFault::SeveralBlocks => "it holds several blocks",
        CertificateFault::SurroundingText => "text stands around it",
        CertificateFault::Trusted => "it has OpenSSL's own form",
    }
}
