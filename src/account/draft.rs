//! An account in the making.

use crate::account::objection::{About, Objection};
use crate::account::seen::{Attributes, Seen};
use crate::account::{Fallback, Made, SentName, Told, Unmatched, cards, identifier, near};
use crate::idps::{self, What};
use crate::verdict::Weight;

/// An account in the making, with what it is made from.
pub(super) struct Draft<'d> {
    /// What there is so far.
    pub(super) made: Made,
    attributes: &'d Attributes,
    /// The field of the identity provider's console where attributes are set up.
    console: Option<String>,
}

impl<'d> Draft<'d> {
    pub(super) fn new(told: &Told<'_, '_>, attributes: &'d Attributes) -> Self {
        let console = idps::console_field(told.provider.idp, What::Attributes);
        Self { made: Made::default(), attributes, console }
    }

    /// What the application would do besides.
    pub(super) fn remark(&mut self, remark: impl Into<String>) {
        self.made.account.remarks.push(remark.into());
    }

    /// A member that was filled from elsewhere.
    pub(super) fn fall_back(&mut self, member: &'static str, from: impl Into<String>) {
        self.made.account.fallbacks.push(Fallback { member, from: from.into() });
    }

    /// A mapped name that nothing sent matched.
    pub(super) fn unmatch(&mut self, member: &str, name: &str, words: &[String]) {
        let words: Vec<String> = words.iter().cloned().chain(near::usual(member)).collect();
        let nearest = near::suggestion(name, &words, self.attributes);
        let (member, name) = (member.to_owned(), name.to_owned());
        self.made.account.unmatched.push(Unmatched { member, name, nearest });
    }

    pub(super) fn object(&mut self, objection: Objection) {
        self.made.objections.push(objection);
    }

    /// The first value of the attribute of a name; notes where there is none, or no text.
    pub(super) fn value(
        &mut self,
        member: &'static str,
        name: &str,
        words: &[String],
    ) -> Option<String> {
        let Some(seen) = self.attributes.get(name).filter(|seen| !seen.values.is_empty()) else {
            self.unmatch(member, name, words);
            return None;
        };
        self.first_of(member, seen)
    }

    /// The first value of an attribute, where it is text; the login fails where it is not.
    pub(super) fn first_of(&mut self, member: &'static str, seen: &'d Seen) -> Option<String> {
        let first = seen.first();
        if first.is_none() {
            let about = About::Attribute(seen.sent.clone());
            let message = format!("the value for {member} is no plain text");
            self.object(Objection::new(&cards::NOT_TEXT, Weight::Reject, about, message));
        }
        first.map(str::to_owned)
    }

    /// An identifier that an attribute gave: judged as one.
    pub(super) fn identify(&mut self, member: &'static str, value: &str, seen: &Seen) {
        self.made.objections.extend(identifier::ambiguous(member, seen));
        let about = About::Attribute(seen.sent.clone());
        self.made.objections.extend(identifier::judge(member, value, &about));
    }

    /// An identifier that the `NameID` gave.
    pub(super) fn identify_name(&mut self, member: &'static str, name: &SentName) {
        let found = identifier::judge(member, &name.value, &About::NameId);
        let known = |one: &Objection| one.about == About::NameId && one.rule.name == "id-case";
        let is_told = self.made.objections.iter().any(known);
        self.made.objections.extend(found.into_iter().filter(|one| !(is_told && known(one))));
    }

    /// Whether an attribute or claim was sent under one of some names.
    pub(super) fn has_any(&self, names: &[&str]) -> bool {
        self.attributes.0.iter().any(|seen| names.contains(&seen.sent.as_str()))
    }

    /// Something that the account cannot do without was not sent.
    pub(super) fn lack(&mut self, member: &str, name: Option<&str>, why: &str) {
        self.miss(Weight::Reject, member, name, why);
    }

    /// Something was not sent that the account is poorer without.
    pub(super) fn miss(&mut self, weight: Weight, member: &str, name: Option<&str>, why: &str) {
        let unmatched = self.made.account.unmatched.iter();
        let nearest =
            unmatched.filter(|one| one.member == member).find_map(|one| one.nearest.clone());
        let message = match name {
            Some(name) => format!("no attribute `{name}` was sent, which is to be the {member}"),
            None => format!("nothing was sent that could be the {member}"),
        };
        let place = self.console.as_deref();
        let remedy = match (&nearest, name, place) {
            (Some(near), _, _) => {
                format!("map {member} to `{near}`, which was sent, or send the name that is mapped")
            }
            (None, Some(name), Some(place)) => format!("send `{name}`: {place}"),
            (None, Some(name), None) => format!("let the identity provider send `{name}`"),
            (None, None, _) => format!("map an attribute to {member}"),
        };
        let objection = Objection::new(&cards::ATTRIBUTE_MISSING, weight, About::Message, message);
        let objection = match (name, &nearest) {
            (Some(name), Some(near)) => objection.compared(name, near, None),
            _ => objection,
        };
        self.object(objection.why(why).remedy(remedy));
    }

    /// Sees to it that nothing is told twice, and gives what was made.
    pub(super) fn finish(mut self) -> Made {
        self.made.account.remarks.dedup();
        self.made
    }
}
