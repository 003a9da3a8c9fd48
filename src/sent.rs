//! What an identity provider sent about a person, whichever protocol carried it.

/// What was sent about a person, whichever protocol carried it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sent {
    /// The NameID of an assertion; none for a token.
    pub name_id: Option<SentName>,
    /// Attributes of an assertion or claims of a token, in the order in which they were sent.
    pub attributes: Vec<SentAttribute>,
}

/// A NameID (saml-core-2.0-os section 2.2.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentName {
    /// Its text.
    pub value: String,
    /// Its Format; none where it has none.
    pub format: Option<String>,
}

/// An attribute or claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentAttribute {
    /// Its Name.
    pub name: String,
    /// Its NameFormat; none where it has none, and for claims.
    pub name_format: Option<String>,
    /// Its FriendlyName; none for claims.
    pub friendly_name: Option<String>,
    /// Its values, in order; one element of each per `AttributeValue` or array element. Values
    /// that are no plain text are none.
    pub values: Vec<Option<String>>,
}
