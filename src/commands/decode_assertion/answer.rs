//! What a refusal means, of the identity provider or of the application, from what is known of codes,
//! numbers and words.

use crate::apps::App;
use crate::apps::errors::{self, KnownError};
use crate::commands::decode_assertion::mask::{Mask, Veil};
use crate::rule::Finding;
use crate::saml::binding::{Capture, Remark};
use crate::saml::cards::bind::BIND_FAILED_ANSWER;
use crate::saml::cards::saml;
use crate::verdict::Weight;

/// Adds cause and remedy to a failed status: of the number in its text, or else of its code.
pub(super) fn explain(findings: &mut [Finding]) {
    let answers = findings.iter_mut().filter(|one| one.rule.code == BIND_FAILED_ANSWER.code);
    answers.for_each(explain_words);
    for finding in findings.iter_mut().filter(|one| one.rule.code == saml::STATUS.code) {
        let problem = &mut finding.problem;
        let mut said = problem.notes.iter().filter_map(|note| note.strip_prefix(SAYS));
        let number = said.find_map(known);
        let codes = problem.message.trim_end_matches('`');
        let codes = codes.rsplit(['`', ' ']).next().unwrap_or_default();
        let Some(error) = number.or_else(|| known(codes)) else { continue };
        problem.notes.push(format!("means: {}", error.what));
        problem.notes.push(format!("usual cause: {}", error.cause));
        problem.remedy = Some(error.fix.clone());
    }
}

/// A status message as it may be shown: its code tells of nobody.
pub(super) fn masked(words: &str, mask: Mask) -> String {
    match errors::code(words).filter(|_| mask.is_on) {
        Some(code) => format!("{code} ***"),
        None => mask.text(words),
    }
}

/// Takes personal values out of findings, and leaves the code of a status message that is quoted.
pub(super) fn veil(findings: &mut [Finding], veil: &Veil) {
    let is_status = |one: &Finding| one.rule.code == saml::STATUS.code;
    let codes = |one: &Finding| -> Vec<Option<String>> {
        let said = one.problem.notes.iter().map(|note| note.strip_prefix(SAYS));
        said.map(|words| words.and_then(errors::code).filter(|_| is_status(one))).collect()
    };
    let all: Vec<_> = findings.iter().map(codes).collect();
    veil.over_findings(findings);
    for (finding, codes) in findings.iter_mut().zip(all) {
        for (note, code) in finding.problem.notes.iter_mut().zip(codes) {
            if let Some(code) = code {
                *note = format!("{SAYS}{code} ***");
            }
        }
    }
}

/// What the application answered where a recording tells that it refused the message. Where only the
/// application shows that an answer is a refusal, a reason says so.
pub(super) fn refusal(capture: &Capture, app: Option<&App>) -> (Option<String>, Option<Remark>) {
    if let Some(refusal) = &capture.refusal {
        let words = refusal.words.map_or_else(String::new, |words| format!(" and `{words}`"));
        return (Some(format!("{}{words}", refusal.status)), None);
    }
    let redirects = app.filter(|app| REDIRECTING.contains(&app.id.as_str()));
    let status = capture.status.filter(|status| (200..300).contains(status));
    let (Some(app), Some(status)) = (redirects, status) else { return (None, None) };
    let message = format!("{} answered the message with {status}, not with a redirect", app.name);
    let remark = Remark::new(&BIND_FAILED_ANSWER, Weight::Warning, message)
        .why("a login that works ends with a redirect; a page is how a failure is shown")
        .remedy("read that page, and look in the application's log of that moment");
    (Some(format!("{status}, not with a redirect")), Some(remark))
}

/// Adds cause and remedy to an answer of the application whose words are known.
fn explain_words(finding: &mut Finding) {
    let problem = &mut finding.problem;
    let words = problem.message.split('`').nth(1);
    let Some(error) = words.and_then(known) else { return };
    problem.notes.push(format!("means: {}", error.what));
    problem.notes.push(format!("usual cause: {}", error.cause));
    problem.remedy = Some(error.fix.clone());
}

/// The one thing that is known of some words; none where several fit.
fn known(words: &str) -> Option<&'static KnownError> {
    match errors::named(words)[..] {
        [error] => Some(error),
        _ => None,
    }
}

/// How the judgement begins the status message that it quotes.
const SAYS: &str = "it says: ";
/// Applications that answer a message with a redirect where the login works.
const REDIRECTING: [&str; 1] = ["cvat"];
