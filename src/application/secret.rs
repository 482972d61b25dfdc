//! Where secrets come from: an environment variable, a file, or kgen itself, which makes them once.

use super::error::ApplicationError;
use super::fields::{known, text};
use crate::output::write_file;
use crate::values::{Mistake, Node, Table, Value};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

/// Generated secrets, below the project directory. Git ignores it.
pub const GENERATED: &str = "values/.secrets.toml";
/// Held while generated secrets are read, made and written.
const LOCK: &str = "values/.secrets.lock";

const HEADER: &str = "# Secrets that kgen generated, by namespace and release. Back this file up, \
                      and keep it out of version control.\n";

const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/// What secrets are resolved from.
pub struct SecretSources {
    /// The project directory: `{ file = ".." }` is below it, and generated secrets are kept there.
    pub dir: PathBuf,
    /// The environment variables that `{ env = ".." }` reads.
    pub env: BTreeMap<String, String>,
    generated: RefCell<Generated>,
}

/// Generated secrets of a run.
#[derive(Default)]
struct Generated {
    /// Of which namespace and release.
    of: String,
    /// Held from the first `{ generate = .. }` to the end of the run.
    lock: Option<File>,
    all: BTreeMap<String, BTreeMap<String, String>>,
    /// The paths of those that this run made.
    made: Vec<String>,
}

impl SecretSources {
    /// Sources below a project directory.
    pub fn new(dir: impl Into<PathBuf>, env: BTreeMap<String, String>) -> Self {
        Self { dir: dir.into(), env, generated: RefCell::default() }
    }

    /// Begins a run for a namespace and release, which have generated secrets of their own.
    pub(super) fn begin(&self, namespace: &str, release: &str) {
        *self.generated.borrow_mut() =
            Generated { of: format!("{namespace}/{release}"), ..Generated::default() };
    }

    /// The secret behind a table.
    pub(super) fn resolve(
        &self,
        table: &Table,
        node: &Node,
        path: &str,
    ) -> Result<String, Mistake> {
        match self.check(table, node, path)? {
            Kind::Env(name, default) => match (self.env.get(name), default) {
                (Some(value), _) => Ok(value.clone()),
                (None, Some(default)) => Ok(default.to_owned()),
                (None, None) => Err(Mistake::new(
                    path,
                    Some(node.at),
                    format!("the environment variable `{name}` is not set"),
                )
                .help(format!("set `{name}`, or render without it: `--secrets omit`"))),
            },
            Kind::File(file) => {
                let whole = self.dir.join(file);
                let bytes = fs::read(&whole).map_err(|error| {
                    Mistake::new(
                        path,
                        Some(node.at),
                        format!("cannot read the secret file `{}`: {error}", whole.display()),
                    )
                })?;
                let text = String::from_utf8(bytes).map_err(|error| {
                    Mistake::new(
                        path,
                        Some(node.at),
                        format!(
                            "the secret file `{}` is not UTF-8 from byte {}",
                            whole.display(),
                            error.utf8_error().valid_up_to()
                        ),
                    )
                })?;
                // Editors and `echo` end a file with a line break that is no part of the secret.
                let text =
                    text.strip_suffix('\n').map_or(&*text, |t| t.strip_suffix('\r').unwrap_or(t));
                Ok(text.to_owned())
            }
            Kind::Generate(length) => self.generated(path, length).map_err(|error| {
                Mistake::new(
                    path,
                    Some(node.at),
                    format!("cannot keep a generated secret: {error}"),
                )
            }),
        }
    }

    /// What kind of source a table is.
    pub(super) fn check<'t>(
        &self,
        table: &'t Table,
        node: &Node,
        path: &str,
    ) -> Result<Kind<'t>, Mistake> {
        if let Some((name, _)) = text(table, path, "env")? {
            known(table, path, &["env", "default"])?;
            Ok(Kind::Env(name, text(table, path, "default")?.map(|(default, _)| default)))
        } else if let Some((file, _)) = text(table, path, "file")? {
            known(table, path, &["file"])?;
            Ok(Kind::File(file))
        } else if let Some(length) = table.get("generate") {
            known(table, path, &["generate"])?;
            match length.value {
                Value::Int(n @ 8..=1024) => Ok(Kind::Generate(usize::try_from(n).unwrap_or(32))),
                _ => Err(Mistake::new(
                    format!("{path}.generate"),
                    Some(length.at),
                    "expected how many characters, from 8 to 1024",
                )),
            }
        } else {
            Err(Mistake::new(path, Some(node.at), "expected a secret, or a table that says where it is").help(
                "a secret is a string, `{ env = \"NAME\" }`, `{ file = \"PATH\" }` or `{ generate = 32 }`",
            ))
        }
    }

    /// The secret made for a path; made now, if it was not before.
    fn generated(&self, path: &str, length: usize) -> Result<String, String> {
        let mut generated = self.generated.borrow_mut();
        if generated.lock.is_none() {
            let lock = self.dir.join(LOCK);
            let file = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&lock)
                .and_then(|file| file.lock().map(|()| file))
                .map_err(|error| format!("{}: {error}", lock.display()))?;
            generated.lock = Some(file);
            generated.all = read(&self.dir.join(GENERATED))?;
        }
        let of = generated.of.clone();
        if let Some(secret) = generated.all.get(&of).and_then(|all| all.get(path)) {
            return Ok(secret.clone());
        }
        let secret = random(length)?;
        generated.all.entry(of).or_default().insert(path.to_owned(), secret.clone());
        generated.made.push(path.to_owned());
        Ok(secret)
    }

    /// Keeps the secrets that this run made, and says where they belong. Until then nothing is
    /// written.
    pub(super) fn finish(&self) -> Result<Vec<String>, ApplicationError> {
        let mut generated = self.generated.borrow_mut();
        if !generated.made.is_empty() {
            let text = toml::to_string(&generated.all)
                .map_err(|error| ApplicationError::Generated(error.to_string()))?;
            write_file(&self.dir.join(GENERATED), true, |out| {
                out.write_all(HEADER.as_bytes())
                    .and_then(|()| out.write_all(text.as_bytes()))
                    .map_err(crate::output::OutputError::Stream)
            })?;
        }
        generated.lock = None;
        Ok(std::mem::take(&mut generated.made))
    }
}

/// What kind of source a table is.
pub(super) enum Kind<'t> {
    /// An environment variable, and the secret where it is not set.
    Env(&'t str, Option<&'t str>),
    /// A file.
    File(&'t str),
    /// So many characters, made once.
    Generate(usize),
}

fn read(path: &Path) -> Result<BTreeMap<String, BTreeMap<String, String>>, String> {
    match fs::read_to_string(path) {
        // The parser's message would quote the file, which is full of secrets.
        Ok(text) => toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text[..span.start].matches('\n').count() + 1);
            format!("{}:{line}: not the file that kgen wrote; restore it", path.display())
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// Letters and digits, each as likely as the others.
fn random(length: usize) -> Result<String, String> {
    let mut secret = String::with_capacity(length);
    let mut bytes = [0u8; 64];
    while secret.len() < length {
        getrandom::fill(&mut bytes).map_err(|error| error.to_string())?;
        // 248 is the largest multiple of 62 in a byte; above it some letters would be likelier.
        for byte in bytes.iter().filter(|byte| **byte < 248) {
            if secret.len() < length {
                secret.push(char::from(LETTERS[usize::from(*byte) % 62]));
            }
        }
    }
    Ok(secret)
}
