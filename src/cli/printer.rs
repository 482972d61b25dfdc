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

    /// Stdout, for data.
    pub(super) fn data(&self) -> impl Write + use<> {
        BufWriter::with_capacity(64 * 1024, AutoStream::new(io::stdout(), self.color))
    }

    /// Stdout for data that holds no colour: what is written is what comes out.
    pub(super) fn plain_data(&self) -> impl Write + use<> {
        BufWriter::with_capacity(64 * 1024, io::stdout())
    }

    /// Writes a text as data.
    pub(super) fn put(&self, text: &str) -> Result<(), CliError> {
        let mut out = self.data();
        out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(CliError::Stdout)
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

fn colored(stream: &impl RawStream, choice: ColorChoice) -> bool {
    let choice = match choice {
        ColorChoice::Auto => AutoStream::choice(stream),
        other => other,
    };
    !matches!(choice, ColorChoice::Never)
}
