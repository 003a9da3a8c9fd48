//! `ssoctl demo`: a first look that needs no file.

use std::io::Write as _;

use crate::commands::validate::judge_one;
use crate::commands::{Failure, Outcome};
use crate::render::{self, Format, Style};
use crate::world::World;

/// Lint a built-in faulty configuration, to see what a report looks like
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Format,

    /// Tell everything: info findings and long values
    #[arg(short, long)]
    pub verbose: bool,
}

/// Lints the built-in configuration. Its findings are expected, so the run succeeds.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let report = judge_one("demo/auth_config.yml", TEXT, world.now);
    let style = Style {
        format: args.format,
        colour: world.uses_colour(),
        verbose: args.verbose,
        quiet: false,
        columns: world.columns(),
    };
    render::render(&report, style, &mut world.stdout)?;
    if args.format == Format::Text {
        writeln!(
            world.stdout,
            "this was a built-in file; your own: ssoctl validate auth_config.yml"
        )?;
    }
    Ok(Outcome::Clean)
}

const TEXT: &str = include_str!("../../fixtures/cvat/demo/auth_config.yml");
