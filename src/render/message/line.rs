//! Values that are too long for a line.

use std::borrow::Cow;

use crate::render::Style;

/// A value cut in the middle, unless everything is asked for; sentences stay whole.
pub(super) fn shortened(text: &str, style: Style) -> Cow<'_, str> {
    if style.verbose || text.contains(' ') { Cow::Borrowed(text) } else { cut(text, LONGEST) }
}

/// A text of so many characters at most, cut in the middle.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= most {
        return Cow::Borrowed(text);
    }
    let tail = (most - 1) / 2;
    let head = most - 1 - tail;
    let head = text.chars().take(head);
    let tail = text.chars().skip(length - tail);
    Cow::Owned(head.chain(['…']).chain(tail).collect())
}

/// The end of a text of so many characters at most: names are told apart by their ends.
pub(super) fn tail(text: &str, most: usize) -> Cow<'_, str> {
    let length = text.chars().count();
    if length <= most {
        return Cow::Borrowed(text);
    }
    let kept: String = text.chars().skip(length + 1 - most).collect();
    let at = kept.find('/').filter(|at| *at < kept.len() / 2).unwrap_or(0);
    Cow::Owned(format!("…{}", &kept[at..]))
}

/// What a text has around a character, and where that character then stands.
pub(super) fn around(text: &str, at: usize, most: usize) -> (Cow<'_, str>, usize) {
    let length = text.chars().count();
    if length <= most {
        return (Cow::Borrowed(text), at.min(length));
    }
    let start = at.saturating_sub(most / 2).min(length.saturating_sub(most - 2));
    let kept = text.chars().skip(start).take(most - 2);
    let (before, after) =
        (if start > 0 { "…" } else { "" }, if start + most - 2 < length { "…" } else { "" });
    let shown = format!("{before}{}{after}", kept.collect::<String>());
    let mark = at.saturating_sub(start) + before.chars().count();
    (Cow::Owned(shown), mark)
}

/// A sentence over several lines: its first begins behind so many columns, the others are indented.
pub(super) fn wrapped(text: &str, before: usize, indent: usize, columns: usize) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut column = before;
    for word in text.split(' ') {
        let length = word.chars().count();
        if column + length + 1 > columns && !shown.is_empty() {
            shown.push('\n');
            shown.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if !shown.is_empty() {
            shown.push(' ');
            column += 1;
        }
        shown.push_str(word);
        column += length;
    }
    shown
}

/// Characters of a value that is shown whole.
const LONGEST: usize = 90;
