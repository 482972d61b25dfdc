//! `kgen schema`

use super::Outcome;
use super::error::CliError;
use super::printer::Printer;
use crate::application::Application;
use crate::values::Shape as _;

/// Print the JSON Schema of the values
///
/// Editors complete and check values files with it: write it to values/.schema.json, and begin a
/// TOML file with `#:schema .schema.json`, or a YAML file with
/// `# yaml-language-server: $schema=.schema.json`.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  kgen schema > values/.schema.json")]
pub(super) struct Args {}

pub(super) fn run(
    Args {}: Args,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    printer.put(&format!("{:#}\n", application.schema()))?;
    Ok(Outcome::Done)
}
