//! The most similar known name, for `did you mean`.

/// The candidate nearest to `name`, if one is near enough to be meant.
pub(super) fn nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let (a, b) = (name.to_lowercase(), candidate.to_lowercase());
            (strsim::damerau_levenshtein(&a, &b), candidate)
        })
        .filter(|&(distance, candidate)| distance <= limit && candidate != name)
        .min()
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn only_what_can_be_meant() {
        assert_eq!(nearest("htpp", ["http", "metrics"]), Some("http"));
        assert_eq!(nearest("grpc", ["http", "metrics"]), None);
        assert_eq!(nearest("hostnetwork", ["hostNetwork"]), Some("hostNetwork"));
    }
}
