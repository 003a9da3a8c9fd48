//! The structure that the OASIS schemas demand of metadata and messages, judged while they are read.
//!
//! The tables say what the schemas say; [`Validator`] follows them with one state for each open
//! element, so that a document of any length is judged in constant memory.

mod compiled;
mod fault;
mod parts;
mod pattern;
mod protocol;
pub mod pysaml2;
mod tables;
mod uri;
mod value;

pub use self::compiled::Vocabulary;
pub use self::fault::{Fault, FaultKind};

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use self::compiled::{ANYTHING, Content, Foreign, Model, NameId, Schema, Term, Type, TypeId};
use self::tables::NAMESPACES;
use self::value::{Simple, is_space};
use crate::source::Span;
use crate::xml::{AttributeRef, Event, QualifiedName, Start, StartTag as _};

/// Judges the events of one document.
pub struct Validator {
    schema: &'static Schema,
    open: Vec<Frame>,
    faults: Vec<Fault>,
    /// Faults that were found, those counted that are not kept.
    count: usize,
    /// The ids that were met, as their hashes: one document may have millions.
    ids: HashSet<u64>,
    /// The text of the innermost element, where its type is judged, and where it stands.
    text: String,
    text_span: Option<Span>,
}

/// An open element.
struct Frame {
    type_id: TypeId,
    state: State,
    /// Its name as messages show it.
    name: Named,
    span: Span,
    is_nil: bool,
}

/// How far the content of an element was followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// At this place of the pattern.
    At(u16),
    /// Something did not fit: the rest is not followed.
    Lost,
    /// Nothing was met.
    Start,
}

/// A name that messages show.
#[derive(Clone)]
enum Named {
    Foreign(String),
    Known(&'static str),
}

impl Validator {
    /// At the start of a document.
    pub fn new(vocabulary: Vocabulary) -> Self {
        Self {
            schema: vocabulary.schema(),
            open: Vec::new(),
            faults: Vec::new(),
            count: 0,
            ids: HashSet::new(),
            text: String::new(),
            text_span: None,
        }
    }

    /// Takes in the next event.
    pub fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => self.start(start),
            Event::Text(text) => self.text(text.value, text.span),
            Event::End(span) => self.end(*span),
            Event::Comment(_) | Event::Instruction { .. } => {}
        }
    }

    /// The first faults that were found.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// How many faults were found, kept or not.
    pub fn count(&self) -> usize {
        self.count
    }

    fn start(&mut self, start: &Start<'_>) {
        let name = start.name();
        let schema = self.schema;
        let id = schema.name(name.namespace, name.local);
        let known = |id: NameId| Named::Known(schema.written[usize::from(id)]);
        let named = id.map_or_else(|| Named::Foreign(written(name)), known);
        let declared = self.declared(name, id, &named, start.span);
        let type_id = self.narrowed(start, declared, &named);
        let of_type = &schema.types[usize::from(type_id)];
        if of_type.is_abstract {
            self.report(FaultKind::AbstractType(shown(&named)), start.span);
        }
        self.attributes(start, of_type, &named);
        self.namespaces(start);
        let is_nil = self.nil(start, &named);
        self.text.clear();
        self.text_span = None;
        self.open.push(Frame {
            type_id,
            state: State::Start,
            name: named,
            span: start.span,
            is_nil,
        });
    }

    /// The type that an element has by its place.
    fn declared(
        &mut self,
        name: QualifiedName<'_>,
        id: Option<NameId>,
        named: &Named,
        span: Span,
    ) -> Declared {
        let schema = self.schema;
        let global = id.and_then(|id| schema.globals[usize::from(id)]);
        let lax = global.map_or(Declared::Unknown, Declared::Type);
        let Some(parent) = self.open.last_mut() else { return lax };
        if parent.is_nil {
            let kind = FaultKind::Nil(shown(&parent.name));
            self.report(kind, span);
            return lax;
        }
        let of_parent = &schema.types[usize::from(parent.type_id)];
        let model = match &of_parent.content {
            Content::Anything => return lax,
            Content::Text(_) => {
                let kind = unexpected(parent, named, Vec::new());
                self.report(kind, span);
                return lax;
            }
            Content::Elements { model, .. } => model,
        };
        let next = match parent.state {
            State::Start => &model.pattern.first,
            State::At(place) => &model.pattern.follow[usize::from(place)],
            State::Lost => return lax,
        };
        let fits = |place: &&u16| {
            lets_in(model.terms[usize::from(**place)], of_parent.namespace, name.namespace, id)
        };
        let Some(&place) = next.iter().find(fits) else {
            let expected = expected(schema, model, next);
            let kind = unexpected(parent, named, expected);
            parent.state = State::Lost;
            self.report(kind, span);
            return lax;
        };
        parent.state = State::At(place);
        match model.terms[usize::from(place)] {
            Term::Element(_, of_type) => Declared::Type(of_type),
            Term::Known | Term::Strict if global.is_none() => {
                let kind = unexpected(parent, named, Vec::new());
                self.report(kind, span);
                lax
            }
            Term::Any | Term::Known | Term::Other | Term::Strict => lax,
        }
    }

    /// The type that `xsi:type` makes of it.
    fn narrowed(&mut self, start: &Start<'_>, declared: Declared, named: &Named) -> TypeId {
        let schema = self.schema;
        let by_place = match declared {
            Declared::Type(id) => id,
            Declared::Unknown => ANYTHING,
        };
        let Some(attribute) = start.attributes().find(|one| one.name.is(XSI, "type")) else {
            return by_place;
        };
        let value = attribute.value.value.trim_matches(is_space);
        let (prefix, local) = value.split_once(':').unwrap_or(("", value));
        let namespace = start.namespace_of(prefix);
        let Some(namespace) = namespace.filter(|_| crate::xml::is_name(local)) else {
            self.report(FaultKind::UnknownType(value.to_owned()), attribute.value.span);
            return by_place;
        };
        if namespace == XS && BUILT_IN.contains(&local) && by_place == ANYTHING {
            return schema.type_by_name(namespace, local).unwrap_or(ANYTHING);
        }
        let found = schema.type_by_name(namespace, local);
        let fits = found.filter(|&found| schema.extends(found, by_place));
        // Roles of other protocols: AD FS describes its WS-Federation services beside SAML.
        let is_ours = namespace.is_empty() || NAMESPACES.iter().any(|(_, own)| *own == namespace);
        let is_other_role = is_role(named) && !is_ours;
        match fits {
            Some(found) => found,
            None if is_other_role => ANYTHING,
            None => {
                self.report(FaultKind::UnknownType(value.to_owned()), attribute.value.span);
                by_place
            }
        }
    }

    /// That namespaces can be put into canonical form. Metadata may be read without.
    fn namespaces(&mut self, start: &Start<'_>) {
        if self.schema.vocabulary == Vocabulary::Metadata {
            return;
        }
        for (_, uri) in start.declarations() {
            if !uri.is_empty() && !uri::is_absolute(uri) {
                self.report(FaultKind::Namespace(uri.to_owned()), start.span);
            }
        }
    }

    fn attributes(&mut self, start: &Start<'_>, of_type: &Type, named: &Named) {
        let mut met = 0_u64;
        for attribute in start.attributes() {
            let name = attribute.name;
            let own = of_type.attributes.iter();
            let mut own = own.enumerate();
            let found =
                own.find(|(_, row)| row.local == name.local && row.namespace == name.namespace);
            if let Some((at, row)) = found {
                met |= 1 << at;
                self.value(row.simple, &attribute);
            } else if name.namespace != XSI || !OF_INSTANCES.contains(&name.local) {
                self.foreign(of_type, &attribute, named);
            }
        }
        let missing = of_type.attributes.iter().enumerate();
        for (_, row) in missing.filter(|(at, row)| row.is_required && met & (1 << at) == 0) {
            let attribute = if row.namespace.is_empty() { row.local } else { "xml:lang" };
            let element = shown(named);
            self.report(FaultKind::MissingAttribute { element, attribute }, start.span);
        }
    }

    /// An attribute that the type does not have itself.
    fn foreign(&mut self, of_type: &Type, attribute: &AttributeRef<'_>, named: &Named) {
        let namespace = attribute.name.namespace;
        let is_of_no_instance = namespace == XSI && self.schema.vocabulary == Vocabulary::Pysaml2;
        let may_stand = match of_type.foreign {
            _ if is_of_no_instance => false,
            Foreign::Any => true,
            Foreign::None => false,
            Foreign::Other => !namespace.is_empty() && namespace != of_type.namespace,
            Foreign::Xml => namespace == XML,
        };
        if !may_stand {
            let (element, attribute_name) = (shown(named), written(attribute.name));
            let kind = FaultKind::UnexpectedAttribute { element, attribute: attribute_name };
            self.report(kind, attribute.value.span);
            return;
        }
        if let Some(simple) = self.schema.attribute(namespace, attribute.name.local) {
            self.value(simple, attribute);
        }
    }

    fn value(&mut self, simple: Simple, attribute: &AttributeRef<'_>) {
        let value = &attribute.value;
        if !simple.lets_in(value.value) {
            let kind = FaultKind::Value { name: written(attribute.name), expected: simple.words() };
            self.report(kind, value.span);
        } else if simple == Simple::Id {
            self.id(value.value.trim_matches(is_space), value.span);
        }
    }

    fn id(&mut self, id: &str, span: Span) {
        let mut hasher = DefaultHasher::new();
        id.hash(&mut hasher);
        if self.ids.len() < MOST_IDS && !self.ids.insert(hasher.finish()) {
            self.report(FaultKind::DuplicateId(id.to_owned()), span);
        }
    }

    /// Whether `xsi:nil` says that there is nothing in it.
    fn nil(&mut self, start: &Start<'_>, named: &Named) -> bool {
        let Some(nil) = start.attributes().find(|one| one.name.is(XSI, "nil")) else {
            return false;
        };
        let value = nil.value.value.trim_matches(is_space);
        let may_be = matches!(named, Named::Known("saml:AttributeValue"));
        let is_known = matches!(named, Named::Known(_));
        let is_truth = matches!(value, "true" | "1" | "false" | "0");
        let is_judged = is_known || self.schema.vocabulary == Vocabulary::Pysaml2;
        if is_judged && !(may_be && is_truth) {
            self.report(FaultKind::Nil(shown(named)), nil.value.span);
            return false;
        }
        may_be && matches!(value, "true" | "1")
    }

    fn text(&mut self, text: &str, span: Span) {
        let Some(frame) = self.open.last() else { return };
        if frame.is_nil {
            let kind = FaultKind::Nil(shown(&frame.name));
            self.report(kind, span);
            return;
        }
        match &self.schema.types[usize::from(frame.type_id)].content {
            Content::Text(simple) if !simple.is_text() => {
                let start = self.text_span.map_or(span.start, |first| first.start);
                self.text_span = Some(Span::new(start, span.end));
                if self.text.len() <= LONGEST_TEXT {
                    self.text.push_str(text);
                }
            }
            Content::Elements { is_mixed: false, model }
                if model.terms.is_empty() || !text.chars().all(is_space) =>
            {
                let kind = FaultKind::Text(shown(&frame.name));
                self.report(kind, span);
            }
            _ => {}
        }
    }

    fn end(&mut self, span: Span) {
        let Some(frame) = self.open.pop() else { return };
        match &self.schema.types[usize::from(frame.type_id)].content {
            Content::Text(simple) if !simple.is_text() && !frame.is_nil => {
                if !simple.lets_in(&self.text) {
                    let place = self.text_span.unwrap_or(frame.span);
                    let name = shown(&frame.name);
                    self.report(FaultKind::Value { name, expected: simple.words() }, place);
                } else if *simple == Simple::Id {
                    let id = std::mem::take(&mut self.text);
                    self.id(id.trim_matches(is_space), span);
                }
            }
            Content::Elements { model, .. } if !frame.is_nil => {
                let (may_end, next) = match frame.state {
                    State::Start => (model.pattern.is_nullable, &model.pattern.first),
                    State::At(place) => {
                        let place = usize::from(place);
                        (model.pattern.is_last[place], &model.pattern.follow[place])
                    }
                    State::Lost => return,
                };
                if !may_end {
                    let (element, expected) =
                        (shown(&frame.name), expected(self.schema, model, next));
                    self.report(FaultKind::Incomplete { element, expected }, frame.span);
                }
            }
            _ => {}
        }
        self.text.clear();
        self.text_span = None;
    }

    fn report(&mut self, kind: FaultKind, span: Span) {
        self.count += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { kind, span });
        }
    }
}

/// What is known of an element by its place.
#[derive(Clone, Copy, Debug)]
enum Declared {
    Type(TypeId),
    Unknown,
}

fn lets_in(term: Term, own: &str, namespace: &str, id: Option<NameId>) -> bool {
    match term {
        Term::Any | Term::Known => true,
        Term::Element(name, _) => id == Some(name),
        Term::Other | Term::Strict => !namespace.is_empty() && namespace != own,
    }
}

fn expected(schema: &Schema, model: &Model, next: &[u16]) -> Vec<&'static str> {
    let terms = next.iter().map(|&place| model.terms[usize::from(place)]);
    let names = terms.map(|term| match term {
        Term::Element(name, _) => schema.written[usize::from(name)],
        Term::Any | Term::Known | Term::Other | Term::Strict => "an extension",
    });
    names.collect()
}

fn unexpected(parent: &Frame, named: &Named, expected: Vec<&'static str>) -> FaultKind {
    FaultKind::UnexpectedElement { parent: shown(&parent.name), element: shown(named), expected }
}

fn is_role(named: &Named) -> bool {
    matches!(named, Named::Known("md:RoleDescriptor"))
}

fn shown(named: &Named) -> String {
    match named {
        Named::Foreign(name) => name.clone(),
        Named::Known(name) => (*name).to_owned(),
    }
}

fn written(name: QualifiedName<'_>) -> String {
    if name.prefix.is_empty() {
        return name.local.to_owned();
    }
    format!("{}:{}", name.prefix, name.local)
}

/// Attributes that every element may have.
const OF_INSTANCES: [&str; 4] = ["nil", "noNamespaceSchemaLocation", "schemaLocation", "type"];
/// Faults that are kept; the rest is counted.
const MOST_FAULTS: usize = 20;
/// Ids that are compared.
const MOST_IDS: usize = 1 << 20;
/// Text of one value that is judged.
const LONGEST_TEXT: usize = 1 << 22;
const XML: &str = "http://www.w3.org/XML/1998/namespace";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Types of XML Schema itself whose values are not judged further, or are in the tables.
const BUILT_IN: &[&str] = &[
    "ENTITIES",
    "ENTITY",
    "ID",
    "IDREF",
    "IDREFS",
    "NCName",
    "NMTOKEN",
    "NMTOKENS",
    "NOTATION",
    "Name",
    "QName",
    "anySimpleType",
    "anyType",
    "anyURI",
    "base64Binary",
    "boolean",
    "byte",
    "date",
    "dateTime",
    "decimal",
    "double",
    "duration",
    "float",
    "gDay",
    "gMonth",
    "gMonthDay",
    "gYear",
    "gYearMonth",
    "hexBinary",
    "int",
    "integer",
    "language",
    "long",
    "negativeInteger",
    "nonNegativeInteger",
    "nonPositiveInteger",
    "normalizedString",
    "positiveInteger",
    "short",
    "string",
    "time",
    "token",
    "unsignedByte",
    "unsignedInt",
    "unsignedLong",
    "unsignedShort",
];
