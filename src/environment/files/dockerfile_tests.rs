use std::collections::HashMap;

use super::{Action, Argument, Base, Budget, Dockerfile, parse};

fn read(text: &str) -> Dockerfile {
    parse(text, &HashMap::new(), &Budget::default()).expect("a Dockerfile")
}

#[test]
fn stages_images_and_arguments_are_resolved() {
    let text = "# syntax=docker/dockerfile:1\nARG NODE_VERSION=20\nARG VARIANT=-alpine\n\nFROM \
        --platform=$BUILDPLATFORM node:${NODE_VERSION}${VARIANT} AS Base\n\
                FROM base AS build\nFROM build\nFROM gcr.io/distroless/nodejs22-debian12\nFROM \
                $UNSET\n";
    let file = read(text);
    let images: Vec<_> =
        (0..5).map(|number| file.image(number).map(|image| image.name.as_str())).collect();
    let (alpine, distroless) =
        (Some("node:20-alpine"), Some("gcr.io/distroless/nodejs22-debian12"));
    assert_eq!(images, [alpine, alpine, alpine, distroless, None]);
    assert_eq!(file.stages[0].written.line, 5);
    let arguments: Vec<_> =
        file.stages[0].arguments.iter().map(|(name, spot)| (name.as_str(), spot.line)).collect();
    assert_eq!(arguments, [("NODE_VERSION", 2), ("VARIANT", 3)]);
    assert!(matches!(file.stages[2].base, Base::Stage(1)));
    assert_eq!(file.line_of_stages(2), [0, 1, 2]);
    assert_eq!((file.stage("BUILD"), file.stage("2"), file.stage("9")), (Some(1), Some(2), None));
}

#[test]
fn arguments_that_the_builder_gives_count() {
    let given =
        HashMap::from([("V".to_owned(), Argument { text: "22".to_owned(), is_secret: false })]);
    let file = parse("ARG V=20\nFROM node:$V\n", &given, &Budget::default()).expect("a Dockerfile");
    assert_eq!(file.image(0).map(|image| image.name.as_str()), Some("node:22"));
}

#[test]
fn steps_have_their_line_and_folder() {
    let text = "FROM node:20 AS a\nENV HOME_DIR=/srv/app NPM_CONFIG_IGNORE_SCRIPTS=true\nWORKDIR \
        $HOME_DIR\nWORKDIR web\n\
                COPY --chown=node:node --exclude=node_modules . .\nRUN apk add \\\n  # why\n  \
                python3 && \\\n  npm ci\n\
                FROM a\nCOPY --from=0 /srv/app/web/node_modules ./node_modules\nVOLUME \
                [\"/srv/app/web/node_modules\"]\nRUN [\"npm\", \"rebuild\"]\n";
    let file = read(text);
    let [copy, run] = file.stages[0].steps.as_slice() else { panic_free(&file) };
    assert_eq!((copy.line, &*copy.folder), (5, "/srv/app/web"));
    match &copy.action {
        Action::Copy { from: None, sources, destination, excludes } => {
            assert_eq!(
                (sources.join(" "), destination.as_str(), excludes.join(" ")),
                (".".into(), "/srv/app/web", "node_modules".into())
            );
        }
        other => unreachable!("{other:?}"),
    }
    match &run.action {
        Action::Run(commands) => {
            let told: Vec<_> =
                commands.iter().map(|command| (command.line, command.words.join(" "))).collect();
            assert_eq!(told, [(6, "apk add python3".to_owned()), (9, "npm ci".to_owned())]);
            assert_eq!(
                commands[1].variables,
                [("NPM_CONFIG_IGNORE_SCRIPTS".to_owned(), "true".to_owned())]
            );
        }
        other => unreachable!("{other:?}"),
    }
    assert_eq!(file.stages[1].steps.len(), 3);
    assert!(
        matches!(&file.stages[1].steps[0].action, Action::Copy { from: Some(from), destination, .. }
        if from == "0" && destination == "/srv/app/web/node_modules")
    );
}

fn panic_free(file: &Dockerfile) -> ! {
    unreachable!("{file:?}")
}

#[test]
fn here_documents_hold_commands() {
    let file =
        read("FROM node:20\nRUN <<EOF\nset -e\nnpm ci --ignore-scripts\nEOF\nRUN npm test\n");
    let Action::Run(commands) = &file.stages[0].steps[0].action else { panic_free(&file) };
    assert!(
        commands.iter().any(
            |command| command.words.join(" ") == "npm ci --ignore-scripts" && command.line == 4
        ),
        "{commands:?}"
    );
    assert_eq!(file.stages[0].steps.len(), 2);
}

#[test]
fn an_invalid_dockerfile_is_an_error_with_a_line() {
    for (text, line) in [
        ("FROM node\nRUM x\n", Some(2)),
        ("RUN x\n", Some(1)),
        ("", None),
        ("FROM node\nRUN <<EOF\nx", None),
    ] {
        let error = parse(text, &HashMap::new(), &Budget::default()).expect_err(text);
        assert!(line.is_none() || error.line == line, "{text:?} {error:?}");
    }
    let noise: String = (0..5000_u32).filter_map(|n| char::from_u32(n * 7919 % 0xD000)).collect();
    assert!(parse(&noise, &HashMap::new(), &Budget::default()).is_err());
}
