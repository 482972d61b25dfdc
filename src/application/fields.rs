//! The fields of a table that stands for one text.

use crate::values::{At, Mistake, Table, nearest};

/// A text in the table of a reference.
pub(super) fn text<'t>(
    table: &'t Table,
    path: &str,
    key: &str,
) -> Result<Option<(&'t str, At)>, Mistake> {
    match table.get(key) {
        None => Ok(None),
        Some(node) => match node.text() {
            Some(text) => Ok(Some((text, node.at))),
            None => Err(Mistake::new(
                format!("{path}.{key}"),
                Some(node.at),
                format!("expected a string, found {}", node.value.kind()),
            )),
        },
    }
}

/// Refuses keys that the table of a reference does not have.
pub(super) fn known(table: &Table, path: &str, keys: &[&str]) -> Result<(), Mistake> {
    match table.iter().find(|entry| !keys.contains(&&*entry.key)) {
        None => Ok(()),
        Some(entry) => {
            let mistake = Mistake::new(
                format!("{path}.{}", entry.key),
                Some(entry.key_at),
                format!("unknown key `{}`", entry.key),
            );
            Err(mistake.help(format!("known are {}", nearest::names(keys))))
        }
    }
}
