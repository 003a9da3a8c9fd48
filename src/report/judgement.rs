//! What a message or token comes to, as it is shown and written.

use serde::Serialize;

use crate::account::Account;
use crate::report::message::MessageView;
use crate::report::token::TokenView;

/// What a message or token comes to.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The name of the input: a path, or `-`.
    pub path: String,
    /// The verdict; none for messages that log nobody in.
    pub verdict: Option<VerdictView>,
    /// What was there, right or wrong; none where nothing could be read.
    pub message: Option<MessageView>,
    /// What a token holds, for machines; none for messages.
    pub token: Option<TokenView>,
    /// The application that would read it; none where none was named.
    pub app: Option<AppView>,
    /// Remarks for people: where another clock would be the right one, what to give besides.
    pub hints: Vec<String>,
}

impl Judgement {
    /// What it is about, in a word.
    pub fn noun(&self) -> &'static str {
        let is_token = self.message.as_ref().is_some_and(|message| message.is_token);
        if is_token || self.token.is_some() { "token" } else { "message" }
    }
}

/// The application and the provider of its configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppView {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The provider.
    pub provider: Option<String>,
}

/// A verdict, as machines read it.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictView {
    /// The class in one word.
    pub class: &'static str,
    /// The rule that decided; none where none did.
    pub code: Option<&'static str>,
    /// What a verified signature covers.
    pub signed: Vec<String>,
    /// What was not checked.
    pub unchecked: Vec<&'static str>,
    /// The account that the application would make; only where the message is accepted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountView>,
    /// What to give so that the unchecked is checked: item and how.
    #[serde(skip)]
    pub how: Vec<(&'static str, &'static str)>,
    /// How many checks were made and passed.
    #[serde(skip)]
    pub passed: usize,
    /// Whether all that keeps it from logging anybody in is what the application passes over.
    #[serde(skip)]
    pub is_passed_over: bool,
}

/// An account, with the members that the application has.
#[derive(Clone, Debug, Default, Serialize)]
pub struct AccountView {
    /// The permanent key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The login name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// The e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the address counts as verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// The first name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// The last name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// The name that is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub display_name: Option<String>,
    /// Groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub groups: Option<Vec<String>>,
    /// Roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Workspaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub workspaces: Option<Vec<String>>,
    /// Projects and roles in them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<String>>,
    /// Whether the person is an administrator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub admin: Option<bool>,
    /// Values that came from elsewhere than the mapped name.
    pub fallbacks: Vec<FallbackView>,
    /// Mapped names that nothing sent matched.
    pub unmatched: Vec<UnmatchedView>,
    /// What the application would do besides.
    #[serde(skip)]
    pub remarks: Vec<String>,
}

/// A member that was filled from elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct FallbackView {
    /// The member.
    pub field: String,
    /// Where its value came from.
    pub from: String,
}

/// A mapped name that nothing sent matched.
#[derive(Clone, Debug, Serialize)]
pub struct UnmatchedView {
    /// The member that stays empty.
    pub field: String,
    /// The name that was looked for.
    pub name: String,
    /// The nearest name that was sent.
    pub nearest: Option<String>,
}

impl AccountView {
    /// The view of an account, every value put through a function that may mask it.
    pub fn new(account: &Account, shown: impl Fn(&str) -> String) -> Self {
        let one = |value: &Option<String>| value.as_deref().map(&shown);
        let all = |values: &Option<Vec<String>>| {
            values.as_ref().map(|values| values.iter().map(|value| shown(value)).collect())
        };
        Self {
            uid: one(&account.uid),
            username: one(&account.username),
            email: one(&account.email),
            email_verified: account.email_verified,
            first_name: one(&account.first_name),
            last_name: one(&account.last_name),
            display_name: one(&account.display_name),
            groups: all(&account.groups),
            roles: all(&account.roles),
            workspaces: all(&account.workspaces),
            projects: all(&account.projects),
            admin: account.admin,
            fallbacks: account.fallbacks.iter().map(FallbackView::new).collect(),
            unmatched: unmatched(account),
            remarks: account.remarks.clone(),
        }
    }
}

/// Mapped names that nothing sent matched, whatever the verdict.
pub fn unmatched(account: &Account) -> Vec<UnmatchedView> {
    let view = |unmatched: &crate::account::Unmatched| UnmatchedView {
        field: unmatched.member.clone(),
        name: unmatched.name.clone(),
        nearest: unmatched.nearest.clone(),
    };
    account.unmatched.iter().map(view).collect()
}

impl FallbackView {
    fn new(fallback: &crate::account::Fallback) -> Self {
        Self { field: fallback.member.to_owned(), from: fallback.from.clone() }
    }
}
