//! django-allauth, which CVAT uses for both protocols (read in its source at commit 20f4bde and
//! tried with 65.21.1).

use std::sync::LazyLock;

use icu_normalizer::DecomposingNormalizer;
use serde::Deserialize;

use crate::libraries::django::is_username;
use crate::libraries::python::{is_space, stripped};
use crate::oidc::discovery::Discovery;
use crate::oidc::probe::Method;

/// The address that allauth asks for discovery: the configured one untouched where it contains
/// `/.well-known/`, else with the suffix appended as text, slashes and all.
pub fn discovery_url(server_url: &str) -> String {
    if server_url.contains("/.well-known/") {
        return server_url.to_owned();
    }
    format!("{server_url}{DISCOVERY_SUFFIX}")
}

/// How allauth proves itself at the token endpoint: as it is configured, else in the form unless the
/// document offers the header alone; none where another way is configured.
pub fn auth_method(configured: Option<&str>, document: &Discovery) -> Option<Method> {
    if let Some(name) = configured {
        return Method::named(name);
    }
    let listed = document.token_endpoint_auth_methods_supported.as_deref().unwrap_or_default();
    let is_listed = |method: Method| listed.iter().any(|one| one.value == method.name());
    let is_header = is_listed(Method::Basic) && !is_listed(Method::Post);
    Some(if is_header { Method::Basic } else { Method::Post })
}

/// Whether an attribute that says of an address that it is verified says yes.
pub fn is_yes(word: &str) -> bool {
    ["true", "1", "t", "y", "yes"].contains(&word.to_lowercase().as_str())
}

/// The user name that is made where none was sent: of the first of some texts that leaves anything,
/// without what is no letter of ASCII, up to the `@`. Where it is taken, characters are added.
pub fn username_of<'n>(texts: impl IntoIterator<Item = &'n str>) -> String {
    let made = texts.into_iter().map(username_base).find(|made| is_username(made));
    made.unwrap_or_else(|| "user".to_owned())
}

fn username_base(text: &str) -> String {
    let decomposed = DecomposingNormalizer::new_nfkd().normalize(text);
    let fits = |c: &char| c.is_ascii_alphanumeric() || is_space(*c) || "_@+.-".contains(*c);
    let ascii: String = decomposed.chars().filter(char::is_ascii).filter(fits).collect();
    let ascii = ascii.to_ascii_lowercase();
    let local = ascii.split('@').next().unwrap_or_default();
    let words = stripped(local).split(is_space).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("_")
}

/// The attributes that are looked for where a provider has no mapping at all, by account field.
pub fn default_mapping() -> &'static [Defaults] {
    &DEFAULTS
}

/// Attributes that are looked for under one account field.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Defaults {
    /// The account field.
    pub field: String,
    /// The names, of which the first that was sent counts.
    pub names: Vec<String>,
    /// Where this is known from.
    pub source: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    mapping: Vec<Defaults>,
}

static DEFAULTS: LazyLock<Vec<Defaults>> = LazyLock::new(|| {
    let data: Data = toml::from_str(include_str!("allauth-mapping.toml"))
        .unwrap_or_else(|error| panic!("bug: mapping of allauth: {error}"));
    data.mapping
});

/// What allauth asks for where nothing else is configured.
pub const SCOPE: &str = "openid profile email";
/// The longest uid that an account can have.
pub const UID_LENGTH: usize = 191;
/// The only NameID format whose value is taken for an address.
pub const EMAIL_FORMAT: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// What discovery appends to an issuer (OpenID Connect Discovery section 4).
pub const DISCOVERY_SUFFIX: &str = "/.well-known/openid-configuration";

/// Settings that allauth reads for each OpenID Connect app and CVAT does not document.
pub const UNDOCUMENTED_KEYS: [&str; 8] = [
    "auth_params",
    "email_authentication",
    "fetch_userinfo",
    "hidden",
    "oauth_pkce_enabled",
    "scope",
    "uid_field",
    "verified_email",
];

#[cfg(test)]
mod tests {
    use super::{auth_method, default_mapping, is_yes, username_of};
    use crate::oidc::discovery::Discovery;
    use crate::oidc::probe::Method;

    #[test]
    fn a_user_name_is_made_of_the_first_text_that_leaves_anything() {
        for (texts, made) in [
            (["José María", "x"], "jose_maria"),
            (["東京", "ann@acme.test"], "ann"),
            (["@home", "Bob"], "bob"),
            (["", " "], "user"),
            ([" Ann-Marie O'Neil ", ""], "ann-marie_oneil"),
            (["ﬁnn", ""], "finn"),
        ] {
            assert_eq!(username_of(texts), made);
        }
    }

    #[test]
    fn the_secret_is_posted_unless_only_the_header_is_offered() {
        for (configured, listed, method) in [
            (None, "", Some(Method::Post)),
            (None, r#""client_secret_basic", "client_secret_post""#, Some(Method::Post)),
            (None, r#""client_secret_basic", "private_key_jwt""#, Some(Method::Basic)),
            (Some("client_secret_post"), r#""client_secret_basic""#, Some(Method::Post)),
            (Some("private_key_jwt"), "", None),
        ] {
            let text = format!(
                r#"{{"issuer": "x", "token_endpoint_auth_methods_supported": [{listed}]}}"#
            );
            let document = Discovery::read(&text).expect("a document");
            assert_eq!(auth_method(configured, &document), method, "{configured:?} {listed}");
        }
    }

    #[test]
    fn five_words_mean_yes_in_any_case() {
        assert!(["TRUE", "1", "t", "Y", "yes"].into_iter().all(is_yes));
        assert!(!["on", "verified", "2", ""].into_iter().any(is_yes));
    }

    #[test]
    fn every_default_has_its_source() {
        assert!(
            default_mapping().iter().all(|row| !row.source.is_empty() && !row.names.is_empty())
        );
    }
}
