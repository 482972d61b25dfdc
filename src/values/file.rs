//! Values files: found, bounded, decoded, and read in the format that their name ends in.

use super::{Mistake, Node, Origin, SourceId, Sources, json, nearest::nearest, toml, yaml};
use std::{
    fs::File,
    io::Read as _,
    path::{Path, PathBuf},
};

/// The largest values file, in bytes; ten thousand services take about a sixth of it.
pub const SIZE_LIMIT: u64 = 64 << 20;

/// The deepest nesting of tables and lists in a document.
pub const DEPTH_LIMIT: usize = 128;

/// The formats of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// TOML 1.1, with `unset = ["path"]` in place of null.
    Toml,
    /// YAML as Helm reads it: scalars by the rules of YAML 1.1.
    Yaml,
    /// JSON.
    Json,
}

impl Format {
    /// The format that the extension of a file names.
    pub fn of(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()? {
            "toml" => Some(Self::Toml),
            "yaml" | "yml" => Some(Self::Yaml),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a text; the top of the result is a table.
///
/// # Errors
/// Every mistake of the text that the format's parser can tell apart.
pub fn parse(text: &str, format: Format, source: SourceId) -> Result<Node, Vec<Mistake>> {
    match format {
        Format::Toml => toml::read(text, source),
        Format::Yaml => yaml::read(text, source),
        Format::Json => json::read(text, source),
    }
}

/// Reads the file at exactly this path, adds it to the sources and returns its number with its
/// tree. A directory above is never searched.
pub(super) fn load(
    path: &Path,
    sources: &mut Sources,
) -> Result<(SourceId, Node), (Option<SourceId>, Vec<Mistake>)> {
    let early = |mistake| (None, vec![mistake]);
    let format = Format::of(path).ok_or_else(|| early(unknown_format(path)))?;
    let text = text(path).map_err(early)?;
    // Multi-line strings of TOML would keep the line ends of whoever checked the file out, and
    // restart pods over them. YAML folds them itself, and JSON has none in strings.
    let text = match format {
        Format::Toml if text.contains('\r') => text.replace("\r\n", "\n"),
        _ => text,
    };
    let source = sources.add(Origin::File(path.to_owned()), text);
    let node = parse(&sources.get(source).text, format, source);
    node.map(|node| (source, node)).map_err(|mistakes| (Some(source), mistakes))
}

/// The text of a file without its byte order mark.
pub(super) fn text(path: &Path) -> Result<String, Mistake> {
    let shown = path.display();
    let fail = |message: String| Mistake::new("", None, message);
    let unreadable = |e: std::io::Error| fail(format!("cannot read `{shown}`: {e}"));
    let metadata = match std::fs::metadata(path) {
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Err(missing(path)),
        other => other.map_err(unreadable)?,
    };
    if metadata.is_dir() {
        return Err(directory(path));
    }
    let too_large = |size: &str| {
        let limit = SIZE_LIMIT >> 20;
        let message = format!("`{shown}` holds {size}; the limit of a values file is {limit} MiB");
        fail(message).help("split it into several files")
    };
    if metadata.len() > SIZE_LIMIT {
        return Err(too_large(&format!("{} MiB", metadata.len() >> 20)));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    let file = File::open(path).map_err(unreadable)?;
    // A pipe tells no size beforehand, so the limit holds while reading too.
    file.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(too_large("more"));
    }
    decode(bytes).map_err(|(byte, offset)| {
        let message = format!("`{shown}` is not UTF-8: byte 0x{byte:02x} at offset {offset}");
        fail(message).help("save the file as UTF-8")
    })
}

/// The bytes as text without a byte order mark, or the byte that is not UTF-8 and its offset.
fn decode(bytes: Vec<u8>) -> Result<String, (u8, usize)> {
    let mut text = String::from_utf8(bytes).map_err(|e| {
        let offset = e.utf8_error().valid_up_to();
        (e.as_bytes().get(offset).copied().unwrap_or(0), offset)
    })?;
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    Ok(text)
}

fn directory(path: &Path) -> Mistake {
    let message = format!("`{}` is a directory, expected a file", path.display());
    Mistake::new("", None, message).help("name one file; repeat the flag for several")
}

fn unknown_format(path: &Path) -> Mistake {
    if path.is_dir() {
        return directory(path);
    }
    let message = format!("`{}` has no extension of a known format", path.display());
    Mistake::new("", None, message).help("name it `.toml`, `.yaml`, `.yml` or `.json`")
}

fn missing(path: &Path) -> Mistake {
    let mistake = Mistake::new("", None, format!("no file `{}`", path.display()));
    let directory = match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let Ok(entries) = std::fs::read_dir(directory) else {
        return mistake.help(format!("there is no directory `{}` either", directory.display()));
    };
    let files = entries.flatten().filter(|e| Format::of(&e.path()).is_some());
    let mut names: Vec<String> = files.filter_map(|e| e.file_name().into_string().ok()).collect();
    names.sort();
    let written = path.file_name().unwrap_or_default().to_string_lossy();
    match nearest(&written, names.iter().map(String::as_str)) {
        Some(name) => {
            let near: PathBuf = path.with_file_name(name);
            mistake.help(format!("did you mean `{}`?", near.display()))
        }
        None if names.is_empty() => mistake.help("its directory holds no values file"),
        None => {
            names.truncate(8);
            mistake.help(format!("values files there: {}", names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::Mistakes;
    use std::fs;

    /// Reads a file of these bytes; on mistakes, what people see of them, without the directory.
    fn read(name: &str, bytes: &[u8]) -> Result<Node, String> {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(name), bytes).unwrap();
        at(directory.path(), name)
    }

    fn at(directory: &Path, name: &str) -> Result<Node, String> {
        let mut sources = Sources::default();
        let result = load(&directory.join(name), &mut sources);
        result.map(|(_, node)| node).map_err(|(_, list)| {
            let told = Mistakes::new(list, sources).to_string();
            told.replace(&directory.display().to_string(), "DIR")
        })
    }

    #[test]
    fn a_byte_order_mark_and_crlf_are_fine() {
        for (name, text) in [("a.toml", "a = 1\r\nb = 2\r\n"), ("a.yml", "a: 1\r\nb: 2\r\n")] {
            let plain = read(name, text.as_bytes()).unwrap();
            assert_eq!(read(name, format!("\u{feff}{text}").as_bytes()), Ok(plain), "{name}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_refused_with_the_byte() {
        assert_eq!(
            read("a.toml", b"a = '\xff'"),
            Err("`DIR/a.toml` is not UTF-8: byte 0xff at offset 5; save the file as UTF-8".into())
        );
    }

    #[test]
    fn a_missing_file_is_refused_and_parents_are_not_searched() {
        let directory = tempfile::tempdir().unwrap();
        fs::create_dir(directory.path().join("values")).unwrap();
        fs::write(directory.path().join("prod.toml"), "a = 1").unwrap();
        fs::write(directory.path().join("values/dev.toml"), "a = 1").unwrap();
        assert_eq!(
            at(directory.path(), "values/prod.toml"),
            Err("no file `DIR/values/prod.toml`; values files there: dev.toml".into())
        );
        assert_eq!(
            at(directory.path(), "values/dve.toml"),
            Err("no file `DIR/values/dve.toml`; did you mean `DIR/values/dev.toml`?".into())
        );
        assert_eq!(
            at(directory.path(), "none/dev.toml"),
            Err("no file `DIR/none/dev.toml`; there is no directory `DIR/none` either".into())
        );
        fs::create_dir(directory.path().join("d.yaml")).unwrap();
        assert!(at(directory.path(), "d.yaml").unwrap_err().contains("is a directory"));
        assert!(at(directory.path(), "prod.tml").unwrap_err().contains("no extension"));
    }

    #[test]
    fn a_huge_file_is_refused_before_it_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = fs::File::create(directory.path().join("a.yaml")).unwrap();
        file.set_len(1 << 30).unwrap();
        assert_eq!(
            at(directory.path(), "a.yaml"),
            Err("`DIR/a.yaml` holds 1024 MiB; the limit of a values file is 64 MiB; \
                 split it into several files"
                .into())
        );
    }
}
