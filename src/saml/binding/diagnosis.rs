//! Why a signature beside a message does not hold: what the sender signed instead.

use crate::crypto::key::PublicKey;
use crate::saml::binding::{Detached, Escaping, Remark, SignedQuery};
use crate::saml::cards::bind::{BIND_COVERAGE, BIND_REDIRECT_SIGNATURE};
use crate::saml::dsig::{self, FaultKind, Policy};
use crate::verdict::Weight;

impl SignedQuery {
    /// What is to be said about a signature that does not hold over the bytes that were received;
    /// none where it holds, or where that cannot be told. It stays an error whatever else was
    /// signed.
    pub fn diagnosis(&self, keys: &[PublicKey], policy: &Policy) -> Option<Remark> {
        let faults = self.verify(&self.octets, keys, policy).err()?;
        let is_other = faults.iter().any(|fault| matches!(fault, FaultKind::ValueMismatch { .. }));
        if self.signature.is_empty() || !is_other {
            return None;
        }
        let holds = |octets: &Vec<u8>| self.verify(octets, keys, policy).is_ok();
        let signed = self.others.iter().find(|(_, octets)| holds(octets));
        let signed = signed.map(|(escaping, _)| *escaping);
        if signed == Some(Escaping::WithoutRelayState) {
            let message = "the signature beside the message leaves RelayState out";
            let remark = Remark::new(&BIND_COVERAGE, Weight::Reject, message);
            return Some(remark.why("RelayState can be exchanged on the way, and nobody notices"));
        }
        let what = match self.kind {
            Detached::Redirect => "query",
            Detached::SimpleSign => "form",
        };
        let message =
            format!("the signature beside the message does not hold over the {what} received");
        let remark = Remark::new(&BIND_REDIRECT_SIGNATURE, Weight::Reject, message);
        Some(match signed {
            Some(escaping) => {
                remark.why(format!("the sender signed it with {}", escaping.name())).remedy(
                    "something on the way wrote the address anew: take it as the browser got it",
                )
            }
            None => remark.remedy("take the address as it is in the browser, not from a log"),
        })
    }

    fn verify(
        &self,
        octets: &[u8],
        keys: &[PublicKey],
        policy: &Policy,
    ) -> Result<(), Vec<FaultKind>> {
        dsig::detached(octets, &self.algorithm, &self.signature, keys, policy).map(|_| ())
    }
}
