//! What a check sees.

use std::sync::Arc;

use jiff::Timestamp;

use crate::apps::App;
use crate::deployment::{Deployment, Document};
use crate::idps::Idp;
use crate::model::{Config, Protocol, Provider, Role, Setting, Variable};
use crate::problem::{Place, Problem};
use crate::source::{KeyPath, Source, Span};
use crate::syntax::tree::NodeRef;

/// One deployment under judgement.
#[derive(Debug)]
pub struct Subject<'t> {
    /// The application.
    pub app: &'static App,
    /// Its texts.
    pub deployment: &'t Deployment,
    /// What they tell the application.
    pub config: Config<'t>,
    /// The instant of judgement.
    pub at: Timestamp,
    /// How many days before its end a certificate or secret is reported; none for the default.
    pub warn_days: Option<i64>,
    /// The application's address, where it is given by hand.
    pub base_url: Option<String>,
    /// Ends of secrets that stand outside the text: key path and date.
    pub secret_ends: Vec<(String, jiff::civil::Date)>,
}

impl<'t> Subject<'t> {
    /// Whether saved documents are judged alone.
    pub fn is_without_configuration(&self) -> bool {
        self.deployment.main.is_none() && self.deployment.parts.is_empty()
    }

    /// The document; only asked for by checks that need one.
    pub fn document(&self) -> Option<&'t Document> {
        self.deployment.document()
    }

    /// A place in the document.
    pub fn place(&self, span: Span, path: KeyPath) -> Place {
        self.document().expect("bug: a place in a document that was not read").place(span, path)
    }

    /// The place of a setting's value; of its key where the value is empty.
    pub fn value_place(&self, setting: &Setting<'_>) -> Place {
        let (key, value) = setting.entry.expect("bug: a place of a setting that is absent");
        let span = if value.span().is_empty() { key.span() } else { value.span() };
        self.place_in(setting.source, span, setting.path())
    }

    /// The place of a setting's key.
    pub fn key_place(&self, setting: &Setting<'_>) -> Place {
        let (key, _) = setting.entry.expect("bug: a place of a setting that is absent");
        self.place_in(setting.source, key.span(), setting.path())
    }

    /// A place in a text, or in the configuration where none is named.
    fn place_in(&self, source: Option<&Arc<Source>>, span: Span, path: KeyPath) -> Place {
        match source {
            Some(source) => Place { source: Arc::clone(source), span, path },
            None => self.place(span, path),
        }
    }

    /// The value for use in a message: a secret is described, not shown.
    pub fn shown(&self, setting: &Setting<'_>) -> String {
        let own = self.document().map(|document| &document.source);
        let source = setting.source.or(own);
        source.zip(setting.span()).map_or_else(String::new, |(source, span)| source.quote(span))
    }

    /// The place of the section that holds the settings, for what is missing in it.
    pub fn section_place(&self) -> Place {
        let root = self.config.root;
        let key = root.and_then(|root| root.entry("sso")).map(|(key, _)| key.span());
        let start = root.map_or_else(Span::default, |root| Span::at(root.span().start));
        self.place(key.unwrap_or(start), KeyPath::default().key("sso"))
    }

    /// A problem at a variable of the environment.
    pub fn variable_problem(&self, message: impl Into<String>, variable: &Variable) -> Problem {
        let path = KeyPath::default().key(&variable.name);
        let source = Arc::clone(&variable.source);
        Problem::new(message, Place { source, span: variable.span, path })
    }

    /// The application's address, from the command line, the environment or its configuration.
    pub fn base_url(&self) -> Option<&str> {
        let name = self.app.urls.base_variable.as_deref();
        let variable = || self.config.environment.variable(name?)?.known();
        self.base_url.as_deref().or_else(variable).or(self.config.base_url.as_deref())
    }

    /// How many days ahead the end of something in a saved file is reported: whoever saved it has to
    /// fetch it anew.
    pub fn days_ahead_in_file(&self) -> i64 {
        self.warn_days.unwrap_or(DAYS_AHEAD_IN_FILE)
    }

    /// How many days ahead the end of something is reported.
    pub fn days_ahead(&self) -> i64 {
        self.warn_days.unwrap_or(DAYS_AHEAD)
    }
}

/// One identity provider under judgement.
#[derive(Debug)]
pub struct ProviderSubject<'s> {
    /// Its deployment.
    pub subject: &'s Subject<'s>,
    /// What the application was told of it.
    pub provider: &'s Provider<'s>,
    /// Which identity provider it is.
    pub idp: &'static Idp,
}

impl<'s> ProviderSubject<'s> {
    /// A provider with the identity provider that its addresses give away.
    pub fn new(subject: &'s Subject<'s>, provider: &'s Provider<'s>) -> Self {
        Self { subject, provider, idp: provider.idp }
    }

    /// Whether it speaks a protocol.
    pub fn speaks(&self, protocol: Protocol) -> bool {
        self.provider.protocol == Some(protocol)
    }

    /// A setting with its honest text.
    pub fn text(&self, role: Role) -> Option<(&'s Setting<'s>, &'s str)> {
        let setting = self.provider.setting(role)?;
        Some((setting, setting.text()?))
    }

    /// A problem with the value of a setting.
    pub fn value_problem(&self, message: impl Into<String>, setting: &Setting<'_>) -> Problem {
        Problem::new(message, self.subject.value_place(setting))
    }

    /// A problem with the provider as a whole, at its first key.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        let (span, path) = (self.provider.anchor(), (*self.provider.path).clone());
        Problem::new(message, self.subject.place_in(self.provider.source(), span, path))
    }

    /// The map of account fields, where there is one.
    pub fn mapping(&self) -> Option<NodeRef<'s>> {
        let map = self.provider.setting(Role::AttributeMapping)?.read_value()?;
        map.entries().is_some_and(|entries| !entries.is_empty()).then_some(map)
    }
}

/// Days before the end of a certificate or a secret on which it is first reported.
const DAYS_AHEAD: i64 = 30;
/// The same for what stands in a file of its own, which nothing renews.
const DAYS_AHEAD_IN_FILE: i64 = 45;
