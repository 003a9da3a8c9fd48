//! `ssoctl explain`: what a rule or a setting means.

use std::io::Write as _;

use colored::Colorize as _;
use serde_json::Value as Json;

use crate::apps::errors::{self, KnownError, Numbers};
use crate::apps::{self, App, Symptom};
use crate::commands::{Failure, Outcome};
use crate::model::nearest;
use crate::rule::Rule;
use crate::rules;
use crate::world::World;

/// Explain a rule or a setting
#[derive(Clone, Debug, clap::Args)]
pub struct Args {
    /// A code (CVAT010), a rule's name, a setting (server_url), an error that the identity provider or
    /// the application shows (AADSTS50011, invalid_client), a SAML status (NoAuthnContext), or a
    /// symptom in a few words ("no sso button")
    #[arg(value_name = "WHAT", required = true)]
    pub what: Vec<String>,
}

/// Prints the page of what is named.
pub fn run(args: &Args, world: &mut World<'_>) -> Result<Outcome, Failure> {
    colored::control::set_override(world.uses_colour());
    let what = args.what.join(" ");
    let what = what.trim();
    if what.is_empty() {
        return Err(
            Failure::new("nothing to explain").hint("ssoctl explain CVAT010, or ssoctl rules")
        );
    }
    if let Some(rule) = rules::rule(what) {
        return page(rule, world);
    }
    if let Some(text) = setting(what) {
        write!(world.stdout, "{text}")?;
        return Ok(Outcome::Clean);
    }
    if is_code(what) {
        return Err(nothing(what));
    }
    let errors = errors::named(what);
    let symptoms = apps::symptoms(what);
    if !errors.is_empty() {
        return error_pages(&errors, &symptoms, world);
    }
    if let Some((numbers, number)) = errors::unknown_number(what) {
        return Err(unknown(numbers, &number));
    }
    if !symptoms.is_empty() {
        return symptom_pages(&symptoms, world);
    }
    let found = search(what);
    if found.is_empty() {
        return Err(nothing(what));
    }
    writeln!(world.stdout, "Pages that speak of {}:", crate::source::printable(what).bold())?;
    for rule in found {
        writeln!(world.stdout, "  {}  {}", rule.code, rule.summary)?;
    }
    Ok(Outcome::Clean)
}

/// Whether a word has the form of a rule's code, so that it can be nothing else: `SIG404`.
fn is_code(what: &str) -> bool {
    let digits = what.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let family = &what[..what.len() - digits.len()];
    let is_number = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number && rules::all().any(|rule| rule.family().eq_ignore_ascii_case(family))
}

fn nothing(what: &str) -> Failure {
    let failure = Failure::new(format!("nothing is known under `{what}`"));
    let known = rules::all().flat_map(|rule| [rule.code, rule.name]);
    match nearest(what, known) {
        Some((near, _)) => failure.hint(format!("did you mean {near}?")),
        None => failure.hint("`ssoctl rules` lists every rule"),
    }
}

/// What an identity provider's answer means, and what people see of it in the applications.
fn error_pages(
    errors: &[&KnownError],
    symptoms: &[&Symptom],
    world: &mut World<'_>,
) -> Result<Outcome, Failure> {
    for error in errors {
        let name = error.names.join(", ");
        writeln!(world.stdout, "{} ({})", name.bold(), error.of)?;
        writeln!(world.stdout, "  means  {}", error.what)?;
        writeln!(world.stdout, "  cause  {}", error.cause)?;
        writeln!(world.stdout, "  fix    {}", error.fix)?;
        for (id, text) in &error.with {
            let app = App::by_id(id).map_or(id.as_str(), |app| &app.name);
            writeln!(world.stdout, "  with {app}: {text}")?;
        }
        if !error.rules.is_empty() {
            writeln!(world.stdout, "  rules  {}", error.rules.join(", "))?;
        }
        writeln!(world.stdout)?;
    }
    symptom_pages(symptoms, world)
}

/// A number of a family that has more of them than are known here.
fn unknown(numbers: &Numbers, number: &str) -> Failure {
    let (letters, of) = (numbers.letters, numbers.of);
    Failure::new(format!("{letters}{number} is a number of {of} that is not known here"))
        .hint(numbers.where_to_look.replace("{}", number))
}

fn symptom_pages(symptoms: &[&Symptom], world: &mut World<'_>) -> Result<Outcome, Failure> {
    for symptom in symptoms {
        writeln!(world.stdout, "{} ({})", symptom.what.bold(), symptom.app)?;
        writeln!(world.stdout, "  cause  {}", symptom.cause)?;
        writeln!(world.stdout, "  fix    {}", symptom.fix)?;
        if !symptom.rules.is_empty() {
            writeln!(world.stdout, "  rules  {}", symptom.rules.join(", "))?;
        }
        writeln!(world.stdout)?;
    }
    Ok(Outcome::Clean)
}

fn page(rule: &Rule, world: &mut World<'_>) -> Result<Outcome, Failure> {
    let mut in_example = false;
    for line in rule.text().lines() {
        if is_marker(line) && in_example {
            let caret = line.find('^').unwrap_or(0);
            writeln!(
                world.stdout,
                "    {}{}",
                " ".repeat(caret),
                line[caret..].split(' ').next().unwrap_or_default().red()
            )?;
            continue;
        }
        match line.strip_prefix("```") {
            Some(_) => in_example = !in_example,
            None if in_example => writeln!(world.stdout, "    {line}")?,
            None => match line.trim_start_matches('#') {
                heading if heading.len() < line.len() => {
                    writeln!(world.stdout, "{}", heading.trim_start().bold())?;
                }
                text => writeln!(world.stdout, "{text}")?,
            },
        }
    }
    writeln!(
        world.stdout,
        "\nSeverity: {}. Name: {}. Since {}.",
        rule.severity, rule.name, rule.since
    )?;
    Ok(Outcome::Clean)
}

/// Whether a line of an example only marks the line above it.
fn is_marker(line: &str) -> bool {
    let rest = line.trim_start().strip_prefix('#').map(str::trim_start);
    rest.is_some_and(|rest| rest.starts_with('^'))
}

/// What the schema says of a setting.
fn setting(key: &str) -> Option<String> {
    let key = key.rsplit('.').next().unwrap_or(key);
    let schema: Json = serde_json::from_str(crate::commands::schema::CVAT)
        .expect("the schema is checked by a test");
    let definitions = schema.get("$defs")?.as_object()?;
    let key = &key.to_ascii_lowercase();
    let described =
        definitions.values().filter_map(|definition| definition.pointer("/properties")?.get(key));
    let property = described.into_iter().find(|property| property.get("title").is_some())?;
    let text = |name| property.get(name).and_then(Json::as_str).unwrap_or_default();
    let mut page = format!("{}: {}\n\n{}\n", key.bold(), text("title"), text("description"));
    if let Some(options) = property.get("enum").and_then(Json::as_array) {
        let options: Vec<&str> = options.iter().filter_map(Json::as_str).collect();
        let options = options.join(", ");
        page.extend(["\nOne of: ", &options, "\n"]);
    }
    if let Some(default) = property.get("default") {
        page.extend(["\nDefault: ", &default.to_string(), "\n"]);
    }
    let about: Vec<&Rule> = marked(key);
    if !about.is_empty() {
        page.push_str("\nRules about it:\n");
        for rule in about {
            page.extend(["  ", rule.code, "  ", rule.summary, "\n"]);
        }
    }
    Some(page)
}

/// Rules with an example in which a setting is marked.
fn marked(key: &str) -> Vec<&'static Rule> {
    let marks = |page: &str| {
        let lines: Vec<&str> = page.lines().collect();
        lines.windows(2).any(|pair| {
            let written = pair[0].trim_start().trim_start_matches("- ");
            is_marker(pair[1])
                && written.strip_prefix(key).is_some_and(|rest| rest.starts_with(':'))
        })
    };
    rules::all().filter(|rule| marks(rule.text())).collect()
}

/// Rules whose summary or page holds every word; those whose summary does come first.
fn search(what: &str) -> Vec<&'static Rule> {
    let words: Vec<String> = what.split_whitespace().map(str::to_lowercase).collect();
    let holds = |text: &str| {
        let text = text.to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut found: Vec<&Rule> =
        rules::all().filter(|rule| holds(rule.text()) || holds(rule.summary)).collect();
    found.sort_by_key(|rule| !holds(rule.summary));
    found.truncate(MOST_FOUND);
    found
}

const MOST_FOUND: usize = 12;
