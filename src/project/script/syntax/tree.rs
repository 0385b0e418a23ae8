//! The types of the tree. Chains that real scripts make long (`a.b().c()`, `a + b + c`, `a = b =
//! c`, `else if`) are lists, so the tree is only as deep as the brackets of the script.

/// A script.
#[derive(Debug)]
pub struct Tree<'t> {
    /// Its statements.
    pub statements: Vec<Statement<'t>>,
    /// False if brackets were nested too deeply, and a part of the script was skipped.
    pub is_whole: bool,
}

/// An expression.
#[derive(Debug)]
pub enum Expression<'t> {
    /// A name. Also `this`, `import` of `import(…)` and `import.meta`.
    Name(&'t str),
    /// A string.
    Text(&'t str),
    /// A template.
    Template(Vec<Chunk<'t>>),
    /// A number.
    Number,
    /// A regular expression.
    Regex,
    /// `[a, b]`. Spread elements are like others; holes are left out.
    List(Vec<Expression<'t>>),
    /// `{ a: b }`
    Object(Vec<Property<'t>>),
    /// A function of any kind.
    Function(Box<Function<'t>>),
    /// A class.
    Class(Box<Class<'t>>),
    /// Members and calls of a value. `new a.b(c)` is the chain `a.b(c)`.
    Chain(Box<Chain<'t>>),
    /// An operator before its operand: `!`, `typeof`, `await`, `++`.
    Unary(&'t str, Box<Expression<'t>>),
    /// Operators of one precedence: `a + b - c`.
    Operation(Box<Operation<'t>>),
    /// `a ? b : c ? d : e`
    Conditional(Box<Conditional<'t>>),
    /// `a = b`
    Assignment(Box<Assignment<'t>>),
    /// `a, b`
    Sequence(Vec<Expression<'t>>),
    /// No expression, or one that was skipped.
    Missing,
}

/// A part of a template.
#[derive(Debug)]
pub enum Chunk<'t> {
    /// Text.
    Text(&'t str),
    /// `${…}`
    Expression(Expression<'t>),
}

/// `key: value` in an object, or a member of a class.
#[derive(Debug)]
pub struct Property<'t> {
    /// The key, if it is a name or a string. None for numbers and spread values.
    pub key: Option<&'t str>,
    /// True if the key is a string.
    pub is_quoted: bool,
    /// The key of `[key]: value`.
    pub computed: Option<Expression<'t>>,
    /// The value. A method is a function. Without a value it is the name.
    pub value: Expression<'t>,
}

/// A function.
#[derive(Debug)]
pub struct Function<'t> {
    /// The name after the keyword.
    pub name: Option<&'t str>,
    /// The parameters: names, patterns as objects and lists, defaults as assignments.
    pub parameters: Vec<Expression<'t>>,
    /// The body. An arrow function without braces has one `return`.
    pub body: Vec<Statement<'t>>,
}

/// A class.
#[derive(Debug)]
pub struct Class<'t> {
    /// The class that it extends.
    pub base: Option<Expression<'t>>,
    /// Its methods and fields. A static block is a function without a key.
    pub members: Vec<Property<'t>>,
}

/// Members and calls of a value.
#[derive(Debug)]
pub struct Chain<'t> {
    /// The value.
    pub head: Expression<'t>,
    /// At least one member or call.
    pub links: Vec<Link<'t>>,
}

impl Chain<'_> {
    /// True for a chain that begins with these names: `process.exit`.
    #[must_use]
    pub fn begins(&self, names: &[&str]) -> bool {
        let [first, members @ ..] = names else { return true };
        matches!(self.head, Expression::Name(name) if name == *first)
            && self.links.len() >= members.len()
            && self
                .links
                .iter()
                .zip(members)
                .all(|(link, name)| matches!(link, Link::Member(member) if member == name))
    }
}

/// A part of a chain.
#[derive(Debug)]
pub enum Link<'t> {
    /// `.name`, `?.name`
    Member(&'t str),
    /// `[key]`
    Index(Expression<'t>),
    /// `(a, b)`
    Call(Vec<Expression<'t>>),
    /// A template after a value, which is a call.
    Tagged(Vec<Chunk<'t>>),
}

/// Binary operators of one precedence, from left to right.
#[derive(Debug)]
pub struct Operation<'t> {
    /// The first operand.
    pub first: Expression<'t>,
    /// The other operands, each with the operator before it.
    pub rest: Vec<(&'t str, Expression<'t>)>,
}

/// Conditions with a value each, and the value if none of them holds.
#[derive(Debug)]
pub struct Conditional<'t> {
    /// At least one condition with its value.
    pub arms: Vec<(Expression<'t>, Expression<'t>)>,
    /// The value after the last `:`.
    pub otherwise: Expression<'t>,
}

/// `a = b = value`
#[derive(Debug)]
pub struct Assignment<'t> {
    /// At least one target: a name, a member, or a pattern as object or list; each with the
    /// operator after it: `=`, `+=`, `||=`.
    pub targets: Vec<(Expression<'t>, &'t str)>,
    /// The value.
    pub value: Expression<'t>,
}

/// A statement.
#[derive(Debug)]
pub enum Statement<'t> {
    /// An expression.
    Expression(Expression<'t>),
    /// `const a = b, c`
    Declare(Vec<Declaration<'t>>),
    /// `{ … }`
    Block(Vec<Statement<'t>>),
    /// `if (a) b else if (c) d else e`
    If {
        /// At least one condition with its statement.
        arms: Vec<(Expression<'t>, Statement<'t>)>,
        /// The statement after the last `else`.
        otherwise: Option<Box<Statement<'t>>>,
    },
    /// Any loop.
    Loop(Box<Loop<'t>>),
    /// `switch`
    Switch(Box<Switch<'t>>),
    /// `try`
    Try(Box<Try<'t>>),
    /// `return`
    Return(Expression<'t>),
    /// `throw`
    Throw(Expression<'t>),
    /// A declared function.
    Function(Box<Function<'t>>),
    /// `import … from 'x'`, `export … from 'x'`
    Module(Module<'t>),
    /// A statement without anything of interest.
    Empty,
}

/// A declared name.
#[derive(Debug)]
pub struct Declaration<'t> {
    /// A name, or a pattern as object or list.
    pub target: Expression<'t>,
    /// The value; `Missing` if there is none.
    pub value: Expression<'t>,
}

/// A loop.
#[derive(Debug)]
pub struct Loop<'t> {
    /// The statements of `for (a; b; c)`, or the condition of `while`.
    pub head: Vec<Statement<'t>>,
    /// The name in `for (const name of list)`.
    pub name: Option<&'t str>,
    /// The list in `for (const name of list)`, also for patterns and `in`.
    pub list: Option<Expression<'t>>,
    /// The body.
    pub body: Statement<'t>,
}

/// `switch (value) { … }`
#[derive(Debug)]
pub struct Switch<'t> {
    /// What is compared.
    pub value: Expression<'t>,
    /// The cases, in order.
    pub cases: Vec<Case<'t>>,
}

/// `case label: …`
#[derive(Debug)]
pub struct Case<'t> {
    /// None for `default`.
    pub label: Option<Expression<'t>>,
    /// Its statements.
    pub body: Vec<Statement<'t>>,
}

/// `try { … } catch (error) { … } finally { … }`
#[derive(Debug)]
pub struct Try<'t> {
    /// The block that may throw.
    pub block: Vec<Statement<'t>>,
    /// The name in `catch (name)`.
    pub error: Option<&'t str>,
    /// The block of `catch`.
    pub handler: Option<Vec<Statement<'t>>>,
    /// The block of `finally`.
    pub last: Vec<Statement<'t>>,
}

/// `import names from 'specifier'`
#[derive(Debug)]
pub struct Module<'t> {
    /// The names that the script gives to what it imports, and the names of the exports.
    pub names: Vec<&'t str>,
    /// The module.
    pub specifier: &'t str,
}
