//! The arguments of `decode-assertion`.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::commands::validate::{base_url, instant};
use crate::render::message::MessageFormat;

/// Decode, decrypt, verify and judge a SAML message, as the application would
///
/// Takes a message in whatever form it is at hand: XML, base64, a form body, the address of a
/// redirect, a saved page, a recording of the browser (HAR), an export of SAML-tracer. Nothing
/// leaves this machine.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The message; - is standard input. Without it the message is pasted
    #[arg(value_name = "INPUT")]
    pub input: Option<PathBuf>,

    /// The message with this number, of several in a recording
    #[arg(long, value_name = "N")]
    pub message: Option<usize>,

    /// Judge as the application of this configuration would
    #[arg(long, value_name = "FILE", help_heading = "Judge by a configuration")]
    pub config: Option<PathBuf>,

    /// The provider of the configuration
    #[arg(long, value_name = "ID", help_heading = "Judge by a configuration")]
    pub provider: Option<String>,

    /// The application, where the configuration leaves that open
    #[arg(long, value_name = "APP", value_parser = ["cvat", "label-studio", "clearml", "calabi"],
        help_heading = "Judge by a configuration")]
    pub app: Option<String>,

    /// The address under which people open the application: it gives the ACS and the audience, and
    /// CVAT's configuration needs it
    #[arg(long, value_name = "URL", value_parser = base_url, help_heading = "Judge by a configuration")]
    pub base_url: Option<String>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE", help_heading = "Judge by a configuration")]
    pub env_file: Vec<PathBuf>,

    /// SAML metadata of the identity provider, saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub metadata: Vec<PathBuf>,

    /// A certificate of the identity provider, PEM or DER
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub cert: Vec<PathBuf>,

    /// Where the application takes answers: its assertion consumer service
    #[arg(long, value_name = "URL", help_heading = "Judge by parts")]
    pub acs: Vec<String>,

    /// The entity ID of the application
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub audience: Vec<String>,

    /// The entity ID of the identity provider
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub issuer: Option<String>,

    /// The ID of the request that the message answers
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub request_id: Option<String>,

    /// A private key of the application, to decrypt with
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub key: Vec<PathBuf>,

    /// By how many seconds clocks may differ [default: 180, or what the application allows]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(0..=3600), help_heading = "Judge by parts")]
    pub skew: Option<i64>,

    /// How many seconds ago the person may have logged in
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(0..), help_heading = "Judge by parts")]
    pub max_age: Option<i64>,

    /// Let signatures with SHA-1 count
    #[arg(long, help_heading = "Judge by parts")]
    pub allow_sha1: bool,

    /// Decrypt keys that were encrypted with RSA 1.5
    #[arg(long, help_heading = "Judge by parts")]
    pub allow_rsa15: bool,

    /// Accept nothing that could not be checked whole (exit code 3)
    #[arg(long, help_heading = "Judge by parts")]
    pub require_all: bool,

    /// Let warnings fail the run
    #[arg(long, help_heading = "Judge by parts")]
    pub strict: bool,

    /// Judge as of this instant (RFC 3339) [default: when a recording was made, else now]
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "Judge by parts")]
    pub at: Option<Timestamp>,

    /// Hide what is personal, for showing the result to others
    #[arg(long, help_heading = "Output")]
    pub mask: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: MessageFormat,

    /// Write the report to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Say nothing when the message is accepted
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Tell everything: notes, long values, every window
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

impl Args {
    /// Every file that is named.
    pub(super) fn files(&self) -> impl Iterator<Item = &Path> {
        let one = self.input.iter().chain(&self.config);
        let many = self.metadata.iter().chain(&self.cert).chain(&self.key).chain(&self.env_file);
        one.chain(many).map(PathBuf::as_path)
    }
}

const AFTER: &str = "\
Examples:
  ssoctl decode-assertion login.har --config auth_config.yml --provider okta-saml
  ssoctl decode-assertion response.txt --metadata idp.xml --acs https://cvat.acme.test/acs/
  ssoctl decode-assertion response.xml --cert idp.pem --key app.key --at 2026-11-24T12:00:00Z
  pbpaste | ssoctl decode-assertion - --cert idp.pem

Exit codes: 0 accepted, 1 it must not log anyone in, 2 the run could not happen,
3 undecided: an ingredient is missing. `ssoctl explain CODE` explains a finding.";
