//! What attackers and odd providers make of honest messages: one function for a row of the
//! catalogue, or for a few that are alike.

pub(crate) mod binding;
mod content;
mod decryption;
mod documents;
mod forms;
mod layers;
mod messages;
mod pinning;
mod references;
mod times;
mod wrapping;

use std::sync::OnceLock;

use super::case::{Base, Case, bases};
use super::mint::{self, SAML, SAMLP};

/// What one row makes of one base; nothing where it makes no sense there.
pub(crate) type Mutator = fn(&Base) -> Vec<Case>;

/// The whole corpus, which is made once.
pub(crate) fn cases() -> &'static [Case] {
    static CASES: OnceLock<Vec<Case>> = OnceLock::new();
    CASES.get_or_init(made)
}

fn made() -> Vec<Case> {
    let rows: [&[Mutator]; 11] = [
        &binding::ROWS,
        &forms::ROWS,
        &content::ROWS,
        &pinning::ROWS,
        &layers::ROWS,
        &decryption::ROWS,
        &wrapping::ROWS,
        &references::ROWS,
        &documents::ROWS,
        &messages::ROWS,
        &times::ROWS,
    ];
    let rows: Vec<Mutator> = rows.concat();
    let bases = bases();
    bases.iter().flat_map(|base| rows.iter().flat_map(|row| row(base))).collect()
}

/// The forged assertion of an attacker, unsigned.
fn forged(id: &str) -> String {
    mint::swap(&forged_template(id), mint::SIGNATURE, "")
}

/// The same with a place for a signature.
fn forged_template(id: &str) -> String {
    let plain = mint::Spec::new(mint::Protection::None, "idp-rsa", super::keys::Method::RsaSha256);
    let text = mint::swap(&plain.assertion, mint::ASSERTION_ID, id);
    mint::swap(&text, mint::HONEST, mint::FORGED)
}

/// The message whose response carries no signature, for attacks on the assertion's.
fn without_response_signature(base: &Base) -> String {
    if !base.signs_response() {
        return base.text.clone();
    }
    let mut spec = base.spec.clone();
    spec.protection = mint::Protection::Assertion;
    spec.mint()
}

/// Something more behind the status, in front of the assertion.
fn before_assertion(text: &str, more: &str) -> String {
    mint::swap_first(text, "</samlp:Status>", &format!("</samlp:Status>{more}"))
}

/// Something more at the end of the response.
fn at_end(text: &str, more: &str) -> String {
    mint::swap_first(text, "</samlp:Response>", &format!("{more}</samlp:Response>"))
}

/// Extensions at the place where the schema has them.
fn extended(text: &str, content: &str) -> String {
    let extensions = format!("<samlp:Extensions>{content}</samlp:Extensions><samlp:Status>");
    mint::swap_first(text, "<samlp:Status>", &extensions)
}

/// An empty status response of another kind around something.
fn other_message(kind: &str, id: &str) -> String {
    format!(
        "<samlp:{kind} xmlns:samlp=\"{SAMLP}\" ID=\"{id}\" \
         IssueInstant=\"2026-11-24T11:59:55Z\" Version=\"2.0\">\
         <saml:Issuer xmlns:saml=\"{SAML}\">{}</saml:Issuer>{}<samlp:Status>\
         <samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\">\
         </samlp:StatusCode></samlp:Status></samlp:{kind}>",
        mint::ISSUER,
        mint::SIGNATURE
    )
}
