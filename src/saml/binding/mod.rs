//! How SAML messages travel: a message is found in whatever somebody has at hand, and everything
//! that was wrapped around it is named.
//!
//! Nothing is verified here. What a detached signature covers is handed on as the bytes that were
//! received.

mod capture;
mod diagnosis;
mod encoding;
mod fault;
mod field;
mod layer;
mod mail;
mod outline;
mod page;
mod parameters;
mod recognise;
mod relay_state;
mod signed;

pub use self::capture::{Capture, Exchange};
pub use self::fault::{Foreign, Remark, Unreadable};
pub use self::layer::{Layer, Parameter};
pub use self::outline::Outline;
pub use self::parameters::saml_parameter;
pub use self::recognise::{read, read_from};
pub use self::signed::{Detached, Escaping, SignedQuery};

/// How far reading goes, and which message is wanted.
#[derive(Clone, Copy, Debug)]
pub struct Options<'o> {
    /// The most bytes an input may have: a recording of a whole login is large.
    pub bytes: usize,
    /// The most bytes a message may have once everything around it is off.
    pub message: usize,
    /// Which message of several is wanted, from 1; none for the last that answers a login.
    pub number: Option<usize>,
    /// What commands in hints call the input: a path, or `-`.
    pub name: &'o str,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { bytes: 64 << 20, message: 1 << 20, number: None, name: "FILE" }
    }
}

/// A message as it was received.
#[derive(Clone, Debug)]
pub struct Received {
    /// The message.
    pub xml: String,
    /// What its beginning says.
    pub outline: Outline,
    /// What was taken off, the outermost first.
    pub layers: Vec<Layer>,
    /// The parameter that carried it, where one did.
    pub parameter: Option<Parameter>,
    /// The value that travelled beside it.
    pub relay_state: Option<String>,
    /// The signature that travelled beside it.
    pub signature: Option<SignedQuery>,
    /// What is to be said about the way it travelled.
    pub remarks: Vec<Remark>,
    /// What else a recording tells.
    pub capture: Option<Capture>,
}

impl Received {
    /// The layers and the message in one line: `POST form > base64 > Response`.
    pub fn path(&self) -> String {
        let mut names: Vec<&str> = self.layers.iter().map(|layer| layer.name()).collect();
        names.push(&self.outline.kind);
        names.join(" > ")
    }
}
