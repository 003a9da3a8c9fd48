//! A tree of a text, read as leniently as careless parsers do: entities of a document type are
//! followed, several roots are kept.

use std::collections::BTreeMap;

/// One node: the first one of a tree is the document itself.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) parent: usize,
    pub(crate) children: Vec<usize>,
}

/// What a node is.
#[derive(Debug)]
pub(crate) enum Kind {
    Comment(String),
    Document,
    Element(String, Vec<(String, String)>),
    Instruction(String),
    Text(String),
}

/// A tree.
#[derive(Debug)]
pub(crate) struct Dom {
    pub(crate) nodes: Vec<Node>,
}

impl Dom {
    /// Reads what can be read; nothing where tags do not match.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n");
        let document = Node { kind: Kind::Document, parent: 0, children: Vec::new() };
        let mut dom = Self { nodes: vec![document] };
        let mut entities = BTreeMap::new();
        let (mut open, mut rest) = (0, text.as_str());
        while !rest.is_empty() {
            let (used, now) = dom.step(rest, open, &mut entities)?;
            rest = &rest[used..];
            open = now;
        }
        (open == 0).then_some(dom)
    }

    fn step(
        &mut self,
        rest: &str,
        open: usize,
        entities: &mut BTreeMap<String, String>,
    ) -> Option<(usize, usize)> {
        if let Some(comment) = rest.strip_prefix("<!--") {
            let end = comment.find("-->")?;
            self.add(Kind::Comment(comment[..end].to_owned()), open);
            return Some((end + 7, open));
        }
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>")?;
            self.add(Kind::Text(data[..end].to_owned()), open);
            return Some((end + 12, open));
        }
        if rest.starts_with("<!") {
            let end = rest.find("]>").map(|at| at + 2).or_else(|| Some(rest.find('>')? + 1))?;
            declared(&rest[..end], entities);
            return Some((end, open));
        }
        if let Some(instruction) = rest.strip_prefix("<?") {
            let end = instruction.find("?>")?;
            if !instruction.starts_with("xml ") {
                self.add(Kind::Instruction(instruction[..end].to_owned()), open);
            }
            return Some((end + 4, open));
        }
        if let Some(tag) = rest.strip_prefix("</") {
            let end = tag.find('>')?;
            return (self.name(open) == tag[..end].trim())
                .then(|| (end + 3, self.nodes[open].parent));
        }
        if rest.starts_with('<') {
            let (used, name, attributes, closed) = start_tag(rest, entities)?;
            let element = self.add(Kind::Element(name, attributes), open);
            return Some((used, if closed { open } else { element }));
        }
        let end = rest.find('<').unwrap_or(rest.len());
        self.add(Kind::Text(decoded(&rest[..end], entities)), open);
        Some((end, open))
    }

    fn add(&mut self, kind: Kind, parent: usize) -> usize {
        let id = self.nodes.len();
        self.nodes.push(Node { kind, parent, children: Vec::new() });
        self.nodes[parent].children.push(id);
        id
    }

    /// The name as written; empty for what is no element.
    pub(crate) fn name(&self, id: usize) -> &str {
        match &self.nodes[id].kind {
            Kind::Element(name, _) => name,
            _ => "",
        }
    }

    pub(crate) fn attributes(&self, id: usize) -> &[(String, String)] {
        match &self.nodes[id].kind {
            Kind::Element(_, attributes) => attributes,
            _ => &[],
        }
    }

    /// Everything below and itself, in order.
    pub(crate) fn below(&self, id: usize) -> Vec<usize> {
        let mut found = vec![id];
        for child in &self.nodes[id].children {
            found.extend(self.below(*child));
        }
        found
    }

    /// Elements by local name alone, wherever they are.
    pub(crate) fn anywhere(&self, below: usize, name: &str) -> Vec<usize> {
        let mut found = self.below(below);
        found.retain(|id| local(self.name(*id)) == name);
        found
    }

    /// The text nodes below.
    pub(crate) fn texts(&self, id: usize) -> Vec<&str> {
        let text = |id: usize| match &self.nodes[id].kind {
            Kind::Text(text) => Some(text.as_str()),
            _ => None,
        };
        self.below(id).into_iter().filter_map(text).collect()
    }

    /// An attribute by local name in any letter case.
    pub(crate) fn attribute(&self, id: usize, name: &str) -> Option<&str> {
        let mut all = self.attributes(id).iter();
        let found = all.find(|(key, _)| local(key).eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// Every declaration in scope, the innermost of a prefix only.
    pub(crate) fn namespaces(&self, id: usize) -> BTreeMap<String, String> {
        let mut scope = match id {
            0 => BTreeMap::new(),
            _ => self.namespaces(self.nodes[id].parent),
        };
        for (key, value) in self.attributes(id) {
            if key == "xmlns" {
                scope.insert(String::new(), value.clone());
            } else if let Some(prefix) = key.strip_prefix("xmlns:") {
                scope.insert(prefix.to_owned(), value.clone());
            }
        }
        scope
    }
}

/// The part of a name behind its colon.
pub(crate) fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The part of a name before its colon.
pub(crate) fn prefix(name: &str) -> &str {
    name.rsplit_once(':').map_or("", |(prefix, _)| prefix)
}

/// What a start tag comes to: its length, name, attributes, and whether it is empty.
type StartTag = (usize, String, Vec<(String, String)>, bool);

fn start_tag(text: &str, entities: &BTreeMap<String, String>) -> Option<StartTag> {
    let mut at = text.find([' ', '\n', '\t', '/', '>'])?;
    let name = text[1..at].to_owned();
    let mut attributes = Vec::new();
    loop {
        at += text[at..].len() - text[at..].trim_start().len();
        let rest = &text[at..];
        if rest.starts_with("/>") {
            return Some((at + 2, name, attributes, true));
        }
        if rest.starts_with('>') {
            return Some((at + 1, name, attributes, false));
        }
        let equals = rest.find('=')?;
        let value = rest[equals + 1..].trim_start();
        let quote = value.chars().next().filter(|char| "\"'".contains(*char))?;
        let end = value[1..].find(quote)?;
        let plain = decoded(&value[1..=end].replace(['\n', '\t'], " "), entities);
        attributes.push((rest[..equals].trim().to_owned(), plain));
        at = text.len() - value.len() + end + 2;
    }
}

fn declared(text: &str, entities: &mut BTreeMap<String, String>) {
    for entity in text.split("<!ENTITY").skip(1) {
        let parts: Vec<&str> = entity.split('"').collect();
        if let [name, value, ..] = parts.as_slice() {
            entities.insert(name.trim().to_owned(), (*value).to_owned());
        }
    }
}

fn decoded(text: &str, entities: &BTreeMap<String, String>) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        let end = rest[at..].find(';').map_or(rest.len(), |end| at + end);
        let name = &rest[at + 1..end];
        let number = name.strip_prefix("#x").map(|hex| u32::from_str_radix(hex, 16));
        let number = number.or_else(|| name.strip_prefix('#').map(str::parse));
        match (name, number) {
            (_, Some(Ok(number))) => plain.extend(char::from_u32(number)),
            ("amp", _) => plain.push('&'),
            ("lt", _) => plain.push('<'),
            ("gt", _) => plain.push('>'),
            ("quot", _) => plain.push('"'),
            ("apos", _) => plain.push('\''),
            (other, _) => plain.push_str(entities.get(other).map_or("", String::as_str)),
        }
        rest = rest.get(end + 1..).unwrap_or("");
    }
    plain + rest
}
