//! What is asked on a terminal.

use std::io;

use crate::commands::Failure;
use crate::commands::cell::{Answered, CellArgs};
use crate::setups::{self, Cell};
use crate::source::printable;
use crate::world::ask;

/// Asks for what names the setup, and for the application's address.
pub(super) fn name_cell(named: &mut CellArgs) -> io::Result<()> {
    if named.app.is_none() {
        named.app = choose("Application", &named.choices(Cell::app))?;
    }
    if named.protocol.is_none() {
        named.protocol = choose("Protocol", &named.choices(|cell| cell.protocol.id()))?;
    }
    if named.idp.is_none() {
        named.idp = choose("Identity provider", &named.choices(Cell::idp))?;
    }
    if named.base_url.is_none() {
        let prompt = "Address under which people open the application (may stay empty)";
        while named.base_url.is_none() {
            let line = ask::line(prompt)?;
            if line.trim().is_empty() {
                break;
            }
            named.base_url = crate::commands::validate::base_url(line.trim()).ok();
        }
    }
    Ok(())
}

/// Asks for every answer that is not there yet. An empty one leaves a placeholder.
pub(super) fn answer(cell: &'static Cell, answered: &mut Answered) -> io::Result<()> {
    for wanted in setups::wanted(cell) {
        let known = [&answered.answers, &answered.secrets];
        if known.into_iter().any(|known| known.contains_key(&wanted.name)) {
            continue;
        }
        let note = wanted.note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
        let prompt = format!("{}{}", printable(&wanted.label), printable(&note));
        let line = if wanted.secret { ask::secret(&prompt)? } else { ask::line(&prompt)? };
        if line.trim().is_empty() {
            continue;
        }
        let into = if wanted.secret { &mut answered.secrets } else { &mut answered.answers };
        into.insert(wanted.name, line);
    }
    Ok(())
}

/// A question that was not answered.
pub(super) fn stopped(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::Interrupted => Failure::new("nothing was written"),
        _ => Failure::new(format!("cannot ask: {error}"))
            .hint("say everything on the command line instead: ssoctl init --help"),
    }
}

/// One of several; none is there to choose from where the other flags exclude each other.
fn choose(prompt: &str, choices: &[&'static str]) -> io::Result<Option<String>> {
    match choices {
        [] => Ok(None),
        [only] => Ok(Some((*only).to_owned())),
        _ => Ok(Some(choices[ask::choose(prompt, choices)?].to_owned())),
    }
}
