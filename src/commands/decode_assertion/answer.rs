//! What the identity provider's refusal means, from what is known of its codes and numbers.

use crate::apps::errors::{self, KnownError};
use crate::rule::Finding;
use crate::saml::cards::saml;

/// Adds cause and remedy to a failed status: of the number in its text, or else of its code.
pub(super) fn explain(findings: &mut [Finding]) {
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

/// The one thing that is known of some words; none where several fit.
fn known(words: &str) -> Option<&'static KnownError> {
    match errors::named(words)[..] {
        [error] => Some(error),
        _ => None,
    }
}

/// How the judgement begins the status message that it quotes.
const SAYS: &str = "it says: ";
