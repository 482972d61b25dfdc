//! Shows a difference of texts.

use super::error::CliError;
use super::printer::Printer;
use super::report;
use crate::output::{Difference, LineKind};
use anstyle::{AnsiColor, Style};
use std::fmt::Write as _;

/// Writes a difference to stdout, in colour where there is any.
pub(super) fn show(printer: &Printer, difference: &Difference) -> Result<(), CliError> {
    let mut text = String::new();
    for line in &difference.0 {
        let style = match line.kind {
            LineKind::OldName | LineKind::NewName => Style::new().bold(),
            LineKind::Hunk => AnsiColor::Cyan.on_default(),
            LineKind::Removed => AnsiColor::Red.on_default(),
            LineKind::Added => AnsiColor::Green.on_default(),
            LineKind::Context | LineKind::Note => Style::new(),
        };
        let line = report::escaped(&line.to_string());
        let _ = writeln!(text, "{style}{line}{style:#}");
    }
    printer.put_colored(&text)
}
