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
    ///
    /// What was typed in place of a name is not shown where it may be the content itself: a key or a
    /// secret would stand in the log of every CI job.
    pub fn file(verb: &str, path: &str, error: &io::Error) -> Self {
        if is_content(path) {
            return Self::new("an argument is the content itself, not the name of a file").hint(
                "save it in a file and name that: what stands on a command line is kept in the \
                 shell's history",
            );
        }
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

impl Failure {
    /// A key or certificate among the arguments; it is never shown.
    pub fn of_key() -> Self {
        Self::new("an argument holds a key or certificate itself, not the name of its file").hint(
            "save it in a file and name that: what stands on a command line is kept in the shell's \
             history",
        )
    }

    /// A file with a secret that is not there: what was typed may be the secret.
    pub fn no_secret_file(flag: &str) -> Self {
        Self::new(format!("{flag} names no file that is there")).hint(
            "what was typed is not shown, for it may be the secret itself: write that into a file and \
             name the file",
        )
    }
}

/// Whether an argument that names a file is rather what the file was to hold.
pub(super) fn is_content(name: &str) -> bool {
    let text = name.trim_start();
    let begins =
        |with: &&str| text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with));
    // `NAME=value` or `name: value`.
    let assigned = text.split_once(['=', ':']).is_some_and(|(name, value)| {
        let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        name.len() > 1 && name.chars().all(is_word) && !value.trim().is_empty()
    });
    let is_no_name = name.contains(['\n', '\r']) || name.contains("-----BEGIN");
    // Base64 of `<` and whatever follows.
    let is_base64 = text.starts_with('P') && text.len() >= LONG_NAME && !text.contains('.');
    let is_long = name.len() > LONGEST_NAME && !name.contains('/');
    is_no_name
        || is_base64
        || is_long
        || CONTENT.iter().any(begins)
        || assigned && !std::path::Path::new(name).exists()
}

/// What messages, tokens, keys and addresses begin with, and hardly any file name.
const CONTENT: [&str; 12] = [
    "https://",
    "http://",
    "eyJ",
    "<",
    "{",
    "[",
    "?SAML",
    "Bearer ",
    "Authorization:",
    "id_token=",
    "SAMLResponse=",
    "SAMLRequest=",
];
/// A file name that is longer may be a message.
const LONG_NAME: usize = 100;
/// No name of a file is longer.
const LONGEST_NAME: usize = 255;

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
