//! Texts that are checked when they are read: names, keys, image references, quantities.

use super::naming::{self, Rule};
use crate::leaf::{Scalar, Word, text_of};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer};
use std::borrow::Cow;

/// Declares a checked text: its documentation, how the schema describes it, and what it may be.
macro_rules! word {
    ($(#[$doc:meta])* $name:ident: $expected:literal, $pattern:literal, $max:literal,
        $examples:expr, $legal:expr) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub struct $name(String);

        impl $name {
            /// The text, if it is legal.
            ///
            /// # Errors
            /// What was expected.
            pub fn parse(text: &str) -> Result<Self, String> {
                let legal: fn(&str) -> bool = $legal;
                if text.len() <= $max && legal(text) {
                    return Ok(Self(text.to_owned()));
                }
                let long = if text.len() > $max {
                    format!(" of at most {} characters", $max)
                } else {
                    String::new()
                };
                Err(format!("expected {}{long}, found `{text}`", $expected))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                text_of(deserializer, Self::parse)
            }
        }

        impl Scalar for $name {
            type Class = Word;
            fn give(&self) -> Cow<'_, str> {
                (&self.0).into()
            }
        }

        impl JsonSchema for $name {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "maxLength": $max,
                    "examples": $examples,
                })
            }
        }
    };
}

word! {
    /// The name of a service or an application: a DNS label that begins with a letter, of at most
    /// 53 characters, so that the longest suffix fits behind it.
    Name: "a name of lower-case letters, digits and `-` that begins with a letter",
    "^[a-z]([-a-z0-9]*[a-z0-9])?$", 53, ["web", "ai-todo-backend"],
    |text| Rule::Host.broken_by(text).is_none()
}

word! {
    /// The name of a Kubernetes namespace: a DNS label.
    Namespace: "a namespace of lower-case letters, digits and `-`",
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", 63, ["default", "shop"],
    |text| Rule::Label.broken_by(text).is_none()
}

word! {
    /// The last part of an object's name: `migrate` in `ai-todo-backend-migrate`.
    Suffix: "a name of lower-case letters, digits and `-`",
    "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", 40, ["data", "migrate", "0"],
    |text| Rule::Label.broken_by(text).is_none()
}

word! {
    /// The name of a port: at most 15 lower-case letters, digits and single `-`, one a letter.
    PortName: "a port name of lower-case letters, digits and single `-`, with a letter",
    "^([0-9]+-)*[0-9]*[a-z][a-z0-9]*(-[a-z0-9]+)*$", 15, ["http", "metrics", "grpc-1"],
    |text| Rule::Port.broken_by(text).is_none()
}

word! {
    /// A key of a ConfigMap or Secret.
    ConfigKey: "a key of letters, digits, `-`, `_` and `.`",
    "^\\.?[-_a-zA-Z0-9][-._a-zA-Z0-9]*$", 253, ["LOG_LEVEL", "app.toml", "_"],
    naming::is_config_key
}

word! {
    /// The name of an environment variable.
    EnvName: "the name of an environment variable: printable characters other than `=`",
    "^[ -<>-~]+$", 253, ["PORT", "LOG_LEVEL", "a.b"],
    naming::is_env_name
}

word! {
    /// The repository of an image, without its registry: `library/postgres`.
    Repository: "an image repository in lower case, without tag or digest",
    "^[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$", 255, ["web", "library/postgres", "a/b-c/d_e.f"],
    repository
}

/// Parts joined by `/`, each of lower-case letters and digits joined by `.`, `_` and `-`.
fn repository(text: &str) -> bool {
    let word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.split('/').all(|part| {
        part.starts_with(word)
            && part.ends_with(word)
            && part.chars().all(|c| word(c) || "._-".contains(c))
    })
}

word! {
    /// The tag of an image; empty for the version of the application.
    Tag: "an image tag of letters, digits, `_`, `.` and `-`",
    "^([a-zA-Z0-9_][a-zA-Z0-9_.-]*)?$", 128, ["", "1.0.0", "latest", "20240101"],
    |text| !text.starts_with(['.', '-'])
        && text.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

word! {
    /// The digest of an image, `sha256:` and 64 hexadecimal digits; empty for none.
    Digest: "an image digest, `sha256:` and 64 hexadecimal digits",
    "^(sha256:[a-f0-9]{64})?$", 71, ["", "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    |text| text.is_empty()
        || text.strip_prefix("sha256:").is_some_and(|hex| {
            hex.len() == 64 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
        })
}

word! {
    /// A version by Semantic Versioning 2: `1.0.0`, `1.2.3-rc.1+build.5`.
    Version: "a version like `1.0.0` (Semantic Versioning 2)",
    "^(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?$", 63, ["1.0.0", "0.1.0-rc.1+build.5"],
    semantic
}

fn semantic(text: &str) -> bool {
    let (rest, build) = text.split_once('+').map_or((text, None), |(r, b)| (r, Some(b)));
    let (core, pre) = rest.split_once('-').map_or((rest, None), |(c, p)| (c, Some(p)));
    let number = |n: &str| {
        !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && (n == "0" || !n.starts_with('0'))
    };
    let words = |s: &str| {
        s.split('.')
            .all(|w| !w.is_empty() && w.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
    };
    core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|p| {
            words(p) && p.split('.').all(|w| number(w) || !w.bytes().all(|b| b.is_ascii_digit()))
        })
        && build.is_none_or(words)
}

word! {
    /// A schedule in cron's form: five fields, or `@hourly`, `@daily` and the like.
    Schedule: "a schedule of five cron fields, like `0 3 * * *`, or `@daily`",
    "^(@(yearly|annually|monthly|weekly|daily|midnight|hourly)|[^\\s@]+( +[^\\s]+){4})$", 128, ["0 3 * * *", "@daily"],
    |text| match text.strip_prefix('@') {
        Some(word) => ["yearly", "annually", "monthly", "weekly", "daily", "midnight", "hourly"]
            .contains(&word),
        None => !text.starts_with(' ')
            && !text.ends_with(' ')
            && !text.contains(['\t', '\n', '\r'])
            && text.split(' ').filter(|field| !field.is_empty()).count() == 5,
    }
}

word! {
    /// A path inside a container, from `/`.
    MountPath: "an absolute path without `:`",
    "^/[^:]*$", 4096, ["/data", "/etc/app/app.toml"],
    |text| text.starts_with('/') && !text.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The schema refuses what the type refuses: editors and Helm go by the schema.
    fn agree<W: JsonSchema>(text: &str, parsed: bool) {
        let schema = schemars::schema_for!(W).to_value();
        let valid = jsonschema::is_valid(&schema, &text.into());
        assert_eq!(parsed, valid, "`{text}` against {schema}");
    }

    macro_rules! agree {
        ($text:expr; $($word:ident)*) => {
            $(agree::<$word>($text, $word::parse($text).is_ok());)*
        };
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn schemas_and_types_agree(text in "[-a-z0-9A-Z._/:=@* ]{0,20}") {
            agree!(&text; Name Namespace Suffix PortName ConfigKey EnvName Repository Tag Digest
                MountPath);
        }
    }

    #[test]
    fn examples_are_legal() {
        for schema in [
            schemars::schema_for!(Name),
            schemars::schema_for!(PortName),
            schemars::schema_for!(Digest),
            schemars::schema_for!(Version),
            schemars::schema_for!(Schedule),
        ] {
            let schema = schema.to_value();
            for example in schema["examples"].as_array().unwrap() {
                assert!(jsonschema::is_valid(&schema, example), "{example} in {schema}");
            }
        }
    }
}
