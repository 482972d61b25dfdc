//! A temporary project, the real command in it, and whole answers.

use serde_json::Value as Json;
use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use tempfile::TempDir;

/// The command under test.
pub(crate) const KGEN: &str = env!("CARGO_BIN_EXE_kgen");

/// This repository, which is a project itself.
pub(crate) fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A directory with files, removed in the end.
pub(crate) struct Project(TempDir);

impl Project {
    /// An empty directory.
    pub(crate) fn empty() -> Self {
        Self(TempDir::with_prefix("kgen-test-").unwrap())
    }

    /// A project with this `values/base.toml`.
    pub(crate) fn new(base: &str) -> Self {
        Self::empty().with("values/base.toml", base)
    }

    /// A project of one service `web`, with more lines for its table.
    pub(crate) fn web(more: &str) -> Self {
        Self::new(&format!(
            "[app]\nname = \"shop\"\n\n[web]\nimage = {{ repository = \"shop/web\", tag = \"1\" \
             }}\nresources.limits = {{ cpu = \"1\", memory = \"1Gi\" }}\nports.http.port = \
             8080\nprobes.readiness.enabled = true\n{more}"
        ))
    }

    /// The same with an object that exists outside of its values.
    pub(crate) fn external(self, object: &str) -> Self {
        let base = self.read("values/base.toml");
        self.with(
            "values/base.toml",
            base.replacen("[app]\n", &format!("[app]\nexternal = [\"{object}\"]\n"), 1),
        )
    }

    /// The same with one more file.
    pub(crate) fn with(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.write(path, content);
        self
    }

    /// Writes a file, and the directories above it.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Where a file is.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// What a file holds.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Every file below a directory, sorted, with its content.
    pub(crate) fn files(&self, below: &str) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![self.path(below)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if fs::symlink_metadata(&path).unwrap().is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.path(below)).unwrap();
                    let content = fs::read(&path).unwrap_or_default();
                    files.push((name.to_str().unwrap().to_owned(), content));
                }
            }
        }
        files.sort();
        files
    }

    /// The names of the files below a directory.
    pub(crate) fn names(&self, below: &str) -> Vec<String> {
        self.files(below).into_iter().map(|(name, _)| name).collect()
    }

    /// `kgen` in this directory.
    pub(crate) fn kgen<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Kgen {
        Kgen::new(self.0.path(), args)
    }

    /// The objects of `kgen render` with these flags.
    pub(crate) fn objects<A: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Vec<Json> {
        self.kgen(["render", "-o", "json"]).args(args).objects()
    }
}

/// A run of `kgen` to come: in a directory, with nothing in its environment but what is given.
pub(crate) struct Kgen {
    command: Command,
    args: Vec<String>,
}

impl Kgen {
    /// `kgen` in a directory.
    pub(crate) fn new<A: AsRef<OsStr>>(dir: &Path, args: impl IntoIterator<Item = A>) -> Self {
        let mut command = Command::new(KGEN);
        command.current_dir(dir).env_clear().stdin(Stdio::null());
        Self { command, args: Vec::new() }.args(args)
    }

    /// More arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        for arg in args {
            self.args.push(arg.as_ref().to_string_lossy().into_owned());
            self.command.arg(arg);
        }
        self
    }

    /// A variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// The command itself, for what a run does not cover.
    pub(crate) fn command(self) -> Command {
        self.command
    }

    /// Runs it.
    pub(crate) fn run(mut self) -> Run {
        let output = self.command.output().unwrap();
        Run::of(&format!("kgen {}", self.args.join(" ")), output)
    }

    /// Stdout of a run that must succeed in silence.
    pub(crate) fn stdout(self) -> String {
        let run = self.run();
        run.code(0);
        assert_eq!(run.stderr, "", "stderr of `{}`", run.what);
        run.stdout
    }

    /// Stderr of a run that must be refused with nothing on stdout.
    pub(crate) fn refused(self) -> String {
        let run = self.run();
        run.code(2);
        assert_eq!(run.stdout, "", "stdout of `{}`", run.what);
        run.stderr
    }

    /// The objects of a run that prints a List.
    pub(crate) fn objects(self) -> Vec<Json> {
        let run = self.run();
        run.code(0);
        let mut list: Json = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(list["kind"], "List");
        serde_json::from_value(list["items"].take()).unwrap()
    }
}

/// All of what a run of `kgen` did.
#[derive(Debug)]
pub(crate) struct Run {
    what: String,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// What came out of a process.
    pub(crate) fn of(what: &str, output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("kgen writes UTF-8");
        Self {
            what: what.to_owned(),
            // No exit code: a signal ended it.
            code: output.status.code().unwrap_or(-1),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Insists on an exit code.
    #[track_caller]
    pub(crate) fn code(&self, code: i32) -> &Self {
        assert_eq!(self.code, code, "`{}`\n{}{}", self.what, self.stdout, self.stderr);
        self
    }
}

/// Writes a line to stderr for whoever watches the tests; libtest hides what `eprintln!` says.
pub(crate) fn tell(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}
