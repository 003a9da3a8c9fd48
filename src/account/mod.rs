//! From what an identity provider sent to the account that the application would make.

pub use crate::sent::{Sent, SentAttribute, SentName};

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
