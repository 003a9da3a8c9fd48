//! What the library that reads assertions for an application demands of them.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::apps::App;
use crate::apps::label_studio_environment::LsEnvironment;
use crate::deployment::Deployment;

/// Which library reads assertions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Library {
    /// pysaml2.
    Pysaml2,
    /// python3-saml, under django-allauth.
    #[serde(rename = "python3-saml")]
    Python3Saml,
    /// None that anybody outside knows.
    Unknown,
}

/// What is demanded of an assertion and of the response around it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Reader {
    /// The application's id.
    pub app: String,
    /// The library.
    pub library: Library,
    /// Whether the response must bear a signature.
    pub response_signed: bool,
    /// Whether each assertion must bear a signature.
    pub assertions_signed: bool,
    /// Whether one signature, on either, is needed.
    pub either_signed: bool,
    /// Whether a response to no request is taken.
    pub unsolicited: bool,
    /// Whether signatures and digests with SHA-1 are taken.
    pub sha1: bool,
    /// Whether it has a key to decrypt with.
    pub decrypts: bool,
    /// Whether an assertion without attributes is refused.
    pub wants_attributes: bool,
    /// The difference of clocks that it allows for, in seconds.
    pub skew: u32,
    /// Whether the application is known to leave the library as it is. Where it is not, a switch
    /// that is set here may be off there.
    pub certain: bool,
    /// Where this is known from.
    pub source: String,
    /// The variables of the environment that set a switch otherwise, with what they set.
    #[serde(skip)]
    pub set: Vec<(&'static str, bool)>,
}

impl Reader {
    /// The reader of an application with what its environment switches.
    pub fn of(app: &App, deployment: &Deployment) -> Self {
        let own = DATA.reader.iter().find(|reader| reader.app == app.id);
        let mut reader = own.expect("every application has its reader").clone();
        if app.id != "label-studio" {
            return reader;
        }
        let carried = deployment.carried();
        let environment = LsEnvironment::new(&carried);
        for switch in &DATA.switch {
            let value = environment.lookup(&switch.variable).and_then(|set| set.boolean());
            if let Some(value) = value {
                *reader.switch(switch.sets) = value;
                reader.set.push((switch.variable.as_str(), value));
            }
        }
        reader
    }

    /// Whether a variable of the environment sets what must be signed.
    pub fn is_signing_set(&self) -> bool {
        self.set.iter().any(|(variable, _)| variable.contains("SIGNED"))
    }

    fn switch(&mut self, sets: Sets) -> &mut bool {
        match sets {
            Sets::AssertionsSigned => &mut self.assertions_signed,
            Sets::EitherSigned => &mut self.either_signed,
            Sets::ResponseSigned => &mut self.response_signed,
            Sets::Unsolicited => &mut self.unsolicited,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Data {
    reader: Vec<Reader>,
    switch: Vec<Switch>,
}

/// A variable that sets a switch.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Switch {
    variable: String,
    sets: Sets,
    #[allow(dead_code, reason = "a fact has its source, which a test looks at")]
    source: String,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sets {
    AssertionsSigned,
    EitherSigned,
    ResponseSigned,
    Unsolicited,
}

static DATA: LazyLock<Data> = LazyLock::new(|| {
    toml::from_str(include_str!("reader.toml"))
        .unwrap_or_else(|error| panic!("bug: readers of applications: {error}"))
});

#[cfg(test)]
mod tests {
    use super::{DATA, Library};
    use crate::apps;
    use crate::libraries::pysaml2;

    #[test]
    fn every_application_has_a_reader_and_every_fact_a_source() {
        let has = |app: &apps::App| DATA.reader.iter().any(|reader| reader.app == app.id);
        assert!(apps::all().iter().all(has));
        assert!(DATA.reader.iter().all(|reader| !reader.source.is_empty()));
        assert!(DATA.switch.iter().all(|switch| !switch.source.is_empty()));
    }

    #[test]
    fn what_is_said_of_pysaml2_is_what_its_own_file_says() {
        for reader in DATA.reader.iter().filter(|reader| reader.library == Library::Pysaml2) {
            assert_eq!(reader.response_signed, pysaml2::WANT_RESPONSE_SIGNED);
            assert_eq!(reader.assertions_signed, pysaml2::WANT_ASSERTIONS_SIGNED);
            assert_eq!(reader.either_signed, pysaml2::WANT_ASSERTIONS_OR_RESPONSE_SIGNED);
            assert_eq!(reader.unsolicited, pysaml2::ALLOW_UNSOLICITED);
            assert_eq!(reader.skew, pysaml2::ACCEPTED_TIME_DIFF);
        }
    }
}
