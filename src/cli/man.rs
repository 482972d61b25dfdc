//! `kgen man`

use super::error::CliError;
use super::printer::Printer;
use super::{Cli, Outcome};
use clap::{Command, CommandFactory};

/// Print the manual page, verbs included
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  kgen man | man -l -")]
pub(super) struct Args {}

pub(super) fn run(Args {}: Args, name: &str, printer: &Printer) -> Result<Outcome, CliError> {
    let mut command = Cli::command().name(name.to_owned()).bin_name(name.to_owned());
    command.build();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    man.render(&mut page).map_err(CliError::Stdout)?;
    for verb in command.get_subcommands().filter(|verb| !verb.is_hide_set()) {
        section(verb, &mut page).map_err(CliError::Stdout)?;
    }
    printer.put(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Done)
}

/// A verb as a section of the page.
fn section(verb: &Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    use std::io::Write as _;
    writeln!(page, ".SH \"{}\"", verb.get_name().to_uppercase())?;
    let man = clap_mangen::Man::new(verb.clone());
    man.render_description_section(page)?;
    man.render_options_section(page)
}
