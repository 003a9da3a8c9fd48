//! Keys and certificates that are made here.

use getrandom::SysRng;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
    date_time_ymd,
};
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use secrecy::SecretString;

use crate::crypto::key::KeyError;

/// A key and the certificate that it signed itself.
#[derive(Debug)]
pub struct Generated {
    /// The private key: PKCS#8 in PEM.
    pub key: SecretString,
    /// The certificate in PEM.
    pub certificate: String,
}

/// A day that exists: year, month, day of the month.
pub type Day = (i32, u8, u8);

/// An RSA key of 3072 bits and a certificate for it, valid from one day to another.
pub fn self_signed(common_name: &str, from: Day, until: Day) -> Result<Generated, KeyError> {
    let key = rsa::PrivateKey::new(&mut SysRng, BITS).map_err(|_| KeyError::Unsound)?;
    let key = key.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::Unsound)?;
    let pair = KeyPair::from_pkcs8_pem_and_sign_algo(&key, &PKCS_RSA_SHA256);
    let pair = pair.map_err(|_| KeyError::Unsound)?;
    let certificate = parameters(common_name, from, until).self_signed(&pair);
    let certificate = certificate.map_err(|_| KeyError::Unsound)?.pem().replace("\r\n", "\n");
    Ok(Generated { key: key.as_str().into(), certificate })
}

fn parameters(common_name: &str, from: Day, until: Day) -> CertificateParams {
    let [from, until] = [from, until].map(|(year, month, day)| date_time_ymd(year, month, day));
    let mut parameters = CertificateParams::default();
    parameters.not_before = from;
    parameters.not_after = until;
    parameters.distinguished_name = DistinguishedName::new();
    parameters.distinguished_name.push(DnType::CommonName, common_name);
    parameters.key_usages =
        vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyEncipherment];
    parameters
}

/// The length of the keys made here: as strong as 128 bits (NIST SP 800-57).
const BITS: usize = 3072;
