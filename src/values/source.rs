//! The texts that values come from.

use super::node::{At, SourceId};
use std::{fmt, path::PathBuf, sync::Arc};

/// What kind of thing a text came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The typed defaults of a kind of table, by name; their text is a TOML document.
    Defaults(String),
    /// A values file.
    File(PathBuf),
    /// An environment variable, by name; its text is the variable's value.
    Env(String),
    /// A flag, its text the argument: `--set a.b=1`.
    Flag(&'static str),
    /// Another program's figment provider, by the name it gives itself.
    Provider(String),
}

/// A text that values come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// What it came from.
    pub origin: Origin,
    /// The whole text, without a byte order mark.
    pub text: Arc<str>,
}

/// All texts of one load, by number.
#[derive(Clone, Debug, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Takes a text in and gives it a number.
    pub fn add(&mut self, origin: Origin, text: impl Into<Arc<str>>) -> SourceId {
        self.0.push(Source { origin, text: text.into() });
        SourceId(u32::try_from(self.0.len() - 1).unwrap_or(u32::MAX))
    }

    /// The source of a number that [`Sources::add`] gave.
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// Every source with its number.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        self.0.iter().enumerate().map(|(i, s)| (SourceId(u32::try_from(i).unwrap_or(u32::MAX)), s))
    }

    /// Puts another text in place of a source's own; lengths and lines must stay.
    pub(super) fn replace(&mut self, id: SourceId, text: impl Into<Arc<str>>) {
        self.0[id.0 as usize].text = text.into();
    }

    /// Line and column of a place, both from 1, the column in characters.
    pub fn line_column(&self, at: At) -> (usize, usize) {
        let text = &self.get(at.source).text;
        let start = text.floor_char_boundary(at.start as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |i| i + 1);
        let line = text[..start].matches('\n').count() + 1;
        (line, text[line_start..start].chars().count() + 1)
    }

    /// A place as people click on it: `values/base.toml:3:5`, `--set image.tag=1`,
    /// `KGEN_BACKEND__REPLICAS`, `defaults of service:12:1`.
    pub fn place(&self, at: At) -> Place {
        let (line, column) = self.line_column(at);
        Place { source: self.get(at.source).clone(), line, column }
    }
}

/// A place in words.
#[derive(Clone, Debug)]
pub struct Place {
    source: Source,
    line: usize,
    column: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.source.origin)?;
        match self.source.origin {
            Origin::File(_) | Origin::Defaults(_) => write!(f, ":{}:{}", self.line, self.column),
            Origin::Flag(_) => write!(f, " {}", self.source.text),
            Origin::Env(_) | Origin::Provider(_) => Ok(()),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Defaults(name) => write!(f, "defaults of {name}"),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Env(name) => write!(f, "{name}"),
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Provider(name) => write!(f, "{name}"),
        }
    }
}
