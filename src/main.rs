//! The program: clock, streams, signals, exit code.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use ssoctl::world::{Interrupt, Terminal, World};

#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
fn main() -> ExitCode {
    let interrupt = Interrupt::default();
    let asked = interrupt.clone();
    // Without a handler an interrupt ends the program at once, which is what it should do then.
    drop(ctrlc::set_handler(move || asked.set()));
    let mut world = World {
        now: jiff::Timestamp::now(),
        stdin: Box::new(std::io::stdin().lock()),
        stdout: Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        stderr: Box::new(std::io::stderr()),
        terminal: terminal(),
        interrupt,
    };
    let run = std::panic::AssertUnwindSafe(|| ssoctl::cli::run(std::env::args_os(), &mut world));
    let code = std::panic::catch_unwind(run).unwrap_or_else(|_| {
        drop(writeln!(
            std::io::stderr(),
            "ssoctl: this is a bug in ssoctl; its input was not changed"
        ));
        BUG
    });
    ExitCode::from(code)
}

fn terminal() -> Terminal {
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    let colour = if is_set("NO_COLOR") {
        Some(false)
    } else if std::env::var_os("CLICOLOR_FORCE").is_some_and(|value| value != "0") {
        Some(true)
    } else if std::env::var_os("CLICOLOR").is_some_and(|value| value == "0")
        || std::env::var_os("TERM").is_some_and(|term| term == "dumb")
    {
        Some(false)
    } else {
        None
    };
    Terminal {
        stdin: std::io::stdin().is_terminal(),
        stdout: std::io::stdout().is_terminal(),
        stderr: std::io::stderr().is_terminal(),
        colour,
    }
}

const BUG: u8 = 101;
