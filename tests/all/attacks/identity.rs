//! Who is logged in (layer 6 of the catalogue, and A27, A35 to A37): from a signed message to what
//! is sent on, and to the account that an application would make of it.

use ssoctl::account::{Made, SentAttribute, for_saml};

use super::case::{Base, Settings};
use super::keys::Method;
use super::mint::{EMAIL, FORGED, HONEST, Protection, Spec, attribute};
use super::product::{self, Outcome};
use crate::accounts::with_cvat;

#[test]
fn attributes_of_one_name_stay_apart_and_in_their_order() {
    let outcome = judged(&with(&attribute("email", FORGED)));
    let sent: Vec<_> = named(&outcome, "email").collect();
    assert_eq!(sent.len(), 2, "the first is the one that was put in front");
    assert_eq!(sent[0].values, [Some(FORGED.to_owned())]);
    assert_eq!(sent[1].values, [Some(HONEST.to_owned())]);
    assert!(outcome.reasons.contains(&"saml-attribute-duplicate"));
    let once = judged(&with(""));
    assert_eq!(named(&once, "email").count(), 1);
    assert!(!once.reasons.contains(&"saml-attribute-duplicate"));
}

#[test]
fn several_values_where_the_account_needs_one_refuse_the_login() {
    let twice = format!("{FORGED}</saml:AttributeValue><saml:AttributeValue>{HONEST}");
    for more in [attribute("email", FORGED), attribute("mail", &twice)] {
        let name = if more.contains("\"mail\"") { "mail" } else { "email" };
        assert!(names(&account(&with(&more), name)).contains(&"id-ambiguous"), "{more}");
    }
    let same = with(&attribute("mail", HONEST));
    assert!(!names(&account(&same, "mail")).contains(&"id-ambiguous"));
}

#[test]
fn a_friendly_name_maps_nothing() {
    let friendly = attribute("urn:oid:1.2.3", FORGED).replacen(
        "<saml:Attribute ",
        "<saml:Attribute FriendlyName=\"email\" ",
        1,
    );
    let made = account(&with(&friendly), "email");
    assert_eq!(made.account.email.as_deref(), Some(HONEST));
    let only = base().asserting(&attribute("email", HONEST), &friendly);
    let made = account(&only, "email");
    assert_ne!(made.account.email.as_deref(), Some(FORGED));
    let outcome = judged(&only);
    let sent = named(&outcome, "urn:oid:1.2.3").next().expect("it is sent");
    assert_eq!(sent.friendly_name.as_deref(), Some("email"), "it is shown all the same");
}

#[test]
fn only_plain_text_is_a_value() {
    let inner = format!(
        "</saml:AttributeValue><saml:AttributeValue><saml:NameID Format=\"{EMAIL}\">{FORGED}\
         </saml:NameID></saml:AttributeValue><saml:AttributeValue><a>{FORGED}</a>\
         </saml:AttributeValue><saml:AttributeValue>YWRtaW4="
    );
    let spec = with(&attribute("odd", &inner));
    let outcome = judged(&spec);
    let odd = named(&outcome, "odd").next().expect("it is sent");
    let plain = |text: &str| Some(text.to_owned());
    assert_eq!(odd.values, [plain(""), None, None, plain("YWRtaW4=")]);
    let nested = attribute("mail", &format!("<a>{FORGED}</a>"));
    let made = account(&with(&nested), "mail");
    assert_eq!(made.account.email, None);
}

#[test]
fn an_attribute_of_another_case_is_not_the_mapped_one_and_the_near_miss_is_named() {
    let named = |name: &str| with(&attribute(name, "Alice"));
    let made = |name: &str| account_by(&named(name), "{uid: uid, first_name: given}");
    let upper = made("Given");
    assert_eq!(upper.account.first_name, None);
    let unmatched = upper.account.unmatched.iter().find(|one| one.name == "given");
    assert_eq!(unmatched.and_then(|one| one.nearest.as_deref()), Some("Given"));
    let lower = made("given");
    assert_eq!(lower.account.first_name.as_deref(), Some("Alice"));
    assert!(lower.account.unmatched.iter().all(|one| one.name != "given"));
}

#[test]
fn an_attribute_that_is_absent_is_filled_from_nothing_that_is_not_named() {
    let absent = base().asserting(&attribute("uid", "00u1"), "");
    let made = account(&absent, "email");
    let from = made.account.fallbacks.iter().find(|one| one.member == "uid");
    assert_eq!(from.map(|one| one.from.as_str()), Some("NameID"), "{:?}", made.account);
    assert!(account(&base(), "email").account.fallbacks.is_empty());
}

#[test]
fn values_are_never_split() {
    for value in ["annotators,admin", "annotators;admin", "annotators admin", "annotators\nadmin"] {
        let spec = base().asserting(">annotators<", &format!(">{value}<"));
        let outcome = judged(&spec);
        let groups = named(&outcome, "groups").next().expect("it is sent");
        assert_eq!(groups.values, [Some(value.to_owned())]);
    }
}

#[test]
fn no_letter_of_a_name_is_folded() {
    for name in
        ["Alice@Corp.test", "\u{ff41}lice@corp.test", "a\u{301}lice@corp.test", "ﬁ@corp.test"]
    {
        let spec = base()
            .asserting(&format!(">{HONEST}</saml:NameID>"), &format!(">{name}</saml:NameID>"));
        assert_eq!(judged(&spec).name.as_deref(), Some(name));
    }
}

#[test]
fn a_message_seen_before_is_accepted_and_replay_is_named_as_unchecked() {
    let once = "</saml:AudienceRestriction><saml:OneTimeUse></saml:OneTimeUse>";
    for spec in [base(), base().asserting("</saml:AudienceRestriction>", once)] {
        for _ in 0..2 {
            let outcome = judged(&spec);
            assert_eq!(outcome.class, "accept");
            assert!(outcome.unchecked.contains(&"replay"), "{:?}", outcome.unchecked);
        }
    }
}

#[test]
fn what_is_not_accepted_names_nobody_even_where_everything_else_holds() {
    let mut settings = settings();
    settings.issuer = super::mint::OTHER_ISSUER.to_owned();
    let outcome = product::judge(base().mint().as_bytes(), &settings);
    assert!(outcome.class == "reject" && outcome.sent.is_none() && outcome.name.is_none());
    settings = self::settings();
    settings.certificates.clear();
    let outcome = product::judge(base().mint().as_bytes(), &settings);
    assert!(outcome.class == "undecided" && outcome.sent.is_none() && outcome.name.is_none());
}

fn base() -> Spec {
    Spec::new(Protection::Assertion, "idp-rsa", Method::RsaSha256)
}

fn with(more: &str) -> Spec {
    let start = "<saml:AttributeStatement>";
    base().asserting(start, &format!("{start}{more}"))
}

fn settings() -> Settings {
    Base::new("identity".to_owned(), base(), "idp-rsa").settings
}

fn judged(spec: &Spec) -> Outcome {
    let outcome = product::judge(spec.mint().as_bytes(), &settings());
    assert_eq!(outcome.class, "accept", "{outcome:?}");
    outcome
}

/// The account that CVAT would make, with its address taken from an attribute.
fn account(spec: &Spec, email: &str) -> Made {
    account_by(spec, &format!("{{uid: uid, email: {email}, username: uid}}"))
}

fn account_by(spec: &Spec, mapping: &str) -> Made {
    let sent = judged(spec).sent.expect("somebody is let in");
    let mapping = format!("    attribute_mapping: {mapping}\n");
    with_cvat(&mapping, |told| for_saml(told, &sent))
}

fn names(made: &Made) -> Vec<&str> {
    made.objections.iter().map(|objection| objection.rule.name).collect()
}

fn named<'o>(outcome: &'o Outcome, name: &str) -> impl Iterator<Item = &'o SentAttribute> {
    let sent = outcome.sent.as_ref().expect("somebody is let in");
    sent.attributes.iter().filter(move |attribute| attribute.name == name)
}
