//! How a provider sends groups.

use regex_lite::RegexBuilder;

use crate::exports::stated::Stated;

/// One way in which groups are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupClaim {
    /// The name of the attribute or claim, where the export tells.
    pub name: Option<Stated<String>>,
    /// Which groups are sent, in words of the provider (`SecurityGroup`).
    pub scope: Option<Stated<String>>,
    /// Which groups are sent, by their names.
    pub filter: Option<GroupFilter>,
    /// Whether a group is sent as the path from the root.
    pub full_path: Option<Stated<bool>>,
    /// Whether all groups go into one attribute.
    pub single: Option<Stated<bool>>,
}

/// A test of group names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupFilter {
    /// How the value is compared.
    pub test: GroupTest,
    /// The value.
    pub value: Stated<String>,
}

/// How a group's name is compared with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupTest {
    /// The name contains it.
    Contains,
    /// The name is it.
    Equals,
    /// The name matches it as a regular expression.
    Regex,
    /// The name starts with it.
    StartsWith,
}

impl GroupFilter {
    /// Whether a group of this name is sent; none where that cannot be said for certain.
    pub fn admits(&self, name: &str) -> Option<bool> {
        let value = self.value.value.as_str();
        match self.test {
            GroupTest::Contains => Some(name.contains(value)),
            GroupTest::Equals => Some(name == value),
            GroupTest::Regex => matches_regex(value, name),
            GroupTest::StartsWith => Some(name.starts_with(value)),
        }
    }
}

/// Whether a name matches an expression, where it does not matter whether the whole name has to,
/// nor whose dialect it is.
fn matches_regex(expression: &str, name: &str) -> Option<bool> {
    let compiled = |expression: &str| {
        let mut builder = RegexBuilder::new(expression);
        builder.size_limit(LARGEST_EXPRESSION).nest_limit(DEEPEST_EXPRESSION).build().ok()
    };
    let anywhere = compiled(expression)?.is_match(name);
    let whole = compiled(&format!("^(?:{expression})$"))?.is_match(name);
    (anywhere == whole).then_some(whole)
}

const LARGEST_EXPRESSION: usize = 1 << 18;
const DEEPEST_EXPRESSION: u32 = 32;

#[cfg(test)]
mod tests {
    use super::{GroupFilter, GroupTest, matches_regex};
    use crate::exports::Stated;
    use crate::idps::facts::Source;
    use crate::source::{KeyPath, Span};

    #[test]
    fn a_regular_expression_decides_only_where_dialects_agree() {
        assert_eq!(matches_regex("cvat-.*", "cvat-admins"), Some(true));
        assert_eq!(matches_regex("cvat-.*", "admins"), Some(false));
        assert_eq!(matches_regex("cvat", "cvat-admins"), None);
        assert_eq!(matches_regex("(?=cvat).*", "cvat-admins"), None);
        assert_eq!(matches_regex(&"(".repeat(10_000), "x"), None);
        assert_eq!(matches_regex("(a{1000}){1000}", "x"), None);
    }

    #[test]
    fn plain_tests_compare_as_they_say() {
        let filter = |test| {
            let (span, path) = (Span::at(0), KeyPath::default());
            let value = "cvat".to_owned();
            let value = Stated { value, span, path, source: Source::Vendor, is_default: false };
            GroupFilter { test, value }
        };
        assert_eq!(filter(GroupTest::StartsWith).admits("cvat-a"), Some(true));
        assert_eq!(filter(GroupTest::StartsWith).admits("a-cvat"), Some(false));
        assert_eq!(filter(GroupTest::Contains).admits("a-cvat"), Some(true));
        assert_eq!(filter(GroupTest::Equals).admits("a-cvat"), Some(false));
    }
}
