//! The one place that writes to stdout and stderr.

use super::error::CliError;
use anstream::stream::RawStream;
use anstream::{AutoStream, ColorChoice};
use std::io::{self, BufWriter, IsTerminal, Write};

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Color {
    /// On a terminal, unless NO_COLOR is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Writes data to stdout and everything else to stderr.
pub(super) struct Printer {
    color: ColorChoice,
}

impl Printer {
    pub(super) fn new(color: Color) -> Self {
        let color = match color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { color }
    }

    /// Stdout for data: what is written is what comes out, but for control characters on a
    /// terminal.
    pub(super) fn data(&self) -> impl Write + use<> {
        let stdout = io::stdout();
        let out: Box<dyn Write> = match stdout.is_terminal() {
            true => Box::new(Escaped { out: stdout, lead: false }),
            false => Box::new(stdout),
        };
        BufWriter::with_capacity(64 * 1024, out)
    }

    /// Writes a text as data.
    pub(super) fn put(&self, text: &str) -> Result<(), CliError> {
        put(self.data(), text)
    }

    /// Writes a text with colours, which go where they are not wanted.
    pub(super) fn put_colored(&self, text: &str) -> Result<(), CliError> {
        put(BufWriter::new(AutoStream::new(io::stdout(), self.color)), text)
    }

    /// Writes a line to stderr. Where nobody listens there is nobody to tell.
    pub(super) fn tell(&self, line: &str) {
        let mut err = AutoStream::new(io::stderr(), self.color);
        let _ = writeln!(err, "{line}");
    }

    /// Whether stderr shows colour.
    pub(super) fn colored_stderr(&self) -> bool {
        colored(&io::stderr(), self.color)
    }

    /// How wide stderr is, in columns.
    pub(super) fn width(&self) -> usize {
        let wide = || std::env::var("COLUMNS").ok()?.parse().ok();
        if io::stderr().is_terminal() { wide().unwrap_or(100) } else { 100 }
    }
}

fn put(mut out: impl Write, text: &str) -> Result<(), CliError> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::Stdout)
}

/// Control characters in values could move the cursor or change colours. YAML escapes all of them,
/// JSON and TOML only some; the others are written here as both read them: `\u009b`.
struct Escaped<W> {
    out: W,
    /// Whether a byte is held back that begins U+0080 to U+009F, or others.
    lead: bool,
}

impl<W: Write> Write for Escaped<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        const LEAD: u8 = 0xc2;
        for &byte in text {
            match (std::mem::take(&mut self.lead), byte) {
                (true, 0x80..=0x9f) => write!(self.out, "\\u{byte:04x}")?,
                (true, _) => self.out.write_all(&[LEAD, byte])?,
                (false, LEAD) => self.lead = true,
                (false, b'\n' | b'\t') => self.out.write_all(&[byte])?,
                (false, _) if byte.is_ascii_control() => write!(self.out, "\\u{byte:04x}")?,
                (false, _) => self.out.write_all(&[byte])?,
            }
        }
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn colored(stream: &impl RawStream, choice: ColorChoice) -> bool {
    let choice = match choice {
        ColorChoice::Auto => AutoStream::choice(stream),
        other => other,
    };
    !matches!(choice, ColorChoice::Never)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_do_not_reach_a_terminal() {
        let mut escaped = Escaped { out: Vec::new(), lead: false };
        for byte in "a\u{1b}[31m\u{7f}\t\u{80}\u{9b}\u{a0}é日\n".bytes() {
            escaped.write_all(&[byte]).unwrap();
        }
        let text = String::from_utf8(escaped.out).unwrap();
        assert_eq!(text, "a\\u001b[31m\\u007f\t\\u0080\\u009b\u{a0}é日\n");
    }
}
