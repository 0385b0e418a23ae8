//! `Jenkinsfile`: the stages of a declarative pipeline with their agents and steps (Jenkins
//! handbook, "Pipeline Syntax"). A scripted pipeline is a Groovy program, and isn't read.

mod tokens;

use std::collections::HashMap;

use super::plan::{COMMANDS, How, MOST, NodeChoice, Plan, Transfer, Unit, all_of};
use crate::environment::files::budget::Budget;
use crate::environment::files::shell::commands_in;
use crate::environment::files::spot::{FileError, Spot};
use tokens::{Token, TokenKind, tokens};

/// The maximum nesting of blocks.
const DEEPEST: usize = 64;

/// Reads a pipeline.
///
/// # Errors
/// If the nesting is too deep, or the budget is exceeded.
pub fn parse(text: &str, budget: &Budget) -> Result<Plan, FileError> {
    let tokens = tokens(text, budget);
    let is_declarative = tokens
        .windows(2)
        .any(|pair| pair[0].kind == TokenKind::Word("pipeline") && pair[1].kind == TokenKind::Open);
    if !is_declarative {
        let line = tokens.first().map_or(1, |token| token.line);
        let unclear = vec![Spot::new("scripted pipelines are programs, and aren't read", line)];
        return Ok(Plan { unclear, ..Plan::default() });
    }
    let mut reader = Reader { budget, blocks: Vec::new(), plan: Plan::default(), done: Vec::new() };
    let mut statement: Vec<&Token<'_>> = Vec::new();
    for token in &tokens {
        match token.kind {
            TokenKind::Open => {
                if reader.blocks.len() >= DEEPEST {
                    return Err(FileError::new(Some(token.line), "its nesting is too deep"));
                }
                reader.open(&statement);
                statement.clear();
            }
            TokenKind::Close => {
                reader.statement(&statement);
                statement.clear();
                reader.close();
            }
            TokenKind::End => {
                reader.statement(&statement);
                statement.clear();
            }
            _ => statement.push(token),
        }
        if budget.is_spent() {
            break;
        }
    }
    let mut plan = reader.plan;
    plan.units = reader.done;
    budget.checked(plan)
}

/// An open block.
#[derive(Debug, Default)]
struct Block {
    name: String,
    /// True if it has its own agent.
    has_agent: bool,
    /// The image of its agent.
    node: Option<NodeChoice>,
    variables: HashMap<String, Vec<String>>,
    /// The name of the variable that an `axis` sets.
    axis: String,
    folder: Option<String>,
    /// The unit of a stage.
    unit: Option<Unit>,
}

struct Reader<'a> {
    budget: &'a Budget,
    blocks: Vec<Block>,
    plan: Plan,
    done: Vec<Unit>,
}

impl Reader<'_> {
    fn open(&mut self, statement: &[&Token<'_>]) {
        let name = statement.iter().find_map(|token| token.kind.word()).unwrap_or_default();
        let argument = statement.iter().find_map(|token| token.kind.text());
        let mut block = Block { name: name.to_owned(), ..Block::default() };
        match name {
            "stage" if self.done.len() < MOST && self.budget.spend_item() => {
                let title = format!("stage {}", argument.unwrap_or_default());
                block.unit = Some(Unit { title, ..Unit::default() });
            }
            "dir" => block.folder = argument.map(str::to_owned),
            _ => {}
        }
        self.blocks.push(block);
    }

    fn close(&mut self) {
        let Some(block) = self.blocks.pop() else { return };
        let Some(unit) = block.unit else {
            let Some(parent) = self.blocks.last_mut() else { return };
            match block.name.as_str() {
                "docker" => parent.node = block.node,
                "agent" => (parent.has_agent, parent.node) = (true, block.node),
                "environment" | "axis" | "axes" => parent.variables.extend(block.variables),
                _ => {}
            }
            return;
        };
        if unit.commands.is_empty() && unit.keeps.is_empty() && unit.takes.is_empty() {
            return;
        }
        let around = || self.blocks.iter().rev().find(|block| block.has_agent);
        let node =
            if block.has_agent { block.node } else { around().and_then(|one| one.node.clone()) };
        let node = node.map(|mut node| {
            let blocks = self.blocks.iter().map(|block| &block.variables);
            let all = blocks.chain([&block.variables]).flatten();
            let variables: HashMap<String, Vec<String>> =
                all.take(MOST).map(|(name, values)| (name.clone(), values.clone())).collect();
            let written = node.written.text.replace("env.", "").replace("params.", "");
            node.values = all_of(&written, &variables, self.budget);
            node
        });
        self.done.push(Unit { node, ..unit });
    }

    /// Reads one statement, such as `sh 'npm ci'` or `image 'node:20'`.
    fn statement(&mut self, statement: &[&Token<'_>]) {
        let Some(name) = statement.first().and_then(|token| token.kind.word()) else { return };
        let texts: Vec<(&str, u32)> =
            statement.iter().filter_map(|token| Some((token.kind.text()?, token.line))).collect();
        let inside = self.blocks.last().map(|block| block.name.as_str()).unwrap_or_default();
        let first = texts.first().copied();
        match (inside, name) {
            (_, "agent") => {
                if let Some(block) = self.blocks.last_mut() {
                    block.has_agent = true;
                }
            }
            ("docker", "image") | ("agent", "docker") => {
                let Some((text, line)) = first else { return };
                let form = "image '{}'";
                let values = (!text.contains('$')).then(|| vec![text.to_owned()]);
                let written = Spot::new(text, line);
                let node = NodeChoice { how: How::Image, written, values, form, parts: 3 };
                if let Some(block) = self.blocks.last_mut() {
                    block.node = Some(node);
                }
            }
            ("tools", "nodejs") => {
                let text = "the version of a tool is in the settings of Jenkins";
                let line = first.map_or(1, |(_, line)| line);
                if self.plan.unclear.len() < MOST {
                    self.plan.unclear.push(Spot::new(text, line));
                }
            }
            ("axis", "name") => {
                if let Some(block) = self.blocks.last_mut() {
                    block.axis = first.map(|(text, _)| text.to_owned()).unwrap_or_default();
                }
            }
            ("environment", _) | ("axis", "values") => {
                let Some(block) = self.blocks.last_mut() else { return };
                let name = if block.name == "axis" { block.axis.clone() } else { name.to_owned() };
                let values = texts.iter().take(MOST).map(|(text, _)| (*text).to_owned()).collect();
                if self.budget.spend_item() {
                    block.variables.insert(name, values);
                }
            }
            (_, "sh" | "bat" | "powershell" | "pwsh") => {
                let Some((text, line)) = first else { return };
                let folder = self.blocks.iter().rev().find_map(|block| block.folder.as_deref());
                let found = commands_in(text, line, folder);
                let unit = self.blocks.iter_mut().rev().find_map(|block| block.unit.as_mut());
                if let Some(unit) = unit.filter(|unit| unit.commands.len() < COMMANDS) {
                    unit.commands.extend(found);
                }
            }
            (_, "stash" | "unstash") => {
                let Some((text, line)) = first else { return };
                let paths = texts.iter().skip(1).map(|(text, _)| (*text).to_owned()).collect();
                let transfer = Transfer { line, name: text.to_owned(), paths };
                let unit = self.blocks.iter_mut().rev().find_map(|block| block.unit.as_mut());
                if let Some(unit) = unit {
                    if name == "stash" { &mut unit.keeps } else { &mut unit.takes }.push(transfer);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::environment::files::budget::Budget;

    #[test]
    fn stages_agents_and_matrices_are_read() {
        let text = "// c\n/* pipeline { */\npipeline {\n  agent { docker { image \"node:${V}\"; ar\
            gs '-u' } }\n  environment {\n    V = '20'\n  }\n  tools { nodejs 'LTS' }\n  \
            stages {\n    \
            stage('a') {\n      steps {\n        dir('web') {\n          sh 'npm ci'\n        \
            }\n        \
            sh(script: \"\"\"\n          npm install \\\n            --ignore-scripts\n        \"\
            \"\", returnStdout: true)\n        stash name: 'm',\n          includes: 'node_modules\
            /**'\n      }\n    }\n    stage('b') {\n      agent any\n      steps { unstash 'm'; sh \
            'npm test' }\n    }\n    stage('c') {\n      matrix {\n        axes { axis { name 'N'; \
            values '18', '22' } }\n        agent { docker \"node:${env.N}-alpine\" }\n        stag\
            es { stage('d') { steps { sh 'npm ci' } } }\n      }\n    }\n  }\n}\n";
        let plan = parse(text, &Budget::default()).expect("a plan");
        let [a, b, d] = plan.units.as_slice() else { unreachable!("{:#?}", plan.units) };
        let values = |unit: &super::Unit| unit.node.as_ref().and_then(|node| node.values.clone());
        assert_eq!(values(a), Some(vec!["node:20".to_owned()]));
        assert_eq!(values(b), None);
        assert_eq!(values(d), Some(vec!["node:18-alpine".to_owned(), "node:22-alpine".to_owned()]));
        let words: Vec<_> = a
            .commands
            .iter()
            .map(|one| (one.line, one.words.join(" "), one.folder.clone()))
            .collect();
        assert_eq!(
            words,
            [
                (13, "npm ci".into(), Some("web".to_owned())),
                (16, "npm install --ignore-scripts".into(), None),
            ]
        );
        assert_eq!(a.keeps[0].paths, ["node_modules/**"]);
        assert_eq!(b.takes[0].name, "m");
        assert_eq!(plan.unclear.len(), 1);
        let scripted = parse("node {\n sh 'npm ci'\n}", &Budget::default()).expect("a plan");
        assert_eq!((scripted.units.len(), scripted.unclear.len()), (0, 1));
    }
}
