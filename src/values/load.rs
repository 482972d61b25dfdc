//! The layers of values of one run, and how they become one document.

use super::{
    Assignment, At, Document, Entry, Format, Layer, LayerKind, Mistake, Mistakes, Node, Origin,
    Shape, SourceId, Sources, Table, Value, defaults::Dresser, env, file, mask, merge, provider,
    schema::Schema, set, set::SetKind,
};
use std::{path::PathBuf, sync::Arc};

/// What to load: layers of values, weakest first within each kind.
///
/// The order among kinds is fixed: typed defaults, the base, files (with texts and providers, in
/// the order they are named), environment variables, and flags in Helm's order.
#[derive(Debug, Default)]
pub struct Layers {
    base: Option<Input>,
    inputs: Vec<Input>,
    env: Vec<(String, String)>,
    sets: Vec<(SetKind, String)>,
}

#[derive(Debug)]
enum Input {
    File(PathBuf),
    Text(Origin, Format, Arc<str>),
    Provider(provider::Provided),
}

impl Layers {
    /// No layers but the typed defaults.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a file as the base: what charts carry as their values.
    #[must_use]
    pub fn base(mut self, path: impl Into<PathBuf>) -> Self {
        self.base = Some(Input::File(path.into()));
        self
    }

    /// Takes a text as the base.
    #[must_use]
    pub fn base_text(mut self, origin: Origin, format: Format, text: &str) -> Self {
        self.base = Some(Input::Text(origin, format, text.into()));
        self
    }

    /// Adds a file of the user.
    #[must_use]
    pub fn file(mut self, path: impl Into<PathBuf>) -> Self {
        self.inputs.push(Input::File(path.into()));
        self
    }

    /// Adds a text of the user, as if it were a file.
    #[must_use]
    pub fn text(mut self, origin: Origin, format: Format, text: &str) -> Self {
        self.inputs.push(Input::Text(origin, format, text.into()));
        self
    }

    /// Adds what a figment provider holds, as if it were a file.
    #[must_use]
    pub fn provider(mut self, provider: impl figment::Provider) -> Self {
        self.inputs.push(Input::Provider(provider::take(&provider)));
        self
    }

    /// Takes the values among these environment variables: `KGEN_A__B=c`. Others are ignored.
    #[must_use]
    pub fn env(mut self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        self.env.extend(variables.into_iter().filter(|(name, _)| env::is_value(name)));
        self
    }

    /// Adds the argument of a flag.
    #[must_use]
    pub fn set(mut self, kind: SetKind, argument: impl Into<String>) -> Self {
        self.sets.push((kind, argument.into()));
        self
    }

    /// Reads all layers and merges them.
    ///
    /// # Errors
    /// All mistakes of all layers together, with secrets masked.
    pub fn load(self, shape: &dyn Shape) -> Result<Document, Mistakes> {
        let mut load = Load::new(shape);
        let document = load.run(self);
        document.ok_or_else(|| load.fail())
    }
}

/// The work of one load.
struct Load<'s> {
    shape: &'s dyn Shape,
    sources: Sources,
    mistakes: Vec<Mistake>,
    /// Every tree that could be read, to know the secrets in them.
    layers: Vec<Layer>,
    /// Texts that could not be read, to hide all of their values.
    unread: Vec<(SourceId, Format)>,
}

impl<'s> Load<'s> {
    fn new(shape: &'s dyn Shape) -> Self {
        let (sources, mistakes) = (Sources::default(), Vec::new());
        Self { shape, sources, mistakes, layers: Vec::new(), unread: Vec::new() }
    }

    fn run(&mut self, layers: Layers) -> Option<Document> {
        let base_file = layers.base.and_then(|input| self.input(input));
        let mut user: Option<Node> = None;
        let mut user_layers = Vec::new();
        for input in layers.inputs {
            let Some(node) = self.input(input) else { continue };
            user_layers.push(Layer::tree(LayerKind::File, node.clone()));
            user = Some(match user {
                Some(older) => merge::overlay(older, node),
                None => node,
            });
        }
        let sets = self.sets(layers.sets);

        let own = At::new(self.sources.add(Origin::Defaults("kgen".to_owned()), ""), 0..0);
        let mut dresser = Dresser::new(self.shape, own);
        let base_file_table = base_file.as_ref().and_then(Node::table);
        let under = dresser.defaults_of(base_file_table, true, &mut self.sources);
        let mut base = match &base_file {
            Some(node) => merge::coalesce(node, &under),
            None => under.clone(),
        };
        always(&mut base, own);
        dresser.name(&mut base);
        if let Some(node) = base_file {
            self.layers.push(Layer::tree(LayerKind::Base, node));
        }
        self.layers.extend(user_layers);

        if self.mistakes.is_empty() {
            self.env(layers.env, &mut user, &base);
        }
        self.apply(sets, &mut user, own);

        let mut root = match user {
            None => base.clone(),
            Some(user) => {
                let more = dresser.defaults_beside(user.table(), base.table(), &mut self.sources);
                let under = if more.is_empty() { base.clone() } else { with(base.clone(), more) };
                merge::coalesce(&user, &under)
            }
        };
        always(&mut root, own);
        dresser.name(&mut root);
        self.layers.insert(0, Layer::tree(LayerKind::Defaults, under));
        self.mistakes.append(&mut dresser.mistakes);
        if !self.mistakes.is_empty() {
            return None;
        }
        let layers = std::mem::take(&mut self.layers);
        Some(Document::new(std::mem::take(&mut self.sources), root, base, layers))
    }

    /// Reads one file, text or provider.
    fn input(&mut self, input: Input) -> Option<Node> {
        let (source, format, result) = match input {
            Input::File(path) => match file::load(&path, &mut self.sources) {
                Ok((source, node)) => (Some(source), None, Ok(node)),
                Err((source, mistakes)) => (source, Format::of(&path), Err(mistakes)),
            },
            Input::Text(origin, format, text) => {
                let source = self.sources.add(origin, Arc::clone(&text));
                (Some(source), Some(format), file::parse(&text, format, source))
            }
            Input::Provider(provided) => (None, None, provided.read(&mut self.sources)),
        };
        match result {
            Ok(node) => Some(node),
            Err(mistakes) => {
                self.unread.extend(source.zip(format));
                self.mistakes.extend(mistakes);
                None
            }
        }
    }

    /// Reads the flags, in Helm's order.
    fn sets(&mut self, mut sets: Vec<(SetKind, String)>) -> Vec<Vec<Assignment>> {
        sets.sort_by_key(|(kind, _)| *kind);
        let mut read = Vec::new();
        for (kind, text) in sets {
            let source = self.sources.add(Origin::Flag(kind.flag()), text.as_str());
            match set::read(kind, &text, source) {
                Ok(assignments) => read.push(assignments),
                Err(mistakes) => {
                    self.unread.push((source, Format::Toml));
                    self.mistakes.extend(mistakes);
                }
            }
        }
        read
    }

    fn apply(&mut self, sets: Vec<Vec<Assignment>>, user: &mut Option<Node>, own: At) {
        for assignments in sets {
            // With a file missing, a path may seem to lead through the wrong thing.
            let sound = self.mistakes.is_empty();
            for assignment in &assignments {
                let tree = user.get_or_insert_with(|| Node::empty(own));
                if let Err(mistake) = assignment.apply(tree)
                    && sound
                {
                    self.mistakes.push(mistake);
                }
            }
            self.layers.push(Layer::assigned(LayerKind::Set, assignments));
        }
    }

    /// Reads the environment. The schema is made only if there is a variable.
    fn env(&mut self, mut variables: Vec<(String, String)>, user: &mut Option<Node>, base: &Node) {
        if variables.is_empty() {
            return;
        }
        variables.sort();
        let schema = self.shape.schema();
        let mut known = base.clone();
        if let Some(user) = user.clone() {
            known = merge::overlay(known, user);
        }
        for (name, text) in variables {
            let source = self.sources.add(Origin::Env(name.clone()), text.as_str());
            let read = env::read(&name, &text, &known, Schema::new(&schema), source);
            let applied = read.and_then(|assignment| {
                let tree = user.get_or_insert_with(|| Node::empty(assignment.node.at));
                assignment.apply(tree).map(|()| assignment)
            });
            match applied {
                Ok(assignment) => {
                    self.layers.push(Layer::assigned(LayerKind::Env, vec![assignment]));
                }
                Err(mistake) => {
                    self.unread.push((source, Format::Json));
                    self.mistakes.push(mistake);
                }
            }
        }
    }

    /// The mistakes, with all that is or may be secret masked.
    fn fail(self) -> Mistakes {
        let trees = self.layers.iter().flat_map(Layer::trees);
        mask::mistakes(self.mistakes, &self.sources, self.shape, trees, &self.unread)
    }
}

/// Adds the tables that stand in every document.
fn always(top: &mut Node, at: At) {
    let Some(table) = top.table() else { return };
    let missing = ["app", "global"].into_iter().filter(|key| table.get(key).is_none());
    let missing: Vec<Entry> =
        missing.map(|key| Entry { key: key.into(), key_at: at, node: Node::empty(at) }).collect();
    if !missing.is_empty() {
        *top = with(top.clone(), missing);
    }
}

/// The table with more entries.
fn with(top: Node, more: Vec<Entry>) -> Node {
    let at = top.at;
    let Value::Table(table) = top.value else { return top };
    let mut entries = Arc::unwrap_or_clone(table).into_entries();
    entries.extend(more);
    Node::new(Value::Table(Arc::new(Table::new(entries))), at)
}

#[cfg(test)]
mod tests {
    use crate::values::{
        Format, Layers, Origin, SetKind,
        testing::{base, json_of, load, loaded, with_yaml},
    };
    use insta::assert_snapshot;
    use serde_json::{Value as Json, json};

    fn service(name: &str, more: Json) -> Json {
        let mut service = json!({
            "name": name, "enabled": true, "replicas": 1,
            "image": {"pullPolicy": "IfNotPresent"}, "config": {"LOG_LEVEL": "info"},
        });
        for (key, value) in more.as_object().unwrap() {
            service[key] = value.clone();
        }
        service
    }

    #[test]
    fn without_layers_the_defaults_stand() {
        assert_eq!(
            loaded(Layers::new()),
            Ok(json!({"app": {}, "global": {}, "mcp": service("mcp", json!({}))}))
        );
    }

    #[test]
    fn later_layers_win() {
        let layers = base("[backend]\nreplicas = 2\n[backend.image]\ntag = '1'\n");
        let layers = with_yaml(layers, "a.yaml", "backend: {replicas: 3, image: {tag: '2'}}\n");
        let layers = with_yaml(layers, "b.yaml", "backend: {replicas: 4}\nextra: {}\n");
        let layers = layers
            .env([("KGEN_BACKEND__REPLICAS".to_owned(), "5".to_owned())])
            .set(SetKind::Text, "backend.image.tag=4")
            .set(SetKind::Typed, "backend.image.tag=3,backend.replicas=6");
        let document = load(layers).unwrap();
        let image = |tag| json!({"pullPolicy": "IfNotPresent", "tag": tag});
        assert_eq!(
            json_of(document.root()),
            json!({
                "app": {}, "global": {}, "mcp": service("mcp", json!({})),
                "backend": service("backend", json!({"replicas": 6, "image": image("4")})),
                "extra": service("extra", json!({})),
            })
        );
        assert_eq!(
            json_of(document.base()),
            json!({
                "app": {}, "global": {}, "mcp": service("mcp", json!({})),
                "backend": service("backend", json!({"replicas": 2, "image": image("1")})),
            })
        );
        let names: Vec<&str> = document.services().map(|e| &*e.key).collect();
        assert_eq!(names, ["backend", "extra", "mcp"]);
    }

    #[test]
    fn null_deletes_defaults_as_in_helm() {
        let layers = base("unset = ['backend.replicas']\n[backend.config]\nA = '1'\n");
        let layers = with_yaml(layers, "a.yaml", "backend: {config: null, image: ~}\nmcp: null\n");
        assert_eq!(
            loaded(layers),
            Ok(json!({
                "app": {}, "global": {}, "backend": {"name": "backend", "enabled": true},
            }))
        );
    }

    #[test]
    fn all_mistakes_of_all_sources_come_together() {
        let layers = base("a = 1\na = 2\n").file("no/such.toml").file("src/values/load.rs");
        let layers = with_yaml(layers, "a.yaml", "x: [1\n").set(SetKind::Typed, "a");
        assert_snapshot!(loaded(layers).unwrap_err(), @r#"
no file `no/such.toml`; there is no directory `no` either
`src/values/load.rs` has no extension of a known format; name it `.toml`, `.yaml`, `.yml` or `.json`
base.toml:2:1: key `a` stands twice in a table; first set here at base.toml:1:1; remove one of the two
a.yaml:1:4: unclosed bracket '['
--set *: a name without a value, expected `name=value`; write it as `a.b=1,c[0].d=2`, and a comma in a value as `\,`
"#);
    }

    #[test]
    fn a_secret_does_not_show_in_mistakes() {
        let secret = "[backend.secret]\nA = 'hunter2'\nB = {env = 'NAME', default = 'hunter3'}\n";
        let layers = base(secret).text(
            Origin::File("b.yaml".into()),
            Format::Yaml,
            "backend:\n  secret:\n    C: hunter4\n    C: \"hunter5\n",
        );
        let layers = layers
            .set(SetKind::Typed, "backend.secret.D=hunter6")
            .set(SetKind::Typed, "backend.secret.E=hunter7,x")
            .env([("KGEN_BACKEND__NOPE".to_owned(), "hunter8".to_owned())]);
        let mistakes = layers.load(&crate::values::testing::App).unwrap_err();
        let told = mistakes.to_string();
        let texts: Vec<&str> = mistakes.sources.iter().map(|(_, s)| &*s.text).collect();
        assert!(
            !told.contains("hunter") && !texts.concat().contains("hunter"),
            "{told}\n{texts:?}"
        );
        assert_snapshot!(texts[0], @"
[backend.secret]
A = *********
B = {env = 'NAME', default = *********}
");
        assert_snapshot!(texts[1], @r#"
backend:
  secret:
    C: *******
    C: "*******
"#);
        assert_snapshot!(told, @r#"
b.yaml:4:8: unclosed quote
--set backend.secret.E=*********: a name without a value, expected `name=value`; write it as `a.b=1,c[0].d=2`, and a comma in a value as `\,`
"#);
    }
}
