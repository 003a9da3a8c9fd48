//! From what a configuration says to what an assertion is judged by.

use crate::apps::App;
use crate::apps::from_config::{Expected, FromConfig, Missing, Saml, Trust};
use crate::apps::reader::{Library, Reader};
use crate::libraries::pysaml2::{self, Switches};
use crate::libraries::python3_saml;
use crate::saml::expectation::Expectation;
use crate::saml::metadata::{self, Entity, Metadata};
use crate::saml::policy::Policy;
use crate::xml::Limits;

/// Why nothing in metadata can be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoEntity {
    /// It describes no identity provider.
    None,
    /// It describes several, and none was chosen.
    Several(Vec<String>),
    /// It describes others than the one that is wanted.
    Unknown(String, Vec<String>),
}

impl NoEntity {
    /// What is wrong.
    pub fn message(&self) -> String {
        match self {
            Self::None => "the metadata describes no identity provider".to_owned(),
            Self::Several(ids) => {
                format!("the metadata describes {} identity providers", ids.len())
            }
            Self::Unknown(wanted, ids) => {
                format!("the metadata describes {}, not `{wanted}`", ids.join(", "))
            }
        }
    }
}

impl FromConfig {
    /// Fills in what the configuration knows, and gives what it does not.
    pub fn expect(&self, expectation: &mut Expectation) -> Vec<Missing> {
        if self.is_switched_off {
            expectation.disabled = Some("enabled is false".to_owned());
        }
        match &self.expected {
            Expected::Saml(saml) => saml.expect(expectation),
            Expected::Oidc(_) => Vec::new(),
        }
    }
}

/// What an application's library enforces; `has_uid` says whether the account's key comes from an
/// attribute, so that no `NameID` is needed.
pub fn policy(reader: &Reader, app: &App, has_uid: bool) -> Policy {
    match reader.library {
        Library::Python3Saml => python3_saml::policy(&app.name, has_uid),
        Library::Pysaml2 => pysaml2::policy(
            &app.name,
            Switches {
                response_signed: reader.response_signed,
                assertions_signed: reader.assertions_signed,
                unsolicited: reader.unsolicited,
                skew: i64::from(reader.skew),
            },
        ),
        Library::Unknown => Policy::of_unknown_library(&app.name, i64::from(reader.skew)),
    }
}

impl Saml {
    /// What the application's library enforces.
    pub fn policy(&self, app: &App) -> Policy {
        policy(&self.reader, app, self.has_uid)
    }

    fn expect(&self, expectation: &mut Expectation) -> Vec<Missing> {
        let mut missing = Vec::new();
        let mut known = |value: &Result<String, Missing>| match value {
            Ok(value) => vec![value.clone()],
            Err(one) => {
                missing.push(one.clone());
                Vec::new()
            }
        };
        expectation.acs.extend(known(&self.acs_url));
        expectation.audiences.extend(known(&self.audience));
        if let Some(issuer) = &self.issuer {
            expectation.issuer = Some(issuer.clone());
        }
        match &self.trust {
            Ok(Trust::Certificate(der)) => {
                expectation.pin(der, "the configuration", self.issuer.as_deref());
            }
            Ok(Trust::Metadata(xml)) => missing.extend(self.expect_metadata(xml, expectation)),
            Err(one) => missing.push(one.clone()),
        }
        missing
    }

    fn expect_metadata(&self, xml: &str, expectation: &mut Expectation) -> Option<Missing> {
        let read = metadata::read(xml, Limits::default());
        let pinned = match &read {
            Ok(metadata) => {
                let wanted = self.issuer.as_deref();
                pin(expectation, metadata, wanted, "the configuration")
                    .map_err(|fault| fault.message())
            }
            Err(_) => Err("the metadata in the configuration cannot be read".to_owned()),
        };
        let what = "the identity provider's certificate";
        pinned.err().map(|why| Missing { what, why, give: "--metadata FILE" })
    }
}

/// Trusts the signing keys of the identity provider in metadata: of the wanted one, else of the only
/// one. Its entity id is then the issuer, unless another one is expected already.
pub fn pin(
    expectation: &mut Expectation,
    metadata: &Metadata,
    wanted: Option<&str>,
    origin: &str,
) -> Result<(), NoEntity> {
    let all: Vec<&Entity> = metadata.identity_providers().collect();
    let ids = || all.iter().map(|entity| entity.entity_id.value.clone()).collect();
    let entity = match (wanted, all.as_slice()) {
        (_, []) => return Err(NoEntity::None),
        (Some(wanted), all) => all.iter().find(|entity| entity.entity_id.value == wanted),
        (None, [only]) => Some(only),
        (None, _) => return Err(NoEntity::Several(ids())),
    };
    let Some(entity) = entity else {
        return Err(NoEntity::Unknown(wanted.unwrap_or_default().to_owned(), ids()));
    };
    let id = &entity.entity_id.value;
    for certificate in entity.idp.iter().flat_map(|role| role.signing()) {
        let der = certificate.der().unwrap_or_default();
        expectation.pin(&der, origin, Some(id));
    }
    expectation.issuer.get_or_insert_with(|| id.clone());
    Ok(())
}
