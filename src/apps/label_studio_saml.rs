//! Label Studio's SAML and SCIM sides: presets, roles, and the tables from groups to what they are.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::source::KeyPath;
use crate::syntax::tree::{Kind, NodeRef};

/// What is known beside the settings themselves. Read from the data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct SamlFacts {
    /// Roles in the organization.
    pub organization_roles: OrganizationRoles,
    /// Roles in a project.
    pub project_roles: Names,
    /// Keys that `idp_provider` can have.
    pub preset_keys: Names,
    /// Attribute names that the form fills in.
    #[serde(rename = "preset")]
    pub presets: Vec<Preset>,
    /// Short names that pysaml2 makes of claim URIs.
    pub renamed_claims: Renamed,
    /// Attributes that the SCIM service answers with 501.
    pub unsupported_scim_attributes: Unsupported,
}

/// Roles in the organization.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrganizationRoles {
    /// Those that a group can give, the most elevated first.
    pub assignable: Vec<String>,
    /// States that the system sets.
    pub states: Vec<String>,
    /// The role that no group can give.
    pub reserved: String,
    /// Where this is described.
    pub source: String,
}

impl OrganizationRoles {
    /// Every role that a table may name.
    pub fn known(&self) -> impl Iterator<Item = &str> {
        self.assignable.iter().chain(&self.states).map(String::as_str)
    }

    /// Whether a word is a role, in this spelling.
    pub fn is_role(&self, word: &str) -> bool {
        word == self.reserved || self.known().any(|role| role == word)
    }
}

/// Names of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// The names.
    pub names: Vec<String>,
    /// Where they are described.
    pub source: String,
}

/// Short names that stand for claim URIs.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renamed {
    /// The names.
    pub short: Vec<String>,
    /// Where this was seen.
    pub source: String,
}

/// Attributes that are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unsupported {
    /// Their names.
    pub names: Vec<String>,
    /// How the names of others begin.
    pub prefixes: Vec<String>,
    /// Where this is described.
    pub source: String,
}

impl Unsupported {
    /// Whether an attribute is one of them.
    pub fn has(&self, name: &str) -> bool {
        self.names.iter().any(|own| own == name)
            || self.prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
    }
}

/// Attribute names of one kind of identity provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Preset {
    /// The key in `idp_provider`.
    pub key: String,
    /// The identity provider's id.
    pub idp: String,
    /// The attribute with the e-mail address.
    pub email: String,
    /// The attribute with the given name.
    pub first_name: String,
    /// The attribute with the family name.
    pub last_name: String,
    /// The attribute with the groups.
    pub groups: String,
    /// Where it is described.
    pub source: String,
}

impl Preset {
    /// The attribute for a `mapping_...` setting.
    pub fn attribute(&self, setting: &str) -> Option<&str> {
        Some(match setting {
            "mapping_email" => &self.email,
            "mapping_first_name" => &self.first_name,
            "mapping_last_name" => &self.last_name,
            "mapping_groups" => &self.groups,
            _ => return None,
        })
    }
}

/// The data file.
pub fn facts() -> &'static SamlFacts {
    &FACTS
}

/// One row of a table: what a group is in the application.
#[derive(Clone, Debug)]
pub struct Row<'t> {
    /// The row as written.
    pub node: NodeRef<'t>,
    /// The way to it.
    pub path: KeyPath,
    /// What the group is: an organization role, a workspace or a project role.
    pub what: Option<Cell<'t>>,
    /// The group.
    pub group: Option<Cell<'t>>,
    /// The project's id, in the table of projects.
    pub project: Option<Cell<'t>>,
}

/// One value of a row.
#[derive(Clone, Debug)]
pub struct Cell<'t> {
    /// The value.
    pub node: NodeRef<'t>,
    /// The way to it.
    pub path: KeyPath,
}

impl<'t> Cell<'t> {
    /// The text, where it is text.
    pub fn text(&self) -> Option<&'t str> {
        let scalar = self.node.scalar().filter(|scalar| scalar.kind == Kind::Text)?;
        Some(&scalar.text)
    }
}

/// The rows of a table of settings; none where it is not there or no list.
pub fn rows<'t>(root: NodeRef<'t>, table: &str) -> Vec<Row<'t>> {
    let path = KeyPath::default().key(table);
    let items = root.get(table).and_then(NodeRef::items).into_iter().flatten().enumerate();
    items.map(|(index, node)| row(node, path.index(index), table == PROJECTS)).collect()
}

fn row(node: NodeRef<'_>, path: KeyPath, is_project: bool) -> Row<'_> {
    let cell = |key: &str| Some(Cell { node: node.get(key)?, path: path.key(key) });
    if is_project {
        let (what, group, project) = (cell("role"), cell("group"), cell("project_id"));
        return Row { node, path, what, group, project };
    }
    let items: Vec<NodeRef<'_>> = node.items().into_iter().flatten().take(3).collect();
    let at = |index: usize| {
        let node = *items.get(index).filter(|_| items.len() == 2)?;
        Some(Cell { node, path: path.index(index) })
    };
    let (what, group) = (at(0), at(1));
    Row { node, path, what, group, project: None }
}

/// The table of organization roles.
pub const ROLES: &str = "roles_groups";
/// The table of workspaces.
pub const WORKSPACES: &str = "workspaces_groups";
/// The table of projects.
pub const PROJECTS: &str = "projects_groups";
/// All three.
pub const TABLES: [&str; 3] = [ROLES, WORKSPACES, PROJECTS];

static FACTS: LazyLock<SamlFacts> = LazyLock::new(|| {
    toml::from_str(include_str!("label-studio-saml.toml"))
        .expect("the data files are checked by a test")
});

#[cfg(test)]
mod tests {
    use super::facts;

    #[test]
    fn every_fact_has_a_source_and_every_preset_a_key_that_is_known() {
        let facts = facts();
        let sources = [
            &facts.organization_roles.source,
            &facts.project_roles.source,
            &facts.preset_keys.source,
            &facts.renamed_claims.source,
            &facts.unsupported_scim_attributes.source,
        ];
        assert!(sources.iter().all(|source| !source.is_empty()));
        let known = |key: &String| facts.preset_keys.names.contains(key);
        assert!(facts.presets.iter().all(|preset| known(&preset.key) && !preset.source.is_empty()));
    }
}
