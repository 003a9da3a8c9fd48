//! A configuration against saved documents of its identity provider.
//!
//! Each check is made once for all applications. What it finds goes under the application's own rule
//! where it has one, so that one cause is told under one code.

pub(super) mod belonging;
pub(super) mod certificates;
pub(super) mod differences;
pub(super) mod discovery;
pub(super) mod documents;
pub(super) mod metadata;
pub(super) mod registration;

pub use belonging::{provider_names, unmatched};

use crate::apps::App;
use crate::rules::{Lint, calabi, clearml, cvat, label_studio};

/// What can be wrong under the code of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    /// An address on record is not the one that the application names.
    Callback,
    /// A discovery document that the application cannot use.
    Discovery,
    /// A signing certificate is past its end.
    ExpiredCertificate,
    /// A signing certificate comes to its end.
    ExpiringCertificate,
    /// No single sign-on endpoint that the application can use.
    NoEndpoint,
    /// No metadata at all.
    NoMetadata,
    /// Metadata of an application.
    ServiceProvider,
}

/// The rule under which an application's fault is told.
fn rule_of(app: &App, fault: Fault) -> &'static Lint {
    let own = OWN.iter().find(|(id, own, _)| *id == app.id && *own == fault);
    own.map_or_else(|| common(fault), |(_, _, lint)| lint)
}

fn common(fault: Fault) -> &'static Lint {
    match fault {
        Fault::Callback => &registration::CALLBACK_MISMATCH,
        Fault::Discovery => &discovery::FOREIGN_ISSUER,
        Fault::ExpiredCertificate | Fault::ExpiringCertificate => &certificates::EXPIRED,
        Fault::NoEndpoint => &metadata::MISSING_BINDING,
        Fault::NoMetadata => &documents::WRONG_DOCUMENT,
        Fault::ServiceProvider => &documents::SP_METADATA,
    }
}

/// Rules of applications that stand above the common ones.
const OWN: [(&str, Fault, &Lint); 19] = [
    ("calabi", Fault::ExpiredCertificate, &calabi::metadata::OWN),
    ("calabi", Fault::NoMetadata, &calabi::metadata::OWN),
    ("calabi", Fault::ServiceProvider, &calabi::metadata::OWN),
    ("clearml", Fault::Callback, &clearml::captured::CALLBACK_MISMATCH),
    ("clearml", Fault::ExpiredCertificate, &clearml::captured::EXPIRED),
    ("clearml", Fault::ExpiringCertificate, &clearml::captured::EXPIRED),
    ("clearml", Fault::NoEndpoint, &clearml::captured::NO_REDIRECT_ENDPOINT),
    ("clearml", Fault::NoMetadata, &clearml::saml::NO_METADATA),
    ("clearml", Fault::ServiceProvider, &clearml::saml::NO_METADATA),
    ("cvat", Fault::Callback, &cvat::captured::CALLBACK_MISMATCH),
    ("cvat", Fault::Discovery, &cvat::captured::UNUSABLE_DISCOVERY),
    ("cvat", Fault::ExpiredCertificate, &cvat::certificate::EXPIRED),
    ("cvat", Fault::ExpiringCertificate, &cvat::certificate::EXPIRED),
    ("cvat", Fault::NoEndpoint, &cvat::captured::NO_REDIRECT_ENDPOINT),
    ("label-studio", Fault::Callback, &label_studio::captured::FOREIGN_AUDIENCE),
    ("label-studio", Fault::ExpiredCertificate, &label_studio::captured::UNUSABLE_METADATA),
    ("label-studio", Fault::NoEndpoint, &label_studio::captured::UNUSABLE_METADATA),
    ("label-studio", Fault::NoMetadata, &label_studio::captured::UNUSABLE_METADATA),
    ("label-studio", Fault::ServiceProvider, &label_studio::captured::UNUSABLE_METADATA),
];
