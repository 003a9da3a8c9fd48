//! From what an application's library demands to the policy of a judgement.

use crate::account::Told;
use crate::apps::App;
use crate::apps::reader::{Library, Reader};
use crate::libraries::{pysaml2, python3_saml};
use crate::saml::policy::{Point, Policy, Signed, Stance};

/// The policy of an application's reader.
pub(super) fn of(reader: &Reader, told: Option<&Told<'_, '_>>) -> Policy {
    let app = App::by_id(&reader.app).map_or(reader.app.as_str(), |app| app.name.as_str());
    match reader.library {
        Library::Python3Saml => python3_saml::policy(app, told.is_some_and(maps_uid)),
        Library::Pysaml2 => {
            let switches = pysaml2::Switches {
                response_signed: reader.response_signed,
                assertions_signed: reader.assertions_signed,
                unsolicited: reader.unsolicited,
                skew: i64::from(reader.skew),
            };
            pysaml2::policy(app, switches)
        }
        Library::Unknown => unknown(app, reader),
    }
}

/// Whether the account's key comes from an attribute, so that no NameID is needed.
fn maps_uid(told: &Told<'_, '_>) -> bool {
    told.provider.mapping.iter().any(|field| field.card.key == "uid" && field.is_present())
}

fn unknown(app: &str, reader: &Reader) -> Policy {
    let mut policy = Policy::of_unknown_library(app, i64::from(reader.skew));
    policy.signed = Signed { message: reader.response_signed, assertion: reader.assertions_signed };
    let refused = [
        (Point::Unsolicited, !reader.unsolicited),
        (Point::AttributesMissing, reader.wants_attributes),
    ];
    let refused = refused.into_iter().filter(|(_, refuses)| *refuses);
    policy.departures.extend(refused.map(|(point, _)| (point, Stance::Refuse)));
    policy
}
