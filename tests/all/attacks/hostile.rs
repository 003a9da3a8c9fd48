//! Messages cut off and damaged at random, through everything that reads them: nothing panics, and
//! nothing is accepted but what the provider signed.

use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use ssoctl::saml::binding::{self, Options};

use super::case::{Settings, bases};
use super::mint::{ASSERTION_ID, HONEST, RESPONSE_ID};
use super::mutators::binding::honest_carriers;
use super::{naive, product};

/// A message that is damaged.
struct Honest {
    name: String,
    bytes: Vec<u8>,
    settings: Settings,
    /// The IDs of what a signature covers; nothing for what travels beside its signature.
    signed: Vec<&'static str>,
}

#[test]
fn no_message_cut_off_anywhere_panics_or_logs_anybody_in() {
    let mut wrong = Vec::new();
    for honest in all() {
        let step = (honest.bytes.len() / CUTS).max(1);
        // Of a text with something behind its root, and of padding, the end may be missing.
        let most = honest.bytes.len() - 3;
        for end in (0..most).step_by(step).chain(most - 40..most) {
            let outcome = outcome(&honest.bytes[..end], &honest.settings);
            match outcome {
                Some(outcome) if outcome.sent.is_none() => {}
                Some(_) => wrong.push(format!("{} cut at {end} logs in", honest.name)),
                None => wrong.push(format!("{} cut at {end} panics", honest.name)),
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_damage_panics_or_changes_who_is_let_in() {
    let all = all();
    let mut wrong = Vec::new();
    let mut random = Random(1);
    let mut accepted = 0;
    let before: Vec<_> = all.iter().map(|one| product::judge(&one.bytes, &one.settings)).collect();
    for at in 0..DAMAGES {
        let index = at % all.len();
        let honest = &all[index];
        let bytes = damaged(&honest.bytes, &mut random);
        let Some(outcome) = outcome(&bytes, &honest.settings) else {
            wrong.push(format!("{} panics: {}", honest.name, STANDARD.encode(&bytes)));
            continue;
        };
        if outcome.class != "accept" {
            if outcome.sent.is_some() {
                wrong.push(format!("{} is refused and logs in", honest.name));
            }
            continue;
        }
        accepted += 1;
        let is_same = outcome.sent == before[index].sent && is_what_was_signed(honest, &bytes);
        if !is_same {
            wrong.push(format!("{} is another: {}", honest.name, STANDARD.encode(&bytes)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Some damage does no harm: white space in a tag, a certificate that nobody trusts.
    assert!((10..DAMAGES / 2).contains(&accepted), "{accepted} accepted");
}

#[test]
fn every_honest_message_logs_the_same_person_in() {
    for honest in all() {
        let outcome = product::judge(&honest.bytes, &honest.settings);
        assert_eq!(outcome.class, "accept", "{}: {outcome:?}", honest.name);
        let is_fixture = honest.name.starts_with("xmlsec1");
        assert!(is_fixture || outcome.name.as_deref() == Some(HONEST), "{}", honest.name);
    }
}

/// Whether what was signed is what it was: by the naive canonicalisation where a signature stands
/// in the message, else by the octets.
fn is_what_was_signed(honest: &Honest, bytes: &[u8]) -> bool {
    let xml = |bytes: &[u8]| binding::read(bytes, &Options::default()).map(|one| one.xml).ok();
    let (Some(before), Some(after)) = (xml(&honest.bytes), xml(bytes)) else { return false };
    if honest.signed.is_empty() {
        let state = |bytes: &[u8]| {
            let read = binding::read(bytes, &Options::default()).ok()?;
            Some((read.relay_state, read.signature?.octets))
        };
        return before == after && state(&honest.bytes) == state(bytes);
    }
    honest.signed.iter().all(|id| {
        let covered = naive::covered(&before, id);
        covered.is_some() && covered == naive::covered(&after, id)
    })
}

fn outcome(bytes: &[u8], settings: &Settings) -> Option<product::Outcome> {
    catch_unwind(AssertUnwindSafe(|| product::judge(bytes, settings))).ok()
}

/// Every base, the ways it travels, and what another program signed and encrypted.
fn all() -> Vec<Honest> {
    let mut all = Vec::new();
    for base in bases() {
        let (response, assertion) = (base.signs_response(), base.signs_assertion());
        let mut signed = Vec::new();
        signed.extend(response.then_some(RESPONSE_ID));
        // An assertion that is sealed is authentic as a whole, or does not open.
        signed.extend((assertion && !base.is_encrypted()).then_some(ASSERTION_ID));
        let settings = base.settings.clone();
        if base.name.ends_with("-rsa") {
            let form = format!("SAMLResponse={}", STANDARD.encode(&base.text).replace('+', "%2B"));
            let (name, signed) = (format!("{}-form", base.name), signed.clone());
            let bytes = form.into_bytes();
            all.push(Honest { name, bytes, settings: settings.clone(), signed });
        }
        if base.name.starts_with("response") {
            for (variant, text) in honest_carriers(&base) {
                let name = format!("{}-{variant}", base.name);
                let (bytes, signed) = (text.into_bytes(), Vec::new());
                all.push(Honest { name, bytes, settings: settings.clone(), signed });
            }
        }
        if signed.is_empty() {
            continue;
        }
        let bytes = base.text.clone().into_bytes();
        all.push(Honest { name: base.name.clone(), bytes, settings, signed });
    }
    all
}

/// One change at one place, or a few.
fn damaged(honest: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = honest.to_vec();
    for _ in 0..=random.below(8) / 7 {
        let at = random.below(bytes.len());
        let end = (at + random.below(40)).min(bytes.len());
        match random.below(7) {
            0 | 1 => bytes[at] ^= 1 << random.below(8),
            2 => bytes[at] = MARKS[random.below(MARKS.len())],
            3 => bytes.insert(at, MARKS[random.below(MARKS.len())]),
            4 => {
                bytes.drain(at..end);
            }
            5 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())].bytes();
                bytes.splice(at..at, piece);
            }
        }
        if bytes.is_empty() {
            return bytes;
        }
    }
    bytes
}

/// Numbers that look random and are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, most: usize) -> usize {
        self.0 += 1;
        let digest = Sha256::digest(self.0.to_le_bytes());
        let number = u64::from_le_bytes(digest[..8].try_into().expect("eight bytes"));
        usize::try_from(number % u64::try_from(most.max(1)).expect("fits")).expect("fits")
    }
}

/// Into how many pieces a message is cut.
const CUTS: usize = 90;
const DAMAGES: usize = 3000;
/// Bytes that mean something to some reader.
const MARKS: &[u8] = b"<>\"'&;/=%+# \t\r\n!?-[]:\0\xff\x80{}";
/// Texts that mean something to some reader.
const PIECES: [&str; 14] = [
    "<!---->",
    "<!--",
    "-->",
    "<?x y?>",
    "<![CDATA[x]]>",
    "<![CDATA[]]>",
    "&#0;",
    "&#x20;",
    "&amp;",
    "&x;",
    " ID=\"_x\"",
    "&SAMLResponse=",
    "%00",
    "\u{202e}",
];
