//! Label Studio: the variables of its processes, each under the three names that it reads.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use serde::Deserialize;

use crate::carriers::{Group, Variable};
use crate::deployment::{Carrying, Document, FileKind};
use crate::problem::Place;
use crate::source::{KeyPath, Span, Step};
use crate::syntax::tree::NodeRef;

/// What is known of its variables. Read from a data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Facts {
    /// What may stand before a name, in the order in which it is looked for.
    pub prefixes: Sourced<Vec<String>>,
    /// Words for yes, in small letters.
    pub true_words: Sourced<Vec<String>>,
    /// Words for no, in small letters.
    pub false_words: Sourced<Vec<String>>,
    /// Settings of the library below that are no variables of the guide.
    pub other_names: Sourced<Vec<String>>,
    /// Names that older releases read.
    pub former_names: Sourced<Vec<String>>,
    /// Names that no standard schema has, and the attribute that is meant.
    pub attributes: Sourced<Vec<(String, String)>>,
    /// The variables.
    #[serde(rename = "variable")]
    pub variables: Vec<Fact>,
}

/// A fact with where it is known from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sourced<T> {
    /// The fact.
    pub value: T,
    /// Where it is known from.
    pub source: String,
}

/// One variable.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Its name without a prefix.
    pub name: String,
    /// What its value has to be.
    pub kind: LsKind,
    /// What holds while it is not set.
    #[serde(default)]
    pub default: Option<String>,
    /// Where it is known from.
    pub source: String,
}

/// What the value of a variable has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LsKind {
    /// Addresses of LDAP servers.
    Address,
    /// The name of an LDAP attribute.
    Attribute,
    /// Whom the service account is to the directory: a distinguished name, or a name of Active
    /// Directory.
    BindName,
    /// A yes or no; nothing at all is neither.
    Boolean,
    /// A search filter.
    Filter,
    /// A distinguished name.
    Name,
    /// A distinguished name, or a name of Active Directory, with a place for what the user types.
    NameTemplate,
    /// Distinguished names with `;` between them.
    Names,
    /// A yes or no; nothing leaves it to the library.
    OptionalBoolean,
    /// `OPTION=value` with `;` between them.
    Options,
    /// Any text.
    Text,
    /// A JSON object from workspaces to distinguished names.
    Workspaces,
}

/// All that the carriers of a deployment set for Label Studio.
#[derive(Debug)]
pub struct LsEnvironment<'t> {
    /// One for each process; variables that are common to all stand in each of them.
    pub processes: Vec<Process<'t>>,
}

/// What one process gets.
#[derive(Debug)]
pub struct Process<'t> {
    /// In the order of the texts, without those that a later one replaces.
    pub variables: Vec<LsVariable<'t>>,
    /// Whether nothing else than the files at hand can set variables.
    pub is_complete: bool,
}

/// A variable in its text.
#[derive(Clone, Copy, Debug)]
pub struct LsVariable<'t> {
    /// The variable.
    pub variable: &'t Variable,
    /// The text that sets it.
    pub document: &'t Document,
    /// What that text is.
    pub kind: FileKind,
    /// Whether that text is judged here.
    pub is_judged: bool,
    /// Its name without a prefix.
    pub name: &'t str,
    /// What is known of it.
    pub fact: Option<&'static Fact>,
}

impl<'t> LsEnvironment<'t> {
    /// The processes that some carriers start.
    pub fn new(carriers: &'t [Carrying<'t>]) -> Self {
        let (files, others): (Vec<_>, Vec<_>) =
            carriers.iter().partition(|carrying| carrying.part.kind == FileKind::Environment);
        let mut is_named = vec![false; files.len()];
        let mut processes = Vec::new();
        for carrying in &others {
            processes.extend(started(carrying, &files, &mut is_named));
        }
        let is_alone = others.is_empty();
        let free = files.iter().zip(&is_named).filter(|(_, is_named)| !**is_named);
        let free: Vec<_> = free.flat_map(|(file, _)| of_group(file, None)).collect();
        if !free.is_empty() {
            processes.push(Process::new(free, is_alone));
        }
        Self { processes }
    }

    /// A variable of the first process that has it.
    pub fn lookup(&self, name: &str) -> Option<LsVariable<'t>> {
        self.processes.iter().find_map(|process| process.lookup(name))
    }
}

impl<'t> Process<'t> {
    /// A process with variables, of which a later one replaces an earlier one of the same name.
    fn new(variables: Vec<LsVariable<'t>>, is_complete: bool) -> Self {
        let names = variables.iter().enumerate();
        let last: HashMap<&str, usize> =
            names.map(|(at, set)| (set.variable.name.as_str(), at)).collect();
        let kept = variables.into_iter().enumerate();
        let kept = kept.filter(|(at, set)| last.get(set.variable.name.as_str()) == Some(at));
        Self { variables: kept.map(|(_, set)| set).collect(), is_complete }
    }

    /// The variable that counts under a name: the first of its three names that is set.
    pub fn lookup(&self, name: &str) -> Option<LsVariable<'t>> {
        let ranked = self.variables.iter().filter(|set| set.name == name);
        ranked.min_by_key(|set| rank(&set.variable.name)).copied()
    }

    /// Its text, where it is set, known and not empty.
    pub fn text(&self, name: &str) -> Option<(LsVariable<'t>, &'t str)> {
        let set = self.lookup(name)?;
        Some((set, set.text()?))
    }

    /// Its value as a yes or no, where it is one.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        self.lookup(name)?.boolean()
    }

    /// Whether it is set to something, be it unknown.
    pub fn has(&self, name: &str) -> bool {
        self.lookup(name).is_some_and(|set| !set.is_empty())
    }
}

impl<'t> LsVariable<'t> {
    fn new(variable: &'t Variable, carrying: &'t Carrying<'t>) -> Self {
        let name = bare_name(&variable.name);
        let fact = FACTS.variables.iter().find(|fact| fact.name == name);
        let (kind, is_judged) = (carrying.part.kind, carrying.part.is_judged);
        Self { variable, document: carrying.document, kind, is_judged, name, fact }
    }

    /// Its text, where it is known and not empty.
    pub fn text(&self) -> Option<&'t str> {
        let text = self.variable.known().filter(|_| !self.variable.holds_secret);
        text.filter(|text| !text.trim().is_empty())
    }

    /// Whether it is set to nothing.
    pub fn is_empty(&self) -> bool {
        self.variable.known().is_some_and(|text| text.trim().is_empty())
    }

    /// Its value as a yes or no, where it is one.
    pub fn boolean(&self) -> Option<bool> {
        boolean(self.variable.known()?)
    }

    /// The place of the value; of the name where there is none.
    pub fn place(&self) -> Place {
        let value = self.variable.value_span;
        let span = if value.is_empty() { self.variable.name_span } else { value };
        self.document.place(span, self.path())
    }

    /// The place of the name.
    pub fn name_place(&self) -> Place {
        self.document.place(self.variable.name_span, self.path())
    }

    /// The place of a part of the value; of the whole where that part stands nowhere.
    pub fn part_place(&self, part: Span) -> Place {
        let place = |offset| self.variable.place_in_source(offset);
        match (place(part.start), place(part.end)) {
            (Some(start), Some(end)) if start < end => {
                self.document.place(Span::new(start, end), self.path())
            }
            _ => self.place(),
        }
    }

    fn path(&self) -> KeyPath {
        self.variable.path.clone()
    }
}

/// A yes or no, as Label Studio reads one.
pub fn boolean(text: &str) -> Option<bool> {
    let text = text.to_lowercase();
    let is_among = |words: &Sourced<Vec<String>>| words.value.contains(&text);
    if is_among(&FACTS.true_words) {
        return Some(true);
    }
    is_among(&FACTS.false_words).then_some(false)
}

/// A name without the prefix that it may have.
pub fn bare_name(name: &str) -> &str {
    let prefixes = FACTS.prefixes.value.iter().filter(|prefix| !prefix.is_empty());
    prefixes.into_iter().find_map(|prefix| name.strip_prefix(prefix.as_str())).unwrap_or(name)
}

/// What is known of the variables.
pub fn facts() -> &'static Facts {
    &FACTS
}

/// How early a name is looked for.
fn rank(name: &str) -> usize {
    let prefixes = &FACTS.prefixes.value;
    prefixes.iter().position(|prefix| name.starts_with(prefix.as_str())).unwrap_or(prefixes.len())
}

/// The processes of one carrier, those that set nothing of interest left out.
fn started<'t>(
    carrying: &'t Carrying<'t>,
    files: &[&'t Carrying<'t>],
    is_named: &mut [bool],
) -> Vec<Process<'t>> {
    let groups = &carrying.carried.groups;
    let common = groups.iter().position(|group| group.name == COMMON);
    let shared = common.map(|common| of_group(carrying, Some(common))).unwrap_or_default();
    let mut processes = Vec::new();
    for (at, group) in groups.iter().enumerate() {
        let is_common = Some(at) == common;
        if is_common && groups.len() > 1 {
            continue;
        }
        let mut variables = Vec::new();
        let mut is_complete = is_complete(carrying, at, group, files, &mut variables, is_named);
        if let Some(common) = common.filter(|_| !is_common) {
            variables.extend(shared.iter().copied());
            is_complete &= names_all(carrying, &groups[common]);
        }
        variables.extend(of_group(carrying, Some(at)));
        processes.push(Process::new(variables, is_complete));
    }
    let is_ours = |process: &Process<'_>| process.variables.iter().any(|set| set.fact.is_some());
    processes.retain(is_ours);
    processes
}

/// Takes the variables of the environment files that a process names; whether all of what can set
/// its variables is at hand.
fn is_complete<'t>(
    carrying: &'t Carrying<'t>,
    at: usize,
    group: &Group,
    files: &[&'t Carrying<'t>],
    variables: &mut Vec<LsVariable<'t>>,
    is_named: &mut [bool],
) -> bool {
    let mut is_complete = names_all(carrying, group);
    let mut named = carrying.carried.env_files.iter().filter(|file| file.group == at).peekable();
    // A service that names files is complete where all of them are there.
    let names_files = named.peek().is_some();
    let mut has_all = true;
    for file in named {
        let name = file.path.as_deref().map(Path::new).and_then(Path::file_name);
        let found = files.iter().position(|file| {
            let own = Path::new(file.document.source.name()).file_name();
            name.is_some() && own == name
        });
        match found {
            Some(found) => {
                is_named[found] = true;
                variables.extend(of_group(files[found], None));
            }
            None => has_all = false,
        }
    }
    if names_files {
        is_complete = has_all;
    }
    is_complete
}

/// Whether the file names every variable of a process. The chart takes its secrets from elsewhere,
/// each under a name that stands here; what a configuration map or a secret of Kubernetes lacks,
/// another one has.
fn names_all(carrying: &Carrying<'_>, group: &Group) -> bool {
    let steps = &group.path.0;
    match carrying.part.kind {
        FileKind::Helm => {
            let mut node = carrying.document.tree.root();
            for step in steps {
                node = match step {
                    Step::Key(key) => node.and_then(|node| node.get(key)),
                    Step::Index(_) => None,
                };
            }
            let is_from_elsewhere =
                |node: NodeRef<'_>| FROM_ELSEWHERE.iter().any(|key| node.get(key).is_some());
            node.is_some_and(|node| !is_from_elsewhere(node))
        }
        FileKind::Kubernetes => {
            let is_container = |step: &Step| matches!(step, Step::Key(key) if key == "containers");
            group.is_complete && steps.iter().any(is_container)
        }
        _ => group.is_complete,
    }
}

/// The variables of one process, or of all.
fn of_group<'t>(carrying: &'t Carrying<'t>, group: Option<usize>) -> Vec<LsVariable<'t>> {
    let variables = carrying.carried.variables.iter().filter(|variable| {
        !variable.is_overridden && group.is_none_or(|group| variable.group == group)
    });
    variables.map(|variable| LsVariable::new(variable, carrying)).collect()
}

/// Whether two variables are one and the same piece of text.
pub fn is_same_place(one: &LsVariable<'_>, other: &LsVariable<'_>) -> bool {
    Arc::ptr_eq(&one.document.source, &other.document.source)
        && one.variable.value_span == other.variable.value_span
        && one.variable.name_span == other.variable.name_span
}

static FACTS: LazyLock<Facts> = LazyLock::new(|| {
    toml::from_str(include_str!("label-studio-environment.toml"))
        .unwrap_or_else(|error| panic!("bug: variables of Label Studio: {error}"))
});

/// The way in Helm values to the variables of all components.
const COMMON: &str = "global";
/// Keys of Helm values under which whole sets of variables come from elsewhere.
const FROM_ELSEWHERE: [&str; 5] =
    ["envFrom", "extraEnvFrom", "extraEnvVarsCM", "extraEnvVarsSecret", "existingSecret"];

#[cfg(test)]
mod tests {
    use super::{bare_name, boolean, facts, rank};

    #[test]
    fn every_variable_has_a_source_and_stands_there_once() {
        let facts = facts();
        assert!(facts.variables.iter().all(|fact| !fact.source.is_empty()));
        let mut names: Vec<_> = facts.variables.iter().map(|fact| &fact.name).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn the_longest_known_prefix_counts_first() {
        assert_eq!(bare_name("HEARTEX_SAML_ALLOW_UNSOLICITED"), "SAML_ALLOW_UNSOLICITED");
        assert!(rank("LABEL_STUDIO_X") < rank("HEARTEX_X") && rank("HEARTEX_X") < rank("X"));
    }

    #[test]
    fn yes_and_no_are_read_without_regard_to_case() {
        for word in ["0", "false", "No", "not", "OFF"] {
            assert_eq!(boolean(word), Some(false), "{word}");
        }
        for word in ["1", "True", "yes", "ON"] {
            assert_eq!(boolean(word), Some(true), "{word}");
        }
        for word in ["", " 1", "2", "enabled"] {
            assert_eq!(boolean(word), None, "{word}");
        }
    }
}
