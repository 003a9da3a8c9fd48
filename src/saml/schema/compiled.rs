//! The tables, looked up once: names and types as numbers.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::saml::schema::pattern::{Pattern, Symbol};
use crate::saml::schema::tables::{ABSTRACT, ATTRIBUTES, ELEMENTS, NAMESPACES, TYPES, TypeRow};
use crate::saml::schema::value::Simple;
use crate::saml::schema::{parts, protocol};

/// The number of a type.
pub(super) type TypeId = u16;
/// The number of an element's name.
pub(super) type NameId = u16;

/// Which schemas a document is judged by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Vocabulary {
    /// Those of metadata and its usual extensions.
    Metadata,
    /// Those of messages as pysaml2 ships and reads them.
    Pysaml2,
    /// Those of messages as python3-saml ships them and libxml2 reads them.
    Python3Saml,
}

impl Vocabulary {
    /// Its tables, looked up.
    pub(super) fn schema(self) -> &'static Schema {
        match self {
            Self::Metadata => &METADATA,
            Self::Pysaml2 => &PYSAML2,
            Self::Python3Saml => &PYTHON3_SAML,
        }
    }

    /// Whether names of a prefix of the tables belong to it.
    fn knows(self, name: &str) -> bool {
        let prefix = name.split_once(':').map_or("", |(prefix, _)| prefix);
        match self {
            Self::Metadata => prefix != "samlp",
            Self::Pysaml2 => ["samlp", "saml", "ds", "xenc", "xenc11", "md"].contains(&prefix),
            Self::Python3Saml => ["samlp", "saml", "ds", "xenc"].contains(&prefix),
        }
    }

    /// Types that stand in for those of the same name.
    fn replaced(self) -> Vec<&'static TypeRow> {
        let first = protocol::FIRST_PUBLISHED.iter();
        match self {
            Self::Metadata => Vec::new(),
            Self::Pysaml2 => first.chain([&protocol::NUMBERED]).collect(),
            Self::Python3Saml => first.collect(),
        }
    }

    fn rows(self) -> Vec<&'static TypeRow> {
        let replaced = self.replaced();
        let all = parts::TYPES.iter().chain(TYPES).chain(protocol::TYPES);
        let own = all.filter(|row| self.knows(row.name));
        own.map(|row| replaced.iter().copied().find(|one| one.name == row.name).unwrap_or(row))
            .collect()
    }

    fn elements(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let all = parts::ELEMENTS.iter().chain(ELEMENTS).chain(protocol::ELEMENTS);
        all.copied().filter(move |(name, _)| self.knows(name))
    }

    /// A simple type as the program behind the library reads it: libxml2 passes over characters that
    /// base64 does not have and over no space before an instant, xmlschema takes every text for a URI.
    fn read(self, simple: Simple) -> Simple {
        match (self, simple) {
            (Self::Python3Saml, Simple::Base64) => Simple::LooseBase64,
            (Self::Python3Saml, Simple::DateTime) => Simple::PromptDateTime,
            (Self::Pysaml2, Simple::AnyUri(usize::MAX)) => Simple::Text,
            _ => simple,
        }
    }

    /// Whether attributes of a name of the tables are known wherever foreign ones may stand.
    fn knows_attribute(self, name: &str) -> bool {
        match self {
            Self::Metadata => name != "xml:id",
            Self::Pysaml2 => name.starts_with("xml:"),
            Self::Python3Saml => name == "xml:id",
        }
    }
}

/// All types and names.
pub(super) struct Schema {
    pub(super) vocabulary: Vocabulary,
    rows: Vec<&'static TypeRow>,
    /// The elements of each namespace, the short ones first: their local names and numbers.
    names: Vec<Vec<(&'static str, NameId)>>,
    /// How a name is written in the tables.
    pub(super) written: Vec<&'static str>,
    /// The types of elements that may stand wherever their namespace may.
    pub(super) globals: Vec<Option<TypeId>>,
    pub(super) types: Vec<Type>,
    type_names: HashMap<&'static str, TypeId>,
    attributes: Vec<(&'static str, &'static str, Simple)>,
}

/// A type, simple or complex.
pub(super) struct Type {
    /// Its name in the tables.
    pub(super) name: &'static str,
    /// The type that it extends.
    pub(super) base: Option<TypeId>,
    /// Whether no element may have it as it stands.
    pub(super) is_abstract: bool,
    /// The namespace of its patterns, which `other` leaves out.
    pub(super) namespace: &'static str,
    pub(super) content: Content,
    pub(super) attributes: Vec<AttributeRow>,
    /// Which foreign attributes it lets in.
    pub(super) foreign: Foreign,
}

/// What an element holds.
pub(super) enum Content {
    /// Whatever is well-formed.
    Anything,
    /// Elements.
    Elements { model: Model, is_mixed: bool },
    /// Text of a type.
    Text(Simple),
}

/// An automaton over names.
#[derive(Default)]
pub(super) struct Model {
    pub(super) pattern: Pattern,
    /// What each place lets in.
    pub(super) terms: Vec<Term>,
}

/// What one place of a model lets in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Term {
    /// Any element.
    Any,
    /// This element, of this type.
    Element(NameId, TypeId),
    /// An element of any namespace that must be known.
    Known,
    /// An element of another namespace.
    Other,
    /// An element of another namespace that must be known.
    Strict,
}

/// Attributes that a type lets in beside its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Foreign {
    /// All.
    Any,
    /// None.
    None,
    /// Those of other namespaces.
    Other,
    /// Those of XML itself.
    Xml,
}

/// An attribute of a type.
#[derive(Clone)]
pub(super) struct AttributeRow {
    /// Its namespace; empty for none.
    pub(super) namespace: &'static str,
    /// Its local name.
    pub(super) local: &'static str,
    pub(super) is_required: bool,
    pub(super) simple: Simple,
}

impl Schema {
    fn new(vocabulary: Vocabulary) -> Self {
        let mut schema = Self {
            vocabulary,
            rows: vocabulary.rows(),
            names: vec![Vec::new(); NAMESPACES.len()],
            written: Vec::new(),
            globals: Vec::new(),
            types: Vec::new(),
            type_names: HashMap::new(),
            attributes: Vec::new(),
        };
        schema.push(anything());
        for &(name, simple) in Simple::NAMED {
            let simple = vocabulary.read(simple);
            schema.push(Type { name, content: Content::Text(simple), ..empty() });
        }
        let rows = schema.rows.clone();
        for row in &rows {
            schema.push_row(row);
        }
        for (name, of_type) in vocabulary.elements() {
            let name = schema.intern(name);
            schema.globals[usize::from(name)] = Some(schema.type_named(of_type));
        }
        for row in &rows {
            schema.fill(row);
        }
        for names in &mut schema.names {
            names.sort_unstable_by(|(one, _), (other, _)| by_length(one, other));
        }
        let attributes = ATTRIBUTES.iter().filter(|(name, _)| vocabulary.knows_attribute(name));
        schema.attributes = attributes
            .map(|&(name, of_type)| {
                let (namespace, local) = expanded(name);
                (namespace, local, vocabulary.read(Simple::named(of_type)))
            })
            .collect();
        schema
    }

    fn push(&mut self, one: Type) {
        let id = TypeId::try_from(self.types.len()).expect("there are few types");
        self.type_names.insert(one.name, id);
        self.types.push(one);
    }

    /// A type without its model: models speak of types that come later.
    fn push_row(&mut self, row: &TypeRow) {
        let base = (!row.base.is_empty()).then(|| self.type_named(row.base));
        let of_base = base.map(|base| &self.types[usize::from(base)]);
        let of_base_foreign = of_base.map_or(Foreign::None, |base| base.foreign);
        let is_narrowed = row.content.starts_with("only ");
        let mut foreign = if is_narrowed { Foreign::None } else { of_base_foreign };
        let mut attributes = of_base.map_or_else(Vec::new, |base| base.attributes.clone());
        for written in row.attributes.split_whitespace() {
            match written {
                "+other" => foreign = Foreign::Other,
                "+xml" => foreign = Foreign::Xml,
                written => attributes.push(AttributeRow::new(written, self.vocabulary)),
            }
        }
        let is_abstract = ABSTRACT.contains(&row.name);
        self.push(Type { name: row.name, base, is_abstract, attributes, foreign, ..empty() });
    }

    /// The number of an element's name.
    fn intern(&mut self, name: &'static str) -> NameId {
        let (prefix, local) = name.split_once(':').expect("names of the tables have a prefix");
        let namespace = NAMESPACES.iter().position(|(known, _)| *known == prefix);
        let namespace = namespace.expect("prefixes of the tables are declared");
        if let Some(&(_, id)) = self.names[namespace].iter().find(|(known, _)| *known == local) {
            return id;
        }
        let id = NameId::try_from(self.written.len()).expect("there are few names");
        self.names[namespace].push((local, id));
        self.written.push(name);
        self.globals.push(None);
        id
    }

    fn fill(&mut self, row: &TypeRow) {
        let id = usize::from(self.type_named(row.name));
        let prefix = row.name.split_once(':').map_or("", |(prefix, _)| prefix);
        self.types[id].namespace = namespace(prefix);
        self.types[id].content = match row.content.strip_prefix("= ") {
            Some(simple) => Content::Text(self.vocabulary.read(Simple::named(simple))),
            None => self.elements(row),
        };
    }

    fn elements(&mut self, row: &TypeRow) -> Content {
        let content = row.content.strip_prefix("mixed ").unwrap_or(row.content);
        let pattern = match content.strip_prefix("only ") {
            Some(content) => Pattern::new(content),
            None if row.base.is_empty() => Pattern::new(content),
            None => Pattern::new(self.extended(row).leak()),
        };
        let terms = pattern.symbols.iter().map(|&symbol| self.term(symbol)).collect();
        let is_mixed = row.content.starts_with("mixed ");
        Content::Elements { model: Model { pattern, terms }, is_mixed }
    }

    fn term(&mut self, symbol: Symbol) -> Term {
        match symbol {
            Symbol::Any => Term::Any,
            Symbol::Known => Term::Known,
            Symbol::Other => Term::Other,
            Symbol::Strict => Term::Strict,
            Symbol::Element(name, own) => {
                let name = self.intern(name);
                let global = || self.globals[usize::from(name)].expect("the element has a type");
                let of_type = own.map_or_else(global, |own| self.type_named(own));
                Term::Element(name, of_type)
            }
        }
    }

    /// What a type holds behind what its bases hold.
    fn extended(&self, row: &TypeRow) -> String {
        let mut content = row.content.to_owned();
        let mut base = row.base;
        while let Some(of_base) = self.rows.iter().find(|row| row.name == base) {
            content = format!("{} {content}", of_base.content);
            base = of_base.base;
        }
        content
    }

    fn type_named(&self, name: &str) -> TypeId {
        *self.type_names.get(name).unwrap_or_else(|| panic!("bug: no type is named {name}"))
    }

    /// The number of an element's name.
    pub(super) fn name(&self, namespace: &str, local: &str) -> Option<NameId> {
        let is_it =
            |known: &&(&str, &str)| known.1.len() == namespace.len() && known.1 == namespace;
        let at = NAMESPACES.iter().position(|known| is_it(&known))?;
        let names = &self.names[at];
        let found = names.binary_search_by(|(known, _)| by_length(known, local)).ok()?;
        Some(names[found].1)
    }

    /// The type that a name of `xsi:type` means.
    pub(super) fn type_by_name(&self, namespace: &str, local: &str) -> Option<TypeId> {
        let (prefix, _) = NAMESPACES.iter().find(|(_, known)| *known == namespace)?;
        self.type_names.get(format!("{prefix}:{local}").as_str()).copied()
    }

    /// Whether one type is another, or extends it.
    pub(super) fn extends(&self, one: TypeId, other: TypeId) -> bool {
        let mut next = Some(one);
        while let Some(at) = next {
            if at == other {
                return true;
            }
            next = self.types[usize::from(at)].base;
        }
        other == ANYTHING
    }

    /// The type of an attribute that is known wherever foreign ones may stand.
    pub(super) fn attribute(&self, namespace: &str, local: &str) -> Option<Simple> {
        let all = self.attributes.iter();
        let mut found = all.filter(|(known, name, _)| *name == local && *known == namespace);
        found.next().map(|(_, _, simple)| *simple)
    }
}

impl AttributeRow {
    fn new(written: &'static str, vocabulary: Vocabulary) -> Self {
        let (name, of_type) = written.split_once('=').expect("an attribute has a type");
        let (name, is_required) = match name.strip_suffix('!') {
            Some(name) => (name, true),
            None => (name, false),
        };
        let (namespace, local) = if name.contains(':') { expanded(name) } else { ("", name) };
        Self { namespace, local, is_required, simple: vocabulary.read(Simple::named(of_type)) }
    }
}

fn expanded(name: &'static str) -> (&'static str, &'static str) {
    let (prefix, local) = name.split_once(':').expect("names of the tables have a prefix");
    (namespace(prefix), local)
}

fn namespace(prefix: &str) -> &'static str {
    NAMESPACES.iter().find(|(known, _)| *known == prefix).map_or("", |(_, uri)| uri)
}

fn anything() -> Type {
    Type { name: "any", content: Content::Anything, foreign: Foreign::Any, ..empty() }
}

fn empty() -> Type {
    Type {
        name: "",
        base: None,
        is_abstract: false,
        namespace: "",
        content: Content::Elements { model: Model::default(), is_mixed: false },
        attributes: Vec::new(),
        foreign: Foreign::None,
    }
}

/// The type that lets in everything.
pub(super) const ANYTHING: TypeId = 0;

/// By length first, so that most comparisons look at no letter.
fn by_length(one: &str, other: &str) -> Ordering {
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

static METADATA: LazyLock<Schema> = LazyLock::new(|| Schema::new(Vocabulary::Metadata));
static PYSAML2: LazyLock<Schema> = LazyLock::new(|| Schema::new(Vocabulary::Pysaml2));
static PYTHON3_SAML: LazyLock<Schema> = LazyLock::new(|| Schema::new(Vocabulary::Python3Saml));
