//! `ssoctl rules`: every rule.

use std::io::Write as _;

use serde::Serialize;

use crate::commands::{Failure, Outcome};
use crate::rules;
use crate::world::World;

/// List every rule
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// The form of the list
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub format: Format,
}

/// The form of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// A line a rule.
    #[default]
    Text,
    /// A list of objects.
    Json,
}

#[derive(Serialize)]
struct Row {
    code: &'static str,
    name: &'static str,
    severity: &'static str,
    summary: &'static str,
    since: &'static str,
    help: String,
}

/// Prints the list.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let rows: Vec<Row> = rules::all()
        .map(|rule| Row {
            code: rule.code,
            name: rule.name,
            severity: rule.severity.word(),
            summary: rule.summary,
            since: rule.since,
            help: rule.help(),
        })
        .collect();
    match args.format {
        Format::Json => {
            let text = serde_json::to_string_pretty(&rows).expect("strings always serialise");
            writeln!(world.stdout, "{text}")?;
        }
        Format::Text => {
            let width = rows.iter().map(|row| row.name.len()).max().unwrap_or(0);
            for row in rows {
                writeln!(
                    world.stdout,
                    "{}  {:7}  {:width$}  {}",
                    row.code, row.severity, row.name, row.summary
                )?;
            }
        }
    }
    Ok(Outcome::Clean)
}
