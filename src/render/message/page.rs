//! A message and its verdict as one page that opens from disk.

use std::io::{self, Write};

use crate::render::{Format, Style, message};
use crate::report::Report;

/// Writes the page.
pub fn render(report: &Report, out: &mut dyn Write) -> io::Result<()> {
    let style = Style { format: Format::Text, colour: false, verbose: true, quiet: false };
    let mut text = Vec::new();
    message::render(report, style, &mut text)?;
    let text = String::from_utf8_lossy(&text);
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    writeln!(
        out,
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>SAML message</title></head>\
         <body><h1>SAML message</h1><pre>{text}</pre></body></html>"
    )
}
