//! `ssoctl setup`: what to type on both sides.

pub(super) mod configured;
mod differences;
mod imports;

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::commands::cell::CellArgs;
use crate::commands::{Failure, Outcome};
use crate::render::sheet::{SheetFormat, render};
use crate::setups::{self, Cell, Given};
use crate::source::printable;
use crate::world::{World, disk};
use differences::Difference;

/// Print what to type into the identity provider's console and into the application
///
/// The sheet is made from flags, or from a configuration that exists; then it also says what differs
/// there.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    #[command(flatten)]
    pub(super) cell: CellArgs,

    /// Take application, provider and addresses from this configuration
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE", requires = "config")]
    pub env_file: Vec<PathBuf>,

    /// The form of the sheet
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: SheetFormat,

    /// Write to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Instead of the sheet, print one of the files that a console or an API imports
    #[arg(long, value_name = "NAME", conflicts_with = "format", help_heading = "Output")]
    pub import: Option<String>,

    /// Beside the sheet, write all these files into a folder
    #[arg(long, value_name = "DIR", conflicts_with = "import", help_heading = "Output")]
    pub import_dir: Option<PathBuf>,

    /// Replace files of --import-dir that exist
    #[arg(long, requires = "import_dir", help_heading = "Output")]
    pub force: bool,
}

/// What a sheet is made of.
struct Chosen {
    /// The combination.
    cell: &'static Cell,
    /// What is known.
    given: Given,
    /// What differs from the configuration that was given, if one was.
    differences: Option<Vec<Difference>>,
}

/// Makes the sheet and writes it.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let chosen = if let Some(path) = &args.config {
        configured::chosen(args, path, world)?
    } else {
        let cell = args.cell.cell("setup")?;
        let answered = args.cell.answered(cell, world)?;
        Chosen { cell, given: args.cell.given(answered.answers), differences: None }
    };
    let sheet = setups::sheet(chosen.cell, &chosen.given);
    if let Some(name) = &args.import {
        return output(args, imports::named(&sheet, name)?.text.as_bytes(), world);
    }
    if let Some(folder) = &args.import_dir {
        imports::write(&sheet, folder, args.force, world)?;
    }
    let mut text = Vec::new();
    let colour = args.output.is_none() && world.uses_colour();
    render(&sheet, args.format, colour, &mut text)?;
    if let (Some(differences), Some(path)) = (&chosen.differences, &args.config) {
        let name = path.to_string_lossy();
        match args.format {
            SheetFormat::Text => text.extend(differences::text(&name, differences).bytes()),
            SheetFormat::Markdown => text.extend(differences::markdown(&name, differences).bytes()),
            SheetFormat::Json => text = differences::json(&text, differences),
            SheetFormat::Html => {
                drop(write!(world.stderr, "{}", differences::text(&name, differences)));
            }
        }
    }
    output(args, &text, world)
}

fn output(args: &Args, text: &[u8], world: &mut World<'_>) -> Result<Outcome, Failure> {
    let Some(path) = args.output.as_deref().filter(|path| *path != Path::new("-")) else {
        world.stdout.write_all(text)?;
        return Ok(Outcome::Clean);
    };
    let name = path.to_string_lossy();
    let verb = if path.exists() { "replaced" } else { "wrote" };
    disk::write(path, text).map_err(|error| Failure::file("write", &name, &error))?;
    drop(writeln!(world.stderr, "{verb} {}", printable(&name)));
    Ok(Outcome::Clean)
}

const AFTER: &str = "\
Examples:
  ssoctl setup --app cvat --idp keycloak --protocol saml --provider kc --base-url https://cvat.acme.test
  ssoctl setup --app label-studio --idp okta --protocol saml --format html -o sheet.html
  ssoctl setup --app cvat --idp entra --protocol oidc --import entra-app.json
  ssoctl setup --config auth_config.yml --provider okta-main

Exit codes: 0 written, 2 the run could not happen.";
