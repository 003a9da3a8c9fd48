//! The arguments of `decode-token`.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::commands::validate::{base_url, instant};
use crate::commands::{check, decode_assertion};
use crate::render::message::MessageFormat;

/// Decode, decrypt, verify and judge an ID token, as the application would
///
/// Takes the token alone, the answer of the token endpoint, or the address that a browser was sent
/// to. Nothing leaves this machine unless --fetch asks for the provider's keys.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// The token; - is standard input. Without it the token is pasted
    #[arg(value_name = "INPUT")]
    pub input: Option<PathBuf>,

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

    /// The address under which people open the application
    #[arg(long, value_name = "URL", value_parser = base_url, help_heading = "Judge by a configuration")]
    pub base_url: Option<String>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE", help_heading = "Judge by a configuration")]
    pub env_file: Vec<PathBuf>,

    /// The key set of the provider, saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub jwks: Option<PathBuf>,

    /// The discovery document of the provider, saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub discovery: Option<PathBuf>,

    /// The issuer
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub issuer: Option<String>,

    /// A tenant that may log in, where the issuer is a template
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub tenant: Vec<String>,

    /// The client ID of the application
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub client_id: Option<String>,

    /// A further audience that is trusted
    #[arg(long, value_name = "ID", help_heading = "Judge by parts")]
    pub audience: Vec<String>,

    /// An algorithm that the client is registered for [default: all by pairs of keys]
    #[arg(long, value_name = "NAME", help_heading = "Judge by parts")]
    pub alg: Vec<String>,

    /// The client secret in a file, for HS256 and its like
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub client_secret_file: Option<PathBuf>,

    /// A private key of the application, to decrypt with
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub key: Vec<PathBuf>,

    /// The answer of the userinfo endpoint, saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Judge by parts")]
    pub userinfo: Option<PathBuf>,

    /// The nonce of the request
    #[arg(long, value_name = "N", help_heading = "Judge by parts")]
    pub nonce: Option<String>,

    /// A class of authentication that was asked for
    #[arg(long, value_name = "CLASS", help_heading = "Judge by parts")]
    pub acr: Vec<String>,

    /// How many seconds ago the person may have logged in
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(0..), help_heading = "Judge by parts")]
    pub max_age: Option<i64>,

    /// By how many seconds clocks may differ [default: 180, or what the application allows]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(i64).range(0..=3600), help_heading = "Judge by parts")]
    pub skew: Option<i64>,

    /// Decrypt keys that were encrypted with RSA 1.5
    #[arg(long, help_heading = "Judge by parts")]
    pub allow_rsa15: bool,

    /// Accept nothing that could not be checked whole (exit code 3)
    #[arg(long, help_heading = "Judge by parts")]
    pub require_all: bool,

    /// Let warnings fail the run
    #[arg(long, help_heading = "Judge by parts")]
    pub strict: bool,

    /// Judge as of this instant (RFC 3339) [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "Judge by parts")]
    pub at: Option<Timestamp>,

    /// Ask the provider for its keys
    #[arg(long, help_heading = "Network")]
    pub fetch: bool,

    /// The longest time for one answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Network")]
    pub timeout: u64,

    /// Certificates (PEM) of authorities that are trusted besides the system's
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub ca: Vec<PathBuf>,

    /// Ask through this proxy, instead of what the environment names
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub proxy: Option<String>,

    /// Also ask addresses inside private networks that were not typed here
    #[arg(long, help_heading = "Network")]
    pub allow_private: bool,

    /// Take the keys from a folder that `check --record` wrote, without network
    #[arg(long, value_name = "DIR", help_heading = "Network")]
    pub replay: Option<PathBuf>,

    /// Hide what is personal, for showing the result to others
    #[arg(long, help_heading = "Output")]
    pub mask: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: MessageFormat,

    /// Write the report to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Say nothing when the token is accepted
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Tell everything: notes, long values
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

impl Args {
    /// What it has in common with the twin command for SAML.
    pub(super) fn common(&self) -> decode_assertion::Args {
        decode_assertion::Args {
            config: self.config.clone(),
            provider: self.provider.clone(),
            app: self.app.clone(),
            base_url: self.base_url.clone(),
            env_file: self.env_file.clone(),
            strict: self.strict,
            format: self.format,
            output: self.output.clone(),
            quiet: self.quiet,
            verbose: self.verbose,
            ..decode_assertion::Args::default()
        }
    }

    /// How the network is asked.
    pub(super) fn network(&self) -> check::Args {
        check::Args {
            timeout: self.timeout,
            ca: self.ca.clone(),
            proxy: self.proxy.clone(),
            allow_private: self.allow_private,
            ..check::Args::default()
        }
    }
}

const AFTER: &str = "\
Examples:
  ssoctl decode-token token.txt --config auth_config.yml --provider okta --fetch
  ssoctl decode-token response.json --jwks keys.json --issuer https://idp.acme.test --client-id cvat
  pbpaste | ssoctl decode-token - --discovery openid-configuration.json --jwks keys.json

Exit codes: 0 accepted, 1 it must not log anyone in, 2 the run could not happen,
3 undecided: an ingredient is missing. `ssoctl explain CODE` explains a finding.";
