//! The `kgen` command.

use kgen::application::Application;
use std::process::ExitCode;

fn main() -> ExitCode {
    kgen::cli::main(Application::standard())
}
