//! The file `ssoctl.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use crate::rule::Severity;
use crate::source::{Source, Span};

/// What `ssoctl.toml` says. Paths in it are relative to its folder.
#[derive(Debug, Default)]
pub struct Settings {
    /// The folder that holds the file; none where there is no file.
    pub folder: Option<PathBuf>,
    /// The file's text.
    pub source: Option<Arc<Source>>,
    /// Which rules run, and how much they matter.
    pub lint: LintSettings,
    /// What is judged when no path is given.
    pub targets: Vec<FileTarget>,
    /// Findings that are known and accepted.
    pub accepted: Vec<Accepted>,
    /// Ends of secrets: path and key path, joined by a colon, to a date.
    pub secrets: BTreeMap<String, jiff::civil::Date>,
}

/// Which rules run, and how much they matter.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct LintSettings {
    /// Codes, or beginnings of codes, that are reported; all where the list is empty.
    pub select: Vec<String>,
    /// Codes, or beginnings of codes, that are not reported.
    pub ignore: Vec<String>,
    /// Whether warnings fail the run.
    pub strict: bool,
    /// Days ahead on which an end is reported.
    pub warn_days: Option<i64>,
    /// Severities of rules by their codes.
    pub severity: BTreeMap<String, Level>,
}

/// A severity in the file.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// See [`crate::rule::Severity::Error`].
    Error,
    /// See [`crate::rule::Severity::Warning`].
    Warning,
    /// See [`crate::rule::Severity::Info`].
    Info,
}

impl From<Level> for Severity {
    fn from(level: Level) -> Self {
        match level {
            Level::Error => Self::Error,
            Level::Warning => Self::Warning,
            Level::Info => Self::Info,
        }
    }
}

/// One thing to judge.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct FileTarget {
    /// A file, a folder or a glob.
    pub path: String,
    /// The application, where the content does not give it away.
    pub app: Option<String>,
    /// Environment files that belong to it.
    #[serde(default)]
    pub env_file: Vec<String>,
    /// The application's address.
    pub base_url: Option<String>,
}

/// A finding that is known and accepted.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// A path or glob.
    pub path: String,
    /// The code of the rule.
    pub code: String,
    /// The setting; none for all.
    pub key_path: Option<String>,
    /// Where the entry stands.
    pub span: Span,
    /// Whether somebody gave a reason.
    pub has_reason: bool,
}

/// Why the file cannot be used.
#[derive(Debug)]
pub struct SettingsError {
    /// What is wrong.
    pub message: String,
    /// Line and column, where known.
    pub at: Option<crate::source::Location>,
}

impl Settings {
    /// Reads the text of a file.
    pub fn parse(path: &Path, name: &str, text: &str) -> Result<Self, SettingsError> {
        let source = Arc::new(Source::new(name, text.to_owned()));
        let raw: Raw = toml::from_str(text).map_err(|error| SettingsError {
            message: without_value(error.message()),
            at: error.span().map(|span| source.location(span.start)),
        })?;
        let accepted = raw.ignore.into_iter().map(Accepted::from).collect();
        let secrets = raw.secrets.into_iter().map(|(key, date)| Ok((key, date_of(&date)?)));
        Ok(Self {
            folder: path.parent().map(Path::to_owned),
            lint: raw.lint,
            targets: raw.target,
            accepted,
            secrets: secrets.collect::<Result<_, SettingsError>>()?,
            source: Some(source),
        })
    }
}

/// What the parser says, without the value that it quotes: people paste secrets there.
fn without_value(message: &str) -> String {
    match message.split_once(", expected") {
        Some((wrong, expected)) if wrong.starts_with("invalid") => {
            format!("the value is of the wrong kind, expected{expected}")
        }
        _ => message.to_owned(),
    }
}

fn date_of(date: &RawDate) -> Result<jiff::civil::Date, SettingsError> {
    let text = match date {
        RawDate::Date(date) => date.to_string(),
        RawDate::Text(text) => text.clone(),
    };
    text.parse().map_err(|_| SettingsError {
        message: "an end in [secrets] is not a date; write 2027-05-01".to_owned(),
        at: None,
    })
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Raw {
    lint: LintSettings,
    target: Vec<FileTarget>,
    ignore: Vec<Spanned<RawAccepted>>,
    secrets: BTreeMap<String, RawDate>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RawDate {
    Date(toml::value::Datetime),
    Text(String),
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RawAccepted {
    path: String,
    code: String,
    key_path: Option<String>,
    reason: String,
}

impl From<Spanned<RawAccepted>> for Accepted {
    fn from(raw: Spanned<RawAccepted>) -> Self {
        let span = Span::new(raw.span().start, raw.span().end);
        let raw = raw.into_inner();
        let has_reason = !raw.reason.trim().is_empty();
        Self { path: raw.path, code: raw.code, key_path: raw.key_path, span, has_reason }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::Settings;

    #[test]
    fn every_part_of_the_file_is_read() {
        let text = "[lint]\nselect = [\"CVAT\"]\nignore = [\"CVAT036\"]\nstrict = true\nwarn-days = 60\n[lint.severity]\nCVAT011 = \"error\"\n[[target]]\npath = \"a\"\nenv-file = [\".env\"]\n[[ignore]]\npath = \"a\"\ncode = \"CVAT010\"\nreason = \"x\"\n[secrets]\n\"a:sso.x\" = 2027-05-01\n";
        let settings =
            Settings::parse(Path::new("/p/ssoctl.toml"), "ssoctl.toml", text).expect("it is sound");
        assert_eq!(settings.folder.as_deref(), Some(Path::new("/p")));
        assert!(settings.lint.strict && settings.accepted[0].has_reason);
        assert_eq!(settings.secrets["a:sso.x"].to_string(), "2027-05-01");
    }

    #[test]
    fn an_unknown_key_is_refused_at_its_place() {
        let error =
            Settings::parse(Path::new("ssoctl.toml"), "ssoctl.toml", "[lint]\nselct = []\n")
                .expect_err("refused");
        assert_eq!(error.at.map(|at| at.line), Some(2));
    }
}
