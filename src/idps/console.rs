//! Where in an identity provider's console a thing is set.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::idps::Idp;
use crate::idps::facts::Source;

/// A thing that somebody sets, or finds, at the identity provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// The assertion consumer service, which is also recipient and destination.
    AcsUrl,
    /// The attributes that are sent, and their names.
    Attributes,
    /// The audience: the application's entity id.
    Audience,
    /// The certificate that signs, and the page where another one is made.
    Certificate,
    /// Whether assertions are encrypted.
    Encryption,
    /// The groups that are sent, and the name of their attribute.
    Groups,
    /// The format of the `NameID`.
    NameIdFormat,
    /// The redirect URI of `OpenID` Connect.
    RedirectUri,
    /// The algorithm of signatures.
    SignatureAlgorithm,
    /// What is signed: the response, the assertion or both.
    Signed,
    /// Whether requests have to be signed.
    SignedRequests,
}

impl What {
    /// The word for it among the labels of a provider.
    fn label(self) -> (&'static str, &'static str) {
        match self {
            Self::AcsUrl => ("saml", "acs_url"),
            Self::Attributes => ("saml", "attributes"),
            Self::Audience => ("saml", "entity_id"),
            Self::Certificate => ("saml", "certificate"),
            Self::Encryption => ("saml", "encryption"),
            Self::Groups => ("saml", "groups"),
            Self::NameIdFormat => ("saml", "name_id_format"),
            Self::RedirectUri => ("oidc", "redirect_uri"),
            Self::SignatureAlgorithm => ("saml", "signature_algorithm"),
            Self::Signed => ("saml", "signed"),
            Self::SignedRequests => ("saml", "signed_requests"),
        }
    }
}

/// The field of an identity provider's console where something is set, with the way to it:
/// `Audience URI (SP Entity ID) (Applications > Create App Integration > SAML 2.0)`.
pub fn console_field(idp: &Idp, what: What) -> Option<String> {
    let (protocol, word) = what.label();
    // Where an application that exists is changed stands here; the labels of the sheets are those
    // of a new one.
    let of_existing = FIELDS.iter().find(|field| field.idp == idp.id && field.what == what);
    let known = of_existing.map(|field| (field.label.as_str(), Some(field.place.as_str())));
    let (label, place) = known.or_else(|| {
        let pasted = idp.facts().labels.paste.iter();
        let mut pasted = pasted.filter(|field| field.protocol == protocol && field.what == word);
        pasted.next().map(|field| (field.label, field.place))
    })?;
    Some(place.map_or_else(|| label.to_owned(), |place| format!("{label} ({place})")))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    field: Vec<Field>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Field {
    idp: String,
    what: What,
    label: String,
    place: String,
    #[allow(dead_code, reason = "a fact has its source, which a test looks at")]
    source: Source,
}

static FIELDS: LazyLock<Vec<Field>> = LazyLock::new(|| {
    let data: Data = toml::from_str(include_str!("console-fields.toml"))
        .unwrap_or_else(|error| panic!("bug: fields of consoles: {error}"));
    data.field
});

#[cfg(test)]
mod tests {
    use super::{FIELDS, What, console_field};
    use crate::idps::{by_id, facts::Source};

    #[test]
    fn every_field_is_of_a_provider_that_is_known_and_says_how_it_is_known() {
        for field in FIELDS.iter() {
            assert!(by_id(&field.idp).is_some_and(|idp| !idp.is_generic()), "{}", field.idp);
            assert!(field.source != Source::Unknown && !field.label.is_empty());
        }
    }

    #[test]
    fn the_field_is_named_in_the_words_of_the_console() {
        let field = |idp: &str, what| console_field(by_id(idp).expect("a provider"), what);
        assert_eq!(
            field("okta", What::Audience).as_deref(),
            Some(
                "Audience URI (SP Entity ID) (Applications > the application > General > SAML Settings > Edit)"
            )
        );
        assert!(
            field("entra", What::Attributes).is_some_and(|f| f.contains("Attributes & Claims"))
        );
        assert!(field("auth0", What::Audience).is_some_and(|f| f.contains("JSON")));
        assert_eq!(field("generic", What::Certificate), None);
    }
}
