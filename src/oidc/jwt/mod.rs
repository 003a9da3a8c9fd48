//! ID tokens: read, verified and judged in a fixed order, of which each step can only take trust
//! away (OpenID Connect Core 1.0 section 3.1.3.7, RFC 8725).

mod algorithm;
mod audience;
mod beside;
mod claims;
mod compact;
mod expectation;
mod foreign;
mod header;
mod issuer;
mod jwe;
mod keys;
mod ledger;
mod object;
mod received;
mod signature;
mod subject;
mod time;

use std::sync::Arc;

pub use self::algorithm::{Algorithm, Means};
pub use self::expectation::{Beside, Expectation, Issuer, Reader, SKEW, Secret};
pub use self::foreign::Foreign;
pub use self::jwe::Encryption;
pub use self::keys::KeySet;
pub use self::object::Object;
pub use self::received::{NoToken, Received, read};
pub use self::signature::Proof;

use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::claims::Claims;
use crate::oidc::jwt::compact::{Compact, Encrypted, Signed};
use crate::oidc::jwt::expectation::part;
use crate::oidc::jwt::ledger::{Ledger, beginning};
use crate::problem::Problem;
use crate::source::{Source, printable};
use crate::verdict::{Reason, Verdict, Weight};

/// What a token is, and what it comes to.
#[derive(Debug)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// The header of the encryption, where there is one.
    pub outer: Option<Object>,
    /// How it was encrypted; none where it was not.
    pub encryption: Option<Encryption>,
    /// The header of the signature; none where it could not be read.
    pub header: Option<Object>,
    /// The claims; none where they could not be read. Only the verdict says whether they count.
    pub claims: Option<Object>,
    /// What proves it; none where nothing does.
    pub proof: Option<Proof>,
}

/// What an application says about the claims.
pub type Objections<'o> = dyn Fn(&Object) -> Vec<Reason> + 'o;

/// Judges a token. `name` is what messages call the input.
pub fn judge(
    token: &str,
    name: &str,
    expectation: &Expectation,
    objections: Option<&Objections<'_>>,
) -> Judged {
    let mut work = Work { name, expectation, ledger: Ledger::default(), found: Found::default() };
    match compact::read(token) {
        Err(no_token) => work.no_token(&no_token, false),
        Ok(Compact::Signed(signed)) => work.signed(&signed, objections),
        Ok(Compact::Encrypted(encrypted)) => work.encrypted(&encrypted, objections),
    }
    work.finish()
}

/// A judgement that is being made.
struct Work<'w> {
    name: &'w str,
    expectation: &'w Expectation,
    ledger: Ledger,
    found: Found,
}

/// What was found on the way.
#[derive(Default)]
struct Found {
    outer: Option<Object>,
    encryption: Option<Encryption>,
    header: Option<Object>,
    claims: Option<Object>,
    proof: Option<Proof>,
}

impl Work<'_> {
    fn no_token(&mut self, no_token: &compact::NoToken, is_inner: bool) {
        let source = Arc::new(Source::new(self.name, ""));
        let (message, weight) = if is_inner {
            let message =
                format!("inside of the encryption is no signed token: {}", no_token.message);
            (message, no_token.weight().max(Weight::Reject))
        } else {
            (no_token.message.clone(), no_token.weight())
        };
        let problem = Problem::new(message, beginning(&source));
        let problem = match no_token.remedy {
            _ if is_inner => problem.why(UNSIGNED),
            Some(remedy) => problem.remedy(remedy),
            None => problem,
        };
        self.ledger.add(no_token.rule(), weight, problem);
    }

    fn encrypted(&mut self, token: &Encrypted<'_>, objections: Option<&Objections<'_>>) {
        let Some(header) = self.object(&token.header, "outer header") else { return };
        self.ledger.check("outer header", |ledger| header::outer(&header, ledger));
        let content = jwe::decrypt(token, &header, self.expectation, &mut self.ledger);
        let is_open = content.is_some();
        self.found.encryption = Some(Encryption { is_open, ..Encryption::of(&header) });
        self.found.outer = Some(header);
        let Some(content) = content else { return };
        self.ledger.passed.push("decryption");
        let text = String::from_utf8_lossy(&content);
        match compact::read(&text) {
            Ok(Compact::Signed(signed)) => self.signed(&signed, objections),
            Ok(Compact::Encrypted(_)) => self.no_token(&nested(), true),
            Err(no_token) => self.no_token(&no_token, true),
        }
        if let (Some(outer), Some(claims)) = (&self.found.outer, &self.found.claims) {
            header::replicated(outer, claims, &mut self.ledger);
        }
    }

    fn signed(&mut self, token: &Signed<'_>, objections: Option<&Objections<'_>>) {
        let header = self.object(&token.header, "header");
        let claims = self.object(&token.payload, "claims");
        let Some(header) = header else {
            self.found.claims = claims;
            return;
        };
        let algorithm = header::judge(&header, self.expectation, &mut self.ledger);
        let case = signature::Case { token, header: &header, expectation: self.expectation };
        let proof =
            self.ledger.check("signature", |ledger| signature::verify(&case, algorithm, ledger));
        if let Some(object) = &claims {
            let algorithm = header.text("alg").and_then(Algorithm::named);
            let claims = Claims { object, expectation: self.expectation, algorithm };
            claims::judge(&claims, &mut self.ledger);
            self.ledger.reasons.extend(objections.map(|say| say(object)).unwrap_or_default());
            self.replay(object);
        }
        self.found.proof = proof;
        self.found.header = Some(header);
        self.found.claims = claims;
    }

    /// A JSON object of the token; what is wrong with it is told.
    fn object(&mut self, bytes: &[u8], what: &str) -> Option<Object> {
        match Object::read(bytes, &part(self.name, what)) {
            Ok(object) => Some(object),
            Err(reason) => {
                self.ledger.reasons.push(*reason);
                None
            }
        }
    }

    /// A token that may be used once is known by its `jti` to the application alone.
    fn replay(&mut self, claims: &Object) {
        let remembers = self.expectation.reader.is_some_and(|reader| reader.remembers_jti);
        if remembers && claims.get("jti").is_some() {
            self.ledger.leave("replay", "");
        }
    }

    fn finish(mut self) -> Judged {
        let is_proven = self.found.proof.is_some() && self.found.claims.is_some();
        let open = &self.ledger.unchecked;
        if self.expectation.requires_all && !open.is_empty() && self.ledger.is_clean() {
            let items: Vec<&str> = open.iter().map(|one| one.item).collect();
            let mut how: Vec<&str> = Vec::new();
            for one in open.iter().filter(|one| !one.how.is_empty()) {
                if !how.contains(&one.how) {
                    how.push(one.how);
                }
            }
            let source = self.found.claims.as_ref().map_or_else(
                || Arc::new(Source::new(self.name, "")),
                |claims| Arc::clone(&claims.source),
            );
            let message = format!("not checked: {}", printable(&items.join(", ")));
            let problem = Problem::new(message, beginning(&source)).remedy(how.join("; "));
            self.ledger.add(&cards::UNCHECKED, Weight::Undecided, problem);
        }
        let Ledger { reasons, unchecked, passed } = self.ledger;
        Judged {
            verdict: Verdict::decide(reasons, unchecked, passed, is_proven),
            outer: self.found.outer,
            encryption: self.found.encryption,
            header: self.found.header,
            claims: self.found.claims,
            proof: self.found.proof,
        }
    }
}

fn nested() -> compact::NoToken {
    let message = "it is encrypted once more".to_owned();
    compact::NoToken { message, remedy: None, is_limit: false }
}

/// Why a token that is only encrypted proves nothing.
const UNSIGNED: &str =
    "everybody can encrypt to a public key: only a signature says who wrote the token";
