//! From what an application's library demands to the policy of a judgement.

use crate::apps::App;
use crate::apps::reader::Reader;
use crate::saml::policy::{Point, Policy, Signed, Stance};

/// The policy of an application's reader.
pub(super) fn of(reader: &Reader) -> Policy {
    let name = App::by_id(&reader.app).map_or(reader.app.as_str(), |app| app.name.as_str());
    let mut policy = Policy::of_unknown_library(name, i64::from(reader.skew));
    policy.signed = Signed { message: reader.response_signed, assertion: reader.assertions_signed };
    policy.sha1 = Some(reader.sha1);
    let refused = [
        (Point::Unsolicited, !reader.unsolicited),
        (Point::AttributesMissing, reader.wants_attributes),
    ];
    let refused = refused.into_iter().filter(|(_, refuses)| *refuses);
    policy.departures.extend(refused.map(|(point, _)| (point, Stance::Refuse)));
    policy
}
