//! Writing a card down in few lines.

/// A [`crate::rules::Lint`] whose page is the file of its code.
macro_rules! lint {
    ($code:literal, $name:literal, $severity:ident, $summary:literal, $check:expr) => {
        $crate::rules::Lint {
            rule: $crate::rule::Rule {
                code: $code,
                name: $name,
                summary: $summary,
                severity: $crate::rule::Severity::$severity,
                since: "0.1.0",
                page: include_str!(concat!("../../../docs/rules/", $code, ".md")),
            },
            check: $check,
        }
    };
}

pub(crate) use lint;
