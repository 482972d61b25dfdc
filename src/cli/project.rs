//! The project directory and its values, as flags name them.

use super::error::CliError;
use crate::application::SecretSources;
use crate::values::{Layers, SetKind};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The base of all values, below the project directory.
pub(super) const BASE: &str = "values/base.toml";
/// What the names of variables begin with that set values.
const VALUES: &str = "KGEN_";
/// Where editors find the schema of the values, below the project directory.
pub(super) const SCHEMA: &str = "values/.schema.json";

/// Which values are used
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct ValuesArgs {
    /// Lay a values file (TOML, YAML or JSON) over values/base.toml; later ones win
    #[arg(short = 'f', long = "values", value_name = "FILE", help_heading = "Values")]
    pub(super) files: Vec<PathBuf>,

    /// Set values, in Helm's syntax: a.b=1,c[0]=x
    #[arg(long, value_name = "PATH=VALUE", help_heading = "Values")]
    set: Vec<String>,

    /// Set values as strings
    #[arg(long, value_name = "PATH=VALUE", help_heading = "Values")]
    set_string: Vec<String>,

    /// Set values as JSON
    #[arg(long, value_name = "PATH=JSON", help_heading = "Values")]
    set_json: Vec<String>,

    /// Set values to the content of files
    #[arg(long, value_name = "PATH=FILE", help_heading = "Values")]
    set_file: Vec<String>,
}

impl ValuesArgs {
    /// The same flags over other files.
    pub(super) fn with_files(&self, files: Vec<PathBuf>) -> Self {
        Self { files, ..self.clone() }
    }
}

/// A directory with values.
pub(super) struct Project {
    dir: PathBuf,
    /// The environment: values and secrets come from it.
    env: BTreeMap<String, String>,
}

impl Project {
    /// The project in a directory.
    ///
    /// # Errors
    /// Where there is no `values/base.toml`; a variable that sets a value and is not UTF-8.
    pub(super) fn open(dir: &Path) -> Result<Self, CliError> {
        if !dir.join(BASE).exists() {
            return Err(CliError::NoProject(dir.to_owned()));
        }
        let mut env = BTreeMap::new();
        for (name, value) in std::env::vars_os() {
            let Ok(name) = name.into_string() else { continue };
            match value.into_string() {
                Ok(value) => drop(env.insert(name, value)),
                Err(_) if name.starts_with(VALUES) => {
                    let message = format!("the environment variable `{name}` is not UTF-8");
                    return Err(CliError::Argument(message));
                }
                Err(_) => {}
            }
        }
        Ok(Self { dir: dir.to_owned(), env })
    }

    /// The layers of values that the flags name.
    pub(super) fn layers(&self, args: &ValuesArgs) -> Layers {
        let mut layers = Layers::new().base(shorten(self.dir.join(BASE)));
        for file in &args.files {
            layers = layers.file(file);
        }
        let variables = self.env.iter().filter(|(name, _)| name.starts_with(VALUES));
        layers = layers.env(variables.map(|(name, value)| (name.clone(), value.clone())));
        let sets = [
            (SetKind::Json, &args.set_json),
            (SetKind::Typed, &args.set),
            (SetKind::Text, &args.set_string),
            (SetKind::File, &args.set_file),
        ];
        for (kind, arguments) in sets {
            for argument in arguments {
                layers = layers.set(kind, argument.as_str());
            }
        }
        layers
    }

    /// Where secrets come from.
    pub(super) fn secrets(&self) -> SecretSources {
        SecretSources::new(shorten(self.dir.clone()), self.env.clone())
    }

    /// The values files beside the base, one an environment, sorted by name.
    pub(super) fn environments(&self) -> Result<Vec<PathBuf>, CliError> {
        let values = shorten(self.dir.join("values"));
        let failed = |source| CliError::Read { path: values.clone(), source };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&values).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            let known = crate::values::Format::of(&path).is_some();
            if known && name != "base.toml" && !name.starts_with('.') {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }
}

/// A path in the current directory without `./` before it, as people write it.
pub(super) fn shorten(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}
