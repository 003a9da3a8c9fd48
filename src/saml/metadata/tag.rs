//! What start tags of metadata say.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::saml::message::Instant;
use crate::saml::metadata::{Endpoint, Entity, IdpRole, Key, Purpose, SpRole, ValidUntil};
use crate::source::{Span, Spanned};
use crate::xml::{Start, StartTag as _};

/// A start tag.
pub(super) struct Tag<'a>(pub(super) &'a Start<'a>);

impl Tag<'_> {
    /// An attribute without a namespace.
    pub(super) fn value(&self, name: &str) -> Option<Spanned<String>> {
        let found = self.0.attribute(name)?;
        Some(Spanned { value: found.value.value.to_owned(), span: found.value.span })
    }

    pub(super) fn entity(&self) -> Entity {
        let missing = Spanned { value: String::new(), span: self.0.span };
        Entity {
            entity_id: self.value("entityID").unwrap_or(missing),
            span: self.0.span,
            cache_duration: self.value("cacheDuration"),
            ends: self.valid_until().into_iter().collect(),
            ..Entity::default()
        }
    }

    pub(super) fn idp(&self) -> IdpRole {
        let protocols = self.value("protocolSupportEnumeration");
        IdpRole {
            span: self.0.span,
            speaks_saml2: protocols
                .as_ref()
                .is_some_and(|all| all.value.split_whitespace().any(|one| one == PROTOCOL)),
            speaks_saml1: protocols.as_ref().is_some_and(|all| all.value.contains(SAML1)),
            valid_until: self.valid_until(),
            want_authn_requests_signed: self.boolean("WantAuthnRequestsSigned"),
            ..IdpRole::default()
        }
    }

    pub(super) fn sp(&self) -> SpRole {
        SpRole {
            span: self.0.span,
            authn_requests_signed: self.boolean("AuthnRequestsSigned"),
            want_assertions_signed: self.boolean("WantAssertionsSigned"),
            ..SpRole::default()
        }
    }

    pub(super) fn key(&self) -> Key {
        let purpose = self.value("use").map(|purpose| match purpose.value.as_str() {
            "signing" => Purpose::Signing,
            "encryption" => Purpose::Encryption,
            _ => Purpose::Other,
        });
        Key { purpose, span: self.0.span, ..Key::default() }
    }

    pub(super) fn endpoint(&self) -> Option<Endpoint> {
        let binding = self.value("Binding")?.value;
        let location = self.value("Location")?;
        Some(Endpoint { binding, location, span: self.0.span })
    }

    pub(super) fn valid_until(&self) -> Option<ValidUntil> {
        let Spanned { value: text, span } = self.value("validUntil")?;
        Some(ValidUntil { instant: instant(text.trim()), text, span })
    }

    /// A truth value (XML Schema part 2, section 3.2.2).
    pub(super) fn boolean(&self, name: &str) -> Option<Spanned<bool>> {
        let written = self.value(name)?;
        let value = match written.value.trim() {
            "true" | "1" => true,
            "false" | "0" => false,
            _ => return None,
        };
        Some(Spanned { value, span: written.span })
    }
}

/// An instant; SAML times without a zone are in UTC (saml-core-2.0-os section 1.3.3).
fn instant(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<Timestamp>().ok();
    // The end of the year 9999, which some write for "never", is later than clocks go.
    let latest = || {
        let written = Spanned { value: text.to_owned(), span: Span::at(0) };
        Instant::read(written).at.ok().filter(|at| *at == Timestamp::MAX)
    };
    let plain = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    zoned.or_else(latest).or_else(plain).filter(|_| text.contains('T'))
}

/// The namespace of SAML 2.0 messages, which is also the protocol's name.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The protocols of SAML 1 begin so.
const SAML1: &str = "urn:oasis:names:tc:SAML:1.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_the_year_9999_is_an_instant_and_nonsense_is_none() {
        for never in ["9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999Z"] {
            assert_eq!(instant(never), Some(Timestamp::MAX), "{never}");
        }
        assert_eq!(instant("2027-01-31T12:00:00"), instant("2027-01-31T12:00:00Z"));
        assert_eq!(instant("9999-12-32T23:59:59Z"), None);
        assert_eq!(instant("never"), None);
    }
}
