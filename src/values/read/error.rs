//! The error within a read: noted as a mistake already, or still to be.

use serde::de::{self, Expected, Unexpected};
use std::fmt;

/// An error between serde and the reader.
#[derive(Debug)]
pub(super) enum Fault {
    /// Noted as a mistake.
    Noted,
    /// A value of a type that was not expected; in words, what was.
    Type(String),
    /// Anything else.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noted => f.write_str("a mistake that is told with the others"),
            Self::Type(expected) => write!(f, "expected {expected}"),
            Self::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Fault {}

impl de::Error for Fault {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Other(message.to_string())
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::Type(expected.to_string())
    }
}
