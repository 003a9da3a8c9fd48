//! The arguments of `validate`.

use std::path::PathBuf;

use jiff::Timestamp;

use crate::render::Format;

/// Lint SSO configuration, without network
///
/// Reads CVAT's auth_config.yml, Label Studio's settings, the variables of ClearML's server in every
/// carrier, Calabi's sheet, and the environment of each. Folders are walked (.gitignore is
/// respected) and only files that are recognised are read. Without PATH the targets of ssoctl.toml
/// are read, or else the current folder.
#[derive(Clone, Debug, Default, clap::Args)]
#[command(after_help = AFTER)]
pub struct Args {
    /// Files or folders; - is standard input
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,

    /// Take the files for this application's, whatever their content
    #[arg(long, value_name = "APP", value_parser = ["cvat", "label-studio", "clearml", "calabi"])]
    pub app: Option<String>,

    /// What a file is for, where its content leaves that open: tables of groups for SAML or SCIM
    #[arg(long, value_name = "PROTOCOL", value_parser = ["saml", "scim"])]
    pub protocol: Option<String>,

    /// An environment file that belongs to the configuration
    #[arg(long, value_name = "FILE")]
    pub env_file: Vec<PathBuf>,

    /// SAML metadata of the identity provider, saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Saved documents")]
    pub metadata: Vec<PathBuf>,

    /// The identity provider's discovery document (.well-known/openid-configuration), saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Saved documents")]
    pub discovery: Vec<PathBuf>,

    /// The identity provider's key set (jwks_uri), saved to a file
    #[arg(long, value_name = "FILE", help_heading = "Saved documents")]
    pub jwks: Vec<PathBuf>,

    /// What the identity provider has on record of the application: a client of Keycloak, an
    /// application of Auth0, Okta or Microsoft Entra ID, as JSON. Without PATH it is judged alone,
    /// against --app, --provider and --base-url
    #[arg(long, value_name = "FILE", help_heading = "Saved documents")]
    pub idp_export: Vec<PathBuf>,

    /// The provider of the configuration that the saved documents belong to
    #[arg(long, value_name = "ID", help_heading = "Saved documents")]
    pub provider: Option<String>,

    /// The address under which people open the application, to print whole URLs
    #[arg(long, value_name = "URL", value_parser = base_url)]
    pub base_url: Option<String>,

    /// The name of what comes by standard input
    #[arg(long, value_name = "NAME")]
    pub stdin_filename: Option<String>,

    /// Pass over files that are not recognised, instead of refusing them
    #[arg(long)]
    pub skip_unrecognised: bool,

    /// Only these rules: codes, beginnings of codes or names, separated by commas
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Selection")]
    pub select: Vec<String>,

    /// Not these rules
    #[arg(long, value_name = "CODE", value_delimiter = ',', help_heading = "Selection")]
    pub ignore: Vec<String>,

    /// Let warnings fail the run
    #[arg(long, help_heading = "Selection")]
    pub strict: bool,

    /// Days before the end of a certificate or secret on which it is reported [default: 30]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(i64).range(0..=3650), help_heading = "Selection")]
    pub warn_days: Option<i64>,

    /// Hide the findings that this file holds
    #[arg(long, value_name = "FILE", help_heading = "Selection")]
    pub baseline: Option<PathBuf>,

    /// Write the present findings to the baseline file
    #[arg(long, requires = "baseline", help_heading = "Selection")]
    pub write_baseline: bool,

    /// Make the changes that are safe
    #[arg(long, help_heading = "Fixes")]
    pub fix: bool,

    /// With --fix or --diff: also the changes that somebody should look at
    #[arg(long, help_heading = "Fixes")]
    pub unsafe_fixes: bool,

    /// Show what would be changed, and change nothing
    #[arg(long, help_heading = "Fixes")]
    pub diff: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t, help_heading = "Output")]
    pub format: Format,

    /// Write the report to a file; - is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// Judge as of this instant (RFC 3339)
    #[arg(long, value_name = "INSTANT", value_parser = instant, help_heading = "Output")]
    pub at: Option<Timestamp>,

    /// Say nothing when nothing is wrong
    #[arg(short, long, conflicts_with = "verbose", help_heading = "Output")]
    pub quiet: bool,

    /// Tell everything: info findings and long values
    #[arg(short, long, help_heading = "Output")]
    pub verbose: bool,
}

/// An address, without a slash at its end.
pub(in crate::commands) fn base_url(text: &str) -> Result<String, String> {
    let is_url = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    match url::Url::parse(text) {
        Ok(_) if is_url => Ok(text.trim_end_matches('/').to_owned()),
        _ => Err("it must be a URL, such as https://cvat.acme.test".to_owned()),
    }
}

/// An instant, as RFC 3339 writes it.
pub(in crate::commands) fn instant(text: &str) -> Result<Timestamp, String> {
    text.parse().map_err(|_| "write it as 2027-01-01T00:00:00Z".to_owned())
}

const AFTER: &str = "\
Examples:
  ssoctl validate auth_config.yml
  ssoctl validate deploy/ --env-file deploy/.env --strict
  ssoctl validate --fix --diff auth_config.yml
  ssoctl validate auth_config.yml --metadata idp.xml --idp-export client.json
  ssoctl validate docker-compose.override.yml
  helm template . | ssoctl validate --app clearml -

Exit codes: 0 clean, 1 findings of severity error (with --strict also warnings),
2 the run could not happen. `ssoctl explain CODE` explains a finding.";
