//! What Kubernetes takes as a name: of objects, labels, ports, variables and keys.

/// A rule for names. Each says what is wrong as a fragment that follows the name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    /// DNS subdomain: labels joined by dots; most objects.
    Subdomain,
    /// DNS label: containers, namespaces, volumes.
    Label,
    /// DNS label that starts with a letter: Services, which become host names.
    Host,
    /// A segment of a URL: RBAC objects.
    Segment,
    /// IANA service name: container ports.
    Port,
}

impl Rule {
    /// What is wrong with `name`, if anything.
    pub(crate) fn broken_by(self, name: &str) -> Option<String> {
        match self {
            Rule::Subdomain => too_long(name, 253).or_else(|| {
                (!name.split('.').all(is_label))
                    .then(|| "must consist of lowercase letters, digits, `-` and `.`, and start and end with a letter or digit".into())
            }),
            Rule::Label => too_long(name, 63).or_else(|| {
                (!is_label(name))
                    .then(|| "must consist of lowercase letters, digits and `-`, and start and end with a letter or digit".into())
            }),
            Rule::Host => too_long(name, 63).or_else(|| {
                (!is_label(name) || !name.starts_with(|c: char| c.is_ascii_lowercase()))
                    .then(|| "must consist of lowercase letters, digits and `-`, start with a letter, and end with a letter or digit".into())
            }),
            Rule::Segment => (name.is_empty() || name == "." || name == ".." || name.contains(['/', '%']))
                .then(|| "must not be empty, `.` or `..`, and must not contain `/` or `%`".into()),
            Rule::Port => too_long(name, 15).or_else(|| {
                let legal = is_label(name)
                    && !name.contains("--")
                    && name.bytes().any(|b| b.is_ascii_lowercase());
                (!legal).then(|| "must consist of lowercase letters, digits and single `-`, hold a letter, and start and end with a letter or digit".into())
            }),
        }
    }
}

fn too_long(name: &str, most: usize) -> Option<String> {
    (name.len() > most).then(|| format!("has {} characters, {most} are allowed", name.len()))
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    bytes.len() <= 253
        && bytes.first().is_some_and(edge)
        && bytes.last().is_some_and(edge)
        && bytes.iter().all(|b| edge(b) || *b == b'-')
}

/// Letters, digits, `-`, `_` and `.`, at most 63, with a letter or digit at both ends.
fn is_qualified_name(text: &str) -> bool {
    let bytes = text.as_bytes();
    let edge = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let inner = |b: &u8| QUALIFIED[usize::from(*b)];
    bytes.len() <= 63 && edge(bytes.first()) && edge(bytes.last()) && bytes.iter().all(inner)
}

/// The bytes of a qualified name: as a table, since a render has labels by the hundred thousand.
const QUALIFIED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        byte += 1;
    }
    table
};

/// Whether `key` can be the key of a label or, in any case of letters, of an annotation.
pub(crate) fn is_label_key(key: &str) -> bool {
    match key.split_once('/') {
        None => is_qualified_name(key),
        Some((prefix, name)) => {
            is_qualified_name(name) && prefix.len() <= 253 && prefix.split('.').all(is_label)
        }
    }
}

/// What a legal key of a label or annotation is.
pub(crate) const LABEL_KEY: &str = "a key is up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends, after an optional DNS prefix and `/`";

/// Whether `value` can be the value of a label; it may be empty.
pub(crate) fn is_label_value(value: &str) -> bool {
    value.is_empty() || is_qualified_name(value)
}

/// What a legal value of a label is.
pub(crate) const LABEL_VALUE: &str = "a label's value is up to 63 letters, digits, `-`, `_` and `.`, with a letter or digit at both ends; use an annotation for other text";

/// Whether `name` can name an environment variable: printable ASCII without `=`.
pub(crate) fn is_env_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| matches!(b, b' '..=b'~') && b != b'=')
}

/// Whether `key` can be a key of a ConfigMap or Secret.
pub(crate) fn is_config_key(key: &str) -> bool {
    !key.is_empty()
        && key.len() <= 253
        && key != "."
        && !key.starts_with("..")
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        let broken = |rule: Rule, name: &str| rule.broken_by(name).is_some();
        let long = |n| "x".repeat(n);
        assert!(!broken(Rule::Subdomain, "a.b-c.1") && !broken(Rule::Subdomain, &long(253)));
        for bad in ["", "A", "a_b", "-a", "a-", "a..b", ".a", "a/b", "ä", &long(254)] {
            assert!(broken(Rule::Subdomain, bad), "{bad}");
        }
        assert!(!broken(Rule::Label, "1a") && broken(Rule::Label, "a.b"));
        assert!(broken(Rule::Host, "1a") && broken(Rule::Host, &long(64)));
        assert!(!broken(Rule::Segment, "system:A") && broken(Rule::Segment, "a/b"));
        assert!(!broken(Rule::Port, "http-2"));
        for bad in ["80", "a--b", "sixteen-letters-", "much-too-long-name", "Http"] {
            assert!(broken(Rule::Port, bad), "{bad}");
        }
    }

    #[test]
    fn keys_and_values() {
        assert!(is_label_key("app.kubernetes.io/name") && is_label_key("A_b.c"));
        assert!(!is_label_key("/a") && !is_label_key("a/b/c") && !is_label_key("A.b/c"));
        assert!(is_label_value("") && is_label_value("1.2.3") && !is_label_value("a+b"));
        assert!(is_env_name("a.b-C") && !is_env_name("a=b") && !is_env_name("ä"));
        assert!(is_config_key("a.b") && !is_config_key("..a") && !is_config_key("a/b"));
    }
}
