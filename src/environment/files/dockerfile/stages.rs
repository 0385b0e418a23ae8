//! The stages of a Dockerfile, their base images and their instructions.

use std::rc::Rc;

use crate::environment::files::image::Image;
use crate::environment::files::shell::Command;
use crate::environment::files::spot::Spot;

/// A Dockerfile.
#[derive(Clone, Debug)]
pub struct Dockerfile {
    /// Its stages, in order. The last one is the result, unless another is requested.
    pub stages: Vec<Stage>,
}

/// One stage.
#[derive(Clone, Debug)]
pub struct Stage {
    /// Its base: an image, or an earlier stage.
    pub base: Base,
    /// The image as it is written after `FROM`.
    pub written: Spot,
    /// The `ARG`s in the image's name, as name and value. They are defined before the first stage.
    pub arguments: Vec<(String, Spot)>,
    /// Its name.
    pub name: Option<String>,
    /// The value of `--platform`, as written.
    pub platform: Option<String>,
    /// The last value of the variable `NODE_OPTIONS` in it.
    pub node_options: Option<String>,
    /// Its instructions.
    pub steps: Vec<Step>,
}

/// The base of a stage.
#[derive(Clone, Debug)]
pub enum Base {
    /// An earlier stage, by its number.
    Stage(usize),
    /// An image.
    Image(Image),
    /// Unknown, because it depends on variables that no file sets.
    Unknown,
}

/// One relevant instruction.
#[derive(Clone, Debug)]
pub struct Step {
    /// Its line.
    pub line: u32,
    /// The working folder at this instruction.
    pub folder: Rc<str>,
    /// What it does.
    pub action: Action,
}

/// The relevant instructions.
#[derive(Clone, Debug)]
pub enum Action {
    /// `COPY` or `ADD`.
    Copy {
        /// The stage or image that it copies from; `None` for the build context.
        from: Option<String>,
        /// The sources, as written.
        sources: Vec<String>,
        /// The destination, absolute.
        destination: String,
        /// The paths that it excludes.
        excludes: Vec<String>,
    },
    /// `RUN`.
    Run(Vec<Command>),
    /// `VOLUME`.
    Volume(Vec<String>),
    /// `ENTRYPOINT`.
    Entrypoint(Vec<Command>),
    /// `CMD`.
    Cmd(Vec<Command>),
}

impl Dockerfile {
    /// The image that stage `number` is based on, through other stages; `None` if it isn't known.
    #[must_use]
    pub fn image(&self, number: usize) -> Option<&Image> {
        // A stage can only be based on an earlier one.
        match &self.stages.get(number)?.base {
            Base::Image(image) => Some(image),
            Base::Stage(parent) if *parent < number => self.image(*parent),
            _ => None,
        }
    }

    /// The stage that `COPY --from` names, by name or number.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<usize> {
        let by_name = self.stages.iter().position(|stage| {
            stage.name.as_ref().is_some_and(|known| known.eq_ignore_ascii_case(name))
        });
        by_name.or_else(|| name.parse().ok().filter(|number| *number < self.stages.len()))
    }

    /// The stages that stage `number` consists of: those it is based on, the first one first, and
    /// itself.
    #[must_use]
    pub fn line_of_stages(&self, number: usize) -> Vec<usize> {
        let mut line = vec![number];
        let mut last = number;
        while let Some(Stage { base: Base::Stage(parent), .. }) =
            self.stages.get(last).filter(|_| line.len() <= self.stages.len())
        {
            line.insert(0, *parent);
            last = *parent;
        }
        line
    }
}
