//! Accounts of CVAT, which django-allauth makes.

use serde_json::{Map, Value as Json};

use crate::account::draft::Draft;
use crate::account::objection::{About, Objection};
use crate::account::seen::{Attributes, Seen};
use crate::account::{Claims, Made, Sent, SentName, Told, cards};
use crate::libraries::allauth::{
    Defaults, EMAIL_FORMAT, UID_LENGTH, default_mapping, is_yes, username_of,
};
use crate::libraries::django::{boolean, is_email, is_username, kept_name};
use crate::model::is_unknown;
use crate::syntax::tree::{Kind, NodeRef};
use crate::verdict::Weight;

/// The account that an assertion makes.
pub(super) fn saml(told: &Told<'_, '_>, sent: &Sent) -> Made {
    let attributes = Attributes::python3_saml(sent);
    let mut draft = Draft::new(told, &attributes);
    let mapping = mapping(told, &mut draft);
    let mut person = Person::default();
    for mapped in &mapping {
        let Some(slot) = person.slot(&mapped.field) else { continue };
        let member = slot.member;
        let found = mapped.names.iter().filter_map(|name| attributes.get(name));
        match found.into_iter().find(|seen| !seen.values.is_empty()) {
            // An address that is no text is dropped like any other that is no address.
            Some(seen) if member == "email" && seen.first().is_none() => {
                *slot.value = Some((String::new(), seen));
            }
            Some(seen) => *slot.value = draft.first_of(member, seen).map(|text| (text, seen)),
            None => mapped.names.iter().for_each(|name| draft.unmatch(member, name, &mapped.words)),
        }
    }
    fill(&mut draft, &person, sent);
    draft.finish()
}

/// The account that claims make: those of userinfo where there are any, else those of the ID token.
pub(super) fn claims(told: &Told<'_, '_>, claims: &Claims<'_>) -> Made {
    let none = Attributes::default();
    let mut draft = Draft::new(told, &none);
    let userinfo = claims.userinfo.filter(|claims| !claims.is_empty());
    if userinfo.is_none() {
        draft.remark("CVAT asks the userinfo endpoint and reads the ID token only where that answers nothing; its answer was not given, so the account can differ");
    }
    let Some(read) = userinfo.or(claims.id_token) else { return draft.finish() };
    let uid = subject(&mut draft, read);
    draft.made.account.uid = uid;
    let email = address_claim(&mut draft, read);
    let username = text_claim(&mut draft, read, "preferred_username");
    let name = text_claim(&mut draft, read, "name").unwrap_or_default();
    let first_name = text_claim(&mut draft, read, "given_name");
    let last_name = text_claim(&mut draft, read, "family_name");
    let names = Names { username, first_name, last_name, name: Some(name) };
    finish_names(&mut draft, &names, email.as_deref());
    let verified = email.is_some().then(|| verified_claim(&mut draft, read));
    finish_email(&mut draft, email, verified);
    draft.finish()
}

/// One row of the mapping.
struct Mapped {
    field: String,
    names: Vec<String>,
    /// What else the same thing is called.
    words: Vec<String>,
}

/// What a person's account is made of: value and attribute of each field.
#[derive(Default)]
struct Person<'a> {
    uid: Option<(String, &'a Seen)>,
    email: Option<(String, &'a Seen)>,
    email_verified: Option<(String, &'a Seen)>,
    username: Option<(String, &'a Seen)>,
    first_name: Option<(String, &'a Seen)>,
    last_name: Option<(String, &'a Seen)>,
    name: Option<(String, &'a Seen)>,
}

struct Slot<'p, 'a> {
    member: &'static str,
    value: &'p mut Option<(String, &'a Seen)>,
}

impl<'a> Person<'a> {
    /// What a mapped field fills; none for a field that nothing reads.
    fn slot(&mut self, field: &str) -> Option<Slot<'_, 'a>> {
        let (member, value) = match field {
            "uid" => ("uid", &mut self.uid),
            "email" => ("email", &mut self.email),
            "email_verified" => ("email_verified", &mut self.email_verified),
            "username" => ("username", &mut self.username),
            "first_name" => ("first_name", &mut self.first_name),
            "last_name" => ("last_name", &mut self.last_name),
            "name" => ("name", &mut self.name),
            _ => return None,
        };
        Some(Slot { member, value })
    }
}

/// What allauth knows of somebody's names.
struct Names {
    username: Option<String>,
    first_name: Option<String>,
    last_name: Option<String>,
    name: Option<String>,
}

fn fill(draft: &mut Draft<'_>, person: &Person<'_>, sent: &Sent) {
    uid(draft, person, sent);
    let email = email(draft, person, sent);
    let text = |value: &Option<(String, &Seen)>| value.as_ref().map(|(text, _)| text.clone());
    let names = Names {
        username: text(&person.username),
        first_name: text(&person.first_name),
        last_name: text(&person.last_name),
        name: text(&person.name),
    };
    if let Some((username, seen)) = &person.username {
        draft.identify("username", username, seen);
    }
    finish_names(draft, &names, email.as_deref());
    let word = person.email_verified.as_ref();
    let verified = email.is_some().then(|| word.is_some_and(|(word, _)| is_yes(word)));
    finish_email(draft, email, verified);
}

fn uid(draft: &mut Draft<'_>, person: &Person<'_>, sent: &Sent) {
    let (value, about) = match (&person.uid, &sent.name_id) {
        (Some((uid, seen)), _) => {
            draft.identify("uid", uid, seen);
            (uid.clone(), About::Attribute(seen.sent.clone()))
        }
        (None, Some(name)) if !name.value.is_empty() => {
            draft.fall_back("uid", "NameID");
            draft.identify_name("uid", name);
            if name.format.as_deref() == Some(TRANSIENT) {
                let message = "the uid is a transient NameID, which is another one at every login";
                let objection =
                    Objection::new(&cards::UNUSABLE, Weight::Warning, About::NameId, message);
                draft.object(
                    objection
                        .why("CVAT makes a new account each time")
                        .remedy("map uid to an attribute that stays, or send a persistent NameID"),
                );
            }
            (name.value.clone(), About::NameId)
        }
        _ => {
            let unmatched = draft.made.account.unmatched.iter();
            let name =
                unmatched.filter(|one| one.member == "uid").map(|one| one.name.clone()).next();
            return draft.lack(
                "uid",
                name.as_deref(),
                "allauth raises an exception (HTTP 500) for an account without a key",
            );
        }
    };
    judge_key(draft, &value, about);
    draft.made.account.uid = Some(value);
}

/// A key that allauth refuses for its length.
fn judge_key(draft: &mut Draft<'_>, uid: &str, about: About) {
    let length = uid.chars().count();
    if length > UID_LENGTH {
        let message = format!("the uid has {length} characters, and {UID_LENGTH} is the most");
        let objection = Objection::new(&cards::UNUSABLE, Weight::Reject, about, message);
        draft.object(
            objection
                .why("allauth raises an exception (HTTP 500)")
                .remedy("map uid to something shorter, such as an object id"),
        );
    }
}

fn email(draft: &mut Draft<'_>, person: &Person<'_>, sent: &Sent) -> Option<String> {
    if let Some((email, seen)) = &person.email {
        draft.identify("email", email, seen);
        return address(draft, email, About::Attribute(seen.sent.clone()));
    }
    let is_address = |name: &&SentName| name.format.as_deref() == Some(EMAIL_FORMAT);
    let name = sent.name_id.as_ref().filter(is_address).filter(|name| !name.value.is_empty());
    let Some(name) = name else {
        let mut unmatched = draft.made.account.unmatched.iter();
        let wanted = unmatched.find(|one| one.member == "email").map(|one| one.name.clone());
        let why = "the account gets no e-mail address, and CVAT asks for one where it demands them";
        draft.miss(Weight::Warning, "email", wanted.as_deref(), why);
        return None;
    };
    draft.fall_back("email", "NameID");
    draft.identify_name("email", name);
    address(draft, &name.value, About::NameId)
}

/// The address in small letters, as it is kept; none where Django does not take it for one.
fn address(draft: &mut Draft<'_>, email: &str, about: About) -> Option<String> {
    if !is_email(email) {
        let message = "the value for email is no e-mail address, so it is dropped";
        draft.object(Objection::new(&cards::UNUSABLE, Weight::Warning, about, message));
        return None;
    }
    Some(email.to_lowercase())
}

fn finish_email(draft: &mut Draft<'_>, email: Option<String>, verified: Option<bool>) {
    match (&email, verified) {
        (None, _) => draft.remark("without an e-mail address CVAT asks for one before it makes the account, where it demands addresses"),
        (Some(_), Some(false)) => draft.remark("a confirmation mail is sent, where CVAT demands verified addresses: nothing says that this one is"),
        _ => {}
    }
    draft.made.account.email = email;
    draft.made.account.email_verified = verified;
}

fn finish_names(draft: &mut Draft<'_>, names: &Names, email: Option<&str>) {
    let (first, last) =
        names.name.as_deref().map_or(("", ""), |name| name.split_once(' ').unwrap_or((name, "")));
    let own = |name: &Option<String>| name.clone().filter(|name| !name.is_empty());
    let mut filled = |member, own: Option<String>, part: &str| {
        let is_split = own.is_none() && !part.is_empty();
        if is_split {
            draft.fall_back(member, "name");
        }
        let name = own.unwrap_or_else(|| part.to_owned());
        kept_name(&name).to_owned()
    };
    let first_name = filled("first_name", own(&names.first_name), first);
    let last_name = filled("last_name", own(&names.last_name), last);
    let username = username(draft, names.username.as_deref(), [&first_name, &last_name], email);
    let kept = |name: String| Some(name).filter(|name| !name.is_empty());
    let account = &mut draft.made.account;
    account.first_name = kept(first_name);
    account.last_name = kept(last_name);
    account.username = Some(username);
}

fn username(
    draft: &mut Draft<'_>,
    sent: Option<&str>,
    [first, last]: [&str; 2],
    email: Option<&str>,
) -> String {
    let sent = sent.map(kept_name).filter(|sent| !sent.is_empty());
    if let Some(sent) = sent.filter(|sent| is_username(sent)) {
        return sent.to_owned();
    }
    if let Some(sent) = sent {
        draft.remark(format!(
            "`{}` is no user name to CVAT (letters, digits, @ . + - _), so another one is made",
            crate::source::printable(sent)
        ));
    }
    let sources =
        [("first_name", first), ("last_name", last), ("email", email.unwrap_or_default())];
    let made = username_of(sources.map(|(_, text)| text));
    let from = sources.into_iter().find(|(_, text)| username_of([*text]) == made && made != "user");
    draft.fall_back("username", from.map_or("the word `user`", |(member, _)| member));
    draft.remark("characters are added to a user name that is taken");
    kept_name(&made).to_owned()
}

/// The rows of the mapping that can be read; what cannot is objected to.
fn mapping(told: &Told<'_, '_>, draft: &mut Draft<'_>) -> Vec<Mapped> {
    let node = told.provider.node.and_then(|node| node.get("attribute_mapping"));
    let Some(node) = node else {
        draft.fall_back("attribute_mapping", "the names that allauth looks for by itself");
        return default_mapping().iter().map(of_default).collect();
    };
    if is_unknown(node) {
        draft.object(unknown("attribute_mapping"));
        return Vec::new();
    }
    let Some(pairs) = node.pairs() else {
        draft.object(unreadable("attribute_mapping is no map of fields and attribute names"));
        return Vec::new();
    };
    let mut rows: Vec<Mapped> = Vec::new();
    for (key, value) in pairs {
        let Some(field) = key.key_text() else { continue };
        let names = names(value, field).unwrap_or_else(|objection| {
            draft.object(*objection);
            Vec::new()
        });
        let cards = told.app.fields.iter().filter(|card| card.key == field);
        let words = cards.flat_map(|card| card.also_known_as.iter().chain([&card.key])).cloned();
        rows.retain(|row| row.field != field);
        rows.push(Mapped { field: field.to_owned(), names, words: words.collect() });
    }
    rows
}

fn of_default(row: &Defaults) -> Mapped {
    Mapped { field: row.field.clone(), names: row.names.clone(), words: vec![row.field.clone()] }
}

/// The names under a field: one, or a list of alternatives.
fn names(value: NodeRef<'_>, field: &str) -> Result<Vec<String>, Box<Objection>> {
    if is_unknown(value) {
        return Err(Box::new(unknown(field)));
    }
    let text = |node: NodeRef<'_>| {
        node.scalar().filter(|scalar| scalar.kind == Kind::Text).map(|scalar| scalar.text.clone())
    };
    if let Some(name) = text(value) {
        return Ok(vec![name]);
    }
    if let Some(items) = value.items() {
        return Ok(items.filter_map(text).collect());
    }
    let message = || format!("{field} in attribute_mapping is no name of an attribute");
    let keys = value.pairs().ok_or_else(|| Box::new(unreadable(&message())))?;
    Ok(keys.filter_map(|(key, _)| key.key_text().map(str::to_owned)).collect())
}

fn unknown(field: &str) -> Objection {
    let message = format!("the attribute for {field} is filled in elsewhere");
    Objection::new(&cards::MAPPING_UNKNOWN, Weight::Undecided, About::Message, message)
        .remedy("judge the rendered file")
}

fn unreadable(message: &str) -> Objection {
    Objection::new(&cards::MAPPING_UNREADABLE, Weight::Reject, About::Message, message)
        .why("allauth goes through the whole mapping, and raises an exception (HTTP 500) here")
        .remedy("give each field the name of an attribute, or take its line out")
}

/// The subject as text; `null` becomes the word `None`, which is one account for everybody.
fn subject(draft: &mut Draft<'_>, claims: &Map<String, Json>) -> Option<String> {
    let about = || About::Attribute("sub".to_owned());
    let uid = match claims.get("sub") {
        None => {
            draft.lack(
                "uid",
                Some("sub"),
                "allauth raises an exception (HTTP 500) for an account without a key",
            );
            return None;
        }
        Some(Json::String(sub)) if sub.is_empty() => {
            let message = "sub is empty";
            let objection = Objection::new(&cards::UNUSABLE, Weight::Reject, about(), message);
            draft.object(objection.why("allauth raises an exception (HTTP 500)"));
            return None;
        }
        Some(Json::String(sub)) => sub.clone(),
        Some(Json::Number(number)) => {
            let message = "sub is a number, which allauth takes for its digits";
            draft.object(Objection::new(&cards::NOT_TEXT, Weight::Warning, about(), message));
            number.to_string()
        }
        Some(_) => {
            let message = "sub is no text";
            let objection = Objection::new(&cards::UNUSABLE, Weight::Reject, about(), message);
            draft.object(objection.why("allauth makes text of whatever it is: null becomes `None`, one account for everybody"));
            return None;
        }
    };
    let seen = claim("sub", &uid);
    draft.identify("uid", &uid, &seen);
    judge_key(draft, &uid, about());
    Some(uid)
}

/// A claim that is to be text; what Python takes for nothing is nothing.
fn text_claim(draft: &mut Draft<'_>, claims: &Map<String, Json>, name: &str) -> Option<String> {
    match claims.get(name)? {
        Json::String(text) if text.is_empty() => None,
        Json::String(text) => Some(text.clone()),
        value if is_nothing(value) => None,
        _ => {
            let about = About::Attribute(name.to_owned());
            let message = format!("{name} is no text");
            let objection = Objection::new(&cards::NOT_TEXT, Weight::Reject, about, message);
            draft.object(objection.why("allauth raises an exception (HTTP 500)"));
            None
        }
    }
}

fn address_claim(draft: &mut Draft<'_>, claims: &Map<String, Json>) -> Option<String> {
    let is_dropped = matches!(claims.get("email"), Some(Json::Array(_) | Json::Object(_)));
    let email = if is_dropped { Some(String::new()) } else { text_claim(draft, claims, "email") };
    let email = email?;
    if !is_dropped {
        draft.identify("email", &email, &claim("email", &email));
    }
    address(draft, &email, About::Attribute("email".to_owned()))
}

fn verified_claim(draft: &mut Draft<'_>, claims: &Map<String, Json>) -> bool {
    let (kept, weight) = match claims.get("email_verified") {
        None => return false,
        Some(Json::Bool(verified)) => return *verified,
        Some(Json::String(word)) => (boolean(word), Weight::Warning),
        Some(Json::Number(number)) => {
            let is = |one: f64| number.as_f64().is_some_and(|number| (number - one).abs() == 0.0);
            (is(1.0).then_some(true).or(is(0.0).then_some(false)), Weight::Warning)
        }
        Some(_) => (None, Weight::Warning),
    };
    let weight = if kept.is_none() { Weight::Reject } else { weight };
    let about = About::Attribute("email_verified".to_owned());
    let message = "email_verified is neither true nor false";
    let objection = Objection::new(&cards::NOT_TEXT, weight, about, message);
    draft.object(objection.why("allauth passes it on as it is, and Django refuses to keep what it does not know (HTTP 500)").remedy(
        "send the JSON value true or false, not a text",
    ));
    kept.unwrap_or(false)
}

/// What Python takes for false.
fn is_nothing(value: &Json) -> bool {
    match value {
        Json::Null | Json::Bool(false) => true,
        Json::Number(number) => number.as_f64() == Some(0.0),
        Json::Array(items) => items.is_empty(),
        Json::Object(members) => members.is_empty(),
        Json::String(text) => text.is_empty(),
        Json::Bool(true) => false,
    }
}

fn claim(name: &str, value: &str) -> Seen {
    let name = name.to_owned();
    Seen { sent: name.clone(), name, friendly: None, values: vec![Some(value.to_owned())] }
}

const TRANSIENT: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient";
