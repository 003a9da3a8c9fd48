//! What was sent, in rows.

use crate::render::message::page::shown;
use crate::render::message::signed;
use crate::report::Report;
use crate::report::judgement::AccountView;
use crate::report::message::{AttributeView, MessageView, SignatureView};

/// A name and its value.
pub(super) struct Row {
    /// What it is.
    pub(super) name: &'static str,
    /// The value.
    pub(super) value: String,
}

/// A signature in words.
pub(super) struct SignatureRow {
    /// Its number in the picture.
    pub(super) number: usize,
    /// What it stands in.
    pub(super) over: String,
    /// Its algorithm.
    pub(super) algorithm: String,
    /// Whether it holds, in words.
    pub(super) state: &'static str,
    /// Whether it holds.
    pub(super) holds: bool,
    /// The fingerprint of the key.
    pub(super) key: Option<String>,
    /// What that is a fingerprint of.
    pub(super) key_of: &'static str,
    /// Where the key comes from.
    pub(super) trusted_by: Option<String>,
}

/// An attribute and what the application makes of it.
pub(super) struct AttributeRow {
    /// Its name.
    pub(super) name: String,
    /// A name for people.
    pub(super) friendly_name: Option<String>,
    /// Its values.
    pub(super) values: Vec<String>,
    /// What it fills; none where no application is known.
    pub(super) used_as: Option<String>,
}

/// A mapped name that nothing sent matched.
pub(super) struct UnmatchedRow {
    /// The member that stays empty.
    pub(super) field: String,
    /// The name that was looked for.
    pub(super) name: String,
    /// The nearest name that was sent.
    pub(super) nearest: Option<String>,
}

/// What the message says about itself.
pub(super) fn rows(message: &MessageView) -> Vec<Row> {
    let conditions = message.conditions.clone().unwrap_or_default();
    let list = |values: &[String]| Some(values.join(", ")).filter(|text| !text.is_empty());
    let status = message.status.as_ref();
    let codes = status.and_then(|status| list(&status.codes));
    let name = message.name_id.as_ref();
    let format = name.and_then(|name| name.format.clone());
    let asked = message.request.iter().map(|(name, value)| format!("{name}: {value}"));
    let rows = [
        (if message.is_token { "Subject" } else { "NameID" }, name.map(|name| name.value.clone())),
        ("NameID format", format),
        ("Issuer", message.issuer.clone()),
        ("ID", message.id.clone()),
        ("Answers the request", message.in_response_to.clone()),
        ("Sent to", message.destination.clone()),
        ("Status", codes),
        ("Status message", status.and_then(|status| status.message.clone())),
        ("Audience", list(&conditions.audiences)),
        ("Recipient", list(&conditions.recipients)),
        ("Logged in at", conditions.authn_instant),
        ("Logged in by", conditions.authn_context),
        ("Asks for", list(&asked.collect::<Vec<_>>())),
        ("RelayState", message.relay_state.clone()),
    ];
    rows.into_iter().filter_map(|(name, value)| Some(Row { name, value: shown(&value?) })).collect()
}

/// The signatures, numbered from 1.
pub(super) fn signatures(message: &MessageView, report: &Report) -> Vec<SignatureRow> {
    let rows = message.signatures.iter().take(MOST_SIGNATURES).enumerate();
    let is_of_certificate = |view: &SignatureView| {
        view.key.as_ref().is_some_and(|key| message.certificates.contains(key))
    };
    let row = |(position, view): (usize, &SignatureView)| SignatureRow {
        number: position + 1,
        over: shown(&view.over),
        algorithm: shown(&view.algorithm),
        state: signed::state(view, report),
        holds: view.holds == Some(true),
        key: view.key.as_deref().map(shown),
        key_of: if is_of_certificate(view) { "certificate" } else { "key" },
        trusted_by: view.trusted_by.as_deref().map(shown),
    };
    rows.map(row).collect()
}

/// What was encrypted, and how.
pub(super) fn encryption(message: &MessageView) -> Vec<Row> {
    let row = |view: &crate::report::message::EncryptionView| {
        let ways = [view.content.as_deref(), view.key_transport.as_deref()];
        let ways: Vec<&str> = ways.into_iter().flatten().collect();
        let name = if view.decrypted { "Decrypted" } else { "Not decrypted" };
        let part = if view.part.is_empty() { "part" } else { view.part.as_str() };
        Row { name, value: shown(&format!("{part} ({})", ways.join(", "))) }
    };
    message.encryption.iter().map(row).collect()
}

/// What is said about the person, as far as a page can hold it.
pub(super) fn attributes(message: &MessageView) -> Vec<AttributeRow> {
    let row = |view: &AttributeView| AttributeRow {
        name: shown(&view.name),
        friendly_name: view.friendly_name.as_deref().map(shown),
        values: view.values.iter().map(|value| shown(value)).collect(),
        used_as: view.used_as.as_ref().map(|members| shown(&members.join(", "))),
    };
    message.attributes.iter().take(MOST_ATTRIBUTES).map(row).collect()
}

/// What the application looks for in vain; nothing where no assertion could be read.
pub(super) fn unmatched(message: &MessageView) -> Vec<UnmatchedRow> {
    if message.conditions.is_none() {
        return Vec::new();
    }
    let rows = message.unmatched.iter().map(|one| UnmatchedRow {
        field: shown(&one.field),
        name: shown(&one.name),
        nearest: one.nearest.as_deref().map(shown),
    });
    rows.collect()
}

/// The account, in the order of its members.
pub(super) fn account(account: &AccountView) -> Vec<Row> {
    let list = |values: &Option<Vec<String>>| values.as_ref().map(|values| values.join(", "));
    let flag = |value: Option<bool>| value.map(|value| if value { "yes" } else { "no" }.to_owned());
    let rows = [
        ("uid", account.uid.clone()),
        ("username", account.username.clone()),
        ("e-mail", account.email.clone()),
        ("e-mail verified", flag(account.email_verified)),
        ("first name", account.first_name.clone()),
        ("last name", account.last_name.clone()),
        ("display name", account.display_name.clone()),
        ("groups", list(&account.groups)),
        ("roles", list(&account.roles)),
        ("workspaces", list(&account.workspaces)),
        ("projects", list(&account.projects)),
        ("administrator", flag(account.admin)),
    ];
    rows.into_iter().filter_map(|(name, value)| Some(Row { name, value: shown(&value?) })).collect()
}

/// Members that were filled from elsewhere than the mapped name.
pub(super) fn fallbacks(account: &AccountView) -> Vec<Row> {
    let rows = account.fallbacks.iter().map(|fallback| Row {
        name: "",
        value: shown(&format!("{} comes from {}", fallback.field, fallback.from)),
    });
    rows.collect()
}

/// Attributes that a page shows.
pub(super) const MOST_ATTRIBUTES: usize = 500;
/// Signatures that a page shows.
const MOST_SIGNATURES: usize = 20;
