//! The applications: what each one's files look like, and what they tell it.

pub mod calabi;
pub mod clearml;
pub mod cvat;
pub mod errors;
pub mod expect;
pub mod from_config;
mod label_studio;
pub mod label_studio_environment;
pub mod label_studio_saml;
pub mod reader;
mod recognise;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::deployment::{Deployment, FileKind};
use crate::model::{Config, Protocol, SettingCard, nearest};
use crate::syntax::tree::NodeRef;

pub use recognise::{
    CandidateName, Recognised, forced, foreign_kind, is_candidate, is_worth_parsing, recognise,
    usual_app,
};

/// An application that can be a service provider. Read from its data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct App {
    /// The id on the command line: `cvat`.
    pub id: String,
    /// The name that people know.
    pub name: String,
    /// The day on which the facts were last looked at.
    pub checked: toml::value::Datetime,
    /// Whether it can hand no key of its own to its SAML library: it neither signs nor decrypts.
    #[serde(default, rename = "without-saml-key")]
    pub without_saml_key: bool,
    /// What gives its files away.
    pub recognise: Recognition,
    /// Where its addresses lie.
    pub urls: Urls,
    /// Settings that hold for all providers.
    #[serde(rename = "setting")]
    pub settings: Vec<SettingCard>,
    /// Settings of one provider.
    #[serde(rename = "provider")]
    pub provider_settings: Vec<SettingCard>,
    /// Account fields that attributes can fill.
    #[serde(rename = "field")]
    pub fields: Vec<SettingCard>,
    /// Settings of a login with a social account, which is another thing in the same file.
    #[serde(default, rename = "social")]
    pub social: Vec<SettingCard>,
    /// Settings of further maps inside its file, by the name of the map.
    #[serde(default, rename = "section")]
    pub sections: BTreeMap<String, Vec<SettingCard>>,
    /// What only Calabi has.
    #[serde(default)]
    pub calabi: Option<calabi::Facts>,
    /// What its code does with a deployment.
    #[serde(skip)]
    behaviour: Option<&'static Behaviour>,
}

/// What an application makes of files. Facts stand in its data file; this is how it reads.
#[derive(Debug)]
struct Behaviour {
    data: &'static str,
    /// From the files of a deployment to what the application was told.
    config: for<'t> fn(&'static App, &'t Deployment) -> Config<'t>,
    /// Which of its files a document of maps and lists is, told by its content.
    recognise: fn(&'static App, NodeRef<'_>, &str) -> Option<FileKind>,
}

/// All rows of the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Symptoms {
    #[serde(rename = "symptom")]
    symptoms: Vec<Symptom>,
}

/// What people see when something is wrong, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Symptom {
    /// The application's name.
    #[serde(skip)]
    pub app: String,
    /// What is seen.
    pub what: String,
    /// Words and error texts by which people look for it, in lower case.
    pub words: Vec<String>,
    /// The usual cause.
    pub cause: String,
    /// What to do.
    pub fix: String,
    /// Rules that find it in a file.
    #[serde(default)]
    pub rules: Vec<String>,
    /// Where this is known from.
    pub source: String,
}

/// What gives an application's files away.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Recognition {
    /// Parts of usual file names.
    pub file_names: Vec<String>,
    /// Keys that hardly another program has.
    pub keys: Vec<String>,
    /// Sections at the top of its file.
    pub sections: Vec<String>,
    /// Variables of its environment.
    pub variables: Vec<String>,
    /// Beginnings of names of variables that are its own.
    #[serde(default)]
    pub variable_prefixes: Vec<String>,
    /// Prefixes that a variable's name may have without becoming another variable.
    #[serde(default)]
    pub name_prefixes: Vec<String>,
    /// Words that a file must hold to be worth reading, beside keys and variables.
    #[serde(default)]
    pub words: Vec<String>,
    /// The Compose service whose process reads the variables.
    #[serde(default)]
    pub service: String,
    /// Where its Helm chart takes variables.
    #[serde(default)]
    pub helm_path: Vec<String>,
    /// Whether its SCIM side has settings in a file of their own.
    #[serde(default)]
    pub has_scim_settings: bool,
    /// Carriers in which its variables are looked for, beside environment files.
    #[serde(default)]
    pub carriers: Vec<FileKind>,
}

impl Recognition {
    /// Whether a variable of the process is one that this application reads for single sign-on.
    pub fn is_variable(&self, name: &str) -> bool {
        let bare = self.name_prefixes.iter().find_map(|prefix| name.strip_prefix(prefix.as_str()));
        let name = bare.unwrap_or(name);
        self.variables.iter().any(|own| own == name)
            || self.variable_prefixes.iter().any(|prefix| name.starts_with(prefix.as_str()))
    }
}

/// Addresses of the application below its base URL.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Urls {
    /// Where the authorization response goes (RFC 6749 section 3.1.2).
    pub oidc_redirect: Option<String>,
    /// The assertion consumer service (SAML profiles section 4.1).
    pub saml_acs: Option<String>,
    /// The service provider's entity id.
    pub saml_entity_id: Option<String>,
    /// The service provider's single logout service.
    pub saml_slo: Option<String>,
    /// The base of the SCIM service (RFC 7644 section 1.3).
    pub scim_base: Option<String>,
    /// The variable of its environment that holds the base URL.
    pub base_variable: Option<String>,
    /// What stands for `{id}` in them, where that is not the id of a provider.
    pub id: Option<String>,
    /// Paths that only the application itself has.
    pub own_paths: Vec<String>,
    /// Where this is described.
    pub source: String,
}

impl App {
    /// The application of an id.
    pub fn by_id(id: &str) -> Option<&'static Self> {
        all().iter().find(|app| app.id == id)
    }

    /// What a deployment told this application.
    pub fn config<'t>(&'static self, deployment: &'t Deployment) -> Config<'t> {
        (self.behaviour().config)(self, deployment)
    }

    /// Whether its SCIM side has settings in a file of their own.
    pub fn has_scim_settings(&self) -> bool {
        self.recognise.has_scim_settings
    }

    /// Which of its files a document is, by content; the name counts where the content leaves it open.
    fn recognise_root(&'static self, root: NodeRef<'_>, file_name: &str) -> Option<FileKind> {
        (self.behaviour().recognise)(self, root, file_name)
    }

    fn behaviour(&self) -> &'static Behaviour {
        self.behaviour.expect("every application of the list has its behaviour")
    }

    /// The address to register at the identity provider: redirect URI or assertion consumer
    /// service. Without a base URL it begins with `…`. None where the application has no such
    /// address, or nobody can compute it.
    pub fn callback(&self, protocol: Protocol, base: Option<&str>, id: &str) -> Option<String> {
        let template = match protocol {
            Protocol::Oidc => &self.urls.oidc_redirect,
            Protocol::Saml => &self.urls.saml_acs,
            Protocol::Scim => &self.urls.scim_base,
            Protocol::Ldap => &None,
        };
        template.as_ref().map(|template| fill(template, base, id))
    }

    /// The entity id under which the application asks for a SAML login.
    pub fn saml_entity_id(&self, base: Option<&str>, id: &str) -> Option<String> {
        self.urls.saml_entity_id.as_ref().map(|template| fill(template, base, id))
    }

    /// Where the application takes SAML logout messages.
    pub fn saml_slo(&self, base: Option<&str>, id: &str) -> Option<String> {
        self.urls.saml_slo.as_ref().map(|template| fill(template, base, id))
    }
}

/// The setting that an unknown key means: by another name of the same thing, else by a slip.
pub fn meant_card(cards: &'static [SettingCard], key: &str) -> Option<&'static SettingCard> {
    let other_name = cards.iter().find(|card| card.also_known_as.iter().any(|name| name == key));
    other_name.or_else(|| {
        let (near, _) = nearest(key, cards.iter().map(|card| card.key.as_str()))?;
        cards.iter().find(|card| card.key == near)
    })
}

/// The symptoms that some words describe: each row one of whose phrases is in the words, or holds
/// all of them.
pub fn symptoms(what: &str) -> Vec<&'static Symptom> {
    let what = what.to_lowercase();
    let words: Vec<&str> = what.split_whitespace().collect();
    let describes = |symptom: &&Symptom| {
        symptom.words.iter().any(|phrase| {
            what.contains(phrase.as_str()) || words.iter().all(|word| phrase.contains(word))
        })
    };
    let is_specific = what.chars().count() >= SHORTEST_SYMPTOM;
    SYMPTOMS.iter().filter(|_| is_specific).filter(describes).collect()
}

/// All applications.
pub fn all() -> &'static [App] {
    &APPS
}

fn fill(template: &str, base: Option<&str>, id: &str) -> String {
    template.replace("{base}", base.unwrap_or("…").trim_end_matches('/')).replace("{id}", id)
}

static APPS: LazyLock<Vec<App>> = LazyLock::new(|| BEHAVIOURS.iter().map(app).collect());

fn app(behaviour: &'static Behaviour) -> App {
    let app: App = toml::from_str(behaviour.data)
        .unwrap_or_else(|error| panic!("bug: data of an application: {error}"));
    App { behaviour: Some(behaviour), ..app }
}

/// Fewer letters describe nothing.
const SHORTEST_SYMPTOM: usize = 4;
static BEHAVIOURS: [Behaviour; 4] = [
    Behaviour { data: include_str!("cvat.toml"), config: cvat::config, recognise: cvat::recognise },
    Behaviour {
        data: include_str!("label-studio.toml"),
        config: label_studio::config,
        recognise: label_studio::recognise,
    },
    Behaviour {
        data: include_str!("clearml.toml"),
        config: clearml::config,
        recognise: clearml::recognise,
    },
    Behaviour {
        data: include_str!("calabi.toml"),
        config: calabi::config,
        recognise: calabi::recognise,
    },
];
static SYMPTOMS: LazyLock<Vec<Symptom>> = LazyLock::new(|| {
    let files = SYMPTOM_FILES.iter().flat_map(|(app, data)| {
        let rows: Symptoms =
            toml::from_str(data).unwrap_or_else(|error| panic!("bug: symptoms of {app}: {error}"));
        rows.symptoms.into_iter().map(|row| Symptom { app: (*app).to_owned(), ..row })
    });
    files.collect()
});
const SYMPTOM_FILES: [(&str, &str); 4] = [
    ("CVAT", include_str!("cvat-symptoms.toml")),
    ("Label Studio", include_str!("label-studio-symptoms.toml")),
    ("ClearML", include_str!("clearml-symptoms.toml")),
    ("Calabi", include_str!("calabi-symptoms.toml")),
];

#[cfg(test)]
mod tests {
    use super::{SYMPTOMS, all, symptoms};

    #[test]
    fn the_data_files_can_be_read_and_every_fact_has_a_source() {
        for app in all() {
            let cards = app
                .settings
                .iter()
                .chain(&app.provider_settings)
                .chain(&app.fields)
                .chain(&app.social)
                .chain(app.sections.values().flatten());
            assert!(cards.into_iter().all(|card| !card.source.is_empty()));
        }
        let sound = |phrase: &String| phrase.to_lowercase() == *phrase;
        let is_sound = |row: &super::Symptom| !row.source.is_empty() && row.words.iter().all(sound);
        assert!(SYMPTOMS.iter().all(is_sound));
    }

    #[test]
    fn error_numbers_and_words_lead_to_their_cause() {
        assert!(symptoms("AADSTS50011")[0].fix.contains("final slash"));
        assert!(symptoms("redirect loop").iter().any(|row| row.app == "Calabi"));
        assert!(symptoms("nothing of the kind").is_empty());
    }
}
