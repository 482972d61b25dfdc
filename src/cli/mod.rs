//! The command line: `main` of the `kgen` command, and of a program with an application of its own.
//!
//! One file a verb, each with its `Args` and what it does. Data goes to stdout, everything else to
//! stderr; the printer is the only one that writes to either.

mod check;
mod completions;
mod diff;
mod error;
mod init;
mod man;
mod printer;
mod project;
mod render;
mod report;
mod schema;
mod values;

use crate::application::Application;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use error::CliError;
use printer::{Color, Printer};
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Render Kubernetes manifests from typed builders and layered values
#[derive(Debug, Parser)]
#[command(
    version,
    after_help = "A project is a directory with `values/base.toml`; `kgen init` makes one.\n\
                  Values also come from the environment: KGEN_BACKEND__REPLICAS=3.\n\
                  Exit codes: 0 done or the same, 1 differs, 2 an error."
)]
struct Cli {
    /// The project directory
    ///
    /// Other paths on the command line stay relative to the current directory.
    #[arg(short = 'C', long, value_name = "DIR", global = true, default_value = ".")]
    directory: PathBuf,

    /// When to use colour
    #[arg(
        long,
        value_enum,
        value_name = "WHEN",
        global = true,
        default_value_t,
        env = "KGEN_COLOR"
    )]
    color: Color,

    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Render(render::Args),
    Check(check::Args),
    Values(values::Args),
    Schema(schema::Args),
    Init(init::Args),
    Completions(completions::Args),
    Man(man::Args),
}

/// How a verb ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It did what was asked, and found no difference.
    Done,
    /// What was compared differs.
    Differs,
}

/// Runs the command line of an application with the arguments of this process.
///
/// ```no_run
/// use kgen::application::Application;
/// use std::process::ExitCode;
///
/// fn main() -> ExitCode {
///     kgen::cli::main(Application::standard())
/// }
/// ```
pub fn main(application: Application) -> ExitCode {
    run(&application, std::env::args_os())
}

/// Runs the command line of an application with the given arguments, the first of them the name
/// of the program.
pub fn run(application: &Application, arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let name = program(&arguments);
    let command = Cli::command().name(name.clone()).bin_name(name.clone());
    let cli = match command.try_get_matches_from(arguments).and_then(|m| Cli::from_arg_matches(&m))
    {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let printer = Printer::new(cli.color);
    match dispatch(cli, &name, application, &printer) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Differs) => ExitCode::from(1),
        Err(error) if error.is_closed_pipe() => ExitCode::SUCCESS,
        Err(error) => {
            report::error(&printer, &error);
            ExitCode::from(2)
        }
    }
}

fn dispatch(
    cli: Cli,
    name: &str,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    let directory = &cli.directory;
    match cli.verb {
        Verb::Render(args) => render::run(args, directory, application, printer),
        Verb::Check(args) => check::run(args, directory, application, printer),
        Verb::Values(args) => values::run(args, directory, application, printer),
        Verb::Schema(args) => schema::run(args, application, printer),
        Verb::Init(args) => init::run(args, directory, application, printer),
        Verb::Completions(args) => completions::run(args, name, printer),
        Verb::Man(args) => man::run(args, name, printer),
    }
}

/// What the program is called: the command of a custom application has a name of its own.
fn program(arguments: &[OsString]) -> String {
    arguments
        .first()
        .and_then(|path| std::path::Path::new(path).file_stem()?.to_str().map(str::to_owned))
        .unwrap_or_else(|| "kgen".to_owned())
}

/// Help and version are answers; anything else about arguments is an error.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe is all that can go wrong, and then nobody reads on.
    let _ = error.print();
    if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
