//! The same inputs in every run: seeds of every kind of file that is read. The damage depends only
//! on the seed number.
//!
//! A folder below the seeds is a project; the folder's name determines the kind of reading. One or
//! two of its files are damaged in place at a time, and then restored.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::damage::Seed;
use crate::measure::exceeds;
use crate::random::Random;
use crate::read::{self, What};

/// The maximum times of reading one input, and a project as a whole.
const OF_FILE: Duration = Duration::from_millis(50);
const OF_PROJECT: Duration = Duration::from_millis(500);
/// The maximum number of bytes that a reading may have allocated at once.
const LARGE: usize = 64 << 20;
/// The maximum number of attempts for a reading that takes too long, because the machine may have
/// been busy.
const TRIES: usize = 5;
/// The maximum number of findings that are kept.
const KEPT: usize = 10;

/// A project of the seeds.
struct Project {
    what: What,
    name: String,
    files: Vec<(PathBuf, Seed)>,
    /// The copy of the project, in which files are damaged.
    folder: PathBuf,
}

/// Reads `inputs` damaged inputs. True if there are no findings.
pub fn run(seeds: &Path, inputs: u64, seed: u64, findings: &Path) -> bool {
    let work = std::env::temp_dir().join(format!("abi-guard-steady-{}", std::process::id()));
    let projects = projects(seeds, &work);
    let mut random = Random::new(seed);
    let mut found: Vec<String> = Vec::new();
    let mut worst: BTreeMap<&str, (Duration, usize, u64)> = BTreeMap::new();
    for number in 0..inputs {
        let project = random.pick(&projects);
        let damaged = damage(project, &projects, number < projects.len() as u64, &mut random);
        let limit =
            if matches!(project.what, What::File | What::Texts) { OF_FILE } else { OF_PROJECT };
        let mut measured = read::measured(project.what, &target(project));
        for _ in 1..TRIES {
            if measured.panic.is_some() || !exceeds(measured.time, limit) {
                break;
            }
            let again = read::measured(project.what, &target(project));
            measured = if again.time < measured.time { again } else { measured };
        }
        let entry = worst.entry(project.name.as_str()).or_default();
        *entry = (entry.0.max(measured.time), entry.1.max(measured.peak), entry.2 + 1);
        if measured.panic.is_some() || exceeds(measured.time, limit) || measured.peak > LARGE {
            let kept = findings.join(format!("{}-{number}", project.name));
            found.push(format!(
                "{} input {number}: {measured}, kept in {}",
                project.name,
                kept.display()
            ));
            if found.len() <= KEPT {
                keep(project, &kept);
            }
        }
        restore(project, &damaged);
    }
    drop(std::fs::remove_dir_all(&work));
    for (name, (time, peak, count)) in &worst {
        println!(
            "{name:<12} {count:>8} inputs, slowest {:>6.1} ms, largest {:>5.1} MB",
            millis(*time),
            *peak as f64 / 1e6
        );
    }
    found.iter().for_each(|finding| println!("FINDING {finding}"));
    println!("{inputs} inputs, {} findings", found.len());
    found.is_empty()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// The path that is read: the folder, or its only file.
fn target(project: &Project) -> PathBuf {
    match project.what {
        What::File | What::Texts | What::Artifact => project.folder.join(&project.files[0].0),
        _ => project.folder.clone(),
    }
}

/// Damages one or two files. Returns their indexes.
fn damage(project: &Project, all: &[Project], is_first: bool, random: &mut Random) -> Vec<usize> {
    let mut damaged = Vec::new();
    // Undamaged seeds come first: they show whether a seed itself is slow or large.
    if is_first {
        return damaged;
    }
    for _ in 0..=random.below(2) {
        let at = random.below(project.files.len());
        let (path, seed) = &project.files[at];
        let lender = random.pick(all);
        let (_, other) = random.pick(&lender.files);
        let is_text = std::str::from_utf8(seed.bytes()).is_ok();
        let bytes =
            if is_text { in_text(seed.bytes(), random) } else { seed.damaged(other, random) };
        std::fs::write(project.folder.join(path), bytes).expect("the damaged file");
        damaged.push(at);
    }
    damaged
}

fn restore(project: &Project, damaged: &[usize]) {
    for at in damaged {
        let (path, seed) = &project.files[*at];
        std::fs::write(project.folder.join(path), seed.bytes()).expect("the sound file");
    }
}

fn keep(project: &Project, folder: &Path) {
    for (path, _) in &project.files {
        let to = folder.join(path);
        std::fs::create_dir_all(to.parent().expect("a folder")).expect("a folder for the finding");
        std::fs::copy(project.folder.join(path), to).expect("the finding");
    }
}

/// Pieces that have a meaning in one of the formats.
const PIECES: [&str; 48] = [
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "`",
    "${",
    "$",
    "${{ env.A }}",
    "&a ",
    "*a",
    "<<: *a",
    "- ",
    ": ",
    "? ",
    "|",
    ">",
    "#",
    "\n",
    "\n  ",
    "\t",
    "\r\n",
    "\\",
    "/",
    "//",
    "/*",
    "*/",
    "../",
    "%00",
    "\u{0}",
    "\u{1b}[31m",
    "\u{202e}",
    "::error::",
    "##[error]",
    "node_modules/",
    "99999999999999999999",
    "-1",
    "1e999",
    "null",
    "FROM node:",
    "COPY ",
    "RUN ",
    "ARG A=$A$A",
    "require(",
    "\\\\server\\share",
    "GLIBC_2.99",
    "é",
];

/// A text with pieces inserted, removed, repeated and swapped.
fn in_text(bytes: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = bytes.to_vec();
    let most = 1 << random.below(5);
    for _ in 0..=random.below(most) {
        let at = random.below(text.len() + 1);
        let longest = 1 << random.below(9);
        let end = (at + random.below(longest)).min(text.len());
        match random.below(6) {
            0 => drop(text.drain(at..end)),
            1 => drop(text.splice(at..at, random.pick(&PIECES).bytes())),
            2 => drop(text.splice(at..end, random.pick(&PIECES).bytes())),
            // Many repetitions show quadratic run times.
            3 => {
                let piece = if random.one_in(2) {
                    text[at..end].to_vec()
                } else {
                    random.pick(&PIECES).as_bytes().to_vec()
                };
                let most = 1 << random.below(12);
                let times = random.below(most).min(40_000 / piece.len().max(1));
                drop(text.splice(at..at, piece.repeat(times)));
            }
            4 => text.truncate(at),
            _ => {
                let from = random.below(text.len() + 1);
                let piece = text[from..(from + end - at).min(text.len())].to_vec();
                drop(text.splice(at..at, piece));
            }
        }
    }
    text.truncate(400_000);
    text
}

fn projects(seeds: &Path, work: &Path) -> Vec<Project> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(seeds)
        .expect("the seeds")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    let mut projects = Vec::new();
    for folder in folders {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let what = What::from_name(name.split('-').next().unwrap_or_default())
            .expect("a folder that is called by what is asked of it");
        let files = files_in(&folder, &folder);
        let single = matches!(what, What::File | What::Texts | What::Artifact);
        let groups: Vec<Vec<(PathBuf, Seed)>> =
            if single { files.into_iter().map(|file| vec![file]).collect() } else { vec![files] };
        for (number, files) in groups.into_iter().enumerate() {
            let folder = work.join(format!("{name}-{number}"));
            for (path, seed) in &files {
                let to = folder.join(path);
                std::fs::create_dir_all(to.parent().expect("a folder"))
                    .expect("a folder to work in");
                std::fs::write(to, seed.bytes()).expect("a file to work on");
            }
            projects.push(Project { what, name: name.clone(), files, folder });
        }
    }
    projects
}

fn files_in(folder: &Path, root: &Path) -> Vec<(PathBuf, Seed)> {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    let mut files = Vec::new();
    for path in entries {
        if path.is_dir() {
            files.extend(files_in(&path, root));
        } else {
            // Git would not keep such folders and files under their real names.
            let relative = path
                .strip_prefix(root)
                .expect("a path in it")
                .to_string_lossy()
                .replace("modules/", "node_modules/")
                .replace(".addon", ".node");
            files.push((
                PathBuf::from(relative),
                Seed::new(path.display().to_string(), std::fs::read(&path).expect("a seed")),
            ));
        }
    }
    files
}
