//! The arguments of `check`.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::render::Format;

/// Ask what a configuration names, and judge the answers
///
/// TARGET is a configuration of CVAT, Label Studio, ClearML or Calabi (everything it names is asked:
/// discovery, keys, SAML metadata), an issuer or the address of a document, or a saved document.
/// Nothing is asked but what TARGET names, no secret is sent without --probe, and no redirect is
/// followed to another host silently.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// A configuration file, an address, or a saved document
    #[arg(value_name = "TARGET", required = true)]
    pub targets: Vec<String>,

    /// Take configuration files for this application's
    #[arg(long, value_name = "APP", value_parser = ["cvat", "label-studio", "clearml", "calabi"])]
    pub app: Option<String>,

    /// Ask for this provider of the configuration only
    #[arg(long, value_name = "ID")]
    pub provider: Option<String>,

    /// What a bare address is, where its content leaves that open
    #[arg(long, value_name = "PROTOCOL", value_parser = ["oidc", "saml"])]
    pub protocol: Option<String>,

    /// Metadata: take only what this certificate (PEM) has signed
    #[arg(long, value_name = "FILE")]
    pub cert: Vec<PathBuf>,

    /// Metadata: the entity that is meant, of several
    #[arg(long, value_name = "ID")]
    pub entity_id: Option<String>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,

    /// The address under which people open the application
    #[arg(long, value_name = "URL", value_parser = crate::commands::validate::base_url)]
    pub base_url: Option<String>,

    /// The longest time for one answer, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=600), help_heading = "Network")]
    pub timeout: u64,

    /// Certificates (PEM) of authorities that are trusted besides the system's
    #[arg(long, value_name = "FILE", help_heading = "Network")]
    pub ca: Vec<PathBuf>,

    /// Ask through this proxy, instead of what the environment names
    #[arg(long, value_name = "URL", help_heading = "Network")]
    pub proxy: Option<String>,

    /// Also ask addresses inside private networks that a configuration names
    #[arg(long, help_heading = "Network")]
    pub allow_private: bool,

    /// Ask so many times more where no answer comes
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=10), help_heading = "Network")]
    pub retries: u8,

    /// Also send requests that leave traces at the provider, each told beforehand: whether the
    /// client and its redirect URI are on record, PKCE is demanded, the credentials are taken
    #[arg(long, conflicts_with = "replay", help_heading = "Network")]
    pub probe: bool,

    /// Keep what is answered in this folder
    #[arg(long, value_name = "DIR", conflicts_with = "replay", help_heading = "Network")]
    pub record: Option<PathBuf>,

    /// Judge what was kept in this folder, without network
    #[arg(long, value_name = "DIR", help_heading = "Network")]
    pub replay: Option<PathBuf>,

    /// Compare with what was kept in this folder, and tell what has changed
    #[arg(long, value_name = "DIR", help_heading = "Network")]
    pub against: Option<PathBuf>,

    /// Days before the end of a certificate on which it is reported [default: 30]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=3650), help_heading = "Selection")]
    pub warn_days: Option<i64>,

    /// Only these rules: codes, beginnings of codes or names, separated by commas
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Selection")]
    pub select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Selection")]
    pub ignore: Vec<String>,

    /// Let warnings fail the run
    #[arg(long, help_heading = "Selection")]
    pub strict: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,

    /// Write the report to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Judge as of this instant (RFC 3339)
    #[arg(long, value_name = "INSTANT", value_parser = crate::commands::validate::instant, help_heading = "Output")]
    pub at: Option<Timestamp>,

    /// Say nothing when nothing is wrong; warnings alone end with 0, unless --strict is given
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Tell everything: info findings and long values
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

const AFTER: &str = "\
Exit codes: 0 all is well; 1 an answer is wrong; 2 the run could not happen; 3 no answer could be had.

Examples:
  ssoctl check auth_config.yml                       ask all providers that it names
  ssoctl check https://accounts.google.com           an issuer
  ssoctl check idp.xml openid-configuration.json     saved documents, without network
  ssoctl check -q --warn-days 21 auth_config.yml     for cron: a word only when something is wrong
  ssoctl check --probe auth_config.yml               try the client at its provider; no login
  ssoctl check --record before auth_config.yml       keep the answers; later: --against before";
