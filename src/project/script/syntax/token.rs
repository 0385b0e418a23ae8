//! The type of tokens.

/// One token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token<'a> {
    /// A name or keyword. A private name includes its `#`.
    Word(&'a str),
    /// A string, with its escapes resolved.
    Text(String),
    /// A template: texts, and the tokens of the expressions between them.
    Template(Vec<Part<'a>>),
    /// A number.
    Number,
    /// A regular expression.
    Regex,
    /// A punctuator, as the ECMAScript standard lists them.
    Mark(&'static str),
}

/// A part of a template.
#[derive(Clone, Debug, PartialEq)]
pub enum Part<'a> {
    /// Text between the expressions.
    Text(String),
    /// The tokens of `${…}`.
    Expression(Vec<Token<'a>>),
}
