//! A file written whole or not at all.

use super::OutputError;
use std::fs::{self, File, Permissions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::{NamedTempFile, TempPath};

/// How names of temporary files begin and end, so that a later run can tell what a killed one left.
pub(super) const TEMPORARY: (&str, &str) = (".kgen-", ".tmp");

/// Writes one file: to a temporary name beside it, synced to the disk, then renamed over it.
///
/// A failure, a full disk or a kill leaves the old file as it was. An existing file keeps its
/// permissions; a new one gets the usual ones of the process (`private`: only for its owner). A
/// symbolic link stays, and the file it points to is replaced. A device or pipe, such as
/// `/dev/stdout`, is written to directly.
///
/// # Errors
/// What `write` returns, or [`OutputError::File`] with the file's name.
pub fn write_file(
    path: &Path,
    private: bool,
    write: impl FnOnce(&mut dyn Write) -> Result<(), OutputError>,
) -> Result<(), OutputError> {
    let failed = |e| OutputError::file("write", path)(e);
    if fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        let mut out = BufWriter::new(File::options().write(true).open(path).map_err(failed)?);
        write(&mut out)?;
        return out.flush().map_err(OutputError::Stream);
    }
    let target = target(path).map_err(failed)?;
    let mut staged = Staged::new(target, private).map_err(failed)?;
    // Here the stream is the file, and its errors are the file's.
    write(&mut staged.file).map_err(|error| match error {
        OutputError::Stream(e) => failed(e),
        other => other,
    })?;
    staged.file.sync_all().map_err(failed)?;
    staged.into_ready().commit().map_err(failed)
}

/// Where a path leads: through a symbolic link to the file behind it.
fn target(path: &Path) -> io::Result<PathBuf> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => fs::canonicalize(path),
        _ => Ok(path.to_owned()),
    }
}

/// A file that is being written under a temporary name in its directory.
pub(super) struct Staged {
    pub(super) file: File,
    ready: Ready,
}

/// A file that is written and waits for its name. Dropped, it is removed.
pub(super) struct Ready {
    temporary: TempPath,
    target: PathBuf,
}

impl Staged {
    pub(super) fn new(target: PathBuf, private: bool) -> io::Result<Self> {
        let directory = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
        let existing = fs::metadata(&target).ok().filter(|m| m.is_file()).map(|m| m.permissions());
        let created = open(&mut builder, directory, private)?;
        if let Some(permissions) = existing {
            created.as_file().set_permissions(permissions)?;
        }
        let (file, temporary) = created.into_parts();
        Ok(Self { file, ready: Ready { temporary, target } })
    }

    pub(super) fn into_ready(self) -> Ready {
        self.ready
    }
}

#[cfg(unix)]
fn open(
    builder: &mut tempfile::Builder<'_, '_>,
    directory: &Path,
    private: bool,
) -> io::Result<NamedTempFile> {
    use std::os::unix::fs::PermissionsExt;
    // The process's umask takes its part away, as for every new file.
    let mode = if private { 0o600 } else { 0o666 };
    builder.permissions(Permissions::from_mode(mode)).tempfile_in(directory)
}

#[cfg(not(unix))]
fn open(
    builder: &mut tempfile::Builder<'_, '_>,
    directory: &Path,
    _private: bool,
) -> io::Result<NamedTempFile> {
    builder.tempfile_in(directory)
}

impl Ready {
    /// Gives the file its name.
    pub(super) fn commit(self) -> io::Result<()> {
        self.temporary.persist(&self.target).map_err(|e| e.error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path, text: &str) -> Result<(), OutputError> {
        write_file(path, false, |out| out.write_all(text.as_bytes()).map_err(OutputError::Stream))
    }

    #[test]
    fn a_failure_leaves_the_old_file_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("out.yaml");
        write(&path, "old").unwrap();
        let error = write_file(&path, false, |out| {
            out.write_all(b"new").map_err(OutputError::Stream)?;
            Err(OutputError::Stream(io::ErrorKind::StorageFull.into()))
        })
        .unwrap_err();
        assert!(matches!(error, OutputError::File { .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_missing_directory_is_named() {
        let error = write(Path::new("/nowhere/at/all.yaml"), "x").unwrap_err();
        assert_eq!(error.to_string(), "cannot write `/nowhere/at/all.yaml`");
    }

    #[cfg(unix)]
    #[test]
    fn permissions_and_links_stay() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (path, link) = (dir.path().join("out.yaml"), dir.path().join("link.yaml"));
        write(&path, "old").unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("out.yaml", &link).unwrap();
        write(&link, "new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_directly() {
        write(Path::new("/dev/null"), "x").unwrap();
    }
}
