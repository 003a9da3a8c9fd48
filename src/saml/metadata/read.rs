//! From elements to entities.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::saml::metadata::{
    Certificate, Endpoint, Entity, IdpRole, Key, Metadata, Purpose, SpRole, Unreadable,
    UnreadableKind, ValidUntil,
};
use crate::source::{Span, Spanned};
use crate::syntax::nature::Nature;
use crate::xml::{Attribute, Event, Limits, Name, Reader, StartTag as _};

/// Reads a metadata document, or says what the text is instead.
pub fn read(text: &str, limits: Limits) -> Result<Metadata, Unreadable> {
    let nature = Nature::of(text);
    if nature != Nature::Xml {
        return Err(Unreadable { kind: UnreadableKind::Nature(nature), span: Span::at(0) });
    }
    let mut reader = Reader::new(text, limits)?;
    let mut builder = Builder { source: text, ..Builder::default() };
    while let Some(event) = reader.event()? {
        match event {
            Event::Start(start) => {
                builder.start(start.name().to_name(), &start.to_attributes(), start.span)?;
            }
            Event::Text(text) => builder.text(text.value, text.span),
            Event::End(_) => builder.end(),
            Event::Comment(_) | Event::Instruction { .. } => {}
        }
    }
    Ok(builder.metadata)
}

/// What an open element is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seat {
    Acs,
    Attribute,
    Certificate,
    Elsewhere,
    Entities,
    Entity,
    Idp,
    Key,
    KeyInfo,
    NameIdFormat,
    Signature,
    Slo,
    Sp,
    Sso,
    X509Data,
}

/// The entities as far as they were read.
#[derive(Default)]
struct Builder<'t> {
    source: &'t str,
    metadata: Metadata,
    /// The open elements.
    seats: Vec<Seat>,
    /// The open groups of entities.
    groups: Vec<Group>,
    entity: Entity,
    /// The role that is open, as identity provider.
    idp: IdpRole,
    /// The role that is open, as service provider.
    sp: SpRole,
    /// The text of the element that is open, and where its first and last part stand.
    text: String,
    text_span: Option<Span>,
}

/// An `EntitiesDescriptor` (section 2.3.1).
struct Group {
    valid_until: Option<ValidUntil>,
    has_signature: bool,
}

impl Builder<'_> {
    fn start(
        &mut self,
        name: Name,
        attributes: &[Attribute],
        span: Span,
    ) -> Result<(), Unreadable> {
        let seat = match self.seats.last() {
            Some(&parent) => seat_in(parent, &name),
            None => match ROOTS.iter().find(|(local, _)| name.is(METADATA, local)) {
                Some(&(_, seat)) => seat,
                None => return Err(Unreadable { kind: UnreadableKind::Root(name), span }),
            },
        };
        self.seats.push(seat);
        self.text.clear();
        self.text_span = None;
        self.enter(seat, &Tag { attributes, span });
        Ok(())
    }

    fn enter(&mut self, seat: Seat, tag: &Tag<'_>) {
        match seat {
            Seat::Entities => {
                let valid_until = tag.valid_until();
                self.groups.push(Group { valid_until, has_signature: false });
            }
            Seat::Entity => self.entity = tag.entity(),
            Seat::Idp => self.idp = tag.idp(),
            Seat::Sp => self.sp = tag.sp(),
            Seat::Key => self.idp.keys.push(tag.key()),
            Seat::Sso => self.idp.sso.extend(tag.endpoint()),
            Seat::Slo if self.parent() == Some(Seat::Sp) => self.sp.slo.extend(tag.endpoint()),
            Seat::Slo => self.idp.slo.extend(tag.endpoint()),
            Seat::Acs => self.sp.acs.extend(tag.endpoint()),
            Seat::Attribute => self.idp.attributes.extend(tag.value("Name").cloned()),
            Seat::Signature => match self.groups.last_mut() {
                Some(group) if self.seats.iter().all(|&seat| seat != Seat::Entity) => {
                    group.has_signature = true;
                }
                _ => self.entity.has_signature = true,
            },
            Seat::Certificate
            | Seat::Elsewhere
            | Seat::KeyInfo
            | Seat::NameIdFormat
            | Seat::X509Data => {}
        }
    }

    fn text(&mut self, text: &str, span: Span) {
        if matches!(self.seats.last(), Some(Seat::Certificate | Seat::NameIdFormat)) {
            let start = self.text_span.map_or(span.start, |first| first.start);
            self.text_span = Some(Span::new(start, span.end));
            self.text.push_str(text);
        }
    }

    fn end(&mut self) {
        match self.seats.pop() {
            Some(Seat::Entities) => drop(self.groups.pop()),
            Some(Seat::Entity) => self.end_entity(),
            Some(Seat::Idp) => {
                let idp = std::mem::take(&mut self.idp);
                let is_better = idp.speaks_saml2
                    && self.entity.idp.as_ref().is_some_and(|first| !first.speaks_saml2);
                if self.entity.idp.is_none() || is_better {
                    self.entity.idp = Some(Box::new(idp));
                }
            }
            Some(Seat::Sp) => {
                let sp = std::mem::take(&mut self.sp);
                self.entity.sp.get_or_insert_with(|| Box::new(sp));
            }
            Some(Seat::Certificate) => {
                let Spanned { value: text, span } = self.taken_text();
                if let Some(key) = self.idp.keys.last_mut() {
                    key.certificates.push(Certificate { text, span });
                }
            }
            Some(Seat::NameIdFormat) => {
                let text = self.taken_text();
                self.idp.name_id_formats.push(text);
            }
            _ => {}
        }
    }

    fn end_entity(&mut self) {
        let mut entity = std::mem::take(&mut self.entity);
        entity.has_signature |= self.groups.iter().any(|group| group.has_signature);
        entity.ends.extend(self.groups.iter().filter_map(|group| group.valid_until.clone()));
        self.metadata.entities.push(entity);
    }

    /// The text of the element that ends, without white space around it.
    fn taken_text(&mut self) -> Spanned<String> {
        let value = std::mem::take(&mut self.text).trim().to_owned();
        let span = self.text_span.take().unwrap_or_default();
        let written = &self.source[span.range()];
        let start = span.start + (written.len() - written.trim_start().len());
        Spanned { value, span: Span::new(start, start + written.trim().len()) }
    }

    /// The element around the one that is open.
    fn parent(&self) -> Option<Seat> {
        self.seats.iter().rev().nth(1).copied()
    }
}

/// A start tag.
struct Tag<'a> {
    attributes: &'a [Attribute],
    span: Span,
}

impl Tag<'_> {
    /// An attribute without a namespace.
    fn value(&self, name: &str) -> Option<&Spanned<String>> {
        let found = self.attributes.iter().find(|attribute| attribute.name.is("", name));
        found.map(|attribute| &attribute.value)
    }

    fn entity(&self) -> Entity {
        let missing = Spanned { value: String::new(), span: self.span };
        Entity {
            entity_id: self.value("entityID").cloned().unwrap_or(missing),
            span: self.span,
            ends: self.valid_until().into_iter().collect(),
            ..Entity::default()
        }
    }

    fn idp(&self) -> IdpRole {
        let protocols = self.value("protocolSupportEnumeration");
        IdpRole {
            span: self.span,
            speaks_saml2: protocols
                .is_some_and(|all| all.value.split_whitespace().any(|one| one == PROTOCOL)),
            valid_until: self.valid_until(),
            want_authn_requests_signed: self.boolean("WantAuthnRequestsSigned"),
            ..IdpRole::default()
        }
    }

    fn sp(&self) -> SpRole {
        SpRole {
            span: self.span,
            authn_requests_signed: self.boolean("AuthnRequestsSigned"),
            want_assertions_signed: self.boolean("WantAssertionsSigned"),
            ..SpRole::default()
        }
    }

    fn key(&self) -> Key {
        let purpose = self.value("use").map(|purpose| match purpose.value.as_str() {
            "signing" => Purpose::Signing,
            "encryption" => Purpose::Encryption,
            _ => Purpose::Other,
        });
        Key { purpose, certificates: Vec::new(), span: self.span }
    }

    fn endpoint(&self) -> Option<Endpoint> {
        let binding = self.value("Binding")?.value.clone();
        let location = self.value("Location")?.clone();
        Some(Endpoint { binding, location, span: self.span })
    }

    fn valid_until(&self) -> Option<ValidUntil> {
        let Spanned { value: text, span } = self.value("validUntil")?.clone();
        Some(ValidUntil { instant: instant(text.trim()), text, span })
    }

    /// A truth value (XML Schema part 2, section 3.2.2).
    fn boolean(&self, name: &str) -> Option<Spanned<bool>> {
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
    let plain = || TimeZone::UTC.to_timestamp(text.parse::<DateTime>().ok()?).ok();
    zoned.or_else(plain).filter(|_| text.contains('T'))
}

fn seat_in(parent: Seat, name: &Name) -> Seat {
    let known = STEPS
        .iter()
        .find(|(from, namespace, local, _)| *from == parent && name.is(namespace, local));
    known.map_or(Seat::Elsewhere, |&(_, _, _, seat)| seat)
}

/// The namespace of metadata.
const METADATA: &str = "urn:oasis:names:tc:SAML:2.0:metadata";
/// The namespace of assertions.
const ASSERTION: &str = "urn:oasis:names:tc:SAML:2.0:assertion";
/// The namespace of SAML 2.0 messages, which is also the protocol's name.
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The namespace of XML signatures.
const SIGNATURE: &str = "http://www.w3.org/2000/09/xmldsig#";

/// Root elements of metadata.
const ROOTS: [(&str, Seat); 2] =
    [("EntitiesDescriptor", Seat::Entities), ("EntityDescriptor", Seat::Entity)];

/// Which element inside which other says something to us.
const STEPS: [(Seat, &str, &str, Seat); 16] = [
    (Seat::Entities, METADATA, "EntitiesDescriptor", Seat::Entities),
    (Seat::Entities, METADATA, "EntityDescriptor", Seat::Entity),
    (Seat::Entities, SIGNATURE, "Signature", Seat::Signature),
    (Seat::Entity, SIGNATURE, "Signature", Seat::Signature),
    (Seat::Entity, METADATA, "IDPSSODescriptor", Seat::Idp),
    (Seat::Entity, METADATA, "SPSSODescriptor", Seat::Sp),
    (Seat::Idp, METADATA, "KeyDescriptor", Seat::Key),
    (Seat::Idp, METADATA, "SingleSignOnService", Seat::Sso),
    (Seat::Idp, METADATA, "SingleLogoutService", Seat::Slo),
    (Seat::Idp, METADATA, "NameIDFormat", Seat::NameIdFormat),
    (Seat::Idp, ASSERTION, "Attribute", Seat::Attribute),
    (Seat::Sp, METADATA, "AssertionConsumerService", Seat::Acs),
    (Seat::Sp, METADATA, "SingleLogoutService", Seat::Slo),
    (Seat::Key, SIGNATURE, "KeyInfo", Seat::KeyInfo),
    (Seat::KeyInfo, SIGNATURE, "X509Data", Seat::X509Data),
    (Seat::X509Data, SIGNATURE, "X509Certificate", Seat::Certificate),
];
