//! The values that the README shows render as they stand.

use crate::harness::{Project, repository};

#[test]
fn every_example_of_values_renders() {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let examples: Vec<&str> =
        readme.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() >= 4, "{} examples", examples.len());
    let base = "[app]\nname = \"shop\"\n\
                [web]\nimage = { repository = \"web\", tag = \"1\" }\nports.http.port = 8080\n\
                [mcp]\nname = \"ai-todo-mcp\"\nimage = { repository = \"mcp\", tag = \"1\" }\n\
                ports.mcp.port = 8001\n\
                [backend]\nimage = { repository = \"backend\", tag = \"1\" }\n";
    for example in examples {
        let project = Project::new(base).with("example.toml", example);
        let run = project.kgen(["render", "-f", "example.toml", "--secrets", "omit"]).run();
        assert_eq!((run.code, run.stderr.as_str()), (0, ""), "of\n{example}");
    }
}
