//! What speaks against the message, with the difference between two texts marked.

use crate::problem::Comparison;
use crate::render::message::page::shown;
use crate::report::ReportedFinding;

/// One finding.
pub(super) struct Reason {
    /// `error`, `warning` or `info`.
    pub(super) severity: &'static str,
    /// The code of the rule.
    pub(super) code: &'static str,
    /// What is wrong.
    pub(super) message: String,
    /// What was expected and what was there.
    pub(super) compared: Option<Compared>,
    /// Why it matters.
    pub(super) why: Option<String>,
    /// What to do.
    pub(super) remedy: Option<String>,
    /// Further remarks.
    pub(super) notes: Vec<String>,
}

/// Two texts that ought to be equal.
pub(super) struct Compared {
    /// What was expected.
    pub(super) expected: Marked,
    /// What was there.
    pub(super) got: Marked,
    /// The difference in words.
    pub(super) difference: Option<String>,
    /// Whether what was expected is a value that can be copied, and no sentence.
    pub(super) is_value: bool,
}

/// A text in three pieces.
pub(super) struct Marked {
    /// What both have in front.
    pub(super) before: String,
    /// What this one alone has; may be empty.
    pub(super) own: String,
    /// What both have behind.
    pub(super) after: String,
    /// Whether the middle is worth a mark.
    pub(super) differs: bool,
}

impl Reason {
    /// The view of a finding.
    pub(super) fn new((reported, times): (&ReportedFinding, usize)) -> Self {
        let finding = &reported.finding;
        let problem = &finding.problem;
        let text = |text: &Option<String>| text.as_deref().map(shown);
        let again = (times > 1).then(|| format!("seen {times} times"));
        Self {
            severity: finding.severity.word(),
            code: finding.rule.code,
            message: shown(&problem.message),
            compared: problem.comparison.as_ref().map(Compared::new),
            why: text(&problem.why),
            remedy: text(&problem.remedy),
            notes: problem.notes.iter().map(|note| shown(note)).chain(again).collect(),
        }
    }
}

impl Compared {
    fn new(comparison: &Comparison) -> Self {
        let one: Vec<char> = shown(&comparison.expected).chars().collect();
        let other: Vec<char> = shown(&comparison.got).chars().collect();
        let before = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
        let most = one.len().min(other.len()) - before;
        let from_behind = one.iter().rev().zip(other.iter().rev()).take(most);
        let after = from_behind.take_while(|(a, b)| a == b).count();
        let is_near = 2 * (before + after) >= one.len().max(other.len());
        let is_near = is_near || before > 0 && comparison.difference.is_some();
        let is_value = !one.contains(&' ');
        let marked = |text: &[char]| Marked {
            before: text[..before].iter().collect(),
            own: text[before..text.len() - after].iter().collect(),
            after: text[text.len() - after..].iter().collect(),
            differs: one != other && is_near && is_value,
        };
        Self {
            expected: marked(&one),
            got: marked(&other),
            difference: comparison.difference.as_deref().map(shown),
            is_value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Compared, Marked};
    use crate::problem::Comparison;

    fn compared(expected: &str, got: &str) -> Compared {
        let (expected, got) = (expected.to_owned(), got.to_owned());
        Compared::new(&Comparison { expected, got, difference: None })
    }

    fn pieces(marked: &Marked) -> (&str, &str, &str, bool) {
        (&marked.before, &marked.own, &marked.after, marked.differs)
    }

    #[test]
    fn only_what_differs_differs() {
        let one = compared("https://a.test/acs/", "https://a.test/acs");
        assert_eq!(pieces(&one.expected), ("https://a.test/acs", "/", "", true));
        assert_eq!(pieces(&one.got), ("https://a.test/acs", "", "", true));
        let two = compared("https://a.test/x/acs", "https://a.test/yy/acs");
        assert_eq!(pieces(&two.got), ("https://a.test/", "yy", "/acs", true));
    }

    #[test]
    fn repeated_letters_are_not_counted_twice() {
        let one = compared("aa", "aaa");
        assert_eq!(pieces(&one.expected), ("aa", "", "", true));
        assert_eq!(pieces(&one.got), ("aa", "a", "", true));
    }

    #[test]
    fn texts_that_have_nothing_in_common_have_no_mark() {
        let one = compared("https://a.test/", "urn:b");
        assert!(!one.expected.differs && !compared("", "").got.differs);
        assert_eq!(pieces(&one.got).1, "urn:b");
    }
}
