//! Values of many services like those of AI Todo, for every benchmark the same.

use std::fmt::Write as _;

/// A TOML document of `count` services, each with five objects: a ServiceAccount, a Secret, a
/// ConfigMap, a Service and a Deployment.
///
/// Services come in threes, as AI Todo's do: in each three the second depends on the first and the
/// third on the second.
pub(crate) fn document(count: usize) -> String {
    let mut toml = String::from(APP);
    for number in 0..count {
        service(&mut toml, number);
    }
    toml
}

const APP: &str = r#"[app]
name = "shop"
version = "1.0.0"
appVersion = "1.0.0"
namespace = "shop"
"#;

fn service(toml: &mut String, number: usize) {
    let depends_on = match number % 3 {
        0 => String::new(),
        _ => format!("dependsOn = [\"s{:05}\"]\n", number - 1),
    };
    // Writing to a string cannot fail.
    let _ = write!(
        toml,
        r#"
[s{number:05}]
name = "shop-s{number:05}"
{depends_on}command = ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000"]
ports.http.port = 8000

[s{number:05}.image]
repository = "shop-s{number:05}"
tag = "1.0.0"

[s{number:05}.config]
BACKEND_URL = "http://shop-backend-service:8000"
CORS_ORIGINS = "http://localhost:3000,http://localhost:30080"
LOG_LEVEL = "info"

[s{number:05}.secret]
API_KEY = "key-{number}"
DATABASE_URL = "postgresql://todo:todo@postgres-service:5432/todo{number}"

[s{number:05}.resources]
limits = {{ cpu = "500m", memory = "512Mi" }}
requests = {{ cpu = "250m", memory = "256Mi" }}

[s{number:05}.probes.liveness]
enabled = true
path = "/health"
initialDelaySeconds = 10
periodSeconds = 10

[s{number:05}.probes.readiness]
enabled = true
path = "/ready"
periodSeconds = 5
timeoutSeconds = 3
"#
    );
}
