//! Canonical XML of a naive tree.

use std::collections::BTreeMap;

use super::dom::{Dom, Kind, local, prefix};

/// How something is made canonical.
#[derive(Clone, Debug)]
pub(crate) struct How {
    pub(crate) exclusive: bool,
    pub(crate) comments: bool,
    pub(crate) prefixes: Vec<String>,
}

impl How {
    /// By its URI; what is not known is taken for the usual one.
    pub(crate) fn from_uri(uri: &str, prefixes: &str) -> Self {
        Self {
            exclusive: !uri.contains("REC-xml-c14n") && !uri.contains("xml-c14n11"),
            comments: uri.ends_with("WithComments"),
            prefixes: prefixes.split_whitespace().map(str::to_owned).collect(),
        }
    }
}

/// The canonical form of an element without some others; nothing where a relative namespace name
/// makes libxml2 stop.
pub(crate) fn canonical(dom: &Dom, apex: usize, omit: &[usize], how: &How) -> Option<String> {
    let mut writer = Writer { dom, omit, how, text: String::new(), failed: false };
    writer.element(apex, &BTreeMap::new(), true);
    (!writer.failed).then_some(writer.text)
}

struct Writer<'a> {
    dom: &'a Dom,
    omit: &'a [usize],
    how: &'a How,
    text: String,
    failed: bool,
}

impl Writer<'_> {
    fn node(&mut self, id: usize, rendered: &BTreeMap<String, String>) {
        if self.omit.contains(&id) {
            return;
        }
        match &self.dom.nodes[id].kind {
            Kind::Document => {}
            Kind::Element(..) => self.element(id, rendered, false),
            Kind::Text(text) => {
                let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
                self.text.push_str(&text.replace('\r', "&#xD;"));
            }
            Kind::Instruction(text) => self.text.push_str(&format!("<?{text}?>")),
            Kind::Comment(text) if self.how.comments => {
                self.text.push_str(&format!("<!--{text}-->"));
            }
            Kind::Comment(_) => {}
        }
    }

    fn element(&mut self, id: usize, rendered: &BTreeMap<String, String>, is_apex: bool) {
        let name = self.dom.name(id);
        let scope = self.dom.namespaces(id);
        self.failed |= scope.values().any(|uri| !uri.is_empty() && !uri.contains(':'));
        let mut rendered = rendered.clone();
        let mut declared = Vec::new();
        for (key, uri) in &scope {
            let wanted = !self.how.exclusive || self.is_used(id, key);
            let known = rendered.get(key).map_or("", String::as_str);
            if wanted && known != uri {
                declared.push((key.clone(), uri.clone()));
                rendered.insert(key.clone(), uri.clone());
            }
        }
        self.text.push_str(&format!("<{name}"));
        for (key, uri) in declared {
            let colon = if key.is_empty() { "" } else { ":" };
            self.text.push_str(&format!(" xmlns{colon}{key}=\"{}\"", escaped(&uri)));
        }
        for (key, value) in self.sorted(id, &scope, is_apex) {
            self.text.push_str(&format!(" {key}=\"{}\"", escaped(&value)));
        }
        self.text.push('>');
        for child in &self.dom.nodes[id].children {
            self.node(*child, &rendered);
        }
        self.text.push_str(&format!("</{name}>"));
    }

    fn is_used(&self, id: usize, key: &str) -> bool {
        let mut attributes =
            self.dom.attributes(id).iter().filter(|(name, _)| !is_declaration(name));
        prefix(self.dom.name(id)) == key
            || attributes.any(|(name, _)| name.contains(':') && prefix(name) == key)
            || self
                .how
                .prefixes
                .iter()
                .any(|listed| listed == key || (listed == "#default" && key.is_empty()))
    }

    fn sorted(
        &self,
        id: usize,
        scope: &BTreeMap<String, String>,
        is_apex: bool,
    ) -> Vec<(String, String)> {
        let own = self.dom.attributes(id).iter().filter(|(name, _)| !is_declaration(name));
        let mut all: Vec<(String, String)> = own.cloned().collect();
        let mut above = self.dom.nodes[id].parent;
        while is_apex && !self.how.exclusive && above != 0 {
            for (name, value) in self.dom.attributes(above) {
                if prefix(name) == "xml" && !all.iter().any(|(known, _)| known == name) {
                    all.push((name.clone(), value.clone()));
                }
            }
            above = self.dom.nodes[above].parent;
        }
        all.sort_by_key(|(name, _)| {
            let uri = match prefix(name) {
                "xml" => "http://www.w3.org/XML/1998/namespace".to_owned(),
                "" => String::new(),
                key => scope.get(key).cloned().unwrap_or_default(),
            };
            (uri, local(name).to_owned())
        });
        all
    }
}

fn is_declaration(name: &str) -> bool {
    name == "xmlns" || name.starts_with("xmlns:")
}

fn escaped(value: &str) -> String {
    let value = value.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
    value.replace('\t', "&#x9;").replace('\n', "&#xA;").replace('\r', "&#xD;")
}
