//! What goes wrong in the variables with which Label Studio logs people in through LDAP.

mod attributes;
mod connection;
mod lookup;
mod names;
mod organization;
mod suffix;
mod texts;
mod values;

use crate::rule::Findings;
use crate::rules::label_studio::environment::Environment;

/// In the order of their codes.
pub(super) const JUDGES: &[fn(&Environment<'_>, &mut Findings)] = &[
    lookup::template_without_user,
    lookup::two_or_none,
    connection::plain,
    connection::context_not_last,
    attributes::query_field,
    texts::malformed,
    names::unknown,
    organization::missing_owner,
    suffix::different,
    organization::beside_saml,
    attributes::nonstandard,
    attributes::username_against_email,
];
