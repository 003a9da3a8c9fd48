//! The pages of the rules, whose examples are run: bad ones fire on the marked lines and nowhere
//! else, good ones are sound.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use ssoctl::rule::Rule;
use ssoctl::rules;
use tempfile::TempDir;

use crate::run::{Found, findings, ssoctl, write};

/// One example of a page: one file or several.
#[derive(Debug, Default)]
struct Example {
    is_bad: bool,
    severity: Option<String>,
    is_tracked: bool,
    /// Whether saved documents are judged alone.
    is_without_path: bool,
    mode: u32,
    files: Vec<(String, String)>,
    /// Files that are given with a flag: the flag and the name.
    flags: Vec<(String, String)>,
    /// Further arguments, `--base-url=...`.
    arguments: Vec<String>,
    marked: BTreeSet<(String, u64)>,
    line: usize,
}

#[test]
fn bad_examples_fire_on_their_marked_lines_and_nowhere_else() {
    each_example(|rule, example| {
        if !example.is_bad {
            return None;
        }
        let folder = lay_out(example);
        let own: Vec<Found> =
            judged(&folder, example).into_iter().filter(|found| found.code == rule.code).collect();
        let lines: BTreeSet<(String, u64)> =
            own.iter().map(|found| (found.path.clone(), found.line)).collect();
        if lines != example.marked || own.is_empty() {
            return Some(format!("found {:?}, marked {:?}", lines, example.marked));
        }
        let severity = example.severity.as_ref()?;
        own.iter()
            .find(|found| found.severity != *severity)
            .map(|found| format!("{found:?} is not {severity}"))
    });
}

#[test]
fn good_examples_have_neither_the_finding_nor_any_error_or_warning() {
    each_example(|rule, example| {
        if example.is_bad {
            return None;
        }
        let folder = lay_out(example);
        let wrong = |found: &Found| found.code == rule.code || found.severity != "info";
        let found: Vec<Found> = judged(&folder, example).into_iter().filter(wrong).collect();
        (!found.is_empty()).then(|| format!("{found:?}"))
    });
}

#[test]
fn a_safe_fix_leaves_nothing_of_its_code_and_the_file_parses() {
    each_example(|rule, example| {
        let folder = lay_out(example);
        let fixable = fixable(&folder, example, rule.code);
        if !example.is_bad || fixable.is_empty() {
            return None;
        }
        ssoctl(&[
            "validate",
            "--fix",
            "--select",
            rule.code,
            folder.path().to_str().expect("UTF-8"),
        ]);
        let left = judged(&folder, example);
        let stays = left.iter().find(|found| {
            found.code.starts_with("CONF00") || fixable.contains(&(found.code.clone(), found.line))
        });
        stays.map(|found| format!("after the fix: {found:?}"))
    });
}

#[test]
fn every_page_opens_with_code_and_name_and_has_its_headings() {
    for rule in all_rules() {
        let heading = format!("# {}: {}", rule.code, rule.name);
        if !rule.page.starts_with(&heading) {
            has_its_section(rule);
            continue;
        }
        for heading in ["## Why", "## Bad", "## Good", "## Who is affected", "## References"] {
            assert!(
                rule.page.contains(&format!("\n{heading}\n")),
                "{} has no {heading}",
                rule.code
            );
        }
    }
}

/// A page of a family has a section for each code, which says why it matters and what to do.
fn has_its_section(rule: &Rule) {
    let (page, text) = (rule.page, rule.text());
    assert!(page.starts_with(&format!("# {}: ", rule.family())), "{} has no page", rule.code);
    let heading = format!("## {}: {}\n", rule.code, rule.name);
    assert!(text.starts_with(&heading), "{} has no section {heading}", rule.code);
    for heading in ["### Why", "### What to do", "### References"] {
        assert!(text.contains(&format!("\n{heading}\n")), "{} has no {heading}", rule.code);
    }
}

#[test]
fn every_page_and_fixture_folder_has_a_rule_and_codes_and_names_are_unique() {
    let codes: BTreeSet<&str> = all_rules().map(|rule| rule.code).collect();
    let names: BTreeSet<&str> = all_rules().map(|rule| rule.name).collect();
    assert_eq!((codes.len(), names.len()), (all_rules().count(), all_rules().count()));
    for (folder, suffix) in [("docs/rules", ".md"), ("fixtures/rules", "")] {
        for entry in fs::read_dir(root().join(folder)).expect("a folder") {
            let name = entry.expect("an entry").file_name().into_string().expect("UTF-8");
            let name = name.trim_end_matches(suffix);
            assert!(codes.contains(name) || is_family(name), "{folder}/{name} belongs to no rule");
        }
    }
}

/// Whether a page is one of a family: its name is letters only.
fn is_family(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_uppercase())
}

#[test]
fn files_that_no_page_can_show_fire_on_the_line_in_their_name() {
    for rule in all_rules() {
        let Ok(entries) = fs::read_dir(root().join("fixtures/rules").join(rule.code)) else {
            continue;
        };
        for entry in entries {
            let path = entry.expect("an entry").path();
            let name = path.file_stem().and_then(|name| name.to_str()).expect("UTF-8");
            let path = path.to_str().expect("UTF-8");
            let found: Vec<Found> =
                findings(&[path]).into_iter().filter(|found| found.code == rule.code).collect();
            match name.strip_prefix("bad-line") {
                Some(rest) => {
                    let line = rest.split('-').next().and_then(|line| line.parse().ok());
                    assert_eq!(found.first().map(|found| found.line), line, "{path}");
                }
                None => assert!(found.is_empty(), "{path}: {found:?}"),
            }
        }
    }
}

fn all_rules() -> impl Iterator<Item = &'static Rule> {
    rules::all()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Runs a check over every example; it says what is wrong, if anything is.
fn each_example(check: impl Fn(&Rule, &Example) -> Option<String>) {
    let mut wrong = Vec::new();
    let mut count = 0;
    for rule in all_rules() {
        for example in examples(rule) {
            count += 1;
            if let Some(text) = check(rule, &example) {
                wrong.push(format!("{} line {}: {text}", rule.code, example.line));
            }
        }
    }
    assert!(count > 100, "only {count} examples were found");
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn judged(folder: &TempDir, example: &Example) -> Vec<Found> {
    let base = folder.path().to_str().expect("UTF-8");
    let given = given(folder, example);
    let mut arguments: Vec<&str> = given.iter().map(String::as_str).collect();
    arguments.extend((!example.is_without_path).then_some(base));
    let mut found = findings(&arguments);
    for found in &mut found {
        found.path = found.path.trim_start_matches(base).trim_start_matches('/').to_owned();
    }
    found
}

/// The arguments that an example brings along.
fn given(folder: &TempDir, example: &Example) -> Vec<String> {
    let flags = example.flags.iter().flat_map(|(flag, name)| {
        [flag.clone(), folder.path().join(name).to_str().expect("UTF-8").to_owned()]
    });
    flags.chain(example.arguments.iter().cloned()).collect()
}

/// Code and line of the findings of a rule that have a safe fix.
fn fixable(folder: &TempDir, example: &Example, code: &str) -> BTreeSet<(String, u64)> {
    let given = given(folder, example);
    let mut arguments = vec!["validate", "--format", "json"];
    arguments.extend(given.iter().map(String::as_str));
    arguments.extend((!example.is_without_path).then_some(folder.path().to_str().expect("UTF-8")));
    let run = ssoctl(&arguments);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("a report");
    let findings = report["findings"].as_array().expect("a list").iter();
    let safe =
        findings.filter(|finding| finding["fix"]["safety"] == "safe" && finding["code"] == code);
    safe.map(|finding| (code.to_owned(), finding["line"].as_u64().expect("a number"))).collect()
}

fn lay_out(example: &Example) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in &example.files {
        write(&folder.path().join(name), text.as_bytes(), example.mode);
    }
    if example.is_tracked {
        let names: Vec<&str> = example.files.iter().map(|(name, _)| name.as_str()).collect();
        write(&folder.path().join(".git/index"), &git_index(&names), 0o644);
    }
    folder
}

/// What git writes when files are added (gitformat-index(5), version 2), as far as names go.
fn git_index(names: &[&str]) -> Vec<u8> {
    let mut index = b"DIRC\0\0\0\x02".to_vec();
    index.extend(u32::try_from(names.len()).expect("few").to_be_bytes());
    for name in names {
        let start = index.len();
        index.extend([0; 62]);
        index.extend(name.as_bytes());
        index.push(0);
        index.resize(start + (index.len() - start).next_multiple_of(8), 0);
    }
    index
}

fn examples(rule: &Rule) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    let mut lines = rule.text().lines().enumerate();
    let mut is_in_a_row = false;
    while let Some((number, line)) = lines.next() {
        let Some(info) = line.strip_prefix("```").filter(|info| info.contains(' ')) else {
            is_in_a_row &= line.is_empty() || line.starts_with("```");
            continue;
        };
        let body: Vec<&str> =
            lines.by_ref().map(|(_, line)| line).take_while(|line| *line != "```").collect();
        let mut example = Example { line: number + 1, mode: 0o600, ..Example::default() };
        let name = read_info(info, &mut example);
        let file = name.clone().unwrap_or_else(|| default_name(info).to_owned());
        let (text, marked) = without_markers(&body, rule.code);
        let marked = marked.into_iter().chain(marked_lines(info));
        example.marked.extend(marked.map(|line| (file.clone(), line)));
        example.files.push((file, text));
        match examples
            .last_mut()
            .filter(|last| is_in_a_row && name.is_some() && last.is_bad == example.is_bad)
        {
            Some(last) => {
                last.files.append(&mut example.files);
                last.marked.append(&mut example.marked);
                last.flags.append(&mut example.flags);
                last.arguments.append(&mut example.arguments);
                last.is_without_path |= example.is_without_path;
            }
            None => examples.push(example),
        }
        is_in_a_row = name.is_some();
    }
    examples
}

fn default_name(info: &str) -> &'static str {
    match info.split(' ').next() {
        Some("env") => "cvat.env",
        Some("json") => "label-studio-saml.json",
        _ => "auth_config.yml",
    }
}

/// Reads the words behind the backticks; gives the file's name, if there is one.
fn read_info(info: &str, example: &mut Example) -> Option<String> {
    let mut name = None;
    for word in info.split(' ').skip(1) {
        match word.split_once('=') {
            Some(("file", value)) => name = Some(value.to_owned()),
            Some(("line", _)) => {}
            Some(("mode", value)) => example.mode = u32::from_str_radix(value, 8).expect("octal"),
            Some(("flag", value)) => {
                let file = name.clone().expect("file= stands before flag=");
                example.flags.push((value.to_owned(), file));
            }
            Some((flag, _)) if flag.starts_with("--") => example.arguments.push(word.to_owned()),
            None if word == "alone" => example.is_without_path = true,
            None if word == "bad" => example.is_bad = true,
            None if word == "tracked" => example.is_tracked = true,
            None if ["error", "warning", "info"].contains(&word) => {
                example.severity = Some(word.to_owned());
            }
            None if word == "good" => {}
            _ => panic!("unknown word in a fence: {word}"),
        }
    }
    name
}

/// The lines that the fence itself marks, in formats that have no comments: `line=2,3`.
fn marked_lines(info: &str) -> Vec<u64> {
    let words = info.split(' ').filter_map(|word| word.strip_prefix("line="));
    let lines = words.flat_map(|lines| lines.split(','));
    lines.map(|line| line.parse().expect("a line number")).collect()
}

fn without_markers(body: &[&str], code: &str) -> (String, Vec<u64>) {
    let (mut text, mut marked, mut line) = (String::new(), Vec::new(), 0);
    for row in body {
        let mark = row
            .trim_start()
            .strip_prefix('#')
            .map(str::trim_start)
            .filter(|rest| rest.starts_with('^'));
        match mark.and_then(|mark| mark.split_once(' ')) {
            Some((carets, name)) if carets.chars().all(|c| c == '^') && name == code => {
                marked.push(line);
            }
            _ => {
                text.push_str(row);
                text.push('\n');
                line += 1;
            }
        }
    }
    (text, marked)
}
