//! `ssoctl init`: a configuration to begin with.

mod questions;
mod told;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;

use crate::apps::App;
use crate::commands::cell::{Answered, CellArgs, read_text};
use crate::commands::validate::judge_text;
use crate::commands::{Failure, Outcome};
use crate::deployment::FileKind;
use crate::setups::{self, Cell, Draft, DraftFile, Form};
use crate::world::{World, disk};

/// Write a commented configuration for an application and an identity provider
///
/// What is not known yet stands in it as a placeholder in angle brackets, which validate names. On a
/// terminal, what is missing on the command line is asked for.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    pub(super) cell: CellArgs,

    /// The form of the file, where the application has several
    #[arg(long, value_name = "CARRIER", value_parser = carriers())]
    pub carrier: Option<String>,

    /// A file that holds the client secret, or the password of the directory's account
    #[arg(long, value_name = "FILE")]
    pub client_secret_file: Option<PathBuf>,

    /// Write to a file, or for hocon into a folder; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Replace the file if it exists
    #[arg(long, help_heading = "Output")]
    pub force: bool,
}

/// Makes the configuration, judges it as validate would, and writes it.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let output = args.output.as_deref().filter(|path| *path != Path::new("-"));
    if let Some(path) = output.filter(|path| !args.force && path.symlink_metadata().is_ok()) {
        return Err(exists(path));
    }
    let (named, answered) = known(args, world)?;
    let cell = named.cell("init")?;
    let form = form(args, cell)?;
    let given = named.given(answered.answers);
    let draft = setups::draft(cell, &given, &answered.secrets, form).map_err(|unwritable| {
        let message = format!("{} cannot hold the value of {}", form.id(), unwritable.name);
        Failure::new(message).hint("choose another --carrier")
    })?;
    let paths = paths(&draft, output);
    let shown = paths.iter().map(|path| path.to_string_lossy().into_owned());
    let texts = shown.zip(draft.files.iter().map(|file| file.text.as_str()));
    let texts: Vec<(String, &str)> = texts.collect();
    let app = App::by_id(cell.app()).expect("a cell's application exists");
    let report = judge_text(app, draft.kind, &texts, given.base_url, world.now);
    match output {
        Some(output) => put(output, &paths, &draft, args.force)?,
        None => print(&draft, world)?,
    }
    told::tell(&draft, &report, &named, output.map(|_| paths.as_slice()), world);
    Ok(Outcome::Clean)
}

/// Where the files go: the one that is named, or below it where there are several.
fn paths(draft: &Draft, output: Option<&Path>) -> Vec<PathBuf> {
    let several = is_folder(draft);
    let path = |file: &DraftFile| match output {
        Some(output) if several => output.join(&file.name),
        Some(output) => output.to_owned(),
        None => PathBuf::from(&file.name),
    };
    draft.files.iter().map(path).collect()
}

/// Whether the server itself names the files, and so may ask for several.
fn is_folder(draft: &Draft) -> bool {
    draft.kind == FileKind::Hocon
}

/// All files, one after the other; several are told apart by their names.
fn print(draft: &Draft, world: &mut World<'_>) -> Result<(), Failure> {
    let several = draft.files.len() > 1;
    for file in &draft.files {
        if several {
            writeln!(world.stdout, "# ---- {} ----", file.name)?;
        }
        world.stdout.write_all(file.text.as_bytes())?;
    }
    Ok(world.stdout.flush()?)
}

/// What the command line, the files and the person say.
fn known(args: &Args, world: &mut World<'_>) -> Result<(CellArgs, Answered), Failure> {
    let mut named = args.cell.clone();
    let is_whole = named.app.is_some() && named.idp.is_some() && named.protocol.is_some();
    let asks = !is_whole && world.terminal.stdin && world.terminal.stderr;
    if asks {
        questions::name_cell(&mut named).map_err(|error| questions::stopped(&error))?;
    }
    let cell = named.cell("init")?;
    form(args, cell)?;
    let mut answered = named.answered(cell, world)?;
    if let Some(path) = &args.client_secret_file {
        client_secret(path, cell, &mut answered.secrets, world)?;
    }
    if asks {
        questions::answer(cell, &mut answered).map_err(|error| questions::stopped(&error))?;
    }
    Ok((named, answered))
}

/// The form that is named, or the usual one.
fn form(args: &Args, cell: &'static Cell) -> Result<Form, Failure> {
    let forms = setups::forms(cell);
    let (app, idp, protocol) = (cell.app(), cell.idp(), cell.protocol.id());
    let Some(usual) = forms.first() else {
        return Err(Failure::new(format!(
            "{app} keeps {protocol} with {idp} in no file: everything is typed into its web interface"
        ))
        .hint(format!("what to type: ssoctl setup --app {app} --idp {idp} --protocol {protocol}")));
    };
    let Some(word) = &args.carrier else { return Ok(*usual) };
    Form::by_id(word).filter(|form| forms.contains(form)).ok_or_else(|| {
        let known: Vec<&str> = forms.iter().map(|form| form.id()).collect();
        Failure::new(format!("{app} reads {protocol} from no {word}"))
            .hint(format!("--carrier {}", known.join("|")))
    })
}

/// The secret in a file: its text without the line break at its end.
fn client_secret(
    path: &Path,
    cell: &'static Cell,
    secrets: &mut BTreeMap<String, String>,
    world: &mut World<'_>,
) -> Result<(), Failure> {
    let wanted = setups::wanted(cell).into_iter().find(|wanted| wanted.secret);
    let Some(wanted) = wanted else {
        return Err(Failure::new("nothing in this configuration is secret")
            .hint("leave --client-secret-file out"));
    };
    if path != Path::new("-") && !path.exists() {
        return Err(Failure::no_secret_file("--client-secret-file"));
    }
    let text = read_text(path, world)?;
    let secret = text.trim_end_matches(['\n', '\r']);
    if secret.is_empty() || secret.contains(['\n', '\r', '\0']) {
        return Err(Failure::new(format!("{} does not hold one line", path.to_string_lossy()))
            .hint("the secret alone, on one line"));
    }
    secrets.insert(wanted.name, secret.to_owned());
    Ok(())
}

/// Writes all files, or none where one exists.
fn put(output: &Path, paths: &[PathBuf], draft: &Draft, force: bool) -> Result<(), Failure> {
    let failed = |path: &Path, error: &io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => exists(path),
        _ => Failure::file("write", &path.to_string_lossy(), error),
    };
    if let Some(path) = paths.iter().find(|path| !force && path.symlink_metadata().is_ok()) {
        return Err(exists(path));
    }
    if is_folder(draft) {
        disk::folder(output).map_err(|error| failed(output, &error))?;
    }
    for (path, file) in paths.iter().zip(&draft.files) {
        let text = file.text.as_bytes();
        let written = disk::create(path, text, file.holds_secret, force);
        written.map_err(|error| failed(path, &error))?;
    }
    Ok(())
}

fn exists(path: &Path) -> Failure {
    Failure::new(format!("{} exists already; nothing was written", path.to_string_lossy()))
        .hint("write to another place with -o, or replace it with --force")
}

fn carriers() -> PossibleValuesParser {
    PossibleValuesParser::new(Form::ALL.iter().map(|form| form.id()))
}

const AFTER: &str = "\
Examples:
  ssoctl init
  ssoctl init --app cvat --idp okta --protocol saml --provider okta -o auth_config.yml
  ssoctl init --app clearml --idp entra --protocol saml --carrier helm --answers answers.yml
  ssoctl init --app cvat --idp entra --protocol oidc --client-secret-file secret.txt

Exit codes: 0 written, 2 the run could not happen.";
