use semver::Version;

use super::{Pin, pins};
use crate::environment::wish::Wish;
use crate::files::Tree;

/// A file, its text, and the expected pins.
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, u32, &'a str)]);

fn tree(files: &[(&str, &str)]) -> Tree {
    files.iter().fold(Tree::new(), |tree, (path, text)| tree.file(path, text))
}

fn told(pins: &[Pin]) -> Vec<(&str, u32, &str)> {
    pins.iter().map(|pin| (pin.source, pin.line, pin.wanted.as_str())).collect()
}

#[test]
fn each_kind_of_file_is_read_with_its_line() {
    #[rustfmt::skip]
    let rows: &[Row<'_>] = &[
        (".nvmrc", "20\n", &[(".nvmrc", 1, "20")]),
        (".nvmrc", "# of the team\n\n  v20.11.0  # iron\n", &[(".nvmrc", 3, "v20.11.0")]),
        (".nvmrc", "key=value\nlts/jod", &[(".nvmrc", 2, "lts/jod")]),
        (".nvmrc", "\u{feff}22\r\n", &[(".nvmrc", 1, "22")]),
        (".nvmrc", "\n", &[]),
        (".nvmrc", "2\0", &[]),
        (".node-version", "v22.1.0", &[(".node-version", 1, "v22.1.0")]),
        (".tool-versions",
         "ruby 3.3.0\nnodejs 20.11.0 18.0.0 # two\n", &[(".tool-versions", 2, "20.11.0")]),
        (".tool-versions", "node 22", &[(".tool-versions", 1, "22")]),
        (".tool-versions", "# nodejs 20\nnodejs\n", &[]),
        ("mise.toml", "[tools]\npython = '3'\nnode = \"22\" # x\n", &[("mise.toml", 3, "22")]),
        (".mise.toml",
         "[env]\nnode = '1'\n[tools]\nnode = ['20', '18']\n", &[("mise.toml", 4, "20")]),
        (".config/mise/config.toml", "tools.node = 'lts'", &[("mise.toml", 1, "lts")]),
        ("mise.toml",
         "[tools]\nnode = { version = \"24.1\", postinstall = 'x' }", &[("mise.toml", 2, "24.1")]),
        ("mise.toml", "[tools.node]\nversion = '24'", &[("mise.toml", 2, "24")]),
        ("package.json",
         "{\n\"volta\": {\n\"node\": \"20.1.0\" },\n\"engines\": { \"node\": \">=18\" }}",
            &[("volta.node", 3, "20.1.0"), ("engines.node", 4, ">=18")]),
        ("package.json", "{\"devEngines\": {\n\"runtime\": [{\"name\": \"bun\", \"version\": \
            \"1\"},\n{\"name\": \"node\",\n\"version\": \"^22\"}]}}",
            &[("devEngines.runtime", 4, "^22")]),
        ("package.json",
         "{\"devEngines\": {\"runtime\": {\"name\": \"node\", \"version\": \"22\"}}}",
         &[("devEngines.runtime", 1, "22")]),
        ("package.json", "{\"engines\": {\"node\": 20}, \"volta\": []}", &[]),
        ("package.json", "{", &[]),
        (".npmrc",
         "save-exact=true\nuse-node-version = 20.11.0\n", &[("use-node-version", 2, "20.11.0")]),
    ];
    for (file, text, expected) in rows {
        let tree = tree(&[(file, text)]);
        assert_eq!(told(&pins(tree.root())), *expected, "{file} {text:?}");
    }
}

#[test]
fn the_nearest_file_of_a_kind_counts_up_to_the_top_of_the_repository() {
    let files = [
        (".nvmrc", "16"),
        ("repo/.git/HEAD", ""),
        ("repo/.nvmrc", "18"),
        ("repo/.node-version", "20"),
        ("repo/app/.nvmrc", "22"),
    ];
    let repository = tree(&files);
    assert_eq!(
        told(&pins(&repository.root().join("repo/app"))),
        [(".nvmrc", 1, "22"), (".node-version", 1, "20")]
    );
    let alone = tree(&[(".nvmrc", "16"), ("app/x", "")]);
    assert_eq!(told(&pins(&alone.root().join("app"))), []);
}

#[test]
fn names_and_ranges_are_understood() {
    let major = |text| Wish::parse(text).major();
    for text in [
        "20",
        "v20",
        "20.11.0",
        "lts/iron",
        "LTS/Iron",
        "lts-iron",
        "latest:20",
        "prefix:20",
        "^20",
        " 20.x ",
    ] {
        assert_eq!(major(text), Some(20), "{text}");
    }
    assert_eq!(major("lts/jod"), Some(22));
    for text in ["lts/*", "lts", "node", "latest", "current", "stable"] {
        assert!(Wish::parse(text).moves(), "{text}");
    }
    for text in
        ["", "system", "ref:v20", "lts/unheard-of", "nightly", "iojs", "my-alias", "${NODE}"]
    {
        assert_eq!(Wish::parse(text), Wish::Other, "{text}");
    }
}

#[test]
fn pins_are_compared_with_versions_and_with_each_other() {
    let pin = |source, wanted| Pin::new("x".as_ref(), 1, source, wanted);
    let version = Version::new(20, 11, 1);
    assert_eq!(pin(".nvmrc", "20.11").allows(&version), Some(true));
    assert_eq!(pin(".nvmrc", "20.11.0").allows(&version), Some(false));
    assert_eq!(pin(".nvmrc", "lts/*").allows(&version), None);
    assert!(pin(".nvmrc", "20").contradicts(&pin("volta.node", "22.1.0")));
    assert!(!pin(".nvmrc", "20").contradicts(&pin("volta.node", "20.1.0")));
    assert!(!pin(".nvmrc", "node").contradicts(&pin("volta.node", "20.1.0")));
    assert!(pin(".nvmrc", "lts/*").is_choice());
    assert!(pin("engines.node", "^20").is_choice());
    assert!(!pin("engines.node", ">=18").is_choice());
}
