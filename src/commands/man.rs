//! `ssoctl man`: manual pages.

use std::io::Write as _;
use std::path::PathBuf;

use crate::commands::{Failure, Outcome};
use crate::world::{World, disk};

/// Print the manual page, or write one page for each command into a folder
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// Write ssoctl.1 and a page for each command here
    #[arg(long, value_name = "FOLDER")]
    pub dir: Option<PathBuf>,
}

/// Prints or writes the pages of a command line.
pub fn run(
    args: &Args,
    command: &clap::Command,
    world: &mut World<'_>,
) -> Result<Outcome, Failure> {
    let Some(folder) = &args.dir else {
        world.stdout.write_all(&page(command)?)?;
        return Ok(Outcome::Clean);
    };
    write(folder, "ssoctl.1", &page(command)?)?;
    for sub in command.get_subcommands() {
        let name = format!("ssoctl-{}", sub.get_name());
        // Names of commands live as long as the program.
        let leaked: &'static str = Box::leak(name.clone().into_boxed_str());
        let called: &'static str = Box::leak(name.replacen('-', " ", 1).into_boxed_str());
        let sub = sub.clone().name(leaked).display_name(leaked).bin_name(called);
        let sub = sub.version(env!("CARGO_PKG_VERSION"));
        write(folder, &format!("{name}.1"), &page(&sub)?)?;
    }
    Ok(Outcome::Clean)
}

fn page(command: &clap::Command) -> Result<Vec<u8>, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page)?;
    Ok(page)
}

fn write(folder: &std::path::Path, name: &str, page: &[u8]) -> Result<(), Failure> {
    let path = folder.join(name);
    disk::write(&path, page)
        .map_err(|error| Failure::file("write", &path.to_string_lossy(), &error))
}
