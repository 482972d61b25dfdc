//! `kgen check`

use super::error::CliError;
use super::printer::Printer;
use super::project::{Project, ValuesArgs};
use super::{Outcome, report};
use crate::application::{Application, ApplicationError, Options, Rendered};
use crate::object::{Secrets, schema};
use crate::values::Layers;
use std::path::{Path, PathBuf};

/// Check the values and the objects of every environment
///
/// Renders values/base.toml alone and with every file beside it, or with the named values only,
/// and validates the objects against the schema of the Kubernetes version that kgen was built
/// with. No cluster is asked, and no secret needs to be set.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    values: ValuesArgs,
}

pub(super) fn run(
    args: Args,
    directory: &Path,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    let project = Project::open(directory)?;
    let mut environments: Vec<Vec<PathBuf>> = vec![args.values.files.clone()];
    if args.values.files.is_empty() {
        environments.extend(project.environments()?.into_iter().map(|file| vec![file]));
    }
    let mut errors = Vec::new();
    for files in environments {
        let name = match files.as_slice() {
            [] => super::project::BASE.to_owned(),
            files => {
                files.iter().map(|f| f.display().to_string()).collect::<Vec<_>>().join(" and ")
            }
        };
        let values = args.values.with_files(files);
        let layers = project.layers(&values);
        match environment(&project, layers, application) {
            Ok((rendered, skipped)) => {
                report::warnings(printer, &rendered.warnings);
                let unknown = match skipped {
                    0 => String::new(),
                    n => format!(", {n} of kinds without a schema"),
                };
                printer.tell(&format!("{name}: {} objects{unknown}", rendered.objects.len()));
            }
            Err(error) => errors.push((name, error)),
        }
    }
    if errors.is_empty() { Ok(Outcome::Done) } else { Err(CliError::Checked { errors }) }
}

/// Renders one environment and validates its objects; how many could not be validated.
fn environment(
    project: &Project,
    layers: Layers,
    application: &Application,
) -> Result<(Rendered, usize), ApplicationError> {
    let document = application.load(layers)?;
    let options = Options { secrets: Secrets::Omit, ..Options::default() };
    let rendered = application.render(&document, &project.secrets(), &options)?;
    let validated = schema::validate(&rendered.objects)?;
    if validated.findings.is_empty() {
        Ok((rendered, validated.skipped.len()))
    } else {
        Err(ApplicationError::Check(validated.findings))
    }
}
