//! From what an identity provider sent to the account that the application would make.

mod calabi;
pub mod cards;
mod clearml;
mod cvat;
mod draft;
mod identifier;
mod label_studio;
mod near;
mod objection;
mod seen;
mod tables;

pub use crate::sent::{Sent, SentAttribute, SentName};
pub use objection::{About, Objection};

use serde_json::{Map, Value as Json};

use crate::apps::App;
use crate::deployment::Deployment;
use crate::model::{Config, Provider};

/// What an application was told, and of which identity provider the person comes.
#[derive(Clone, Copy, Debug)]
pub struct Told<'s, 't> {
    /// The application.
    pub app: &'static App,
    /// Its files.
    pub deployment: &'t Deployment,
    /// What they tell it.
    pub config: &'s Config<'t>,
    /// The identity provider.
    pub provider: &'s Provider<'t>,
}

/// The claims about a person.
#[derive(Clone, Copy, Debug, Default)]
pub struct Claims<'c> {
    /// Those of the ID token.
    pub id_token: Option<&'c Map<String, Json>>,
    /// The answer of the userinfo endpoint; none where it is not at hand.
    pub userinfo: Option<&'c Map<String, Json>>,
}

/// The account, and what speaks against the login or about it.
#[derive(Clone, Debug, Default)]
pub struct Made {
    /// The account that the application would make.
    pub account: Account,
    /// What the verdict has to say, in the order of the account's members.
    pub objections: Vec<Objection>,
}

/// The account that an assertion makes.
pub fn for_saml(told: &Told<'_, '_>, sent: &Sent) -> Made {
    let behaviour = BEHAVIOURS.iter().find(|behaviour| behaviour.app == told.app.id);
    (behaviour.expect("every application of the list makes accounts").saml)(told, sent)
}

/// The account that claims make; none where the application has no `OpenID` Connect.
pub fn for_claims(told: &Told<'_, '_>, claims: &Claims<'_>) -> Option<Made> {
    let behaviour = BEHAVIOURS.iter().find(|behaviour| behaviour.app == told.app.id)?;
    Some(behaviour.claims?(told, claims))
}

/// How one application makes accounts.
struct Behaviour {
    app: &'static str,
    saml: fn(&Told<'_, '_>, &Sent) -> Made,
    claims: Option<fn(&Told<'_, '_>, &Claims<'_>) -> Made>,
}

/// The account that an application would make. Members that the application does not have are
/// none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The permanent key.
    pub uid: Option<String>,
    /// The login name.
    pub username: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// Whether the address counts as verified.
    pub email_verified: Option<bool>,
    /// The first name.
    pub first_name: Option<String>,
    /// The last name.
    pub last_name: Option<String>,
    /// The name that is shown.
    pub display_name: Option<String>,
    /// Groups, as the application sees them.
    pub groups: Option<Vec<String>>,
    /// Roles that follow from them.
    pub roles: Option<Vec<String>>,
    /// Workspaces that follow from them.
    pub workspaces: Option<Vec<String>>,
    /// Projects and the roles in them that follow from them.
    pub projects: Option<Vec<String>>,
    /// Whether the person is an administrator.
    pub admin: Option<bool>,
    /// Values that came from elsewhere than the mapped name.
    pub fallbacks: Vec<Fallback>,
    /// Mapped names that nothing sent matched.
    pub unmatched: Vec<Unmatched>,
    /// What the application would do besides: `a confirmation mail is sent`.
    pub remarks: Vec<String>,
}

/// A member that was filled from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The member: `uid`.
    pub member: &'static str,
    /// Where its value came from: `NameID`.
    pub from: String,
}

/// A mapped name that nothing sent matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmatched {
    /// The member that stays empty.
    pub member: String,
    /// The name that was looked for.
    pub name: String,
    /// The nearest name that was sent.
    pub nearest: Option<String>,
}

static BEHAVIOURS: [Behaviour; 4] = [
    Behaviour { app: "calabi", saml: calabi::saml, claims: None },
    Behaviour { app: "clearml", saml: clearml::saml, claims: Some(clearml::claims) },
    Behaviour { app: "cvat", saml: cvat::saml, claims: Some(cvat::claims) },
    Behaviour { app: "label-studio", saml: label_studio::saml, claims: None },
];

#[cfg(test)]
mod tests {
    use crate::apps;

    #[test]
    fn every_application_makes_accounts() {
        let has = |app: &apps::App| super::BEHAVIOURS.iter().any(|own| own.app == app.id);
        assert!(apps::all().iter().all(has));
    }
}
