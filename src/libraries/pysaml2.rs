//! pysaml2, the SAML library of Label Studio Enterprise and ClearML (read in its source and tried
//! with 7.5.5): how it renames attributes before the application sees them, and its defaults.
//!
//! An attribute without NameFormat counts as `unspecified`. Its Name, blanks around it taken off
//! and in small letters, is looked up in the map of its NameFormat. What no map knows keeps its
//! Name where `allow_unknown_attributes` is on, and is dropped where it is off.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::Deserialize;

use crate::saml::policy::{Point, Policy, Reader, Signed, Skew, Stance, UrlMatch};
use crate::saml::schema::Vocabulary;

use crate::libraries::python::stripped;

/// A name that the library turns into another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// The Name of the attribute in the assertion; the case of its letters is nothing.
    pub name: String,
    /// The NameFormat under which it is looked up.
    pub name_format: &'static str,
}

/// What an application switches in pysaml2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Switches {
    /// `want_response_signed`
    pub response_signed: bool,
    /// `want_assertions_signed`
    pub assertions_signed: bool,
    /// `allow_unsolicited`
    pub unsolicited: bool,
    /// `accepted_time_diff`
    pub skew: i64,
}

impl Default for Switches {
    /// What the library does where nothing is switched.
    fn default() -> Self {
        Self {
            response_signed: WANT_RESPONSE_SIGNED,
            assertions_signed: WANT_ASSERTIONS_SIGNED,
            unsolicited: ALLOW_UNSOLICITED,
            skew: i64::from(ACCEPTED_TIME_DIFF),
        }
    }
}

/// What an application enforces that reads responses with pysaml2. That either of the two be signed
/// (`want_assertions_or_response_signed`) needs no switch here: something must be, always.
pub fn policy(app: &str, switches: Switches) -> Policy {
    let unsolicited = if switches.unsolicited { Stance::Accept } else { Stance::Refuse };
    let skew = switches.skew;
    Policy {
        reader: Some(Reader { app: app.to_owned(), library: "pysaml2" }),
        skew: Skew { is_end_inside: true, ..Skew::even(skew) },
        signed: Signed { message: switches.response_signed, assertion: switches.assertions_signed },
        reads_detached: false,
        compares_delivery: false,
        sha1: Some(true),
        destination: UrlMatch::Exact,
        recipient: UrlMatch::Exact,
        issue_window: Some(ONE_DAY),
        reads_issue_instants: true,
        schemas: Some(Vocabulary::Pysaml2),
        departures: DEPARTURES.into_iter().chain([(Point::Unsolicited, unsolicited)]).collect(),
    }
}

/// The name under which an application with `allow_unknown_attributes` sees an attribute.
pub fn delivered<'n>(name: &'n str, name_format: Option<&str>) -> Cow<'n, str> {
    local(name, name_format).map_or(Cow::Borrowed(stripped(name)), Cow::Borrowed)
}

/// Whether a map knows the attribute, so that it is delivered without `allow_unknown_attributes`.
pub fn is_known(name: &str, name_format: Option<&str>) -> bool {
    local(name, name_format).is_some()
}

/// The incoming names that arrive under a local name, apart from that name itself: what an
/// identity provider may have sent where the application sees `mail`.
pub fn sent_as(local: &str) -> Vec<Incoming> {
    let names = maps().iter().flat_map(|(format, map)| map.iter().map(move |row| (format, row)));
    names
        .filter(|(_, (_, entry))| entry.local == local)
        .map(|(format, (_, entry))| Incoming { name: entry.name.clone(), name_format: format })
        .collect()
}

fn local(name: &str, name_format: Option<&str>) -> Option<&'static str> {
    let map = maps().get(name_format.unwrap_or(UNSPECIFIED))?;
    map.get(&stripped(name).to_lowercase()).map(|entry| entry.local.as_str())
}

/// The maps that are asked, by NameFormat, each from names in small letters.
type Maps = BTreeMap<String, BTreeMap<String, Entry>>;

/// An attribute as the data file has it.
struct Entry {
    name: String,
    local: String,
}

fn maps() -> &'static Maps {
    static MAPS: OnceLock<Maps> = OnceLock::new();
    MAPS.get_or_init(|| {
        let data: Data = toml::from_str(NAMES).expect("the file is checked by every test run");
        let asked = data.map.into_iter().filter(|map| !map.shadowed);
        asked.map(|map| (map.format, entries(map.under))).collect()
    })
}

fn entries(under: BTreeMap<String, Family>) -> BTreeMap<String, Entry> {
    let mut entries = BTreeMap::new();
    for (prefix, family) in under {
        let same = family.same.into_iter().map(|local| (local.clone(), local));
        for (rest, local) in family.renamed.into_iter().chain(same) {
            let name = format!("{prefix}{rest}");
            entries.insert(name.to_lowercase(), Entry { name, local });
        }
    }
    entries
}

#[derive(Deserialize)]
struct Data {
    map: Vec<Map>,
}

#[derive(Deserialize)]
struct Map {
    format: String,
    #[serde(default)]
    shadowed: bool,
    under: BTreeMap<String, Family>,
}

/// The names of one map that begin alike.
#[derive(Deserialize)]
struct Family {
    #[serde(default)]
    same: Vec<String>,
    #[serde(flatten)]
    renamed: BTreeMap<String, String>,
}

/// The NameFormat of an attribute that states none, and the one of the AD FS claims.
pub const UNSPECIFIED: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:unspecified";
/// The NameFormat of plain names; pysaml2 looks for `urn:mace:dir:attribute-def:` names there.
pub const BASIC: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:basic";
/// The NameFormat of names that are URIs, such as `urn:oid:` names.
pub const URI: &str = "urn:oasis:names:tc:SAML:2.0:attrname-format:uri";

// What a service provider does that sets nothing, known from `Saml2Client` (`client_base.py`) and
// `Config` (`config.py`) of 7.5.5 where nothing else is said.

/// Seconds of clock difference that are allowed for (`accepted_time_diff`; unset, and zero is what
/// a response is then judged with).
pub const ACCEPTED_TIME_DIFF: u32 = 0;
/// Whether attributes that no map knows are delivered. Label Studio must have it on, or its own
/// documented names would not arrive.
pub const ALLOW_UNKNOWN_ATTRIBUTES: bool = false;
/// Whether a response to no request is taken: a login begun at the identity provider.
pub const ALLOW_UNSOLICITED: bool = false;
/// Whether requests are signed. The library's manual says so, its code does not do it.
pub const AUTHN_REQUESTS_SIGNED: bool = false;
/// Whether logout requests are signed.
pub const LOGOUT_REQUESTS_SIGNED: bool = false;
/// Whether logout responses are signed.
pub const LOGOUT_RESPONSES_SIGNED: bool = false;
/// Whether each assertion must bear a signature.
pub const WANT_ASSERTIONS_SIGNED: bool = false;
/// Whether one signature, on the response or its assertions, is asked for. It does not relax the
/// other two.
pub const WANT_ASSERTIONS_OR_RESPONSE_SIGNED: bool = false;
/// Whether the response must bear a signature: one on the assertion alone is refused.
pub const WANT_RESPONSE_SIGNED: bool = true;
/// The binding of requests; metadata must offer a `SingleSignOnService` for it.
pub const REQUEST_BINDING: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// The seconds that the instant of a message may lie back or ahead.
const ONE_DAY: i64 = 86_400;
/// Where it departs from the strict rules.
const DEPARTURES: [(Point, Stance); 14] = [
    // The attributes of an Advice are merged with the others.
    (Point::AdvisedAssertions, Stance::Warn),
    // One restriction that is met is enough.
    (Point::AudienceOfSeveral, Stance::Warn),
    (Point::AudienceMissing, Stance::Warn),
    (Point::AuthnSeveral, Stance::Refuse),
    (Point::ConditionsMissing, Stance::Warn),
    (Point::ConfirmationEndMissing, Stance::Warn),
    (Point::DestinationMissing, Stance::Warn),
    // It hands the element to the decryption in the place of its text, and fails with a TypeError.
    (Point::EncryptedAttributes, Stance::Refuse),
    (Point::IssuedInFuture, Stance::Warn),
    (Point::NameQualifier, Stance::Warn),
    // What is signed is held against the schemas.
    (Point::IdNoName, Stance::Refuse),
    (Point::UnknownAttribute, Stance::Refuse),
    // Only `Z` is read, with nothing around it, and 23 hours.
    (Point::InstantSpelling, Stance::Refuse),
    (Point::Offset, Stance::Refuse),
];
const NAMES: &str = include_str!("pysaml2-names.toml");

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRA: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress";

    #[test]
    fn the_name_format_decides_what_an_attribute_is_called() {
        let groups = "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups";
        for (name, format, expected) in [
            (ENTRA, None, "emailAddress"),
            (ENTRA, Some(UNSPECIFIED), "emailAddress"),
            (ENTRA, Some(BASIC), ENTRA),
            (ENTRA, Some(URI), ENTRA),
            (groups, None, groups),
            ("urn:oid:0.9.2342.19200300.100.1.3", Some(URI), "mail"),
            ("urn:oid:0.9.2342.19200300.100.1.3", None, "urn:oid:0.9.2342.19200300.100.1.3"),
            ("urn:mace:dir:attribute-def:mail", Some(BASIC), "mail"),
            (" Email ", None, "Email"),
            (ENTRA, Some(""), ENTRA),
            (ENTRA, Some("urn:other"), ENTRA),
        ] {
            assert_eq!(delivered(name, format), expected, "{name} {format:?}");
        }
    }

    #[test]
    fn the_map_of_the_older_ad_fs_is_never_asked() {
        let old = "http://schemas.xmlsoap.org/claims/EmailAddress";
        assert_eq!(delivered(old, None), old);
        assert_eq!(delivered("http://schemas.xmlsoap.org/claims/Group", None), "group");
    }

    #[test]
    fn a_local_name_tells_what_may_have_been_sent() {
        let sent = |local| sent_as(local).into_iter().map(|row| row.name).collect::<Vec<_>>();
        let basic = "urn:mace:dir:attribute-def:emailAddress";
        assert_eq!(sent("emailAddress"), [basic, ENTRA]);
        assert!(sent("mail").contains(&"urn:oid:0.9.2342.19200300.100.1.3".to_owned()));
        assert_eq!(sent("Email"), [""; 0]);
        for incoming in sent_as("mail") {
            assert_eq!(delivered(&incoming.name, Some(incoming.name_format)), "mail");
        }
    }
}
