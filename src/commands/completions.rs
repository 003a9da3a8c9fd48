//! `ssoctl completions`: scripts for the shell.

use std::io::Write as _;

use clap_complete::Shell;

use crate::commands::{Failure, Outcome};
use crate::world::World;

/// Print a completion script for a shell
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The shell
    #[arg(value_name = "SHELL", value_enum)]
    pub shell: Shell,
}

/// Prints the script for a command line.
pub fn run(
    args: &Args,
    mut command: clap::Command,
    world: &mut World<'_>,
) -> Result<Outcome, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, env!("CARGO_PKG_NAME"), &mut script);
    world.stdout.write_all(&script)?;
    Ok(Outcome::Clean)
}
