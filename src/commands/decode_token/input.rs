//! The token that is to be judged, from a file, a pipe or a paste.

use std::path::Path;

use crate::apps::errors;
use crate::commands::Failure;
use crate::commands::decode_assertion as twin;
use crate::commands::decode_token::Args;
use crate::oidc::jwt::{self, Foreign, NoToken, Received};
use crate::source::printable;
use crate::verdict::Reason;
use crate::world::{World, disk};

/// An input as it was read.
pub(super) struct Input {
    /// What messages call it: a path, or `-`.
    pub(super) name: String,
    /// The token, or what is wrong with what was around it.
    pub(super) token: Result<Received, Box<Reason>>,
}

/// Reads the token that the arguments name.
pub(super) fn read(args: &Args, world: &mut World<'_>) -> Result<Input, Failure> {
    let path = args.input.as_deref().filter(|path| *path != Path::new("-"));
    let (name, bytes) = match path {
        Some(path) => {
            let name = path.to_string_lossy().into_owned();
            let limit = u64::try_from(LARGEST).unwrap_or(u64::MAX);
            let read =
                disk::read(path, limit).map_err(|error| twin::missing(path, &name, &error))?;
            (name, read.bytes)
        }
        None => ("-".to_owned(), twin::standard_input(PASTE, LARGEST, world)?),
    };
    let token = match jwt::read(&bytes, &name) {
        Ok(received) => Ok(received),
        Err(NoToken::Faulty(reason)) => Err(reason),
        Err(NoToken::Foreign(foreign)) => {
            let name = if name == "-" { "standard input" } else { &name };
            let message = format!("{} is {}", printable(name), foreign.what);
            return Err(Failure::new(message).hint(explained(&foreign)));
        }
    };
    Ok(Input { name, token })
}

/// What to do about an input that is no token; of an error that is known, what it means.
fn explained(foreign: &Foreign) -> String {
    let known = foreign.error.as_deref().map(errors::named).unwrap_or_default();
    match known.first() {
        Some(error) => {
            format!("{}: {}; {} ({})", error.what, error.cause, error.fix, foreign.hint)
        }
        None => foreign.hint.clone(),
    }
}

/// The largest input, beyond which a token is refused unread.
const LARGEST: usize = 1 << 20;
const PASTE: &str =
    "paste the token or the answer of the token endpoint, then press Ctrl-D; it is not shown";
