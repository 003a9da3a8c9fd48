//! The commands: each has its arguments, which only validate, and a `run`.

mod cell;
pub mod check;
pub mod completions;
pub mod convert;
pub mod decode_assertion;
pub mod decode_token;
pub mod demo;
pub mod explain;
mod failure;
pub mod init;
pub mod man;
pub mod overview;
pub mod rules;
pub mod schema;
pub mod setup;
pub mod sp_metadata;
pub mod validate;

pub use failure::Failure;

/// How a run ended, as an exit code of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Clean, or written.
    Clean,
    /// Something is wrong.
    Findings,
    /// The run could not happen.
    Impossible,
    /// Something that was needed is not known.
    Undecided,
}

impl Outcome {
    /// The exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Impossible => 2,
            Self::Undecided => 3,
        }
    }
}
