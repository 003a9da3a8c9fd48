//! Which SAML attribute fills which field of the account.

use crate::idps::facts::Attribute;
use crate::setups::Cell;

/// One field of the account and the attribute that fills it.
#[derive(Debug)]
pub(in crate::setups) struct Mapped {
    /// `uid`, `email`, `groups`.
    pub(in crate::setups) field: &'static str,
    /// The attribute's `Name`.
    pub(in crate::setups) name: &'static str,
    /// What the console calls the value; none where it has no such value.
    pub(in crate::setups) source: Option<&'static str>,
    /// Whether the provider sends it without being told.
    pub(in crate::setups) by_default: bool,
    /// Whether logins work without it.
    pub(in crate::setups) optional: bool,
}

/// The attributes of a cell, in the order of [`FIELDS`].
pub(in crate::setups) fn mapped(cell: &Cell) -> Vec<Mapped> {
    FIELDS.iter().filter_map(|field| one(cell, field)).collect()
}

/// The attribute that carries groups, where the application wants them.
pub(in crate::setups) fn groups(cell: &Cell) -> Option<Mapped> {
    one(cell, "groups")
}

fn one(cell: &Cell, field: &'static str) -> Option<Mapped> {
    let name = name(cell, field)?;
    let sent = &cell.idp.facts().attributes.sent;
    let recorded = sent.iter().find(|sent| sent.name == name);
    let source = cell.console.sources.get(field).map(String::as_str);
    Some(Mapped {
        field,
        name,
        source: source.or_else(|| suits(cell, field).map(|sent| sent.holds)),
        by_default: recorded.is_some_and(|sent| sent.by_default),
        optional: is_optional(cell, field),
    })
}

fn name(cell: &Cell, field: &str) -> Option<&'static str> {
    let wanted = &cell.app_side.attributes;
    if cell.entry.recorded {
        let is_wanted = wanted.contains_key(field) || is_optional(cell, field);
        return suits(cell, field).filter(|_| is_wanted).map(|sent| sent.name);
    }
    cell.entry.attributes.as_ref().unwrap_or(wanted).get(field).map(String::as_str)
}

fn is_optional(cell: &Cell, field: &str) -> bool {
    cell.app_side.optional_attributes.iter().any(|one| one == field)
}

fn suits(cell: &Cell, field: &str) -> Option<&'static Attribute> {
    cell.idp.facts().attributes.sent.iter().find(|sent| sent.suits == Some(field))
}

/// Fields of accounts, in the order in which sheets have them.
const FIELDS: [&str; 8] = [
    "uid",
    "username",
    "email",
    "email_verified",
    "first_name",
    "last_name",
    "display_name",
    "groups",
];
