//! A token as it was pasted or saved: alone, in a token response, behind `Bearer`, in an address.

use secrecy::SecretString;
use serde_json::Value as Json;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::expectation::Beside;
use crate::oidc::jwt::foreign::{Foreign, foreign, instead};
use crate::oidc::jwt::ledger::beginning;
use crate::oidc::jwt::object::Object;
use crate::problem::Problem;
use crate::saml::cards::bind;
use crate::source::Source;
use crate::verdict::{Reason, Weight};

/// A token out of what was around it.
#[derive(Debug, Default)]
pub struct Received {
    /// The token.
    pub token: String,
    /// What was taken off, the outermost first.
    pub layers: Vec<&'static str>,
    /// What came with it.
    pub beside: Beside,
}

/// Why no token could be taken out of an input.
#[derive(Debug)]
pub enum NoToken {
    /// It is something else, for which there is another command or flag.
    Foreign(Foreign),
    /// It is an unacceptable token.
    Faulty(Box<Reason>),
}

/// Takes a token out of an input. `name` is what messages call it.
pub fn read(bytes: &[u8], name: &str) -> Result<Received, NoToken> {
    if bytes.len() > LARGEST {
        let message = format!("the input has more than {LARGEST} bytes");
        return Err(faulty(&cards::SIZE, Weight::Limit, &message, name));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Err(NoToken::Foreign(Foreign::new(
            "no text",
            "a token is made of letters, digits, - and _, and begins with eyJ",
        )));
    };
    let mut received = Received::default();
    let text = received.bare(text);
    if text.starts_with('{') {
        return received.response(text, name);
    }
    if let Some(foreign) = foreign(text) {
        return Err(NoToken::Foreign(foreign));
    }
    if text.contains("id_token=") {
        return received.parameters(text, name);
    }
    received.token = match unfolded(text) {
        Some(joined) => {
            received.layers.push("line breaks");
            joined
        }
        None => text.to_owned(),
    };
    Ok(received)
}

/// A token that a mail or a terminal broke into lines, in one piece; none where the lines hold
/// anything else.
fn unfolded(text: &str) -> Option<String> {
    if !text.contains('\n') {
        return None;
    }
    let is_quoted = text.lines().all(|line| line.starts_with('>'));
    let lines = text.lines().map(|line| {
        let bare = if is_quoted { line.trim_start_matches(['>', ' ']) } else { line };
        bare.trim()
    });
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut joined = String::with_capacity(text.len());
    for line in lines {
        if !line.chars().all(is_of_token) {
            return None;
        }
        joined.push_str(line);
    }
    Some(joined)
}

impl Received {
    /// The text without what pastes leave around it.
    fn bare<'t>(&mut self, text: &'t str) -> &'t str {
        let line = text.strip_suffix('\n').unwrap_or(text);
        let line = line.strip_suffix('\r').unwrap_or(line);
        let mut rest = line.trim_start_matches('\u{feff}').trim();
        if rest.len() != line.len() {
            self.layers.push("white space");
        }
        while let Some(behind) = PREFIXES.iter().find_map(|prefix| behind(rest, prefix)) {
            rest = behind.trim_start();
            if self.layers.last() != Some(&"header") {
                self.layers.push("header");
            }
        }
        let inside = |quote| rest.strip_prefix(quote)?.strip_suffix(quote);
        if let Some(inside) = inside('"').or_else(|| inside('\'')) {
            rest = inside.trim();
            self.layers.push("quotes");
        }
        rest
    }

    /// The token of a token response (Core section 3.1.3.3).
    fn response(mut self, text: &str, name: &str) -> Result<Self, NoToken> {
        let object = match Object::read(text.as_bytes(), name) {
            Ok(object) => object,
            Err(reason) => return Err(NoToken::Faulty(unshown(reason, name))),
        };
        if let Some(member) = SERIALISED.iter().find(|member| object.members.contains_key(**member))
        {
            let message = format!(
                "this is JSON with the member {member}: an ID token comes in the compact form only"
            );
            return Err(faulty(&cards::STRUCTURE, Weight::Malformed, &message, name));
        }
        match object.members.get("id_token") {
            Some(Json::String(token)) => token.clone_into(&mut self.token),
            Some(_) => {
                let message = "id_token in the token response is no text";
                return Err(faulty(&cards::STRUCTURE, Weight::Malformed, message, name));
            }
            None => return Err(NoToken::Foreign(instead(&object))),
        }
        self.layers.push("token response");
        self.beside.access_token = object.text("access_token").map(SecretString::from);
        Ok(self)
    }

    /// The token of an address or form that came through the browser.
    fn parameters(mut self, text: &str, name: &str) -> Result<Self, NoToken> {
        let (_, sent) = text.split_once(['#', '?']).unwrap_or(("", text));
        // An address can have both a query and a fragment.
        let parts = sent.split('#').map(str::as_bytes);
        let mut seen: Vec<&str> = Vec::new();
        for (found, value) in parts.flat_map(url::form_urlencoded::parse) {
            let Some(own) = OWN.into_iter().find(|own| *own == found) else { continue };
            if seen.contains(&own) {
                return Err(repeated(own, name));
            }
            seen.push(own);
            let secret = || Some(SecretString::from(value.as_ref()));
            match own {
                "id_token" => value.as_ref().clone_into(&mut self.token),
                "access_token" => self.beside.access_token = secret(),
                "code" => self.beside.code = secret(),
                "state" => self.beside.state = secret(),
                _ => {}
            }
        }
        self.beside.is_front_channel = true;
        self.layers.push(if text.contains("://") { "address" } else { "form" });
        Ok(self)
    }
}

/// A parameter that comes more than once (RFC 6749 section 3.1).
fn repeated(parameter: &str, name: &str) -> NoToken {
    let source = std::sync::Arc::new(Source::new(name, ""));
    let message = format!("{parameter} comes more than once");
    let problem = Problem::new(message, beginning(&source))
        .why("one reader takes the first and another the last, so each may see another login");
    let (rule, weight) = (&bind::BIND_DUPLICATE_PARAM, Weight::Malformed);
    NoToken::Faulty(Box::new(Reason { rule, weight, problem }))
}

/// What stands behind a prefix, whatever its letter case.
fn behind<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (start, rest) = text.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

fn faulty(rule: &'static crate::rule::Rule, weight: Weight, message: &str, name: &str) -> NoToken {
    let source = std::sync::Arc::new(Source::new(name, ""));
    let problem = Problem::new(message, beginning(&source));
    NoToken::Faulty(Box::new(Reason { rule, weight, problem }))
}

/// A reason without the text that it is about: that holds tokens.
fn unshown(mut reason: Box<Reason>, name: &str) -> Box<Reason> {
    let source = std::sync::Arc::new(Source::new(name, ""));
    reason.problem.place = beginning(&source);
    reason
}

/// What may stand before a token in a header, in small letters.
const PREFIXES: [&str; 3] = ["authorization:", "bearer ", "id_token:"];
/// Members of the JSON serialisations (RFC 7515 section 7.2, RFC 7516 section 7.2).
const SERIALISED: [&str; 5] = ["payload", "signatures", "signature", "ciphertext", "protected"];
/// The parameters of an authorization response (RFC 6749 sections 4.1.2, 4.2.2; RFC 9207; Core
/// section 3.2.2.5; Session Management section 3.1).
const OWN: [&str; 12] = [
    "access_token",
    "code",
    "error",
    "error_description",
    "error_uri",
    "expires_in",
    "id_token",
    "iss",
    "scope",
    "session_state",
    "state",
    "token_type",
];
/// The largest input.
const LARGEST: usize = 1 << 20;
