//! The data files: one an application, one an identity provider, joined into cells.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::model::Protocol;
use crate::setups::Carrier;
use crate::sheet::WantedKind;

/// Where a piece of the data was learnt.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Concluded from what is known of both sides; no guide joins them.
    Extrapolation,
    /// General product knowledge that no document at hand confirmed.
    General,
    /// The application's own guide.
    Guide,
    /// Read in the source of a library, or executed.
    Library,
    /// The application's guide names the combination and does not describe it.
    Named,
    /// A public guide of the application's vendor beside the main one.
    PublicGuide,
    /// The identity provider's own page.
    Vendor,
}

/// Which of the other side's ids a piece is for: these, or with `!` all but these; all when empty.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct For(Vec<String>);

impl For {
    /// Whether the piece is for this id.
    pub(crate) fn fits(&self, id: &str) -> bool {
        let refused = self.0.iter().any(|one| one.strip_prefix('!') == Some(id));
        let mut wanted = self.0.iter().filter(|one| !one.starts_with('!')).peekable();
        !refused && (wanted.peek().is_none() || wanted.any(|one| one == id))
    }
}

/// A sentence for both sides.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Note {
    /// The sentence; a template.
    pub(crate) text: String,
    /// How it is known.
    #[allow(dead_code, reason = "the data must name it; tests read the files themselves")]
    pub(crate) source: Source,
    /// Whom it concerns.
    #[serde(default, rename = "for")]
    pub(crate) whom: For,
}

/// The console of one identity provider.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct IdpData {
    /// The id of `--idp`.
    pub(crate) id: String,
    /// Whether metadata can only be downloaded.
    #[serde(default)]
    pub(crate) metadata_is_a_file: bool,
    /// What the console calls the value of each account field.
    #[serde(default)]
    pub(crate) sources: BTreeMap<String, String>,
    /// Variables of the facts' templates, and the answers they stand for.
    #[serde(default)]
    pub(crate) rename: BTreeMap<String, String>,
    /// What is done there for OpenID Connect.
    #[serde(default)]
    pub(crate) oidc: Option<IdpSide>,
    /// What is done there for SAML.
    #[serde(default)]
    pub(crate) saml: Option<IdpSide>,
    /// What is done there for SCIM.
    #[serde(default)]
    pub(crate) scim: Option<IdpSide>,
    /// What is done in a directory for LDAP.
    #[serde(default)]
    pub(crate) ldap: Option<IdpSide>,
}

impl IdpData {
    /// What is done there for a protocol.
    pub(crate) fn side(&self, protocol: Protocol) -> Option<&IdpSide> {
        match protocol {
            Protocol::Ldap => self.ldap.as_ref(),
            Protocol::Oidc => self.oidc.as_ref(),
            Protocol::Saml => self.saml.as_ref(),
            Protocol::Scim => self.scim.as_ref(),
        }
    }
}

/// What is done in a console for one protocol, whatever the application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdpSide {
    /// Another name on the sheet: an LDAP directory is no identity provider.
    #[serde(default)]
    pub(crate) name: Option<String>,
    /// Further variables.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
    /// What to choose for a wish of the application: `sign-both`, `name-id-email`.
    #[serde(default)]
    pub(crate) choices: BTreeMap<String, String>,
    /// In order.
    #[serde(rename = "step")]
    pub(crate) steps: Vec<IdpStep>,
    /// What its administrator can hand over.
    #[serde(default, rename = "ask")]
    pub(crate) asks: Vec<Ask>,
    /// For both sides; `whom` are applications.
    #[serde(default, rename = "note")]
    pub(crate) notes: Vec<Note>,
}

/// One page of a console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IdpStep {
    /// The way to it; that of the first field in the facts where absent.
    #[serde(default)]
    pub(crate) place: Option<String>,
    /// How it is known.
    #[allow(dead_code, reason = "the data must name it; tests read the files themselves")]
    pub(crate) source: Source,
    /// What the application must want for this to be needed.
    #[serde(default)]
    pub(crate) needs: Option<Need>,
    /// For which applications.
    #[serde(default, rename = "for")]
    pub(crate) whom: For,
    /// What is typed there.
    pub(crate) fields: Vec<IdpField>,
}

/// What the application must want for a step or field to be needed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// Groups.
    Groups,
    /// Groups under a name that is not the provider's own.
    RenamedGroups,
    /// Attributes that are not sent unless somebody sets them up.
    Attributes,
}

/// One field of a console.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct IdpField {
    /// As it is written there; a template.
    #[serde(default)]
    pub(crate) label: Option<String>,
    /// The label of the facts under this word, instead.
    #[serde(default)]
    pub(crate) what: Option<String>,
    /// What to type; a template.
    #[serde(default)]
    pub(crate) value: Option<String>,
    /// The wish whose choice is the value; no choice, no field.
    #[serde(default)]
    pub(crate) choice: Option<Wish>,
    /// Whether there is one such field for each attribute.
    #[serde(default)]
    pub(crate) each_attribute: bool,
    /// Whether the value is the settings document that the provider imports.
    #[serde(default)]
    pub(crate) import: bool,
    /// What the application must want.
    #[serde(default)]
    pub(crate) needs: Option<Need>,
    /// What to know.
    #[serde(default)]
    pub(crate) note: Option<String>,
    /// Why it differs from an application's guide, by application.
    #[serde(default)]
    pub(crate) departs: BTreeMap<String, String>,
    /// For which applications.
    #[serde(default, rename = "for")]
    pub(crate) whom: For,
}

/// What an application wishes of a SAML response.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Wish {
    /// The format of the subject's name.
    NameId,
    /// What the subject's name holds.
    NameIdValue,
    /// Which parts are signed.
    Sign,
}

impl Wish {
    /// The first part of a choice's name.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::NameId => "name-id",
            Self::NameIdValue => "name-id-value",
            Self::Sign => "sign",
        }
    }
}

/// Something that somebody must say before a sheet is complete.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ask {
    /// The name in the answers file.
    pub(crate) name: String,
    /// As the console calls it.
    #[serde(default)]
    pub(crate) label: Option<String>,
    /// The label and place of the facts under this word, instead.
    #[serde(default)]
    pub(crate) what: Option<String>,
    /// What kind of thing it is.
    pub(crate) kind: WantedKind,
    /// Whether it must travel by a safe way.
    #[serde(default)]
    pub(crate) secret: bool,
    /// Whether setup works without it.
    #[serde(default)]
    pub(crate) optional: bool,
    /// Where the console shows it.
    #[serde(default)]
    pub(crate) note: Option<String>,
    /// What stands for it until it is known; a template.
    #[serde(default)]
    pub(crate) shape: Option<String>,
    /// The answer that it goes with, where it is never used by itself.
    #[serde(default)]
    pub(crate) with: Option<String>,
    /// How it is known.
    #[allow(dead_code, reason = "the data must name it; tests read the files themselves")]
    pub(crate) source: Source,
}

/// One application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppData {
    /// The id of `--app`.
    pub(crate) id: String,
    /// As people know it.
    pub(crate) name: String,
    /// Its addresses, where `src/apps` does not know them.
    #[serde(default)]
    pub(crate) urls: BTreeMap<String, String>,
    /// What its own administrator must say.
    #[serde(default, rename = "ask")]
    pub(crate) asks: Vec<Ask>,
    /// What is done there for OpenID Connect.
    #[serde(default)]
    pub(crate) oidc: Option<AppSide>,
    /// What is done there for SAML.
    #[serde(default)]
    pub(crate) saml: Option<AppSide>,
    /// What is done there for SCIM.
    #[serde(default)]
    pub(crate) scim: Option<AppSide>,
    /// What is done there for LDAP.
    #[serde(default)]
    pub(crate) ldap: Option<AppSide>,
    /// Why a combination does not exist: protocol, then identity provider or `*`.
    pub(crate) refused: BTreeMap<String, BTreeMap<String, String>>,
}

impl AppData {
    /// What is done there for a protocol.
    pub(crate) fn side(&self, protocol: Protocol) -> Option<&AppSide> {
        match protocol {
            Protocol::Ldap => self.ldap.as_ref(),
            Protocol::Oidc => self.oidc.as_ref(),
            Protocol::Saml => self.saml.as_ref(),
            Protocol::Scim => self.scim.as_ref(),
        }
    }
}

/// What is done in an application for one protocol.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AppSide {
    /// The choice of [`Wish::Sign`]: `any` or `both`.
    #[serde(default = "any")]
    pub(crate) sign: String,
    /// What a provider signs that can sign one part only: `assertion` or `response`.
    #[serde(default = "assertion")]
    pub(crate) sign_one: String,
    /// The choice of [`Wish::NameId`]: `any` or `email`.
    #[serde(default = "any")]
    pub(crate) name_id: String,
    /// Account field to attribute name, where a cell has no list of its own.
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
    /// Account fields that may stay empty.
    #[serde(default)]
    pub(crate) optional_attributes: Vec<String>,
    /// Further variables.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
    /// In order; `whom` are identity providers.
    #[serde(rename = "step")]
    pub(crate) steps: Vec<AppStep>,
    /// How to see that it works.
    pub(crate) verify: Vec<Note>,
    /// For both sides.
    #[serde(default, rename = "note")]
    pub(crate) notes: Vec<Note>,
    /// The identity providers that it can be joined with.
    pub(crate) idp: BTreeMap<String, Entry>,
}

fn assertion() -> String {
    "assertion".to_owned()
}

fn any() -> String {
    "any".to_owned()
}

/// One page or file of an application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AppStep {
    /// The way to it.
    pub(crate) place: String,
    /// How it is known.
    #[allow(dead_code, reason = "the data must name it; tests read the files themselves")]
    pub(crate) source: Source,
    /// What the settings are written into.
    pub(crate) carrier: Carrier,
    /// For which identity providers.
    #[serde(default, rename = "for")]
    pub(crate) whom: For,
    /// What is written there.
    pub(crate) settings: Vec<Row>,
}

/// One setting of an application.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Row {
    /// Its key or label; a template.
    pub(crate) key: String,
    /// Its value; texts are templates.
    #[serde(default)]
    pub(crate) value: Option<serde_json::Value>,
    /// Whether there is one such setting for each attribute.
    #[serde(default)]
    pub(crate) each_attribute: bool,
    /// The form of metadata that it belongs to; both when absent.
    #[serde(default)]
    pub(crate) metadata: Option<MetadataForm>,
    /// What to know.
    #[serde(default)]
    pub(crate) note: Option<String>,
    /// Why it differs from the guide: by identity provider, or by it and the account field.
    #[serde(default)]
    pub(crate) departs: BTreeMap<String, String>,
    /// Whether it may be left out.
    #[serde(default)]
    pub(crate) optional: bool,
    /// The answer that says when the value ends.
    #[serde(default)]
    pub(crate) expires: Option<String>,
    /// For which identity providers.
    #[serde(default, rename = "for")]
    pub(crate) whom: For,
}

/// How an application gets to know a SAML identity provider.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum MetadataForm {
    /// By the document, or by values out of it.
    File,
    /// By the address of the document.
    Url,
}

/// A combination that exists.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// How it is known.
    pub(crate) source: Source,
    /// Account field to attribute name.
    #[serde(default)]
    pub(crate) attributes: Option<BTreeMap<String, String>>,
    /// Whether the attribute names are those that the facts of the provider record.
    #[serde(default)]
    pub(crate) recorded: bool,
    /// Further variables.
    #[serde(default)]
    pub(crate) values: BTreeMap<String, String>,
}

/// The applications.
pub(crate) static APPS: LazyLock<Vec<AppData>> =
    LazyLock::new(|| APP_FILES.iter().map(|text| read(text)).collect());

/// The consoles.
pub(crate) static IDPS: LazyLock<Vec<IdpData>> =
    LazyLock::new(|| IDP_FILES.iter().map(|text| read(text)).collect());

fn read<T: for<'de> Deserialize<'de>>(text: &str) -> T {
    toml::from_str(text).unwrap_or_else(|error| panic!("bug: data of setups: {error}"))
}

const APP_FILES: [&str; 4] = [
    include_str!("data/apps/cvat.toml"),
    include_str!("data/apps/label-studio.toml"),
    include_str!("data/apps/clearml.toml"),
    include_str!("data/apps/calabi.toml"),
];
const IDP_FILES: [&str; 13] = [
    include_str!("data/idps/entra.toml"),
    include_str!("data/idps/okta.toml"),
    include_str!("data/idps/auth0.toml"),
    include_str!("data/idps/keycloak.toml"),
    include_str!("data/idps/google.toml"),
    include_str!("data/idps/onelogin.toml"),
    include_str!("data/idps/pingone.toml"),
    include_str!("data/idps/pingfederate.toml"),
    include_str!("data/idps/jumpcloud.toml"),
    include_str!("data/idps/adfs.toml"),
    include_str!("data/idps/cognito.toml"),
    include_str!("data/idps/duo.toml"),
    include_str!("data/idps/generic.toml"),
];
