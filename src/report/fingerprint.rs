//! Fingerprints: what makes a finding the same one tomorrow.

use std::collections::HashMap;

use crate::report::ReportedFinding;
use crate::rule::Finding;
use crate::source::{KeyPath, Step};

/// Fingerprints for findings in their order: from the code and the setting, with a provider named
/// by its id and not by its position, so that edits elsewhere change nothing.
pub(super) fn all(findings: Vec<Finding>) -> Vec<ReportedFinding> {
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    let with_fingerprint = |finding: Finding| {
        let subject = subject(&finding);
        let name = finding.problem.place.source.name().to_owned();
        let count = seen.entry((name, subject.clone())).or_default();
        *count += 1;
        let fingerprint = hash(&format!("{subject}\n{count}"));
        ReportedFinding { finding, fingerprint }
    };
    findings.into_iter().map(with_fingerprint).collect()
}

fn subject(finding: &Finding) -> String {
    let problem = &finding.problem;
    let path = stable_path(&problem.place.path, problem.provider.as_deref());
    format!("{}\n{path}", finding.rule.code)
}

fn stable_path(path: &KeyPath, provider: Option<&str>) -> String {
    let stable = path.0.iter().map(|step| match (step, provider) {
        (Step::Index(_), Some(id)) => Step::Key(id.to_owned()),
        _ => step.clone(),
    });
    KeyPath(stable.collect()).to_string()
}

/// 64 bits of FNV-1a, which stays the same from release to release.
fn hash(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}
