//! What the flags mean.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use url::{Host, Url};

use crate::saml::binding::saml_parameter;
use crate::saml::sp_metadata::{CONTACT_KINDS, Contact, Organization};

/// An entity id: anything but nothing (saml-metadata-2.0-os section 2.2.1).
pub(super) fn entity_id(text: &str) -> Result<String, String> {
    if text.is_empty() || text.trim() != text {
        return Err("it must be an identifier without blanks around it".to_owned());
    }
    if text.chars().count() > LONGEST_ENTITY_ID {
        return Err(format!("it must have {LONGEST_ENTITY_ID} characters at most"));
    }
    match Url::parse(text) {
        Ok(_) => Ok(text.to_owned()),
        Err(_) => Err("it must be an absolute URI, such as https://app.acme.test/saml".to_owned()),
    }
}

/// A whole address of the web.
pub(super) fn address(text: &str) -> Result<String, String> {
    let is_clean = !text.contains(|one: char| one.is_whitespace() || one.is_control());
    if let Some(name) = saml_parameter(text) {
        return Err(format!("it already carries {name}, which every message brings"));
    }
    match Url::parse(text) {
        Ok(url) if is_clean && ["https", "http"].contains(&url.scheme()) && url.has_host() => {
            Ok(text.to_owned())
        }
        _ => Err("it must be a whole URL, such as https://app.acme.test/saml/acs".to_owned()),
    }
}

/// Whether an address sends what it gets over the network in the open.
pub(super) fn is_open(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    let is_here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    url.scheme() == "http" && !is_here
}

/// A NameID format: a URI, or the last word of one that the core knows.
pub(super) fn format(text: &str) -> Result<String, String> {
    if let Some((_, uri)) = FORMATS.iter().find(|(word, _)| *word == text) {
        return Ok((*uri).to_owned());
    }
    if Url::parse(text).is_ok() {
        return Ok(text.to_owned());
    }
    let words: Vec<&str> = FORMATS.iter().map(|(word, _)| *word).collect();
    Err(format!("it must be a URI, or one of {}", words.join(", ")))
}

/// `NAME|URL` or `NAME|DISPLAY NAME|URL`.
pub(super) fn organization(text: &str) -> Result<Organization, String> {
    let parts: Vec<&str> = text.split('|').map(str::trim).collect();
    let (name, display_name, url) = match parts.as_slice() {
        [name, url] => (name, name, url),
        [name, display_name, url] => (name, display_name, url),
        _ => return Err("write it as NAME|URL or NAME|DISPLAY NAME|URL".to_owned()),
    };
    if name.is_empty() || display_name.is_empty() {
        return Err("the name is empty; write it as NAME|URL".to_owned());
    }
    let [name, display_name] = [name, display_name].map(|one| (*one).to_owned());
    Ok(Organization { name, display_name, url: address(url)? })
}

/// `TYPE:NAME:EMAIL`; the name may hold colons.
pub(super) fn contact(text: &str) -> Result<Contact, String> {
    let form = || "write it as TYPE:NAME:EMAIL, such as technical:Ops:ops@acme.test".to_owned();
    let (kind, rest) = text.split_once(':').ok_or_else(form)?;
    let (name, email) = rest.rsplit_once(':').ok_or_else(form)?;
    let [kind, name, email] = [kind, name, email].map(|one| one.trim().to_owned());
    if !CONTACT_KINDS.contains(&kind.as_str()) {
        return Err(format!("the type must be one of {}", CONTACT_KINDS.join(", ")));
    }
    let is_address =
        email.split_once('@').is_some_and(|(who, at)| !who.is_empty() && !at.is_empty());
    if name.is_empty() || !is_address || email.contains(char::is_whitespace) {
        return Err(form());
    }
    Ok(Contact { kind, name, email })
}

/// An instant, the beginning of a day in UTC, or so many days from now; always to come.
pub(super) fn valid_until(text: &str, now: Timestamp) -> Result<Timestamp, String> {
    let days = text.strip_suffix('d').and_then(|days| days.parse::<u32>().ok());
    let instant = match days {
        Some(days) => now.checked_add(SignedDuration::from_hours(24 * i64::from(days))).ok(),
        None => text.parse().ok().or_else(|| midnight(text)),
    };
    let instant = instant
        .and_then(|instant| Timestamp::from_second(instant.as_second()).ok())
        .ok_or("write it as 2027-01-01T00:00:00Z, 2027-01-01, or 365d")?;
    if instant <= now {
        return Err(format!("{instant} is not to come: everybody would refuse the document"));
    }
    Ok(instant)
}

fn midnight(text: &str) -> Option<Timestamp> {
    let day: Date = text.parse().ok()?;
    TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok()
}

/// The longest entity id (saml-metadata-2.0-os section 2.2.1).
const LONGEST_ENTITY_ID: usize = 1024;
/// Formats of the core (saml-core-2.0-os section 8.3).
const FORMATS: [(&str, &str); 4] = [
    ("unspecified", "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"),
    ("emailAddress", "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"),
    ("persistent", "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"),
    ("transient", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"),
];

#[cfg(test)]
mod tests {
    use super::{address, contact, is_open, organization, valid_until};

    #[test]
    fn ends_of_validity_come_in_three_forms_and_lie_ahead() {
        let now = "2026-11-24T12:00:00Z".parse().expect("an instant");
        let read = |text| valid_until(text, now).map(|until| until.to_string());
        assert_eq!(read("2027-01-01").as_deref(), Ok("2027-01-01T00:00:00Z"));
        assert_eq!(read("2027-01-01T01:00:00.5+01:00").as_deref(), Ok("2027-01-01T00:00:00Z"));
        assert_eq!(read("7d").as_deref(), Ok("2026-12-01T12:00:00Z"));
        for bad in ["2026-11-24", "0d", "soon", "", "99999999999d", "4294967295d", "-1d"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn people_and_addresses_are_told_from_slips() {
        assert!(contact("technical:Ops: day shift:ops@acme.test").is_ok());
        for bad in ["ops@acme.test", "boss:Ops:ops@acme.test", "support:Ops:ops", "support::a@b"] {
            assert!(contact(bad).is_err(), "{bad}");
        }
        assert!(organization("Acme|https://acme.test").is_ok());
        assert!(organization("Acme").is_err() && organization("|https://acme.test").is_err());
        for bad in ["/saml/acs", "app.acme.test", "javascript:alert(1)", "https://a b", ""] {
            assert!(address(bad).is_err(), "{bad}");
        }
        assert!(is_open("http://app.acme.test/acs") && !is_open("http://127.0.0.1:8080/acs"));
    }
}
