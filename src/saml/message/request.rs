//! Requests.

use crate::saml::message::assertion::subject_name;
use crate::saml::message::reader::Reader;
use crate::saml::message::response::{Head, head};
use crate::saml::message::{ASSERTION, Attributed, Instant, PROTOCOL, SubjectName, Text};
use crate::xml::tree::NodeId;

/// A request to log somebody in.
#[derive(Clone, Debug)]
pub struct AuthnRequest {
    /// What all messages begin with.
    pub head: Head,
    /// Where the answer is wanted.
    pub acs_url: Option<Attributed>,
    /// The same, as a number in the metadata.
    pub acs_index: Option<Attributed>,
    /// How the answer is wanted.
    pub protocol_binding: Option<Attributed>,
    /// Whether the person has to log in anew.
    pub force_authn: Option<Attributed>,
    /// Whether nothing may be shown to the person.
    pub is_passive: Option<Attributed>,
    /// What kind of name is wanted.
    pub name_policy: Option<NamePolicy>,
    /// How the person has to have logged in.
    pub requested_context: Option<RequestedContext>,
}

/// What kind of name is wanted.
#[derive(Clone, Debug)]
pub struct NamePolicy {
    /// Its format.
    pub format: Option<Attributed>,
    /// Whether a new one may be made.
    pub allow_create: Option<Attributed>,
    /// For whom it is meant.
    pub sp_name_qualifier: Option<Attributed>,
}

/// How a person has to have logged in.
#[derive(Clone, Debug)]
pub struct RequestedContext {
    /// How the classes are compared; `exact` where it is not said.
    pub comparison: Option<Attributed>,
    /// The classes.
    pub classes: Vec<Text>,
}

/// A request to log somebody out.
#[derive(Clone, Debug)]
pub struct LogoutRequest {
    /// What all messages begin with.
    pub head: Head,
    /// Until when it holds.
    pub not_on_or_after: Option<Instant>,
    /// Whom it is about.
    pub name: Option<SubjectName>,
    /// Which sessions it is about.
    pub sessions: Vec<Text>,
}

/// Reads a `samlp:AuthnRequest`.
pub(super) fn authn(reader: Reader<'_>, node: NodeId) -> AuthnRequest {
    let policy = reader.protocol(node, "NameIDPolicy");
    let context = reader.protocol(node, "RequestedAuthnContext");
    AuthnRequest {
        head: head(reader, node),
        acs_url: reader.attribute(node, "AssertionConsumerServiceURL"),
        acs_index: reader.attribute(node, "AssertionConsumerServiceIndex"),
        protocol_binding: reader.attribute(node, "ProtocolBinding"),
        force_authn: reader.attribute(node, "ForceAuthn"),
        is_passive: reader.attribute(node, "IsPassive"),
        name_policy: policy.map(|policy| NamePolicy {
            format: reader.attribute(policy, "Format"),
            allow_create: reader.attribute(policy, "AllowCreate"),
            sp_name_qualifier: reader.attribute(policy, "SPNameQualifier"),
        }),
        requested_context: context.map(|context| RequestedContext {
            comparison: reader.attribute(context, "Comparison"),
            classes: reader
                .all(context, ASSERTION, "AuthnContextClassRef")
                .map(|class| reader.text(class))
                .collect(),
        }),
    }
}

/// Reads a `samlp:LogoutRequest`.
pub(super) fn logout(reader: Reader<'_>, node: NodeId) -> LogoutRequest {
    LogoutRequest {
        head: head(reader, node),
        not_on_or_after: reader.instant(node, "NotOnOrAfter"),
        name: subject_name(reader, node),
        sessions: reader
            .all(node, PROTOCOL, "SessionIndex")
            .map(|session| reader.text(session))
            .collect(),
    }
}
