//! Which key signed, and whether it did.

use crate::crypto::key::PublicKey;
use crate::crypto::signature::{self, verify_hmac};
use crate::oidc::cards::jwks;
use crate::oidc::cards::jwt as cards;
use crate::oidc::jwt::algorithm::{Algorithm, Means};
use crate::oidc::jwt::compact::Signed;
use crate::oidc::jwt::expectation::Expectation;
use crate::oidc::jwt::keys::{Key, KeySet};
use crate::oidc::jwt::ledger::{Ledger, beginning};
use crate::oidc::jwt::object::Object;
use crate::problem::{Place, Problem};
use crate::source::{KeyPath, printable};
use crate::verdict::Weight;

/// What proves a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The name of the algorithm.
    pub algorithm: &'static str,
    /// The fingerprint of the key; none for a secret.
    pub key: Option<String>,
    /// What people call the place that the key comes from.
    pub origin: String,
}

/// A token whose signature is to be verified.
pub(super) struct Case<'c> {
    /// Itself.
    pub(super) token: &'c Signed<'c>,
    /// Its header.
    pub(super) header: &'c Object,
    /// What it is judged by.
    pub(super) expectation: &'c Expectation,
}

/// The proof of a token, where there is one. `algorithm` is one that is allowed.
pub(super) fn verify(
    case: &Case<'_>,
    algorithm: Option<&'static Algorithm>,
    ledger: &mut Ledger,
) -> Option<Proof> {
    if let Some(set) = &case.expectation.keys {
        secrets(set, ledger);
    }
    let algorithm = algorithm?;
    match algorithm.means {
        Means::Hmac(hash) => {
            let Some(secret) = &case.expectation.secret else {
                case.no_key("--client-secret-file FILE", ledger);
                return None;
            };
            if secret.length() < hash.length() {
                let message = format!(
                    "the client secret has {} bytes, and {} needs {}",
                    secret.length(),
                    algorithm.name,
                    hash.length()
                );
                let problem = Problem::new(message, case.header.place("alg"))
                    .why("a short secret can be guessed from one token")
                    .remedy("a longer secret, or RS256 or ES256");
                ledger.reject(&cards::HMAC_KEY_SHORT, problem);
                return None;
            }
            let (message, tag) = (case.token.input.as_bytes(), &case.token.signature);
            if !verify_hmac(hash, secret.bytes(), message, tag) {
                case.invalid("the client secret", None, ledger);
                return None;
            }
            Some(Proof { algorithm: algorithm.name, key: None, origin: "client secret".to_owned() })
        }
        Means::Pair(..) => {
            let Some(set) = &case.expectation.keys else {
                case.no_set(ledger);
                return None;
            };
            case.by_set(set, algorithm, ledger)
        }
    }
}

/// Private and symmetric keys in a set: with them everybody can sign.
fn secrets(set: &KeySet, ledger: &mut Ledger) {
    for key in &set.keys {
        let (rule, what) = match (key.is_symmetric(), key.is_private) {
            (true, _) => (&cards::SYMMETRIC, "is symmetric"),
            (_, true) => (&jwks::PRIVATE_IN_SET, "is published with its private part"),
            _ => continue,
        };
        let problem = Problem::new(format!("{} {what}", label(key)), place(set, key))
            .why("whoever reads the key set can sign tokens in the provider's name")
            .remedy("replace the key at the provider at once, and publish public parts alone");
        ledger.reject(rule, problem);
    }
}

fn label(key: &Key) -> String {
    match &key.id {
        Some(id) => format!("the key {}", printable(id)),
        None => "a key without a name".to_owned(),
    }
}

fn place(set: &KeySet, key: &Key) -> Place {
    Place { span: key.span, ..beginning(&set.source) }
}

impl Case<'_> {
    fn by_set(
        &self,
        set: &KeySet,
        algorithm: &'static Algorithm,
        ledger: &mut Ledger,
    ) -> Option<Proof> {
        let candidates = self.candidates(set, algorithm, ledger);
        let Means::Pair(scheme, ..) = algorithm.means else { return None };
        let message = self.token.input.as_bytes();
        let holds = |key: &&PublicKey| {
            signature::verify(scheme, key, message, &self.token.signature).is_ok()
        };
        let sound = candidates.iter().filter_map(|key| key.public.as_ref()?.as_ref().ok());
        let found = sound.clone().find(holds);
        if let Some(key) = found {
            let (key, origin) = (Some(key.fingerprint()), set.origin.clone());
            return Some(Proof { algorithm: algorithm.name, key, origin });
        }
        if !candidates.is_empty() {
            let whose = match candidates.as_slice() {
                [only] => label(only),
                _ => "any key of the set".to_owned(),
            };
            self.invalid(&whose, Some((set, algorithm)), ledger);
        }
        None
    }

    /// The keys that may have signed it.
    fn candidates<'s>(
        &self,
        set: &'s KeySet,
        algorithm: &'static Algorithm,
        ledger: &mut Ledger,
    ) -> Vec<&'s Key> {
        let named = self.header.text("kid");
        let of_name: Vec<&Key> = match named {
            Some(id) => set.keys.iter().filter(|key| key.id.as_deref() == Some(id)).collect(),
            None => set.keys.iter().collect(),
        };
        if of_name.is_empty() {
            self.unknown(set, named, ledger);
            return Vec::new();
        }
        if named.is_some() {
            duplicates(set, &of_name, ledger);
        }
        let fitting: Vec<&Key> =
            of_name.iter().copied().filter(|key| key.misfit(algorithm).is_none()).collect();
        match (fitting.as_slice(), of_name.as_slice()) {
            ([], [only]) => self.misfit(set, only, algorithm, ledger),
            ([], [first, ..]) if named.is_some() => self.misfit(set, first, algorithm, ledger),
            ([], _) => self.unknown(set, None, ledger),
            ([_, _, ..], _) if named.is_none() => {
                let message = format!("the token has no kid, and {} keys would fit", fitting.len());
                let problem = Problem::new(message, self.header.place("kid"))
                    .why("a reader has to try all of them, and many refuse to")
                    .remedy("the provider should name its key in the header");
                ledger.add(&cards::KID_ABSENT, Weight::Warning, problem);
            }
            _ => {}
        }
        let is_sound = |key: &&Key| {
            let weakness = key.weakness();
            if let Some(what) = &weakness {
                let problem = Problem::new(format!("{} {what}", label(key)), place(set, key))
                    .why("what such a key signed, others may have signed too")
                    .remedy("a new key at the provider: RSA 2048 or more, or EC P-256");
                ledger.reject(&jwks::WEAK_KEY, problem);
            }
            weakness.is_none()
        };
        // With a name the key was chosen by it; without one the weak are left out in silence, as
        // long as another fits.
        let others = fitting.iter().any(|key| key.weakness().is_none());
        if named.is_none() && others {
            return fitting.into_iter().filter(|key| key.weakness().is_none()).collect();
        }
        fitting.into_iter().filter(is_sound).collect()
    }

    fn misfit(&self, set: &KeySet, key: &Key, algorithm: &'static Algorithm, ledger: &mut Ledger) {
        let why = key.misfit(algorithm).unwrap_or_default();
        let message = format!("{} does not fit: {}", label(key), printable(&why));
        let problem = Problem::new(message, self.header.place("alg"))
            .why("a key counts for one algorithm and one use only")
            .related(place(set, key), "this key");
        ledger.reject(&cards::ALG_KEY_MISMATCH, problem);
    }

    fn unknown(&self, set: &KeySet, named: Option<&str>, ledger: &mut Ledger) {
        let origin = printable(&set.origin);
        let message = match named {
            _ if set.keys.is_empty() => format!("{origin} holds no key"),
            Some(id) => format!(
                "the token names the key {}, and {origin} has none of that name",
                printable(id)
            ),
            None => format!("no key of {origin} fits the token"),
        };
        if self.is_signed_by_itself() {
            self.invalid("any key of the set", None, ledger);
        }
        let known: Vec<&str> = set.keys.iter().filter_map(|key| key.id.as_deref()).collect();
        let mut problem = Problem::new(message, self.header.place("kid"))
            .why("the set is older or newer than the token, or another provider's")
            .remedy("take the key set anew from the address that jwks_uri names");
        if !known.is_empty() {
            let shown: Vec<_> = known.iter().take(MOST_SHOWN).map(|id| printable(id)).collect();
            let more = if known.len() > MOST_SHOWN { ", …" } else { "" };
            problem = problem.note(format!("it has: {}{more}", shown.join(", ")));
        }
        ledger.reject(&cards::KID_UNKNOWN, self.noted(problem));
    }

    fn no_key(&self, how: &'static str, ledger: &mut Ledger) {
        let problem =
            Problem::new("no key is at hand to verify the signature", self.header.place("kid"))
                .remedy(how);
        ledger.add(&cards::NO_KEY, Weight::Undecided, self.noted(problem));
    }

    /// No key set: none was given, or what was asked for did not come.
    fn no_set(&self, ledger: &mut Ledger) {
        let Some(reason) = &self.expectation.keys_kept_away else {
            return self.no_key("--jwks FILE, or --fetch to ask the provider", ledger);
        };
        let problem =
            Problem::new("no key is at hand to verify the signature", self.header.place("kid"))
                .why(printable(reason))
                .remedy("look at that first; or --jwks FILE with the key set, saved elsewhere");
        ledger.add(&cards::NO_KEY, Weight::Undecided, self.noted(problem));
    }

    fn invalid(
        &self,
        whose: &str,
        beside: Option<(&KeySet, &'static Algorithm)>,
        ledger: &mut Ledger,
    ) {
        let is_empty = self.token.signature.is_empty();
        let message = if is_empty {
            "the token has no signature".to_owned()
        } else {
            format!("the signature was not made with {whose}")
        };
        let (why, remedy) = match beside {
            _ if is_empty => (
                "somebody cut it off",
                "the whole token, as the token endpoint gave it: the signature is its last part",
            ),
            _ if self.is_signed_by_itself() => (
                "it was made with the key that the token brings along, which nobody vouches for",
                "a token from the provider's own token endpoint; find out who made this one",
            ),
            Some((set, algorithm)) if self.holds_elsewhere(set, algorithm) => (
                "another key of the set made it, and the token names the wrong one",
                "at the provider, the kid of the key that signs",
            ),
            Some(_) => (
                CHANGED,
                "the token anew and whole, and the key set as the provider publishes it now",
            ),
            None => (CHANGED, "the token anew and whole, and the client secret as it is now"),
        };
        let problem = Problem::new(message, beginning(&self.header.source)).why(why).remedy(remedy);
        ledger.reject(&cards::SIG, self.noted(problem));
    }

    /// Says what an application does that does not look at signatures.
    fn noted(&self, problem: Problem) -> Problem {
        let reader = self.expectation.reader.filter(|reader| reader.passes_over_signature);
        match reader {
            Some(reader) => problem.note(format!(
                "{} does not verify the signature of a token that it fetched itself from the token \
                 endpoint; one that came another way must not be trusted so",
                reader.name
            )),
            None => problem,
        }
    }

    fn holds_elsewhere(&self, set: &KeySet, algorithm: &'static Algorithm) -> bool {
        let Means::Pair(scheme, ..) = algorithm.means else { return false };
        let message = self.token.input.as_bytes();
        let keys = set.keys.iter().filter_map(|key| key.public.as_ref()?.as_ref().ok());
        let mut keys = keys.take(MOST_TRIED);
        keys.any(|key| signature::verify(scheme, key, message, &self.token.signature).is_ok())
    }

    /// Whether the key in the header made the signature: that tells what happened, and proves
    /// nothing.
    fn is_signed_by_itself(&self) -> bool {
        let name = self.header.text("alg").unwrap_or_default();
        let Some(algorithm) = Algorithm::named(name) else { return false };
        let Means::Pair(scheme, ..) = algorithm.means else { return false };
        let message = self.token.input.as_bytes();
        self.header.embedded_key().is_some_and(|key| {
            signature::verify(scheme, &key, message, &self.token.signature).is_ok()
        })
    }
}

/// Keys of one name.
fn duplicates(set: &KeySet, of_name: &[&Key], ledger: &mut Ledger) {
    let [first, rest @ ..] = of_name else { return };
    for other in rest {
        let purpose = |key: &Key| key.purpose.clone().unwrap_or_else(|| "sig".to_owned());
        let same = first.family == other.family
            && purpose(first) == purpose(other)
            && first.public != other.public;
        let problem =
            Problem::new(format!("{} stands twice in the set", label(other)), place(set, other))
                .why("readers that take the first key of a name refuse what the other one signed")
                .related(Place { path: KeyPath::default(), ..place(set, first) }, "the first");
        let weight = if same { Weight::Reject } else { Weight::Warning };
        ledger.add(&jwks::DUPLICATE_KEY_ID, weight, problem);
    }
}

const CHANGED: &str = "the token was changed after it was signed, or another key signed it";
const MOST_SHOWN: usize = 5;
const MOST_TRIED: usize = 20;
