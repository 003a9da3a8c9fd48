//! What the server finds in its files and its environment, in its own order.

use std::collections::BTreeMap;
use std::path::Path;

use crate::apps::clearml::keys::{Family, KeyCard, Spot};
use crate::apps::clearml::value::{Value, leaf, seen};
use crate::carriers::{EmbeddedFile, Group, Seen, Variable};
use crate::deployment::{Carrying, Deployment, Document, FileKind};
use crate::model::Kind;
use crate::problem::Place;
use crate::source::{KeyPath, Span};
use crate::syntax::hocon;
use crate::syntax::tree::{Comment, NodeRef, Tree};

/// All that concerns single sign-on in the texts of a deployment.
#[derive(Debug)]
pub struct Server<'t> {
    /// What the carriers give.
    pub carryings: Vec<Carrying<'t>>,
    /// Settings in the order in which the server applies them: files first, then variables by
    /// their names; a later one takes the place of an earlier one.
    pub entries: Vec<Entry<'t>>,
    /// The entry that counts, by path.
    pub effective: BTreeMap<String, usize>,
    /// The providers, by family and name.
    pub providers: Vec<Given>,
}

/// One setting as one text gives it.
#[derive(Clone, Debug)]
pub struct Entry<'t> {
    /// The path as the server sees it.
    pub path: String,
    /// Its place among what the server knows.
    pub spot: Spot,
    /// What the server makes of the value.
    pub value: Value,
    /// What of the text is a comment to the server.
    pub cut: Option<Span>,
    /// The text.
    pub document: &'t Document,
    /// Where the name stands.
    pub name_span: Span,
    /// Where the value stands.
    pub value_span: Span,
    /// The way to it in the text.
    pub key_path: KeyPath,
    /// The variable: its file and its position there.
    pub variable: Option<(usize, usize)>,
    /// The file in the text, where it is one of several there.
    pub file: Option<String>,
}

/// A provider that is told of.
#[derive(Clone, Debug)]
pub struct Given {
    /// What it speaks.
    pub family: Family,
    /// Its name.
    pub key: String,
    /// Its settings that count, in the order of their paths.
    pub entries: Vec<usize>,
}

impl Entry<'_> {
    /// What is known of the key, under whatever section it stands.
    pub fn card(&self) -> Option<&'static KeyCard> {
        self.spot.card()
    }

    /// The kind of value that belongs here.
    pub fn kind(&self) -> Option<Kind> {
        let own = self.card().map(|card| card.card.kind);
        own.or_else(|| self.spot.is_attribute().then_some(Kind::Label))
    }

    /// Whether the server looks for the key in this section.
    pub fn is_read(&self) -> bool {
        match self.card() {
            Some(card) => is_read_under(card, &self.spot.root),
            None => self.spot.is_attribute(),
        }
    }

    /// The place of the name.
    pub fn name_place(&self) -> Place {
        self.document.place(self.name_span, self.key_path.clone())
    }

    /// The place of the value; of the name where there is none.
    pub fn value_place(&self) -> Place {
        let span = if self.value_span.is_empty() { self.name_span } else { self.value_span };
        self.document.place(span, self.key_path.clone())
    }
}

/// A filter of the directory is read from either section.
pub fn is_read_under(card: &KeyCard, root: &str) -> bool {
    card.root == root || (card.card.key == "search_filter" && root == "secure")
}

impl<'t> Server<'t> {
    /// Reads a deployment with the server's eyes.
    pub fn of(deployment: &'t Deployment) -> Self {
        let carryings = deployment.carried();
        let mut entries = Vec::new();
        for (_, document) in deployment.of_kind(FileKind::Hocon) {
            in_hocon(document, &mut entries);
        }
        for carrying in &carryings {
            for file in carrying.carried.files.iter().filter(|file| is_hocon(&file.name)) {
                in_embedded(carrying.document, file, &mut entries);
            }
        }
        for (carrying, variable) in ordered(&carryings) {
            let from = &carryings[carrying];
            in_variable(from, (carrying, variable), &mut entries);
        }
        let effective: BTreeMap<String, usize> =
            entries.iter().enumerate().map(|(at, entry)| (entry.path.clone(), at)).collect();
        let providers = providers(&entries, &effective);
        Self { carryings, entries, effective, providers }
    }

    /// The variable of an entry.
    pub fn variable(&self, entry: &Entry<'_>) -> Option<&Variable> {
        let (carrying, variable) = entry.variable?;
        Some(&self.carryings[carrying].carried.variables[variable])
    }

    /// The process of an entry's variable.
    pub fn group(&self, entry: &Entry<'_>) -> Option<&Group> {
        let variable = self.variable(entry)?;
        let (carrying, _) = entry.variable?;
        self.carryings[carrying].carried.groups.get(variable.group)
    }

    /// Variables below the path of another one whose value is no map: the reader refuses them.
    pub fn blocked(&self) -> impl Iterator<Item = (&Entry<'t>, &Entry<'t>)> {
        let own = self.effective.values().filter(|&&at| self.entries[at].variable.is_some());
        own.filter_map(|&at| {
            let path = self.entries[at].path.as_str();
            let above = path.match_indices('.').filter_map(|(dot, _)| {
                self.effective.get(&path[..dot]).map(|&above| (above, &self.entries[above]))
            });
            let mut scalars = above.filter(|(above, entry)| {
                let is_single =
                    !matches!(entry.value, Value::Map | Value::Unknown | Value::Substitution(_));
                *above < at && entry.variable.is_some() && is_single
            });
            scalars.next().map(|(_, above)| (&self.entries[at], above))
        })
    }

    /// The entry that counts at a path.
    pub fn at(&self, path: &str) -> Option<&Entry<'t>> {
        self.effective.get(path).map(|&at| &self.entries[at])
    }

    /// A setting of a provider that the server reads.
    pub fn setting(&self, provider: &Given, key: &str) -> Option<&Entry<'t>> {
        let entries = provider.entries.iter().map(|&at| &self.entries[at]);
        entries.into_iter().find(|entry| entry.spot.rest == key && entry.is_read())
    }

    /// Its text, where it has one.
    pub fn text(&self, provider: &Given, key: &str) -> Option<(&Entry<'t>, &str)> {
        let entry = self.setting(provider, key)?;
        Some((entry, entry.value.text()?))
    }

    /// Whether a switch of a provider is on; none where that cannot be told.
    pub fn is_on(&self, provider: &Given, key: &str) -> Option<bool> {
        match self.setting(provider, key).map(|entry| &entry.value) {
            None => Some(false),
            Some(Value::Boolean(value)) => Some(*value),
            // Unknown, or no boolean, which has its own finding.
            Some(_) => None,
        }
    }
}

fn is_hocon(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|extension| extension == "conf")
}

/// Positions of the variables that the server reads, in its order.
fn ordered(carryings: &[Carrying<'_>]) -> Vec<(usize, usize)> {
    let all = carryings.iter().enumerate().flat_map(|(carrying, from)| {
        let variables = from.carried.variables.iter().enumerate();
        variables.map(move |(at, variable)| (carrying, at, variable))
    });
    let mut own: Vec<_> = all
        .filter(|(_, _, variable)| !variable.is_overridden && path_of(&variable.name).is_some())
        .collect();
    own.sort_by(|one, other| {
        let key = |name: &str| name.starts_with("CLEARML__");
        let (one, other) = (one.2.name.as_str(), other.2.name.as_str());
        (key(one), one).cmp(&(key(other), other))
    });
    own.into_iter().map(|(carrying, at, _)| (carrying, at)).collect()
}

/// Whether a name has only characters that names of settings have.
pub fn is_sound(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

/// The path that a variable sets, if the server reads it.
pub fn path_of(name: &str) -> Option<String> {
    let rest = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix))?;
    Some(rest.split("__").collect::<Vec<_>>().join(".").to_lowercase())
}

fn in_variable<'t>(from: &Carrying<'t>, at: (usize, usize), entries: &mut Vec<Entry<'t>>) {
    let variable = &from.carried.variables[at.1];
    let Some(path) = path_of(&variable.name) else { return };
    let mut push = |path: String, value: Value, cut: Option<Span>| {
        let Some(spot) = Spot::of(&path) else { return };
        entries.push(Entry {
            path,
            spot,
            value,
            cut,
            document: from.document,
            name_span: variable.name_span,
            value_span: variable.value_span,
            key_path: variable.path.clone(),
            variable: Some(at),
            file: None,
        });
    };
    match &variable.seen {
        Seen::Inherited | Seen::Unknown => push(path, Value::Unknown, None),
        Seen::NotText(kind) => push(path, Value::NotText(kind), None),
        // The name has a finding of its own, and is no path to read a value under.
        Seen::Known(_) if !is_sound(&variable.name) => push(path, Value::Unknown, None),
        Seen::Known(text) => match seen(&path, text) {
            (Err(value), _) => push(path, value, None),
            (Ok(tree), cut) => {
                let Some(root) = tree.root() else {
                    return push(path, Value::Text(String::new(), false), cut);
                };
                for (path, _, node) in leaves(root, path) {
                    push(path, leaf(node), cut);
                }
            }
        },
    }
}

fn in_hocon<'t>(document: &'t Document, entries: &mut Vec<Entry<'t>>) {
    let name = document.source.name();
    let mut found = Vec::new();
    in_tree(document, &document.tree, &section(name), None, &|span| span, &mut found);
    entries.append(&mut found);
}

fn in_embedded<'t>(document: &'t Document, file: &EmbeddedFile, entries: &mut Vec<Entry<'t>>) {
    let Some(text) = &file.text else { return };
    let Ok(tree) = hocon::read(text, &hocon::Options::default()) else { return };
    let place = |span: Span| {
        let start = file.place_in_source(span.start);
        let last = span.end.checked_sub(1).and_then(|last| file.place_in_source(last));
        match start.zip(last) {
            Some((start, last)) if start <= last => Span::new(start, last + 1),
            _ => file.span,
        }
    };
    in_tree(document, &tree, &section(&file.name), Some(file), &place, entries);
}

fn in_tree<'t>(
    document: &'t Document,
    tree: &Tree,
    section: &str,
    file: Option<&EmbeddedFile>,
    place: &dyn Fn(Span) -> Span,
    entries: &mut Vec<Entry<'t>>,
) {
    let Some(root) = tree.root() else { return };
    for (path, key, node) in leaves(root, section.to_owned()) {
        let Some(spot) = Spot::of(&path) else { continue };
        let key_path = match file {
            Some(file) => file.path.clone(),
            None => path.split('.').skip(1).fold(KeyPath::default(), |path, key| path.key(key)),
        };
        let span = place(node.span());
        // A number sign right behind a word begins a comment all the same.
        let is_glued = |comment: &&Comment| comment.span.start == node.span().end;
        let cut = tree.comments.iter().find(is_glued).map(|comment| place(comment.span));
        entries.push(Entry {
            path,
            spot,
            value: leaf(node),
            cut,
            document,
            name_span: key.map_or(span, |key| place(key.span())),
            value_span: span,
            key_path,
            variable: None,
            file: file.map(|file| file.name.clone()),
        });
    }
}

/// A path, the key that ends it, and the value there.
type Leaf<'a> = (String, Option<NodeRef<'a>>, NodeRef<'a>);

/// The values below a node that are no maps, with their paths; an empty map is one too.
fn leaves(root: NodeRef<'_>, path: String) -> Vec<Leaf<'_>> {
    let mut found = Vec::new();
    let mut open = vec![(path, None, root)];
    while let Some((path, key, node)) = open.pop() {
        let mut inner: Vec<Leaf<'_>> = Vec::new();
        for (key, value) in node.pairs().into_iter().flatten() {
            let Some(name) = key.scalar() else { continue };
            inner.push((format!("{path}.{}", name.text), Some(key), value));
        }
        if inner.is_empty() {
            found.push((path, key, node));
        }
        inner.reverse();
        open.append(&mut inner);
    }
    found
}

/// The section that a file's name stands for: folder and name, dots between them.
fn section(name: &str) -> String {
    let path = Path::new(name);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|folder| folder.to_str());
    match folder.filter(|folder| SECTIONS.contains(folder)) {
        Some(folder) => format!("{folder}.{stem}"),
        None => stem.to_owned(),
    }
}

fn providers(entries: &[Entry<'_>], effective: &BTreeMap<String, usize>) -> Vec<Given> {
    let mut found: BTreeMap<(&str, &str), Given> = BTreeMap::new();
    for &at in effective.values() {
        let spot = &entries[at].spot;
        let Some(provider) = &spot.provider else { continue };
        let (family, key) = (spot.family, provider.clone());
        let given = found.entry((family.word(), provider.as_str())).or_insert_with(|| Given {
            family,
            key,
            entries: Vec::new(),
        });
        given.entries.push(at);
    }
    found.into_values().collect()
}

/// What the names of its variables begin with; what the older one sets counts less.
pub const PREFIXES: [&str; 2] = ["CLEARML__", "TRAINS__"];
const SECTIONS: [&str; 3] = ["apiserver", "secure", "services"];

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Server, path_of, section};
    use crate::apps::clearml::Value;
    use crate::deployment::{Deployment, Document, Exposure, FileKind, Part};
    use crate::syntax::yaml::Options;

    fn deployment(texts: &[(FileKind, &str, &str)]) -> Deployment {
        let part = |(kind, name, text): &(FileKind, &str, &str)| {
            let reading = Document::read(*kind, name, Arc::from(*text), &Options::default());
            let exposure = Exposure::default();
            Part { kind: *kind, reading: Arc::new(reading), exposure, is_judged: true }
        };
        Deployment { parts: texts.iter().map(part).collect(), ..Deployment::default() }
    }

    fn text(deployment: &Deployment, path: &str) -> Option<String> {
        let server = Server::of(deployment);
        server.at(path).and_then(|entry| entry.value.text()).map(str::to_owned)
    }

    const ID: &str = "secure.login.sso.oauth_client.okta.client_id";

    #[test]
    fn paths_are_lower_case_and_the_prefix_is_exact() {
        let path = path_of("CLEARML__SECURE__login__sso__oauth_client__okta__CLIENT_ID");
        assert_eq!(path.as_deref(), Some(ID));
        assert_eq!(path_of("TRAINS__secure__x").as_deref(), Some("secure.x"));
        assert_eq!(path_of("CLEARML__a___b").as_deref(), Some("a._b"));
        assert_eq!(path_of("clearml__secure__x"), None);
        assert_eq!(path_of("CLEARML_secure__x"), None);
    }

    #[test]
    fn of_two_spellings_the_later_in_byte_order_counts() {
        let lines = "CLEARML__secure__login__sso__oauth_client__okta__client_id=low\n\
                     CLEARML__SECURE__login__sso__oauth_client__okta__client_id=up\n\
                     TRAINS__secure__login__sso__oauth_client__okta__client_id=old\n";
        let deployment = deployment(&[(FileKind::Environment, ".env", lines)]);
        assert_eq!(text(&deployment, ID).as_deref(), Some("low"));
    }

    #[test]
    fn variables_count_more_than_files() {
        let file = "login.sso.oauth_client.okta { client_id = file, client_secret = kept }";
        let compose = "services:\n  apiserver:\n    environment:\n      \
            - TRAINS__secure__login__sso__oauth_client__okta__client_id=variable\n";
        let deployment = deployment(&[
            (FileKind::Compose, "docker-compose.yml", compose),
            (FileKind::Hocon, "config/secure.conf", file),
        ]);
        assert_eq!(text(&deployment, ID).as_deref(), Some("variable"));
        let secret = "secure.login.sso.oauth_client.okta.client_secret";
        assert_eq!(text(&deployment, secret).as_deref(), Some("kept"));
        assert_eq!(Server::of(&deployment).providers.len(), 1);
    }

    #[test]
    fn a_file_of_a_chart_is_read_by_its_name() {
        let values = "apiserver:\n  additionalConfigs:\n    services.conf: |\n      \
            login.sso.saml_client.duo.claims.name: displayname\n";
        let deployment = deployment(&[(FileKind::Helm, "values.yaml", values)]);
        let path = "services.login.sso.saml_client.duo.claims.name";
        assert_eq!(text(&deployment, path).as_deref(), Some("displayname"));
        let server = Server::of(&deployment);
        let entry = server.at(path).expect("an entry");
        assert_eq!(&values[entry.value_span.range()], "displayname");
    }

    #[test]
    fn a_map_in_a_variable_gives_all_its_keys() {
        let line = "CLEARML__services__login__sso__oauth_client__okta__groups='{enabled: true}'\n";
        let deployment = deployment(&[(FileKind::Environment, ".env", line)]);
        let server = Server::of(&deployment);
        let entry = server.at("services.login.sso.oauth_client.okta.groups.enabled");
        assert_eq!(entry.map(|entry| &entry.value), Some(&Value::Boolean(true)));
    }

    #[test]
    fn a_key_below_a_single_value_is_blocked() {
        let lines = "CLEARML__services__login__sso__oauth_client__okta__groups=on\n\
                     CLEARML__services__login__sso__oauth_client__okta__groups__enabled=true\n";
        let given = deployment(&[(FileKind::Environment, ".env", lines)]);
        assert_eq!(Server::of(&given).blocked().count(), 1);
        let map = lines.replace("groups=on", "groups='{claim: x}'");
        let given = deployment(&[(FileKind::Environment, ".env", &map)]);
        assert_eq!(Server::of(&given).blocked().count(), 0);
    }

    #[test]
    fn sections_are_named_by_file_and_folder() {
        assert_eq!(section("/opt/clearml/config/services/login.conf"), "services.login");
        assert_eq!(section("config/secure.conf"), "secure");
    }
}
