//! What stops a run.

use std::io;

use crate::source::printable;

/// Something that keeps a command from doing its work, with what to do about it.
#[derive(Debug)]
pub enum Failure {
    /// The reader of our output has gone: that is no failure of ours.
    BrokenPipe,
    /// The user or the system asked the run to end.
    Interrupted,
    /// The run cannot happen.
    Impossible {
        /// What is wrong.
        message: String,
        /// What to do.
        hint: Option<String>,
    },
}

impl Failure {
    /// A failure with a message: lower case, no full stop.
    pub fn new(message: impl Into<String>) -> Self {
        Self::Impossible { message: printable(&message.into()).into_owned(), hint: None }
    }

    /// With what to do about it.
    #[must_use]
    pub fn hint(self, text: impl Into<String>) -> Self {
        match self {
            Self::Impossible { message, .. } => {
                Self::Impossible { message, hint: Some(printable(&text.into()).into_owned()) }
            }
            other => other,
        }
    }

    /// A file that cannot be read or written.
    pub fn file(verb: &str, path: &str, error: &io::Error) -> Self {
        let (reason, hint) = match error.kind() {
            io::ErrorKind::NotFound => ("no such file", None),
            io::ErrorKind::PermissionDenied => {
                ("permission denied", Some("run as a user who may, or change the mode of the file"))
            }
            io::ErrorKind::IsADirectory => ("it is a folder", None),
            io::ErrorKind::StorageFull => {
                ("the disk is full", Some("make room and run again; nothing was changed"))
            }
            io::ErrorKind::ReadOnlyFilesystem => ("the file system is read-only", None),
            _ => ("", None),
        };
        let reason = if reason.is_empty() { error.to_string() } else { reason.to_owned() };
        let failure = Self::new(format!("cannot {verb} {path}: {reason}"));
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<io::Error> for Failure {
    /// A failure to write our own output.
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::BrokenPipe,
            io::ErrorKind::StorageFull => Self::new("cannot write the output: the disk is full")
                .hint("make room, or write to another place with -o"),
            _ => Self::new(format!("cannot write the output: {error}")),
        }
    }
}
