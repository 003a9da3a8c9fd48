//! The command line.

use std::ffi::OsString;
use std::io::Write as _;

use clap::{CommandFactory as _, Parser, Subcommand, ValueEnum};

use crate::commands::{self, Failure, Outcome};
use crate::world::World;

/// Finds what is wrong with a single sign-on configuration before the login page does
#[derive(Debug, Parser)]
#[command(name = "ssoctl", version, infer_long_args = false, disable_help_subcommand = true)]
struct Cli {
    /// When to use colour
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value_t,
        help_heading = "Output"
    )]
    color: Colour,

    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Colour {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Validate(Box<commands::validate::Args>),
    DecodeAssertion(Box<commands::decode_assertion::Args>),
    DecodeToken(Box<commands::decode_token::Args>),
    Check(Box<commands::check::Args>),
    Setup(Box<commands::setup::Args>),
    SpMetadata(Box<commands::sp_metadata::Args>),
    Init(Box<commands::init::Args>),
    Convert(commands::convert::Args),
    Explain(commands::explain::Args),
    Rules(commands::rules::Args),
    Schema(commands::schema::Args),
    Demo(commands::demo::Args),
    Completions(commands::completions::Args),
    Man(commands::man::Args),
}

/// Runs the command that the arguments name. The result is an exit code of the contract.
pub fn run(arguments: impl IntoIterator<Item = OsString>, world: &mut World<'_>) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if arguments.iter().any(|argument| argument.to_string_lossy().contains("-----BEGIN ")) {
        return tell(&Failure::of_key(), world);
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, world),
    };
    match cli.color {
        Colour::Always => world.terminal.colour = Some(true),
        Colour::Never => world.terminal.colour = Some(false),
        Colour::Auto => {}
    }
    let result = dispatch(cli.command, world).and_then(|outcome| {
        world.stdout.flush()?;
        Ok(outcome)
    });
    match result {
        Ok(outcome) => outcome.code(),
        Err(failure) => tell(&failure, world),
    }
}

fn dispatch(command: Option<Command>, world: &mut World<'_>) -> Result<Outcome, Failure> {
    match command {
        None => commands::overview::run(Cli::command(), world),
        Some(Command::Validate(args)) => commands::validate::run(&args, world),
        Some(Command::DecodeAssertion(args)) => commands::decode_assertion::run(&args, world),
        Some(Command::DecodeToken(args)) => commands::decode_token::run(&args, world),
        Some(Command::Check(args)) => commands::check::run(&args, world),
        Some(Command::Setup(args)) => commands::setup::run(&args, world),
        Some(Command::SpMetadata(args)) => commands::sp_metadata::run(&args, world),
        Some(Command::Init(args)) => commands::init::run(&args, world),
        Some(Command::Convert(args)) => commands::convert::run(&args, world),
        Some(Command::Explain(args)) => commands::explain::run(&args, world),
        Some(Command::Rules(args)) => commands::rules::run(&args, world),
        Some(Command::Schema(args)) => commands::schema::run(&args, world),
        Some(Command::Demo(args)) => commands::demo::run(&args, world),
        Some(Command::Completions(args)) => {
            commands::completions::run(&args, Cli::command(), world)
        }
        Some(Command::Man(args)) => commands::man::run(&args, &Cli::command(), world),
    }
}

/// Help and version go to standard output and are no failure; usage errors are.
fn usage(error: &clap::Error, world: &mut World<'_>) -> u8 {
    let text = error.render();
    if error.use_stderr() {
        let lines = text.to_string();
        for line in lines.lines() {
            drop(writeln!(world.stderr, "{}", crate::source::printable(line)));
        }
        return Outcome::Impossible.code();
    }
    let written = write!(world.stdout, "{text}").and_then(|()| world.stdout.flush());
    match written {
        Ok(()) => Outcome::Clean.code(),
        Err(error) => tell(&error.into(), world),
    }
}

fn tell(failure: &Failure, world: &mut World<'_>) -> u8 {
    match failure {
        Failure::BrokenPipe => Outcome::Clean.code(),
        Failure::Interrupted => u8::try_from(128 + world.interrupt.signal()).unwrap_or(INTERRUPTED),
        Failure::Impossible { message, hint } => {
            drop(writeln!(world.stderr, "ssoctl: {message}"));
            if let Some(hint) = hint {
                drop(writeln!(world.stderr, "  {hint}"));
            }
            Outcome::Impossible.code()
        }
    }
}

const INTERRUPTED: u8 = 130;
