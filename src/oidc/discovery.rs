//! The discovery document (OpenID Connect Discovery 1.0 section 3; RFC 8414 section 2).

use crate::oidc::members::Members;
use crate::oidc::unreadable::object;
use crate::oidc::{Misfit, Unreadable};
use crate::source::{Span, Spanned};
use crate::syntax::json;

/// What a provider publishes of itself. A list that is absent is none; an empty one is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Discovery {
    /// Where the object stands.
    pub span: Span,
    /// The issuer, which every token carries.
    pub issuer: Option<Spanned<String>>,
    /// Where people are sent to log in.
    pub authorization_endpoint: Option<Spanned<String>>,
    /// Where a code becomes tokens.
    pub token_endpoint: Option<Spanned<String>>,
    /// Where claims about the user are had.
    pub userinfo_endpoint: Option<Spanned<String>>,
    /// Where the signing keys are.
    pub jwks_uri: Option<Spanned<String>>,
    /// Where people are sent to log out.
    pub end_session_endpoint: Option<Spanned<String>>,
    /// Where a session's end is told to the provider (RFC 7009).
    pub revocation_endpoint: Option<Spanned<String>>,
    /// Scopes that can be asked for.
    pub scopes_supported: Option<Vec<Spanned<String>>>,
    /// Values of `response_type`.
    pub response_types_supported: Option<Vec<Spanned<String>>>,
    /// Values of `response_mode`.
    pub response_modes_supported: Option<Vec<Spanned<String>>>,
    /// Values of `grant_type`.
    pub grant_types_supported: Option<Vec<Spanned<String>>>,
    /// Kinds of subject identifier.
    pub subject_types_supported: Option<Vec<Spanned<String>>>,
    /// Algorithms that sign ID tokens.
    pub id_token_signing_alg_values_supported: Option<Vec<Spanned<String>>>,
    /// Ways in which a client proves itself at the token endpoint.
    pub token_endpoint_auth_methods_supported: Option<Vec<Spanned<String>>>,
    /// Ways of PKCE (RFC 7636).
    pub code_challenge_methods_supported: Option<Vec<Spanned<String>>>,
    /// Claims that may be sent.
    pub claims_supported: Option<Vec<Spanned<String>>>,
    /// Whether the authorization response names its issuer (RFC 9207).
    pub authorization_response_iss_parameter_supported: Option<Spanned<bool>>,
    /// Members that are not of the kind that they are to be.
    pub misfits: Vec<Misfit>,
}

impl Discovery {
    /// Reads a discovery document, or says what the text is instead.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let json = object(text, &LIMITS, &TELLING)?;
        let root = json.tree.root().expect("an object was found");
        let mut members = Members::of(root);
        let mut document = Self { span: root.span(), ..Self::default() };
        for (name, place) in document.texts() {
            *place = members.text(name);
        }
        for (name, place) in document.lists() {
            *place = members.list(name);
        }
        let name = "authorization_response_iss_parameter_supported";
        document.authorization_response_iss_parameter_supported = members.boolean(name);
        document.misfits = members.misfits;
        Ok(document)
    }

    /// Whether a client may prove itself in this way at the token endpoint; where the document
    /// names none, that is `client_secret_basic` (Discovery section 3).
    pub fn offers_auth_method(&self, method: &str) -> bool {
        match &self.token_endpoint_auth_methods_supported {
            Some(methods) => methods.iter().any(|one| one.value == method),
            None => method == "client_secret_basic",
        }
    }

    /// Whether it takes this way of PKCE; none where it does not say.
    pub fn offers_code_challenge(&self, method: &str) -> Option<bool> {
        let methods = self.code_challenge_methods_supported.as_ref()?;
        Some(methods.iter().any(|one| one.value == method))
    }

    fn texts(&mut self) -> [(&'static str, &mut Option<Spanned<String>>); 7] {
        [
            ("issuer", &mut self.issuer),
            ("authorization_endpoint", &mut self.authorization_endpoint),
            ("token_endpoint", &mut self.token_endpoint),
            ("userinfo_endpoint", &mut self.userinfo_endpoint),
            ("jwks_uri", &mut self.jwks_uri),
            ("end_session_endpoint", &mut self.end_session_endpoint),
            ("revocation_endpoint", &mut self.revocation_endpoint),
        ]
    }

    fn lists(&mut self) -> [(&'static str, &mut Option<Vec<Spanned<String>>>); 9] {
        [
            ("scopes_supported", &mut self.scopes_supported),
            ("response_types_supported", &mut self.response_types_supported),
            ("response_modes_supported", &mut self.response_modes_supported),
            ("grant_types_supported", &mut self.grant_types_supported),
            ("subject_types_supported", &mut self.subject_types_supported),
            (
                "id_token_signing_alg_values_supported",
                &mut self.id_token_signing_alg_values_supported,
            ),
            (
                "token_endpoint_auth_methods_supported",
                &mut self.token_endpoint_auth_methods_supported,
            ),
            ("code_challenge_methods_supported", &mut self.code_challenge_methods_supported),
            ("claims_supported", &mut self.claims_supported),
        ]
    }
}

/// Members of which a discovery document has at least one.
const TELLING: [&str; 4] =
    ["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint"];

/// How large a discovery document may be.
const LIMITS: json::Options = json::Options { bytes: 512 << 10, depth: 32, nodes: 20_000 };
