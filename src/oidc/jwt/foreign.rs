//! What an input is that holds no token, and what to do with it.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::oidc::jwt::object::Object;
use crate::source::printable;
use crate::syntax::nature::Nature;

/// What an input is instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Foreign {
    /// What it is: `a key set`.
    pub what: String,
    /// What to do with it.
    pub hint: String,
    /// The provider's own words for what went wrong, where it is an error.
    pub error: Option<String>,
}

impl Foreign {
    /// Something that is no error.
    pub(super) fn new(what: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { what: what.into(), hint: hint.into(), error: None }
    }

    /// An error that the provider answered.
    fn error(whose: &str, code: &str, description: Option<&str>) -> Self {
        let said: String = description.unwrap_or_default().chars().take(LONGEST).collect();
        let told = if said.is_empty() { String::new() } else { format!(": {}", printable(&said)) };
        Self {
            what: format!("an error of {whose} ({}){told}", printable(code)),
            hint: format!("ssoctl explain {}", printable(code)),
            error: Some(format!("{said} {code}")),
        }
    }
}

/// What a text is that is no token at all.
pub(super) fn foreign(text: &str) -> Option<Foreign> {
    let is = |what: &str, hint: &str| Some(Foreign::new(what, hint));
    if Nature::of(text) == Nature::Html {
        return is(
            "a web page",
            "take the answer of the token endpoint, or the address that the browser was sent to",
        );
    }
    let is_message = text.contains("SAMLResponse=") || text.contains("SAMLRequest=");
    if text.starts_with('<') || is_message || is_encoded_xml(text) {
        return is("XML or a SAML message", "ssoctl decode-assertion FILE");
    }
    if text.starts_with("-----BEGIN ") {
        return is(
            "a PEM block",
            "a token looks like eyJ...; a private key is given by --key FILE",
        );
    }
    if text.is_empty() {
        return is("empty", "paste the token, or the whole answer of the token endpoint");
    }
    callback(text)
}

/// An address or form without a token: an error that the provider sent, a code, or neither.
fn callback(text: &str) -> Option<Foreign> {
    let is_address = text.starts_with("https://") || text.starts_with("http://");
    let is_form = ["code=", "error=", "state="].iter().any(|start| text.starts_with(start));
    if text.contains("id_token=") || !(is_address || is_form) {
        return None;
    }
    let start = if is_address { text.find(['#', '?']).map(|at| at + 1) } else { Some(0) };
    let parameters = start.and_then(|start| text.get(start..)).unwrap_or_default();
    let pairs: Vec<_> = url::form_urlencoded::parse(parameters.as_bytes()).collect();
    let value =
        |name: &str| pairs.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_ref());
    if let Some(code) = value("error") {
        return Some(Foreign::error("the provider", code, value("error_description")));
    }
    Some(if value("code").is_some() {
        Foreign::new(
            "an address with a code, which is no token",
            "the application exchanges the code at the token endpoint: give the answer of that one",
        )
    } else {
        Foreign::new("an address without a token", "ssoctl check asks addresses")
    })
}

/// What a JSON object is that is no token response.
pub(super) fn instead(object: &Object) -> Foreign {
    let has = |name: &str| object.members.contains_key(name);
    if let Some(code) = object.text("error") {
        return Foreign::error("the token endpoint", code, object.text("error_description"));
    }
    if has("access_token") {
        let hint = "ask for the scope openid, and give the answer of the token endpoint";
        return Foreign::new("a token response without id_token", hint);
    }
    if has("keys") {
        return Foreign::new("a key set", "give it by --jwks FILE");
    }
    if has("authorization_endpoint") || has("jwks_uri") {
        return Foreign::new("a discovery document", "give it by --discovery FILE");
    }
    if has("sub") {
        let hint =
            "give the token itself; the answer of the userinfo endpoint goes to --userinfo FILE";
        return Foreign::new("a set of claims without a signature", hint);
    }
    Foreign::new("JSON of another kind", "give a token, or the answer of the token endpoint")
}

/// Whether the text is base64 of something that begins like an XML document.
fn is_encoded_xml(text: &str) -> bool {
    let head: String = text.chars().filter(|c| !c.is_whitespace()).take(HEAD).collect();
    let lenient =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let decoded = GeneralPurpose::new(&STANDARD, lenient).decode(&head);
    let is_start = |bytes: &[u8]| {
        let mut rest =
            bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().iter();
        rest.next() == Some(&b'<')
            && rest.next().is_some_and(|next| next.is_ascii_alphabetic() || *next == b'?')
    };
    head.len() == HEAD && decoded.is_ok_and(|bytes| is_start(&bytes))
}

/// Characters of base64 that are looked at.
const HEAD: usize = 24;
/// Characters of an error's description that are shown.
const LONGEST: usize = 300;
