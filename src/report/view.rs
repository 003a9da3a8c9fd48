//! What was understood of a target, for a run that finds nothing wrong.

use crate::apps::App;
use crate::deployment::FileKind;
use crate::model::{Protocol, Role, Setting};
use crate::rules::{ProviderSubject, Subject};
use crate::source::printable;
use crate::syntax::tree::NodeRef;

/// What a target was understood as.
#[derive(Clone, Debug)]
pub struct TargetView {
    /// The name of its file.
    pub path: String,
    /// The application.
    pub app: &'static App,
    /// The kind of file.
    pub kind: FileKind,
    /// Whether single sign-on is plainly switched off.
    pub is_switched_off: bool,
    /// How a provider is chosen, in words.
    pub chosen: String,
    /// Its providers.
    pub providers: Vec<ProviderView>,
    /// Whether the whole addresses are known.
    pub has_base_url: bool,
}

/// What a provider was understood as.
#[derive(Clone, Debug)]
pub struct ProviderView {
    /// Its id.
    pub id: String,
    /// What it speaks.
    pub protocol: Option<Protocol>,
    /// Which identity provider it is.
    pub idp: &'static str,
    /// What chooses it: an e-mail domain or a weight.
    pub chosen_by: String,
    /// The address to register there.
    pub callback: Option<String>,
    /// The entity id to register there, for SAML.
    pub entity_id: Option<String>,
}

impl TargetView {
    /// A view of what a subject tells its application.
    pub fn new(path: &str, kind: FileKind, subject: &Subject<'_>) -> Self {
        let mode = subject.config.setting(Role::SelectionMode).and_then(Setting::text);
        Self {
            path: path.to_owned(),
            app: subject.app,
            kind,
            is_switched_off: subject.config.is_switched_off(),
            chosen: match mode {
                Some("lowest_weight") => "the lowest weight serves everybody".to_owned(),
                _ => "chosen by e-mail domain".to_owned(),
            },
            providers: providers(subject, mode),
            has_base_url: subject.base_url().is_some() || providers_are_told(subject),
        }
    }
}

/// The address that the application itself tells, as it stands in the text: its own parts are no
/// secrets there, though one of them is called a token.
fn told(subject: &Subject<'_>, setting: &Setting<'_>) -> Option<String> {
    let text = setting.text()?;
    let source = &subject.document()?.source;
    let shown =
        if source.is_secret(setting.span()?) { source.scrub(text) } else { text.to_owned() };
    Some(printable(&shown).into_owned())
}

/// Whether no address of a provider gets fuller by a base URL: it holds a part that only the
/// application knows.
fn providers_are_told(subject: &Subject<'_>) -> bool {
    subject.config.providers.iter().all(|provider| {
        let url = provider
            .protocol
            .and_then(|protocol| subject.app.callback(protocol, None, "{id}"))
            .unwrap_or_default();
        provider.label().is_none() && url.contains("{id}")
    })
}

fn providers(subject: &Subject<'_>, mode: Option<&str>) -> Vec<ProviderView> {
    let providers =
        subject.config.providers.iter().map(|provider| ProviderSubject::new(subject, provider));
    // Nothing secret, whatever somebody pasted into an id or an address.
    let clean = |text: &str| match subject.document() {
        Some(document) => document.source.scrub(text),
        None => printable(text).into_owned(),
    };
    let view = |cx: ProviderSubject<'_>| {
        let named = cx.provider.label();
        let id = clean(named.or(cx.provider.text(Role::Preset)).unwrap_or("?"));
        // An address with a part that the application makes up is known only from itself.
        let told = cx.provider.setting(Role::Callback).and_then(|setting| told(subject, setting));
        let wanted = named.unwrap_or("{id}");
        let known = |url: String| (!url.contains("{id}")).then_some(url);
        let protocol = cx.provider.protocol;
        let chooser = if mode == Some("lowest_weight") { Role::Weight } else { Role::EmailDomain };
        let value = cx.provider.setting(chooser).and_then(Setting::value);
        let text = value.and_then(NodeRef::scalar).map(|scalar| clean(&scalar.text));
        let base = subject.base_url();
        ProviderView {
            protocol,
            idp: if cx.idp.is_generic() { "unrecognised IdP" } else { cx.idp.name },
            chosen_by: match (text, chooser) {
                (Some(text), Role::Weight) => format!("weight {text}"),
                (None, Role::Weight) => "weight 10".to_owned(),
                (text, _) => text.unwrap_or_default(),
            },
            callback: protocol
                .and_then(|protocol| subject.app.callback(protocol, base, wanted))
                .and_then(known)
                .map(|callback| clean(&callback))
                .or_else(|| told.clone()),
            entity_id: protocol
                .filter(|protocol| *protocol == Protocol::Saml)
                .and_then(|_| subject.app.saml_entity_id(base, wanted))
                .and_then(known)
                .map(|entity_id| clean(&entity_id))
                .or(told),
            id,
        }
    };
    providers.map(view).collect()
}
