//! The difference of two texts, in the unified form that `diff -u` and git print.

use similar::{ChangeTag, TextDiff};
use std::fmt;

/// How many equal lines stand around a change.
const CONTEXT: usize = 3;

/// The difference of two texts; no lines if they are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference(pub Vec<Line>);

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What the line says.
    pub kind: LineKind,
    /// The text without its sign and line break.
    pub text: String,
}

/// What a line of a difference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// The name of the old text.
    OldName,
    /// The name of the new text.
    NewName,
    /// Where in the two texts the next lines stand: `@@ -1,4 +1,5 @@`.
    Hunk,
    /// A line that both have.
    Context,
    /// A line that only the old text has.
    Removed,
    /// A line that only the new text has.
    Added,
    /// A remark: the text ends without a line break.
    Note,
}

impl Difference {
    /// The difference from `old` to `new`, with three lines of context.
    pub fn new(old_name: &str, old: &str, new_name: &str, new: &str) -> Self {
        if old == new {
            return Self::default();
        }
        let mut lines = vec![
            Line { kind: LineKind::OldName, text: old_name.to_owned() },
            Line { kind: LineKind::NewName, text: new_name.to_owned() },
        ];
        let diff = TextDiff::from_lines(old, new);
        for hunk in diff.unified_diff().context_radius(CONTEXT).iter_hunks() {
            lines.push(Line { kind: LineKind::Hunk, text: hunk.header().to_string() });
            for change in hunk.iter_changes() {
                let kind = match change.tag() {
                    ChangeTag::Equal => LineKind::Context,
                    ChangeTag::Delete => LineKind::Removed,
                    ChangeTag::Insert => LineKind::Added,
                };
                let text = change.value();
                let text = text.strip_suffix('\n').unwrap_or(text);
                lines.push(Line { kind, text: text.to_owned() });
                if change.missing_newline() {
                    let text = "No newline at end of file".to_owned();
                    lines.push(Line { kind: LineKind::Note, text });
                }
            }
        }
        Self(lines)
    }

    /// Whether the texts are equal.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The line with its sign, without a line break.
impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.kind {
            LineKind::OldName => "--- ",
            LineKind::NewName => "+++ ",
            LineKind::Hunk => "",
            LineKind::Context => " ",
            LineKind::Removed => "-",
            LineKind::Added => "+",
            LineKind::Note => "\\ ",
        };
        write!(f, "{sign}{}", self.text)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_have_no_difference() {
        assert!(Difference::new("a", "x\n", "b", "x\n").is_empty());
    }

    #[test]
    fn reads_as_diff_prints() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8";
        insta::assert_snapshot!(Difference::new("out.yaml", old, "render", new), @r"
        --- out.yaml
        +++ render
        @@ -2,7 +2,7 @@
         2
         3
         4
        -5
        +five
         6
         7
        -8
        +8
        \ No newline at end of file
        ");
    }

    #[test]
    fn a_carriage_return_is_a_difference() {
        let lines = Difference::new("a", "x\r\n", "b", "x\n").0;
        assert_eq!(lines.iter().filter(|l| l.kind == LineKind::Removed).count(), 1);
    }
}
