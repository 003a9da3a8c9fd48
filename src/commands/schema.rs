//! `ssoctl schema`: JSON Schemas for editors.

use std::io::Write as _;

use crate::commands::{Failure, Outcome};
use crate::world::World;

/// Print a JSON Schema, for completion and checks in an editor
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Whose files: an application's, or our own
    #[arg(value_name = "APP", value_enum)]
    pub app: Which,
}

/// Which schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Which {
    /// The sheet that records Calabi's admin forms.
    Calabi,
    /// CVAT's auth_config.yml.
    Cvat,
    /// The report of --format json.
    Report,
    /// The sheet of setup --format json.
    Setup,
    /// The settings file ssoctl.toml.
    SsoctlToml,
}

/// Prints the schema.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let text = match args.app {
        Which::Calabi => include_str!("../../schemas/calabi-sheet.schema.json"),
        Which::Cvat => CVAT,
        Which::Report => include_str!("../../schemas/report.schema.json"),
        Which::Setup => include_str!("../../schemas/setup.schema.json"),
        Which::SsoctlToml => include_str!("../../schemas/ssoctl-toml.schema.json"),
    };
    world.stdout.write_all(text.as_bytes())?;
    Ok(Outcome::Clean)
}

pub(super) const CVAT: &str = include_str!("../../schemas/cvat-auth-config.schema.json");
