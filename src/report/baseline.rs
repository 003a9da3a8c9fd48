//! A baseline: the findings that were there before the linter came.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::report::{Report, ReportedFinding};

/// Findings that are known, by file and fingerprint. Paths are relative to the baseline's folder.
#[derive(Debug, Default)]
pub struct Baseline {
    folder: PathBuf,
    known: BTreeSet<(String, String)>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct File {
    version: u32,
    findings: Vec<Known>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Known {
    path: String,
    code: String,
    fingerprint: String,
}

impl Baseline {
    /// Reads the text of a baseline file.
    pub fn parse(path: &Path, text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.version != VERSION {
            return Err(format!("its version is {}, and {VERSION} is understood", file.version));
        }
        let known =
            file.findings.into_iter().map(|known| (known.path, known.fingerprint)).collect();
        Ok(Self { folder: folder(path), known })
    }

    /// The text of a baseline file that holds everything a report says.
    pub fn write(path: &Path, report: &Report) -> String {
        let folder = folder(path);
        let known = |finding: &ReportedFinding| Known {
            path: relative(&folder, finding.finding.problem.place.source.name()),
            code: finding.finding.rule.code.to_owned(),
            fingerprint: finding.fingerprint.clone(),
        };
        let file = File { version: VERSION, findings: report.findings.iter().map(known).collect() };
        serde_json::to_string_pretty(&file).expect("strings and numbers always serialise") + "\n"
    }

    pub(super) fn holds(&self, finding: &ReportedFinding) -> bool {
        let path = relative(&self.folder, finding.finding.problem.place.source.name());
        self.known.contains(&(path, finding.fingerprint.clone()))
    }
}

fn folder(path: &Path) -> PathBuf {
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    real(parent.unwrap_or(Path::new(".")))
}

fn relative(folder: &Path, name: &str) -> String {
    let path = real(Path::new(name));
    path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned()
}

/// A path without links and `..`, so that it is the same from every folder.
fn real(path: &Path) -> PathBuf {
    std::fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_owned())
}

const VERSION: u32 = 1;
