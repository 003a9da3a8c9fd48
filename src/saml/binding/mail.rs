//! A message in a mail: quoted with `>`, or between a greeting and a signature.

use crate::saml::binding::encoding::{base64, inflated};
use crate::saml::binding::field::is_xml;

/// A text of which every line is quoted, without the marks; none where one is not.
pub(super) fn unquoted(text: &str) -> Option<String> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty());
    let is_quoted = lines.clone().next().is_some() && lines.all(|line| line.starts_with('>'));
    is_quoted.then(|| text.lines().map(unquoted_line).collect::<Vec<_>>().join("\n"))
}

/// The base64 of a message in the middle of other lines; none where all lines are of it, or where
/// nothing in it begins like a message. The lines behind it come with it.
pub(super) fn block(text: &str, most: usize) -> Option<(String, String)> {
    let lines: Vec<&str> = text.lines().map(unmarked).collect();
    let is_start = |line: &&str| line.len() >= SHORTEST && is_base64(line);
    let has_others = |lines: &[&str]| lines.iter().any(|line| !line.is_empty());
    let (mut from, mut tries) = (0, MOST_TRIES);
    // What looks like base64 may be a hash, or something that is attached.
    while let Some(behind) = lines[from..].iter().position(is_start) {
        let start = from + behind;
        let end = end_of_block(&lines, start);
        let block = lines[start..end].concat();
        if is_markup(&block) || is_compressed(&block, most, &mut tries) {
            let is_amid = has_others(&lines[..start]) || has_others(&lines[end..]);
            let rest = || [&["rest"], &lines[end..]].concat().join("\n");
            return is_amid.then(|| (block, rest()));
        }
        from = end;
    }
    None
}

/// Where the lines end that continue a line of base64.
fn end_of_block(lines: &[&str], start: usize) -> usize {
    let width = lines[start].len();
    let whole = lines[start..].iter().take_while(|line| line.len() == width && is_base64(line));
    let end = start + whole.count();
    // The last line is shorter; that of a signature hardly ever completes a group of four.
    let is_last = |line: &&&str| !line.is_empty() && line.len() < width && is_base64(line);
    let length: usize = lines[start..end].iter().map(|line| line.len()).sum();
    let last = lines.get(end).filter(is_last);
    let is_whole = last.is_some_and(|last| (length + last.len()).is_multiple_of(4));
    end + usize::from(is_whole)
}

/// A line without the marks of a quotation and the blank behind each: what is indented stays so, for
/// a signature covers it.
fn unquoted_line(line: &str) -> &str {
    let mut rest = line;
    while let Some(behind) = rest.strip_prefix('>') {
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    rest
}

/// A line without the marks of a quotation, however often it was quoted, and without blanks.
fn unmarked(line: &str) -> &str {
    line.trim_start_matches(['>', ' ', '\t']).trim_end()
}

/// Whether a line is of base64, padding at its end alone: a rule of `=` is none.
fn is_base64(line: &str) -> bool {
    let body = line.trim_end_matches('=');
    let is_digit = |byte: u8| byte.is_ascii_alphanumeric() || b"+/".contains(&byte);
    line.len() - body.len() <= 2 && body.bytes().all(is_digit)
}

fn is_markup(block: &str) -> bool {
    let first = block.get(..4).and_then(|group| base64(group).ok());
    block.len() >= SHORTEST_MESSAGE && first.is_some_and(|bytes| bytes.starts_with(b"<"))
}

fn is_compressed(block: &str, most: usize, tries: &mut usize) -> bool {
    let Some(left) = tries.checked_sub(1) else { return false };
    *tries = left;
    let bytes = base64(block).ok();
    bytes.and_then(|bytes| inflated(&bytes, most).ok()).is_some_and(|bytes| is_xml(&bytes))
}

/// How many blocks of one text are inflated to see what they are.
const MOST_TRIES: usize = 64;
/// A shorter line may be a word.
const SHORTEST: usize = 40;
/// A shorter block is no message.
const SHORTEST_MESSAGE: usize = 200;
