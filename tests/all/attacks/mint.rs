//! A minter of SAML messages that shares no code with the product.
//!
//! Every text that it writes is in exclusive canonical form already: declarations stand where a
//! prefix is first used, attributes are in order, empty elements have an end tag. So what is
//! digested is the text itself, and no canonicalisation can be wrong on both sides.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::encrypt::{self, Encryption};
use super::keys::{self, Hash, Method};

pub(crate) const NOW: &str = "2026-11-24T12:00:00Z";
pub(crate) const HONEST: &str = "alice@corp.test";
pub(crate) const FORGED: &str = "admin@corp.test";
pub(crate) const ISSUER: &str = "https://idp.corp.test/saml";
pub(crate) const OTHER_ISSUER: &str = "https://other.corp.test/saml";
pub(crate) const ACS: &str = "https://cvat.acme.test/api/auth/saml/okta-saml/acs/";
pub(crate) const LOGOUT: &str = "https://cvat.acme.test/api/auth/saml/okta-saml/sls/";
pub(crate) const AUDIENCE: &str = "https://cvat.acme.test/api/auth/saml/okta-saml/metadata/";
pub(crate) const REQUEST: &str = "_request-1";
pub(crate) const RESPONSE_ID: &str = "_response-1";
pub(crate) const ASSERTION_ID: &str = "_assertion-1";

pub(crate) const SAML: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
pub(crate) const SAMLP: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
pub(crate) const DS: &str = "http://www.w3.org/2000/09/xmldsig#";
pub(crate) const EXCLUSIVE: &str = "http://www.w3.org/2001/10/xml-exc-c14n#";
pub(crate) const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
pub(crate) const EMAIL: &str = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress";

/// Where the signature goes in a text that is to be signed.
pub(crate) const SIGNATURE: &str = "{signature}";
/// Where the assertion goes in the text of a response.
pub(crate) const ASSERTION: &str = "{assertion}";

/// What is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protection {
    Assertion,
    Both,
    None,
    Response,
}

/// How something is signed.
#[derive(Clone, Debug)]
pub(crate) struct Signing {
    pub(crate) key: &'static str,
    pub(crate) method: Method,
    pub(crate) digest: Hash,
    /// Declarations that canonical SignedInfo has besides its own, for inclusive canonicalisation.
    pub(crate) inherited: String,
    /// The KeyInfo element, or nothing.
    pub(crate) key_info: String,
    /// What is written differently in SignedInfo: from, to.
    pub(crate) signed_info: Vec<(String, String)>,
    /// Where the canonical form of what is digested differs from its text: from, to.
    pub(crate) canonical: Vec<(String, String)>,
    /// What is digested instead, where it is not the element at all.
    pub(crate) digested: Option<String>,
}

/// A response to be minted.
#[derive(Clone, Debug)]
pub(crate) struct Spec {
    pub(crate) response: String,
    pub(crate) assertion: String,
    pub(crate) protection: Protection,
    pub(crate) outer: Signing,
    pub(crate) inner: Signing,
    pub(crate) encryption: Option<Encryption>,
}

impl Signing {
    pub(crate) fn new(key: &'static str, method: Method) -> Self {
        let certificate = keys::certificate_base64(key);
        let key_info = format!(
            "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>{certificate}</ds:X509Certificate>\
             </ds:X509Data></ds:KeyInfo>"
        );
        let (signed_info, canonical) = (Vec::new(), Vec::new());
        let inherited = String::new();
        let digest = Hash::Sha256;
        Self { key, method, digest, inherited, key_info, signed_info, canonical, digested: None }
    }

    /// The same, with something else written in SignedInfo.
    pub(crate) fn writing(mut self, from: &str, to: &str) -> Self {
        self.signed_info.push((from.to_owned(), to.to_owned()));
        self
    }

    /// Puts the signature into a text that has a place for it.
    pub(crate) fn sign(&self, text: &str, id: &str) -> String {
        assert_eq!(text.matches(SIGNATURE).count(), 1, "one place for the signature:\n{text}");
        let mut digested = text.replace(SIGNATURE, "");
        for (from, to) in &self.canonical {
            digested = swap(&digested, from, to);
        }
        let digested = self.digested.as_ref().unwrap_or(&digested);
        let signature = self.signature(&self.digest.of(digested.as_bytes()), id);
        text.replace(SIGNATURE, &signature)
    }

    /// The Signature element over a digest.
    pub(crate) fn signature(&self, digest: &[u8], id: &str) -> String {
        let mut info =
            signed_info(self.method.uri(), self.digest.uri(), &STANDARD.encode(digest), id);
        for (from, to) in &self.signed_info {
            info = swap(&info, from, to);
        }
        let opened = format!("<ds:SignedInfo xmlns:ds=\"{DS}\"{}>", self.inherited);
        let canonical = info.replacen("<ds:SignedInfo>", &opened, 1);
        let value = STANDARD.encode(keys::sign(self.method, self.key, canonical.as_bytes()));
        format!(
            "<ds:Signature xmlns:ds=\"{DS}\">{info}<ds:SignatureValue>{value}</ds:SignatureValue>{}\
             </ds:Signature>",
            self.key_info
        )
    }
}

impl Spec {
    pub(crate) fn new(protection: Protection, key: &'static str, method: Method) -> Self {
        let outer = Signing::new(key, method);
        Self {
            response: response(),
            assertion: assertion(),
            protection,
            inner: outer.clone(),
            outer,
            encryption: None,
        }
    }

    /// The same with something else in the assertion, before it is signed.
    pub(crate) fn asserting(mut self, from: &str, to: &str) -> Self {
        self.assertion = swap(&self.assertion, from, to);
        self
    }

    /// The same with something else in the response around it, before it is signed.
    pub(crate) fn responding(mut self, from: &str, to: &str) -> Self {
        self.response = swap(&self.response, from, to);
        self
    }

    /// The same with another way of signing, wherever it is signed.
    pub(crate) fn signing(mut self, change: impl Fn(Signing) -> Signing) -> Self {
        self.inner = change(self.inner);
        self.outer = change(self.outer);
        self
    }

    pub(crate) fn signs_response(&self) -> bool {
        matches!(self.protection, Protection::Both | Protection::Response)
    }

    pub(crate) fn signs_assertion(&self) -> bool {
        matches!(self.protection, Protection::Assertion | Protection::Both)
    }

    /// The assertion, signed if it is to be.
    pub(crate) fn minted_assertion(&self) -> String {
        if self.signs_assertion() {
            self.inner.sign(&self.assertion, ASSERTION_ID)
        } else {
            self.assertion.replace(SIGNATURE, "")
        }
    }

    /// The whole message.
    pub(crate) fn mint(&self) -> String {
        let assertion = self.minted_assertion();
        self.around(&match &self.encryption {
            Some(encryption) => encrypt::assertion(&assertion, encryption),
            None => assertion,
        })
    }

    /// The response around a given assertion, signed if it is to be.
    pub(crate) fn around(&self, assertion: &str) -> String {
        let response = self.response.replace(ASSERTION, assertion);
        if self.signs_response() {
            self.outer.sign(&response, RESPONSE_ID)
        } else {
            response.replace(SIGNATURE, "")
        }
    }
}

/// Replaces what must be there, so that no mutator silently does nothing.
pub(crate) fn swap(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to replace: {from:?} in\n{text}");
    text.replace(from, to)
}

/// The same for the first place only.
pub(crate) fn swap_first(text: &str, from: &str, to: &str) -> String {
    assert!(text.contains(from), "nothing to replace: {from:?} in\n{text}");
    text.replacen(from, to, 1)
}

/// The text from the first `<name` to its last end tag.
pub(crate) fn element<'a>(text: &'a str, name: &str) -> &'a str {
    let start = text.find(&format!("<{name} ")).or_else(|| text.find(&format!("<{name}>")));
    let end = format!("</{name}>");
    let start = start.unwrap_or_else(|| panic!("no {name} in\n{text}"));
    let stop = text[start..].find(&end).expect("an end tag") + start + end.len();
    &text[start..stop]
}

/// The text without the first such element, and that element.
pub(crate) fn taken(text: &str, name: &str) -> (String, String) {
    let element = element(text, name).to_owned();
    (text.replacen(&element, "", 1), element)
}

fn signed_info(method: &str, digest_method: &str, digest: &str, id: &str) -> String {
    format!(
        "<ds:SignedInfo>\
         <ds:CanonicalizationMethod Algorithm=\"{EXCLUSIVE}\"></ds:CanonicalizationMethod>\
         <ds:SignatureMethod Algorithm=\"{method}\"></ds:SignatureMethod>\
         <ds:Reference URI=\"#{id}\"><ds:Transforms>\
         <ds:Transform Algorithm=\"{ENVELOPED}\"></ds:Transform>\
         <ds:Transform Algorithm=\"{EXCLUSIVE}\"></ds:Transform></ds:Transforms>\
         <ds:DigestMethod Algorithm=\"{digest_method}\"></ds:DigestMethod>\
         <ds:DigestValue>{digest}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
    )
}

fn response() -> String {
    format!(
        "<samlp:Response xmlns:samlp=\"{SAMLP}\" Destination=\"{ACS}\" ID=\"{RESPONSE_ID}\" \
         InResponseTo=\"{REQUEST}\" IssueInstant=\"2026-11-24T11:59:55Z\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"{SAML}\">{ISSUER}</saml:Issuer>{SIGNATURE}<samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
         </samlp:StatusCode></samlp:Status>{ASSERTION}</samlp:Response>"
    )
}

fn assertion() -> String {
    format!(
        "<saml:Assertion xmlns:saml=\"{SAML}\" ID=\"{ASSERTION_ID}\" \
         IssueInstant=\"2026-11-24T11:59:54Z\" Version=\"2.0\">\
         <saml:Issuer>{ISSUER}</saml:Issuer>{SIGNATURE}<saml:Subject>\
         <saml:NameID Format=\"{EMAIL}\">{HONEST}</saml:NameID>\
         <saml:SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\">\
         <saml:SubjectConfirmationData InResponseTo=\"{REQUEST}\" \
         NotOnOrAfter=\"2026-11-24T12:05:01Z\" Recipient=\"{ACS}\">\
         </saml:SubjectConfirmationData></saml:SubjectConfirmation></saml:Subject>\
         <saml:Conditions NotBefore=\"2026-11-24T11:55:00Z\" \
         NotOnOrAfter=\"2026-11-24T12:05:00Z\"><saml:AudienceRestriction>\
         <saml:Audience>{AUDIENCE}</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
         <saml:AuthnStatement AuthnInstant=\"2026-11-24T11:59:50Z\" SessionIndex=\"_session-1\" \
         SessionNotOnOrAfter=\"2026-11-24T20:00:00Z\"><saml:AuthnContext>\
         <saml:AuthnContextClassRef>\
         urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport\
         </saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
         <saml:AttributeStatement>{}{}{}</saml:AttributeStatement></saml:Assertion>",
        attribute("uid", "00u1"),
        attribute("email", HONEST),
        attribute("groups", "annotators"),
    )
}

/// An Attribute element with one value.
pub(crate) fn attribute(name: &str, value: &str) -> String {
    format!(
        "<saml:Attribute Name=\"{name}\" \
         NameFormat=\"urn:oasis:names:tc:SAML:2.0:attrname-format:basic\">\
         <saml:AttributeValue>{value}</saml:AttributeValue></saml:Attribute>"
    )
}
