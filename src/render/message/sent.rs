//! What was sent: the way it travelled, who signed what, when it holds, and whom it is about.

use std::io::{self, Write};

use colored::Colorize as _;
use jiff::{SignedDuration, Timestamp};

use crate::render::Style;
use crate::render::message::line::{self, cut};
use crate::render::message::{attributes, signed};
use crate::report::Report;
use crate::report::judgement::Judgement;
use crate::report::message::{ExchangeView, MessageView, SignatureView, Window};
use crate::source::printable;

/// Writes everything that was sent.
pub(super) fn render(
    report: &Report,
    judgement: &Judgement,
    message: &MessageView,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let path: Vec<&str> =
        message.layers.iter().map(String::as_str).chain([message.kind.as_str()]).collect();
    let path = path.join(" > ");
    let text = format!("{}{}", printable(&path), signatures(message, report));
    let text = line::wrapped(&text, 15, 2, style.columns);
    writeln!(out, "\n{}  {text}", "what was sent".bold())?;
    exchanges(&message.exchanges, style, out)?;
    encrypted(message, out)?;
    if style.verbose {
        whole(message, out)?;
    }
    windows(message, report.at, style, out)?;
    if let Some(status) = message.status.as_ref().filter(|status| !is_success(&status.codes)) {
        let codes: Vec<&str> =
            status.codes.iter().map(|code| code.rsplit(':').next().unwrap_or(code)).collect();
        let text = status.message.as_ref().map_or_else(String::new, |text| format!("  {text}"));
        writeln!(out, "  status   {}{}", printable(&codes.join(" > ")), printable(&text))?;
    }
    for (name, value) in &message.request {
        writeln!(out, "  {name:8} {}", printable(value))?;
    }
    if let Some(name) = &message.name_id {
        let format = name.format.as_deref().and_then(|format| format.rsplit(':').next());
        let format = format.map_or_else(String::new, |format| format!("  ({})", printable(format)));
        if message.is_token {
            // The name is somebody's only together with whoever gave it.
            let issuer = message.issuer.as_deref().unwrap_or("nobody");
            writeln!(out, "  subject  {} of {}", printable(&name.value), printable(issuer))?;
        } else {
            writeln!(out, "  NameID   {}{format}", printable(&name.value))?;
        }
    }
    attributes::render(message, style, out)?;
    if let Some(state) = &message.relay_state {
        let room = style.columns.saturating_sub(20);
        writeln!(out, "  RelayState  {}", cut(&printable(state), room))?;
    }
    let has_values = message.name_id.is_some() || !message.attributes.is_empty();
    if judgement.verdict.is_some() && !message.is_verified && has_values {
        let text = "until the problem above is solved: these values must not log anyone in";
        let text = line::wrapped(text, 11, 2, style.columns);
        writeln!(out, "{} {text}", "UNVERIFIED".red().bold())?;
    }
    Ok(())
}

/// Who signed what, in brackets.
fn signatures(message: &MessageView, report: &Report) -> String {
    if message.signatures.is_empty() {
        let is_closed = message.encryption.iter().any(|one| !one.decrypted);
        let inside = if is_closed { " outside of what is encrypted" } else { "" };
        return format!("  (signed: nothing{inside})");
    }
    let parts: Vec<String> = message.signatures.iter().map(|one| signature(one, report)).collect();
    format!("  (signed: {})", parts.join("; "))
}

fn signature(signature: &SignatureView, report: &Report) -> String {
    let mut text = printable(&signature.over).into_owned();
    if !signature.algorithm.is_empty() {
        text.push_str(", ");
        text.push_str(&printable(&signature.algorithm));
    }
    match (&signature.key, signature.holds) {
        (Some(key), Some(true)) => {
            let start: String = key.chars().take(5).collect();
            text.extend([", key ", start.as_str(), "…"]);
        }
        _ => text.extend([", ", signed::state(signature, report)]),
    }
    text
}

fn exchanges(exchanges: &[ExchangeView], style: Style, out: &mut dyn Write) -> io::Result<()> {
    if exchanges.len() < 2 {
        return Ok(());
    }
    for one in exchanges {
        let mark = if one.chosen { "*" } else { " " };
        let status = one.status.map_or_else(String::new, |status| format!("  {status}"));
        let address = printable(&one.address);
        writeln!(
            out,
            "  {mark}{:2} {:4} {:14} {}{status}",
            one.number,
            printable(&one.method),
            printable(&one.kind),
            cut(&address, style.columns.saturating_sub(34).max(20))
        )?;
    }
    Ok(())
}

fn encrypted(message: &MessageView, out: &mut dyn Write) -> io::Result<()> {
    for one in &message.encryption {
        let ways = [one.content.as_deref(), one.key_transport.as_deref()];
        let ways: Vec<&str> = ways.into_iter().flatten().collect();
        let state = if one.decrypted { "decrypted" } else { "not decrypted" };
        let part = printable(&one.part);
        writeln!(out, "  encrypted {part}: {} ({state})", printable(&ways.join(", ")))?;
    }
    Ok(())
}

/// What the short view leaves out.
fn whole(message: &MessageView, out: &mut dyn Write) -> io::Result<()> {
    let conditions = message.conditions.clone().unwrap_or_default();
    let audiences = conditions.audiences.join(", ");
    let recipients = conditions.recipients.join(", ");
    let rows = [
        ("ID", message.id.as_deref()),
        ("issuer", message.issuer.as_deref()),
        ("answers", message.in_response_to.as_deref()),
        ("sent to", message.destination.as_deref()),
        ("audience", Some(audiences.as_str()).filter(|text| !text.is_empty())),
        ("recipient", Some(recipients.as_str()).filter(|text| !text.is_empty())),
        ("logged in", conditions.authn_instant.as_deref()),
        ("by means", conditions.authn_context.as_deref()),
    ];
    for (name, value) in rows.into_iter().filter_map(|(name, value)| Some((name, value?))) {
        writeln!(out, "  {name:10} {}", printable(value))?;
    }
    for signature in &message.signatures {
        let trusted = signature.trusted_by.as_deref().unwrap_or("no key that was given");
        let key = signature.key.as_deref().unwrap_or("unknown");
        writeln!(out, "  key of {}: {key} ({})", printable(&signature.over), printable(trusted))?;
    }
    Ok(())
}

/// When the message holds, against the clock: the part that all its windows share, or, with
/// everything, each of them.
fn windows(
    message: &MessageView,
    now: Timestamp,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let shared = Window {
        name: "",
        from: message.windows.iter().filter_map(|window| window.from).max(),
        until: message.windows.iter().filter_map(|window| window.until).min(),
    };
    let issued = message.issued.map_or_else(String::new, |at| format!("{} issued   ", clock(at)));
    if message.windows.is_empty() {
        if issued.is_empty() {
            return Ok(());
        }
        return writeln!(out, "  {issued}you are here: {}", here(&shared, now));
    }
    let line = format!("{issued}{}", bar(&shared, now));
    let here = format!("you are here: {}", here(&shared, now));
    let is_wide = line.chars().count() + here.chars().count() + 5 > style.columns;
    let between = if is_wide { "\n    " } else { "   " };
    writeln!(out, "  {line}{between}{here}")?;
    if style.verbose {
        for window in &message.windows {
            writeln!(out, "    {:13} {}", window.name, bar(window, now))?;
        }
    }
    Ok(())
}

/// A window as a line with the present on it.
fn bar(window: &Window, now: Timestamp) -> String {
    let (from, until) = (window.from, window.until);
    let position = match (from, until) {
        (Some(from), Some(until)) if from <= now && now < until => {
            let whole = until.duration_since(from).as_secs().max(1);
            let passed = now.duration_since(from).as_secs();
            let width = i64::try_from(BAR).expect("a bar is short");
            usize::try_from((passed * width / whole).clamp(0, width - 1)).ok()
        }
        (None, Some(until)) if now < until => Some(BAR / 2),
        (Some(from), None) if from <= now => Some(BAR / 2),
        _ => None,
    };
    let line: String = (0..BAR).map(|n| if Some(n) == position { '●' } else { '─' }).collect();
    let from = from.map_or_else(|| "…".to_owned(), clock);
    let until = until.map_or_else(|| "…".to_owned(), clock);
    format!("{from} ├{line}┤ {until}")
}

/// The present, and how far it is outside.
fn here(window: &Window, now: Timestamp) -> String {
    let outside = match (window.from, window.until) {
        (Some(from), _) if now < from => Some((from.duration_since(now), "too early")),
        (_, Some(until)) if now >= until => Some((now.duration_since(until), "too late")),
        _ => None,
    };
    match outside {
        Some((by, word)) if by.as_secs() < DAY => {
            format!("{}, {} {word}", clock(now), length(by))
        }
        Some((by, word)) => {
            format!("{}, {} {word}", now.strftime("%Y-%m-%d %H:%M:%S"), length(by))
        }
        None => clock(now),
    }
}

fn length(duration: SignedDuration) -> String {
    let seconds = duration.as_secs().max(0);
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

fn clock(at: Timestamp) -> String {
    at.strftime("%H:%M:%S").to_string()
}

fn is_success(codes: &[String]) -> bool {
    codes.first().is_some_and(|code| code.ends_with(":Success"))
}

const BAR: usize = 30;
const DAY: i64 = 86_400;
