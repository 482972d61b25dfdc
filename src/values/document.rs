//! The loaded values, and where each of them came from.

use super::{
    Assignment, At, Entry, Mistake, Mistakes, Node, Origin, Path, Shape, Sources, Step, Value, mask,
};
use std::sync::Arc;

/// The values of one run: all layers merged, with their places.
#[derive(Clone, Debug)]
pub struct Document {
    /// The texts that the places of values point into.
    pub sources: Sources,
    root: Node,
    base: Node,
    layers: Vec<Layer>,
}

/// A layer of a document: its tree, or values at paths.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    kind: LayerKind,
    trees: Vec<Part>,
}

/// The value a layer sets, as a tree from the top.
#[derive(Clone, Debug)]
struct Part {
    /// The path of a value set alone; empty for a whole tree.
    path: Path,
    tree: Node,
}

/// What kind of layer a value came from, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LayerKind {
    /// The typed defaults.
    Defaults,
    /// The base file.
    Base,
    /// A file of the user, or what stands for one.
    File,
    /// An environment variable.
    Env,
    /// A flag.
    Set,
}

/// One layer's say about a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// Where it says so.
    pub at: At,
    /// What it says. Null deletes the value, or the table around it; so does a list or scalar in
    /// place of that table.
    pub value: Node,
    /// The kind of layer.
    pub layer: LayerKind,
}

impl Layer {
    pub(super) fn tree(kind: LayerKind, tree: Node) -> Self {
        Self { kind, trees: vec![Part { path: Path::default(), tree }] }
    }

    pub(super) fn assigned(kind: LayerKind, assignments: Vec<Assignment>) -> Self {
        let part = |a: Assignment| Part { tree: a.tree(), path: a.path };
        Self { kind, trees: assignments.into_iter().map(part).collect() }
    }

    pub(super) fn trees(&self) -> impl Iterator<Item = &Node> {
        self.trees.iter().map(|s| &s.tree)
    }
}

impl Document {
    pub(super) fn new(sources: Sources, root: Node, base: Node, layers: Vec<Layer>) -> Self {
        Self { sources, root, base, layers }
    }

    /// All layers merged.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The base over the typed defaults: the values that a chart carries.
    pub fn base(&self) -> &Node {
        &self.base
    }

    /// A table at the top, such as `app`, `global` or a service.
    pub fn table(&self, name: &str) -> Option<&Node> {
        self.root.table()?.get(name)
    }

    /// The tables of the services: all at the top but `app` and `global`.
    pub fn services(&self) -> impl Iterator<Item = &Entry> {
        let top = self.root.table().into_iter().flatten();
        top.filter(|entry| !matches!(&*entry.key, "app" | "global"))
    }

    /// Every layer that sets or deletes the value at a path, or a table around it as a whole;
    /// the newest first, so the first one is in force.
    pub fn explain(&self, path: &Path) -> Vec<Setting> {
        let mut said: Vec<Setting> = Vec::new();
        // A null that only pads a list up to an index; it counts if no older layer of the user
        // holds the list, for then the padded one replaces the list of the defaults.
        let mut padding = None;
        // How many steps of the path newer layers of the user lead into as tables.
        let mut tables = 0;
        let mut covered = false;
        for layer in self.layers.iter().rev() {
            let of_user = layer.kind > LayerKind::Base;
            for part in layer.trees.iter().rev() {
                let (node, depth) = descend(part, path);
                let whole = depth == path.steps().len();
                let replaces = whole || node.table().is_none();
                if of_user && !covered && replaces && depth < tables {
                    // A newer layer made this a table again, so all that is older in the user's
                    // layers is gone, while the defaults are back: Helm merges in two phases.
                    covered = true;
                }
                let setting = || Setting { at: node.at, value: node.clone(), layer: layer.kind };
                if !of_user {
                    said.extend(padding.take());
                }
                if !(of_user && covered) && replaces {
                    if is_set(part, path) {
                        padding = None;
                        said.push(setting());
                    } else if said.is_empty() && padding.is_none() {
                        padding = Some(setting());
                    }
                }
                if of_user && node.table().is_some() {
                    tables = tables.max(depth + usize::from(!whole || tables > depth));
                }
            }
        }
        said.extend(padding);
        if said.is_empty() {
            let found = self.root.find(path);
            said.extend(found.map(|node| Setting {
                at: node.at,
                value: node.clone(),
                layer: LayerKind::Defaults,
            }));
        }
        said
    }

    /// Every value that holds no further ones, with its path, in the order of keys.
    pub fn leaves(&self) -> Vec<(Path, &Node)> {
        let mut leaves = Vec::new();
        collect(&self.root, &mut Path::default(), &mut leaves);
        leaves
    }

    /// Where the user wrote the nearest thing around a mistake whose own place is in the defaults.
    fn written(&self, mistake: &Mistake) -> Option<At> {
        let by_user = |at: At| !matches!(self.sources.get(at.source).origin, Origin::Defaults(_));
        if mistake.at.is_none_or(by_user) {
            return None;
        }
        let mut path: Path = mistake.path.parse().ok()?;
        while path.pop().is_some() && !path.steps().is_empty() {
            if let Some(node) = self.root.find(&path)
                && by_user(node.at)
            {
                return Some(node.at);
            }
        }
        // The user wrote nothing around it: it belongs into the base.
        let base = self.layers.iter().find(|layer| layer.kind == LayerKind::Base)?;
        let at = base.trees().next()?.at;
        Some(At { end: at.start, ..at })
    }

    /// Mistakes found later in these values, with all secrets masked.
    pub fn mistakes(&self, mut list: Vec<Mistake>, shape: &dyn Shape) -> Mistakes {
        for mistake in &mut list {
            mistake.at = self.written(mistake).or(mistake.at);
        }
        let trees = self.layers.iter().flat_map(Layer::trees);
        mask::mistakes(list, &self.sources, shape, trees, &[])
    }
}

/// The value at the longest part of a path that a part holds, and how long that part is.
fn descend<'a>(part: &'a Part, path: &Path) -> (&'a Node, usize) {
    let mut node = &part.tree;
    for (depth, step) in path.steps().iter().enumerate() {
        match node.step(step) {
            Some(next) => node = next,
            None => return (node, depth),
        }
    }
    (node, path.steps().len())
}

/// Whether a part says anything at the path: lists of a flag are padded with nothing said.
fn is_set(part: &Part, path: &Path) -> bool {
    part.path.steps().iter().zip(path.steps()).all(|(a, b)| a == b)
}

fn collect<'a>(node: &'a Node, path: &mut Path, leaves: &mut Vec<(Path, &'a Node)>) {
    let mut below = |step, node| {
        path.push(step);
        collect(node, path, leaves);
        path.pop();
    };
    match &node.value {
        Value::Table(table) if !table.is_empty() => {
            table.iter().for_each(|e| below(Step::Key(Arc::clone(&e.key)), &e.node));
        }
        Value::List(list) if !list.is_empty() => {
            list.iter().enumerate().for_each(|(i, item)| below(Step::Index(i), item));
        }
        _ => leaves.push((path.clone(), node)),
    }
}

#[cfg(test)]
mod tests {
    use crate::values::{Layers, SetKind, testing};
    use insta::assert_snapshot;

    fn explained(layers: Layers, path: &str) -> String {
        let document = testing::load(layers).unwrap();
        let told = document.explain(&path.parse().unwrap()).into_iter().map(|said| {
            let value = testing::json_of(&said.value);
            format!("{:?} {}: {value}", said.layer, document.sources.place(said.at))
        });
        told.collect::<Vec<_>>().join("\n")
    }

    fn layers() -> Layers {
        let layers =
            testing::base("[backend]\nreplicas = 2\nargs = ['a']\n[backend.config]\nA = '1'\n");
        let layers =
            testing::with_yaml(layers, "a.yaml", "backend: {replicas: 3, config: {A: x}}\n");
        layers.set(SetKind::Typed, "backend.replicas=4,backend.args[1]=b")
    }

    #[test]
    fn tells_every_layer_that_says_something() {
        assert_snapshot!(explained(layers(), "backend.replicas"), @"
Set --set backend.replicas=4,backend.args[1]=b: 4
File a.yaml:1:21: 3
Base base.toml:2:12: 2
Defaults defaults of service:2:12: 1
");
        assert_snapshot!(explained(layers(), "backend.args[0]"), @r#"
Set --set backend.replicas=4,backend.args[1]=b: null
Base base.toml:3:9: "a"
"#);
        assert_snapshot!(explained(layers(), "backend.args[1]"), @r#"
Set --set backend.replicas=4,backend.args[1]=b: "b"
Base base.toml:3:8: ["a"]
"#);
        assert_snapshot!(explained(layers(), "backend.config.LOG_LEVEL"), @r#"Defaults defaults of service:8:13: "info""#);
        assert_snapshot!(explained(layers(), "backend.name"), @r#"Defaults base.toml:1:2: "backend""#);
        assert_snapshot!(explained(layers(), "backend.nope"), @"");
        assert_snapshot!(explained(layers(), "backend.config"), @r#"
File a.yaml:1:32: {"A":"x"}
Base base.toml:4:1: {"A":"1"}
Defaults defaults of service:7:1: {"LOG_LEVEL":"info"}
"#);
    }

    #[test]
    fn tells_deletions_and_both_phases() {
        let one = || testing::with_yaml(layers(), "b.yaml", "backend: {config: null}\n");
        assert_snapshot!(explained(one(), "backend.config.A"), @r#"
File b.yaml:1:19: null
File a.yaml:1:36: "x"
Base base.toml:5:5: "1"
"#);
        let two = || testing::with_yaml(one(), "c.yaml", "backend: {config: {B: z}}\n");
        assert_snapshot!(explained(two(), "backend.config.A"), @r#"Base base.toml:5:5: "1""#);
        assert_snapshot!(explained(two(), "backend.config.B"), @r#"
File c.yaml:1:23: "z"
File b.yaml:1:19: null
"#);
    }

    /// For every path the newest word is the value in force.
    #[test]
    fn the_first_word_is_in_force() {
        let layers = testing::with_yaml(layers(), "b.yaml", "backend: {config: null}\n");
        let layers = testing::with_yaml(layers, "c.yaml", "backend: {config: {B: x}, image: ~}\n");
        let document = testing::load(layers).unwrap();
        for (path, leaf) in document.leaves() {
            let first = document.explain(&path).into_iter().next();
            assert_eq!(first.map(|s| s.value), Some(leaf.clone()), "{path}");
        }
    }
}
