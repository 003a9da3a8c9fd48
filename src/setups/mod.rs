//! What each identity provider and each application must be told, for every combination of the two.
//!
//! The knowledge is data: `data/idps` says once what a console calls things and where they stand,
//! `data/apps` says what an application needs and which providers it can be joined with. A cell is
//! one application, one provider and one protocol; a sheet is a cell with the values filled in.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use serde::Deserialize;
use serde_json::Value;

use crate::idps::{self, Idp};
use crate::model::Protocol;
use crate::setups::data::{APPS, AppData, AppSide, Entry, IDPS, IdpData, IdpSide};

pub use crate::setups::data::Source;
pub use crate::setups::draft::{Draft, Form, draft, forms};
pub use crate::setups::filled::{answerable, app_settings, sheet, wanted};

mod attributes;
mod data;
mod draft;
mod filled;
mod imports;
mod values;

/// One application joined with one identity provider over one protocol.
#[derive(Debug)]
pub struct Cell {
    /// What they speak.
    pub protocol: Protocol,
    app: &'static AppData,
    idp: &'static Idp,
    console: &'static IdpData,
    app_side: &'static AppSide,
    idp_side: &'static IdpSide,
    entry: &'static Entry,
}

impl Cell {
    /// The application's id.
    pub fn app(&self) -> &'static str {
        &self.app.id
    }

    /// The identity provider's id; `generic` for an LDAP directory.
    pub fn idp(&self) -> &'static str {
        self.idp.id
    }

    /// How the combination is known; its steps have sources of their own.
    pub fn source(&self) -> Source {
        self.entry.source
    }
}

/// Why there is no such cell.
#[derive(Debug)]
pub struct Refusal {
    /// The reason, as a sentence without its end.
    pub reason: String,
    /// What does exist: for the same two, else for the application and the protocol, else for the
    /// application.
    pub instead: Vec<&'static Cell>,
}

/// What is known when a sheet is asked for. It may hold secrets, so it cannot be printed.
#[derive(Clone, Default)]
pub struct Given {
    /// Where people reach the application.
    pub base_url: Option<String>,
    /// The application's id for the provider, where it has one.
    pub provider: Option<String>,
    /// What only the application can tell: the token of a Label Studio organization or its whole
    /// ACS URL.
    pub token: Option<String>,
    /// What the identity provider's administrator sent back, and the answers of one's own.
    pub answers: BTreeMap<String, String>,
}

/// One setting of an application, ready to be written or compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppSetting {
    /// Its key as the carrier has it: `server_url`, `attribute_mapping.uid`, a variable, a label.
    /// Settings of CVAT that belong to no provider begin with `sso.`.
    pub key: String,
    /// Its value.
    pub value: AppValue,
    /// What to know about it.
    pub comment: Option<String>,
    /// Why it differs from the vendor's guide.
    pub departs: Option<String>,
    /// Whether it must not be shown.
    pub secret: bool,
    /// Whether it may be left out.
    pub optional: bool,
    /// The last day of the value, where somebody said it.
    pub expires: Option<Date>,
    /// What it is written into.
    pub carrier: Carrier,
    /// The file or page.
    pub place: String,
}

/// The value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppValue {
    /// Not known yet, or secret: the answer's name, and what stands for it meanwhile.
    Answer {
        /// The name in the answers file.
        name: String,
        /// `<Client ID>`.
        shown: String,
    },
    /// Yes or no.
    Boolean(bool),
    /// Texts.
    List(Vec<String>),
    /// Rows as the settings API takes them: pairs, or objects.
    Table(Vec<Value>),
    /// One text; parts that are not known yet stand in angle brackets.
    Text(String),
    /// Left to the person.
    Open,
}

/// What settings are written into.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// CVAT's file.
    CvatYaml,
    /// Variables whose values are plain text.
    Environment,
    /// A document that is put beside the configuration as it is.
    File,
    /// A form of the web interface.
    Form,
    /// Variables whose values the server parses as HOCON.
    HoconEnvironment,
    /// The JSON body of a settings API.
    SettingsApi,
}

/// The cell of these three words, or why there is none.
pub fn cell(app: &str, idp: &str, protocol: Protocol) -> Result<&'static Cell, Refusal> {
    let is_it =
        |cell: &&Cell| cell.app.id == app && cell.idp.id == idp && cell.protocol == protocol;
    cells().find(is_it).ok_or_else(|| refusal(app, idp, protocol))
}

/// All cells: application by application, protocol by protocol.
pub fn cells() -> impl Iterator<Item = &'static Cell> {
    CELLS.iter()
}

fn refusal(app: &str, idp: &str, protocol: Protocol) -> Refusal {
    let Some(data) = APPS.iter().find(|data| data.id == app) else {
        return Refusal { reason: format!("there is no application {app}"), instead: Vec::new() };
    };
    if idps::by_id(idp).is_none() {
        let instead = alike(|cell| cell.app.id == app && cell.protocol == protocol);
        return Refusal { reason: format!("there is no identity provider {idp}"), instead };
    }
    let reasons = data.refused.get(protocol.id());
    let reason = reasons.and_then(|reasons| reasons.get(idp).or_else(|| reasons.get("*")));
    let reason = reason.expect("a test asks for the reason of every missing cell").clone();
    let steps: [&dyn Fn(&Cell) -> bool; 3] = [
        &|cell| cell.app.id == app && cell.idp.id == idp,
        &|cell| cell.app.id == app && cell.protocol == protocol,
        &|cell| cell.app.id == app,
    ];
    let found = steps.iter().map(|wanted| alike(wanted)).find(|cells| !cells.is_empty());
    Refusal { reason, instead: found.unwrap_or_default() }
}

fn alike(wanted: impl Fn(&Cell) -> bool) -> Vec<&'static Cell> {
    cells().filter(|cell| wanted(cell)).collect()
}

static CELLS: LazyLock<Vec<Cell>> = LazyLock::new(|| APPS.iter().flat_map(cells_of).collect());

fn cells_of(app: &'static AppData) -> impl Iterator<Item = Cell> {
    PROTOCOLS.into_iter().flat_map(move |protocol| {
        let side = app.side(protocol);
        side.into_iter().flat_map(move |side| {
            IDPS.iter().filter_map(move |console| cell_of(app, side, console, protocol))
        })
    })
}

fn cell_of(
    app: &'static AppData,
    app_side: &'static AppSide,
    console: &'static IdpData,
    protocol: Protocol,
) -> Option<Cell> {
    let entry = app_side.idp.get(&console.id)?;
    let idp_side = console.side(protocol).expect("bug: a cell without the provider's side");
    let idp = idps::by_id(&console.id).expect("bug: a console of an unknown provider");
    Some(Cell { protocol, app, idp, console, app_side, idp_side, entry })
}

const PROTOCOLS: [Protocol; 4] = [Protocol::Oidc, Protocol::Saml, Protocol::Scim, Protocol::Ldap];
