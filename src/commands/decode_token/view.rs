//! From what a judgement found to what is shown of it.

use jiff::Timestamp;
use serde_json::{Map, Value as Json};

use crate::account::{self, Account, Claims, Told};
use crate::commands::decode_assertion::{Mask, changed};
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::{Expectation, Judged, Object, Received};
use crate::report::judgement::unmatched;
use crate::report::message::{
    AttributeView, ConditionsView, EncryptionView, MessageView, NameView, SignatureView, Window,
};
use crate::report::token::TokenView;

/// What the view of a token is made of.
pub(super) struct Found<'f, 's, 't> {
    /// How it travelled.
    pub(super) received: &'f Received,
    /// What it was judged by.
    pub(super) expectation: &'f Expectation,
    /// What was found in it.
    pub(super) judged: &'f Judged,
    /// The application and its configuration, where one was given.
    pub(super) told: Option<&'f Told<'s, 't>>,
    /// The account that the application would make.
    pub(super) made: Option<&'f Account>,
    /// Whether the verdict is to accept.
    pub(super) is_accepted: bool,
    /// What hides what is personal.
    pub(super) mask: Mask,
}

impl Found<'_, '_, '_> {
    /// The view for people.
    pub(super) fn message(&self) -> MessageView {
        let claims = self.judged.claims.as_ref();
        MessageView {
            kind: KIND.to_owned(),
            layers: self.layers(),
            id: self.text("jti"),
            issuer: self.text("iss"),
            name_id: self
                .text("sub")
                .map(|value| NameView { value: self.mask.text(&value), format: None }),
            attributes: claims.map(|claims| self.attributes(claims)).unwrap_or_default(),
            conditions: Some(ConditionsView {
                audiences: audiences(claims),
                authn_context: self.text("acr"),
                authn_instant: instant(claims, "auth_time").map(|at| at.to_string()),
                ..ConditionsView::default()
            }),
            signatures: self.signatures(),
            encryption: self.encryption(),
            windows: self.windows(),
            issued: instant(claims, "iat"),
            unmatched: self.made.map(unmatched).unwrap_or_default(),
            is_token: true,
            is_verified: self.is_verified(),
            ..MessageView::default()
        }
    }

    /// The view for machines.
    pub(super) fn token(&self) -> TokenView {
        let members = |object: Option<&Object>| object.map(|one| one.members.clone());
        let masked = |object: Option<&Object>| members(object).map(|all| self.masked(all));
        let claims = self.judged.claims.as_ref();
        TokenView {
            kind: KIND.to_owned(),
            layers: self.layers(),
            verified: self.is_verified(),
            issuer: self.text("iss"),
            subject: self.text("sub").map(|value| self.mask.text(&value)),
            audience: audiences(claims),
            header: members(self.judged.header.as_ref()).unwrap_or_default(),
            claims: masked(claims).unwrap_or_default(),
            userinfo: masked(self.expectation.userinfo.as_ref()),
            signatures: self.signatures(),
            encryption: self.encryption(),
        }
    }

    fn is_verified(&self) -> bool {
        self.is_accepted && self.judged.proof.is_some()
    }

    fn layers(&self) -> Vec<String> {
        let layers = self.received.layers.iter().map(|layer| (*layer).to_owned());
        let encrypted = self.judged.encryption.iter().map(|_| "encryption".to_owned());
        layers.chain(encrypted).collect()
    }

    fn text(&self, name: &str) -> Option<String> {
        self.judged.claims.as_ref()?.text(name).map(str::to_owned)
    }

    /// The claims that are about the person, and those of userinfo, with the members of the account
    /// that each fills.
    fn attributes(&self, claims: &Object) -> Vec<AttributeView> {
        let userinfo = self.expectation.userinfo.as_ref();
        let own = claims.members.keys().map(|name| (name, false));
        let others = userinfo.into_iter().flat_map(|userinfo| userinfo.members.keys());
        let all: Vec<(&String, bool)> = own
            .chain(others.map(|name| (name, true)))
            .filter(|(name, _)| !is_of_token(name))
            .collect();
        let few = all.len() <= MOST_TRIED;
        let view = |(name, is_other): (&String, bool)| {
            let object = if is_other { userinfo.unwrap_or(claims) } else { claims };
            let prefix = if is_other { "userinfo " } else { "" };
            AttributeView {
                name: format!("{prefix}{name}"),
                friendly_name: None,
                values: object.members.get(name).map(|value| self.shown(value)).unwrap_or_default(),
                used_as: if few { self.used(claims, name, is_other) } else { None },
            }
        };
        all.into_iter().map(view).collect()
    }

    /// The members of the account that change when a claim is left out.
    fn used(&self, claims: &Object, name: &str, is_other: bool) -> Option<Vec<String>> {
        let (told, made) = (self.told?, self.made?);
        let mut own = claims.members.clone();
        let mut other = self.expectation.userinfo.as_ref().map(|one| one.members.clone());
        match (is_other, &mut other) {
            (true, Some(other)) => other.remove(name),
            _ => own.remove(name),
        };
        let sent = Claims { id_token: Some(&own), userinfo: other.as_ref() };
        Some(changed(made, &account::for_claims(told, &sent)?.account))
    }

    fn shown(&self, value: &Json) -> Vec<String> {
        match value {
            Json::Array(items) => items.iter().map(|item| self.mask.text(&plain(item))).collect(),
            value => vec![self.mask.text(&plain(value))],
        }
    }

    fn masked(&self, members: Map<String, Json>) -> Map<String, Json> {
        if !self.mask.is_on {
            return members;
        }
        let hidden = |(name, value): (String, Json)| {
            let value = match value {
                value if is_of_token(&name) => value,
                Json::String(text) => Json::String(self.mask.text(&text)),
                value @ (Json::Bool(_) | Json::Null) => value,
                value => Json::String(self.mask.text(&plain(&value))),
            };
            (name, value)
        };
        members.into_iter().map(hidden).collect()
    }

    fn signatures(&self) -> Vec<SignatureView> {
        let Some(header) = &self.judged.header else { return Vec::new() };
        let proof = self.judged.proof.as_ref();
        vec![SignatureView {
            over: "token".to_owned(),
            algorithm: header.text("alg").unwrap_or_default().to_owned(),
            key: proof.and_then(|proof| proof.key.clone()),
            holds: if proof.is_some() { Some(true) } else { self.fails() },
            trusted_by: proof.map(|proof| proof.origin.clone()),
        }]
    }

    /// That the signature was looked at and did not hold.
    fn fails(&self) -> Option<bool> {
        let mut reasons = self.judged.verdict.reasons().iter();
        reasons.any(|one| std::ptr::eq(one.rule, &raw const cards::SIG)).then_some(false)
    }

    fn encryption(&self) -> Vec<EncryptionView> {
        let view = self.judged.encryption.iter().map(|one| EncryptionView {
            part: "token".to_owned(),
            content: one.content.clone(),
            key_transport: one.key_transport.clone(),
            decrypted: one.is_open,
        });
        view.collect()
    }

    fn windows(&self) -> Vec<Window> {
        let claims = self.judged.claims.as_ref();
        let from = instant(claims, "nbf").or_else(|| instant(claims, "iat"));
        let until = instant(claims, "exp");
        let is_bounded = from.is_some() || until.is_some();
        is_bounded.then_some(Window { name: "token", from, until }).into_iter().collect()
    }
}

/// The texts that a set of claims has about the person.
pub(super) fn values(claims: &Map<String, Json>) -> Vec<String> {
    let mut texts = Vec::new();
    let of_person = claims.iter().filter(|(name, _)| !is_of_token(name) || *name == "sub");
    let mut open: Vec<&Json> = of_person.map(|(_, value)| value).collect();
    while let Some(value) = open.pop() {
        match value {
            Json::String(text) => texts.push(text.clone()),
            Json::Number(number) => texts.push(number.to_string()),
            Json::Array(items) => open.extend(items),
            Json::Object(members) => open.extend(members.values()),
            Json::Null | Json::Bool(_) => {}
        }
    }
    texts.retain(|text| !text.is_empty());
    texts
}

/// Claims about the token, which other parts of the view have.
fn is_of_token(name: &str) -> bool {
    OF_TOKEN.contains(&name)
}

fn audiences(claims: Option<&Object>) -> Vec<String> {
    match claims.and_then(|claims| claims.get("aud")) {
        Some(Json::String(one)) => vec![one.clone()],
        Some(Json::Array(all)) => {
            all.iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    }
}

fn instant(claims: Option<&Object>, name: &str) -> Option<Timestamp> {
    let number = claims?.get(name)?;
    Timestamp::from_second(number.as_i64()?).ok()
}

/// A value as text.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        value => value.to_string(),
    }
}

const KIND: &str = "ID token";
const OF_TOKEN: [&str; 13] = [
    "iss",
    "aud",
    "exp",
    "nbf",
    "iat",
    "jti",
    "azp",
    "nonce",
    "at_hash",
    "c_hash",
    "s_hash",
    "acr",
    "auth_time",
];
/// Claims of which each is tried for what it fills.
const MOST_TRIED: usize = 200;
