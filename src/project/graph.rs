//! The dependency graph from the project's root: the reason for which each package is installed.

use std::collections::VecDeque;

/// The reason for which a package is installed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// True if every path to it has an optional dependency.
    pub optional: bool,
    /// True if every path to it begins with a development dependency.
    pub dev: bool,
    /// Names from the root to a package that depends on it: the shortest chain for each such
    /// package, sorted by length.
    pub required_by: Vec<Vec<String>>,
}

/// How one package depends on another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Index of the other package.
    pub to: usize,
    /// True if the package works without it.
    pub optional: bool,
    /// True if it is a development dependency.
    pub dev: bool,
}

/// The last edge of a shortest path from the root to a package.
#[derive(Clone, Copy, Debug)]
struct Step {
    from: usize,
    /// Length of the whole path.
    depth: usize,
}

/// The maximum number of chains that are reported for one package.
const MOST_CHAINS: usize = 10;

/// Packages and their dependencies; the root has index 0.
#[derive(Debug, Default)]
pub struct Graph {
    /// The dependencies of each package.
    pub edges: Vec<Vec<Edge>>,
    names: Vec<String>,
}

impl Graph {
    /// Adds a package and returns its index; the first one is the root.
    pub fn add(&mut self, name: &str) -> usize {
        self.names.push(name.to_owned());
        self.edges.push(Vec::new());
        self.names.len() - 1
    }

    /// The origin of each package in `wanted`. Packages that the root doesn't lead to have empty
    /// chains.
    #[must_use]
    pub fn origins(&self, wanted: &[usize]) -> Vec<Origin> {
        if self.edges.is_empty() {
            return vec![Origin::default(); wanted.len()];
        }
        let parents = self.reach(|_| true);
        let needed = self.reach(|edge| !edge.optional);
        let productive = self.reach(|edge| !edge.dev);
        let mut is_wanted = vec![false; self.edges.len()];
        wanted.iter().for_each(|package| is_wanted[*package] = true);
        let mut dependents: Vec<Vec<usize>> = vec![Vec::new(); self.edges.len()];
        for (from, edges) in
            self.edges.iter().enumerate().filter(|(from, _)| parents[*from].is_some())
        {
            for edge in edges.iter().filter(|edge| is_wanted[edge.to]) {
                dependents[edge.to].push(from);
            }
        }
        let origin = |package: usize| {
            if parents[package].is_none() {
                return Origin::default();
            }
            // A package may have thousands of dependents. Only the reported chains are built.
            let mut nearest = dependents[package].clone();
            nearest.sort_by_key(|from| (parents[*from].map(|step| step.depth), &self.names[*from]));
            let mut required_by: Vec<Vec<String>> = Vec::new();
            for from in nearest {
                let chain = self.chain(&parents, from);
                if !required_by.contains(&chain) {
                    required_by.push(chain);
                }
                if required_by.len() == MOST_CHAINS {
                    break;
                }
            }
            required_by.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
            Origin {
                optional: needed[package].is_none(),
                dev: productive[package].is_none(),
                required_by,
            }
        };
        wanted.iter().map(|package| origin(*package)).collect()
    }

    /// For each package its predecessor on a shortest path from the root, over the edges for which
    /// `counts` is true; `None` if there is no path.
    fn reach(&self, counts: impl Fn(&Edge) -> bool) -> Vec<Option<Step>> {
        let mut before: Vec<Option<Step>> = vec![None; self.edges.len()];
        before[0] = Some(Step { from: 0, depth: 0 });
        let mut queue = VecDeque::from([0]);
        while let Some(package) = queue.pop_front() {
            let depth = before[package].map_or(0, |step| step.depth) + 1;
            for edge in self.edges[package].iter().filter(|edge| counts(edge)) {
                if before[edge.to].is_none() {
                    before[edge.to] = Some(Step { from: package, depth });
                    queue.push_back(edge.to);
                }
            }
        }
        before
    }

    /// The names from the root to `package`.
    fn chain(&self, before: &[Option<Step>], package: usize) -> Vec<String> {
        let mut chain = vec![self.names[package].clone()];
        let mut at = package;
        while at != 0 {
            let Some(step) = before[at] else { break };
            at = step.from;
            chain.push(self.names[at].clone());
        }
        chain.reverse();
        // A folder without a name of its own is not part of a chain.
        chain.retain(|name| !name.is_empty());
        chain
    }
}

#[cfg(test)]
mod tests {
    use super::{Edge, Graph};

    fn graph(names: &[&str], edges: &[(usize, usize, &str)]) -> Graph {
        let mut graph = Graph::default();
        for name in names {
            graph.add(name);
        }
        for (from, to, kind) in edges {
            graph.edges[*from].push(Edge {
                to: *to,
                optional: *kind == "optional",
                dev: *kind == "dev",
            });
        }
        graph
    }

    #[test]
    fn a_package_is_optional_if_no_chain_of_required_packages_leads_to_it() {
        let graph = graph(
            &["app", "a", "b", "c"],
            &[(0, 1, ""), (1, 2, "optional"), (2, 3, ""), (0, 3, "dev")],
        );
        let origins = graph.origins(&[1, 2, 3]);
        assert_eq!(
            origins.iter().map(|origin| (origin.optional, origin.dev)).collect::<Vec<_>>(),
            [(false, false), (true, false), (false, false)]
        );
        assert_eq!(origins[1].required_by, [["app", "a"]]);
        assert_eq!(origins[2].required_by, [vec!["app"], vec!["app", "a", "b"]]);
    }

    #[test]
    fn circular_and_unreachable_packages_cause_no_endless_loop() {
        let graph =
            graph(&["app", "a", "b", "lost"], &[(0, 1, "dev"), (1, 2, ""), (2, 1, ""), (3, 1, "")]);
        let origins = graph.origins(&[1, 2, 3]);
        assert!(origins[0].dev && origins[1].dev);
        assert_eq!(origins[0].required_by, [vec!["app"], vec!["app", "a", "b"]]);
        assert_eq!(origins[2], super::Origin::default());
    }
}
