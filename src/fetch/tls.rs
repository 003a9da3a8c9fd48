//! Who is trusted, and what went wrong with TLS.

use std::error::Error;
use std::sync::Arc;

use rustls::{CertificateError, ClientConfig};
use rustls_platform_verifier::Verifier;

use crate::fetch::error::{FetchError, TlsFault};

/// TLS as the system trusts it, and these authorities besides.
pub(super) fn config(authorities: &[Vec<u8>]) -> Result<ClientConfig, FetchError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let extra = authorities.iter().map(|der| rustls::pki_types::CertificateDer::from(der.clone()));
    let verifier = Verifier::new_with_extra_roots(extra, Arc::clone(&provider))
        .map_err(|error| FetchError::Tls(without_authorities(&error)))?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| FetchError::Tls(TlsFault::Other(error.to_string())))?;
    Ok(builder
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth())
}

fn without_authorities(error: &rustls::Error) -> TlsFault {
    match error {
        rustls::Error::General(words) if words.contains("No CA certificates") => {
            TlsFault::NoAuthorities
        }
        error => TlsFault::Other(error.to_string()),
    }
}

/// What a cause says about TLS, if it comes from there.
pub(super) fn fault(cause: &(dyn Error + 'static)) -> Option<TlsFault> {
    cause.downcast_ref::<rustls::Error>().map(named)
}

fn named(error: &rustls::Error) -> TlsFault {
    use rustls::Error as E;
    match error {
        E::InvalidCertificate(error) => named_certificate(error),
        E::InvalidMessage(_) => TlsFault::NotTls,
        E::PeerIncompatible(_) | E::AlertReceived(rustls::AlertDescription::ProtocolVersion) => {
            TlsFault::NoCommonGround
        }
        E::AlertReceived(rustls::AlertDescription::HandshakeFailure) => TlsFault::NoCommonGround,
        error => TlsFault::Other(error.to_string()),
    }
}

fn named_certificate(error: &CertificateError) -> TlsFault {
    use CertificateError as E;
    match error {
        E::Expired | E::ExpiredContext { .. } => TlsFault::Expired,
        E::NotValidYet | E::NotValidYetContext { .. } => TlsFault::NotYetValid,
        E::NotValidForName | E::NotValidForNameContext { .. } => TlsFault::WrongName,
        E::UnknownIssuer => TlsFault::UnknownAuthority,
        error => TlsFault::Other(format!("{error:?}")),
    }
}

/// TLS that trusts nobody, for addresses that are asked without.
pub(super) fn without_trust() -> ClientConfig {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider's own versions are common to itself")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth()
}
