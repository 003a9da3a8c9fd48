//! Secrets whose end somebody wrote down.

use jiff::civil::Date;
use jiff::tz::Offset;

use crate::problem::{Place, Problem};
use crate::rule::{Findings, Severity};
use crate::rules::card::lint;
use crate::rules::{Check, Lint, Subject, maps};
use crate::source::KeyPath;

pub(in crate::rules) static SECRET_EXPIRY: Lint = lint!(
    "CONF011",
    "secret-expiry",
    Warning,
    "a secret that expires soon, or has expired",
    Check::Deployment(secret_expiry)
);

/// What stands in a comment before the date.
pub const EXPIRY_MARK: &str = "ssoctl: secret expires";

fn secret_expiry(cx: &Subject<'_>, out: &mut Findings) {
    let today = Offset::UTC.to_datetime(cx.at).date();
    for document in cx.deployment.judged_documents() {
        for comment in &document.tree.comments {
            let text =
                document.source.text()[comment.span.range()].trim_start_matches(['#', ' ', '\t']);
            let Some(rest) = text.strip_prefix(EXPIRY_MARK) else { continue };
            let place = document.place(comment.span, KeyPath::default());
            let word = rest.split_whitespace().next().unwrap_or_default();
            match word.parse::<Date>() {
                Ok(end) => judge(cx, today, end, place, out),
                Err(_) => out.report(&SECRET_EXPIRY.rule, not_a_date(place)),
            }
        }
    }
    for (path, end) in &cx.secret_ends {
        let Some(document) = cx.deployment.judged_documents().next() else { continue };
        let found = maps(&document.tree).into_iter().find_map(|(map, map_path)| {
            let pairs = map.pairs()?.find(|(key, _)| {
                map_path.key(key.key_text().unwrap_or_default()).to_string() == *path
            })?;
            Some((pairs.1.span(), map_path.key(pairs.0.key_text().unwrap_or_default())))
        });
        if let Some((span, path)) = found {
            judge(cx, today, *end, document.place(span, path), out);
        }
    }
}

fn judge(cx: &Subject<'_>, today: Date, end: Date, place: Place, out: &mut Findings) {
    let days = (end - today).get_days();
    if i64::from(days) > cx.days_ahead() {
        return;
    }
    let (severity, message) = match days {
        ..0 => (Severity::Error, format!("this secret expired on {end}")),
        0 => (Severity::Warning, "this secret expires today".to_owned()),
        1 => (Severity::Warning, "this secret expires tomorrow".to_owned()),
        days => (Severity::Warning, format!("this secret expires in {days} days, on {end}")),
    };
    let problem = Problem::new(message, place)
        .severity(severity)
        .why("from that day on the identity provider answers invalid_client, and every login fails")
        .remedy(
            "make a new secret, put it here and write down its new end where the old one stands",
        );
    out.report(&SECRET_EXPIRY.rule, problem);
}

fn not_a_date(place: Place) -> Problem {
    Problem::new("the end of the secret is not a date", place)
        .why("nobody is warned before it expires")
        .remedy(format!("# {EXPIRY_MARK} 2027-05-01"))
}
