//! The syntax of JavaScript: text → tokens → a tree, whatever the text is. The tree has what
//! matters for the addons that a script loads; it has no positions, and no difference between `let`
//! and `const`. Nothing recurses deeper than a fixed depth, because a stack overflow ends the
//! process.

mod brackets;
mod cursor;
mod expressions;
mod objects;
mod statements;
mod token;
mod tokens;
mod tree;
mod walk;

pub use statements::parse;
pub use token::{Part, Token};
pub use tokens::{first_string, tokens};
pub use tree::{
    Assignment, Case, Chain, Chunk, Class, Conditional, Declaration, Expression, Function, Link,
    Loop, Operation, Property, Statement, Switch, Tree, Try,
};
pub use walk::{Node, walk, walk_expression, walk_statement};
