//! `ssoctl decode-token`: what an ID token is, and what the application would make of it.

mod args;
mod expected;
mod input;
mod judging;
mod provider;
mod view;

pub use args::Args;

use crate::commands::decode_assertion as twin;
use crate::commands::{Failure, Outcome};
use crate::world::World;

/// Reads, judges and shows a token.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let at = args.at.unwrap_or(world.now);
    let common = args.common();
    let input = input::read(args, world)?;
    let reading = twin::reading(&common, world)?;
    let report = judging::report(args, input, reading.as_ref(), at, world)?;
    twin::write(&common, &report, world)?;
    Ok(twin::outcome(&report))
}

const COMMAND: &str = "decode-token";
