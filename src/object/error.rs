//! What can be wrong with an object by itself.

use super::Identity;
use std::fmt;
use std::sync::Arc;

/// An object that cannot be accepted.
///
/// No message holds the content of a Secret.
#[derive(Debug, thiserror::Error)]
pub enum ObjectError {
    /// A verbatim object is not a map.
    #[error(
        "expected a Kubernetes object, found {found}; give a map with `apiVersion`, `kind` and `metadata.name`"
    )]
    NotAMap {
        /// What was there: `a string`.
        found: &'static str,
    },
    /// A verbatim object has no usable `apiVersion`, `kind` or `metadata.name`.
    #[error("{object}: `{field}` must be a non-empty string, found {found}")]
    Field {
        /// What is known of the object: its kind and name, as far as they were given.
        object: String,
        /// `metadata.name`.
        field: &'static str,
        /// What was there: `nothing`, `a number`.
        found: &'static str,
    },
    /// The `metadata` of a verbatim object, or a patched object, does not have the kind's form.
    #[error("`{object}`: {reason}")]
    Form {
        /// The object.
        object: Box<Identity>,
        /// What does not fit.
        reason: String,
    },
    /// A patch names a field that the kind does not have; it would be dropped silently.
    #[error("`{object}`: the patch sets `{field}`, which the kind does not have{}", did_you_mean(.nearest))]
    UnknownField {
        /// The object.
        object: Box<Identity>,
        /// The path of the field: `spec.template.spec.hostNetwrok`.
        field: String,
        /// The known field of the most similar name.
        nearest: Option<String>,
    },
    /// A patch changes what names the object.
    #[error(
        "`{object}`: a patch must not change the object's identity, but it makes it `{to}`; set the name or kind where the object is made"
    )]
    Identity {
        /// The object.
        object: Box<Identity>,
        /// What the patch makes of it.
        to: String,
    },
    /// Two objects with one identity.
    #[error("{}", Duplicates(.0))]
    Duplicates(Vec<Duplicate>),
    /// An object could not be written.
    #[error("`{object}`: cannot be serialised: {reason}")]
    Serialise {
        /// The object.
        object: Box<Identity>,
        /// The serialiser's words.
        reason: String,
    },
}

/// An identity that two objects share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Duplicate {
    /// The identity.
    pub object: Identity,
    /// The tables of the values that the two came from.
    pub services: [Option<Arc<str>>; 2],
}

fn did_you_mean(nearest: &Option<String>) -> String {
    nearest.as_ref().map_or_else(String::new, |n| format!("; did you mean `{n}`?"))
}

struct Duplicates<'a>(&'a [Duplicate]);

impl fmt::Display for Duplicates<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Duplicate { object, services: [a, b] }) in self.0.iter().enumerate() {
            if i > 0 {
                writeln!(f)?;
            }
            match (a, b) {
                (Some(a), Some(b)) if a == b => write!(f, "`{object}` is made twice by `{a}`")?,
                (Some(a), Some(b)) => write!(f, "`{object}` is made by both `{a}` and `{b}`")?,
                (Some(a), None) | (None, Some(a)) => {
                    write!(f, "`{object}` is made by `{a}` and once more outside of a service")?;
                }
                (None, None) => write!(f, "`{object}` is made twice")?,
            }
            f.write_str("; give one of them another name")?;
        }
        Ok(())
    }
}
