//! Groups of a person, and the tables of an application that make something of them.

use crate::account::draft::Draft;
use crate::account::seen::Seen;
use crate::source::printable;

/// The groups that were sent.
pub(super) fn groups(seen: &Seen) -> Vec<String> {
    seen.texts().filter(|group| !group.is_empty()).map(str::to_owned).collect()
}

/// Tells of a person who has more groups than the identity provider sends: it sends where to ask for
/// them instead.
pub(super) fn overage(draft: &mut Draft<'_>) {
    if draft.has_any(&OVERAGE) {
        draft.remark("Entra sent a link instead of the groups, because the person has too many of them: send only groups assigned to the application, or filter them");
    }
}

/// Tells of groups in a table that were sent in other letters: they do not fit.
pub(super) fn near_misses<'g>(
    draft: &mut Draft<'_>,
    listed: impl IntoIterator<Item = &'g str>,
    groups: &[String],
) {
    let mut told: Vec<&str> = Vec::new();
    for listed in listed {
        let has = groups.iter().any(|group| group == listed);
        let near = groups.iter().find(|group| group.to_lowercase() == listed.to_lowercase());
        if let Some(near) = near.filter(|_| !has && !told.contains(&listed)) {
            told.push(listed);
            let (listed, near) = (printable(listed), printable(near));
            draft.remark(format!("the group `{near}` was sent and `{listed}` is listed: the case of letters counts, so they do not fit"));
        }
    }
}

/// Adds what is not there yet.
pub(super) fn add(list: &mut Vec<String>, text: &str) {
    if !list.iter().any(|own| own == text) {
        list.push(text.to_owned());
    }
}

/// What Entra sends above 150 groups in an assertion and 200 in a token (its page on group claims).
const OVERAGE: [&str; 3] =
    ["http://schemas.microsoft.com/claims/groups.link", "_claim_names", "hasgroups"];
