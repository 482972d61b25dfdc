//! Programs that tests compare kgen with, built once a run.

use crate::harness::{repository, tell};
use serde_json::Value as Json;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

/// The Go program that reads YAML as Kubernetes does.
///
/// `None` where there is no Go and no `CI`: then the test says that it is skipped.
pub(crate) struct GoReader(PathBuf);

impl GoReader {
    /// The program, for the test that is named.
    pub(crate) fn for_test(test: &str) -> Option<Self> {
        static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
        let built = BUILT.get_or_init(|| {
            let found = Command::new("go").arg("version").output();
            found.is_ok_and(|go| go.status.success()).then(build)
        });
        match built {
            Some(program) => Some(Self(program.clone())),
            None if std::env::var_os("CI").is_some() => panic!("`{test}` needs Go on the PATH"),
            None => {
                tell(&format!("skipped `{test}`: there is no Go on the PATH"));
                None
            }
        }
    }

    /// The documents of a stream of YAML, as Go's libraries understand them.
    pub(crate) fn read(&self, yaml: &str) -> Vec<Json> {
        let pipe = Stdio::piped;
        let mut command = Command::new(&self.0);
        let mut reader =
            command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().expect("the reader runs");
        let mut stdin = reader.stdin.take().unwrap();
        let output = thread::scope(|scope| {
            scope.spawn(move || stdin.write_all(yaml.as_bytes()).unwrap());
            reader.wait_with_output().unwrap()
        });
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let lines = String::from_utf8(output.stdout).unwrap();
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

fn build() -> PathBuf {
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-reader");
    if !program.exists() {
        tell("building tests/go/reader ..");
    }
    let built = Command::new("go")
        .args(["build", "-buildvcs=false", "-o"])
        .arg(&program)
        .arg(".")
        .current_dir(repository().join("tests/go/reader"))
        .output()
        .expect("go runs");
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    program
}
