//! The verdict in one line.

use std::io::{self, Write};

use colored::{ColoredString, Colorize as _};

use crate::render::Style;
use crate::render::message::line;
use crate::report::judgement::{AccountView, Judgement};
use crate::source::printable;

/// Writes the verdict; for messages that log nobody in, what they are.
pub(super) fn render(judgement: &Judgement, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let Some(verdict) = &judgement.verdict else { return title(judgement, out) };
    let app = judgement.app.as_ref().map(|app| app.name.as_str());
    let (word, text): (ColoredString, String) = match verdict.class {
        "accept" => ("ACCEPTED".green().bold(), accepted(judgement, app)),
        "reject" => ("REJECTED".red().bold(), nobody(app, judgement)),
        "malformed" => {
            ("MALFORMED".red().bold(), format!("this {} cannot be read as one", judgement.noun()))
        }
        "limit" => (
            "LIMIT".red().bold(),
            "a ceiling was reached, so nothing is said about the content".to_owned(),
        ),
        _ => ("UNDECIDED".yellow().bold(), "it cannot be decided with what is given".to_owned()),
    };
    let before = word.chars().count() + 2;
    writeln!(out, "{word}  {}", line::wrapped(&text, before, 2, style.columns))?;
    match &verdict.account {
        Some(account) => details(account, style, out),
        None => Ok(()),
    }
}

fn nobody(app: Option<&str>, judgement: &Judgement) -> String {
    let is_passed_over = judgement.verdict.as_ref().is_some_and(|verdict| verdict.is_passed_over);
    let noun = judgement.noun();
    match app {
        // The application looks less closely: that is no reason to say that it would refuse.
        Some(app) if is_passed_over && open(judgement).is_empty() => {
            format!("this {noun} should log nobody in, though {app} would let it through")
        }
        Some(app) if is_passed_over => {
            format!("this {noun} should log nobody in, though {app} may let it through")
        }
        Some(app) => format!("{app} would not log anyone in"),
        None => format!("this {noun} must not log anyone in"),
    }
}

/// What is said of a message that is accepted: whom it logs in, or how the application answered.
pub(super) fn accepted(judgement: &Judgement, app: Option<&str>) -> String {
    let verdict = judgement.verdict.as_ref();
    let account = verdict.and_then(|verdict| verdict.account.as_ref());
    let sent = judgement.message.as_ref().and_then(|message| message.name_id.as_ref());
    let name = account.and_then(|account| account.email.as_deref().or(account.username.as_deref()));
    let name = name.or(sent.map(|name| name.value.as_str())).unwrap_or("a person without a name");
    let uid = account.and_then(|account| account.uid.as_deref());
    let uid = uid.map_or_else(String::new, |uid| format!(" (uid {})", printable(uid)));
    let (name, noun) = (printable(name), judgement.noun());
    let open = open(judgement);
    let so_far = if open.is_empty() { "" } else { " so far" };
    let text = match (app, failed(judgement)) {
        (Some(app), Some(status)) => {
            format!("the {noun} of {name}{uid} is sound{so_far}, but {app} answered {status}")
        }
        (None, Some(status)) => {
            format!("the {noun} of {name} is sound{so_far}, but the application answered {status}")
        }
        (Some(app), None) => format!("{app} would log in {name}{uid}"),
        (None, None) => format!("the {noun} is sound{so_far} and speaks of {name}"),
    };
    if open.is_empty() { text } else { format!("{text}; not checked: {}", open.join(", ")) }
}

/// What was not checked of that for whom and by whom the message is.
pub(super) fn open(judgement: &Judgement) -> Vec<&'static str> {
    let unchecked = judgement.verdict.iter().flat_map(|verdict| &verdict.unchecked);
    unchecked.copied().filter(|item| WEIGHTY.contains(item)).collect()
}

/// What the application answered where it refused the message, as it was recorded.
pub(super) fn failed(judgement: &Judgement) -> Option<&str> {
    judgement.message.as_ref()?.refusal.as_deref()
}

/// The members of the account that the headline does not have.
fn details(account: &AccountView, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let texts = [
        ("username", &account.username),
        ("e-mail", &account.email),
        ("first name", &account.first_name),
        ("last name", &account.last_name),
        ("display name", &account.display_name),
    ];
    let mut parts: Vec<String> = texts
        .into_iter()
        .filter_map(|(name, value)| Some(format!("{name} {}", printable(value.as_deref()?))))
        .collect();
    let flags = [("e-mail verified", account.email_verified), ("administrator", account.admin)];
    parts.extend(flags.into_iter().filter_map(|(name, value)| {
        Some(format!("{name}: {}", if value? { "yes" } else { "no" }))
    }));
    let lists = [
        ("groups", &account.groups),
        ("roles", &account.roles),
        ("workspaces", &account.workspaces),
        ("projects", &account.projects),
    ];
    parts.extend(lists.into_iter().filter_map(|(name, values)| {
        let values = values.as_ref().filter(|values| !values.is_empty())?;
        let listed = printable(&values.join(", ")).into_owned();
        // A hundred groups fill a page: they stand in the table of what was sent.
        let is_few = style.verbose || listed.chars().count() <= MOST_LISTED;
        Some(if is_few { format!("{name} {listed}") } else { format!("{} {name}", values.len()) })
    }));
    wrapped(&parts, style, out)?;
    for fallback in &account.fallbacks {
        writeln!(out, "  {} comes from {}", printable(&fallback.field), printable(&fallback.from))?;
    }
    for remark in &account.remarks {
        writeln!(out, "  {}", line::wrapped(&printable(remark), 2, 4, style.columns))?;
    }
    Ok(())
}

/// Parts beside each other, as many as a line holds.
fn wrapped(parts: &[String], style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut line = String::new();
    for part in parts {
        if !line.is_empty() && line.chars().count() + part.chars().count() + 5 > style.columns {
            writeln!(out, " {line}")?;
            line.clear();
        }
        line.push_str(if line.is_empty() { " " } else { "   " });
        line.push_str(part);
    }
    if line.is_empty() { Ok(()) } else { writeln!(out, " {line}") }
}

fn title(judgement: &Judgement, out: &mut dyn Write) -> io::Result<()> {
    let Some(message) = &judgement.message else { return Ok(()) };
    let part = |word: &str, value: &Option<String>| {
        value.as_ref().map_or_else(String::new, |value| format!(" {word} {}", printable(value)))
    };
    let from = part("from", &message.issuer);
    let to = part("to", &message.destination);
    writeln!(out, "{} {from}{to}", printable(&message.kind).bold())
}

/// Characters of a list that is shown whole.
const MOST_LISTED: usize = 300;
/// Checks without which a message may be meant for, or made by, somebody else.
const WEIGHTY: [&str; 3] = ["audience", "issuer", "recipient"];
