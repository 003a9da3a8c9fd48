//! Findings that somebody has allowed, and allowances that are wrong.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use globset::Glob;

use crate::problem::{Place, Problem};
use crate::report::{Selection, TargetView};
use crate::rule::{Finding, Findings};
use crate::rules;
use crate::settings::{Accepted, Suppression};
use crate::source::{KeyPath, Source};

/// Takes out what comments allow, and adds what is wrong with the comments. Only comments that
/// allowed nothing and are in order otherwise are called unused.
pub(super) fn by_comments(
    findings: Vec<Finding>,
    suppressions: &[(Arc<Source>, Suppression)],
    selection: &Selection<'_>,
) -> Vec<Finding> {
    let mut by_line: HashMap<(&str, usize), Vec<usize>> = HashMap::new();
    for (index, (source, suppression)) in suppressions.iter().enumerate() {
        by_line.entry((source.name(), suppression.line)).or_default().push(index);
    }
    let mut used: HashSet<(usize, &str)> = HashSet::new();
    let mut kept = Findings::default();
    for finding in findings {
        let place = &finding.problem.place;
        let here = || (place.source.name(), place.source.location(place.span.start).line);
        let candidates = if by_line.is_empty() { None } else { by_line.get(&here()) };
        let mut hits = candidates.into_iter().flatten().flat_map(|index| {
            let codes = suppressions[*index].1.codes.iter();
            codes.filter(|code| names(code, &finding)).map(|code| (*index, code.as_str()))
        });
        match hits.next() {
            Some(hit) => {
                used.insert(hit);
            }
            None => kept.0.push(finding),
        }
    }
    for (index, (source, suppression)) in suppressions.iter().enumerate() {
        let is_unused = |code: &&String| {
            !used.contains(&(index, code.as_str()))
                && rules::rule(code).is_some_and(|rule| selection.takes(rule))
        };
        let unused: Vec<&str> =
            suppression.codes.iter().filter(is_unused).map(String::as_str).collect();
        judge(source, suppression, &unused, &mut kept);
    }
    kept.0
}

fn names(code: &str, finding: &Finding) -> bool {
    code.eq_ignore_ascii_case(finding.rule.code) || code == finding.rule.name
}

fn judge(source: &Arc<Source>, suppression: &Suppression, unused: &[&str], out: &mut Findings) {
    let place =
        || Place { source: Arc::clone(source), span: suppression.span, path: KeyPath::default() };
    let unknown: Vec<&String> =
        suppression.codes.iter().filter(|code| rules::rule(code).is_none()).collect();
    if !suppression.is_understood {
        let problem = Problem::new("this comment is not understood", place());
        let remedy = "# ssoctl: allow CODE reason, or # ssoctl: secret expires 2027-05-01";
        out.report(&rules::UNFOUNDED.rule, problem.why("it does nothing").remedy(remedy));
    } else if suppression.codes.is_empty() {
        let problem = Problem::new("this comment names no rule to allow", place());
        out.report(
            &rules::UNFOUNDED.rule,
            problem.why(WHY_FOUNDED).remedy("# ssoctl: allow CVAT012 reason"),
        );
    } else if let Some(code) = unknown.first() {
        let near =
            crate::model::nearest(code, rules::all().flat_map(|rule| [rule.code, rule.name]));
        let problem = Problem::new(format!("there is no rule {code}"), place())
            .why("so the comment allows nothing");
        let remedy = near.map_or_else(
            || "ssoctl rules lists them".to_owned(),
            |(near, _)| format!("did you mean {near}?"),
        );
        out.report(&rules::UNFOUNDED.rule, problem.remedy(remedy));
    } else if !suppression.has_reason {
        let problem = Problem::new("this comment gives no reason", place()).why(WHY_FOUNDED);
        out.report(
            &rules::UNFOUNDED.rule,
            problem.remedy(format!("# ssoctl: allow {} and why", suppression.codes.join(", "))),
        );
    } else if !unused.is_empty() {
        let codes = unused.join(", ");
        let problem = Problem::new(
            format!("nothing on line {} is reported as {codes}", suppression.line),
            place(),
        )
        .why("left in place, it hides the same mistake the next time somebody makes it")
        .remedy("take the comment out");
        out.report(&rules::UNUSED.rule, problem);
    }
}

/// Takes out what `ssoctl.toml` accepts, and adds what is wrong with its entries.
pub(super) fn by_settings(
    findings: Vec<Finding>,
    selection: &Selection<'_>,
    targets: &[TargetView],
) -> Vec<Finding> {
    let Some(source) = &selection.settings.source else { return findings };
    let accepted = &selection.settings.accepted;
    let mut used = vec![false; accepted.len()];
    let mut kept = Findings::default();
    for finding in findings {
        let name = inside(selection, finding.problem.place.source.name());
        match accepted.iter().position(|entry| accepts(entry, &name, &finding)) {
            Some(hit) => used[hit] = true,
            None => kept.0.push(finding),
        }
    }
    for (entry, used) in accepted.iter().zip(used) {
        let place =
            Place { source: Arc::clone(source), span: entry.span, path: KeyPath::default() };
        let is_judged =
            targets.iter().any(|target| is_path(&entry.path, &inside(selection, &target.path)));
        if rules::rule(&entry.code).is_none() {
            let problem = Problem::new(format!("there is no rule {}", entry.code), place);
            out_of_order(problem, &mut kept, &rules::UNFOUNDED.rule);
        } else if !entry.has_reason {
            out_of_order(
                Problem::new("this entry gives no reason", place),
                &mut kept,
                &rules::UNFOUNDED.rule,
            );
        } else if !used && is_judged {
            let problem = Problem::new(format!("{} is not reported there", entry.code), place)
                .why("left in place, it hides the same mistake the next time somebody makes it")
                .remedy("take the entry out");
            kept.report(&rules::UNUSED.rule, problem);
        }
    }
    kept.0
}

fn out_of_order(problem: Problem, out: &mut Findings, rule: &'static crate::rule::Rule) {
    out.report(
        rule,
        problem.why(WHY_FOUNDED).remedy("a code that `ssoctl rules` lists, and a reason"),
    );
}

fn accepts(entry: &Accepted, name: &str, finding: &Finding) -> bool {
    let place = &finding.problem.place;
    let key_path = || place.path.to_string();
    names(&entry.code, finding)
        && is_path(&entry.path, name)
        && entry.key_path.as_ref().is_none_or(|wanted| *wanted == key_path())
}

/// A path as seen from the folder of `ssoctl.toml`.
fn inside(selection: &Selection<'_>, name: &str) -> String {
    let folder =
        selection.settings.folder.as_deref().and_then(|folder| std::path::absolute(folder).ok());
    let path = std::path::absolute(name).ok();
    let relative = path.zip(folder).and_then(|(path, folder)| {
        Some(path.strip_prefix(folder).ok()?.to_string_lossy().into_owned())
    });
    relative.unwrap_or_else(|| name.to_owned())
}

/// Whether a path is named: by itself, by a folder above it, or by a glob.
fn is_path(pattern: &str, path: &str) -> bool {
    let pattern = pattern.trim_start_matches("./").trim_end_matches('/');
    path == pattern
        || path.strip_prefix(pattern).is_some_and(|rest| rest.starts_with('/'))
        || Glob::new(pattern).is_ok_and(|glob| glob.compile_matcher().is_match(path))
}

const WHY_FOUNDED: &str = "whoever reads it next year cannot tell what is allowed and why";
