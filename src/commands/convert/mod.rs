//! `ssoctl convert`: the same environment in another carrier.

mod hocon;
mod read;
mod write;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::commands::{Failure, Outcome};
use crate::source::printable;
use crate::world::{World, disk};
use write::Written;

/// Write the environment of ClearML or Label Studio in another carrier, each value as the server sees it
///
/// Reads what the process really sees after the quoting and substitution of the file's carrier, and
/// writes it so that the process sees the same in the other one. Comments above a variable stay with
/// it.
#[derive(Clone, Debug, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The file to read: environment file, Compose file, Helm values, Kubernetes manifest or, for
    /// ClearML, HOCON; - is standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// The carrier to write
    #[arg(long, value_name = "CARRIER", value_enum)]
    pub to: To,

    /// Whose environment it is, where the variables do not tell
    #[arg(long, value_name = "APP", value_parser = ["clearml", "label-studio"])]
    pub app: Option<String>,

    /// The Compose service or Helm component, where the file has several
    #[arg(long, value_name = "NAME")]
    pub service: Option<String>,

    /// Values of the variables that a Compose file refers to
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,

    /// Write to a file, or for HOCON into a folder; nothing is overwritten
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Replace the output file if it is there
    #[arg(long, requires = "output")]
    pub force: bool,
}

/// What can be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum To {
    /// NAME=value lines for Docker Compose
    Env,
    /// `environment:` as a list
    ComposeList,
    /// `environment:` as a map
    ComposeMap,
    /// Values of the Helm chart
    Helm,
    /// The server's own files (ClearML)
    Hocon,
}

/// A variable on its way from one carrier to another.
#[derive(Clone, Debug)]
struct Item {
    name: String,
    value: Value,
    comment: Option<String>,
}

/// What the process sees of it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Value {
    /// This text.
    Known(String),
    /// Something that another file or the shell fills in; why.
    Unknown(&'static str),
}

/// Reads, converts and writes.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let environment = read::environment(args, world)?;
    let written = write::write(args, &environment)?;
    let left: Vec<(&str, &str)> = environment
        .items
        .iter()
        .filter_map(|item| match item.value {
            Value::Unknown(why) => Some((item.name.as_str(), why)),
            Value::Known(_) => None,
        })
        .collect();
    match args.output.as_deref().filter(|path| *path != Path::new("-")) {
        None => world.stdout.write_all(written.text().as_bytes())?,
        Some(path) => save(path, &written, args.force)?,
    }
    for (name, why) in &left {
        drop(writeln!(world.stderr, "ssoctl: {} is left out: {why}", printable(name)));
    }
    Ok(if left.is_empty() { Outcome::Clean } else { Outcome::Undecided })
}

/// Writes one file, or into a folder one for each root.
fn save(path: &Path, written: &Written, force: bool) -> Result<(), Failure> {
    let stem = path.file_stem().and_then(|stem| stem.to_str());
    let wanted: Vec<(PathBuf, String)> = match written {
        Written::Roots(files) if path.is_dir() => {
            let file = |(root, body): (&String, &String)| {
                (path.join(format!("{root}.conf")), body.clone())
            };
            files.iter().map(file).collect()
        }
        // A file that is called after its root holds what lies below it.
        Written::Roots(files) if files.keys().map(String::as_str).eq(stem) => {
            files.values().map(|body| (path.to_owned(), body.clone())).collect()
        }
        _ => vec![(path.to_owned(), written.text())],
    };
    // All or nothing: the first that is there already stops the run.
    if let Some((path, _)) = wanted.iter().find(|(path, _)| path.exists() && !force) {
        return Err(Failure::new(format!("{} is there already", path.display()))
            .hint("name another file, or pass --force to replace it"));
    }
    for (path, text) in wanted {
        disk::create(&path, text.as_bytes(), true, force)
            .map_err(|error| Failure::file("write", &path.to_string_lossy(), &error))?;
    }
    Ok(())
}

const AFTER: &str = "\
Examples:
  ssoctl convert docker-compose.override.yml --to helm
  ssoctl convert runtime_created.env --to compose-list -o docker-compose.override.yml
  ssoctl convert values.override.yaml --to hocon

Exit codes: 0 written, 2 nothing could be written, 3 written without the variables whose values are
not known here (they are named).";
