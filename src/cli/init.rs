//! `kgen init`

use super::Outcome;
use super::error::CliError;
use super::printer::Printer;
use super::project::{BASE, SCHEMA, shorten};
use crate::application::Application;
use crate::model::Name;
use crate::output::{OutputError, write_file};
use crate::values::Shape as _;
use std::path::Path;

/// What a new project begins with.
const TEMPLATE: &str = include_str!("init.toml");
/// What Git should not see of a project.
const IGNORED: &str = "/values/.secrets.*\n";

/// Make a new project: a small values/base.toml that renders
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The name of the application; the name of the directory unless given
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

pub(super) fn run(
    args: Args,
    directory: &Path,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    let base = shorten(directory.join(BASE));
    if base.exists() {
        return Err(CliError::Exists(base));
    }
    let name = match args.name {
        Some(name) => Name::parse(&name).map_err(CliError::Argument)?,
        None => directory_name(directory)?,
    };
    let failed = |source| CliError::Output(OutputError::Stream(source));
    std::fs::create_dir_all(directory.join("values")).map_err(failed)?;
    let text = TEMPLATE.replace("NAME", name.as_str());
    write_file(&base, false, |out| out.write_all(text.as_bytes()).map_err(OutputError::Stream))?;
    printer.tell(&format!("wrote {}", base.display()));
    let schema = shorten(directory.join(SCHEMA));
    let text = format!("{:#}\n", application.schema());
    write_file(&schema, false, |out| out.write_all(text.as_bytes()).map_err(OutputError::Stream))?;
    printer.tell(&format!("wrote {}", schema.display()));
    let ignore = shorten(directory.join(".gitignore"));
    if !ignore.exists() {
        write_file(&ignore, false, |out| {
            out.write_all(IGNORED.as_bytes()).map_err(OutputError::Stream)
        })?;
        printer.tell(&format!("wrote {}", ignore.display()));
    }
    printer.tell("next: `kgen render`");
    Ok(Outcome::Done)
}

/// The name of the directory, as far as it is a legal name.
fn directory_name(directory: &Path) -> Result<Name, CliError> {
    let whole = directory.canonicalize().unwrap_or_else(|_| directory.to_owned());
    let name = whole.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let legal: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(40)
        .collect();
    let legal = legal.trim_matches('-').trim_start_matches(|c: char| !c.is_ascii_lowercase());
    // A directory of digits, or of other scripts, has no name that Kubernetes takes.
    let legal = if legal.is_empty() { "app" } else { legal };
    Name::parse(legal).map_err(CliError::Argument)
}
