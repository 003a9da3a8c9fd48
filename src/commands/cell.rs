//! Which application, which identity provider, which protocol: what `setup` and `init` share.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use crate::apps;
use crate::commands::Failure;
use crate::idps;
use crate::model::Protocol;
use crate::setups::{self, Cell, Given, Refusal};
use crate::sheet::answers;
use crate::source::printable;
use crate::world::{World, disk};

/// The arguments that name a setup.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct CellArgs {
    /// The application
    #[arg(long, value_name = "APP", value_parser = applications())]
    pub(super) app: Option<String>,

    /// The identity provider; generic for any other one, and for an LDAP directory
    #[arg(long, value_name = "IDP", value_parser = identity_providers())]
    pub(super) idp: Option<String>,

    /// What they are to speak
    #[arg(long, value_name = "PROTOCOL", value_parser = ["oidc", "saml", "scim", "ldap"])]
    pub(super) protocol: Option<String>,

    /// The address under which people open the application
    #[arg(long, value_name = "URL", value_parser = super::validate::base_url)]
    pub(super) base_url: Option<String>,

    /// The application's id for the provider, where it has one
    #[arg(long, value_name = "ID", value_parser = word)]
    pub(super) provider: Option<String>,

    /// Label Studio: the organization's token, or the whole ACS URL that Label Studio shows
    #[arg(long, value_name = "TOKEN", value_parser = word)]
    pub(super) token: Option<String>,

    /// What the identity provider's administrator sent back: YAML or JSON, name to value
    #[arg(long, value_name = "FILE")]
    pub(super) answers: Option<PathBuf>,
}

/// What an answers file says.
#[derive(Default)]
pub(super) struct Answered {
    /// Everything that may be shown.
    pub(super) answers: BTreeMap<String, String>,
    /// The rest.
    pub(super) secrets: BTreeMap<String, String>,
}

impl CellArgs {
    /// The setup that is named, or what is missing or impossible.
    pub(super) fn cell(&self, command: &str) -> Result<&'static Cell, Failure> {
        let (Some(app), Some(idp), Some(protocol)) = (&self.app, &self.idp, self.protocol()) else {
            return Err(self.missing(command));
        };
        setups::cell(app, idp, protocol).map_err(|refusal| refused(command, &refusal))
    }

    /// The protocol, where it is named.
    pub(super) fn protocol(&self) -> Option<Protocol> {
        self.protocol.as_deref().and_then(Protocol::by_id)
    }

    /// What is known of the setup.
    pub(super) fn given(&self, answers: BTreeMap<String, String>) -> Given {
        Given {
            base_url: self.base_url.clone(),
            provider: self.provider.clone(),
            token: self.token.clone(),
            answers,
        }
    }

    /// The answers, where there is a file of them. What is odd about it is told.
    pub(super) fn answered(
        &self,
        cell: &'static Cell,
        world: &mut World<'_>,
    ) -> Result<Answered, Failure> {
        let Some(path) = &self.answers else { return Ok(Answered::default()) };
        let text = read_text(path, world)?;
        let mut wanted = setups::answerable(cell);
        let secrets: Vec<String> =
            wanted.iter().filter(|one| one.secret).map(|one| one.name.clone()).collect();
        // What nobody answered stays a placeholder, and is named as one.
        wanted.iter_mut().for_each(|one| one.optional = true);
        let reading = answers::read(&path.to_string_lossy(), text, &wanted);
        for problem in &reading.problems {
            drop(writeln!(world.stderr, "ssoctl: {}", answers::in_words(problem)));
        }
        if reading.has_errors() {
            let names: Vec<&str> = wanted.iter().map(|one| one.name.as_str()).collect();
            let name = path.to_string_lossy();
            return Err(Failure::new(format!("{name} cannot be used as it is"))
                .hint(format!("asked for: {}", names.join(", "))));
        }
        let mut answered = Answered::default();
        for answer in reading.answers.iter() {
            let is_secret = secrets.contains(&answer.name);
            let into = if is_secret { &mut answered.secrets } else { &mut answered.answers };
            into.insert(answer.name.clone(), answer.value.clone());
        }
        Ok(answered)
    }

    /// What is missing to name a setup, with what can be said.
    pub(super) fn missing(&self, command: &str) -> Failure {
        let lists = [
            ("--app", self.app.is_none(), self.choices(Cell::app)),
            ("--idp", self.idp.is_none(), self.choices(Cell::idp)),
            ("--protocol", self.protocol.is_none(), self.choices(|cell| cell.protocol.id())),
        ];
        let missing: Vec<_> = lists.iter().filter(|(_, is_missing, _)| *is_missing).collect();
        let flags: Vec<&str> = missing.iter().map(|(flag, ..)| *flag).collect();
        let lines = missing.iter().map(|(flag, _, values)| format!("{flag} {}", values.join("|")));
        Failure::new(format!("{command} needs {}", flags.join(", ")))
            .hint(lines.collect::<Vec<_>>().join("; "))
    }

    /// The values of one flag that can go with those of the others.
    pub(super) fn choices(&self, of: impl Fn(&Cell) -> &'static str) -> Vec<&'static str> {
        let fits = |cell: &&Cell| {
            self.app.as_ref().is_none_or(|app| app == cell.app())
                && self.idp.as_ref().is_none_or(|idp| idp == cell.idp())
                && self.protocol().is_none_or(|protocol| protocol == cell.protocol)
        };
        let mut values = Vec::new();
        for value in setups::cells().filter(fits).map(of) {
            if !values.contains(&value) {
                values.push(value);
            }
        }
        values
    }
}

/// A file's text, or that of standard input.
pub(super) fn read_text(path: &Path, world: &mut World<'_>) -> Result<String, Failure> {
    let name = path.to_string_lossy();
    let failed = |error: &std::io::Error| Failure::file("read", &name, error);
    let bytes = if path == Path::new("-") {
        let mut bytes = Vec::new();
        let read = world.stdin.by_ref().take(LARGEST + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed(&error))?;
        bytes
    } else {
        disk::read(path, LARGEST).map_err(|error| failed(&error))?.bytes
    };
    if u64::try_from(bytes.len()).is_ok_and(|length| length > LARGEST) {
        return Err(Failure::new(format!("{name} is larger than 4 MiB")));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new(format!("{name} is not UTF-8")))
}

fn refused(command: &str, refusal: &Refusal) -> Failure {
    let failure = Failure::new(printable(&refusal.reason));
    if refusal.instead.is_empty() {
        return failure;
    }
    let instead: Vec<String> = refusal
        .instead
        .iter()
        .map(|cell| {
            let (app, idp) = (cell.app(), cell.idp());
            format!("ssoctl {command} --app {app} --idp {idp} --protocol {}", cell.protocol.id())
        })
        .collect();
    failure.hint(match instead.as_slice() {
        [only] => format!("this exists: {only}"),
        [first, rest @ ..] => {
            let others: Vec<String> = refusal.instead[1..]
                .iter()
                .map(|cell| format!("{} {}", cell.idp(), cell.protocol.id()))
                .collect();
            debug_assert_eq!(others.len(), rest.len());
            format!("this exists: {first}; also {}", others.join(", "))
        }
        [] => String::new(),
    })
}

fn applications() -> PossibleValuesParser {
    PossibleValuesParser::new(apps::all().iter().map(|app| app.id.as_str()))
}

fn identity_providers() -> PossibleValuesParser {
    PossibleValuesParser::new(idps::all().iter().map(|idp| idp.id))
}

/// A value that stands in addresses and in the file: no white space, nothing invisible.
fn word(text: &str) -> Result<String, String> {
    let is_sound = |c: char| !c.is_whitespace() && !c.is_control();
    if text.is_empty() || !text.chars().all(is_sound) || printable(text) != text {
        return Err("it must be one word, without white space".to_owned());
    }
    Ok(text.to_owned())
}

/// Metadata pasted into an answers file is the largest thing that one holds.
const LARGEST: u64 = 4 << 20;
