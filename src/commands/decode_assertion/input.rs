//! The message that is to be judged, from a file, a pipe or a paste.

use std::io::{BufReader, Read as _};
use std::path::Path;

use jiff::Timestamp;

use crate::commands::decode_assertion::Args;
use crate::commands::{Failure, failure};
use crate::saml::binding::{self, Foreign, Options, Received, Remark, Unreadable};
use crate::source::printable;
use crate::world::{Pasted, World, disk, paste};

/// An input as it was read.
pub(super) struct Input {
    /// What messages call it: a path, or `-`.
    pub(super) name: String,
    /// The message, or what is wrong with the way it travelled and what had been taken off.
    pub(super) message: Result<Box<Received>, (Box<Remark>, Vec<String>)>,
}

impl Input {
    /// When the message arrived, where it comes from a recording.
    pub(super) fn recorded_at(&self) -> Option<Timestamp> {
        self.message.as_ref().ok()?.capture.as_ref()?.received_at
    }
}

/// Reads the message that the arguments name.
pub(super) fn read(args: &Args, world: &mut World<'_>) -> Result<Input, Failure> {
    let path = args.input.as_deref().filter(|path| *path != Path::new("-"));
    let name = path.map_or_else(|| "-".to_owned(), |path| path.to_string_lossy().into_owned());
    let options = Options { number: args.message, name: &name, ..Options::default() };
    let read = match path {
        Some(path) => {
            let file = disk::open(path).map_err(|error| missing(path, &name, &error))?;
            binding::read_from(&mut { file }, &options)
        }
        None if world.terminal.stdin => {
            Ok(binding::read(&standard_input(PASTE, MOST_PASTED, world)?, &options))
        }
        None => binding::read_from(&mut BufReader::new(&mut world.stdin), &options),
    };
    let read = read.map_err(|error| Failure::file("read", &name, &error))?;
    let message = match read {
        Ok(received) => Ok(Box::new(received)),
        Err(Unreadable::Faulty { remark, layers }) => {
            let layers = layers.iter().map(|layer| layer.name().to_owned()).collect();
            Err((remark, layers))
        }
        Err(Unreadable::Foreign(foreign)) => return Err(refused(&name, &foreign)),
    };
    Ok(Input { name, message })
}

pub(in crate::commands) fn standard_input(
    what: &str,
    limit: usize,
    world: &mut World<'_>,
) -> Result<Vec<u8>, Failure> {
    if world.terminal.stdin {
        let pasted =
            paste(what, limit, world).map_err(|error| Failure::file("read", "-", &error))?;
        return match pasted {
            Pasted::Bytes(bytes) => Ok(bytes),
            Pasted::GivenUp => {
                drop(world.interrupt.set(INTERRUPT));
                Err(Failure::Interrupted)
            }
        };
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut limited = (&mut world.stdin).take(most);
    limited.read_to_end(&mut bytes).map_err(|error| Failure::file("read", "-", &error))?;
    Ok(bytes)
}

pub(in crate::commands) fn missing(path: &Path, name: &str, error: &std::io::Error) -> Failure {
    if failure::is_content(name) && !path.exists() {
        return Failure::new("INPUT is the content itself, not the name of a file")
            .hint(
                "pipe it, with - for INPUT, or run without INPUT and paste it: what stands on a command \
                 line is kept in the shell's history",
            );
    }
    let unread = Failure::file("read", name, error);
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let names = disk::names(folder.unwrap_or(Path::new(".")));
    let wanted = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let near = wanted.and_then(|wanted| {
        let near = crate::model::nearest(&wanted, names.iter().map(String::as_str))?;
        Some(path.with_file_name(near.0).to_string_lossy().into_owned())
    });
    match near.filter(|_| error.kind() == std::io::ErrorKind::NotFound) {
        Some(near) => unread.hint(format!("did you mean {near}?")),
        None => unread,
    }
}

fn refused(name: &str, foreign: &Foreign) -> Failure {
    let name = if name == "-" { "standard input" } else { name };
    Failure::new(format!("{} is {}", printable(name), foreign.what)).hint(foreign.hint.clone())
}

const INTERRUPT: usize = 2;
/// What is taken of a paste: a whole recording is a file.
const MOST_PASTED: usize = 8 << 20;
const PASTE: &str = "paste the message (XML, base64, a form, an address), then press Ctrl-D; \
                     it is not shown";
