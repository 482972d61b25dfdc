//! `kgen values`

use super::Outcome;
use super::error::CliError;
use super::printer::Printer;
use super::project::{Project, ValuesArgs};
use crate::application::Application;
use crate::values::{
    Document, Format as ValuesFormat, Node, Origin, Path as ValuePath, Shape as _, Sources, Value,
    print, secret_spans,
};
use std::fmt::Write as _;
use std::path::Path;

/// Print the merged values, or where each comes from
///
/// Secrets that stand in the values are shown as ***.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  \
    kgen values -f values/prod.toml -o yaml\n  \
    kgen values -f values/prod.toml --explain backend.replicas")]
pub(super) struct Args {
    /// The format
    #[arg(short, long, value_enum, value_name = "FORMAT", default_value_t)]
    output: Format,

    /// Say of each value, or of those at a path, where it comes from and what it overrides
    #[arg(long, value_name = "PATH", num_args = 0..=1, default_missing_value = "",
        conflicts_with = "output")]
    explain: Option<String>,

    // Last: the heading of its flags would go on over those that follow.
    #[command(flatten)]
    values: ValuesArgs,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// TOML
    #[default]
    Toml,
    /// YAML
    Yaml,
    /// JSON
    Json,
}

pub(super) fn run(
    args: Args,
    directory: &Path,
    application: &Application,
    printer: &Printer,
) -> Result<Outcome, CliError> {
    let project = Project::open(directory)?;
    let document = application.load(project.layers(&args.values))?;
    let schema = application.schema();
    match args.explain {
        Some(path) => printer.put(&explain(&document, &schema, &path)?)?,
        None => {
            let format = match args.output {
                Format::Toml => ValuesFormat::Toml,
                Format::Yaml => ValuesFormat::Yaml,
                Format::Json => ValuesFormat::Json,
            };
            let secrets = secret_spans(&schema, document.root());
            let text = print(document.root(), format, &secrets)
                .map_err(|error| CliError::Argument(error.to_string()))?;
            printer.put(&text)?;
        }
    }
    Ok(Outcome::Done)
}

/// A line for each value at or below a path, and one for each value that it overrides.
fn explain(
    document: &Document,
    schema: &serde_json::Value,
    path: &str,
) -> Result<String, CliError> {
    let wanted = match path {
        // The flag without a path: all values.
        "" => ValuePath::default(),
        path => path.parse().map_err(|error| CliError::Argument(format!("{error}")))?,
    };
    if document.root().find(&wanted).is_none() {
        return Err(no_value(document, &wanted));
    }
    let secrets = secret_spans(schema, document.root());
    let mut text = String::new();
    for (path, _) in document.leaves() {
        if !path.steps().starts_with(wanted.steps()) {
            continue;
        }
        for (i, setting) in document.explain(&path).into_iter().enumerate() {
            let hidden = secrets.contains(&setting.at)
                || !secret_spans_below(schema, &path, &setting.value).is_empty();
            let value = if hidden { "***".to_owned() } else { shown(&setting.value) };
            let place = place(&document.sources, setting.at);
            let _ = if i == 0 {
                writeln!(text, "{path} = {value}  # {place}")
            } else {
                writeln!(text, "#   overrides {value}  # {place}")
            };
        }
    }
    Ok(text)
}

/// The secrets in a value of an older layer, which the merged values no longer hold.
fn secret_spans_below(
    schema: &serde_json::Value,
    path: &ValuePath,
    value: &Node,
) -> Vec<crate::values::At> {
    let whole = path.around(value.clone());
    secret_spans(schema, &whole)
}

fn place(sources: &Sources, at: crate::values::At) -> String {
    match &sources.get(at.source).origin {
        Origin::Defaults(name) => format!("default of {name}"),
        Origin::Flag(_) | Origin::Env(_) | Origin::File(_) | Origin::Provider(_) => {
            sources.place(at).to_string()
        }
    }
}

/// A value in one line, as TOML has it.
fn shown(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        _ => serde_json::to_string(node).unwrap_or_default(),
    }
}

fn no_value(document: &Document, path: &ValuePath) -> CliError {
    // The longest part of the path that is there, and what is below it.
    let mut above = path.clone();
    let last = above.pop();
    while document.root().find(&above).is_none() && above.pop().is_some() {}
    let below = document.root().find(&above).and_then(Node::table);
    let names: Vec<_> = below.into_iter().flatten().map(|e| format!("`{}`", e.key)).collect();
    let help = (!names.is_empty() && last.is_some()).then(|| {
        let at =
            if above.steps().is_empty() { "at the top".into() } else { format!("in `{above}`") };
        format!("{at} there are {}", names.join(", "))
    });
    CliError::NoValue { path: path.to_string(), help }
}
