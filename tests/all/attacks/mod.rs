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
