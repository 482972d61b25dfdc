//! A verbatim object of a known kind has that kind's form: its fields exist and have their types.

use super::finding::Findings;
use super::index::Index;
use crate::object::fields;
use serde_json::Value;

pub(super) fn check(index: &Index<'_>, findings: &mut Findings) {
    for object in index.objects {
        let Some(verbatim) = object.body().verbatim() else { continue };
        match verbatim.read() {
            None => {}
            // The reader's words may quote a value.
            Some(Err(_)) if object.is_secret() => {
                findings
                    .error(object, "data", "not of the form of a Secret")
                    .help("`data` maps keys to base64, `stringData` to text");
            }
            Some(Err(reason)) => {
                let kind = &object.identity().kind;
                findings.error(object, "", format!("not of the form of a {kind}: {reason}"));
            }
            Some(Ok(typed)) => {
                let given = Value::Object(verbatim.value().clone());
                if let Some(path) = fields::lost(&given, &typed.written) {
                    let finding = findings.error(
                        object,
                        path.to_string(),
                        format!("{} has no such field", object.identity().kind),
                    );
                    if let Some(near) = fields::nearest(object.identity(), &path) {
                        finding.help(format!("did you mean `{near}`?"));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{findings, run};
    use serde_json::json;

    #[test]
    fn unknown_fields_and_wrong_types() {
        let config = |field: &str, value| json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, field: value});
        assert_eq!(run([config("data", json!({"a": "b"}))]), findings([]));
        assert_eq!(
            run([config("dta", json!({"a": "b"}))]),
            findings(["ConfigMap/c: dta: ConfigMap has no such field; did you mean `data`?"])
        );
        let wrong = run([config("data", json!({"a": 1}))]);
        assert!(wrong[0].contains("invalid type: integer `1`, expected a string"), "{wrong:?}");
    }

    #[test]
    fn a_secret_is_not_quoted() {
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": "hunter2"});
        assert_eq!(
            run([secret]),
            findings([
                "Secret/s: data: not of the form of a Secret; `data` maps keys to base64, `stringData` to text"
            ])
        );
    }
}
