//! The attack corpus: what somebody who holds real messages, or a key, can make of them.

#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::match_same_arms,
    clippy::similar_names,
    clippy::too_many_lines,
    reason = "tables of cases, and a verifier that is naive on purpose"
)]

mod bombs;
mod case;
mod command;
mod driver;
mod dump;
pub(crate) mod encrypt;
mod hostile;
mod identity;
pub(crate) mod keys;
mod metadata;
pub(crate) mod mint;
mod mutators;
mod naive;
mod product;

use ssoctl::libraries::{pysaml2, python3_saml};
use ssoctl::saml::policy::Policy;

#[test]
fn the_naive_verifier_accepts_every_honest_base_and_no_changed_one() {
    for base in case::bases() {
        if base.is_encrypted() {
            continue;
        }
        assert!(naive::accepts(&base.text, &base.settings.certificates, false), "{}", base.name);
        let changed = mint::swap(&base.text, mint::HONEST, mint::FORGED);
        assert!(!naive::accepts(&changed, &base.settings.certificates, false), "{}", base.name);
    }
}

#[test]
fn a_signature_beside_a_response_is_none_to_libraries_that_do_not_look_at_it() {
    let readers = [
        python3_saml::policy("CVAT", false),
        pysaml2::policy("Label Studio", pysaml2::Switches::default()),
        Policy::of_unknown_library("Calabi", 180),
    ];
    let bases = case::bases();
    let base = bases.iter().find(|base| base.name == "response-rsa").expect("a base");
    for (name, carrier) in mutators::binding::honest_carriers(base) {
        let strict = product::judge(carrier.as_bytes(), &base.settings);
        assert_eq!(strict.class, "accept", "{name}: {:?}", strict.reasons);
        for reader in &readers {
            let judged = product::judge_by(carrier.as_bytes(), &base.settings, reader);
            assert_eq!(judged.class, "reject", "{name}: {:?}", reader.reader);
            assert!(judged.reasons.contains(&"sig-missing"), "{name}: {:?}", judged.reasons);
            let inside = product::judge_by(base.text.as_bytes(), &base.settings, reader);
            assert_eq!(inside.class, "accept", "signed inside: {:?}", inside.reasons);
        }
    }
}
