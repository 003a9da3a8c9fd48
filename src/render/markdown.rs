//! Markdown (GitHub's flavour), for a job summary.
//!
//! Words that are not ours stand in code spans, where nothing is a link, an image, a mention, an
//! emoji or HTML. A sentence of a finding is mixed, so each word that is more than letters and
//! plain punctuation gets a code span of its own.

use std::io::{self, Write};

use crate::deployment::FileKind;
use crate::model::Protocol;
use crate::render::Style;
use crate::render::words::{self, File, counted};
use crate::report::{ProviderView, Report, ReportedFinding, TargetView};
use crate::rule::Severity;
use crate::source::printable;

/// Writes a heading with the sum, then a table a file; where nothing is wrong, what was
/// understood.
pub(super) fn render(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let wrong = report.count(Severity::Error) + report.count(Severity::Warning);
    if wrong == 0 && style.quiet {
        return Ok(());
    }
    writeln!(out, "## {}: {}\n", env!("CARGO_PKG_NAME"), sum(report))?;
    for file in words::files(report) {
        table(&file, style, out)?;
    }
    if wrong == 0 {
        understood(report, style, out)?;
    }
    remarks(report, style, out)
}

fn sum(report: &Report) -> String {
    let severities = [(Severity::Error, "error"), (Severity::Warning, "warning")];
    let counts = severities.map(|(severity, word)| (report.count(severity), word));
    let parts: Vec<String> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| counted(count, word))
        .collect();
    let parts = if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") };
    let files = if report.judgement.is_some() { 1 } else { report.targets.len() };
    format!("{parts} in {}", counted(files, "file"))
}

fn table(file: &File<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let told = file.findings.iter().filter(|reported| words::is_told(reported, style));
    let rows: Vec<String> = told.map(|reported| row(reported)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {}\n", code(&file.path))?;
    writeln!(out, "| severity | where | code | message | what to write |")?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    writeln!(out, "{}\n", rows.join("\n"))
}

fn row(reported: &ReportedFinding) -> String {
    let finding = &reported.finding;
    let problem = &finding.problem;
    let (start, _) = words::extent(&problem.place);
    let remedy = problem.remedy.as_ref().or(problem.fix.as_ref().map(|fix| &fix.title));
    let cells = [
        finding.severity.to_string(),
        if problem.place.source.is_decoded() {
            String::new()
        } else {
            format!("{}:{}", start.line, start.column)
        },
        code(finding.rule.code),
        prose(&problem.message),
        remedy.map(|remedy| prose(remedy)).unwrap_or_default(),
    ];
    format!("| {} |", cells.join(" | "))
}

/// What was understood, where nothing is wrong.
fn understood(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let most = if style.verbose { usize::MAX } else { MOST_TARGETS_SHOWN };
    for target in report.targets.iter().take(most) {
        writeln!(out, "- {}: {}", code(&printable(&target.path)), target_words(target))?;
        for provider in &target.providers {
            writeln!(out, "  - {}", provider_words(provider))?;
        }
    }
    let more = report.targets.len().saturating_sub(most);
    if more > 0 {
        writeln!(out, "- and {}", counted(more, "more file"))?;
    }
    writeln!(out)
}

fn target_words(target: &TargetView) -> String {
    if target.kind == FileKind::Environment {
        return format!("environment of {}", target.app.name);
    }
    let providers = match target.providers.len() {
        0 => "no providers".to_owned(),
        1 => "1 provider".to_owned(),
        n => format!("{n} providers, {}", target.chosen),
    };
    let off = if target.is_switched_off { ", switched off" } else { "" };
    format!("{}, {providers}{off}", target.app.name)
}

fn provider_words(provider: &ProviderView) -> String {
    let protocol = provider.protocol.map_or("unknown protocol", Protocol::name);
    let is_saml = provider.protocol == Some(Protocol::Saml);
    let address = if is_saml { "ACS" } else { "redirect URI" };
    let mut parts = vec![format!("{}: {protocol}, {}", code(&provider.id), provider.idp)];
    parts.extend((!provider.chosen_by.is_empty()).then(|| code(&provider.chosen_by)));
    parts.extend(provider.callback.as_ref().map(|uri| format!("{address} {}", code(uri))));
    parts.extend(provider.entity_id.as_ref().map(|id| format!("entity id {}", code(id))));
    parts.join(", ")
}

/// What is only counted, and where to go from here.
fn remarks(report: &Report, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut remarks = Vec::new();
    let infos = report.count(Severity::Info);
    if infos > 0 && !style.verbose {
        remarks.push(format!("{} (shown with `-v`)", counted(infos, "note")));
    }
    if report.in_baseline > 0 {
        remarks.push(format!("{} more in the baseline", report.in_baseline));
    }
    if report.fixable() > 0 {
        remarks.push(format!("{} can be fixed with `--fix`", report.fixable()));
    }
    let told = report.findings.iter().filter(|reported| words::is_told(reported, style));
    let gravest = told.min_by_key(|reported| reported.finding.severity);
    remarks
        .extend(gravest.map(|reported| {
            format!("learn more: `ssoctl explain {}`", reported.finding.rule.code)
        }));
    if remarks.is_empty() { Ok(()) } else { writeln!(out, "{}", remarks.join("; ")) }
}

/// A sentence: plain words as they are, what stands between backticks as code, and every other
/// word as code too.
pub(super) fn prose(text: &str) -> String {
    let pieces: Vec<&str> = text.split('`').collect();
    if pieces.len().is_multiple_of(2) {
        return plain_or_code(text);
    }
    let mut shown = String::with_capacity(text.len());
    for (n, piece) in pieces.into_iter().enumerate() {
        let piece = if n.is_multiple_of(2) { plain_or_code(piece) } else { code(piece) };
        // Two code spans without anything between would become one.
        if shown.ends_with('`') && piece.starts_with('`') {
            shown.push(' ');
        }
        shown.push_str(&piece);
    }
    shown
}

fn plain_or_code(text: &str) -> String {
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// A word, with the punctuation around it outside its code span.
fn word(word: &str) -> String {
    if is_plain(word) {
        return word.to_owned();
    }
    let rest = word.trim_start_matches(OPENING);
    let inner = rest.trim_end_matches(CLOSING);
    let before = &word[..word.len() - rest.len()];
    let after = &rest[inner.len()..];
    let inner = if is_plain(inner) { inner.to_owned() } else { code(inner) };
    format!("{before}{inner}{after}")
}

/// Whether Markdown and GitHub see nothing but letters in a word: no markup, no address, no
/// issue (`GH-1`), no commit.
fn is_plain(word: &str) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() || !c.is_ascii();
    let is_commit = word.len() >= 7 && word.chars().all(|c| c.is_ascii_hexdigit());
    let is_issue = word.contains('-') && word.contains(|c: char| c.is_ascii_digit());
    !is_commit && !is_issue && word.chars().all(|c| is_letter(c) || matches!(c, '-' | '\''))
}

/// Code spans (GFM section 6.3) that show exactly this text. A pipe would end the cell of a
/// table, even behind a backslash that has one before it, so pipes stand between the spans.
pub(super) fn code(text: &str) -> String {
    text.split('|').map(span).collect::<Vec<_>>().join("&#124;")
}

fn span(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let is_bare = !text.starts_with(['`', ' ']) && !text.ends_with(['`', ' ']);
    let space = if is_bare { "" } else { " " };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Punctuation before a word and behind it that means nothing to Markdown.
const OPENING: [char; 3] = ['(', '"', '\''];
const CLOSING: [char; 8] = [')', '"', '\'', '.', ',', ';', ':', '?'];
/// More targets than this are counted, not listed.
const MOST_TARGETS_SHOWN: usize = 20;

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::{code, is_plain, prose};

    /// What stands outside code spans, and the text of it all; none where a span does not end.
    fn parsed(markdown: &str) -> Option<(String, String)> {
        let (mut outside, mut text) = (String::new(), String::new());
        let mut rest = markdown;
        while let Some(at) = rest.find('`') {
            let (before, from) = rest.split_at(at);
            let fence = &from[..from.len() - from.trim_start_matches('`').len()];
            let body = &from[fence.len()..];
            let end = ends(body).find(|(_, run)| *run == fence.len())?.0;
            outside.push_str(before);
            text.push_str(before);
            text.push_str(unpadded(&body[..end]));
            rest = &body[end + fence.len()..];
        }
        outside.push_str(rest);
        text.push_str(rest);
        Some((outside, text.replace("&#124;", "|")))
    }

    /// Where runs of backticks begin, and how long they are.
    fn ends(body: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
        body.match_indices('`').filter(|(at, _)| !body[..*at].ends_with('`')).map(|(at, _)| {
            let run = &body[at..];
            (at, run.len() - run.trim_start_matches('`').len())
        })
    }

    fn unpadded(body: &str) -> &str {
        let inner = body.strip_prefix(' ').and_then(|body| body.strip_suffix(' '));
        inner.filter(|_| !body.trim_matches(' ').is_empty()).unwrap_or(body)
    }

    #[test]
    fn sentences_keep_their_words_and_mark_values() {
        for (text, wanted) in [
            ("server_url uses the tenant id", "`server_url` uses the tenant id"),
            ("the file has no `sso` section", "the file has no `sso` section"),
            ("write (see https://a.test/b?c).", "write (see `https://a.test/b?c`)."),
            ("GH-12 is not e-mail", "`GH-12` is not e-mail"),
            ("a|b", "`a`&#124;`b`"),
            ("`a``b", "``` `a``b ```"),
        ] {
            assert_eq!(prose(text), wanted);
        }
    }

    #[test]
    fn commits_and_addresses_are_no_plain_words() {
        for word in ["0a1b2c3d", "www.a.test", "@me", "#1", ":x:", "a_b", "<b>", "[a]", "a@b"] {
            assert!(!is_plain(word), "{word}");
        }
    }

    proptest! {
        #[test]
        fn code_shows_exactly_its_text(text in "[ -~é😀]{1,30}") {
            let (_, shown) = parsed(&code(&text)).expect("every span ends");
            prop_assert_eq!(shown.trim(), text.trim());
        }

        #[test]
        fn nothing_outside_code_means_anything(text in "[`|<>@#:/.a-c\\[\\]()! \\\\*_~&]{0,30}") {
            let markdown = prose(&text);
            let (outside, _) = parsed(&markdown).expect("every span ends");
            let outside = outside.replace("&#124;", "");
            let is_harmless = |c: char| c.is_alphanumeric() || " ()\"'.,;:?-".contains(c);
            prop_assert!(outside.chars().all(is_harmless), "{outside:?} of {markdown:?}");
            prop_assert!(!markdown.contains('|'));
        }
    }
}
