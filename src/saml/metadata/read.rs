//! From elements to entities.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::BufRead;

use crate::saml::metadata::seat::{METADATA, ROOTS, Seat, TEXTS, seat_in};
use crate::saml::metadata::tag::Tag;
use crate::saml::metadata::{
    Certificate, Contact, Entity, IdpRole, Key, Listed, Metadata, SpRole, Unreadable,
    UnreadableKind, ValidUntil,
};
use crate::saml::schema::{Validator, Vocabulary};
use crate::source::{Span, Spanned};
use crate::syntax::nature::Nature;
use crate::xml::{Event, Limits, Name, Reader, Start, StartTag as _};

/// Reads a metadata document, or says what the text is instead.
pub fn read(text: &str, limits: Limits) -> Result<Metadata, Unreadable> {
    let nature = Nature::of(text);
    if nature != Nature::Xml {
        return Err(Unreadable { kind: UnreadableKind::Nature(nature), span: Span::at(0) });
    }
    let mut reader = Reader::new(text, limits)?;
    let mut pass = Pass::new(Keep::All);
    while pass.step(&mut reader, |_| {})? {}
    Ok(pass.finish())
}

/// Which entities are kept whole.
pub(super) enum Keep {
    /// All.
    All,
    /// The one of that name, or the first.
    One(Option<String>),
}

/// One way through a document: what it says, and whether its structure is sound.
pub(super) struct Pass {
    builder: Builder,
    validator: Validator,
}

impl Pass {
    /// Before the first event.
    pub(super) fn new(keep: Keep) -> Self {
        let builder = Builder { keep: Some(keep), ..Builder::default() };
        Self { builder, validator: Validator::new(Vocabulary::Metadata) }
    }

    /// Takes in the next event, which others see as well; false at the end.
    pub(super) fn step<R: BufRead>(
        &mut self,
        reader: &mut Reader<R>,
        mut see: impl FnMut(&Event<'_>),
    ) -> Result<bool, Unreadable> {
        let Some(event) = reader.event()? else { return Ok(false) };
        self.validator.event(&event);
        see(&event);
        match &event {
            Event::Start(start) => self.builder.start(start)?,
            Event::Text(text) => self.builder.text(text.value, text.span),
            Event::End(span) => self.builder.end(*span),
            Event::Comment(_) | Event::Instruction { .. } => {}
        }
        Ok(true)
    }

    /// How many faults of structure were found so far.
    pub(super) fn faults(&self) -> &[crate::saml::schema::Fault] {
        self.validator.faults()
    }

    /// Where the entity that is open starts.
    pub(super) fn open_at(&self) -> Option<usize> {
        self.builder.is_inside.then_some(self.builder.entity.span.start)
    }

    /// Whether the entity that ended last is kept.
    pub(super) fn is_last_kept(&self) -> bool {
        self.builder.is_last_kept
    }

    /// What the document says.
    pub(super) fn finish(self) -> Metadata {
        let mut metadata = self.builder.metadata;
        metadata.faults = self.validator.faults().to_vec();
        metadata.fault_count = self.validator.count();
        metadata
    }
}

/// The entities as far as they were read.
#[derive(Default)]
struct Builder {
    metadata: Metadata,
    keep: Option<Keep>,
    /// Whether the entity that ended last is kept.
    is_last_kept: bool,
    /// Whether an entity is open.
    is_inside: bool,
    /// The names that were met, as their hashes.
    names: HashSet<u64>,
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
    methods: Vec<Spanned<String>>,
}

impl Builder {
    fn start(&mut self, start: &Start<'_>) -> Result<(), Unreadable> {
        let name = start.name();
        let seat = if let Some(&parent) = self.seats.last() {
            seat_in(parent, name)
        } else {
            let known = ROOTS.iter().find(|(local, _)| name.is(METADATA, local));
            let Some(&(_, seat)) = known else {
                let name = Name { namespace: name.namespace.into(), local: name.local.into() };
                return Err(Unreadable { kind: UnreadableKind::Root(name), span: start.span });
            };
            seat
        };
        if self.seats.is_empty() {
            let tag = Tag(start);
            self.metadata.root = start.span;
            self.metadata.is_group = seat == Seat::Entities;
            self.metadata.name = tag.value("Name");
            self.metadata.valid_until = tag.valid_until();
            self.metadata.cache_duration = tag.value("cacheDuration");
        }
        self.seats.push(seat);
        self.text.clear();
        self.text_span = None;
        self.enter(seat, &Tag(start));
        Ok(())
    }

    fn enter(&mut self, seat: Seat, tag: &Tag<'_>) {
        match seat {
            Seat::Entities => {
                let valid_until = tag.valid_until();
                self.metadata.cache_durations.extend(tag.value("cacheDuration"));
                let methods = Vec::new();
                self.groups.push(Group { valid_until, has_signature: false, methods });
            }
            Seat::Entity => {
                self.entity = tag.entity();
                self.is_inside = true;
            }
            Seat::Idp => self.idp = tag.idp(),
            Seat::Sp => self.sp = tag.sp(),
            Seat::Key => self.keys().push(tag.key()),
            Seat::Sso => self.idp.sso.extend(tag.endpoint()),
            Seat::Slo if self.parent() == Some(Seat::Sp) => self.sp.slo.extend(tag.endpoint()),
            Seat::Slo => self.idp.slo.extend(tag.endpoint()),
            Seat::Acs => self.sp.acs.extend(tag.endpoint()),
            Seat::Attribute => self.idp.attributes.extend(tag.value("Name")),
            Seat::Signature => self.signature(None),
            Seat::SignatureMethod | Seat::DigestMethod => self.signature(tag.value("Algorithm")),
            Seat::KeyValue => {
                if let Some(key) = self.keys().last_mut() {
                    key.has_value = true;
                }
            }
            Seat::EncryptionMethod => {
                let algorithm = tag.value("Algorithm");
                if let Some(key) = self.keys().last_mut() {
                    key.encryption_methods.extend(algorithm.map(|one| one.value));
                }
            }
            Seat::Registration => {
                self.entity.registered_by = tag.value("registrationAuthority");
            }
            Seat::Contact => {
                let kind = tag.value("contactType").map_or_else(String::new, |kind| kind.value);
                self.entity.contacts.push(Contact { kind, email: None });
            }
            _ => {}
        }
    }

    /// A signature is met, or one of its algorithms.
    fn signature(&mut self, method: Option<Spanned<String>>) {
        match self.groups.last_mut() {
            Some(group) if !self.is_inside => {
                group.has_signature = true;
                group.methods.extend(method);
            }
            _ => {
                self.entity.has_signature = true;
                self.entity.signature_methods.extend(method);
            }
        }
    }

    /// The keys of the role that is open.
    fn keys(&mut self) -> &mut Vec<Key> {
        if self.seats.contains(&Seat::Sp) { &mut self.sp.keys } else { &mut self.idp.keys }
    }

    fn text(&mut self, text: &str, span: Span) {
        if self.seats.last().is_some_and(|seat| TEXTS.contains(seat)) {
            let start = self.text_span.map_or(span.start, |first| first.start);
            self.text_span = Some(Span::new(start, span.end));
            self.text.push_str(text);
        }
    }

    fn end(&mut self, span: Span) {
        match self.seats.pop() {
            Some(Seat::Entities) => drop(self.groups.pop()),
            Some(Seat::Entity) => self.end_entity(span),
            Some(Seat::Idp) => self.end_idp(),
            Some(Seat::Sp) => {
                let sp = std::mem::take(&mut self.sp);
                self.entity.sp.get_or_insert_with(|| Box::new(sp));
            }
            Some(seat) if TEXTS.contains(&seat) => self.end_text(seat),
            _ => {}
        }
    }

    fn end_idp(&mut self) {
        let idp = std::mem::take(&mut self.idp);
        let is_better =
            idp.speaks_saml2 && self.entity.idp.as_ref().is_some_and(|first| !first.speaks_saml2);
        if self.entity.idp.is_none() || is_better {
            self.entity.idp = Some(Box::new(idp));
        }
    }

    fn end_text(&mut self, seat: Seat) {
        let text = self.taken_text();
        match seat {
            Seat::Certificate => {
                if let Some(key) = self.keys().last_mut() {
                    key.certificates.push(Certificate { text: text.value, span: text.span });
                }
            }
            Seat::NameIdFormat => self.idp.name_id_formats.push(text),
            Seat::DisplayName => drop(self.entity.display_name.get_or_insert(text.value)),
            Seat::OrganizationName => drop(self.entity.organization.get_or_insert(text.value)),
            Seat::Category => self.entity.categories.push(text.value),
            Seat::Email => {
                if let Some(contact) = self.entity.contacts.last_mut() {
                    contact.email.get_or_insert(text.value);
                }
            }
            _ => {}
        }
    }

    fn end_entity(&mut self, span: Span) {
        let mut entity = std::mem::take(&mut self.entity);
        self.is_inside = false;
        entity.whole = Span::new(entity.span.start, span.end);
        entity.has_signature |= self.groups.iter().any(|group| group.has_signature);
        let methods = self.groups.iter().flat_map(|group| group.methods.iter().cloned());
        entity.signature_methods.extend(methods);
        entity.ends.extend(self.groups.iter().filter_map(|group| group.valid_until.clone()));
        self.list(&entity);
        let name = &entity.entity_id.value;
        self.is_last_kept = match &self.keep {
            None | Some(Keep::All) => true,
            Some(Keep::One(Some(wanted))) => wanted == name,
            Some(Keep::One(None)) => self.metadata.entities.is_empty(),
        };
        if self.is_last_kept {
            self.metadata.entities.push(entity);
        }
    }

    /// Counts an entity, and keeps its name.
    fn list(&mut self, entity: &Entity) {
        let metadata = &mut self.metadata;
        metadata.count += 1;
        metadata.idp_count += usize::from(entity.idp.is_some());
        metadata.sp_count += usize::from(entity.is_sp());
        let mut hasher = DefaultHasher::new();
        entity.entity_id.value.hash(&mut hasher);
        let is_new = self.names.len() >= MOST_NAMES || self.names.insert(hasher.finish());
        if !is_new && metadata.duplicates.len() < MOST_DUPLICATES {
            metadata.duplicates.push(entity.entity_id.clone());
        }
        if metadata.listed.len() < MOST_LISTED {
            metadata.listed.push(Listed {
                entity_id: entity.entity_id.value.clone(),
                is_idp: entity.idp.is_some(),
                is_sp: entity.is_sp(),
            });
        }
    }

    /// The text of the element that ends, without white space around it.
    fn taken_text(&mut self) -> Spanned<String> {
        let text = std::mem::take(&mut self.text);
        let span = self.text_span.take().unwrap_or_default();
        let value = text.trim();
        if span.end - span.start != text.len() {
            return Spanned { value: value.to_owned(), span };
        }
        let start = span.start + (text.len() - text.trim_start().len());
        Spanned { value: value.to_owned(), span: Span::new(start, start + value.len()) }
    }

    /// The element around the one that is open.
    fn parent(&self) -> Option<Seat> {
        self.seats.iter().rev().nth(1).copied()
    }
}

/// Names that are compared, of a document that may have more.
const MOST_NAMES: usize = 1 << 20;
/// Entities that are listed, of a document that may have more.
const MOST_LISTED: usize = 10_000;
/// Names used twice that are told.
const MOST_DUPLICATES: usize = 20;
