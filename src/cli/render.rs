//! `kgen render`

use super::error::CliError;
use super::printer::Printer;
use super::project::{Project, ValuesArgs};
use super::{Outcome, diff, report};
use crate::application::{Application, GENERATED, Options, Rendered};
use crate::object::{Object, Secrets};
use crate::output::{Difference, write_directory, write_json, write_yaml};
use crate::values::Document;
use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Print the manifests of the application
///
/// Merges the values, builds the objects, checks them against each other, and prints them by kind:
/// what others need comes first. Nothing is printed unless all of it is right.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kgen render > out.yaml\n  \
    kgen render -f values/prod.toml --set backend.replicas=3\n  \
    kgen render -f values/prod.toml --secrets omit > manifests/prod.yaml\n  \
    kgen render --check manifests/prod.yaml")]
pub(super) struct Args {
    /// The namespace, in place of app.namespace
    #[arg(short, long, value_name = "NAMESPACE", env = "KGEN_NAMESPACE")]
    namespace: Option<String>,

    /// The name of the release, in place of app.release
    #[arg(long, value_name = "NAME", env = "KGEN_RELEASE")]
    release: Option<String>,

    /// Print only objects of this service; may be given several times
    #[arg(long, value_name = "SERVICE")]
    only: Vec<String>,

    /// Print only objects of this kind; may be given several times
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,

    /// What becomes of Secrets; keep unless given, omit with --check
    ///
    /// Where they are masked or omitted, no secret has to be set, and pods carry the word `omitted`
    /// in the place of a checksum over them.
    #[arg(long, value_enum, value_name = "HOW")]
    secrets: Option<SecretsArg>,

    /// The format
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t)]
    output: Format,

    /// Write one file an object into a directory, and remove files of objects that are gone
    #[arg(long, value_name = "DIR", conflicts_with_all = ["output", "only", "kind"])]
    output_dir: Option<PathBuf>,

    /// Compare with a file, and exit with 1 and the difference if it is stale
    ///
    /// Without --values, the values file of the same name is used if there is one: for
    /// manifests/prod.yaml that is values/prod.toml. Secrets are omitted unless --secrets says
    /// otherwise.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["output", "output_dir", "only", "kind"])]
    check: Option<PathBuf>,

    // Last: the heading of its flags would go on over those that follow.
    #[command(flatten)]
    values: ValuesArgs,
}

/// What becomes of Secrets
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum SecretsArg {
    /// They are printed with their values, ready to be applied
    Keep,
    /// They are printed with *** for every value
    Mask,
    /// They are left out
    Omit,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// A document an object
    #[default]
    Yaml,
    /// One List of all objects
    Json,
}

impl From<SecretsArg> for Secrets {
    fn from(arg: SecretsArg) -> Self {
        match arg {
            SecretsArg::Keep => Self::Keep,
            SecretsArg::Mask => Self::Mask,
            SecretsArg::Omit => Self::Omit,
        }
    }
}

pub(super) fn run(
    mut args: Args,
    directory: &Path,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    let project = Project::open(directory)?;
    if let Some(file) = &args.check
        && args.values.files.is_empty()
    {
        let environments = project.environments()?;
        let same = environments.into_iter().find(|path| path.file_stem() == file.file_stem());
        args.values.files.extend(same);
    }
    let unless_said = if args.check.is_some() { Secrets::Omit } else { Secrets::Keep };
    let secrets = args.secrets.map_or(unless_said, Secrets::from);
    let document = application.load(project.layers(&args.values))?;
    let options =
        Options { release: args.release.take(), namespace: args.namespace.take(), secrets };
    let rendered = application.render(&document, &project.secrets(), &options)?;
    let outcome = put(&args, secrets, &document, &rendered, printer);
    // The process ends here, and the system takes all of their memory at once: taking thousands of
    // objects apart one by one would cost more than writing them.
    std::mem::forget((document, rendered));
    outcome
}

/// Puts out what was asked for.
fn put(
    args: &Args,
    secrets: Secrets,
    document: &Document,
    rendered: &Rendered,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    report::warnings(printer, &rendered.warnings);
    for path in &rendered.generated {
        printer.tell(&format!("generated `{path}`, kept in {GENERATED}: back that file up"));
    }
    let objects: Vec<&Object> = rendered.only(document, &args.only)?.collect();
    let objects = of_kinds(objects, &args.kind)?;
    let shown = objects.into_iter().filter_map(|object| secrets.show(object));

    if let Some(file) = &args.check {
        return check(printer, file, shown);
    }
    if let Some(root) = &args.output_dir {
        let written = write_directory(root, &rendered.app.name.to_string(), shown)?;
        printer.tell(&format!(
            "{}: {} written, {} unchanged, {} removed",
            root.display(),
            written.changed.len(),
            written.unchanged.len(),
            written.removed.len()
        ));
        return Ok(Outcome::Done);
    }
    let mut out = printer.data();
    match args.output {
        Format::Yaml => write_yaml(&mut out, shown)?,
        Format::Json => write_json(&mut out, shown)?,
    }
    out.flush().map_err(CliError::Stdout)?;
    Ok(Outcome::Done)
}

/// The objects of some kinds, or all if none is named. Kinds are compared without case.
fn of_kinds<'o>(objects: Vec<&'o Object>, kinds: &[String]) -> Result<Vec<&'o Object>, CliError> {
    let is = |object: &Object, kind: &str| object.identity().kind.eq_ignore_ascii_case(kind);
    for kind in kinds {
        if !objects.iter().any(|object| is(object, kind)) {
            let there: BTreeSet<_> =
                objects.iter().map(|object| format!("`{}`", object.identity().kind)).collect();
            let there = there.into_iter().collect::<Vec<_>>().join(", ");
            return Err(CliError::NoKind {
                kind: kind.clone(),
                help: format!("the kinds here are {there}"),
            });
        }
    }
    let wanted = |o: &&Object| kinds.is_empty() || kinds.iter().any(|kind| is(o, kind));
    Ok(objects.into_iter().filter(wanted).collect())
}

fn check<'o>(
    printer: &Printer,
    file: &Path,
    objects: impl Iterator<Item = std::borrow::Cow<'o, Object>>,
) -> Result<Outcome, CliError> {
    let old = std::fs::read_to_string(file)
        .map_err(|source| CliError::Read { path: file.to_owned(), source })?;
    let mut new = Vec::with_capacity(old.len());
    write_yaml(&mut new, objects)?;
    let new = String::from_utf8_lossy(&new);
    let name = file.display().to_string();
    let difference = Difference::new(&name, &old, &format!("{name} (rendered)"), &new);
    if difference.is_empty() {
        return Ok(Outcome::Done);
    }
    diff::show(printer, &difference)?;
    printer
        .tell(&format!("`{name}` is stale: render it again with the same values, into `{name}`"));
    Ok(Outcome::Differs)
}
