//! Rules and findings: the card of a rule, and what comes of it.

use std::fmt;

use crate::problem::Problem;

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Login fails, or is not safe.
    Error,
    /// Login may fail, or will.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// All, the gravest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Info];

    /// The word for it in reports and settings.
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }

    /// The severity of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The card of a rule.
#[derive(Debug)]
pub struct Rule {
    /// Stable code, `CVAT010`; never used again for something else.
    pub code: &'static str,
    /// Names the wrong, in kebab case, so that "allow tenant-id-as-host" is a sentence.
    pub name: &'static str,
    /// What it reports, in one line.
    pub summary: &'static str,
    /// The severity of its findings, unless a finding says otherwise.
    pub severity: Severity,
    /// Version that brought it.
    pub since: &'static str,
    /// The Markdown that holds its page: the page itself, or the pages of a whole family.
    pub page: &'static str,
}

impl Rule {
    /// Whether a name is this rule's: its code, the beginning of it, or its name.
    pub fn is_named(&self, name: &str) -> bool {
        let name = name.trim();
        let upper = name.to_ascii_uppercase();
        name == self.name || (!upper.is_empty() && self.code.starts_with(&upper))
    }

    /// Where its page stands in the source tree.
    pub fn help(&self) -> String {
        format!("docs/rules/{}.md", if self.is_of_family() { self.family() } else { self.code })
    }

    /// Its own page, in Markdown: of a family's, the section that its code opens.
    pub fn text(&self) -> &'static str {
        if !self.is_of_family() {
            return self.page;
        }
        let heading = format!("\n## {}: ", self.code);
        let Some(start) = self.page.find(&heading) else { return "" };
        let section = &self.page[start + 1..];
        section[1..].find("\n## ").map_or(section, |end| &section[..=end + 1])
    }

    /// The letters that its code begins with.
    pub fn family(&self) -> &'static str {
        self.code.trim_end_matches(|c: char| c.is_ascii_digit())
    }

    /// Whether one file holds the pages of its whole family.
    fn is_of_family(&self) -> bool {
        !self.page.starts_with(&format!("# {}: ", self.code))
    }
}

/// Writes down the cards of a family whose pages stand in one file: a static for each, and `RULES`,
/// the list of all.
macro_rules! family {
    ($page:expr; $($card:ident = $code:literal $name:literal $severity:ident $summary:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $card: $crate::rule::Rule = $crate::rule::Rule {
                code: $code,
                name: $name,
                summary: $summary,
                severity: $crate::rule::Severity::$severity,
                since: "0.1.0",
                page: $page,
            };
        )*

        /// All cards of the family.
        pub static RULES: &[&$crate::rule::Rule] = &[$(&$card),*];
    };
}

pub(crate) use family;

/// A problem under the rule that found it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Rule,
    /// How much it matters here.
    pub severity: Severity,
    /// What is wrong.
    pub problem: Problem,
}

/// Where checks put what they find.
#[derive(Debug, Default)]
pub struct Findings(pub Vec<Finding>);

impl Findings {
    /// Adds a problem found by a rule.
    pub fn report(&mut self, rule: &'static Rule, problem: Problem) {
        let severity = problem.severity.unwrap_or(rule.severity);
        self.0.push(Finding { rule, severity, problem });
    }
}
