//! `kgen completions`

use super::error::CliError;
use super::printer::Printer;
use super::{Cli, Outcome};
use clap::CommandFactory;
use clap_complete::Shell;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  \
    kgen completions bash > ~/.local/share/bash-completion/completions/kgen")]
pub(super) struct Args {
    /// The shell
    shell: Shell,
}

pub(super) fn run(args: Args, name: &str, printer: &Printer) -> Result<Outcome, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), name, &mut script);
    printer.put(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}
