//! The program: clock, streams, signals, exit code.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use ssoctl::world::{Interrupt, Network, Terminal, World};

fn main() -> ExitCode {
    let interrupt = Interrupt::default();
    end_on_signals(interrupt.clone());
    let mut world = World {
        now: whole_second(now()),
        // Not locked: a question that hides its answer reads standard input by itself.
        stdin: Box::new(std::io::stdin()),
        stdout: Box::new(std::io::BufWriter::new(std::io::stdout().lock())),
        stderr: Box::new(std::io::stderr()),
        terminal: terminal(),
        interrupt,
        network: Network { variables: proxies(), clock: Some(now) },
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

/// Ends the program when it is asked to, even while it waits for input, but never in the middle of
/// replacing a file. Without the handler a signal ends it at once, which is right then.
#[expect(clippy::exit, clippy::disallowed_methods, reason = "main decides how the program ends")]
fn end_on_signals(interrupt: Interrupt) {
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            let _held = interrupt.set(usize::try_from(signal).unwrap_or(1));
            let code = 128 + signal;
            drop(writeln!(std::io::stderr(), "ssoctl: interrupted"));
            std::process::exit(code);
        }
    });
}

#[expect(clippy::disallowed_methods, reason = "the one place where the clock is read")]
fn now() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// The variables that name proxies, as far as they are text.
#[expect(clippy::disallowed_methods, reason = "the environment is read here")]
fn proxies() -> Vec<(String, String)> {
    let names = [
        "http_proxy",
        "https_proxy",
        "HTTPS_PROXY",
        "all_proxy",
        "ALL_PROXY",
        "no_proxy",
        "NO_PROXY",
    ];
    names.iter().filter_map(|name| Some(((*name).to_owned(), std::env::var(name).ok()?))).collect()
}

/// Reports name the second; what is below it tells nobody anything.
fn whole_second(now: jiff::Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_second(now.as_second()).unwrap_or(now)
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
        columns: rustix::termios::tcgetwinsize(std::io::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0),
    }
}

const BUG: u8 = 101;
