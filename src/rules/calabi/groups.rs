//! Groups and the roles that they stand for.

use std::collections::HashMap;

use regex_lite::RegexBuilder;

use crate::apps::calabi::{Section, mappings, registered};
use crate::idps::is_guid;
use crate::model::Setting;
use crate::rule::Findings;
use crate::rules::calabi::{captured, field_at};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, ProviderSubject};

pub(in crate::rules) static TWO_ROLES: Lint = lint!(
    "CAL012",
    "group-with-two-roles",
    Warning,
    "one group is mapped to two roles",
    Check::Provider(two_roles)
);
pub(in crate::rules) static OUTSIDE_FILTER: Lint = lint!(
    "CAL013",
    "group-outside-filter",
    Warning,
    "a mapped group that the identity provider's filter keeps back",
    Check::Provider(outside_filter)
);
pub(in crate::rules) static MIXED_KINDS: Lint = lint!(
    "CAL014",
    "group-ids-among-names",
    Warning,
    "some groups are mapped by id and others by name",
    Check::Provider(mixed_kinds)
);
pub(in crate::rules) static CASE_ONLY: Lint = lint!(
    "CAL016",
    "groups-differ-in-case-only",
    Warning,
    "two mapped groups differ in nothing but case",
    Check::Provider(case_only)
);

fn two_roles(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = mappings(cx.provider);
    let mut first: HashMap<&str, &Section<'_>> = HashMap::new();
    for row in &rows {
        let (Some((group, name)), Some((_, role))) = (row.text("group"), row.text("role")) else {
            continue;
        };
        let Some(earlier) = first.get(name) else {
            first.insert(name, row);
            continue;
        };
        if earlier.text("role").is_some_and(|(_, other)| other == role) {
            continue;
        }
        let problem = cx
            .value_problem(
                format!("group {} is mapped to a second role", cx.subject.shown(group)),
                group,
            )
            .related(cx.subject.value_place(earlier.setting("group")), "mapped here already")
            .why("which of the two wins is not documented")
            .remedy("one role for each group, and a group of its own for the other role");
        out.report(&TWO_ROLES.rule, problem);
    }
}

fn case_only(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = mappings(cx.provider);
    let mut first: HashMap<String, (&Setting<'_>, &str)> = HashMap::new();
    for (group, name) in rows.iter().filter_map(|row| row.text("group")) {
        let (earlier, other) = *first.entry(name.to_lowercase()).or_insert((group, name));
        if other == name {
            continue;
        }
        let problem = cx
            .value_problem("this group differs from another one in case only", group)
            .related(cx.subject.value_place(earlier), "the other one")
            .why("whether Calabi tells them apart is not documented; one of the two is a slip most likely")
            .remedy("the name exactly as the identity provider sends it, once");
        out.report(&CASE_ONLY.rule, problem);
    }
}

fn mixed_kinds(cx: &ProviderSubject<'_>, out: &mut Findings) {
    let rows = mappings(cx.provider);
    let groups: Vec<_> = rows.iter().filter_map(|row| row.text("group")).collect();
    let ids = groups.iter().filter(|(_, name)| is_guid(name)).count();
    if ids == 0 || ids == groups.len() {
        return;
    }
    let odd = groups.iter().find(|(_, name)| is_guid(name) == (ids * 2 <= groups.len()));
    let Some((group, name)) = odd else { return };
    let (own, others) = if is_guid(name) { ("id", "name") } else { ("name", "id") };
    let problem = cx
        .value_problem(
            format!("this group is mapped by its {own}, others of the table by their {others}"),
            group,
        )
        .why("an identity provider sends one kind for all groups, so the other rows match nobody")
        .remedy(format!(
            "the kind that is sent, for all groups alike; see {}",
            field_at(cx.idp, "groups", "the groups")
        ));
    out.report(&MIXED_KINDS.rule, problem);
}

fn outside_filter(cx: &ProviderSubject<'_>, out: &mut Findings) {
    captured::outside_filter(cx, out);
    let found = registered(cx.provider);
    let Some((filter, pattern)) = found.text("group_filter") else { return };
    let Some(fits) = evaluated(pattern, cx.idp.id == "okta") else { return };
    for row in &mappings(cx.provider) {
        let Some((group, name)) = row.text("group") else { continue };
        if name.len() > LONGEST || fits(name) {
            continue;
        }
        let whole = if cx.idp.id == "okta" { "; Okta compares the whole name" } else { "" };
        let problem = cx
            .value_problem(
                format!(
                    "group {} does not pass the filter {}",
                    cx.subject.shown(group),
                    cx.subject.shown(filter)
                ),
                group,
            )
            .related(cx.subject.value_place(filter), "the filter")
            .why(format!(
                "the identity provider does not send it, so nobody gets this role by it{whole}"
            ))
            .remedy(format!("a wider filter in {}", field_at(cx.idp, "groups", "the groups")));
        out.report(&OUTSIDE_FILTER.rule, problem);
    }
}

/// Whether a name passes a filter; none where the pattern uses what is not the same everywhere.
fn evaluated(pattern: &str, whole: bool) -> Option<impl Fn(&str) -> bool> {
    let is_special = SPECIAL.iter().any(|special| pattern.contains(special));
    let other_group = pattern.matches("(?").count() > pattern.matches("(?:").count();
    if pattern.len() > LONGEST || is_special || other_group || has_class_in_class(pattern) {
        return None;
    }
    let pattern = if whole { format!("^(?:{pattern})$") } else { pattern.to_owned() };
    let regex = RegexBuilder::new(&pattern).size_limit(LARGEST).build().ok()?;
    Some(move |name: &str| regex.is_match(name))
}

/// `[a-z&&[^b]]`: Java has classes in classes.
fn has_class_in_class(pattern: &str) -> bool {
    let (mut open, mut escaped) = (false, false);
    for c in pattern.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' if open => return true,
            '[' => open = true,
            ']' => open = false,
            _ => {}
        }
    }
    false
}

/// What Java's patterns have beyond the common ground.
const SPECIAL: [&str; 13] =
    ["&&", "\\Q", "\\E", "\\p", "\\P", "\\R", "\\X", "\\h", "\\H", "\\G", "*+", "++", "?+"];
/// Longer patterns and names are left alone, in bytes.
const LONGEST: usize = 500;
/// Memory for a pattern, in bytes.
const LARGEST: usize = 1 << 18;

#[cfg(test)]
mod tests {
    use super::evaluated;

    fn passes(pattern: &str, whole: bool, name: &str) -> Option<bool> {
        evaluated(pattern, whole).map(|fits| fits(name))
    }

    #[test]
    fn a_whole_match_is_not_a_search() {
        assert_eq!(passes("^Calabi-.*", true, "Calabi-Admins"), Some(true));
        assert_eq!(passes("^Calabi-", true, "Calabi-Admins"), Some(false));
        assert_eq!(passes("^Calabi-", false, "Calabi-Admins"), Some(true));
        assert_eq!(passes("A|B", true, "BC"), Some(false));
    }

    #[test]
    fn what_is_not_the_same_everywhere_is_not_judged() {
        for pattern in
            ["(?!x).*", "(?i)calabi.*", "\\p{L}+", "[a-z&&[^b]]+", "(a)\\1", "a{9999}{9999}", "("]
        {
            assert_eq!(passes(pattern, true, "x"), None, "{pattern}");
        }
    }
}
