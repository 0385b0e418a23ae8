//! Images of containers: an OCI image layout in a folder or a tar (OCI image specification, "Image
//! Layout"), and what `docker save` writes. Layers are read, not unpacked.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::archive::{FileTree, Kept, PackedError, Unsound, add_layer};
use super::artifact::Artifact;
use super::join::join_inside;
use super::json::json;
use super::metadata::Metadata;
use super::mounts::{is_file, is_folder, metadata};
use super::source::Source;
use super::table::Mount;
use crate::control::Control;

/// The maximum size of a JSON file of an image, in bytes.
const LONGEST_JSON: u64 = 16 << 20;
/// The system of an image that runs nowhere.
const NO_SYSTEM: &str = "unknown";
/// The maximum depth of indices in indices.
const DEEPEST: usize = 4;
/// The maximum number of images in one file, and of layers in one image.
const MOST_IMAGES: usize = 64;
const MOST_LAYERS: usize = 1024;

/// What an image says about itself.
#[derive(Clone, Debug, Default)]
pub struct Image {
    /// The system, as in `linux/amd64` or `linux/arm/v7`.
    pub platform: String,
    /// The name, as in `registry/app:1.2`, if it has one.
    pub name: Option<String>,
    /// `PATH` of its processes.
    pub search_path: Option<String>,
    /// The folder in which its processes start.
    pub working_directory: Option<String>,
    /// The words of the command that it starts: its entry point, and what follows that.
    pub command: Vec<String>,
    layers: Vec<PathBuf>,
}

/// A file or a folder with images.
pub struct ImageArchive {
    root: PathBuf,
    /// The metadata of the file, or of the folder's list of images.
    stamp: Metadata,
    images: Vec<Image>,
}

/// The files of one image, mounted until this value is dropped.
pub struct MountedImage {
    root: PathBuf,
    _mount: Mount,
}

impl MountedImage {
    /// The root of its system.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }
}

impl ImageArchive {
    /// Reads the images in what ships; `None` if it is something else.
    ///
    /// # Errors
    /// [`PackedError`] if it can't be read.
    pub fn of(artifact: &Artifact) -> Result<Option<ImageArchive>, PackedError> {
        let root = artifact.root().to_path_buf();
        let (index, manifest) = (root.join("index.json"), root.join("manifest.json"));
        let stamp = [&index, &manifest, &root].into_iter().find_map(|path| metadata(path).ok());
        let stamp = stamp.ok_or_else(|| PackedError::Io(io::ErrorKind::NotFound.into()))?;
        let images = match (is_file(index), is_file(&manifest)) {
            (true, _) if is_folder(root.join("blobs")) => of_layout(&root)?,
            // Other programs have a file of this name, too; theirs is an object.
            (_, true) if is_list(&manifest) => of_docker(&root)?,
            _ => return Ok(None),
        };
        Ok(Some(ImageArchive { root, stamp, images }))
    }

    /// Its images.
    #[must_use]
    pub fn images(&self) -> &[Image] {
        &self.images
    }

    /// Mounts the files of one of its images.
    ///
    /// # Errors
    /// [`PackedError`] if a layer can't be read, and if the job was cancelled.
    pub fn mount(&self, image: &Image, control: &Control) -> Result<MountedImage, PackedError> {
        let root = self.root.join(image.platform.replace('/', "-"));
        let mut tree = FileTree::new(root.clone(), self.stamp);
        for (number, layer) in image.layers.iter().enumerate() {
            let source = Source::open(layer).map_err(|_| missing(layer))?;
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let count = image.layers.len();
            add_layer(&mut tree, source, (number, count), Kept::Examined, control)?;
        }
        Ok(MountedImage { _mount: Mount::of_system(root.clone(), Arc::new(tree)), root })
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    digest: String,
    #[serde(default)]
    media_type: String,
    platform: Option<System>,
    #[serde(default)]
    annotations: std::collections::BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct System {
    os: String,
    architecture: String,
    variant: Option<String>,
}

impl System {
    fn name(&self) -> String {
        let parts =
            [Some(self.os.as_str()), Some(self.architecture.as_str()), self.variant.as_deref()];
        let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
        // The name becomes a part of a path.
        let is_sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
        let clean = |part: &str| part.chars().filter(|c| is_sound(*c)).collect::<String>();
        parts.map(clean).collect::<Vec<_>>().join("/")
    }
}

#[derive(Deserialize)]
struct Index {
    manifests: Vec<Descriptor>,
}

#[derive(Deserialize)]
struct Manifest {
    config: Descriptor,
    layers: Vec<Descriptor>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct DockerManifest {
    config: String,
    repo_tags: Option<Vec<String>>,
    layers: Vec<String>,
}

#[derive(Deserialize)]
struct Config {
    #[serde(flatten)]
    system: System,
    config: Option<RunConfig>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct RunConfig {
    env: Option<Vec<String>>,
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    working_dir: Option<String>,
}

impl Config {
    fn image(self, name: Option<String>, layers: Vec<PathBuf>) -> Image {
        let RunConfig { env, entrypoint, cmd, working_dir } = self.config.unwrap_or_default();
        let mut env = env.unwrap_or_default().into_iter();
        Image {
            platform: self.system.name(),
            name,
            search_path: env.find_map(|pair| pair.strip_prefix("PATH=").map(str::to_owned)),
            working_directory: working_dir.filter(|folder| !folder.is_empty()),
            command: [entrypoint, cmd].into_iter().flatten().flatten().collect(),
            layers,
        }
    }
}

/// The images of a layout, whose `index.json` may lead to further indices.
fn of_layout(root: &Path) -> Result<Vec<Image>, PackedError> {
    let mut images = Vec::new();
    let Index { manifests } = read(&root.join("index.json"))?;
    collect(root, manifests, None, 0, &mut images)?;
    Ok(images)
}

fn collect(
    root: &Path,
    descriptors: Vec<Descriptor>,
    name: Option<&str>,
    depth: usize,
    images: &mut Vec<Image>,
) -> Result<(), PackedError> {
    for Descriptor { digest, media_type, platform, annotations } in descriptors {
        // BuildKit adds what it knows about the build as an image for no system.
        let is_attestation = annotations.contains_key("vnd.docker.reference.type")
            || platform.is_some_and(|platform| platform.os == NO_SYSTEM);
        if is_attestation {
            continue;
        }
        if images.len() >= MOST_IMAGES || depth >= DEEPEST {
            return Err(Unsound::TooManyEntries(MOST_IMAGES).into());
        }
        let own_name = annotations
            .get("io.containerd.image.name")
            .or_else(|| annotations.get("org.opencontainers.image.ref.name"));
        let name = own_name.map(String::as_str).or(name);
        let place = blob(root, &digest)?;
        if media_type.contains("index") || media_type.contains("manifest.list") {
            let Index { manifests } = read(&place)?;
            collect(root, manifests, name, depth + 1, images)?;
            continue;
        }
        let Manifest { config, layers } = read(&place)?;
        let layers = layers.iter().take(MOST_LAYERS).map(|layer| blob(root, &layer.digest));
        let layers = layers.collect::<Result<Vec<_>, _>>()?;
        let config: Config = read(&blob(root, &config.digest)?)?;
        images.push(config.image(name.map(str::to_owned), layers));
    }
    Ok(())
}

/// The images that `docker save` has written.
fn of_docker(root: &Path) -> Result<Vec<Image>, PackedError> {
    let manifests: Vec<DockerManifest> = read(&root.join("manifest.json"))?;
    let image = |manifest: DockerManifest| {
        let inside = |path: &String| {
            let place = join_inside(root, path).filter(|place| is_file(place));
            place.ok_or_else(|| missing(Path::new(path)))
        };
        let layers = manifest.layers.iter().take(MOST_LAYERS).map(inside);
        let layers = layers.collect::<Result<Vec<_>, _>>()?;
        let config: Config = read(&inside(&manifest.config)?)?;
        Ok(config.image(manifest.repo_tags.unwrap_or_default().into_iter().next(), layers))
    };
    manifests.into_iter().take(MOST_IMAGES).map(image).collect()
}

/// True for a JSON file whose value is a list.
fn is_list(path: &Path) -> bool {
    let head = Source::open(path).map(|source| {
        let mut head = [0; 64];
        let count = source.read(0, &mut head);
        head[..count].trim_ascii_start().first().copied()
    });
    head.is_ok_and(|first| first == Some(b'['))
}

/// The file of a digest, as in `sha256:0123…`.
fn blob(root: &Path, digest: &str) -> Result<PathBuf, PackedError> {
    let is_word =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let (algorithm, hex) = digest.split_once(':').unwrap_or_default();
    let place = root.join("blobs").join(algorithm).join(hex);
    if is_word(algorithm) && is_word(hex) && is_file(&place) {
        Ok(place)
    } else {
        Err(missing(Path::new(digest)))
    }
}

fn missing(part: &Path) -> PackedError {
    let name = part.file_name().unwrap_or(part.as_os_str());
    Unsound::MissingPart(name.to_string_lossy().into_owned()).into()
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T, PackedError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let contents = Source::open(path).and_then(|source| source.contents(LONGEST_JSON));
    let contents = contents.map_err(|_| missing(path))?;
    json(contents).map_err(|error| Unsound::Json(name, error.to_string()).into())
}
