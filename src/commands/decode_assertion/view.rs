//! From what a judgement found to what is shown of it.

use url::Url;

use crate::account::{self, Account, Told};
use crate::commands::decode_assertion::answer;
use crate::commands::decode_assertion::mask::Mask;
use crate::commands::decode_assertion::parts;
use crate::report::judgement::unmatched;
use crate::report::message::{
    AttributeView, ConditionsView, EncryptionView, ExchangeView, MessageView, NameView,
    SignatureView, StatusView, Window,
};
use crate::saml::binding::{Capture, Received};
use crate::saml::expectation::{Expectation, PinnedKey};
use crate::saml::judge::{ShownAssertion, ShownSignature, View};
use crate::saml::message::{Attribute, Attributed, Head, Instant, Message, Status, SubjectName};
use crate::sent::{Sent, SentAttribute, SentName};

/// What the view of a message is made of.
pub(super) struct Found<'f, 's, 't> {
    /// How it travelled.
    pub(super) received: &'f Received,
    /// What it was judged by.
    pub(super) expectation: &'f Expectation,
    /// What was found in it.
    pub(super) view: &'f View,
    /// The application and its configuration, where one was given.
    pub(super) told: Option<&'f Told<'s, 't>>,
    /// Whether the verdict is to accept.
    pub(super) is_accepted: bool,
    /// What hides what is personal.
    pub(super) mask: Mask,
    /// When it was recorded, where it is judged as of then.
    pub(super) recorded: Option<jiff::Timestamp>,
    /// What the application answered where it refused the message.
    pub(super) refusal: Option<String>,
}

impl Found<'_, '_, '_> {
    /// The view of the message.
    pub(super) fn message(&self) -> MessageView {
        let (view, received) = (self.view, self.received);
        let head = view.message.head();
        let of_head = |part: fn(&Head) -> &Option<Attributed>| {
            head.and_then(|head| text(part(head).as_ref()))
        };
        let assertion = view.assertion.as_ref();
        let instant = head.and_then(|head| head.issue_instant.as_ref());
        let instant = instant.or(assertion.and_then(|a| a.assertion.issue_instant.as_ref()));
        let issuer = head.and_then(|head| head.issuer.as_ref());
        let issuer = issuer.or(assertion.and_then(|a| a.assertion.issuer.as_ref()));
        let sent = assertion.map(claimed).unwrap_or_default();
        let made = self.told.map(|told| account::for_saml(told, &sent).account);
        MessageView {
            kind: received.outline.kind.clone(),
            layers: received.layers.iter().map(|layer| layer.name().to_owned()).collect(),
            id: of_head(|head| &head.id).or(assertion.and_then(|a| text(a.assertion.id.as_ref()))),
            in_response_to: in_response_to(&view.message),
            destination: of_head(|head| &head.destination),
            issue_instant: instant.map(|instant| instant.text.clone()),
            issuer: issuer.map(|issuer| issuer.value.clone()),
            status: status(&view.message, self.mask),
            name_id: self.name(),
            attributes: self.attributes(&sent, made.as_ref()),
            conditions: assertion.map(conditions),
            signatures: view.signatures.iter().map(|one| self.signature(one)).collect(),
            encryption: encryption(view),
            relay_state: received.relay_state.as_deref().map(|state| self.mask.text(state)),
            request: request(&view.message),
            exchanges: received.capture.as_ref().map(exchanges).unwrap_or_default(),
            windows: windows(view),
            issued: instant.and_then(|instant| instant.at.ok()),
            unmatched: made.as_ref().map(unmatched).unwrap_or_default(),
            parts: parts::of(view, self.mask),
            is_token: false,
            recorded: self.recorded,
            refusal: self.refusal.clone(),
            certificates: self.certificates(),
            is_verified: self.is_accepted && view.is_proven,
        }
    }

    /// The fingerprints of the certificates that are trusted.
    fn certificates(&self) -> Vec<String> {
        let all = self.expectation.keys.iter().filter_map(|key| key.certificate.as_ref());
        all.map(|certificate| certificate.fingerprint.clone()).collect()
    }

    /// Whom it is about: of an assertion, or of a request to log out.
    fn name(&self) -> Option<NameView> {
        let assertion = self.view.assertion.as_ref();
        let name = assertion.and_then(|assertion| assertion.name.as_ref()).or({
            match &self.view.message {
                Message::LogoutRequest(request) => match &request.name {
                    Some(SubjectName::Name(name)) => Some(name),
                    _ => None,
                },
                _ => None,
            }
        })?;
        Some(NameView {
            value: self.mask.text(name.text.value.as_ref()),
            format: text(name.format.as_ref()),
        })
    }

    /// What is said about the person, with the members of the account that each fills: those that
    /// change when it is left out or has other values.
    fn attributes(&self, sent: &Sent, made: Option<&Account>) -> Vec<AttributeView> {
        let few = sent.attributes.len() <= MOST_TRIED;
        let used = |position: usize| {
            let (told, made) = (self.told?, made?);
            let (mut without, mut other) = (sent.clone(), sent.clone());
            without.attributes.remove(position);
            let values = other.attributes[position].values.iter_mut().flatten();
            values.for_each(|value| value.push('x'));
            let mut members = changed(made, &account::for_saml(told, &without).account);
            members.extend(changed(made, &account::for_saml(told, &other).account));
            members.sort_unstable();
            members.dedup();
            Some(members)
        };
        let view = |(position, attribute): (usize, &SentAttribute)| AttributeView {
            name: attribute.name.clone(),
            friendly_name: attribute.friendly_name.clone(),
            values: attribute.values.iter().map(|value| self.value(value.as_deref())).collect(),
            used_as: if few { used(position) } else { None },
        };
        sent.attributes.iter().enumerate().map(view).collect()
    }

    fn value(&self, value: Option<&str>) -> String {
        value.map_or_else(|| "(no plain text)".to_owned(), |value| self.mask.text(value))
    }

    fn signature(&self, shown: &ShownSignature) -> SignatureView {
        let pinned = shown.key.and_then(|key| self.expectation.keys.get(key));
        let uri = shown.named.method.as_deref().unwrap_or_default();
        SignatureView {
            over: shown.of.to_lowercase(),
            algorithm: algorithm(uri),
            key: pinned.map(PinnedKey::fingerprint),
            holds: (!self.expectation.keys.is_empty()).then_some(pinned.is_some()),
            trusted_by: pinned.map(|pinned: &PinnedKey| pinned.origin.clone()),
        }
    }
}

/// What the assertion claims, verified or not.
pub(super) fn claimed(assertion: &ShownAssertion) -> Sent {
    let name_id = assertion.name.as_ref().map(|name| SentName {
        value: name.text.value.clone(),
        format: text(name.format.as_ref()),
    });
    let sent = |attribute: &Attribute| SentAttribute {
        name: attribute.name.value.clone(),
        name_format: text(attribute.name_format.as_ref()),
        friendly_name: text(attribute.friendly_name.as_ref()),
        values: attribute.values.iter().map(|one| one.plain().map(str::to_owned)).collect(),
    };
    Sent { name_id, attributes: assertion.attributes.iter().map(sent).collect() }
}

/// A member of an account and its name.
type Member<T> = (&'static str, fn(&Account) -> &T);

/// The members in which two accounts differ.
pub(in crate::commands) fn changed(one: &Account, other: &Account) -> Vec<String> {
    let texts: [Member<Option<String>>; 6] = [
        ("uid", |account| &account.uid),
        ("username", |account| &account.username),
        ("email", |account| &account.email),
        ("first_name", |account| &account.first_name),
        ("last_name", |account| &account.last_name),
        ("display_name", |account| &account.display_name),
    ];
    let lists: [Member<Option<Vec<String>>>; 4] = [
        ("groups", |account| &account.groups),
        ("roles", |account| &account.roles),
        ("workspaces", |account| &account.workspaces),
        ("projects", |account| &account.projects),
    ];
    let texts = texts.iter().filter(|(_, part)| part(one) != part(other)).map(|(name, _)| *name);
    let lists = lists.iter().filter(|(_, part)| part(one) != part(other)).map(|(name, _)| *name);
    let flags = [
        ("email_verified", one.email_verified != other.email_verified),
        ("admin", one.admin != other.admin),
    ];
    let flags = flags.iter().filter(|(_, differs)| *differs).map(|(name, _)| *name);
    texts.chain(lists).chain(flags).map(str::to_owned).collect()
}

fn conditions(shown: &ShownAssertion) -> ConditionsView {
    let assertion = &shown.assertion;
    let conditions = assertion.conditions.as_ref();
    let restrictions = conditions.iter().flat_map(|conditions| &conditions.restrictions);
    let data = assertion.confirmations.iter().filter_map(|one| one.data.as_ref());
    let authn = assertion.authn_statements.first();
    let written = |instant: Option<&Instant>| instant.map(|instant| instant.text.clone());
    ConditionsView {
        not_before: written(conditions.and_then(|conditions| conditions.not_before.as_ref())),
        not_on_or_after: written(conditions.and_then(|one| one.not_on_or_after.as_ref())),
        audiences: restrictions
            .flat_map(|restriction| &restriction.audiences)
            .map(|audience| audience.value.clone())
            .collect(),
        recipients: data.filter_map(|data| text(data.recipient.as_ref())).collect(),
        authn_instant: written(authn.and_then(|authn| authn.instant.as_ref())),
        authn_context: authn.and_then(|authn| authn.class.as_ref()).map(|one| one.value.clone()),
        session_not_on_or_after: written(
            authn.and_then(|authn| authn.session_not_on_or_after.as_ref()),
        ),
    }
}

fn windows(view: &View) -> Vec<Window> {
    let window = |window: &crate::saml::judge::Window| Window {
        name: window.of,
        from: window.from,
        until: window.to,
    };
    view.windows.iter().map(window).collect()
}

fn encryption(view: &View) -> Vec<EncryptionView> {
    let one = |shown: &crate::saml::judge::ShownEncryption| EncryptionView {
        part: shown.of.to_lowercase().replacen("encrypted", "", 1),
        content: shown.facts.as_ref().map(|facts| facts.content.to_owned()),
        key_transport: shown.facts.as_ref().map(|facts| facts.transport.clone()),
        decrypted: shown.is_open,
    };
    view.encryptions.iter().map(one).collect()
}

fn in_response_to(message: &Message) -> Option<String> {
    match message {
        Message::Response(response) => text(response.in_response_to.as_ref()),
        Message::LogoutResponse(response) => text(response.in_response_to.as_ref()),
        _ => None,
    }
}

fn status(message: &Message, mask: Mask) -> Option<StatusView> {
    let status: &Status = match message {
        Message::Response(response) => response.status.as_ref()?,
        Message::LogoutResponse(response) => response.status.as_ref()?,
        _ => return None,
    };
    Some(StatusView {
        codes: status.codes.iter().map(|code| code.value.clone()).collect(),
        message: status.message.as_ref().map(|message| answer::masked(&message.value, mask)),
    })
}

/// What a request asks for.
fn request(message: &Message) -> Vec<(String, String)> {
    let Message::AuthnRequest(request) = message else { return Vec::new() };
    let policy = request.name_policy.as_ref();
    let contexts = request.requested_context.iter().flat_map(|context| &context.classes);
    let contexts: Vec<&str> = contexts.map(|class| class.value.as_str()).collect();
    let rows = [
        ("ACS URL", text(request.acs_url.as_ref())),
        ("ACS index", text(request.acs_index.as_ref())),
        ("binding", text(request.protocol_binding.as_ref())),
        ("NameID format", policy.and_then(|policy| text(policy.format.as_ref()))),
        ("ForceAuthn", text(request.force_authn.as_ref())),
        ("IsPassive", text(request.is_passive.as_ref())),
        ("contexts", Some(contexts.join(", ")).filter(|text| !text.is_empty())),
    ];
    let rows = rows.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    rows.collect()
}

fn exchanges(capture: &Capture) -> Vec<ExchangeView> {
    let all = capture.exchanges.iter().enumerate();
    let view = all.map(|(position, one)| ExchangeView {
        number: position + 1,
        kind: match &one.outline {
            Some(outline) => outline.kind.clone(),
            None => format!("{} (unreadable)", one.parameter.name()),
        },
        method: one.method.clone(),
        address: without_user(&one.address),
        status: one.status,
        id: one.outline.as_ref().and_then(|outline| outline.id.clone()),
        chosen: position == capture.chosen,
    });
    view.collect()
}

/// An address without the name and password of somebody.
fn without_user(address: &str) -> String {
    match Url::parse(address) {
        Ok(mut url) if !url.username().is_empty() || url.password().is_some() => {
            let is_gone = url.set_username("").is_ok() && url.set_password(None).is_ok();
            if is_gone { url.into() } else { "an address with a password".to_owned() }
        }
        _ => address.to_owned(),
    }
}

/// What people call a signature algorithm: `RSA-SHA256`.
fn algorithm(uri: &str) -> String {
    let name = uri.rsplit_once('#').map_or(uri, |(_, name)| name);
    match name.split_once("-rsa-MGF1") {
        Some((hash, _)) => format!("RSA-PSS-{}", hash.to_uppercase()),
        None => name.to_uppercase(),
    }
}

fn text(attributed: Option<&Attributed>) -> Option<String> {
    attributed.map(|attributed| attributed.value.clone())
}

/// Attributes of which each is tried for what it fills.
const MOST_TRIED: usize = 200;
