//! The name that someone probably meant.

/// The known name most like the one written, if any is like enough to be meant.
pub(crate) fn nearest<'a>(
    written: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let lower = written.to_lowercase();
    let limit = (written.chars().count() / 3).max(1);
    known
        .into_iter()
        .map(|name| (strsim::damerau_levenshtein(&lower, &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= limit && *name != written)
        .min()
        .map(|(_, name)| name)
}

/// What to do about a name that is not known: the one probably meant, else all of a short list.
pub(crate) fn did_you_mean(written: &str, known: &[&str]) -> Option<String> {
    if let Some(name) = nearest(written, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    let short = !known.is_empty() && known.len() <= 12;
    short.then(|| format!("known here: {}", names(known)))
}

/// Names in a row, each in backticks.
pub(crate) fn names(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_was_meant() {
        let known = ["replicas", "image", "pullPolicy"];
        assert_eq!(nearest("replica", known), Some("replicas"));
        assert_eq!(nearest("pullpolicy", known), Some("pullPolicy"));
        assert_eq!(nearest("imgae", known), Some("image"));
        assert_eq!(nearest("zzz", known), None);
        assert_eq!(nearest("htpp", ["http", "metrics"]), Some("http"));
        assert_eq!(nearest("grpc", ["http", "metrics"]), None);
        assert_eq!(
            did_you_mean("zzz", &known).as_deref(),
            Some("known here: `replicas`, `image`, `pullPolicy`")
        );
    }
}
