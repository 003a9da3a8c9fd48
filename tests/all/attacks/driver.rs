//! Every case through the product, and every attack through the naive verifier.

use std::collections::BTreeMap;

use super::case::{Alive, Case, Expected, NOTHING};
use super::mint::FORGED;
use super::product::Outcome;
use super::{mutators, naive, product};

#[test]
fn every_attack_is_refused_for_its_reason() {
    let cases = mutators::cases();
    let wrong: Vec<String> = cases.iter().filter_map(judged_otherwise).collect();
    let attacks = cases.iter().filter(|case| case.expected.class != "accept").count();
    assert!(attacks >= 3000, "only {attacks} attacks");
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_attack_on_a_signature_is_alive() {
    let cases = mutators::cases();
    let dead: Vec<&str> =
        cases.iter().filter(|case| !is_alive(case)).map(|case| case.name.as_str()).collect();
    assert!(dead.is_empty(), "{} of {}:\n{}", dead.len(), cases.len(), dead.join("\n"));
}

#[test]
fn every_honest_twin_is_accepted() {
    let cases = mutators::cases();
    let mut known: BTreeMap<Vec<u8>, bool> = BTreeMap::new();
    let mut wrong = Vec::new();
    for case in cases {
        let Some(twin) = &case.twin else { continue };
        // Most twins are the base itself: it is judged once.
        let key = [twin.bytes.as_slice(), format!("{:?}", twin.settings).as_bytes()].concat();
        let holds = known.entry(key).or_insert_with(|| {
            let outcome = product::judge(&twin.bytes, &twin.settings);
            let is_right =
                outcome.class == twin.expected.class && has_reason(&outcome, twin.expected);
            if !is_right {
                wrong.push(format!(
                    "{}: twin is {} {:?}",
                    case.name, outcome.class, outcome.reasons
                ));
            }
            is_right
        });
        let _ = *holds;
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
}

fn has_reason(outcome: &Outcome, expected: Expected) -> bool {
    match expected.reason {
        "" => true,
        NOTHING => outcome.reasons.is_empty(),
        reason => outcome.reasons.contains(&reason),
    }
}

/// What the product says otherwise than the tables, if anything.
fn judged_otherwise(case: &Case) -> Option<String> {
    let outcome = product::judge(&case.bytes, &case.settings);
    let expected = case.expected;
    let has_reason = has_reason(&outcome, expected);
    let is_let_in = outcome.name.as_deref().is_some_and(|name| !name.is_empty());
    let is_right = outcome.class == expected.class
        && has_reason
        && is_let_in == (expected.class == "accept")
        && outcome.name.as_deref() != Some(FORGED);
    (!is_right).then(|| {
        format!(
            "{}: expected {} {}, got {} {:?} {:?}",
            case.name,
            expected.class,
            expected.reason,
            outcome.class,
            outcome.reasons,
            outcome.name
        )
    })
}

/// Whether somebody naive would be taken in.
fn is_alive(case: &Case) -> bool {
    let received = || String::from_utf8_lossy(&case.bytes).into_owned();
    let text = case.plain.clone().unwrap_or_else(received);
    let accepts = |embedded| naive::accepts(&text, &case.settings.certificates, embedded);
    let reads_forged = || naive::names(&text).iter().any(|name| name == FORGED);
    match case.alive {
        Alive::Accepts => accepts(false),
        Alive::Embedded => accepts(true) && reads_forged(),
        Alive::Forged => accepts(false) && reads_forged(),
        Alive::Reads => !naive::names(&text).is_empty(),
        Alive::Silent => true,
    }
}
